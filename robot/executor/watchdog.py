"""Ends a run's browser from outside where nothing inside would end: a page that spins, a driver that is silent.

A thread of the run's own. Every call to the browser waits for an answer of Playwright's driver, and a call that
gets none would wait for ever: `evaluate` has no timeout, and no timeout helps where the driver itself hangs. The
watchdog ends the browser's processes then, and the driver's where that does not help; the call in hand fails, and
the run goes on to its report.

How long a call has been waiting is in no public part of Playwright. `_Driver` alone reads it, from the client of
Playwright 1.65; a test with a page that spins fails where another version keeps it elsewhere.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import psutil

from robot.errors import Problem

#: How long a call may take beyond the time of its step, in seconds.
GRACE_S = 10.0
#: How long an operator's stop may take until the browser is ended under it, in seconds.
STOP_S = 5.0
#: Between ending the browser and ending the driver, which most often needs no ending, in seconds.
_DRIVER_S = 3.0
_TICK_S = 0.2
#: A run that waits in a call answers at once; on a machine with much to do, within this, in seconds.
_UNSEEN_S = 1.0
#: Between two looks at the memory of the browser's processes, in seconds.
_MEMORY_EVERY_S = 0.5
#: What they may take where nothing else is said: half of the machine's memory, but no more than this, in bytes.
MOST_MEMORY = 4 * 1024**3


def usual_memory() -> int:
    """What the browser of one run may take, in bytes, where no setting says it."""
    return min(MOST_MEMORY, int(psutil.virtual_memory().total // 2))


class _Driver:
    """Playwright's driver, as its client in this process knows it."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    def calls(self) -> tuple[str, ...]:
        """The ids of the calls that wait for an answer."""
        client = self._client
        return tuple(client._connection._callbacks) if client is not None else ()

    def process(self) -> psutil.Process | None:
        """None before it was started, and after it is gone."""
        started = getattr(getattr(self._client, "_transport", None), "_proc", None)
        if started is None or started.returncode is not None:
            return None
        try:
            return psutil.Process(started.pid)
        except psutil.NoSuchProcess:
            return None

    def browsers(self) -> list[psutil.Process]:
        """The browser and all that it started."""
        process = self.process()
        if process is None:
            return []
        try:
            return list(process.children(recursive=True))
        except psutil.Error:
            return []

    def when_called(self, then: Callable[[], None]) -> None:
        """Has `then` called once the run waits in a call: only there does the client read answers."""
        loop = getattr(self._manager, "_loop", None)
        if loop is not None:
            # It may be closed at this moment.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(then)

    @property
    def _client(self) -> Any:
        return getattr(self._manager, "_client", None)


class Watchdog:
    """Watches one browser session. Use as a context manager around everything that calls the browser."""

    def __init__(
        self,
        manager: Any,
        *,
        is_stopped: Callable[[], bool],
        most_memory: int = 0,
    ) -> None:
        """manager: what `sync_playwright` gives.

        most_memory: of all processes of the browser, in bytes; the usual where it is 0.
        """
        self._driver = _Driver(manager)
        self._is_stopped = is_stopped
        self._most_memory = most_memory or usual_memory()
        self._limit_s = GRACE_S
        #: When everything has to be over, whatever is called; None while a run is at work.
        self._over_at: float | None = None
        #: Since when each call has been waiting.
        self._waiting: dict[str, float] = {}
        #: When the run was asked last whether it waits in a call, and when it answered.
        self._asked_at = self._seen_at = monotonic()
        self._stopped_at: float | None = None
        self._memory_at = monotonic()
        #: When the browser was ended.
        self._ended_at: float | None = None
        #: Why the browser was ended; None while it was not.
        self.problem: Problem | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def allow(self, step_s: float) -> None:
        """From now on a call may take as long as a step does, and the grace."""
        self._limit_s = step_s + GRACE_S

    @contextmanager
    def allowing(self, step_s: float) -> Iterator[None]:
        """The same while entered."""
        before = self._limit_s
        self.allow(step_s)
        try:
            yield
        finally:
            self._limit_s = before

    def end_within(self, seconds: float) -> None:
        """The browser is being closed: what is still there then is ended, without a word."""
        self._over_at = monotonic() + seconds

    # --- in the thread -----------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._is_over.wait(_TICK_S):
            now = monotonic()
            if self._ended_at is not None:
                if now - self._ended_at > _DRIVER_S:
                    self._end_driver()
                continue
            if self._over_at is not None and now > self._over_at:
                self._end_browser(now, None)
            elif (why := self._why(now)) is not None:
                self._end_browser(now, why)

    def _why(self, now: float) -> Problem | None:
        """Why the browser has to be ended now; None where it need not be."""
        calls = self._driver.calls() if self._is_in_call(now) else ()
        self._waiting = {call: self._waiting.get(call, now) for call in calls}
        waited_s = now - min(self._waiting.values(), default=now)
        if waited_s > self._limit_s:
            return Problem(
                what=f"the page did not answer for {waited_s:.0f} s: the browser was ended",
                done="nothing more was pressed",
                next="look at the pictures before it; a script of the page that never ends does this, "
                "and a machine that is too small for the browser",
            )
        if self._stopped_at is None and self._is_stopped():
            self._stopped_at = now
        if self._stopped_at is not None and calls and now - self._stopped_at > STOP_S:
            return Problem(what="the page did not answer after the stop: the browser was ended")
        if now - self._memory_at > _MEMORY_EVERY_S:
            self._memory_at = now
            taken = self._memory()
            if taken > self._most_memory:
                return Problem(
                    what=f"the browser took {_gigabytes(taken)} of memory, more than the "
                    f"{_gigabytes(self._most_memory)} that it may: it was ended",
                    done="nothing more was pressed",
                    next="look at the page by hand; OFFBOARD_BROWSER_MEMORY sets the limit, in megabytes",
                )
        return None

    def _is_in_call(self, now: float) -> bool:
        """Whether the run waits for the browser, and not for a person, a disk or itself.

        What was asked on the side may have been answered long ago then; nobody has read it.
        """
        if self._seen_at >= self._asked_at:
            self._asked_at = now
            self._driver.when_called(self._see)
        return now - self._asked_at < _UNSEEN_S

    def _see(self) -> None:
        self._seen_at = monotonic()

    def _memory(self) -> int:
        """What the processes of the browser hold, in bytes; what they share is counted for each."""
        taken = 0
        for process in self._driver.browsers():
            with suppress(psutil.Error):
                taken += process.memory_info().rss
        return taken

    def _end_browser(self, now: float, problem: Problem | None) -> None:
        # Said before it is done: the call in hand fails at once.
        self.problem, self._ended_at = problem, now
        _kill(self._driver.browsers())

    def _end_driver(self) -> None:
        """Where a call goes on waiting although the browser is gone, it is the driver that does not answer."""
        process = self._driver.process()
        if process is not None and (self._driver.calls() or self._over_at is not None):
            _kill([*self._driver.browsers(), process])


def reap_orphans() -> None:
    """Takes in browsers that were ended where this is the first process of a container, and has no init before it.

    A zombie of another child is awaited by whoever started it.
    """
    if os.getpid() != 1:
        return
    for child in psutil.Process().children():
        with suppress(psutil.Error, ChildProcessError):
            if child.status() == psutil.STATUS_ZOMBIE and re.match(r"chrom|headless|msedge", child.name()):
                os.waitpid(child.pid, os.WNOHANG)


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.kill()


def _gigabytes(size: int) -> str:
    return f"{size / 1024**3:.1f} GB"
