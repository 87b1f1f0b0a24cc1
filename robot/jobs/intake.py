"""Takes requests into the queue: a customer once, ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from robot.errors import BadInputError, BlockedError, Problem
from robot.jobs.request import Request, read_request
from robot.jobs.table import read_table
from robot.ledger.database import shown_time
from robot.ledger.jobs import Added, Jobs, NewJob


def add_one(jobs: Jobs, given: Mapping[str, object], *, profile: str, by: str, source: str) -> Added:
    """given: values by field, see `robot.jobs.request`.

    Raises BadInputError with all that is wrong, BlockedError for a customer who was asked for before.
    """
    request, faults = read_request(given)
    if request is None:
        raise BadInputError(
            *(
                Problem(
                    what=f"{fault.name.replace('_', ' ') or 'the request'}: {fault.what}",
                    done="nothing was queued",
                    next=fault.next,
                )
                for fault in faults
            )
        )
    [added] = jobs.add([job_of(request, source)], profile=profile, by=by)
    if not added.is_new:
        job = added.job
        raise BlockedError(
            Problem(
                what=f"{request.shown} was asked for before: the job {job.id} is {job.state} "
                f"since {shown_time(job.state_since)} UTC",
                details=(("asked by", job.requested_by or job.added_by), ("from", job.source)),
                done="nothing was queued",
                next=f"look at it: offboard queue show {job.id}",
            )
        )
    return added


def import_table(jobs: Jobs, file: Path, *, profile: str, by: str) -> list[Added]:
    """All rows, or none where any is wrong. Rows of customers who are there already add nothing.

    Raises BadInputError with every problem.
    """
    rows = read_table(file)
    wanted: Iterable[NewJob] = [job_of(row.request, f"{file.name}, row {row.number}") for row in rows]
    return jobs.add(wanted, profile=profile, by=by)


def job_of(request: Request, source: str) -> NewJob:
    """source: where the request came from, for people."""
    return NewJob(
        location_id=request.location_id,
        company=request.company,
        requested_by=request.requested_by,
        due_on=request.due_on.isoformat() if request.due_on else None,
        not_before=request.not_before.isoformat() if request.not_before else None,
        priority=request.priority,
        policies=request.policies,
        source=source,
    )
