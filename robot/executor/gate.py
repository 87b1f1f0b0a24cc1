"""What may refuse a press. What stands behind it (ledger, plan, approval, lease) is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from robot.errors import DryRunError, Problem
from robot.run.model import Intent, Status


class Gate(Protocol):
    """Asked before every irreversible press, told what became of it."""

    def objection(self, task: str, object_key: str) -> Problem | None:
        """Why a loop may not work a row that stands for this object, such as one that nobody has planned."""

    def ask(self, intent: Intent) -> None:
        """Asks a person where one must be asked, before the last looks at the page. Takes as long as they do.

        Raises GateError when they do not let it be pressed.
        """

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        """Commits the intent, durably, or raises GateError; when it raises, nothing is pressed.

        settle_after_ms: an earlier press of the same object whose outcome was never seen counts as having
        done nothing only when it is older than this and the object is still there; raises InDoubtError until
        then. None: an object that was ever armed and not known to be unpressed is never armed again, by any run.
        """

    def settle(self, intent: Intent, status: Status) -> None:
        """Records what became of an armed intent: passed, unknown, or failed (known not pressed).

        Raises UnrecordableError when it cannot be recorded; the intent stays open then.
        """

    def confirm(self, *, task: str, location_id: str) -> None:
        """Records that a task's goal was seen to hold: its open intents for that customer took effect.

        Raises UnrecordableError.
        """

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        """Whether it was not seen yet what became of an earlier press for that task and customer.

        Raises UnrecordableError.
        """


class Gates:
    """Several gates as one: each must arm, in order; the last one should be the one that commits."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._gates = tuple(gates)

    def objection(self, task: str, object_key: str) -> Problem | None:
        found = (gate.objection(task, object_key) for gate in self._gates)
        return next((problem for problem in found if problem is not None), None)

    def ask(self, intent: Intent) -> None:
        for gate in self._gates:
            gate.ask(intent)

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        for gate in self._gates:
            gate.arm(intent, settle_after_ms=settle_after_ms)

    def settle(self, intent: Intent, status: Status) -> None:
        for gate in self._gates:
            gate.settle(intent, status)

    def confirm(self, *, task: str, location_id: str) -> None:
        for gate in self._gates:
            gate.confirm(task=task, location_id=location_id)

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        return any(gate.is_awaited(task=task, location_id=location_id) for gate in self._gates)


class CheckGate:
    """A gate that commits nothing and only asks whether all is well; for evidence that must be writable."""

    def __init__(self, check: Callable[[], None]) -> None:
        """check: raises GateError when nothing may be pressed."""
        self._check = check

    def objection(self, task: str, object_key: str) -> Problem | None:
        return None

    def ask(self, intent: Intent) -> None:
        """Nobody is asked."""

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        self._check()

    def settle(self, intent: Intent, status: Status) -> None:
        """Nothing was committed."""

    def confirm(self, *, task: str, location_id: str) -> None:
        """Nothing was committed."""

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        return False


class DryGate:
    """The gate of a run that only looks: nothing is armed, whatever stands behind it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def objection(self, task: str, object_key: str) -> Problem | None:
        return self._gate.objection(task, object_key)

    def ask(self, intent: Intent) -> None:
        """Raises DryRunError."""
        raise DryRunError(Problem(what=f"to be done: {intent.sentence}", done="nothing was pressed"))

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        """Raises DryRunError."""
        self.ask(intent)

    def settle(self, intent: Intent, status: Status) -> None:
        """Nothing was committed."""

    def confirm(self, *, task: str, location_id: str) -> None:
        """What an earlier run pressed is seen by this one."""
        self._gate.confirm(task=task, location_id=location_id)

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        return self._gate.is_awaited(task=task, location_id=location_id)
