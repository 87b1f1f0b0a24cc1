"""The gate at the ledger: an intent is committed before each press, keyed by the object it destroys.

Whatever else must hold at that moment (approval, lease) is asked in the same transaction. Must not know of pages.

How long the outcome of a press is in doubt is measured by the wall clock, since another machine may have to
judge it. Set back, it only draws the doubt out: nothing is pressed, and it is said until when. Set forward, it
would end the doubt too early; so a process that has armed an intent itself also asks a clock that nobody sets,
and the later of the two counts. For what another process has armed there is the wall clock alone: a batch
compares it with the dashboard's before its first customer, and nothing is pressed that a look has not shown to
be there still.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import GateError, InDoubtError, Problem, SentBeforeError, UnrecordableError
from robot.ledger.database import Ledger, is_busy, moment, told
from robot.ledger.tables import INTENTS
from robot.run.model import Intent, Status

#: States of an intent whose outcome is not settled.
OPEN = ("armed", "unknown")

#: When this process has armed what, by number and ledger, in s of a clock that nobody sets.
_ARMED_S: dict[tuple[int, str], float] = {}

#: Asked in the transaction that arms; raises GateError when nothing may be pressed.
Condition = Callable[[Connection, Intent], None]


class PressRule(Protocol):
    """What else must hold at each press, such as an approved plan."""

    def ask(self, intent: Intent) -> None:
        """Asks a person where one must be asked; before the transaction. Raises GateError."""

    def assert_allowed(self, connection: Connection, intent: Intent) -> None:
        """Asked in the transaction that arms. Raises GateError."""

    def objection(self, task: str, object_key: str) -> Problem | None:
        """Why a task may do nothing to an object; asked before a row of a loop is worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIntent:
    """An intent whose outcome is not settled."""

    object: str
    location_id: str
    task: str
    run_id: str
    sentence: str
    armed_at: datetime


