"""Terminal, JSON and live view say the same as the records."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from robot.report.as_json import report_as_json
from robot.report.bundle import load_bundle
from robot.report.html import render_html
from robot.report.live import LiveView, open_live
from robot.report.terminal import print_report
from robot.report.view import arrange
from robot.run.events import Acted, Event, Noted, RunFinished, RunStarted, StepStarted
from robot.run.model import Status
from tests import sample_run
from tests.unit.report.conftest import RUN_ID

EVENTS = list(sample_run.events(video=False))


def show_live(console: Console, count: int | None = None) -> LiveView:
    view = LiveView(console, expected=[(task.name, task.title) for task in sample_run.TASKS])
    for event in EVENTS[:count]:
        view.notice(event)
    return view


def test_the_json_report_can_be_written_and_holds_the_tasks(recordings: Path) -> None:
    data = json.loads(json.dumps(report_as_json(arrange(load_bundle(recordings / RUN_ID)))))
    assert data["status"] == "unknown"
    assert [(task["flow"], task["status"]) for task in data["tasks"]] == [
        (task.name, task.status.value) for task in sample_run.TASKS
    ]
    assert [act["object"] for act in data["tasks"][5]["acts"]] == list(sample_run.TASKS[5].objects)
    assert [act["status"] for act in data["tasks"][5]["acts"]] == ["passed", "unknown"]
    assert data["evidence"]["intact"] is True
    assert [step["flow"] for step in data["next"]] == ["phone-numbers", "users", "academy"]


def test_the_terminal_report_names_every_task_and_object(recordings: Path) -> None:
    out = io.StringIO()
    print_report(arrange(load_bundle(recordings / RUN_ID)), Console(file=out, width=140))
    for task in sample_run.TASKS:
        assert task.title in out.getvalue()
        for thing in task.objects:
            assert thing.partition(":")[2] in out.getvalue()
    assert "What to do next" in out.getvalue()


def test_what_was_written_down_and_not_pressed_is_no_act_that_was_made(
    write_bundle: Callable[..., Path],
) -> None:
    """As of a process that was stopped right before its press."""

    def is_stopped(event: Event) -> bool:
        return (
            isinstance(event, Acted)
            and event.intent.object == "email_domain:news.adriannes-housekeeping.example"
        )

    events = [replace(event, pressed=False) if is_stopped(event) else event for event in EVENTS]
    view = arrange(load_bundle(write_bundle(events)))
    [task] = [task for task in view.tasks if task.result.task == "email-domain"]
    assert (task.acts_made, len(task.acts)) == (1, 2)
    assert view.acts_made == sum(len(task.acts) for task in view.tasks) - 1
    page = render_html(view)
    row = page.partition('<a href="#email-domain">')[2].partition("</tr>")[0]
    assert '<td class="num">1</td>' in row
    section = page.partition('id="email-domain"')[2].partition("</article>")[0]
    assert ", 1 irreversible act<" in section
    assert section.count("not pressed, armed") == 1
    out = io.StringIO()
    print_report(view, Console(file=out, width=140))
    [line] = [line for line in out.getvalue().splitlines() if task.result.title in line]
    assert line.split()[-2] == "1"


def test_what_goes_on_asks_nobody(write_bundle: Callable[..., Path]) -> None:
    events = list(sample_run.events(video=False))
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    [first, *rest] = finished.run.tasks
    begun = replace(first, status=Status.UNKNOWN, reason="it has begun", goes_on=True)
    good = tuple(replace(task, status=Status.PASSED, reason="", problems=()) for task in rest)
    run = replace(finished.run, status=Status.UNKNOWN, tasks=(begun, *good), problems=())
    view = arrange(load_bundle(write_bundle([*events[:-1], RunFinished(run=run)])))
    assert view.next_steps == ()
    assert view.headline.endswith("reached the goal; 1 goes on, to be looked at again.")
    out = io.StringIO()
    print_report(view, Console(file=out, width=200))
    assert "? goes on" in out.getvalue()
    assert "unknown" not in out.getvalue()
    page = render_html(view)
    short = page.split("<h2>What happened")[0]
    assert "<b>1</b> Goes on</span>" in short
    assert "Goes on: it has begun" in short
    assert "Not confirmed" not in short


def test_without_a_terminal_each_press_is_a_plain_line() -> None:
    out = io.StringIO()
    show_live(Console(file=out, width=80)).close()
    lines = out.getvalue().splitlines()
    assert "\x1b" not in out.getvalue()
    for task in sample_run.TASKS:
        assert any(f" {task.name}: {task.status.value}" in line for line in lines)
        for thing in task.objects:
            assert any(f"pressed: {thing} - " in line for line in lines)
    assert lines[-1].endswith("run unknown after 38.3 s")


def test_lines_go_by_the_agencys_clocks() -> None:
    out = io.StringIO()
    view = LiveView(Console(file=out, width=80))
    for event in EVENTS[:3]:
        view.notice(replace(event, time_zone="Asia/Kathmandu") if isinstance(event, RunStarted) else event)
    view.close()
    [started] = [event for event in EVENTS if isinstance(event, RunStarted)]
    first, *_ = out.getvalue().splitlines()
    assert first.startswith(f"{started.at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M:%S} run ")
    assert first.endswith("times of Asia/Kathmandu")


def test_a_terminal_shows_the_running_task_and_its_step() -> None:
    out = io.StringIO()
    view = show_live(Console(file=out, width=110, force_terminal=True), 60)
    picture = Console(file=io.StringIO(), width=110, record=True)
    picture.print(view._picture())
    view.close()
    text = picture.export_text()
    assert "✓ passed" in text
    assert "running" in text
    assert "Delete the users" in text
    assert "flows/saas-mode.yaml:" in text


def test_a_terminal_shows_what_a_run_waits_for_until_it_goes_on() -> None:
    view = show_live(Console(file=io.StringIO(), width=60, force_terminal=True), 60)
    why = "starting over at 11:29:05 UTC, since calendar:tour was pressed before and its outcome has not been seen"

    def shown() -> str:
        picture = Console(file=io.StringIO(), width=60, record=True)
        picture.print(view._picture())
        return " ".join(picture.export_text().split())

    view.notice(Noted(kind="console", text="a word of the page", page_url="", at=EVENTS[0].at))
    assert "a word of the page" not in shown()
    view.notice(Noted(kind="remark", text=why, page_url="", at=EVENTS[0].at))
    assert why in shown()
    view.notice(next(event for event in EVENTS if isinstance(event, StepStarted)))
    assert "starting over" not in shown()
    view.close()


def test_names_that_look_like_markup_are_shown_as_they_are() -> None:
    out = io.StringIO()
    view = LiveView(Console(file=out, width=200))
    started = EVENTS[0]
    view.notice(
        type(started)(
            **{**{name: getattr(started, name) for name in started.__slots__}, "title": "[red]x[/]"}
        )
    )
    view.close()
    assert "[red]x[/]" in out.getvalue()


def test_a_quiet_view_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with open_live(quiet=True) as view:
        for event in EVENTS:
            view.notice(event)
    out, err = capsys.readouterr()
    assert out == err == ""
