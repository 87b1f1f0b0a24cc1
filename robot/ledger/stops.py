"""What is stopped for a while, as rows; and how tasks have ended lately, which is what decides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from robot.ledger.database import DashboardRows, moment
from robot.ledger.tables import RUNS, STEPS, STOPS, TASKS

#: Everything, since plans cannot be made; the dashboard, which does not answer.
QUEUE, DASHBOARD = "queue", "dashboard"


def of_login(email: str) -> str:
    """How a stop names a login."""
    return f"login:{email}"


def of_flow(flow: str) -> str:
    """How a stop names a flow."""
    return f"flow:{flow}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Something that is stopped."""

    number: int
    dashboard: str
    #: `queue`, `dashboard`, `login:<email>` or `flow:<name>`.
    what: str
    cause: str
    #: How often it was looked again since.
    tries: int
    began_at: str
    #: Looked at again then; None until a person or the next batch ends it.
    until: str | None
    ended_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a task ended for one customer."""

    run_id: str
    customer: str
    status: str
    reason: str
    #: It is looked at again later, by itself: what it has begun, what is in doubt, or another run, has yet to end.
    goes_on: bool
    #: The step that it ended at: flow, name and verb; empty strings for one that ended well.
    flow: str
    step: str
    kind: str


class Stops(DashboardRows):
    """The stops of one dashboard."""

    def open(self) -> list[StopRow]:
        """Oldest first."""
        query = (
            select(STOPS)
            .where(STOPS.c.dashboard == self._dashboard, STOPS.c.ended_at.is_(None))
            .order_by(STOPS.c.number)
        )
        with self._ledger.begin() as connection:
            return [_stop(row) for row in connection.execute(query)]

    def since(self, at: datetime) -> list[StopRow]:
        """Those that were open then or began later, oldest first."""
        query = (
            select(STOPS)
            .where(
                STOPS.c.dashboard == self._dashboard,
                or_(STOPS.c.ended_at.is_(None), STOPS.c.ended_at >= moment(at)),
            )
            .order_by(STOPS.c.number)
        )
        with self._ledger.begin() as connection:
            return [_stop(row) for row in connection.execute(query)]

    def stop(self, what: str, cause: str, *, until: datetime | None = None) -> bool:
        """Returns False for what is stopped already."""
        with self._ledger.begin() as connection:
            if self._find(connection, what) is not None:
                return False
            connection.execute(
                insert(STOPS).values(
                    dashboard=self._dashboard,
                    what=what,
                    cause=cause,
                    tries=0,
                    began_at=moment(self._now()),
                    until=moment(until) if until else None,
                )
            )
        return True

    def put_off(self, stop: StopRow, *, until: datetime) -> bool:
        """Looks again later. Returns False when another worker does so already."""
        with self._ledger.begin() as connection:
            changed = connection.execute(
                update(STOPS)
                .where(STOPS.c.number == stop.number, STOPS.c.tries == stop.tries)
                .values(tries=stop.tries + 1, until=moment(until))
            )
        return changed.rowcount == 1

    def end(self, what: str | None = None) -> int:
        """Ends one stop, or all. Returns how many."""
        mine = [STOPS.c.dashboard == self._dashboard, STOPS.c.ended_at.is_(None)]
        if what is not None:
            mine.append(STOPS.c.what == what)
        with self._ledger.begin() as connection:
            return connection.execute(
                update(STOPS).where(*mine).values(ended_at=moment(self._now()))
            ).rowcount

    def _find(self, connection: Connection, what: str) -> Row[Any] | None:
        return connection.execute(
            select(STOPS).where(
                STOPS.c.dashboard == self._dashboard, STOPS.c.what == what, STOPS.c.ended_at.is_(None)
            )
        ).first()

    def endings(self, task: str, *, since: datetime, login: str | None = None) -> Iterator[Ending]:
        """How a task has ended since then, the newest first. login: in runs with it alone."""
        query = (
            select(TASKS, RUNS.c.case_id, RUNS.c.customer)
            .join(RUNS, RUNS.c.id == TASKS.c.run_id)
            .where(
                RUNS.c.dashboard == self._dashboard,
                TASKS.c.task == task,
                TASKS.c.ended_at >= moment(since),
            )
            .order_by(TASKS.c.ended_at.desc())
            .limit(200)
        )
        if login is not None:
            query = query.where(RUNS.c.operator == login)
        with self._ledger.begin() as connection:
            for row in connection.execute(query).all():
                step = self._step_of(connection, row.run_id, task, row.status)
                yield Ending(
                    run_id=row.run_id,
                    customer=row.customer or row.case_id or row.run_id,
                    status=row.status,
                    reason=row.reason,
                    goes_on=bool(row.goes_on),
                    flow=step.flow if step else "",
                    step=step.name if step else "",
                    kind=step.kind if step else "",
                )

    def _step_of(self, connection: Connection, run_id: str, task: str, status: str) -> Row[Any] | None:
        """The innermost step that ended as the task did."""
        if status in ("passed", "noop", "skipped", "cancelled"):
            return None
        return connection.execute(
            select(STEPS)
            .where(STEPS.c.run_id == run_id, STEPS.c.task == task, STEPS.c.status == status)
            .order_by(STEPS.c.number.desc())
            .limit(1)
        ).first()


def _stop(row: Row[Any]) -> StopRow:
    return StopRow(**row._mapping)
