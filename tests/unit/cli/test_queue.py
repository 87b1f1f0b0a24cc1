"""`offboard queue`, `top` and `token` as they are seen: what they print, and what they return."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from robot.case.office import Office
from robot.cli import queue
from robot.cli.serve import add_token, list_tokens, revoke_token
from robot.cli.top import top
from robot.errors import BadInputError, BlockedError
from robot.ledger.database import moment
from robot.ledger.jobs import JobRow, Jobs
from robot.ledger.stops import Stops, of_flow
from robot.ledger.tables import JOBS
from robot.ledger.turns import Turns
from robot.ledger.workers import Workers
from robot.time_zone import day_of, shown_at

LANE = "robot@x.example"


def jobs_of(office: Office) -> Jobs:
    return Jobs(office.ledger, dashboard=office.profile.dashboard, now=office.now)


def turns_of(office: Office) -> Turns:
    return Turns(office.ledger, dashboard=office.profile.dashboard, now=office.now)


def claim(office: Office) -> JobRow:
    job = turns_of(office).claim(LANE, worker="w1", on_claim=lambda job, connection: None)
    assert job is not None
    return job


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """The one JSON object that was printed."""
    line = capsys.readouterr().out.removesuffix("\n")
    assert "\n" not in line
    return json.loads(line)


def test_a_job_is_shown_with_its_turns(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    queue.add(office, {"company": "Café [bold]"}, is_json=False)
    job = claim(office)
    turns_of(office).begin(job.id, job.turn, worker="w1")
    turns_of(office).end(
        job, "queued", "the page was slow", worker="w1", wake_at=office.now() + timedelta(minutes=2), tries=1
    )
    capsys.readouterr()
    assert queue.show(office, job.id, is_json=False) == 0
    out = capsys.readouterr().out
    for words in ("Café [bold]", "the page was slow", LANE, "begun again"):
        assert words in out
    queue.show(office, job.id, is_json=True)
    found = said(capsys)
    assert (found["tries"], found["wake_at"]) == (1, moment(office.now() + timedelta(minutes=2)))
    assert [turn["state"] for turn in found["turns"]] == ["queued"]


def test_nobody_is_queued_on_a_profile_without_a_time_zone(office: Office, tmp_path: Path) -> None:
    nowhere = replace(office, profile=replace(office.profile, time_zone=""))
    table = tmp_path / "cancelled.csv"
    table.write_text("company,not before\nA,2026-12-01\n")
    for ask in (
        lambda: queue.add(nowhere, {"company": "A", "due_on": "2026-12-01"}, is_json=False),
        lambda: queue.import_file(nowhere, table, is_json=False),
    ):
        with pytest.raises(BadInputError, match="names no time zone, and the queue needs one"):
            ask()
    assert jobs_of(office).all() == []


def test_times_and_days_of_the_list_are_the_agencys(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ZoneInfo("Pacific/Kiritimati")
    at = replace(office, profile=replace(office.profile, time_zone=there.key))
    queue.add(
        at,
        {"company": "A", "due_on": (day_of(at.now(), there) - timedelta(days=1)).isoformat()},
        is_json=False,
    )
    queue.add(at, {"company": "B", "due_on": day_of(at.now(), there).isoformat()}, is_json=False)
    capsys.readouterr()
    queue.list_jobs(at, (), is_json=False)
    out = capsys.readouterr().out
    assert out.count("overdue") == 1
    queue.show(at, "A", is_json=False)
    assert shown_at(at.now(), there) in capsys.readouterr().out


def test_what_is_stopped_stands_above_the_list_and_is_tried_again_with_the_queue(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    stops = Stops(office.ledger, dashboard=office.profile.dashboard, now=office.now)
    stops.stop(of_flow("users"), "it failed for three customers")
    queue.list_jobs(office, (), is_json=False)
    assert "Stopped: flow:users" in capsys.readouterr().out
    queue.pause(office, is_paused=True, is_json=True)
    assert said(capsys) == {"paused": True, "stops_ended": 0}
    queue.pause(office, is_paused=False, is_json=True)
    assert said(capsys) == {"paused": False, "stops_ended": 1}
    assert stops.open() == []


def test_a_drain_waits_for_what_is_worked_and_says_what_still_is(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    queue.add(office, {"company": "A"}, is_json=False)
    job = claim(office)
    capsys.readouterr()
    assert queue.drain(office, within_s=0, is_json=False) == 1
    assert "A: still worked" in capsys.readouterr().out
    assert jobs_of(office).is_paused()
    turns_of(office).begin(job.id, job.turn, worker="w1")
    turns_of(office).end(job, "done", "", worker="w1")
    assert queue.drain(office, within_s=0, is_json=True) == 0
    assert said(capsys) == {"paused": True, "working": []}


def test_a_job_of_a_closed_case_begins_a_new_one_when_it_is_put_back(office: Office) -> None:
    queue.add(office, {"company": "A"}, is_json=False)
    case = office.cases.open(profile="p", location_id="loc", company="A", by="ann")
    job = claim(office)
    turns_of(office).begin(job.id, job.turn, worker="w1")
    turns_of(office).note_case(job, case.id)
    turns_of(office).end(job, "needs a person", "it is unclear", worker="w1")
    office.cases.set_state(case.id, "cancelled", "asked by mistake", is_closed=True)
    queue.retry(office, job.id, is_json=False)
    turns_of(office).wake()
    [again] = jobs_of(office).all()
    assert (again.state, again.case_id) == ("queued", None)


def test_top_shows_workers_and_what_they_work_on(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert top(office, is_once=True, is_json=False) == 0
    assert "No workers." in capsys.readouterr().out
    Workers(office.ledger, dashboard=office.profile.dashboard, now=office.now).begin("w1", [LANE])
    queue.add(office, {"company": "Café [bold]"}, is_json=False)
    claim(office)
    capsys.readouterr()
    top(office, is_once=True, is_json=False)
    out = capsys.readouterr().out
    for words in ("w1", "1 of 1", "Café [bold]", "1 working", "0:00"):
        assert words in out
    top(office, is_once=True, is_json=True)
    found = said(capsys)
    assert found["counts"] == {"working": 1}
    assert [(one["customer"], one["worker"]) for one in found["at_work"]] == [("Café [bold]", "w1")]


def test_a_token_is_printed_once_and_nowhere_else(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    add_token(office, "crm", ["cancellations"], is_json=False)
    token = capsys.readouterr().out.strip()
    assert len(token) > 40
    list_tokens(office, is_json=False)
    listed = capsys.readouterr().out
    assert "crm" in listed
    assert token not in listed
    with office.ledger.begin() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM api_tokens").all())
    assert token not in kept
    with pytest.raises(BadInputError, match="already"):
        add_token(office, "crm", ["metrics"], is_json=False)
    revoke_token(office, "crm")
    with pytest.raises(BlockedError, match="was revoked"):
        revoke_token(office, "crm")
    with pytest.raises(BadInputError, match="there is no token"):
        revoke_token(office, "crn")


def test_an_import_names_every_customer_it_queued(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("company,location id\nCafé,hK3vQ9mTz7LpX2cRb8Nd\nB,\n", encoding="utf-8")
    assert queue.import_file(office, file, is_json=False) == 0
    cafe, other = jobs_of(office).find("Café"), jobs_of(office).find("B")
    assert capsys.readouterr().out.splitlines() == [
        f"Café (hK3vQ9mTz7LpX2cRb8Nd): is queued, job {cafe.id}",
        f"B: is queued, job {other.id}",
        "2 queued, 0 known already.",
    ]


def test_a_table_is_shown_without_queueing_it(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue.add(office, {"company": "Cafe\N{COMBINING ACUTE ACCENT}"}, is_json=False)
    [job] = jobs_of(office).all()
    file = tmp_path / "a.csv"
    file.write_text("company;due;policies\nCafé;;\nB;2026-12-01;users_shared=block\n", encoding="utf-8")
    capsys.readouterr()
    assert queue.preview(office, file, is_json=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: CSV in UTF-8, semicolon between values",
        f"row 2: Café: was asked for before, job {job.id}, queued",
        "    priority 5",
        "row 3: B",
        "    due on 2026-12-01, priority 5, users_shared=block",
        "1 would be queued, 1 known already. Nothing was queued.",
    ]
    assert queue.preview(office, file, is_json=True) == 0
    shown = said(capsys)
    assert [(row["row"], row["company"], row["due_on"], row["job"]) for row in shown["rows"]] == [
        (2, "Café", None, job.id),
        (3, "B", "2026-12-01", None),
    ]
    assert len(jobs_of(office).all()) == 1


@pytest.mark.parametrize(
    "again", ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"]
)
def test_a_name_in_another_spelling_of_its_accents_is_queued_once(office: Office, again: str) -> None:
    queue.add(office, {"company": "Cafe\N{COMBINING ACUTE ACCENT}"}, is_json=False)
    with pytest.raises(BlockedError):
        queue.add(office, {"company": again}, is_json=False)
    assert jobs_of(office).find(again).company == "Café"


def test_a_name_that_was_queued_before_names_were_composed_is_known(office: Office) -> None:
    queue.add(office, {"company": "Café"}, is_json=False)
    kept = "Cafe\N{COMBINING ACUTE ACCENT}"
    with office.ledger.begin() as connection:
        connection.execute(update(JOBS).values(company=kept))
    with pytest.raises(BlockedError):
        queue.add(office, {"company": "Café"}, is_json=False)
    assert jobs_of(office).find("Café").company == kept