class IntentGate:
    """Arms and settles the intents of one dashboard.

    States: `armed`, then one of `passed`, `failed` (known not pressed), `unknown`, `confirmed` (a later look saw
    the goal hold), `superseded` (a later look saw that it had done nothing).
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        dashboard: str,
        case_id: str | None = None,
        conditions: Sequence[Condition] = (),
        rule: PressRule | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] | None = None,
    ) -> None:
        """steady: gives seconds of a clock that nobody sets, with the machine's sleep; None asks `now` alone."""
        self._ledger = ledger
        self._dashboard = dashboard
        self._steady = steady
        self._case_id = case_id
        self._conditions = (*conditions, *((rule.assert_allowed,) if rule else ()))
        self._rule = rule
        self._now = now
        #: Number of the row of each intent that this run has armed last, by object and customer.
        self._rows: dict[tuple[str, str], int] = {}

    def objection(self, task: str, object_key: str) -> Problem | None:
        return self._rule.objection(task, object_key) if self._rule else None

    def ask(self, intent: Intent) -> None:
        if self._rule is not None:
            self._rule.ask(intent)

    def open_intents(self) -> list[OpenIntent]:
        """Returns what is armed or unknown on this dashboard, oldest first."""
        query = (
            select(INTENTS)
            .where(INTENTS.c.dashboard == self._dashboard, INTENTS.c.state.in_(OPEN))
            .order_by(INTENTS.c.number)
        )
        with self._ledger.begin() as connection:
            return [_open_intent(row) for row in connection.execute(query)]

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        """Commits the intent. Raises GateError; then nothing may be pressed, or, of InDoubtError, not yet."""
        try:
            with self._ledger.begin() as connection:
                for condition in self._conditions:
                    condition(connection, intent)
                last = self._last(connection, intent)
                if settle_after_ms is None:
                    _refuse_again(last, intent)
                elif last is not None and last.state in OPEN:
                    self._judge(last, intent, settle_after_ms)
                    self._change(connection, last.number, "superseded")
                number = self._insert(connection, intent, settle_after_ms)
        except SQLAlchemyError as error:
            if is_busy(error):
                raise GateError(
                    Problem(
                        what=f"the ledger at {self._ledger.shown} is held by another program",
                        done="nothing was pressed",
                        next="end what holds it, then run again",
                    )
                ) from None
            raise UnrecordableError(
                Problem(
                    what=f"the intent could not be written to {self._ledger.shown}: {told(error)}",
                    done="nothing was pressed",
                    next="make room on the disk or mend the database, then run again",
                )
            ) from None
        self._rows[_key(intent)] = number
        if self._steady is not None:
            _ARMED_S[number, self._ledger.shown] = self._steady()

    def settle(self, intent: Intent, status: Status) -> None:
        """Writes what became of an intent that this gate armed. Raises UnrecordableError; then it stays open."""
        state = {Status.PASSED: "passed", Status.FAILED: "failed"}.get(status, "unknown")
        number = self._rows[_key(intent)]
        try:
            with self._ledger.begin() as connection:
                self._change(connection, number, state)
        except SQLAlchemyError as error:
            raise self._unsettled(f"what became of {intent.object}", error) from None

    def confirm(self, *, task: str, location_id: str) -> None:
        """Settles every open intent of a task and customer whose goal was seen to hold.

        Raises UnrecordableError; then they stay open.
        """
        statement = (
            update(INTENTS)
            .where(
                INTENTS.c.dashboard == self._dashboard,
                INTENTS.c.task == task,
                INTENTS.c.location_id == location_id,
                INTENTS.c.state.in_(OPEN),
            )
            .values(state="confirmed", settled_at=moment(self._now()))
        )
        try:
            with self._ledger.begin() as connection:
                connection.execute(statement)
        except SQLAlchemyError as error:
            raise self._unsettled(f"that '{task}' reached its goal", error) from None

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        """Whether it was not seen yet what became of an earlier press for that task and customer.

        Raises UnrecordableError.
        """
        query = select(INTENTS.c.number).where(
            INTENTS.c.dashboard == self._dashboard,
            INTENTS.c.task == task,
            INTENTS.c.location_id == location_id,
            INTENTS.c.state.in_(OPEN),
        )
        try:
            with self._ledger.begin() as connection:
                return connection.execute(query.limit(1)).first() is not None
        except SQLAlchemyError as error:
            raise self._unsettled(f"whether '{task}' is awaited", error) from None

    def _unsettled(self, what: str, error: SQLAlchemyError) -> UnrecordableError:
        return UnrecordableError(
            Problem(
                what=f"{what} could not be written to {self._ledger.shown}: {told(error)}",
                done="nothing more was pressed",
                next="make room on the disk or mend the database, then run again: what is open is looked at",
            )
        )

    def _last(self, connection: Connection, intent: Intent) -> Row[Any] | None:
        query = (
            select(INTENTS)
            .where(
                INTENTS.c.dashboard == self._dashboard,
                INTENTS.c.object == intent.object,
                INTENTS.c.location_id == intent.location_id,
            )
            .order_by(INTENTS.c.number.desc())
            .limit(1)
        )
        return connection.execute(query).first()

    def _judge(self, earlier: Row[Any], intent: Intent, settle_after_ms: int) -> None:
        """The object is still there, or nobody would arm again; late enough, that settles the earlier one.

        Raises InDoubtError as long as it is too early.
        """
        armed_at = datetime.fromisoformat(earlier.armed_at)
        due = armed_at + timedelta(milliseconds=settle_after_ms)
        armed_s = _ARMED_S.get((earlier.number, self._ledger.shown))
        if self._steady is not None and armed_s is not None:
            left_s = settle_after_ms / 1000 - (self._steady() - armed_s)
            # The wall clock was set forward since, where these differ.
            due = max(due, self._now() + timedelta(seconds=left_s)) if left_s > 0 else due
        if self._now() < due:
            raise InDoubtError(
                Problem(
                    what=f"{intent.object} was pressed before and its outcome has not been seen yet",
                    details=(("earlier", f"run {earlier.run_id} at {armed_at:%Y-%m-%d %H:%M:%S} UTC"),),
                    done="nothing was pressed a second time",
                    next=f"run again after {due:%H:%M:%S} UTC; what is still there then counts as not done",
                ),
                until=due,
            )

    def _insert(self, connection: Connection, intent: Intent, settle_after_ms: int | None) -> int:
        now = self._now()
        length = timedelta(milliseconds=settle_after_ms) if settle_after_ms is not None else None
        statement = insert(INTENTS).values(
            dashboard=self._dashboard,
            object=intent.object,
            location_id=intent.location_id,
            task=intent.step.task,
            run_id=intent.run_id,
            case_id=self._case_id,
            sentence=intent.sentence,
            page_url=intent.page_url,
            state="armed",
            armed_at=moment(now),
            doubtful_until=moment(now + length) if length is not None else None,
        )
        number: int = connection.execute(statement.returning(INTENTS.c.number)).scalar_one()
        return number

    def _change(self, connection: Connection, number: int, state: str) -> None:
        connection.execute(
            update(INTENTS)
            .where(INTENTS.c.number == number)
            .values(state=state, settled_at=moment(self._now()))
        )


def _key(intent: Intent) -> tuple[str, str]:
    return intent.object, intent.location_id


def _refuse_again(last: Row[Any] | None, intent: Intent) -> None:
    """Raises SentBeforeError when the object was ever armed and is not known to be unpressed."""
    if last is not None and last.state != "failed":
        raise SentBeforeError(
            Problem(
                what=f"{intent.object} was sent before ({last.state}) and is never sent twice",
                done="nothing was sent",
                next="look for the conversation on the dashboard and finish it by hand",
            )
        )


def _open_intent(row: Row[Any]) -> OpenIntent:
    return OpenIntent(
        object=row.object,
        location_id=row.location_id,
        task=row.task,
        run_id=row.run_id,
        sentence=row.sentence,
        armed_at=datetime.fromisoformat(row.armed_at),
    )
