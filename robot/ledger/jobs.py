"""Cancellations that were asked for, as rows. Of a customer there is one, ever."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from robot.errors import BadInputError, BlockedError, Problem
from robot.ledger.database import DashboardRows, moment, shown_time
from robot.ledger.tables import CASES, JOBS, QUEUE_STATES
from robot.names import name_key, spellings

QUEUED, WORKING, WAITING = "queued", "working", "waiting"
NEEDS_A_PERSON, DONE, CANCELLED = "needs a person", "done", "cancelled"
#: In the order in which lists show them.
STATES = (WORKING, QUEUED, WAITING, NEEDS_A_PERSON, DONE, CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One job as it is now."""

    id: str
    dashboard: str
    profile: str
    location_id: str
    company: str
    requested_by: str
    due_on: str | None
    not_before: str | None
    priority: int
    #: JSON.
    policies: str
    source: str
    state: str
    reason: str
    tries: int
    case_id: str | None
    added_at: str
    added_by: str
    state_since: str
    ended_at: str | None
    #: The login that works it, or did last.
    lane: str
    #: How often it was begun.
    turn: int
    #: What it waits for: `approval`, `followup`, or nothing but the time.
    waits_for: str
    #: Not begun before.
    wake_at: str | None

    @property
    def shown(self) -> str:
        return self.company or self.location_id

    def is_overdue(self, today: date) -> bool:
        """Whether the day that it is due is over, and it has not ended. today: the agency's day."""
        return bool(self.due_on) and self.ended_at is None and (self.due_on or "") < today.isoformat()


#: So many values are asked for in one query; databases have a limit.
_AT_ONCE = 500

_COLUMNS = tuple(item.name for item in fields(JobRow))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What is asked for; see `robot.jobs.request`."""

    location_id: str
    company: str
    requested_by: str
    due_on: str | None
    not_before: str | None
    priority: int
    policies: Mapping[str, Any]
    #: Where it came from, such as `cancelled.csv, row 3`.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one request."""

    job: JobRow
    #: False where the customer was there already.
    is_new: bool


class _Customers:
    """Jobs, to be found by their customers; of several the oldest."""

    def __init__(self) -> None:
        self._by_id: dict[str, JobRow] = {}
        self._by_name: dict[str, JobRow] = {}
        self._by_name_alone: dict[str, JobRow] = {}

    def note(self, job: JobRow) -> None:
        _keep_older(self._by_name, job.company, job)
        if job.location_id:
            _keep_older(self._by_id, job.location_id, job)
        else:
            _keep_older(self._by_name_alone, job.company, job)

    def job_of(self, one: NewJob) -> JobRow | None:
        """The job of the same id; or of the same name, where one of the two has nothing but the name."""
        if one.location_id and one.location_id in self._by_id:
            return self._by_id[one.location_id]
        if not one.company:
            return None
        named = self._by_name_alone if one.location_id else self._by_name
        found = [named[form] for form in spellings(one.company) if form in named]
        return min(found, key=lambda job: job.added_at, default=None)


def _keep_older(kept: dict[str, JobRow], key: str, job: JobRow) -> None:
    there = kept.get(key)
    if there is None or job.added_at < there.added_at:
        kept[key] = job


