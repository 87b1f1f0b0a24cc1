"""A night's summary says the same as Markdown and as a page, and takes names for nothing but names."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from robot.jobs.summary import (
    DONE_TONIGHT,
    FOR_A_PERSON,
    NOT_REACHED,
    NOTHING_TO_DO,
    STANDINGS,
    WAITS,
    Stopped,
    Summary,
)
from robot.report.summary_pages import summary_html, summary_markdown
from tests.unit.case.plans import DASHBOARD
from tests.unit.jobs.test_summary import customer, night

EVIL = '*[x](y)* `<b>bold</b>` _u_ # | \\ <img src="https://evil.example/x.png" onerror=alert(1)>'
#: Every letter that Markdown may take for something, with a stroke before it.
EVIL_PLAIN = (
    r"\*\[x\](y)\* \`\<b\>bold\</b\>\` \_u\_ \# \| \\ "
    r'\<img src="https://evil.example/x.png" onerror=alert(1)\>'
)

PREFLIGHT = {
    "good": True,
    "findings": [
        {"name": "disk", "state": "good", "found": "90 GiB free", "next": ""},
        {"name": "login b@x", "state": "remark", "found": "cannot sign in", "next": "see its password"},
    ],
    "targets": {"seen": 12, "drifted": [], "not_looked_at": ["users.delete", "domain.remove"]},
}
NOTHING_SEEN = {"findings": [], "targets": {"seen": 0, "drifted": [], "not_looked_at": []}}
QUIET = night(preflight=NOTHING_SEEN)
NIGHT = night(
    customer(
        "Adrianne's Housekeeping",
        FOR_A_PERSON,
        reason="in use",
        next="ask the customer",
        costs=("the domain renews",),
        seconds=125.0,
    ),
    customer("", WAITS, case="", location_id="hK3vQ9mTz7LpX2cRb8Nd", reason="support was asked"),
    customer("B", DONE_TONIGHT, acts=1),
    customer("C", DONE_TONIGHT, acts=12, seconds=61.0),
    customer("D", NOTHING_TO_DO),
    customer("E", NOT_REACHED),
    stops=(
        Stopped(what="flow:users", cause="it failed", since="2026-11-27T01:12:44", is_over=False),
        Stopped(what="dashboard", cause="it was away", since="2026-11-27T02:00:00", is_over=True),
    ),
    preflight=PREFLIGHT,
    queued=3,
)
#: Everything that a person or the dashboard has written.
EVIL_NIGHT = night(
    customer(EVIL, FOR_A_PERSON, reason=EVIL, next=EVIL, costs=(EVIL,)),
    stops=(Stopped(what=EVIL, cause=EVIL, since="2026-11-27T01:12:44", is_over=False),),
    preflight={
        "findings": [{"name": EVIL, "state": "bad", "found": EVIL, "next": EVIL}],
        "targets": {"seen": 0, "drifted": [], "not_looked_at": [EVIL]},
    },
)


# --- Markdown -----------------------------------------------------------------------------------------------


def test_the_markdown_says_everything_in_order() -> None:
    assert (
        summary_markdown(NIGHT)
        == """\
# 2 done, 1 with nothing to do, 1 waiting, 1 for a person, 1 not reached

https://app.example, 2026-11-26 16:00 CST to 2026-11-27 00:00 CST. Ended when its time was over.
3 left in the queue.

## Seen before the first customer

- **login b@x**: cannot sign in. Next: see its password

## Stopped

- **flow:users** since 2026-11-26 19:12 CST: it failed
- **dashboard** since 2026-11-26 20:00 CST, over by now: it was away

## Needs a person: 1

- **Adrianne's Housekeeping** (c1): in use
  - Next: ask the customer

## Waiting: 1

- **hK3vQ9mTz7LpX2cRb8Nd** (j1): support was asked

## Done: 2

- **B** (c1, 1 act)
- **C** (c1, 12 acts)

## Nothing to do: 1

