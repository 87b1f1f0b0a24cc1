"""Somebody sets the machine's clock while a run waits: it waits as long as it was told to, and says that it was set."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Noted
from robot.run.model import Status
from tests.browser.small_run import RecordingGate, SmallRun, run_small

STEPS = [-3600, -60, 60, 3600]
PAGE = """
<h1>Things</h1><p id=ready hidden>Ready</p><button id=delete>Delete</button><p id=gone hidden>Gone</p>
<script>
setTimeout(() => { ready.hidden = false; }, 2000);
document.getElementById('delete').onclick = () => {
  fetch('/delete', {method: 'POST'});
  setTimeout(() => { gone.hidden = false; }, 2500);
};
</script>"""
SELECTORS = """
heading: {candidates: [{role: heading, name: Things}]}
ready: {candidates: [{id: ready}]}
never: {candidates: [{id: never}]}
delete: {candidates: [{id: delete}]}
gone: {candidates: [{id: gone}]}
"""
DELETE = """
- goto: /
- click: p.delete
  irreversible: Deletes it
  object: "thing:one"
  require: {visible: p.heading}
  expect: {visible: p.gone}
  timeout: 10s
"""
#: So many looks from the beginning on, the run waits for what the page does not show yet.
LOOKS = 8


class SetClock:
    """A wall clock that is set by so much, once."""

    def __init__(self, step_s: float) -> None:
        self._step = timedelta(seconds=step_s)
        self._looks = 0
        self._set_at = float("inf")

    def look(self) -> bool:
        """To be asked before each look: sets the clock after some of them. Never stops a run."""
        if threading.current_thread().name == "watchdog":
            # It asks by a clock of its own, from before the run's first look.
            return False
        self._looks += 1
        if self._looks == LOOKS:
            self.set_after(0)
        return False

    def set_after(self, seconds: float) -> None:
        self._set_at = monotonic() + seconds

    def __call__(self) -> datetime:
        return datetime.now(UTC) + (self._step if monotonic() >= self._set_at else timedelta())


def remarks(run: SmallRun) -> list[str]:
    return [event.text for event in run.of(Noted) if event.kind == "remark"]


def said(step_s: int) -> str:
    how = f"{abs(step_s)} s {'forward' if step_s > 0 else 'back'}"
    return f"the machine's clock was set {how} during the run; waits and durations go by another one"


@pytest.mark.parametrize("step_s", STEPS)
def test_a_wait_is_as_long_as_what_it_waits_for(browser_choice: BrowserChoice, step_s: int) -> None:
    clock = SetClock(step_s)
    run = run_small(
        browser_choice,
        page=PAGE,
        selectors=SELECTORS,
        steps="[{goto: /}, {wait_for: {visible: p.ready}, timeout: 10s}]",
        is_stopped=clock.look,
        now=clock,
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert 0 <= run.result.duration_ms < 9_000
    assert all(0 <= step.duration_ms < 9_000 for step in run.result.steps)
    assert remarks(run) == [said(step_s)]


@pytest.mark.parametrize("step_s", STEPS)
def test_a_wait_for_what_never_comes_ends_at_its_time(browser_choice: BrowserChoice, step_s: int) -> None:
    clock = SetClock(step_s)
    run = run_small(
        browser_choice,
        page=PAGE,
        selectors=SELECTORS,
        steps="[{goto: /}, {wait_for: {visible: p.never}, timeout: 3s}]",
        is_stopped=clock.look,
        now=clock,
    )
    assert run.result.status is Status.FAILED
    [waited] = [step for step in run.result.steps if step.status is Status.FAILED]
    assert 3_000 <= waited.duration_ms < 12_000
    assert remarks(run) == [said(step_s)]


@pytest.mark.parametrize("step_s", STEPS)
def test_a_press_whose_effect_comes_late_is_seen_to_have_it(
    browser_choice: BrowserChoice, step_s: int
) -> None:
    clock = SetClock(step_s)
    # After the press, which is made at once, and before its effect.
    gate = RecordingGate(meanwhile=lambda: clock.set_after(1))
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=DELETE, gate=gate, now=clock)
    assert run.result.status is Status.PASSED, run.result.problems
    assert gate.settled == [("thing:one", Status.PASSED)]
    assert run.posts == ["/delete"]
    assert 2_000 <= run.result.duration_ms < 12_000
    assert remarks(run) == [said(step_s)]


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [
        ("Pacific/Kiritimati", 11, "2026-12-01"),
        ("America/Los_Angeles", 7, "2026-11-29"),
        ("UTC", 7, "2026-11-30"),
    ],
)
def test_the_day_of_a_flow_is_the_agencys(
    browser_choice: BrowserChoice, zone: str, hour: int, day: str
) -> None:
    run = run_small(
        browser_choice,
        page=PAGE,
        selectors=SELECTORS,
        steps="[{goto: /}, {capture: {day: {filled: '${today}'}}}]",
        head="outputs: {day: {about: The day}}",
        time_zone=zone,
        now=lambda: datetime(2026, 11, 30, hour, tzinfo=UTC),
    )
    assert run.result.outputs == {"day": day}
