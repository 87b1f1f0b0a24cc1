"""Workers and what they work on, now. Must not know where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from rich.console import Group, RenderableType
from rich.table import Table

from robot.harmless import harmless
from robot.ledger.jobs import STATES, JobRow
from robot.ledger.stops import StopRow
from robot.ledger.workers import WorkerRow
from robot.report.plain_cells import add_plain_row, plain_table
from robot.screen import PlainText

#: One that was not seen for so long is told as that, in s.
_QUIET_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """One job that is worked now."""

    job: JobRow
    #: Id of the worker.
    worker: str
    since: str
    #: The run that goes on, and what ended in it last; empty before the first.
    run: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """How a queue stands at one moment."""

    at: datetime
    dashboard: str
    workers: Sequence[WorkerRow]
    at_work: Sequence[AtWork]
    counts: Mapping[str, int]
    stops: Sequence[StopRow]
    is_paused: bool
    #: What times are shown in; None: UTC.
    zone: tzinfo | None = None


def top_view(top: Top) -> RenderableType:
    """A table of workers, one of what they work on, and how the queue stands."""
    states = ", ".join(f"{top.counts[state]} {state}" for state in STATES if top.counts.get(state))
    head = PlainText.assemble(
        (f"{top.at.astimezone(top.zone or UTC):%H:%M:%S %Z}  ", "dim"),
        (top.dashboard, "bold"),
        f"  {states or 'no jobs'}",
    )
    parts: list[RenderableType] = [head]
    if top.is_paused:
        parts.append(PlainText("The queue is paused: nothing is begun.", style="yellow"))
    parts += [PlainText(harmless(f"Stopped: {stop.what}: {stop.cause}"), style="red") for stop in top.stops]
    parts += [PlainText(), _workers(top) if top.workers else PlainText("No workers.", style="yellow")]
    if top.at_work:
        parts += [PlainText(), _at_work(top)]
    return Group(*parts)


def _workers(top: Top) -> Table:
    busy = Counter(one.worker for one in top.at_work)
    table = plain_table("worker", "logins", "works", "state", "seen")
    for worker in top.workers:
        quiet_s = (top.at - datetime.fromisoformat(worker.seen_at)).total_seconds()
        seen = PlainText(f"{quiet_s:.0f} s ago", style="red" if quiet_s > _QUIET_S else "")
        works = f"{busy[worker.id]} of {len(worker.logins)}"
        add_plain_row(table, worker.id, ", ".join(worker.logins), works, worker.state, seen)
    return table


def _at_work(top: Top) -> Table:
    table = plain_table("customer", "login", "for", "run", "ended last")
    for one in top.at_work:
        minutes, seconds = divmod(int((top.at - datetime.fromisoformat(one.since)).total_seconds()), 60)
        add_plain_row(table, one.job.shown, one.job.lane, f"{minutes}:{seconds:02d}", one.run, one.last)
    return table
