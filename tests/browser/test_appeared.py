"""A message of this press is told from one of an earlier press that is still shown."""

from __future__ import annotations

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import run_small

#: Each press of "Save" says so for good; "Clear" only works once. An old message is there from the start.
PAGE = """
<button id=save onclick="say('Saved')">Save</button>
<button id=clear onclick="this.dataset.done ? 0 : say('Cleared'); this.dataset.done = 1">Clear</button>
<div id=messages><p class=message>Saved</p></div>
<script>function say(text) { messages.insertAdjacentHTML('beforeend', `<p class=message>${text}</p>`); }</script>"""
SELECTORS = """
save: {candidates: [{id: save}]}
clear: {candidates: [{id: clear}]}
saved: {kind: dialog, candidates: [{css: .message, has_text: Saved}]}
cleared: {kind: dialog, candidates: [{css: .message, has_text: Cleared}]}
"""
SAVE = "- click: p.save\n  expect: {appeared: p.saved}\n"
CLEAR = "- click: p.clear\n  expect: {appeared: p.cleared}\n"


def test_a_new_message_counts_though_older_ones_stay(browser_choice: BrowserChoice) -> None:
    steps = "- goto: /\n" + SAVE + SAVE
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=steps)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.text.count("Saved") == 3


def test_an_older_message_does_not_count(browser_choice: BrowserChoice) -> None:
    steps = "- goto: /\n" + CLEAR + CLEAR
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=steps)
    assert run.result.status is Status.FAILED
    assert "no new 'p.cleared'" in dict(run.result.problems[0].details)["found"]
    assert run.text.count("Cleared") == 1


def test_a_refusal_of_an_earlier_press_is_not_taken_for_this_one(browser_choice: BrowserChoice) -> None:
    refusals = "  refusals: [{when: {appeared: p.saved}, says: it was refused}]\n"
    steps = "- goto: /\n" + CLEAR + refusals + SAVE.replace("p.saved", "p.cleared") + refusals
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=steps)
    assert run.result.status is Status.BLOCKED
    assert run.result.reason == "it was refused"
    assert run.text.count("Saved") == 2


def test_everything_is_new_in_another_document(browser_choice: BrowserChoice) -> None:
    page = PAGE.replace("say('Saved')\"", "location = '/saved'\"")
    run = run_small(
        browser_choice,
        page=page,
        selectors=SELECTORS,
        steps="- goto: /\n" + SAVE,
        pages={"/saved": "<p class=message>Saved</p>"},
    )
    assert run.result.status is Status.PASSED, run.result.problems
