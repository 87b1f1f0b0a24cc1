"""What the browser asks by itself is answered as the flow says; anything else is turned down, and told at once."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import SmallRun, run_small

SELECTORS = """
kill: {candidates: [{id: kill}]}
done: {candidates: [{id: done}]}
"""
PAGE = """<button id=kill onclick="ASK">Kill</button><p id=done hidden>Gone</p><script>
const gone = () => fetch('/kill', {method: 'POST'}).then(() => { done.hidden = false });
</script>"""
STEPS = """
- goto: /
- click: p.kill
  expect: {visible: p.done}
  timeout: 8s
"""
MARKED = """
  irreversible: Kills it
  object: "thing:1"
  require: {visible: p.kill}
"""


def press(choice: BrowserChoice, ask: str, dialog: str = "", *, is_marked: bool = False) -> SmallRun:
    steps = STEPS + (f"  dialog: {dialog}\n" if dialog else "") + (MARKED if is_marked else "")
    return run_small(choice, page=PAGE.replace("ASK", ask), selectors=SELECTORS, steps=steps)


CONFIRM = "if (confirm('Delete\\n  Acme?')) gone()"


@pytest.mark.parametrize("is_marked", [False, True], ids=["reversible", "irreversible"])
@pytest.mark.parametrize("dialog", ["accept", "{answer: accept, says: Delete Acme?}"])
def test_a_dialog_that_the_flow_expects_is_accepted(
    browser_choice: BrowserChoice, dialog: str, is_marked: bool
) -> None:
    run = press(browser_choice, CONFIRM, dialog, is_marked=is_marked)
    assert (run.result.status, run.posts) == (Status.PASSED, ["/kill"]), run.result.problems


@pytest.mark.parametrize("is_marked", [False, True], ids=["reversible", "irreversible"])
@pytest.mark.parametrize(
    ("ask", "dialog", "said"),
    [
        (CONFIRM, "", "the browser asks 'Delete Acme?', and the flow does not say how to answer"),
        (
            CONFIRM,
            "{answer: accept, says: Delete Acm?}",
            "the browser asks 'Delete Acme?', and 'Delete Acm?' was",
        ),
        ("if (prompt('Type DELETE')) gone()", "", "the browser asks 'Type DELETE', and the flow does not"),
        ("if (confirm('One?') && confirm('Two?')) gone()", "accept", "the browser asks 'Two?', and the flow"),
        ("window.open('/other')", "", "a new window opened"),
    ],
)
def test_what_no_flow_expects_is_told_at_once(
    browser_choice: BrowserChoice, ask: str, dialog: str, said: str, is_marked: bool
) -> None:
    run = press(browser_choice, ask, dialog, is_marked=is_marked)
    assert run.result.status is Status.BLOCKED, run.result.problems
    assert said in run.result.reason
    assert run.posts == []
    pressed = run.result.steps[-1]
    # Long before the 8 s for which its effect would be looked for.
    assert (pressed.ended_at - pressed.started_at).total_seconds() < 5
    if is_marked:
        assert run.gate.settled == [("thing:1", Status.FAILED)]


def test_one_that_was_turned_down_after_something_was_sent_leaves_it_open(
    browser_choice: BrowserChoice,
) -> None:
    run = press(browser_choice, "gone().then(() => confirm('Really?'))", is_marked=True)
    assert run.result.status is not Status.BLOCKED
    assert run.gate.settled[-1][1] is not Status.FAILED


def test_a_message_is_no_question(browser_choice: BrowserChoice) -> None:
    run = press(browser_choice, "alert('Well'); gone()")
    assert (run.result.status, run.posts) == (Status.PASSED, ["/kill"]), run.result.problems


def test_one_that_the_flow_turns_down(browser_choice: BrowserChoice) -> None:
    run = press(browser_choice, "if (!confirm('Keep it?')) gone()", "dismiss")
    assert (run.result.status, run.posts) == (Status.PASSED, ["/kill"]), run.result.problems


def test_a_window_that_the_flow_expects_is_closed(browser_choice: BrowserChoice) -> None:
    steps = STEPS + "  new_window: close\n"
    run = run_small(
        browser_choice,
        page=PAGE.replace("ASK", "window.open('/other'); gone()"),
        selectors=SELECTORS,
        steps=steps,
    )
    assert (run.result.status, run.posts) == (Status.PASSED, ["/kill"]), run.result.problems
