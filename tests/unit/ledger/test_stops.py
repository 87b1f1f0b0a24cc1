"""What is stopped is stopped once; how a task has ended is told by the innermost step, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from robot.ledger.cases import Cases
from robot.ledger.database import Ledger, moment, open_ledger
from robot.ledger.recorder import LedgerRecorder
from robot.ledger.stops import DASHBOARD, QUEUE, Stops, of_flow, of_login
from robot.ledger.tables import STEPS
from robot.run.events import RunStarted, StepFinished, TaskFinished
from robot.run.model import Status, StepRef, StepResult, TaskResult
from robot.run.redact import Redactor

HERE, OTHER = "https://app.example", "https://other.example"
START = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)

#: Flow, name and verb of a step, and how it ended; in order of execution, the outermost first.
Steps = list[tuple[str, str, str, Status]]


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture
def stops(ledger: Ledger, clock: Clock) -> Stops:
    return Stops(ledger, dashboard=HERE, now=clock)


def open_case(ledger: Ledger, location_id: str) -> str:
    return Cases(ledger, dashboard=HERE).open(profile="p", location_id=location_id, company="X", by="me").id


def record(
    ledger: Ledger,
    run_id: str,
    *,
    at: datetime = START,
    status: Status = Status.FAILED,
    steps: Steps | None = None,
    task: str = "users",
    case_id: str | None = None,
    dashboard: str = HERE,
    login: str = "",
    customer: str = "",
    in_doubt_until: datetime | None = None,
) -> None:
    """One run of one task that ended at that time."""
    recorder = LedgerRecorder(ledger, Redactor(), case_id=case_id, evidence="e")
    recorder.notice(
        RunStarted(
            run_id=run_id,
            flow="offboard",
            title="t",
            inputs={"company": customer} if customer else {},
            dashboard=dashboard,
            browser="b",
            operator=login,
            at=at,
        )
    )
    for number, (flow, name, kind, ended) in enumerate(steps or [], start=1):
        step = StepRef(
            number=number,
            task=task,
            flow=flow,
            name=name,
            kind=kind,
            sentence="x",
            depth=number - 1,
            where="f.yaml:1:1",
        )
        recorder.notice(
            StepFinished(result=StepResult(step=step, status=ended, started_at=at, ended_at=at, reason="r"))
        )
    recorder.notice(
        TaskFinished(
            result=TaskResult(
                task=task,
                title="t",
                in_doubt_until=in_doubt_until,
                procedure=("1",),
                status=status,
                reason=f"why {run_id}",
                problems=(),
                started_at=at,
                ended_at=at,
            )
        )
    )


# --- stopping -----------------------------------------------------------------------------------------------


def test_what_is_stopped_is_not_stopped_again(stops: Stops, clock: Clock) -> None:
    assert stops.stop(QUEUE, "it failed", until=START + timedelta(seconds=15))
    clock.now += timedelta(minutes=1)
    assert not stops.stop(QUEUE, "it failed again")
    [stop] = stops.open()
    assert (stop.what, stop.cause, stop.tries) == ("queue", "it failed", 0)
    assert (stop.began_at, stop.until) == (moment(START), moment(START + timedelta(seconds=15)))


def test_what_has_ended_may_be_stopped_anew(stops: Stops) -> None:
    stops.stop(QUEUE, "first")
    assert stops.end(QUEUE) == 1
    assert stops.open() == []
    assert stops.stop(QUEUE, "second")
    assert [(stop.cause, stop.until) for stop in stops.open()] == [("second", None)]


def test_one_stop_is_ended_or_all(stops: Stops) -> None:
    for what in (of_flow("users"), of_login("a@x"), of_login("b@x"), DASHBOARD):
        stops.stop(what, "why")
    assert [stop.what for stop in stops.open()] == ["flow:users", "login:a@x", "login:b@x", "dashboard"]
    assert stops.end("login:a@x") == 1
    assert stops.end("login:a@x") == 0
    assert [stop.what for stop in stops.open()] == ["flow:users", "login:b@x", "dashboard"]
    assert stops.end() == 3
    assert stops.open() == []
    assert stops.end() == 0


def test_of_two_workers_that_look_again_one_does(stops: Stops, ledger: Ledger, clock: Clock) -> None:
    stops.stop(DASHBOARD, "it does not answer", until=START)
    [mine] = stops.open()
    [theirs] = Stops(ledger, dashboard=HERE, now=clock).open()
    assert stops.put_off(mine, until=START + timedelta(seconds=30))
    assert not Stops(ledger, dashboard=HERE, now=clock).put_off(theirs, until=START + timedelta(hours=1))
    [stop] = stops.open()
    assert (stop.tries, stop.until) == (1, moment(START + timedelta(seconds=30)))
    assert stops.put_off(stop, until=START + timedelta(minutes=1)), "the next time is anybody's again"


def test_stops_since_a_time_are_those_that_had_not_ended_then(stops: Stops, clock: Clock) -> None:
    stops.stop(of_flow("a"), "ended before")
    stops.stop(of_flow("b"), "ended then")
    stops.stop(of_flow("c"), "open")
    stops.end(of_flow("a"))
    clock.now += timedelta(hours=1)
    stops.end(of_flow("b"))
    stops.stop(of_flow("d"), "later")
    assert [stop.cause for stop in stops.since(clock.now)] == ["ended then", "open", "later"]
    assert len(stops.since(START)) == 4


def test_another_dashboards_stops_are_not_ours(stops: Stops, ledger: Ledger, clock: Clock) -> None:
    others = Stops(ledger, dashboard=OTHER, now=clock)
    assert others.stop(QUEUE, "theirs")
    assert stops.open() == stops.since(START) == []
    assert stops.stop(QUEUE, "ours")
    assert stops.end() == 1
    assert [stop.cause for stop in others.open()] == ["theirs"]


# --- how tasks have ended -----------------------------------------------------------------------------------


def test_the_newest_ending_comes_first_with_its_innermost_failed_step(stops: Stops, ledger: Ledger) -> None:
    record(ledger, "old", status=Status.PASSED, steps=[("users", "open", "goto", Status.PASSED)])
    record(
        ledger,
        "new",
        at=START + timedelta(hours=1),
        steps=[
            ("users", "open", "goto", Status.PASSED),
            ("users", "each user", "for_each", Status.FAILED),
            ("delete-user", "press delete", "click", Status.FAILED),
            ("delete-user", "close", "click", Status.SKIPPED),
        ],
    )
    newest, oldest = stops.endings("users", since=START)
    assert (newest.run_id, newest.status, newest.reason) == ("new", "failed", "why new")
    assert (newest.flow, newest.step, newest.kind) == ("delete-user", "press delete", "click")
    assert (oldest.run_id, oldest.status) == ("old", "passed")
    assert (oldest.flow, oldest.step, oldest.kind) == ("", "", ""), "it ended well"


def test_the_step_is_one_that_ended_as_the_task_did(stops: Stops, ledger: Ledger) -> None:
    record(
        ledger,
        "r",
        status=Status.BLOCKED,
        steps=[
            ("users", "ask", "require", Status.BLOCKED),
            ("users", "look", "click", Status.FAILED),
        ],
    )
    [ending] = stops.endings("users", since=START)
    assert (ending.status, ending.step, ending.kind) == ("blocked", "ask", "require")


def test_a_task_that_failed_before_any_step_has_none(stops: Stops, ledger: Ledger) -> None:
    record(ledger, "r", steps=[])
    with ledger.begin() as connection:
        connection.execute(
            insert(STEPS).values(
                run_id="r",
                number=1,
                task="domain",
                flow="domain",
                name="another task's",
                kind="goto",
                status="failed",
                reason="",
                started_at=moment(START),
                ended_at=moment(START),
            )
        )
    [ending] = stops.endings("users", since=START)
    assert (ending.run_id, ending.flow, ending.step, ending.kind) == ("r", "", "", "")


def test_a_customer_is_known_by_the_case(stops: Stops, ledger: Ledger) -> None:
    case_id = open_case(ledger, "loc1")
    record(ledger, "with", case_id=case_id)
    record(ledger, "without", at=START - timedelta(seconds=1))
    endings = stops.endings("users", since=START - timedelta(hours=1))
    assert [ending.customer for ending in endings] == [case_id, "without"]


def test_endings_before_that_time_and_elsewhere_are_left_out(stops: Stops, ledger: Ledger) -> None:
    record(ledger, "before", at=START - timedelta(microseconds=1))
    record(ledger, "then", at=START)
    record(ledger, "another task", task="domain")
    record(ledger, "another dashboard", dashboard=OTHER)
    assert [ending.run_id for ending in stops.endings("users", since=START)] == ["then"]
