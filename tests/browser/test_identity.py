"""No press on a page that is not the customer's: address, frame and visible name are compared."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from robot.selector.loader import parse_page
from tests.browser.small_run import run_small

MINE, OTHER = "hK3vQ9mTz7LpX2cRb8Nd", "zZ3vQ9mTz7LpX2cRb8Nd"

PAGE = """<div id=name>{name}</div><button id=kill onclick="fetch('/kill', {{method: 'POST'}}); done.hidden = false">Kill</button>
<p id=done hidden>Gone</p>"""
STEPS = """
- goto: "{path}"
- click: shell.kill
  irreversible: Kills it
  object: "thing:${{location_id}}"
  require: {{visible: shell.kill}}
  expect: {{visible: shell.done}}
"""
HEAD = "inputs: {location_id: {about: x}, company: {about: x}}"
SELECTORS = """
location_name: {candidates: [{id: name}]}
kill: {candidates: [{id: kill}]}
done: {candidates: [{id: done}]}
"""


def attempt(
    choice: BrowserChoice,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    location: str,
    company: str = "Acme",
    path: str | None = None,
) -> tuple[Status, str, list[str]]:
    # The selector file must be called `shell`, since the program names that target itself.
    monkeypatch.setattr("tests.browser.small_run.parse_page", _parse_as_shell)
    page = PAGE.format(name=name)
    path = path or f"/v2/location/{location}/settings"
    run = run_small(
        choice,
        page="",
        pages={urlsplit(path).path: page},
        selectors=SELECTORS,
        steps=STEPS.format(path=path),
        head=HEAD,
        view="sub-account",
        inputs={"location_id": MINE, "company": company},
    )
    return run.result.status, run.result.reason, run.posts


def _parse_as_shell(text: str, path: str) -> object:
    return parse_page(text, "shell.yaml")


def test_the_right_customer_is_pressed(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, reason, posts = attempt(browser_choice, monkeypatch, name="Acme", location=MINE)
    assert (status, reason, posts) == (Status.PASSED, "", ["/kill"])


@pytest.mark.parametrize(
    "path",
    [
        f"/elsewhere?x=/location/{MINE}",
        f"/elsewhere?x=/v2/location/{MINE}/settings",
        f"/elsewhere#/location/{MINE}",
        f"/v2/location/{OTHER}/settings?back=/location/{MINE}",
        f"/copy/location/{MINE}",
        f"/location/{MINE}x",
    ],
)
def test_the_location_counts_in_its_own_place_only(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    status, reason, posts = attempt(browser_choice, monkeypatch, name="Acme", location=MINE, path=path)
    assert status is Status.BLOCKED
    assert "its address names" in reason
    assert posts == []


def test_an_older_address_counts_too(browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/location/{MINE}"
    status, reason, posts = attempt(browser_choice, monkeypatch, name="Acme", location=MINE, path=path)
    assert (status, reason, posts) == (Status.PASSED, "", ["/kill"])


def test_another_location_in_the_address_is_refused(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, reason, posts = attempt(browser_choice, monkeypatch, name="Acme", location=OTHER)
    assert status is Status.BLOCKED
    assert f"its address names {OTHER}, wanted {MINE}" in reason
    assert posts == []


@pytest.mark.parametrize("name", ["Acme Inc", "acme", "Асme", "Acme\u2019s", ""])
def test_another_name_on_the_page_is_refused(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    status, _, posts = attempt(browser_choice, monkeypatch, name=name, location=MINE)
    assert status is Status.BLOCKED
    assert posts == []


def test_a_flow_that_does_not_know_its_customer_is_refused(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, reason, posts = attempt(browser_choice, monkeypatch, name="Acme", location=MINE, company="")
    assert status is Status.BLOCKED, reason
    assert posts == []


def test_an_accent_is_the_same_however_it_is_written(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page writes it as a letter of its own."""
    company = "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    result = attempt(browser_choice, monkeypatch, name="Cafe&#x301;", location=MINE, company=company)
    assert result == (Status.PASSED, "", ["/kill"])
