"""A page, a browser or a driver that never answers ends the step, and nothing else: the run comes to its report."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.executor.watchdog import GRACE_S, STOP_S
from robot.run.events import Event
from robot.run.model import Status
from tests.browser.small_run import SHORT, RecordingGate, SmallRun, profile_of, run_small, serving
from tests.in_thread import call_in_thread

SELECTORS = """
start: {candidates: [{id: start}]}
done: {candidates: [{id: done}]}
"""
STEPS = """
- goto: /
- name: start
  click: p.start
- name: await the end
  wait_for: {visible: p.done}
"""
MARKED = """
- goto: /
- name: start
  click: p.start
  irreversible: Starts it
  object: "thing:1"
  require: {visible: p.start}
  expect: {visible: p.done}
"""
#: A step's own time, in seconds; what a run may take beyond it and the grace, on a machine with much to do.
STEP_S, ROOM_S = 2.0, 15.0

#: What a page may do once it was pressed, and never be done with it.
SPINS = {
    "in its script": "while (true);",
    "in a promise": "(function again() {Promise.resolve().then(again)})()",
    "in a request that blocks": "const r = new XMLHttpRequest(); r.open('GET', '/never', false); r.send()",
}
MORE_SPINS = {
    "after a moment": "setTimeout(() => {while (true);}, 50)",
    "in what is laid out": "setTimeout(() => {for (;;) document.body.style.width = Math.random() + 'px', "
    "document.body.offsetWidth}, 0)",
    "in what reads it": "Element.prototype.getBoundingClientRect = () => {while (true);};"
    "window.getComputedStyle = () => {while (true);}; document.querySelectorAll = () => {while (true);}",
    "in its dialogs": "while (true) alert('again')",
    "in its title": "setInterval(() => {for (const end = Date.now() + 4000; Date.now() < end;);}, 1)",
}


def page_that(does: str) -> str:
    return (
        "<button id=start>Start</button><p>text</p>"
        f"<script>document.getElementById('start').onclick = () => {{ {does} }}</script>"
    )


def run_page(
    choice: BrowserChoice, does: str, *, steps: str = STEPS, **more: object
) -> tuple[SmallRun, float]:
    """Returns the run, and how long it took, in seconds."""
    began = monotonic()
    run = run_small(
        choice,
        page=page_that(does),
        selectors=SELECTORS,
        steps=steps,
        slow={"/never": 60},
        pages={"/never": "late"},
        timeouts=replace(SHORT, expect=int(STEP_S * 1000)),
        **more,  # type: ignore[arg-type]
    )
    return run, monotonic() - began


@pytest.mark.parametrize(
    "does",
    [pytest.param(does, marks=pytest.mark.matrix) for does in (*SPINS.values(), *MORE_SPINS.values())],
    ids=[*SPINS, *MORE_SPINS],
)
def test_a_page_that_spins(browser_choice: BrowserChoice, does: str) -> None:
    run, took_s = run_page(browser_choice, does)
    assert run.result.status is Status.FAILED
    assert took_s < STEP_S + GRACE_S + ROOM_S, run.result.reason


@pytest.mark.parametrize("does", ["setTimeout(() => {while (true);}, 700)"])
def test_a_page_that_spins_while_something_is_awaited(browser_choice: BrowserChoice, does: str) -> None:
    """No time-out of Playwright's own helps there: the look is a script in the page."""
    run, took_s = run_page(browser_choice, does, steps=STEPS + "  timeout: 4s\n")
    assert run.result.status is Status.FAILED
    assert "the page did not answer for" in run.result.reason
    assert took_s < 4 + GRACE_S + ROOM_S


def test_what_was_pressed_before_it_spun_is_unknown(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate()
    run, took_s = run_page(browser_choice, SPINS["in its script"], steps=MARKED, gate=gate)
    assert run.result.status is Status.UNKNOWN, run.result.reason
    assert [intent.object for intent in gate.armed] == ["thing:1"]
    assert ("thing:1", Status.PASSED) not in gate.settled
    assert took_s < STEP_S + GRACE_S + ROOM_S


@pytest.mark.parametrize(
    "name", ["in its script", *[pytest.param(name, marks=pytest.mark.matrix) for name in list(SPINS)[1:]]]
)
def test_an_operator_who_stops_it_waits_for_nothing(browser_choice: BrowserChoice, name: str) -> None:
    stop = threading.Event()
    timer = threading.Timer(4, stop.set)
    timer.start()
    run, took_s = run_page(browser_choice, SPINS[name], is_stopped=stop.is_set)
    timer.cancel()
    assert run.result.status is Status.CANCELLED, run.result.reason
    assert took_s < 4 + STOP_S + 5


def test_memory_has_an_end(browser_choice: BrowserChoice) -> None:
    eats = "const kept = []; setInterval(() => kept.push(new Uint8Array(2 ** 26).fill(1)), 50)"
    run, _ = run_page(browser_choice, eats, steps=STEPS + "  timeout: 60s\n", most_memory=1_500 * 1024**2)
    assert run.result.status is Status.FAILED
    assert "of memory, more than the 1.5 GB that it may" in run.result.reason


def test_a_download_has_no_beginning(browser_choice: BrowserChoice, tmp_path: Path) -> None:
    run, _ = run_page(
        browser_choice,
        "const a = document.createElement('a'); a.href = '/endless'; a.download = 'big.bin'; a.click();"
        "document.body.insertAdjacentHTML('beforeend', '<p id=done>done</p>')",
        endless="/endless",
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert [event.text for event in run.of_noted("remark")] == ["a download was refused: big.bin"]


@pytest.mark.parametrize("whom", ["driver", pytest.param("browser", marks=pytest.mark.matrix)])
def test_processes_that_are_frozen(browser_choice: BrowserChoice, whom: str) -> None:
    """As on a machine that swaps, or in a debugger."""

    def freeze() -> None:
        mine = psutil.Process().children()
        driver = next(one for one in mine if "run-driver" in one.cmdline())
        frozen = [driver] if whom == "driver" else driver.children(recursive=True)
        for one in frozen:
            os.kill(one.pid, signal.SIGSTOP)

    timer = threading.Timer(4, freeze)
    timer.start()
    run, took_s = run_page(browser_choice, "", steps=STEPS + "  timeout: 8s\n")
    assert run.result.status is Status.FAILED
    assert whom == "browser" or "did not answer" in run.result.reason
    assert took_s < 4 + 8 + GRACE_S + ROOM_S


def test_a_person_who_thinks_is_no_page_that_hangs(browser_choice: BrowserChoice, tmp_path: Path) -> None:
    """Answers to what was asked on the side lie there unread, as long as nobody calls the browser."""

    def work() -> str:
        options = BrowserOptions(choice=browser_choice)
        with BrowserSession(options, profile_of(served), events.append, scratch=tmp_path) as session:
            session.start_recording()
            session.page.goto(served.address)
            # A limit of one second, and a person who takes four.
            session.watchdog.allow(1 - GRACE_S)
            session.page.evaluate("document.body.append('more')")
            # As the acknowledgement of a frame of the film is left, when the call in hand is answered before it.
            client: Any = session._manager._client
            client._connection._callbacks["a frame"] = None
            thinks.wait(4)
            del client._connection._callbacks["a frame"]
            return session.page.title()

    events: list[Event] = []
    thinks = threading.Event()
    with serving({"/": "<title>still here</title>"}) as served:
        assert call_in_thread(work) == "still here"
