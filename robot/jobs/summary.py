"""What a night has done: who is done, who waits, who needs a person and for what, what goes on costing money.

Made from the ledger alone, so it is the same for one worker and for many, and after a crash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from robot.case.afterwards import last_look
from robot.case.office import Office
from robot.case.plan import OFFBOARD
from robot.ledger.database import moment
from robot.ledger.jobs import NEEDS_A_PERSON, QUEUED, WAITING, JobRow, Jobs
from robot.ledger.stops import Stops
from robot.ledger.turns import APPROVAL, TurnRow, Turns
from robot.run.model import Status
from robot.run.plain import to_plain

#: How a customer stands in the morning, in the order in which it is told.
FOR_A_PERSON, WAITS, DONE_TONIGHT, NOTHING_TO_DO, CALLED_OFF, NOT_REACHED = (
    "needs a person",
    "waiting",
    "done",
    "nothing to do",
    "cancelled",
    "not reached",
)
STANDINGS = (FOR_A_PERSON, WAITS, DONE_TONIGHT, NOTHING_TO_DO, CALLED_OFF, NOT_REACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer in the morning."""

    job: str
    case: str
    company: str
    location_id: str
    #: One of `STANDINGS`.
    standing: str
    #: Why, and what to do next.
    reason: str
    next: str
    #: Irreversible acts that were made in this time.
    acts: int
    #: How long it was worked in this time, in s, over all its turns.
    seconds: float
    #: What may still cost money, one sentence each.
    costs: tuple[str, ...]

    @property
    def shown(self) -> str:
        return self.company or self.location_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What was stopped, and why."""

    what: str
    cause: str
    since: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A night."""

    id: str
    dashboard: str
    profile: str
    #: The agency's, an IANA name, by which it is told. Its own times are UTC.
    time_zone: str
    began_at: str
    ended_at: str
    outcome: str
    #: As `preflight.as_plain` gives it; empty where nothing was looked at before.
    preflight: Mapping[str, Any]
    #: By standing, then as they were worked.
    customers: tuple[Customer, ...]
    stops: tuple[Stopped, ...]
    #: How many jobs are left in the queue, whether they were touched in this time or not.
    queued: int

    def of(self, standing: str) -> tuple[Customer, ...]:
        return tuple(one for one in self.customers if one.standing == standing)

    @property
    def costs(self) -> tuple[tuple[Customer, str], ...]:
        """What goes on costing money, with whose it is."""
        return tuple((one, text) for one in self.customers for text in one.costs)


def summarise(
    at: Office,
    *,
    batch_id: str,
    began_at: datetime,
    outcome: str,
    preflight: Mapping[str, Any],
) -> Summary:
    """What has happened since `began_at`, and who waits or needs a person since before."""
    dashboard = at.profile.dashboard
    jobs = Jobs(at.ledger, dashboard=dashboard, now=at.now)
    turns = Turns(at.ledger, dashboard=dashboard, now=at.now).since(began_at)
    touched = {turn.job_id for turn in turns}
    everyone = jobs.all()
    found = [
        _customer(at, job, [turn for turn in turns if turn.job_id == job.id], began_at)
        for job in everyone
        if job.id in touched or job.state in (NEEDS_A_PERSON, WAITING)
    ]
    return Summary(
        id=batch_id,
        dashboard=dashboard,
        profile=at.profile.name,
        time_zone=at.profile.time_zone,
        began_at=moment(began_at),
        ended_at=moment(at.now()),
        outcome=outcome,
        preflight=preflight,
        customers=tuple(sorted(found, key=lambda one: STANDINGS.index(one.standing))),
        stops=tuple(
            Stopped(what=row.what, cause=row.cause, since=row.began_at, is_over=row.ended_at is not None)
            for row in Stops(at.ledger, dashboard=dashboard, now=at.now).since(began_at)
        ),
        queued=sum(job.state == QUEUED for job in everyone),
    )


def _customer(at: Office, job: JobRow, turns: Sequence[TurnRow], began_at: datetime) -> Customer:
    case = at.cases.find(job.case_id) if job.case_id else None
    seen = last_look(at, case) if case else None
    acts = sum(
        1
        for one in (at.cases.intents(case.id) if case else [])
        if one["state"] not in ("failed", "superseded") and one["armed_at"] >= moment(began_at)
    )
    standing = _standing(job, acts)
    advice = _advice(at, job.case_id) or (seen.left[0].next if seen and seen.left else "")
    return Customer(
        job=job.id,
        case=job.case_id or "",
        company=job.company or (case.company if case else ""),
        location_id=job.location_id or (case.location_id if case else ""),
        standing=standing,
        reason=job.reason,
        next=_next(job, advice),
        acts=acts,
        seconds=round(sum(_seconds(turns, at.now())), 1),
        costs=seen.costs if seen else (),
    )


def _advice(at: Office, case_id: str | None) -> str:
    """What to do about the first thing that stopped the last run of a case."""
    for row in at.cases.last_tasks(case_id or "", flow=OFFBOARD):
        if row["status"] in (Status.BLOCKED, Status.UNKNOWN, Status.FAILED):
            problems = json.loads(row["problems"])
            return str(problems[0]["next"]) if problems else ""
    return ""


def _standing(job: JobRow, acts: int) -> str:
    match job.state:
        case "done":
            return DONE_TONIGHT if acts else NOTHING_TO_DO
        case "cancelled":
            return CALLED_OFF
        case "needs a person":
            return FOR_A_PERSON
        case "waiting":
            # An approval is for a person, too.
            return FOR_A_PERSON if job.waits_for == APPROVAL else WAITS
    return NOT_REACHED


def _next(job: JobRow, advice: str) -> str:
    match job.state, job.waits_for:
        case (_, "approval"):
            return f"look at the plan and approve it: offboard approve {job.case_id}"
        case ("waiting", "stop"):
            return "mend the flow; it is gone on with by the next batch, or by 'offboard queue resume'"
        case ("waiting", _):
            return "nothing: it is looked at again by itself"
        case ("needs a person", _):
            again = f"then put it back: offboard queue retry {job.id}"
            look = f"offboard case show {job.case_id}" if job.case_id else f"offboard queue show {job.id}"
            return f"{advice}; {again}" if advice else f"see {look}; {again}"
        case ("queued" | "working", _):
            return "nothing: it is gone on with by the next batch"
    return ""


def _seconds(turns: Sequence[TurnRow], now: datetime) -> Iterator[float]:
    for turn in turns:
        if turn.began_at:
            end = datetime.fromisoformat(turn.ended_at) if turn.ended_at else now
            yield (end - datetime.fromisoformat(turn.began_at)).total_seconds()


_COUNTED = {
    FOR_A_PERSON: "for a person",
    WAITS: "waiting",
    DONE_TONIGHT: "done",
    NOTHING_TO_DO: "with nothing to do",
    CALLED_OFF: "cancelled",
    NOT_REACHED: "not reached",
}


def counts(found: Summary) -> str:
    """`12 done, 3 waiting, 2 need a person`: what stands first in every form of it."""
    order = (DONE_TONIGHT, NOTHING_TO_DO, WAITS, FOR_A_PERSON, CALLED_OFF, NOT_REACHED)
    told = [f"{len(found.of(one))} {_COUNTED[one]}" for one in order if found.of(one)]
    return ", ".join(told) or "nobody was worked on"


def as_json(found: Summary) -> str:
    """One JSON object."""
    return json.dumps(
        {**to_plain(found), "counts": {one: len(found.of(one)) for one in STANDINGS}}, ensure_ascii=False
    )
