"""A sign that is there on every clean page is no sign: an empty box ready for an error refuses nothing."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Noted, SignsShown
from robot.run.model import Status
from tests.browser.small_run import run_small

SELECTORS = """
go: {candidates: [{id: go}]}
done: {candidates: [{id: done}]}
alert: {candidates: [{css: "[role='alert']"}]}
empty: {candidates: [{text: Nothing here}]}
things:
  list:
    rows: [{css: li}]
    fields: {name: {}}
    key: name
    empty: p.empty
    errors: [p.alert]
"""
#: Sized, so that a browser calls it visible.
BOX = "<div role=alert style='padding: 10px; background: pink'>{inside}</div>"
PAGE = """
<button id=go>Go</button><p id=done hidden>Done</p><ul><li>one</li><li>two</li></ul><div id=boxes>{box}</div>
<template id=later>{later}</template>
<script>
document.getElementById('go').onclick = () => {{
  boxes.append(later.content.cloneNode(true));
  setTimeout(() => {{ done.hidden = {is_refused}; }}, 700);
}};
</script>"""
PRESS = """
- goto: /
- click: p.go
  expect: {visible: p.done}
  timeout: 4s
  refusals: [{when: {visible: p.alert}, says: the page said no}]
"""
READ = """
- goto: /
- read: {list: p.things, into: rows}
"""


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("", Status.PASSED),
        (" \n\t ", Status.PASSED),
        ("<span></span>", Status.PASSED),
        ("<span hidden>Wrong password</span>", Status.PASSED),
        ("Wrong password", Status.BLOCKED),
        ("<span>Wrong password</span>", Status.BLOCKED),
        ("<svg aria-label='Error' width=10 height=10></svg>", Status.BLOCKED),
    ],
)
def test_a_refusal_says_something(browser_choice: BrowserChoice, inside: str, status: Status) -> None:
    page = PAGE.format(box="", later=BOX.format(inside=inside), is_refused="false")
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=PRESS)
    assert run.result.status is status, run.result.problems
    if status is Status.BLOCKED:
        assert run.result.reason == "the page said no"


def test_a_refusal_that_was_shown_before_the_press_is_none(browser_choice: BrowserChoice) -> None:
    page = PAGE.format(box=BOX.format(inside="Mind the caps lock"), later="", is_refused="false")
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=PRESS)
    assert run.result.status is Status.PASSED, run.result.problems
    remarks = [event.text for event in run.of(Noted)]
    assert any("was shown before the press" in text and "Mind the caps lock" in text for text in remarks)


def test_a_box_that_says_something_else_after_the_press_refuses(browser_choice: BrowserChoice) -> None:
    page = PAGE.format(
        box=BOX.format(inside="Mind the caps lock"),
        later="<style>body{color:red}</style>",
        is_refused="!(document.querySelector('[role=alert]').textContent = 'Wrong password')",
    )
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=PRESS)
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "the page said no")


SIGNS = """
frozen: {candidates: [{css: .frozen}]}
others:
  list: {rows: [{css: dt}], fields: {name: {}}, key: name, empty: p.empty, errors: [p.frozen]}
"""


@pytest.mark.parametrize(
    ("head", "box", "shown"),
    [
        ("read_only: true", "<p class=frozen>Account frozen</p>", (("p.frozen", "Account frozen"),)),
        ("read_only: true", "<p class=frozen></p>", ()),
        ("read_only: true", "<p class=frozen hidden>Account frozen</p>", ()),
        ("read_only: false", "<p class=frozen>Account frozen</p>", ()),
    ],
    ids=["a sign", "an empty box", "a hidden one", "a task that presses"],
)
def test_a_sign_of_trouble_that_is_shown_where_nothing_is_wrong_is_told(
    browser_choice: BrowserChoice, head: str, box: str, shown: tuple[tuple[str, str], ...]
) -> None:
    page = PAGE.format(box=box, later="", is_refused="false")
    run = run_small(browser_choice, page=page, selectors=SELECTORS + SIGNS, steps=READ + READ, head=head)
    assert run.result.status.is_good, run.result.problems
    assert [event.signs for event in run.of(SignsShown)] == ([shown] if shown else [])


@pytest.mark.parametrize(("inside", "is_read"), [("", True), (" ", True), ("Something went wrong", False)])
def test_an_empty_box_for_an_error_keeps_no_list_from_being_read(
    browser_choice: BrowserChoice, inside: str, is_read: bool
) -> None:
    page = PAGE.format(box=BOX.format(inside=inside), later="", is_refused="false")
    run = run_small(
        browser_choice,
        page=page,
        selectors=SELECTORS,
        steps=READ,
        head="outputs: {rows: {type: list, about: Rows}}",
    )
    assert (run.result.outputs["rows"] == [{"name": "one"}, {"name": "two"}]) is is_read
    assert run.result.status.is_good is is_read, run.result.problems


SIGN_IN = (Path(__file__).parents[2] / "selectors/sign_in.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("boxes", "is_refused"),
    [
        ("<div role=alert style='padding: 9px'></div>", False),
        ("<div role=alert style='padding: 9px'><i></i></div><p role=alert><b>Wrong</b> password</p>", True),
        ("<p role=alert>Wrong password</p>", True),
    ],
)
def test_the_sign_in_page_refuses_by_its_words(
    browser_choice: BrowserChoice, boxes: str, is_refused: bool
) -> None:
    page = PAGE.format(box="", later=f"<div class=hl_login>{boxes}</div>", is_refused="false")
    shipped = dedent(SIGN_IN.split("targets:\n", 1)[1]).replace("sign_in.", "p.")
    run = run_small(
        browser_choice,
        page=page,
        selectors=SELECTORS + shipped,
        steps=PRESS.replace("p.alert", "p.error"),
    )
    assert (run.result.status is Status.BLOCKED) is is_refused, run.result.problems
