"""The queue in the terminal. Must not know of files or pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, tzinfo

from rich.console import Console
from rich.table import Table

from robot.harmless import harmless
from robot.ledger.jobs import CANCELLED, DONE, NEEDS_A_PERSON, QUEUED, STATES, WAITING, WORKING, JobRow
from robot.ledger.stops import StopRow
from robot.ledger.turns import TurnRow
from robot.report.plain_cells import add_plain_row, plain_table
from robot.screen import PlainText
from robot.time_zone import shown_at

_STYLES = {
    QUEUED: "",
    WORKING: "blue",
    WAITING: "yellow",
    NEEDS_A_PERSON: "magenta",
    DONE: "green",
    CANCELLED: "bright_black",
}


def print_jobs(
    jobs: Sequence[JobRow],
    stops: Sequence[StopRow],
    console: Console,
    *,
    is_paused: bool,
    zone: tzinfo | None = None,
    today: date | None = None,
) -> None:
    """A line each, and how many of each state.

    zone: what times are shown in; None: UTC. today: the agency's day.
    """
    if is_paused:
        console.print(PlainText("The queue is paused: nothing is begun.", style="yellow"))
    for stop in stops:
        console.print(
            PlainText(
                harmless(f"Stopped: {stop.what}, since {shown_at(stop.began_at, zone)}: {stop.cause}"), "red"
            )
        )
    if not jobs:
        console.print("No jobs.")
        return
    table = plain_table("job", "customer", "state", "prio", "due")
    for job in jobs:
        customer = f"{harmless(job.company)}\n{harmless(job.location_id)}".strip()
        state = PlainText(job.state, style=_STYLES[job.state])
        if job.reason:
            state.append(f"\n{job.reason}", style="dim")
        add_plain_row(table, job.id, PlainText(customer), state, str(job.priority), shown_due(job, today))
    console.print(table)
    counts = Counter(job.state for job in jobs)
    console.print()
    console.print(
        PlainText(", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]), style="bold")
    )


def print_job(
    job: JobRow,
    turns: Sequence[TurnRow],
    console: Console,
    *,
    zone: tzinfo | None = None,
    today: date | None = None,
) -> None:
    """Everything about one, and how it was worked."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    policies = json.loads(job.policies)
    for name, value in (
        ("job", job.id),
        ("customer", job.company),
        ("location id", job.location_id),
        ("state", f"{job.state} since {shown_at(job.state_since, zone)}"),
        ("why", job.reason),
        ("asked by", job.requested_by),
        ("priority", str(job.priority)),
        ("due", shown_due(job, today)),
        ("not before", job.not_before or ""),
        ("policies", ", ".join(f"{key}: {item}" for key, item in policies.items())),
        ("from", f"{job.source}, added {shown_at(job.added_at, zone)} by {job.added_by}"),
        ("case", job.case_id or ""),
        ("tries", str(job.tries) if job.tries else ""),
        ("begun again", f"after {shown_at(job.wake_at, zone)}" if job.wake_at else ""),
    ):
        if value:
            add_plain_row(grid, name, value)
    console.print(grid)
    if not turns:
        return
    table = plain_table("turn", "begun", "ended", "with", "left as")
    for turn in turns:
        left = PlainText(turn.state)
        if turn.reason:
            left.append(f"\n{turn.reason}", style="dim")
        began, ended = shown_at(turn.began_at or turn.claimed_at, zone), shown_at(turn.ended_at, zone)
        add_plain_row(table, str(turn.number), began, ended, turn.lane, left)
    console.print()
    console.print(table)


def shown_due(job: JobRow, today: date | None) -> str:
    """The day that it is due, and whether that day is over for what has not ended. today: the agency's."""
    if not job.due_on:
        return ""
    return f"{job.due_on}, overdue" if today and job.is_overdue(today) else job.due_on
