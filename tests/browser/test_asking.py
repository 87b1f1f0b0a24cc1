"""A person is asked before the last looks at the page: what changes while they think is seen."""

from __future__ import annotations

from threading import Event

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Intent, Status
from tests.browser.small_run import RecordingGate, run_small

PAGE = """
<p id=state>on</p>
<button id=off onclick="fetch('/off', {method: 'POST'}); document.getElementById('state').textContent = 'off'">
Switch off</button>
<button id=begin onclick="setTimeout(() => { document.getElementById('state').textContent = 'other' }, 300)">
Begin</button>
"""
SELECTORS = """
state: {candidates: [{id: state}]}
off: {candidates: [{id: 'off'}]}
begin: {candidates: [{id: begin}]}
"""
PRESS = """
- click: p.off
  irreversible: Switches it off
  object: "thing:one"
  require: {text: {of: p.state, equals: 'on'}}
  expect: {text: {of: p.state, equals: 'off'}}
"""


def test_the_act_is_shown_before_it_is_armed(browser_choice: BrowserChoice) -> None:
    seen: list[tuple[str, int]] = []

    def person(intent: Intent) -> bool:
        seen.append((intent.sentence, len(gate.armed)))
        return True

    gate = RecordingGate(person=person)
    run = run_small(
        browser_choice, page=PAGE, selectors=SELECTORS, steps=f"- goto: /{PRESS}", gate=gate, view="any"
    )
    assert (run.result.status, run.posts) == (Status.PASSED, ["/off"])
    assert seen == [("Switches it off", 0)]


def test_a_no_leaves_it_alone(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate(person=lambda intent: False)
    run = run_small(
        browser_choice, page=PAGE, selectors=SELECTORS, steps=f"- goto: /{PRESS}", gate=gate, view="any"
    )
    assert (run.result.status, run.posts, gate.armed) == (Status.BLOCKED, [], [])
    assert run.result.reason == "they said no"


def test_what_has_changed_while_they_thought_is_seen(browser_choice: BrowserChoice) -> None:
    def slow(intent: Intent) -> bool:
        Event().wait(1)
        return True

    gate = RecordingGate(person=slow)
    steps = f"- goto: /\n- click: p.begin{PRESS}"
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=steps, gate=gate, view="any")
    assert (run.result.status, run.posts, gate.armed) == (Status.BLOCKED, [], [])
