"""A batch: looks ahead, works the queue until a time or until nothing is left, and says what became of it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from robot.case.office import Office
from robot.jobs.summary import Summary, as_json, summarise
from robot.ledger.batches import Batches
from robot.ledger.jobs import QUEUED, Jobs
from robot.ledger.stops import Stops, of_login
from robot.run.events import Event
from robot.worker.preflight import Preflight, PreflightRequest, as_plain, look_ahead
from robot.worker.shift import Post, Shift

LOG = logging.getLogger("offboard.batch")

_LOGIN = "login "


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A batch that has ended."""

    summary: Summary
    preflight: Preflight
    #: Folder that the summary may be written to.
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    hear: Callable[[Event], None]

    def notice(self, event: Event) -> None:
        self.hear(event)


def work_night(shift: Shift, *, until: datetime) -> Night:
    """Raises HeldError when another worker has the same file, SetupError when the database cannot be had."""
    began_at = shift.now()
    batch_id = f"{began_at:%Y%m%d-%H%M%S}-batch-{secrets.token_hex(2)}"
    with shift.at_post() as post:
        dashboard = shift.outfit.profile.dashboard
        batches = Batches(post.ledger, dashboard=dashboard, now=shift.now)
        batches.begin(batch_id, by=shift.outfit.operator, until=until)
        # What was stopped for another night is tried again.
        stops = Stops(post.ledger, dashboard=dashboard, now=shift.now)
        stops.end()
        found = _look_ahead(shift, post)
        batches.note_preflight(batch_id, json.dumps(as_plain(found), ensure_ascii=False))
        _tell(found)
        if not found.is_good:
            outcome = "Nothing was begun: what was looked at before the first customer is not as it must be"
        elif shift.is_draining():
            outcome = "Told to stop before the first customer"
        else:
            _stop_logins(found, stops)
            shift.work(post, is_over=lambda: is_over(post, shift.now(), until))
            outcome = _outcome(shift, until)
    with shift.open_login(shift.logins[0]) as at:
        summary = summarise(
            at, batch_id=batch_id, began_at=began_at, outcome=outcome, preflight=as_plain(found)
        )
        Batches(at.ledger, dashboard=dashboard, now=shift.now).end(
            batch_id, outcome=outcome, summary=as_json(summary)
        )
    return Night(summary=summary, preflight=found, folder=shift.outfit.settings.recordings / batch_id)


def is_over(post: Post, now: datetime, until: datetime) -> bool:
    """Whether nothing more is to be begun: it is late, nobody can sign in, or nothing is due before it is late."""
    if now >= until or not post.worker.usable_lanes() or post.worker.turns.is_paused():
        return True
    if post.worker.breakers.is_queue_stopped():
        return True
    due = post.worker.turns.next_due()
    return due is None or due > until


def _outcome(shift: Shift, until: datetime) -> str:
    if shift.is_draining():
        return "Told to stop"
    if shift.now() >= until:
        return "Ended when its time was over"
    return "Ended when nothing was left to begin"


def _look_ahead(shift: Shift, post: Post) -> Preflight:
    outfit = shift.outfit
    waiting = Jobs(post.ledger, dashboard=outfit.profile.dashboard, now=shift.now).all(states=(QUEUED,))

    def open_login(login: str, hear: Callable[[Event], None]) -> AbstractContextManager[Office]:
        return shift.open_login(login, _Ear(hear=hear))

    return look_ahead(
        PreflightRequest(
            profile=outfit.profile,
            library=outfit.rules.library,
            logins=tuple(post.worker.lanes),
            open_login=open_login,
            folders=(outfit.settings.recordings.absolute(), outfit.settings.data.absolute()),
            customers=len(waiting),
            now=shift.now,
        )
    )


def _stop_logins(found: Preflight, stops: Stops) -> None:
    for one in found.findings:
        if one.name.startswith(_LOGIN) and one.state != "good":
            stops.stop(of_login(one.name.removeprefix(_LOGIN)), one.found)


def _tell(found: Preflight) -> None:
    levels = {"good": logging.INFO, "remark": logging.WARNING, "bad": logging.ERROR}
    for one in found.findings:
        LOG.log(levels[one.state], "%s: %s%s", one.name, one.found, f"; next: {one.next}" if one.next else "")
