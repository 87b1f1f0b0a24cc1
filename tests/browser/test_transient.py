"""What a page shows for two frames after a press is seen, however the page shows it and the selectors tell it."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import SmallRun, run_small

SELECTORS = """
go: {candidates: [{id: go}]}
never: {candidates: [{id: never}]}
box: {candidates: [{id: box}]}
by_css: {candidates: [{css: .toast}]}
by_words: {candidates: [{css: ".toast:has-text('Could not')"}]}
by_has_text: {candidates: [{css: p, has_text: could not}]}
by_role: {candidates: [{role: alert}]}
by_name: {candidates: [{role: alert, name: Could not do it}]}
by_text: {candidates: [{text: Could not do it}]}
by_part: {candidates: [{text: could NOT, match: contains}]}
by_pattern: {candidates: [{text: "^Could not", match: regex}]}
by_title: {candidates: [{title: Refused}]}
by_test_id: {candidates: [{test_id: toast}]}
by_id: {candidates: [{id: toast}]}
inside: {in: p.box, candidates: [{css: .toast}]}
by_not: {candidates: [{css: .toast, has_not_text: all went well}]}
vetoed: {candidates: [{css: .toast, has_not_text: could not}]}
second: {candidates: [{css: .other}, {css: .toast}]}
"""
TOAST = "<p class=toast id=toast role=alert title=Refused data-testid=toast>Could not do it</p>"
COMES = f"""
<button id=go onclick="setTimeout(flash, 150)">Go</button><div id=box></div>
<script>
const frames = (number, then) => number ? requestAnimationFrame(() => frames(number - 1, then)) : then();
function flash() {{ box.innerHTML = `{TOAST}`; frames(2, () => {{ box.innerHTML = '' }}) }}
</script>
"""
STEPS = """
- goto: /
- click: p.go
  expect: {visible: p.never}
  refusals:
    - when: {LOOK: p.TARGET}
      says: it was refused
"""
EVERY_WAY = "by_css by_words by_has_text by_role by_name by_text by_part by_pattern by_title by_test_id by_id by_not inside second"


def press(choice: BrowserChoice, page: str, target: str, look: str = "visible") -> SmallRun:
    steps = STEPS.replace("LOOK", look).replace("TARGET", target)
    return run_small(choice, page=page, selectors=SELECTORS, steps=steps)


def test_a_refusal_that_comes_and_goes_is_seen(browser_choice: BrowserChoice) -> None:
    ways = EVERY_WAY.split()
    missed = []
    for number, target in enumerate(ways):
        run = press(browser_choice, COMES, target, ("visible", "appeared")[number % 2])
        found = [
            detail for problem in run.result.problems for name, detail in problem.details if name == "found"
        ]
        if (run.result.status, run.result.reason) != (Status.BLOCKED, "it was refused") or (
            "Could not do it" not in found[0]
        ):
            missed.append((target, run.result.status, run.result.problems))
    assert not missed


def test_a_message_that_is_unhidden_for_a_moment_is_seen(browser_choice: BrowserChoice) -> None:
    page = COMES.replace("<div id=box></div>", f"<div id=box hidden>{TOAST}</div>").replace(
        f"box.innerHTML = `{TOAST}`; frames(2, () => {{ box.innerHTML = '' }})",
        "box.hidden = false; frames(2, () => { box.hidden = true })",
    )
    run = press(browser_choice, page, "by_css")
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "it was refused")


@pytest.mark.parametrize("target", ["by_css", "by_role"])
def test_a_message_on_the_page_that_the_press_leads_to_is_seen(
    browser_choice: BrowserChoice, target: str
) -> None:
    run = run_small(
        browser_choice,
        page="<button id=go onclick=\"location.href = '/next'\">Go</button>",
        pages={"/next": COMES + "<script>setTimeout(flash, 600)</script>"},
        selectors=SELECTORS,
        steps=STEPS.replace("LOOK", "visible").replace("TARGET", target),
    )
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "it was refused")


def test_an_expected_message_that_comes_and_goes_is_seen(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=COMES,
        selectors=SELECTORS,
        steps="- goto: /\n- click: p.go\n  expect: {appeared: p.by_words}\n",
    )
    assert run.result.status == Status.PASSED, run.result.problems


@pytest.mark.parametrize(
    ("page", "look", "target"),
    [
        pytest.param(COMES.replace("Could not do it", "  "), "visible", "by_css", id="an empty box"),
        pytest.param(COMES, "visible", "vetoed", id="one that the candidate leaves out"),
        pytest.param(
            '<button id=go onclick="this.className += 1; setTimeout(() => box.remove(), 300)">Go</button>'
            f"<div id=box>{TOAST}</div>",
            "appeared",
            "by_css",
            id="one of before",
        ),
        pytest.param(
            "<button id=go onclick=\"box.innerHTML = '<p class=toast aria-label=No hidden>No</p>'\">Go</button><div id=box></div>",
            "visible",
            "by_css",
            id="one that nobody sees",
        ),
    ],
)
def test_what_says_nothing_or_is_of_before_is_no_message(
    browser_choice: BrowserChoice, page: str, look: str, target: str
) -> None:
    run = press(browser_choice, page, target, look)
    assert run.result.status == Status.FAILED
    assert run.result.reason.startswith("not seen within"), run.result.reason
