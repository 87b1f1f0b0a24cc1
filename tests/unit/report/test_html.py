"""The page holds everything, needs nothing, and shows what pages gave us as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from robot.report.bundle import load_bundle
from robot.report.embed import embed_pictures
from robot.report.html import STATUS_WORDS, render_html, write_html
from robot.report.view import arrange
from robot.run import bundle_layout as layout
from robot.run.events import Event, Looked, RunFinished, RunStarted
from robot.run.manifest import verify_bundle
from robot.run.model import Run, Status
from tests import sample_run
from tests.unit.report.conftest import RUN_ID

EVENTS = list(sample_run.events(video=False))


@pytest.fixture(scope="module")
def html(recordings: Path) -> str:
    return render_html(arrange(load_bundle(recordings / RUN_ID)))


def test_it_says_what_was_done_what_not_and_what_next(html: str) -> None:
    assert "6 of 9 tasks reached the goal; 3 need a person." in html
    for heading in ("What to do next", "What was done", "What was not done"):
        assert f"<h3>{heading}</h3>" in html
    assert "Say which of the two by e-mail: run <code>offboard run users --input email=...</code>" in html


def test_every_task_act_and_look_is_there(html: str) -> None:
    for task in sample_run.TASKS:
        assert f'id="{task.name}"' in html
        for thing in task.objects:
            assert f'<div class="id">{thing.partition(":")[2]}</div>' in html
    assert html.count('class="act"') == sum(len(task.objects) for task in sample_run.TASKS)
    assert html.count('<td class="mark') == sum(isinstance(event, Looked) for event in EVENTS)


def test_the_customer_the_login_and_the_browser_are_in_the_head(html: str) -> None:
    head = html[: html.index("In short")]
    for text in ("Adrianne&#39;s Housekeeping", sample_run.LOCATION, "operator@woot.example", "Chromium 156"):
        assert text in head


def test_the_digest_of_the_evidence_is_in_it(html: str, recordings: Path) -> None:
    digest = verify_bundle(recordings / RUN_ID).digest
    assert digest in html.replace(" ", "")


def test_it_loads_nothing_and_runs_nothing(html: str) -> None:
    assert "<script" not in html
    assert "@import" not in html
    assert not re.search(r"""(?:src|srcset|poster)=["'](?!data:)""", html)
    assert not re.search(r"<link\b", html)
    for target in re.findall(r'href="([^"]*)"', html):
        assert not target.startswith(("http:", "https:", "//"))


def test_every_picture_is_embedded(html: str) -> None:
    pictures = sum(type(event).__name__ == "Pictured" for event in EVENTS)
    assert html.count('src="data:image/jpeg;base64,') == pictures


def test_markup_from_the_dashboard_stays_text(write_bundle: Callable[..., Path]) -> None:
    evil = "<img src=x onerror=alert(1)>`<b>`"
    events: list[Event] = []
    for event in EVENTS:
        if isinstance(event, RunStarted):
            event = replace(event, inputs={"company": evil})  # noqa: PLW2901 - the changed copy is what is sent
        elif isinstance(event, Looked):
            event = replace(event, found=evil)  # noqa: PLW2901
        elif isinstance(event, RunFinished):
            problems = tuple(replace(problem, next=evil) for problem in event.run.tasks[7].problems)
            tasks = [*event.run.tasks]
            tasks[7] = replace(tasks[7], problems=problems, reason=evil)
            event = RunFinished(run=replace(event.run, inputs={"company": evil}, tasks=tuple(tasks)))  # noqa: PLW2901
        events.append(event)
    page = render_html(arrange(load_bundle(write_bundle(events))))
    assert "<img src=x" not in page
    assert "<b>`" not in page and "<code><b>" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") > 5


def test_writing_it_leaves_the_evidence_intact(write_bundle: Callable[..., Path]) -> None:
    folder = write_bundle(EVENTS)
    digest = verify_bundle(folder).digest
    assert write_html(arrange(load_bundle(folder))) == folder / layout.REPORT
    write_html(arrange(load_bundle(folder)))
    result = verify_bundle(folder)
    assert result.is_intact
    assert result.digest == digest


def test_a_cut_off_run_has_a_page_that_says_so(write_bundle: Callable[..., Path]) -> None:
    page = render_html(arrange(load_bundle(write_bundle(EVENTS[:30]))))
    assert "The run was stopped" in page
    assert "the list is not sealed" in page


def test_a_run_without_tasks_has_a_page(write_bundle: Callable[..., Path]) -> None:
    page = render_html(arrange(load_bundle(write_bundle(EVENTS[:2]))))
    assert "Nothing was changed." in page


def test_a_run_that_only_reads_shows_what_it_has_read(write_bundle: Callable[..., Path]) -> None:
    events = [
        replace(one, run=_only_read(one.run)) if isinstance(one, RunFinished) else one for one in EVENTS
    ]
    html = render_html(arrange(load_bundle(write_bundle(events))))
    assert "What there is was read; nothing was changed." in html
    assert "What was not done" not in html
    assert "Nothing to do" not in html
    assert "<td>+15125550110</td>" in html
    assert "<td>&lt;b&gt;bold&lt;/b&gt;</td>" in html
    assert "<th>whatsapp</th>" not in html, "a column that says nothing"


def _only_read(run: Run) -> Run:
    rows = [{"number": "+15125550110", "whatsapp": "", "name": "<b>bold</b>"}]
    task = replace(
        run.tasks[0], status=Status.NOOP, problems=(), acts=(), outputs={"numbers": rows}, read_only=True
    )
    return replace(run, status=Status.NOOP, reason="", tasks=(task,))


def test_a_picture_taken_away_is_told(write_bundle: Callable[..., Path]) -> None:
    folder = write_bundle(EVENTS)
    next((folder / layout.PICTURES).iterdir()).unlink()
    page = render_html(arrange(load_bundle(folder)))
    assert page.count("it is no longer in the bundle") == 1
    assert "missing: pictures/" in page


def test_every_status_has_words() -> None:
    assert set(STATUS_WORDS) == set(Status)


def test_pictures_keep_to_the_budget_however_many(tmp_path: Path) -> None:
    names = []
    for number in range(12):
        names.append(f"{number}.jpg")
        (tmp_path / names[-1]).write_bytes(sample_run.screen(rows=number % 7))
    for budget in (600_000, 120_000, 30_000):
        embedded = embed_pictures(tmp_path, names, budget_bytes=budget)
        assert sum(len(uri) for uri in embedded.values()) < budget * 4 / 3 + 12 * 40
        assert embedded
    assert len(embed_pictures(tmp_path, names, budget_bytes=120_000)) == 12


def test_a_broken_picture_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert embed_pictures(tmp_path, ["a.jpg", "missing.jpg"], budget_bytes=10**6).keys() == {
        "a.jpg",
        "missing.jpg",
    }
