"""A choice is made on a page that has come to rest, by what it says; what it cannot tell is neither yes nor no."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import SmallRun, run_small

SELECTORS = """
badge: {candidates: [{css: .badge}]}
loose: {candidates: [{css: .never}, {css: .badge, has_not_text: draft}]}
panel: {candidates: [{css: .panel}]}
inner: {in: p.panel, candidates: [{css: .inner}]}
field: {candidates: [{id: field}]}
keep: {candidates: [{id: keep}]}
go: {candidates: [{id: go}]}
empty: {candidates: [{id: empty}]}
rows:
  list: {rows: [{css: .row}], fields: {name: {css: .name}}, key: name, empty: p.empty}
part: {row_of: p.rows, candidates: [{css: .name}]}
toast: {candidates: [{css: .toast}]}
"""
BUTTONS = """<button id=keep onclick="fetch('/kept', {method: 'POST'})">Keep</button>
<button id=go onclick="fetch('/gone', {method: 'POST'})">Go</button>"""
CHOICE = """
- goto: /
- if: LOOK
  then: [{click: p.keep}]
  else: [{click: p.go}]
"""


def choose(choice: BrowserChoice, page: str, look: str = "{visible: p.badge}") -> SmallRun:
    return run_small(choice, page=BUTTONS + page, selectors=SELECTORS, steps=CHOICE.replace("LOOK", look))


def test_what_is_there_once_is_yes(browser_choice: BrowserChoice) -> None:
    run = choose(browser_choice, "<b class=badge>Keep</b>")
    assert (run.result.status, run.posts) == (Status.PASSED, ["/kept"]), run.result.problems


@pytest.mark.parametrize(("badge", "post"), [("Final", "/kept"), ("A Draft", "/gone")])
def test_a_later_candidate_leaves_out_what_it_must_not_hold(
    browser_choice: BrowserChoice, badge: str, post: str
) -> None:
    run = choose(browser_choice, f"<b class=badge>{badge}</b>", "{visible: p.loose}")
    assert (run.result.status, run.posts) == (Status.PASSED, [post]), run.result.problems


def test_what_is_not_there_on_a_page_at_rest_is_no(browser_choice: BrowserChoice) -> None:
    run = choose(browser_choice, "<p>Nothing to see</p>")
    assert (run.result.status, run.posts) == (Status.PASSED, ["/gone"]), run.result.problems


@pytest.mark.parametrize(
    ("page", "look"),
    [
        ("<b class=badge>A</b><b class=badge>B</b>", "{visible: p.badge}"),
        ("<div class=panel><i class=inner>x</i></div><div class=panel>y</div>", "{visible: p.inner}"),
        ("<b class=badge>A</b><b class=badge>B</b>", "{text: {of: p.badge, equals: A}}"),
        ("<b class=badge>A</b><b class=badge>B</b>", "{not: {visible: p.badge}}"),
        ("<b class=badge>A</b><b class=badge>B</b>", "{not: {not: {visible: p.badge}}}"),
        ("<b class=badge>A</b><b class=badge>B</b>", "{any: [{visible: p.badge}, {visible: p.field}]}"),
        ("<b class=badge>A</b><b class=badge>B</b>", "{every: [{visible: p.badge}]}"),
        ("", "{visible: {target: p.part, row: one}}"),
        (
            "<div class=row><b class=name>one</b></div><div class=row><b class=name>one</b></div>",
            "{row: {list: p.rows, row: one}}",
        ),
    ],
)
def test_what_cannot_be_told_is_neither(browser_choice: BrowserChoice, page: str, look: str) -> None:
    run = choose(browser_choice, page, look)
    assert run.result.status is Status.FAILED
    assert run.posts == []
    assert "cannot tell whether" in run.result.reason


@pytest.mark.parametrize(
    "script",
    [
        "setTimeout(show, 1000)",
        "fetch('/slow').then(show)",
        "fetch('/slow').then(() => setTimeout(show, 300))",
        "{ const one = new XMLHttpRequest(); one.open('GET', '/slow'); one.onload = show; one.send() }",
    ],
)
def test_what_comes_late_is_waited_for(browser_choice: BrowserChoice, script: str) -> None:
    page = f"<script>const show = () => document.body.insertAdjacentHTML('beforeend', '<b class=badge>Keep</b>'); {script}</script>"
    run = run_small(
        browser_choice,
        page=BUTTONS + page,
        selectors=SELECTORS,
        steps=CHOICE.replace("LOOK", "{visible: p.badge}"),
        pages={"/slow": "late"},
        slow={"/slow": 1.0},
    )
    assert run.posts == ["/kept"], run.result.problems


def test_a_page_that_never_rests_is_believed_once_it_says_the_same_for_long(
    browser_choice: BrowserChoice,
) -> None:
    page = "<ul id=clock></ul><script>setInterval(() => { clock.innerHTML = '<li>' + Date.now() + '</li>' }, 300)</script>"
    run = run_small(
        browser_choice,
        page=BUTTONS + page,
        selectors=SELECTORS,
        steps=CHOICE.replace("- if: LOOK", "- if: {visible: p.badge}\n  timeout: 15s"),
    )
    assert run.posts == ["/gone"], run.result.problems


@pytest.mark.parametrize(
    ("look", "posts"),
    [
        ("{not: {visible: p.badge}}", ["/kept"]),
        ("{not: {visible: p.keep}}", ["/gone"]),
        ("{not: {value: {of: p.field, equals: abc}}}", ["/kept"]),
        ("{not: {holds: 1 == 1}}", ["/gone"]),
        ("{value: {of: p.field, matches: x}}", ["/gone"]),
        ("{any: [{visible: p.badge}, {visible: p.keep}]}", ["/kept"]),
        ("[{visible: p.keep}, {visible: p.badge}]", ["/gone"]),
        ("{every: [{visible: p.keep}, {not: {visible: p.badge}}]}", ["/kept"]),
        ("{closed: p.badge}", ["/kept"]),
        ("{closed: p.keep}", ["/gone"]),
        ("{enabled: p.field}", ["/gone"]),
    ],
)
def test_yes_and_no(browser_choice: BrowserChoice, look: str, posts: list[str]) -> None:
    run = choose(browser_choice, "<input id=field value=other disabled>", look)
    assert run.posts == posts, run.result.problems


def test_one_that_says_no_decides_whatever_another_cannot_tell(browser_choice: BrowserChoice) -> None:
    page = "<b class=badge>A</b><b class=badge>B</b>"
    run = choose(browser_choice, page, "[{visible: p.badge}, {visible: p.field}]")
    assert run.posts == ["/gone"], run.result.problems


def test_not_waits_until_the_page_rests(browser_choice: BrowserChoice) -> None:
    page = """<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<b class=badge>B</b>'), 900)</script>"""
    run = run_small(
        browser_choice,
        page=BUTTONS + page,
        selectors=SELECTORS,
        steps="- goto: /\n- click: p.go\n  require: {not: {visible: p.badge}}\n",
    )
    assert (run.result.status, run.posts) == (Status.BLOCKED, []), run.result.problems


