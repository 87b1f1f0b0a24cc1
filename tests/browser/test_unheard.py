"""A press that a page does not hear, since it was only just drawn, is made once more; an irreversible one never."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Noted
from robot.run.model import Status
from tests.browser.small_run import SmallRun, run_small

#: Counts presses where a reload does not forget them, and hears from press number `from` on.
PAGE = """
<h1>Things</h1><button id=open>Open</button> <input type=checkbox id=box><p id=opened hidden>It is open</p>
<p id=count></p>
<script>
const deaf = %d;
const show = () => (count.textContent = (localStorage.presses || 0) + ' presses');
const heard = () => (localStorage.presses = Number(localStorage.presses || 0) + 1, show(), localStorage.presses > deaf);
document.getElementById('open').onclick = () => { const is = heard(); SENT; if (is) opened.hidden = false; };
box.onclick = (event) => heard() || event.preventDefault();
show();
</script>"""

SELECTORS = """
heading: {candidates: [{role: heading, name: Things}]}
open: {candidates: [{id: open}]}
box: {candidates: [{id: box}]}
opened: {candidates: [{id: opened}]}
"""

OPEN = """
- goto: /
- click: p.open
  expect: {visible: p.opened}
"""

DESTROY = """
- goto: /
- goal: {visible: p.opened}
  not_yet: {visible: p.heading}
  do:
    - click: p.open
      irreversible: Opens it for good
      object: "thing:${today}"
      require: {visible: p.heading}
      expect: {text: {of: p.opened, equals: It is open}}
"""


def run_deaf(choice: BrowserChoice, steps: str, *, deaf: int, sent: str = "") -> SmallRun:
    return run_small(choice, page=PAGE.replace("SENT", sent) % deaf, selectors=SELECTORS, steps=steps)


def remarks(run: SmallRun) -> list[str]:
    return [event.text for event in run.of(Noted) if event.kind == "remark"]


def test_a_press_that_was_not_heard_is_made_once_more_and_noted(browser_choice: BrowserChoice) -> None:
    run = run_deaf(browser_choice, OPEN, deaf=1)
    assert run.result.status is Status.PASSED, run.result.problems
    assert "2 presses" in run.text
    assert [text for text in remarks(run) if "pressed once more" in text]


def test_one_that_was_heard_is_made_once(browser_choice: BrowserChoice) -> None:
    run = run_deaf(browser_choice, OPEN, deaf=0)
    assert run.result.status is Status.PASSED, run.result.problems
    assert "1 presses" in run.text
    assert remarks(run) == []


def test_one_that_is_never_heard_is_made_twice_at_most(browser_choice: BrowserChoice) -> None:
    run = run_deaf(browser_choice, OPEN, deaf=9)
    assert run.result.status is Status.FAILED
    assert "2 presses" in run.text


def test_one_that_sent_something_is_not_repeated(browser_choice: BrowserChoice) -> None:
    run = run_deaf(browser_choice, OPEN, deaf=9, sent="fetch('/open', {method: 'POST'})")
    assert run.result.status is Status.FAILED
    assert run.posts == ["/open"]


@pytest.mark.parametrize("expect", ["", "\n  expect: {visible: p.box}"])
def test_a_box_that_stayed_as_it_was_is_ticked_once_more(browser_choice: BrowserChoice, expect: str) -> None:
    run = run_deaf(browser_choice, f"- goto: /\n- check: p.box{expect}", deaf=1)
    assert run.result.status is Status.PASSED, run.result.problems
    assert "2 presses" in run.text


def test_what_cannot_be_undone_is_pressed_once_whether_heard_or_not(browser_choice: BrowserChoice) -> None:
    run = run_deaf(browser_choice, DESTROY, deaf=1)
    assert run.result.status is Status.UNKNOWN
    assert "1 presses" in run.text
    assert len(run.gate.armed) == 1
    assert remarks(run) == []
