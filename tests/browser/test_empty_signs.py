"""A sign that is there on every clean page is no sign: an empty box ready for an error refuses nothing."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from robot.executor.browser_finder import BrowserChoice
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
<button id=go>Go</button><p id=done hidden>Done</p><ul><li>one</li><li>two</li></ul>{box}
<script>
document.getElementById('go').onclick = () => {{ setTimeout(() => {{ done.hidden = {is_refused}; }}, 700); }};
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
    page = PAGE.format(box=BOX.format(inside=inside), is_refused="false")
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=PRESS)
    assert run.result.status is status, run.result.problems
    if status is Status.BLOCKED:
        assert run.result.reason == "the page said no"


@pytest.mark.parametrize(("inside", "is_read"), [("", True), (" ", True), ("Something went wrong", False)])
def test_an_empty_box_for_an_error_keeps_no_list_from_being_read(
    browser_choice: BrowserChoice, inside: str, is_read: bool
) -> None:
    page = PAGE.format(box=BOX.format(inside=inside), is_refused="false")
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
    page = PAGE.format(box=f"<div class=hl_login>{boxes}</div>", is_refused="false")
    shipped = dedent(SIGN_IN.split("targets:\n", 1)[1]).replace("sign_in.", "p.")
    run = run_small(
        browser_choice,
        page=page,
        selectors=SELECTORS + shipped,
        steps=PRESS.replace("p.alert", "p.error"),
    )
    assert (run.result.status is Status.BLOCKED) is is_refused, run.result.problems