- **D** (c1)

## Not reached: 1

- **E** (c1)

## May still cost money

- Adrianne's Housekeeping: the domain renews
"""
    )


def test_the_markdown_of_a_quiet_night_is_short() -> None:
    assert summary_markdown(QUIET) == (
        "# nobody was worked on\n\n"
        "https://app.example, 2026-11-26 16:00 CST to 2026-11-27 00:00 CST. Ended when its time was over.\n"
    )


def test_names_stay_names_in_markdown() -> None:
    text = summary_markdown(EVIL_NIGHT)
    # Name, reason, next; a cost and whose it is; a stop and why; a finding, what was found and next.
    assert text.count(EVIL_PLAIN) == 10
    left = text.replace(EVIL_PLAIN, "")
    assert not re.search(r"[\[\]<>`\\|]", left)


@pytest.mark.parametrize("space", ["\n", "\r\n", "\n\n## ", "\t", "\u2028", "\u0085"])
def test_a_name_of_several_lines_is_one_line_in_markdown(space: str) -> None:
    text = summary_markdown(night(customer(f"A{space}B", FOR_A_PERSON, reason=f"x{space}y")))
    [line] = [line for line in text.splitlines() if line.startswith("- ")]
    shown = "\\#\\# " if "#" in space else ""
    assert line == f"- **A {shown}B** (c1): x {shown}y"


# --- the page -----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would see: elements with what they load, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())


def test_the_page_says_everything() -> None:
    text = Page(summary_html(NIGHT)).text
    for said in (
        "2 done, 1 with nothing to do, 1 waiting, 1 for a person, 1 not reached",
        "Ended when its time was over. 3 customers left in the queue.",
        "Adrianne's Housekeeping c1 in use Next: ask the customer 2 min 5 s",
        "hK3vQ9mTz7LpX2cRb8Nd j1 support was asked 0.0 s",
        "B c1 1 0.0 s",
        "C c1 12 1 min 1 s",
        "Adrianne's Housekeeping the domain renews",
        "flow:users it failed 2026-11-26 19:12 CST dashboard it was away 2026-11-26 20:00 CST, over by now",
        "disk 90 GiB free login b@x cannot sign in Next: see its password",
        "Targets that were not looked at (2) users.delete, domain.remove",
        f"Dashboard {DASHBOARD} Profile agency Began 2026-11-26 16:00 CST Ended 2026-11-27 00:00 CST",
    ):
        assert said in text


def test_the_page_of_a_quiet_night_has_no_empty_parts() -> None:
    page = Page(summary_html(QUIET))
    assert "Nobody was worked on" in page.text
    assert "left in the queue" not in page.text
    assert "section" not in page.tags


def test_every_standing_has_a_title_on_the_page() -> None:
    for standing in STANDINGS:
        page = Page(summary_html(night(customer("A", standing), preflight=NOTHING_SEEN)))
        assert page.tags.count("section") == 1, standing


def test_names_stay_names_on_the_page() -> None:
    html = summary_html(EVIL_NIGHT)
    page = Page(html)
    assert not {"img", "script"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "<b>bold" not in html
    assert page.text.count(EVIL) == 11


@pytest.mark.parametrize("found", [NIGHT, EVIL_NIGHT, QUIET], ids=["night", "evil", "quiet"])
def test_the_page_loads_nothing_and_runs_nothing(found: Summary) -> None:
    html = summary_html(found)
    page = Page(html)
    assert not {"script", "link", "iframe", "object", "base", "form"} & set(page.tags)
    assert not {"src", "srcset", "href", "poster", "action"} & {name for name, _ in page.attributes}
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert "@import" not in style
    assert not re.search(r"url\((?!['\"]?data:)", style)


def test_the_only_address_on_the_page_is_the_dashboards() -> None:
    addresses = set(re.findall(r"""(?:https?:)?//[^\s"'<>)]+""", summary_html(NIGHT)))
    assert addresses == {DASHBOARD}
