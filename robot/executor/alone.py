"""What only one run at a time may use on a dashboard, such as conversations that all its logins share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from robot.errors import BusyError, Problem
from robot.executor.looking import Looking

#: How often a thing that another run uses is asked for, in s.
_ASK_EVERY_S = 1.0


class Holds(Protocol):
    """What runs hold, over all processes."""

    def take_alone(self, what: str) -> Problem | None:
        """Takes it for this run; says why not when another one has it, or when that cannot be known."""

    def give_back_alone(self, what: str) -> None:
        """Lets others have it. Never raises: at the latest it ends with the run."""


class Free:
    """For runs beside which there is no other."""

    def take_alone(self, what: str) -> Problem | None:
        return None

    def give_back_alone(self, what: str) -> None:
        """Nothing was taken."""


class Alone:
    """The things that one run holds by itself."""

    def __init__(self, holds: Holds, *, remark: Callable[[str], None]) -> None:
        self._holds = holds
        self._remark = remark
        self._held: set[str] = set()

    @contextmanager
    def using(self, what: str, looking: Looking) -> Iterator[None]:
        """Waits for its turn. what: a name, or nothing; what is held already is not waited for.

        Raises BusyError when another run does not let go of it, CancelledError when this one is stopped.
        """
        if not what or what in self._held:
            yield
            return
        self._await(what, looking)
        self._held.add(what)
        try:
            yield
        finally:
            self._held.discard(what)
            self._holds.give_back_alone(what)

    def _await(self, what: str, looking: Looking) -> None:
        asked_at = monotonic()
        problem = self._holds.take_alone(what)
        if problem is None:
            return
        self._remark(f"it waits, since {problem.what}")

        def is_ours() -> bool:
            nonlocal asked_at
            if monotonic() - asked_at < _ASK_EVERY_S:
                return False
            asked_at = monotonic()
            return self._holds.take_alone(what) is None

        if not looking.poll(is_ours, looking.timeouts.alone):
            raise BusyError(
                Problem(
                    what=f"it has waited for {looking.timeouts.alone // 1000} s, since {problem.what}",
                    details=problem.details,
                    done="nothing of this task was begun",
                    next="run again when the other run has ended",
                )
            )
