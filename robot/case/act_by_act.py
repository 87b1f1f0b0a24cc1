"""A person is shown each act that cannot be undone before its press, and lets it be made or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import GateError, Problem, UnrecordableError
from robot.ledger.approvals import record_answer, was_let
from robot.ledger.database import Ledger, told
from robot.run.model import Intent

#: Shows an act to a person and returns whether they let it be made.
Ask = Callable[[Intent], bool]


class ActByAct:
    """A rule for presses: nothing without a person's word for that very act, in that very run."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        ask: Ask | None,
        by: str,
        case_id: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """ask: None when nobody is there. by: who is asked."""
        self._ledger = ledger
        self._ask = ask
        self._by = by
        self._case_id = case_id
        self._now = now

    def ask(self, intent: Intent) -> None:
        """Takes as long as the person does. Raises GateError when they do not let it be made."""
        if self._ask is None:
            raise GateError(
                Problem(
                    what=f"{intent.object}: each act is to be approved, and nobody is there to ask",
                    done="nothing was pressed",
                    next="run it at a terminal, or approve the plan as a whole",
                )
            )
        is_let = self._ask(intent)
        try:
            with self._ledger.begin() as connection:
                record_answer(
                    connection, intent, case_id=self._case_id, is_let=is_let, by=self._by, now=self._now()
                )
        except SQLAlchemyError as error:
            raise UnrecordableError(
                Problem(
                    what=f"the answer could not be written to {self._ledger.shown}: {told(error)}",
                    done="nothing was pressed",
                    next="make room on the disk or mend the database, then run again",
                )
            ) from None
        if not is_let:
            raise GateError(
                Problem(
                    what=f"{intent.object}: {self._by} did not let it be done",
                    done="nothing was pressed",
                    next="do it by hand, or run again and let it be done",
                )
            )

    def objection(self, task: str, object_key: str) -> Problem | None:
        """None: a person is asked at the press."""
        return None

    def assert_allowed(self, connection: Connection, intent: Intent) -> None:
        """Raises GateError when there is no such answer."""
        if not was_let(
            connection, run_id=intent.run_id, object_key=intent.object, location_id=intent.location_id
        ):
            raise GateError(
                Problem(
                    what=f"{intent.object}: nobody has let this act be made",
                    done="nothing was pressed",
                    next="run it at a terminal, where each act is asked for",
                )
            )
