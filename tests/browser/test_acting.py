"""One press at most, through the gate, on exactly one element, with a picture before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from robot.executor import actions
from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Acted, Armed, Drifted, Pictured
from robot.run.model import Status
from tests.browser.small_run import SHORT, RecordingGate, run_small

LIST = """
<h1>Things</h1><p id=count></p><ul id=list></ul><p id=empty hidden>Nothing here</p>
<script>
let things = (new URLSearchParams(location.search).get('n') || 'one,two,three').split(',').filter(Boolean);
function draw() {
  list.innerHTML = things.map(t => `<li data-id="${t}">${t} <button aria-label="Delete ${t}" onclick="drop('${t}')">x</button></li>`).join('');
  count.textContent = things.length + ' things';
  empty.hidden = things.length > 0;
}
function drop(t) { fetch('/drop/' + t, {method: 'POST'}); things = things.filter(x => x !== t); draw(); }
setTimeout(draw, 200);
</script>"""

SELECTORS = """
count: {candidates: [{id: count}]}
empty: {candidates: [{text: Nothing here}]}
things:
  list:
    rows: [{css: 'li[data-id]'}]
    fields: {name: {attribute: data-id}}
    key: name
    row: {css: "li[data-id='${key}']"}
    empty: p.empty
    count: p.count
delete: {row_of: p.things, candidates: [{role: button}]}
heading: {candidates: [{role: heading, name: Things}]}
any_button: {candidates: [{role: button}]}
renamed: {candidates: [{id: not-there-any-more}, {role: heading, name: Things}]}
"""

DELETE_ALL = """
- goto: /
- goal: {none: p.things}
  do:
    - for_each: {list: p.things, as: row}
      do:
        - click: {target: p.delete, row: "${row.name}"}
          irreversible: Destroys ${row.name}
          object: "thing:${row.name}"
          require: {visible: p.heading}
          expect: {no_row: {list: p.things, row: "${row.name}"}}
"""


def test_each_row_is_deleted_once_and_pictured(browser_choice: BrowserChoice) -> None:
    run = run_small(browser_choice, page=LIST, selectors=SELECTORS, steps=DELETE_ALL)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/drop/one", "/drop/two", "/drop/three"]
    assert [intent.object for intent in run.gate.armed] == ["thing:one", "thing:two", "thing:three"]
    assert run.gate.settled == [(f"thing:{name}", Status.PASSED) for name in ("one", "two", "three")]
    pictures = run.of(Pictured)
    assert [picture.moment for picture in pictures] == ["before", "after"] * 3
    assert all(picture.image.startswith(b"\xff\xd8") for picture in pictures)
    assert all(picture.mark is not None for picture in pictures if picture.moment == "before")


def test_a_goal_that_holds_is_noop_and_nothing_is_armed(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps=DELETE_ALL.replace("goto: /", "goto: /?n=,"),
        head="inputs: {location_id: {about: The customer}}",
        inputs={"location_id": "hK3vQ9mTz7LpX2cRb8Nd"},
    )
    assert run.result.status is Status.NOOP, run.result.problems
    assert run.posts == []
    assert run.gate.armed == []
    assert run.gate.confirmed == ["small"]


def test_nothing_is_pressed_when_the_gate_refuses(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice, page=LIST, selectors=SELECTORS, steps=DELETE_ALL, gate=RecordingGate(refuses=True)
    )
    assert run.result.status is Status.BLOCKED
    assert run.result.reason == "the gate is closed"
    assert run.posts == []
    assert run.of(Armed) == []
    assert run.of(Acted) == []


def test_two_matches_are_refused_and_both_are_told(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps="""
        - goto: /
        - click: p.any_button
        """,
    )
    assert run.result.status is Status.BLOCKED
    problem = run.result.problems[0]
    assert "'p.any_button' matched more than one element" in problem.what
    assert "3 visible" in dict(problem.details)["tried"]
    assert run.posts == []


def test_a_guard_that_does_not_hold_stops_before_the_gate(browser_choice: BrowserChoice) -> None:
    steps = DELETE_ALL.replace(
        "require: {visible: p.heading}", "require: {text: {of: p.heading, equals: Other things}}"
    )
    run = run_small(browser_choice, page=LIST, selectors=SELECTORS, steps=steps)
    assert run.result.status is Status.BLOCKED
    assert "a required condition does not hold" in run.result.reason
    assert run.gate.armed == []
    assert run.posts == []


def test_an_effect_that_is_not_seen_is_unknown_and_not_pressed_again(browser_choice: BrowserChoice) -> None:
    page = LIST.replace("things = things.filter(x => x !== t); draw();", "")
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=DELETE_ALL)
    assert run.result.status is Status.UNKNOWN
    assert run.posts == ["/drop/one"]
    assert run.gate.settled == [("thing:one", Status.UNKNOWN)]


def test_a_later_candidate_is_taken_and_told_as_drift(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps="""
        - goto: /
        - hover: p.renamed
        """,
    )
    assert run.result.status is Status.PASSED, run.result.problems
    (drift,) = run.of(Drifted)
    assert drift.target == "p.renamed"
    assert drift.expected == 'id "not-there-any-more"'
    assert drift.matched == 'role=heading "Things"'


def test_a_stop_is_heeded_before_the_next_act(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate()
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps=DELETE_ALL,
        gate=gate,
        is_stopped=lambda: len(gate.settled) == 1,
    )
    assert run.result.status is Status.CANCELLED
    assert run.posts == ["/drop/one"]


@pytest.mark.parametrize("seconds", [9, 60])
def test_what_was_written_down_long_ago_is_not_pressed(browser_choice: BrowserChoice, seconds: int) -> None:
    """As by a process that was stopped in between, or on a machine that slept: others may have gone on meanwhile."""
    ahead = timedelta()

    def sleep() -> None:
        nonlocal ahead
        ahead += timedelta(seconds=seconds)

    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps=DELETE_ALL,
        gate=RecordingGate(meanwhile=sleep),
        now=lambda: datetime.now(UTC) + ahead,
    )
    if seconds < 10:
        assert run.result.status is Status.PASSED, run.result.problems
        return
    assert run.result.status is Status.FAILED
    assert run.result.reason == (
        "60 s went by between writing down and pressing: the process was stopped, or its machine"
    )
    assert run.gate.settled == [("thing:one", Status.FAILED)]
    assert [(act.object, act.status) for act in run.result.acts] == [("thing:one", Status.FAILED)]
    assert run.posts == []
    assert [event.pressed for event in run.of(Acted)] == [False]


STARTS_ONLY = """
- goto: /
- goal: {none: p.things}
  do:
    - click: {target: p.delete, row: one}
      irreversible: Destroys one
      object: "thing:one"
      require: {visible: p.heading}
      expect: {visible: p.heading}
      ends_later: true
