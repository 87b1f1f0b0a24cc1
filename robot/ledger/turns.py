"""Turns of jobs as rows: claimed for a login, worked by somebody, ended. Between two turns nothing is held.

A turn belongs to the worker named in its row; whoever has lost it can end nothing. Must not know of the engine.

When a job is to be begun again is a moment of the wall clock, since any machine may begin it. One that is set
forward begins it early: then it is looked at early, and the gate still refuses what is in doubt. One that is
set back puts it off. Neither makes anything be pressed that a look has not shown to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, insert, literal_column, or_, select, text, update

from robot.ledger.approvals import refusal_of
from robot.ledger.database import DashboardRows, Ledger, moment
from robot.ledger.jobs import (
    CANCELLED,
    DONE,
    NEEDS_A_PERSON,
    QUEUED,
    WAITING,
    WORKING,
    JobRow,
    job_from,
)
from robot.ledger.leases import is_login_at_work
from robot.ledger.stops import of_flow
from robot.ledger.tables import CASES, FOLLOWUPS, JOBS, PLANS, QUEUE_STATES, RUNS, STOPS, TASKS, TURNS
from robot.run.model import Status
from robot.time_zone import day_of, midnight_of

#: What a waiting job waits for.
APPROVAL, FOLLOWUP, STOP = "approval", "followup", "stop"
#: States of a turn, besides those of the job that it left behind.
CLAIMED, BEGUN, HANDED_BACK = "claimed", "begun", "handed back"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """One turn of a job."""

    job_id: str
    number: int
    lane: str
    worker: str
    claimed_at: str
    began_at: str | None
    ended_at: str | None
    state: str
    reason: str
    #: How often it was begun: more than once where its worker has ended.
    begun: int


#: Told of a job that is claimed, in the transaction that claims it.
OnClaim = Callable[[JobRow, Connection], None]


#: As the index `jobs_in_order` has it: a value that is bound to the query would keep it from being used.
_DUE_OR_LAST = func.coalesce(JOBS.c.due_on, literal_column("'9999'"))


class Turns(DashboardRows):
    """The turns of one dashboard's jobs."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        dashboard: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo = UTC,
    ) -> None:
        """zone: the agency's, in which a job's days (`not before`, `due`) begin and end."""
        super().__init__(ledger, dashboard=dashboard, now=now)
        self._zone = zone

    # --- what may be begun -------------------------------------------------------------------------

    def wake(self) -> None:
        """Puts back what has waited long enough, and ends what was ended by hand."""
        with self._ledger.begin() as connection:
            self._end_closed(connection)
            for row in connection.execute(self._mine(WAITING)).all():
                job = job_from(row)
                if self._is_awake(connection, job):
                    self._change(connection, job, QUEUED, job.reason, waits_for=job.waits_for)

    def _end_closed(self, connection: Connection) -> None:
        """A case may be carried to its end, or cancelled, by a person at a terminal."""
        query = (
            select(JOBS, CASES.c.state.label("case_state"), CASES.c.reason.label("case_reason"))
            .join(CASES, CASES.c.id == JOBS.c.case_id)
            .where(
                JOBS.c.dashboard == self._dashboard,
                JOBS.c.state.in_((QUEUED, WAITING, NEEDS_A_PERSON)),
                CASES.c.closed_at.is_not(None),
            )
        )
        for row in connection.execute(query).all():
            job = job_from(row)
            state = DONE if row.case_state == DONE else CANCELLED
            self._change(connection, job, state, row.case_reason)

    def _is_awake(self, connection: Connection, job: JobRow) -> bool:
        now = self._now()
        match job.waits_for:
            case "approval":
                newest = (
                    select(PLANS.c.digest)
                    .where(PLANS.c.case_id == job.case_id)
                    .order_by(PLANS.c.number.desc())
                    .limit(1)
                )
                digest = connection.execute(newest).scalar()
                return bool(digest and job.case_id and not refusal_of(connection, job.case_id, digest, now))
            case "followup":
                due = select(func.min(FOLLOWUPS.c.due_at)).where(
                    FOLLOWUPS.c.case_id == job.case_id, FOLLOWUPS.c.ended_at.is_(None)
                )
                at = connection.execute(due).scalar()
                # None where somebody has looked by hand meanwhile: what is left is seen by another look.
                return at is None or at <= moment(now)
            case "stop":
                stopped = select(STOPS.c.number).where(
                    STOPS.c.dashboard == self._dashboard,
                    STOPS.c.what.startswith(of_flow("")),
                    STOPS.c.ended_at.is_(None),
                )
                return connection.execute(stopped.limit(1)).first() is None
        return False

    def is_paused(self) -> bool:
        """Whether no further job is begun."""
        with self._ledger.begin() as connection:
            return self._is_paused(connection)

    def next_due(self) -> datetime | None:
        """When the next job may be begun (in the past for one that may be now); None when none waits for a time."""
        with self._ledger.begin() as connection:
            queued = and_(JOBS.c.dashboard == self._dashboard, JOBS.c.state == QUEUED)
            later = select(
                func.min(
                    case(
                        (JOBS.c.wake_at.is_not(None), JOBS.c.wake_at),
                        (JOBS.c.not_before.is_(None), JOBS.c.added_at),
                    )
                )
            ).where(queued)
            first_day = select(func.min(JOBS.c.not_before)).where(queued, JOBS.c.wake_at.is_(None))
            due = (
                select(func.min(FOLLOWUPS.c.due_at))
                .join(JOBS, JOBS.c.case_id == FOLLOWUPS.c.case_id)
                .where(
                    JOBS.c.dashboard == self._dashboard,
                    JOBS.c.state == WAITING,
                    JOBS.c.waits_for == FOLLOWUP,
                    FOLLOWUPS.c.ended_at.is_(None),
                )
            )
            # What it waited for has ended, and it was not woken yet.
            ended = select(func.min(JOBS.c.state_since)).where(
                JOBS.c.dashboard == self._dashboard,
                JOBS.c.state == WAITING,
                JOBS.c.waits_for == FOLLOWUP,
                ~exists().where(FOLLOWUPS.c.case_id == JOBS.c.case_id, FOLLOWUPS.c.ended_at.is_(None)),
            )
            times = [connection.execute(query).scalar() for query in (later, due, ended)]
            day = connection.execute(first_day).scalar()
        found = [datetime.fromisoformat(at) for at in times if at]
        if day:
            found.append(midnight_of(date.fromisoformat(day), self._zone))
        return min(found, default=None)

    # --- claiming ----------------------------------------------------------------------------------

    def claim(
        self,
        lane: str,
        *,
        worker: str,
        on_claim: OnClaim,
        most_per_hour: int | None = None,
        at_once: int | None = None,
    ) -> JobRow | None:
        """Gives the next job to a login, if the login is free and the queue is open: by priority, due day, and age.

        on_claim: raises to have nothing claimed. most_per_hour: of jobs that were not begun before.
        at_once: how many this worker has at most.

        Returns the job as it is then.
        """
        now = moment(self._now())
        with self._ledger.begin() as connection:
            self._one_at_a_time(connection)
            if self._is_paused(connection) or self._is_taken(connection, lane):
                return None
            if at_once is not None and self._had_by(connection, worker) >= at_once:
                return None
            if is_login_at_work(connection, self._dashboard, lane, self._now()):
                # Somebody at a terminal, or what a run has left behind: every job would be put off in vain.
                return None
            mine = self._mine(QUEUED)
            if most_per_hour is not None and self._begun_within_an_hour(connection) >= most_per_hour:
                # Whoever was begun before is gone on with all the same.
                mine = mine.where(JOBS.c.turn > 0)
            row = connection.execute(
                mine.where(
                    or_(JOBS.c.wake_at.is_(None), JOBS.c.wake_at <= now),
                    or_(JOBS.c.not_before.is_(None), JOBS.c.not_before <= self._today()),
                )
                .order_by(JOBS.c.priority, _DUE_OR_LAST, JOBS.c.added_at, JOBS.c.id)
                .limit(1)
                # Somebody may be cancelling it at this moment.
                .with_for_update()
            ).first()
            if row is None:
                return None
            job = job_from(row)
            # Others may have been waited for.
            now = moment(self._now())
            connection.execute(
                update(JOBS)
                .where(JOBS.c.id == job.id)
                .values(state=WORKING, lane=lane, turn=job.turn + 1, state_since=now, wake_at=None)
            )
            connection.execute(
                insert(TURNS).values(
                    job_id=job.id,
                    number=job.turn + 1,
                    lane=lane,
                    worker=worker,
                    claimed_at=now,
                    state=CLAIMED,
                    reason="",
                )
            )
            claimed = job_from(connection.execute(select(JOBS).where(JOBS.c.id == job.id)).one())
            on_claim(claimed, connection)
        return claimed

    def _today(self) -> str:
        return day_of(self._now(), self._zone).isoformat()

    def _one_at_a_time(self, connection: Connection) -> None:
        """Two workers that claim at once do it one after the other. On SQLite every transaction does."""
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
                {"key": f"claim {self._dashboard}"},
            )

    def _is_paused(self, connection: Connection) -> bool:
        query = select(QUEUE_STATES.c.state).where(QUEUE_STATES.c.dashboard == self._dashboard)
        return connection.execute(query).scalar() == "paused"

    def _is_taken(self, connection: Connection, lane: str) -> bool:
        return connection.execute(self._mine(WORKING).where(JOBS.c.lane == lane).limit(1)).first() is not None

    def _had_by(self, connection: Connection, worker: str) -> int:
        """How many jobs a worker has claimed, or works."""
        query = (
            select(func.count())
            .select_from(JOBS)
            .join(TURNS, and_(TURNS.c.job_id == JOBS.c.id, TURNS.c.number == JOBS.c.turn))
            .where(JOBS.c.dashboard == self._dashboard, JOBS.c.state == WORKING, TURNS.c.worker == worker)
        )
        return connection.execute(query).scalar_one()

    def _begun_within_an_hour(self, connection: Connection) -> int:
        since = moment(self._now() - timedelta(hours=1))
        query = (
            select(func.count())
            .select_from(TURNS)
            .join(JOBS, JOBS.c.id == TURNS.c.job_id)
            .where(JOBS.c.dashboard == self._dashboard, TURNS.c.claimed_at > since, TURNS.c.number == 1)
        )
        return connection.execute(query).scalar_one()

    # --- one turn ----------------------------------------------------------------------------------

    def begin(self, job_id: str, number: int, *, worker: str) -> JobRow | None:
        """The job, if this turn of it is still to be worked. From now on it is this worker's."""
        now = moment(self._now())
        with self._ledger.begin() as connection:
            row = connection.execute(
                select(JOBS)
                .where(JOBS.c.id == job_id, JOBS.c.state == WORKING, JOBS.c.turn == number)
                .with_for_update()
            ).first()
            if row is None:
                return None
            connection.execute(
                update(TURNS)
                .where(TURNS.c.job_id == job_id, TURNS.c.number == number)
                .values(
                    worker=worker,
                    state=BEGUN,
                    began_at=func.coalesce(TURNS.c.began_at, now),
                    begun=TURNS.c.begun + 1,
                )
            )
            return job_from(row)

    def has_come_further(self, job: JobRow, *, begun: int) -> bool:
        """Whether its turn was begun so often, and a task ended well in it that had not before for this customer.

        Then it is not the job that ends its workers; what only does the same again does not count.
        """
        ends = (
            select(RUNS.c.flow, TASKS.c.task, func.min(TASKS.c.ended_at).label("first"))
            .join(RUNS, RUNS.c.id == TASKS.c.run_id)
            .where(
                RUNS.c.dashboard == self._dashboard,
                or_(RUNS.c.case_id == (job.case_id or "-"), RUNS.c.customer == (job.location_id or "-")),
                TASKS.c.status.in_((Status.PASSED, Status.NOOP)),
            )
            .group_by(RUNS.c.flow, TASKS.c.task)
            .subquery()
        )
        with self._ledger.begin() as connection:
            turn = connection.execute(
                select(TURNS).where(TURNS.c.job_id == job.id, TURNS.c.number == job.turn)
            ).one()
            if turn.begun < begun:
                return False
            return (
                connection.execute(select(ends.c.task).where(ends.c.first >= turn.began_at)).first()
                is not None
            )

    def note_case(self, job: JobRow, case_id: str) -> None:
        with self._ledger.begin() as connection:
            connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(case_id=case_id))

    def end(
        self,
        job: JobRow,
        state: str,
        reason: str,
        *,
        worker: str,
        waits_for: str = "",
        wake_at: datetime | None = None,
        tries: int | None = None,
    ) -> bool:
        """Ends a turn and leaves the job in a state. Returns False when another worker has the turn by now."""
        now = moment(self._now())
        is_handed_back = state == QUEUED and wake_at is None
        with self._ledger.begin() as connection:
            ended = connection.execute(
                update(TURNS)
                .where(
                    TURNS.c.job_id == job.id,
                    TURNS.c.number == job.turn,
                    TURNS.c.worker == worker,
                    TURNS.c.ended_at.is_(None),
                )
                .values(ended_at=now, state=HANDED_BACK if is_handed_back else state, reason=reason)
            )
            if ended.rowcount == 0:
                return False
            self._change(
                connection,
                job,
                state,
                reason,
                waits_for=waits_for,
                wake_at=moment(wake_at) if wake_at else None,
                tries=job.tries if tries is None else tries,
            )
        return True

    def give_up(self, job: JobRow, reason: str) -> bool:
        """Ends a turn that nobody works any more: a person has to look. Returns False when it has ended by now."""
        with self._ledger.begin() as connection:
            ended = connection.execute(
                update(TURNS)
                .where(TURNS.c.job_id == job.id, TURNS.c.number == job.turn, TURNS.c.ended_at.is_(None))
                .values(ended_at=moment(self._now()), state=NEEDS_A_PERSON, reason=reason)
            )
            if ended.rowcount == 0:
                return False
            self._change(connection, job, NEEDS_A_PERSON, reason)
        return True

    def at_work(self, lanes: Collection[str]) -> list[JobRow]:
        """The jobs that are claimed or worked with these logins."""
        with self._ledger.begin() as connection:
            return [
                job_from(row)
                for row in connection.execute(self._mine(WORKING).where(JOBS.c.lane.in_(tuple(lanes))))
            ]

    def of(self, job: JobRow) -> list[TurnRow]:
        """Oldest first."""
        query = select(TURNS).where(TURNS.c.job_id == job.id).order_by(TURNS.c.number)
        with self._ledger.begin() as connection:
            return [TurnRow(**row._mapping) for row in connection.execute(query)]

    def left_to_robots_since(self, job: JobRow) -> str:
        """When the first turn was claimed after a person last put the job into the queue."""
        turns = self.of(job)
        last = max((place for place, turn in enumerate(turns) if turn.state == NEEDS_A_PERSON), default=-1)
        return turns[last + 1].claimed_at if last + 1 < len(turns) else ""

    def since(self, at: datetime) -> list[TurnRow]:
        """Every turn that ended since then or has not ended, in the order in which they were claimed."""
        query = (
            select(TURNS)
            .join(JOBS, JOBS.c.id == TURNS.c.job_id)
            .where(
                JOBS.c.dashboard == self._dashboard,
                or_(TURNS.c.ended_at.is_(None), TURNS.c.ended_at >= moment(at)),
            )
            .order_by(TURNS.c.claimed_at)
        )
        with self._ledger.begin() as connection:
            return [TurnRow(**row._mapping) for row in connection.execute(query)]

    # --- rows --------------------------------------------------------------------------------------

    def _mine(self, *states: str) -> Any:
        return select(JOBS).where(JOBS.c.dashboard == self._dashboard, JOBS.c.state.in_(states))

    def _change(
        self,
        connection: Connection,
        job: JobRow,
        state: str,
        reason: str,
        *,
        waits_for: str = "",
        wake_at: str | None = None,
        tries: int | None = None,
    ) -> None:
        """Nothing where somebody else has moved the job on since it was read."""
        now = moment(self._now())
        connection.execute(
            update(JOBS)
            .where(JOBS.c.id == job.id, JOBS.c.state == job.state, JOBS.c.turn == job.turn)
            .values(
                state=state,
                reason=reason,
                state_since=now,
                waits_for=waits_for,
                wake_at=wake_at,
                tries=job.tries if tries is None else tries,
                ended_at=now if state in (DONE, CANCELLED) else None,
            )
        )
