"""What an earlier run has pressed may still take effect for a while: then it is looked at again, and done if not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Noted
from robot.run.model import Status
from tests.browser.small_run import RecordingGate, run_small
from tests.browser.test_unplanned import PAGE, SELECTORS, STEPS

#: As the page of the other rows, which are gone for good here.
LASTING = PAGE.replace(
    "<script>",
    """<script>
for (const row of document.querySelectorAll('.row'))
  if (localStorage.getItem(row.querySelector('.name').textContent)) row.remove();
document.getElementById('empty').hidden = document.querySelector('.row') !== null;
""",
).replace(
    "  fetch(",
    "  localStorage.setItem(button.closest('tr').querySelector('.name').textContent, 'gone');\n  fetch(",
)
#: A row that stops leaves the others to be worked.
RECOVERING = STEPS.replace(
    'object: "thing:${row.name}"}', 'object: "thing:${row.name}", recover: [{goto: /}]}'
)
ONE_ROW = """
- goto: /
- click: {target: p.delete, row: two}
  irreversible: Deletes two
  object: "thing:two"
  require: {row: {list: p.rows, row: two}}
  expect: {no_row: {list: p.rows, row: two}}
"""


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_a_short_doubt_is_waited_out_and_the_other_rows_are_worked_meanwhile(
    browser_choice: BrowserChoice,
) -> None:
    until = soon(6)
    gate = RecordingGate(in_doubt={"thing:one": until})
    run = run_small(
        browser_choice, page=LASTING, selectors=SELECTORS, steps=RECOVERING, gate=gate, view="any"
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.result.in_doubt_until is None
    assert run.posts == ["/delete/two", "/delete/three", "/delete/one"]
    assert gate.armed[-1].at >= until
    assert [event.text for event in run.of(Noted) if event.kind == "remark"] == [
        f"starting over at {until:%H:%M:%S} UTC, since thing:one is in doubt"
    ]


def test_a_short_doubt_of_a_single_act_is_waited_out(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate(in_doubt={"thing:two": soon(4)})
    run = run_small(browser_choice, page=LASTING, selectors=SELECTORS, steps=ONE_ROW, gate=gate, view="any")
    assert (run.result.status, run.posts) == (Status.PASSED, ["/delete/two"]), run.result.problems


def test_a_long_doubt_is_told_and_not_waited_out(browser_choice: BrowserChoice) -> None:
    until = soon(3600)
    gate = RecordingGate(in_doubt={"thing:one": until, "thing:two": soon(5)})
    run = run_small(
        browser_choice, page=LASTING, selectors=SELECTORS, steps=RECOVERING, gate=gate, view="any"
    )
    assert (run.result.status, run.result.in_doubt_until) == (Status.BLOCKED, until)
    assert [problem.what for problem in run.result.problems] == [
        "thing:one is in doubt",
        "thing:two is in doubt",
    ]
    assert run.posts == ["/delete/three"]


def test_a_person_is_asked_once_nothing_is_in_doubt_any_more(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate(in_doubt={"thing:one": soon(5)}, unplanned=("thing:two",))
    run = run_small(
        browser_choice, page=LASTING, selectors=SELECTORS, steps=RECOVERING, gate=gate, view="any"
    )
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "thing:two is not planned")
    assert run.result.in_doubt_until is None
    assert run.posts == ["/delete/three", "/delete/one"]


def test_a_wait_can_be_ended(browser_choice: BrowserChoice) -> None:
    asked = RecordingGate(in_doubt={"thing:two": soon(50)})
    began = datetime.now(UTC)
    run = run_small(
        browser_choice,
        page=LASTING,
        selectors=SELECTORS,
        steps=ONE_ROW,
        gate=asked,
        view="any",
        is_stopped=lambda: datetime.now(UTC) > began + timedelta(seconds=8),
    )
    assert (run.result.status, run.posts) == (Status.CANCELLED, [])