"""


def test_the_end_of_an_act_is_not_taken_from_the_goal_of_another_task(browser_choice: BrowserChoice) -> None:
    """The first task starts something and never sees its goal; the second one reaches its own."""
    run = run_small(browser_choice, page=LIST, selectors=SELECTORS, before=STARTS_ONLY, steps=DELETE_ALL)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.gate.settled[0] == ("thing:one", Status.UNKNOWN)
    assert [one for one in run.gate.settled[1:] if one[0] == "thing:one"] == [("thing:one", Status.PASSED)]
    assert [act.object for act in run.result.acts] == ["thing:one", "thing:two", "thing:three"]


def test_what_ends_later_is_waited_for_no_longer_than_one_is_told(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps=STARTS_ONLY.replace("goal: {none: p.things}", "goal: {none: p.things}\n  within: 15m"),
        timeouts=replace(SHORT, ends_later=300),
    )
    assert (run.result.status, run.result.goes_on) == (Status.UNKNOWN, True)
    assert run.result.reason.startswith("it has begun, and has not ended yet: ")
    assert run.result.problems[0].next.startswith("nothing: it is looked at again later")
    assert run.gate.settled == [("thing:one", Status.UNKNOWN)]


def test_what_an_earlier_run_has_begun_is_waited_for_no_longer_either(browser_choice: BrowserChoice) -> None:
    steps = """
    - goto: /
    - goal: {none: p.things}
      within: 15m
      do:
        - hover: p.heading
    """
    for awaited, status in ((set(), Status.FAILED), ({"small"}, Status.UNKNOWN)):
        run = run_small(
            browser_choice,
            page=LIST,
            selectors=SELECTORS,
            head="inputs: {location_id: {type: location_id, about: x}}",
            inputs={"location_id": "hK3vQ9mTz7LpX2cRb8Nd"},
            steps=steps if awaited else steps.replace("15m", "1s"),
            gate=RecordingGate(awaited=awaited),
            timeouts=replace(SHORT, ends_later=300),
        )
        assert (run.result.status, run.result.goes_on) == (status, bool(awaited)), run.result.reason
        assert run.posts == []


def test_rows_that_cannot_be_told_apart_are_refused(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=LIST,
        selectors=SELECTORS,
        steps=DELETE_ALL.replace("goto: /", "goto: /?n=one,one,two"),
    )
    assert run.result.status is Status.BLOCKED
    assert "cannot be told apart" in run.result.reason
    assert run.posts == []


CLOSING = """
<div id=dialog>Sure? <button onclick="fetch('/cancel', {method: 'POST'})">Cancel</button></div>
<style>@keyframes slide { to { margin-left: 300px } } #dialog { animation: slide 60s linear }</style>
<script>setTimeout(() => dialog.remove(), 1500)</script>"""

CLOSING_SELECTORS = """
dialog: {candidates: [{id: dialog}]}
cancel: {in: p.dialog, candidates: [{role: button, name: Cancel}]}
"""


def test_a_dialog_that_closes_by_itself_while_its_cancel_is_sought_is_closed(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ACT_MS", 3000)
    run = run_small(
        browser_choice,
        page=CLOSING,
        selectors=CLOSING_SELECTORS,
        steps="""
        - goto: /
        - click: p.cancel
          expect: {closed: p.dialog}
        """,
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == []


def test_a_button_that_stays_disabled_is_told_by_its_guard(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ACT_MS", 500)
    run = run_small(
        browser_choice,
        page="<p id=body>Delete two?</p><button disabled>Confirm</button>",
        selectors="{body: {candidates: [{id: body}]}, confirm: {candidates: [{role: button}]}}",
        steps="""
        - goto: /
        - click: p.confirm
          irreversible: Destroys one
          object: "thing:one"
          require: {text: {of: p.body, contains: one}}
          expect: {closed: p.confirm}
        """,
    )
    assert run.result.status is Status.BLOCKED
    assert "'p.body' says 'Delete two?'" in run.result.reason
    assert run.gate.armed == []


COVERED = """
<h1>Things</h1><button id=go style="width: 120px; height: 40px" onclick="out.textContent = 'pressed'">Go</button>
<p id=out>nothing yet</p>
<button id=over style="position: fixed; left: %s; top: 0; width: %s; height: 300px"
  onclick="out.textContent = 'wrong'">Need help?</button>"""
GO = """
go: {candidates: [{id: go}]}
out: {candidates: [{id: out}]}
"""


@pytest.mark.parametrize(
    "act", ["", "irreversible: Goes, object: 'thing:${today}', require: {visible: p.out}, "]
)
def test_what_is_covered_in_its_middle_is_pressed_beside_that(
    browser_choice: BrowserChoice, act: str
) -> None:
    done = "{text: {of: p.out, equals: pressed}}"
    steps = f"- goto: /\n- goal: {done}\n  do: [{{click: p.go, {act}expect: {done}}}]"
    run = run_small(browser_choice, page=COVERED % ("30px", "70px"), selectors=GO, steps=steps)
    assert run.result.status is Status.PASSED, run.result.problems
    assert "wrong" not in run.text


def test_what_is_covered_whole_is_not_pressed(browser_choice: BrowserChoice) -> None:
    steps = "- goto: /\n- click: p.go\n  expect: {text: {of: p.out, equals: pressed}}"
    run = run_small(browser_choice, page=COVERED % ("0", "600px"), selectors=GO, steps=steps)
    assert run.result.status is Status.FAILED
    assert "nothing yet" in run.text


@pytest.mark.parametrize(("given", "typed"), [({}, False), ({"word": ""}, False), ({"word": "abc"}, True)])
def test_a_secret_that_was_not_given_is_not_typed_as_nothing(
    browser_choice: BrowserChoice, given: dict[str, str], typed: bool
) -> None:
    run = run_small(
        browser_choice,
        page="""<input id=field oninput="fetch('/typed', {method: 'POST'})">""",
        selectors="field: {candidates: [{id: field}]}",
        steps="- goto: /\n- fill: {target: p.field, value: '${word}'}\n",
        head="inputs: {word: {about: x, secret: true, optional: true}}",
        inputs=given,
    )
    if typed:
        assert run.result.status.is_good, run.result.problems
    else:
        assert run.result.reason == "'word' was not given, and nothing can be typed for it"
        assert run.posts == []
