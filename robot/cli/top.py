"""`offboard top`: workers and what they work on, as they do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict

from rich.live import Live

from robot.case.office import Office
from robot.ledger.jobs import WORKING, Jobs
from robot.ledger.stops import Stops
from robot.ledger.turns import Turns
from robot.ledger.workers import Workers
from robot.report.top_terminal import AtWork, Top, top_view
from robot.screen import Screen, say_json

#: How often it is drawn anew, in s.
_EVERY_S = 1.0


def top(at: Office, *, is_once: bool, is_json: bool) -> int:
    """Draws until Ctrl-C, or once where nobody looks on. Returns the exit code."""
    if is_json:
        say_json(_plain(look(at)))
        return 0
    console = Screen()
    if is_once or not console.is_terminal:
        console.print(top_view(look(at)))
        return 0
    with suppress(KeyboardInterrupt), Live(top_view(look(at)), console=console, auto_refresh=False) as live:
        while True:
            time.sleep(_EVERY_S)
            live.update(top_view(look(at)), refresh=True)
    return 0


def look(at: Office) -> Top:
    dashboard = at.profile.dashboard
    jobs = Jobs(at.ledger, dashboard=dashboard, now=at.now)
    return Top(
        at=at.now(),
        dashboard=dashboard,
        workers=Workers(at.ledger, dashboard=dashboard, now=at.now).all(),
        at_work=tuple(_at_work(at, jobs)),
        counts=jobs.counts(),
        stops=Stops(at.ledger, dashboard=dashboard, now=at.now).open(),
        is_paused=jobs.is_paused(),
        zone=at.profile.zone,
    )


def _at_work(at: Office, jobs: Jobs) -> Iterator[AtWork]:
    turns = Turns(at.ledger, dashboard=at.profile.dashboard, now=at.now)
    for job in jobs.all(states=(WORKING,)):
        turn = turns.of(job)[-1]
        run = at.cases.going_on(job.lane, since=turn.claimed_at)
        last = at.cases.ended_last(run["id"]) if run else ""
        yield AtWork(
            job=job,
            worker=turn.worker,
            since=turn.claimed_at,
            run=run["id"] if run else "",
            last=last,
        )


def _plain(found: Top) -> dict[str, object]:
    return {
        "at": found.at.isoformat(timespec="seconds"),
        "dashboard": found.dashboard,
        "paused": found.is_paused,
        "counts": dict(found.counts),
        "workers": [asdict(one) for one in found.workers],
        "at_work": [
            {
                "job": one.job.id,
                "customer": one.job.shown,
                "login": one.job.lane,
                "worker": one.worker,
                "since": one.since,
                "run": one.run,
                "ended_last": one.last,
            }
            for one in found.at_work
        ],
        "stops": [asdict(one) for one in found.stops],
    }
