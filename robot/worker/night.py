"""A batch: looks ahead, works the queue until a time or until nothing is left, and says what became of it.

Begun by a person, in a process of its own, or by a schedule, at one of the workers; then another worker goes on
with it when that one ends.

Its end is a moment of the wall clock where a person has named a time of day, and where several workers share
it: a clock that is set moves it, as it moves what people see. One that is so many hours long goes by a clock
that nobody sets.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from robot.case.office import Office
from robot.jobs.summary import Summary, as_json, summarise
from robot.ledger.batches import Batches, BatchRow
from robot.ledger.jobs import QUEUED, WORKING, Jobs
from robot.ledger.stops import Stops, of_login
from robot.run.events import Event
from robot.worker.engine import Stages, Ticket
from robot.worker.patience import until_database
from robot.worker.preflight import Preflight, PreflightRequest, as_plain, look_ahead
from robot.worker.shift import Post, Shift

LOG = logging.getLogger("offboard.batch")

#: The lane of nights that a schedule has begun.
LANE = "nights"
_BEGINNING = "night/"
_LOGIN = "login "
_VAIN = "Nothing was begun: what was looked at before the first customer is not as it must be"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A batch that has ended."""

    summary: Summary
    #: Whether it found all as it must be, so that customers were begun.
    is_good: bool
    #: Folder that the summary may be written to.
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    hear: Callable[[Event], None]

    def notice(self, event: Event) -> None:
        self.hear(event)


def work_night(shift: Shift, *, until: datetime, clock: Callable[[], datetime] | None = None) -> Night:
    """A batch in this process. clock: what `until` is read by; the wall clock unless given.

    Raises HeldError for a file that another worker has, SetupError for no database.
    """
    now = clock or shift.now
    batch_id = f"{shift.now():%Y%m%d-%H%M%S}-batch-{secrets.token_hex(2)}"
    with shift.at_post() as post:
        batches = _batches(shift, post)
        batches.begin(batch_id, by=shift.outfit.operator, until=until)
        found = _look_ahead(shift, post)
        batches.note_preflight(batch_id, json.dumps(found, ensure_ascii=False))
        if shift.is_draining():
            # What was looked at was cut off, and says nothing.
            outcome = "Told to stop before the first customer"
        elif not found["good"]:
            outcome = _VAIN
        else:
            shift.work(post, is_over=lambda: is_over(post, now(), until))
            outcome = "Told to stop" if shift.is_draining() else _outcome(now(), until)
        return _sum_up(shift, batches, batch_id, outcome)


class Nights:
    """Batches that schedules begin, as one of the workers has part in them."""

    def __init__(
        self, shift: Shift, post: Post, *, deliver: Callable[[Night], object], poll_s: float = 1.0
    ) -> None:
        """deliver: given each night that has ended here."""
        self._shift = shift
        self._post = post
        self._batches = _batches(shift, post)
        self._deliver = deliver
        self._poll_s = poll_s

    def is_any_open(self) -> bool:
        return self._batches.is_any_open()

    def on_tick(self, name: str, due_at: datetime, hours: float) -> None:
        """Begins the night that a schedule asks for; one that nobody was there for is told, and not made up."""
        until_database(lambda: self._begin(name, due_at, hours))

    def _begin(self, name: str, due_at: datetime, hours: float) -> None:
        batch_id = night_id(self._shift.outfit.profile.dashboard, name, due_at)
        until = due_at + timedelta(hours=hours)
        if until <= self._shift.now():
            if self._batches.begin(batch_id, by=f"schedule {name}", until=until):
                LOG.warning("the night of %s was missed: no worker was there until it was over", name)
                self._batches.end(
                    batch_id, outcome="Missed: no worker was there until it was over", summary="{}"
                )
            return
        self._batches.begin(
            batch_id,
            by=f"schedule {name}",
            until=until,
            on_begin=lambda connection: self._put(batch_id, 1, connection),
        )

    def _put(self, batch_id: str, number: int, connection: Any = None) -> None:
        word = f"{_BEGINNING}{batch_id}/{number}"
        self._post.engine.put(Ticket(key=word, job_id=word, lane=LANE), connection)

    @staticmethod
    def is_for(word: str) -> bool:
        return word.startswith(_BEGINNING)

    def work(self, word: str, stages: Stages) -> str:
        """Goes on with a night until it is over, or this worker ends. Returns a word for it."""
        batch_id, _, number = word.removeprefix(_BEGINNING).rpartition("/")
        batch = until_database(lambda: self._batches.find(batch_id))
        if batch is None or batch.ended_at is not None:
            return "ended"
        until = datetime.fromisoformat(batch.until or "")
        found = json.loads(batch.preflight) or json.loads(stages("look ahead", self._look_ahead))
        # What was cut off says nothing: whoever goes on with it looks again.
        if not self._shift.is_stopped():
            noted = json.dumps(found, ensure_ascii=False)
            until_database(lambda: self._batches.note_preflight(batch_id, noted))
        if self._shift.is_stopped() or (found["good"] and not self._await_end(until)):
            until_database(lambda: self._put(batch_id, int(number) + 1))
            return "handed back"
        outcome = _outcome(self._shift.now(), until) if found["good"] else _VAIN
        self._deliver(until_database(lambda: _sum_up(self._shift, self._batches, batch_id, outcome)))
        return "ended"

    def _look_ahead(self) -> str:
        return json.dumps(until_database(lambda: _look_ahead(self._shift, self._post)), ensure_ascii=False)

    def _await_end(self, until: datetime) -> bool:
        """Waits until the night is over and nobody works any more; False when this worker is to end before."""
        jobs = Jobs(self._post.ledger, dashboard=self._shift.outfit.profile.dashboard, now=self._shift.now)
        while not self._shift.is_stopped():
            with suppress(SQLAlchemyError):
                if is_over(self._post, self._shift.now(), until) and not jobs.all(states=(WORKING,)):
                    return True
            threading.Event().wait(self._poll_s)
        return False


