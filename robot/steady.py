"""Clocks that nobody sets: what waits end by, and how it is noticed that somebody has set the machine's own.

The wall clock tells a moment, and is for what people and several machines share. It is set by people, by time
servers and by whoever wakes a machine, so that no wait is measured by it. `time.monotonic` is what waits of a
process go by; it stands still while the machine sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Between two looks the wall clock may differ by so much from a steady one, in s: time servers push it along
#: slowly.
_TOLERANCE_S = 2.0

_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def since_boot() -> float:
    """In s, with the machine's sleep where the system tells of it; else as `time.monotonic`."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


class ClockWatch:
    """Notices that the wall clock was set."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = since_boot) -> None:
        self._now = now
        self._steady = steady
        self._wall, self._at = now(), steady()

    def step_s(self) -> float:
        """By how much the wall clock was set since this was asked last, in s; 0 where it was not."""
        wall, at = self._now(), self._steady()
        step = (wall - self._wall).total_seconds() - (at - self._at)
        self._wall, self._at = wall, at
        return step if abs(step) > _TOLERANCE_S else 0.0


class SteadyTime:
    """Moments that begin at the wall clock's, and then go by `time.monotonic`: for what is put in order by them."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._began = now()
        self._began_s = time.monotonic()

    def __call__(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic() - self._began_s)
