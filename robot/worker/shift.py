"""One process at work on one dashboard: hands jobs out, works them, until it is told to stop or nothing is left.

Must not know of the command line; whoever starts it turns signals into `drain`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from robot.case.office import Office
from robot.ledger.database import Ledger, told
from robot.ledger.leases import Leases, release_leases_of, this_process
from robot.ledger.stops import Stops
from robot.ledger.turns import Turns
from robot.ledger.workers import AT_WORK, DRAINING, ENDED, Workers
from robot.outfit import Rules, RunOptions, Watch, fit_out, ledger_of, open_office, slug_of, uploads_of
from robot.profile import Profile
from robot.run.events import Listener
from robot.settings import LEDGER_FILE, Credentials, Settings
from robot.worker.breakers import BreakerListener, Breakers
from robot.worker.durable import DurableEngine
from robot.worker.engine import OnTick, Stages, Work
from robot.worker.room import Room
from robot.worker.takeover import FROZEN_S
from robot.worker.turn import Pauses, Worker
from robot.worker.uploading import uploading

LOG = logging.getLogger("offboard.worker")

#: How often it is looked whether something has waited long enough, in s: it looks at everybody who waits.
_WAKE_EVERY_S = 5.0
#: A worker that has said nothing for so long is shown no more.
_SILENCE = timedelta(minutes=5)
#: How long one that is told to stop waits for what it works on, in s.
_PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOptions:
    """How a shift works, beyond what it works on."""

    #: How often it is looked for work, in s.
    poll_s: float = 1.0
    pauses: Pauses = field(default_factory=Pauses)
    frozen_s: float = FROZEN_S
    #: How long what ends later is waited for with a browser, until it is looked at again by another turn.
    park_after_ms: int = 60_000
    #: How many customers are worked at once, each in a browser; None for as many as there are logins.
    at_once: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A worker at its post: everything is open, and nothing was begun."""

    worker: Worker
    workers: Workers
    engine: DurableEngine
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What a worker works besides turns of jobs."""

    lane: str
    is_for: Callable[[str], bool]
    work: Work
    on_tick: OnTick


class Shift:
    """Works the queue of one dashboard."""

    def __init__(
        self,
        rules: Rules,
        *,
        settings: Settings,
        options: RunOptions,
        logins: tuple[Credentials, ...],
        environ: Mapping[str, str],
        shift: ShiftOptions,
        make_listeners: Callable[[], tuple[Listener, ...]] = tuple,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """make_listeners: called for each run. Raises BadInputError for anything that is wrong with the profile."""
        self._shift = shift
        self.now = now
        self._is_draining = threading.Event()
        self._engine: DurableEngine | None = None
        self._worker_id = f"{this_process().host}-{this_process().pid}-{uuid4().hex[:8]}"
        #: Whether anything may be begun now, as far as hours go; set by whoever keeps them.
        self.keeps_hours: Callable[[], bool] = lambda: True
        self._logins = {one.email: one for one in logins}
        self._make_listeners = make_listeners
        self.outfit = fit_out(
            rules,
            settings=settings,
            options=replace(
                options,
                timeouts=replace(
                    options.timeouts, ends_later=shift.park_after_ms, alone=3 * shift.park_after_ms
                ),
            ),
            environ=environ,
            operator=f"worker {self._worker_id}",
            announce=lambda line: LOG.info("%s", line),
            worker=self._worker_id,
            now=now,
        )
        #: The agency's time zone, in which days and times of day are read.
        self.zone = self.outfit.profile.zone_for("the queue")

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(self._logins)

    # --- told from outside -------------------------------------------------------------------------

    def drain(self) -> None:
        """Ends in order: acts in hand are finished, and the rest is handed back."""
        self._is_draining.set()

    def is_draining(self) -> bool:
        return self._is_draining.is_set()

    def _is_open(self) -> bool:
        return self.keeps_hours()

    def is_stopped(self) -> bool:
        """Whether runs are to end at their next step: told so, or others may take them for dead."""
        return self.is_draining() or not (self._engine is None or self._engine.is_connected())

    # --- at work -----------------------------------------------------------------------------------

    @contextmanager
    def at_post(self) -> Iterator[Post]:
        """Raises HeldError when another worker has the same file, SetupError when the database cannot be had."""
        outfit, dashboard = self.outfit, self.outfit.profile.dashboard
        with ExitStack() as stack:
            ledger = stack.enter_context(closing(ledger_of(outfit.settings, outfit.profile)))
            if not outfit.settings.database:
                only = Leases(ledger, dashboard=dashboard, run_id=self._worker_id, now=self.now)
                stack.enter_context(only).take_worker()
            workers = Workers(ledger, dashboard=dashboard, now=self.now)
            engine = DurableEngine(
                address_of(outfit.settings, outfit.profile),
                space=dashboard,
                executor_id=self._worker_id,
                on_dead=lambda worker: _bury(ledger, workers, worker),
                poll_s=self._shift.poll_s,
                frozen_s=self._shift.frozen_s,
            )
            stack.callback(engine.close, within_s=_PATIENCE_S)
            engine.hold()
            self._engine = engine
            breakers = Breakers(
                stops=Stops(ledger, dashboard=dashboard, now=self.now), dashboard=dashboard, now=self.now
            )
            worker = Worker(
                id=self._worker_id,
                turns=Turns(ledger, dashboard=dashboard, now=self.now, zone=self.zone),
                engine=engine,
                breakers=breakers,
                lanes=tuple(self._logins),
                open_office=lambda job: self.open_login(job.lane, BreakerListener(breakers, job.lane)),
                is_stopped=self.is_stopped,
                now=self.now,
                pauses=self._shift.pauses,
                is_open=self._is_open,
                most_per_hour=outfit.profile.most_per_hour,
                room=Room(self._shift.at_once),
            )
            stack.enter_context(uploading(uploads_of(outfit, ledger)))
            workers.bury_unseen(for_longer_than=_SILENCE)
            workers.begin(worker.id, worker.lanes)
            yield Post(worker=worker, workers=workers, engine=engine, ledger=ledger)
            with suppress(SQLAlchemyError):
                workers.see(worker.id, DRAINING)
            engine.close(within_s=_PATIENCE_S)
            with suppress(SQLAlchemyError):
                workers.see(worker.id, ENDED)

    def work(
        self, post: Post, *, is_over: Callable[[], bool] = lambda: False, extra: Extra | None = None
    ) -> None:
        """Works until told to stop, or nothing is at work and `is_over` says so. extra: what else is worked."""

        def work(word: str, stages: Stages) -> str:
            if extra is not None and extra.is_for(word):
                return extra.work(word, stages)
            return post.worker.work(word, stages)

        post.engine.launch(
            work,
            lanes=(*post.worker.lanes, *((extra.lane,) if extra else ())),
            on_tick=extra.on_tick if extra else None,
        )
        woken_at = float("-inf")
        while not self._is_draining.wait(self._shift.poll_s):
            try:
                post.workers.see(post.worker.id, AT_WORK)
                if time.monotonic() - woken_at >= _WAKE_EVERY_S:
                    post.worker.wake()
                    woken_at = time.monotonic()
                over = is_over()
                if not over:
                    post.worker.feed()
                elif not post.worker.turns.at_work(post.worker.lanes):
                    return
            except SQLAlchemyError as error:
                LOG.warning("the database is away: %s", told(error))
        LOG.info("ends in order")

    def open_login(self, login: str, *more: Listener) -> AbstractContextManager[Office]:
        """What works with one login: each run in a browser of its own, watched."""

        def watch() -> AbstractContextManager[Watch]:
            return nullcontext(Watch(listeners=(*self._make_listeners(), *more), is_stopped=self.is_stopped))

        settings = replace(self.outfit.settings, credentials=self._logins[login])
        return open_office(replace(self.outfit, settings=settings, watch=watch))


def address_of(settings: Settings, profile: Profile) -> str:
    """The database of the queue: the ledger's own."""
    file = settings.data.absolute() / slug_of(profile) / LEDGER_FILE
    return settings.database or f"sqlite:///{file}"


def _bury(ledger: Ledger, workers: Workers, worker: str) -> None:
    LOG.warning("worker %s is gone; what it has left is taken over", worker)
    with ledger.begin() as connection:
        release_leases_of(connection, worker)
    workers.bury(worker)