def night_id(dashboard: str, name: str, due_at: datetime) -> str:
    """The same at every worker; another for every dashboard, since several may share a database."""
    return f"{due_at:%Y%m%d-%H%M%S}-{name}-{hashlib.sha256(dashboard.encode()).hexdigest()[:6]}"


def is_over(post: Post, now: datetime, until: datetime) -> bool:
    """Whether nothing more is to be begun: it is late, nobody can sign in, or nothing is due before it is late."""
    if now >= until or not post.worker.usable_lanes() or post.worker.turns.is_paused():
        return True
    if post.worker.breakers.is_queue_stopped():
        return True
    due = post.worker.turns.next_due()
    return due is None or due > until


def _batches(shift: Shift, post: Post) -> Batches:
    return Batches(post.ledger, dashboard=shift.outfit.profile.dashboard, now=shift.now)


def _outcome(now: datetime, until: datetime) -> str:
    return "Ended when its time was over" if now >= until else "Ended when nothing was left to begin"


def _look_ahead(shift: Shift, post: Post) -> dict[str, Any]:
    """What was found, as it is kept. What was stopped for another night is tried again."""
    outfit = shift.outfit
    stops = Stops(post.ledger, dashboard=outfit.profile.dashboard, now=shift.now)
    stops.end()
    waiting = Jobs(post.ledger, dashboard=outfit.profile.dashboard, now=shift.now).all(states=(QUEUED,))

    def open_login(login: str, hear: Callable[[Event], None]) -> AbstractContextManager[Office]:
        return shift.open_login(login, _Ear(hear=hear))

    found = look_ahead(
        PreflightRequest(
            profile=outfit.profile,
            library=outfit.rules.library,
            logins=tuple(post.worker.lanes),
            open_login=open_login,
            folders=(outfit.settings.recordings.absolute(), outfit.settings.data.absolute()),
            store=outfit.settings.store,
            customers=len(waiting),
            now=shift.now,
        )
    )
    _tell(found)
    if found.is_good:
        for one in found.findings:
            if one.name.startswith(_LOGIN) and one.state != "good":
                stops.stop(of_login(one.name.removeprefix(_LOGIN)), one.found)
    return dict(as_plain(found))


def _sum_up(shift: Shift, batches: Batches, batch_id: str, outcome: str) -> Night:
    batch = batches.find(batch_id)
    if batch is None:
        raise AssertionError(f"the batch {batch_id} was begun")
    preflight = json.loads(batch.preflight)
    with shift.open_login(shift.logins[0]) as at:
        summary = summarise(
            at, batch_id=batch_id, began_at=_began(batch), outcome=outcome, preflight=preflight
        )
    batches.end(batch_id, outcome=outcome, summary=as_json(summary))
    return Night(
        summary=summary,
        is_good=bool(preflight.get("good")),
        folder=shift.outfit.settings.recordings / batch_id,
    )


def _began(batch: BatchRow) -> datetime:
    return datetime.fromisoformat(batch.began_at)


def _tell(found: Preflight) -> None:
    levels = {"good": logging.INFO, "remark": logging.WARNING, "bad": logging.ERROR}
    for one in found.findings:
        LOG.log(levels[one.state], "%s: %s%s", one.name, one.found, f"; next: {one.next}" if one.next else "")
