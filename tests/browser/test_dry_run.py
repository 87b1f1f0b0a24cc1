"""A dry run looks at goals and presses nothing; and what a task leaves open does not cover the next one."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import RecordingGate, run_small

PAGE = """
<p id=state>on</p>
<button id=off onclick="fetch('/off', {method: 'POST'}); document.getElementById('state').textContent = 'off'">
Switch off</button>
"""
SELECTORS = """
state: {candidates: [{id: state}]}
off: {candidates: [{id: 'off'}]}
"""
PRESS = """
click: p.off
irreversible: Switches it off
object: "thing:one"
require: {text: {of: p.state, equals: 'on'}}
expect: {text: {of: p.state, equals: 'off'}}
"""
_INDENTED = PRESS.strip().replace("\n", "\n        ")
GOAL = f"""
- goto: /
- name: it is off
  goal: {{text: {{of: p.state, equals: 'off'}}}}
  not_yet: {{text: {{of: p.state, equals: 'on'}}}}
  do:
    - if: {{visible: p.off}}
      then:
      - {_INDENTED}
"""
_BARE = PRESS.strip().replace("\n", "\n  ")
BARE = f"""
- goto: /
- {_BARE}
"""


@pytest.mark.parametrize("is_dry", [True, False])
def test_what_is_not_so_yet_is_told_and_not_done(browser_choice: BrowserChoice, is_dry: bool) -> None:
    gate = RecordingGate()
    run = run_small(
        browser_choice, page=PAGE, selectors=SELECTORS, steps=GOAL, gate=gate, is_dry=is_dry, view="any"
    )
    assert run.posts == ([] if is_dry else ["/off"])
    assert len(gate.armed) == (0 if is_dry else 1)
    assert run.result.status is (Status.SKIPPED if is_dry else Status.PASSED)
    if is_dry:
        assert run.result.reason == "not so yet: it is off"


def test_a_goal_that_is_reached_is_nothing_to_do(browser_choice: BrowserChoice) -> None:
    page = PAGE.replace(">on<", ">off<")
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=GOAL, is_dry=True, view="any")
    assert (run.result.status, run.posts) == (Status.NOOP, [])


def test_what_stands_outside_of_a_goal_is_not_pressed_either(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate()
    run = run_small(
        browser_choice, page=PAGE, selectors=SELECTORS, steps=BARE, gate=gate, is_dry=True, view="any"
    )
    assert (run.posts, gate.armed) == ([], [])
    assert (run.result.status, run.result.acts) == (Status.SKIPPED, ())


OPENED = """
- goto: /
- click: p.off
- block: {reason: a person must decide, next: decide}
"""
COVERING = """
<button id=off onclick="document.getElementById('cover').hidden = false">Open</button>
<button id=state onclick="fetch('/pressed', {method: 'POST'})">Press</button>
<div id=cover hidden style="position: fixed; inset: 0; background: white">covers everything</div>
"""


def test_what_a_stopped_task_has_left_open_does_not_cover_the_next(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=COVERING,
        selectors=SELECTORS,
        before=OPENED,
        steps="- click: p.state",
        view="any",
    )
    assert (run.result.status, run.posts) == (Status.PASSED, ["/pressed"])
