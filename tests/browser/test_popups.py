"""A pop-up known to be harmless is closed and told of; any other stays, and the act fails."""

from __future__ import annotations

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import PopupClosed
from robot.run.model import Status
from tests.browser.small_run import run_small

PAGE = """<button id=go onclick="fetch('/gone', {method: 'POST'}); done.hidden = false">Go</button><p id=done hidden>Done</p>
<div id=tour style="position:fixed;inset:0;background:#0008"><button onclick="fetch('/closed', {method: 'POST'}); tour.remove()">Not now</button></div>"""
SELECTORS = """
go: {candidates: [{id: go}]}
done: {candidates: [{id: done}]}
tour: {kind: popup, close: p.not_now, candidates: [{id: tour-of-old}, {id: tour}]}
not_now: {candidates: [{role: button, name: Not now}]}
"""
STEPS = """
- goto: /
- click: p.go
  expect: {visible: p.done}
"""


def test_a_known_popup_is_closed_before_the_act(browser_choice: BrowserChoice) -> None:
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=STEPS)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/closed", "/gone"]
    assert [event.target for event in run.of(PopupClosed)] == ["p.tour"]


def test_an_unknown_one_is_left_alone(browser_choice: BrowserChoice) -> None:
    selectors = SELECTORS.replace("id: tour}", "id: another}")
    run = run_small(browser_choice, page=PAGE, selectors=selectors, steps=STEPS)
    assert run.result.status is Status.FAILED
    assert "intercepts pointer events" in dict(run.result.problems[0].details)["log"]
    assert run.posts == []


def test_two_at_once_are_both_closed(browser_choice: BrowserChoice) -> None:
    page = (
        PAGE
        + """<div id=news style="position:fixed;inset:0 0 50% 0;background:#fff"><button
        onclick="fetch('/read', {method: 'POST'}); news.remove()">Read</button></div>"""
    )
    selectors = (
        SELECTORS
        + """
news: {kind: popup, close: p.read, candidates: [{id: news}]}
read: {candidates: [{role: button, name: Read}]}
"""
    )
    run = run_small(browser_choice, page=page, selectors=selectors, steps=STEPS)
    assert run.result.status is Status.PASSED, run.result.problems
    assert sorted(run.posts) == ["/closed", "/gone", "/read"]
    assert sorted(event.target for event in run.of(PopupClosed)) == ["p.news", "p.tour"]


def test_one_that_cannot_be_closed_stops_nothing_that_it_does_not_cover(
    browser_choice: BrowserChoice,
) -> None:
    """Its button lies under something else, as a banner's cross lies under a softphone."""
    page = """<button id=go onclick="fetch('/gone', {method: 'POST'}); done.hidden = false">Go</button><p id=done hidden>Done</p>
    <div id=tour style="position:fixed;right:0;bottom:0;width:200px;height:60px;background:#ddd"><button>Not now</button></div>
    <div style="position:fixed;right:0;bottom:0;width:220px;height:80px;background:#333"></div>"""
    steps = STEPS + "- click: p.go\n- click: p.go\n"
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=steps)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/gone"] * 3
    assert run.of(PopupClosed) == []
    # It is tried once, and then left alone for a while.
    assert (run.result.ended_at - run.result.started_at).total_seconds() < 9


OPTIONS = """<input id=search><ul id=list></ul><p id=none hidden>None</p><script>
const all = ['Acme Ltd', 'Acme', 'Zeta'], pick = name => fetch('/' + name.replaceAll(' ', '-'), {method: 'POST'});
let pause = 0;
const draw = names => { list.innerHTML = names.map(n => `<li class=row onclick="pick('${n}')"><b class=name>${n}</b></li>`).join('') };
search.oninput = () => { clearTimeout(pause); pause = setTimeout(async () => { await fetch('/ask'); draw(all.filter(n => n.includes(search.value)).reverse()) }, 400) };
draw(['Acme']);
</script>"""


def test_an_option_is_chosen_once_its_search_was_answered(browser_choice: BrowserChoice) -> None:
    """Right after the typing the list still shows what stood there before, and it is about to be drawn anew."""
    run = run_small(
        browser_choice,
        page=OPTIONS,
        selectors="""
        search: {candidates: [{id: search}]}
        none: {candidates: [{id: none}]}
        options: {list: {rows: [{css: .row}], fields: {name: {css: .name}}, key: name, empty: p.none}}
        """,
        steps="""
        - goto: /
        - choose: {from: p.options, option: Acme, search: p.search}
          timeout: 8s
        """,
        pages={"/ask": "ok"},
        slow={"/ask": 0.3},
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/Acme"]
    assert "Acme Ltd" in run.text
