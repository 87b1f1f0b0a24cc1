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
