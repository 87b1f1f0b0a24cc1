from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from robot.steady import ClockWatch, SteadyTime, since_boot

START = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Clocks:
    """A wall clock that may be set, and one that may not. The second one goes on while the machine sleeps."""

    def __init__(self) -> None:
        self.wall, self.steady = START, 1000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds

    def watch(self) -> ClockWatch:
        return ClockWatch(lambda: self.wall, lambda: self.steady)


@pytest.mark.parametrize("step", [3600.0, -60.0, 2.5, -2.5])
def test_a_clock_that_was_set_is_noticed_once(step: float) -> None:
    clocks = Clocks()
    watch = clocks.watch()
    clocks.pass_by(5)
    assert watch.step_s() == 0
    clocks.pass_by(1)
    clocks.wall += timedelta(seconds=step)
    assert watch.step_s() == pytest.approx(step)
    clocks.pass_by(1)
    assert watch.step_s() == 0


def test_time_that_passes_is_no_step_however_long() -> None:
    """As over a machine's sleep."""
    clocks = Clocks()
    watch = clocks.watch()
    clocks.pass_by(8 * 3600)
    assert watch.step_s() == 0


def test_a_clock_that_is_pushed_along_slowly_was_not_set() -> None:
    clocks = Clocks()
    watch = clocks.watch()
    for _ in range(100):
        clocks.pass_by(1)
        clocks.wall += timedelta(seconds=0.5)
        assert watch.step_s() == 0


def test_the_steady_clock_goes_on() -> None:
    before, began = since_boot(), time.monotonic()
    while time.monotonic() == began:
        pass
    assert since_boot() > before


def test_moments_stay_in_order_while_the_clock_is_set_back() -> None:
    clocks = Clocks()
    at = SteadyTime(lambda: clocks.wall)
    first = at()
    clocks.wall -= timedelta(hours=1)
    assert START <= first <= at()
