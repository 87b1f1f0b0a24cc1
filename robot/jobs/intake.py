"""Takes requests into the queue: a customer once, ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from robot.errors import BadInputError, BlockedError, Problem
from robot.jobs.apart import open_table_apart
from robot.jobs.request import Request, read_request
from robot.jobs.table import Row
from robot.ledger.database import shown_time
from robot.ledger.jobs import Added, JobRow, Jobs, NewJob


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One row of a table, and the job of its customer, where there is one."""

    row: Row
    job: JobRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a table would queue."""

    read_as: str
    seen: list[Seen]


def preview_table(jobs: Jobs, file: Path) -> Preview:
    """What `import_table` would take, row by row; queues nothing. Raises BadInputError with every problem."""
    table = open_table_apart(file)
    found = jobs.known([job_of(row.request, "") for row in table.rows])
    return Preview(
        read_as=table.read_as,
        seen=[Seen(row=row, job=job) for row, job in zip(table.rows, found, strict=True)],
    )


def import_table(jobs: Jobs, file: Path, *, profile: str, by: str) -> list[Added]:
    """All rows in their order, or none where any is wrong. Rows of customers who are there already add nothing.

    Raises BadInputError with every problem.
    """
    rows = open_table_apart(file).rows
    wanted = [job_of(row.request, f"{file.name}, row {row.number}") for row in rows]
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