def _parts(values: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


class Jobs(DashboardRows):
    """The jobs of one dashboard."""

    def add(self, wanted: Iterable[NewJob], *, profile: str, by: str) -> list[Added]:
        """All of them in one transaction, or none. A customer who is there already is not taken again."""
        with self._ledger.begin() as connection:
            return self.add_in(connection, wanted, profile=profile, by=by)

    def add_in(
        self, connection: Connection, wanted: Iterable[NewJob], *, profile: str, by: str
    ) -> list[Added]:
        """The same within a transaction. Raises IntegrityError when the same customer is added at this moment."""
        asked = list(wanted)
        customers = self._customers(connection, asked)
        now = self._now()
        added, rows = [], []
        for one in asked:
            there = customers.job_of(one)
            if there is not None:
                added.append(Added(job=there, is_new=False))
                continue
            job = self._new_job(one, profile=profile, by=by, now=now)
            customers.note(job)
            added.append(Added(job=job, is_new=True))
            rows.append(asdict(job))
        if rows:
            # In one go: others wait for the database as long as this takes.
            connection.execute(insert(JOBS), rows)
        return added

    def _new_job(self, one: NewJob, *, profile: str, by: str, now: datetime) -> JobRow:
        return JobRow(
            # Eight digits were the same twice in one of twenty imports of 20,000 rows.
            id=f"{now:%Y%m%d}-{uuid4().hex[:12]}",
            dashboard=self._dashboard,
            profile=profile,
            location_id=one.location_id,
            company=name_key(one.company),
            requested_by=one.requested_by,
            due_on=one.due_on,
            not_before=one.not_before,
            priority=one.priority,
            policies=json.dumps(dict(one.policies), sort_keys=True),
            source=one.source,
            state=QUEUED,
            reason="",
            tries=0,
            case_id=None,
            added_at=moment(now),
            added_by=by,
            state_since=moment(now),
            ended_at=None,
            lane="",
            turn=0,
            waits_for="",
            wake_at=None,
        )

    def known(self, wanted: Iterable[NewJob]) -> list[JobRow | None]:
        """The job of each customer who is there already, in the order of `wanted`."""
        asked = list(wanted)
        with self._ledger.begin() as connection:
            customers = self._customers(connection, asked)
        return [customers.job_of(one) for one in asked]

    def _customers(self, connection: Connection, wanted: Sequence[NewJob]) -> _Customers:
        """The jobs that may be those of the customers who are asked for, in few queries however many they are."""
        ids = {one.location_id for one in wanted if one.location_id}
        names = {form for one in wanted if one.company for form in spellings(one.company)}
        # Only who is asked for by name alone may be one whose location id is known.
        alone = {form for one in wanted if not one.location_id for form in spellings(one.company)}
        mine = select(JOBS).where(JOBS.c.dashboard == self._dashboard)
        found = _Customers()
        for column, values, more in (
            (JOBS.c.location_id, ids, ()),
            (JOBS.c.company, names, (JOBS.c.location_id == "",)),
            (JOBS.c.company, alone, (JOBS.c.location_id != "",)),
        ):
            for part in _parts(sorted(values), _AT_ONCE):
                for row in connection.execute(mine.where(column.in_(part), *more)):
                    found.note(job_from(row))
        return found

    def all(self, *, states: Iterable[str] = STATES) -> list[JobRow]:
        """Those in these states, in the order in which they are worked: by priority, due day, and age."""
        query = select(JOBS).where(JOBS.c.dashboard == self._dashboard, JOBS.c.state.in_(tuple(states)))
        with self._ledger.begin() as connection:
            rows = [job_from(row) for row in connection.execute(query)]
        return sorted(
            rows, key=lambda job: (STATES.index(job.state), job.priority, job.due_on or "9999", job.added_at)
        )

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        query = (
            select(JOBS.c.state, func.count().label("number"))
            .where(JOBS.c.dashboard == self._dashboard)
            .group_by(JOBS.c.state)
        )
        with self._ledger.begin() as connection:
            return {row.state: row.number for row in connection.execute(query)}

    def oldest_queued(self) -> str | None:
        """When the oldest job that is queued was added."""
        query = select(func.min(JOBS.c.added_at)).where(
            JOBS.c.dashboard == self._dashboard, JOBS.c.state == QUEUED
        )
        with self._ledger.begin() as connection:
            oldest: str | None = connection.execute(query).scalar()
        return oldest

    def find(self, word: str) -> JobRow:
        """The job of that id (or its beginning), location id, company or case. Raises BadInputError."""
        with self._ledger.begin() as connection:
            rows = connection.execute(
                select(JOBS).where(
                    JOBS.c.dashboard == self._dashboard,
                    or_(
                        JOBS.c.id.startswith(word or "-", autoescape=True),
                        JOBS.c.location_id == (word or "-"),
                        JOBS.c.company.in_(spellings(word or "-")),
                        JOBS.c.case_id == (word or "-"),
                    ),
                )
            ).all()
        found = [job_from(row) for row in rows]
        exact = [job for job in found if job.id == word]
        for chosen in (exact, found):
            if len(chosen) == 1:
                return chosen[0]
        if not found:
            raise BadInputError(
                Problem(what=f"there is no job '{word}'", next="'offboard queue list' names them")
            )
        raise BadInputError(
            Problem(
                what=f"several jobs answer to '{word}'",
                details=tuple((job.id, f"{job.shown}, {job.state}") for job in found[:10]),
                next="say which one by its id",
            )
        )

    def cancel(self, job: JobRow, *, reason: str) -> JobRow:
        """Raises BlockedError for one that is being worked or has ended."""
        return self._move(job, CANCELLED, reason, allowed=(QUEUED, WAITING, NEEDS_A_PERSON), is_end=True)

    def retry(self, job: JobRow) -> JobRow:
        """Puts a job back that is for a person or was cancelled; a case that was closed meanwhile is left behind.

        Raises BlockedError for any other.
        """
        with self._ledger.begin() as connection:
            closed = select(CASES.c.id).where(CASES.c.id == job.case_id, CASES.c.closed_at.is_not(None))
            if job.case_id and connection.execute(closed).first() is not None:
                connection.execute(
                    update(JOBS)
                    .where(JOBS.c.id == job.id, JOBS.c.state.in_((NEEDS_A_PERSON, CANCELLED)))
                    .values(case_id=None)
                )
        return self._move(job, QUEUED, "put back by hand", allowed=(NEEDS_A_PERSON, CANCELLED), is_end=False)

    def _move(
        self, job: JobRow, state: str, reason: str, *, allowed: tuple[str, ...], is_end: bool
    ) -> JobRow:
        now = moment(self._now())
        with self._ledger.begin() as connection:
            changed = connection.execute(
                update(JOBS)
                .where(JOBS.c.id == job.id, JOBS.c.state.in_(allowed))
                .values(
                    state=state,
                    reason=reason,
                    state_since=now,
                    ended_at=now if is_end else None,
                    tries=0,
                    waits_for="",
                    wake_at=None,
                )
            )
            is_done = changed.rowcount == 1
            row = connection.execute(select(JOBS).where(JOBS.c.id == job.id)).one()
        if not is_done:
            raise BlockedError(
                Problem(
                    what=f"the job {job.id} of {job.shown} is {row.state} since {shown_time(row.state_since)} UTC",
                    done="it was left as it is",
                    next=f"this is for jobs that are {' or '.join(allowed)}",
                )
            )
        return job_from(row)

    # --- the queue as a whole ----------------------------------------------------------------------

    def is_paused(self) -> bool:
        """Whether no further job is begun."""
        query = select(QUEUE_STATES.c.state).where(QUEUE_STATES.c.dashboard == self._dashboard)
        with self._ledger.begin() as connection:
            return connection.execute(query).scalar() == "paused"

    def set_paused(self, is_paused: bool, *, by: str) -> None:
        values = {"state": "paused" if is_paused else "open", "set_by": by, "set_at": moment(self._now())}
        with self._ledger.begin() as connection:
            changed = connection.execute(
                update(QUEUE_STATES).where(QUEUE_STATES.c.dashboard == self._dashboard).values(**values)
            )
            if changed.rowcount == 0:
                connection.execute(insert(QUEUE_STATES).values(dashboard=self._dashboard, **values))


def job_from(row: Row[Any]) -> JobRow:
    """A job of a row that holds its columns, and perhaps others."""
    return JobRow(**{name: row._mapping[name] for name in _COLUMNS})