REFUSED = """
<button id=go onclick="go()">Go</button>
<div id=box></div>
<script>
const say = text => { box.insertAdjacentHTML('beforeend', `<p class=toast>${text}</p>`) };
async function go() { SAY; setTimeout(() => { box.innerHTML = '' }, 700); for (let n = 0; n < 20; n++) await fetch('/busy') }
</script>
<p id=count>3 rows</p><div class=row><b class=name>one</b></div>
"""


@pytest.mark.parametrize("say", ["say('No')", "say('No'); say('No')"], ids=["once", "twice"])
def test_a_refusal_is_seen_while_a_slow_list_is_looked_at(browser_choice: BrowserChoice, say: str) -> None:
    run = run_small(
        browser_choice,
        page=REFUSED.replace("SAY", say),
        selectors=SELECTORS,
        steps="""
        - goto: /
        - click: p.go
          expect: {none: p.rows}
          timeout: 6s
          refusals:
            - when: {visible: p.toast}
              says: it was refused
        """,
        pages={"/busy": "ok"},
        slow={"/busy": 0.2},
    )
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "it was refused")


UNDRAWN = """
<button id=go onclick="go()">Go</button><div id=box></div>
<div style="height:120px;overflow:auto"><div style="height:1200px"><div class=row style="height:40px"><b class=name>one</b></div></div></div>
<script>
function go() {
  const began = performance.now();
  const step = () => {
    const gone_by = performance.now() - began;
    if (gone_by > 500 && gone_by < 900 && !box.innerHTML) box.innerHTML = '<p class=toast>No</p>';
    if (gone_by >= 900) box.innerHTML = ''; else requestAnimationFrame(step);
  };
  step();
}
</script>
"""


def test_a_refusal_is_seen_while_rows_are_awaited(browser_choice: BrowserChoice) -> None:
    """Longer than it is shown, within one reading: a part of the list is never drawn."""
    run = run_small(
        browser_choice,
        page=UNDRAWN,
        selectors=SELECTORS,
        steps="""
        - goto: /
        - click: p.go
          expect: {none: p.rows}
          timeout: 4s
          refusals:
            - when: {visible: p.toast}
              says: it was refused
        """,
    )
    assert (run.result.status, run.result.reason) == (Status.BLOCKED, "it was refused")
