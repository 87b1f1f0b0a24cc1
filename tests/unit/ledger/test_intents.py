from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from robot.errors import GateError, InDoubtError, Problem, UnrecordableError
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.intents import IntentGate
from robot.run.model import Intent, Status, StepRef

DASHBOARD = "https://app.example"
START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MINUTE_MS = 60_000


class Clock:
    """A clock that moves when it is told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **length: float) -> None:
        self.now += timedelta(**length)


def intent(
    object_key: str = "phone_number:+15550100", *, location_id: str = "loc1", run_id: str = "run1"
) -> Intent:
    step = StepRef(
        number=1,
        task="phone-numbers",
        flow="phone-numbers",
        name="confirm",
        kind="click",
        sentence="confirm: click x",
        depth=0,
        where="f.yaml:1:1",
    )
    return Intent(
        object=object_key,
        sentence=f"Destroys {object_key}",
        location_id=location_id,
        run_id=run_id,
        step=step,
        page_url="/x",
        frame_url="",
        at=START,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(path)) as opened:
        yield opened


@pytest.fixture
def gate(ledger: Ledger, clock: Clock) -> IntentGate:
    return IntentGate(ledger, dashboard=DASHBOARD, now=clock)


def states(path: Path) -> list[str]:
    """State of every intent, in the order of arming, as another program reads them."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM intents ORDER BY number")]


# --- one intent ----------------------------------------------------------------------------------


def test_an_armed_intent_is_open_until_it_is_settled(gate: IntentGate, path: Path) -> None:
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    [opened] = gate.open_intents()
    assert (opened.object, opened.location_id, opened.task) == (
        "phone_number:+15550100",
        "loc1",
        "phone-numbers",
    )
    assert (opened.run_id, opened.sentence, opened.armed_at) == (
        "run1",
        "Destroys phone_number:+15550100",
        START,
    )
    gate.settle(intent(), Status.PASSED)
    assert gate.open_intents() == []
    assert states(path) == ["passed"]


def test_it_is_on_the_disk_before_arm_returns(gate: IntentGate, ledger: Ledger, path: Path) -> None:
    with ledger.begin() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous")
        ]
    assert modes == ["wal", 2], "synchronous=FULL is 2"
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    assert states(path) == ["armed"]


@pytest.mark.parametrize(
    ("status", "state", "stays_open"),
    [
        (Status.PASSED, "passed", False),
        (Status.FAILED, "failed", False),
        (Status.UNKNOWN, "unknown", True),
        (Status.CANCELLED, "unknown", True),
        (Status.BLOCKED, "unknown", True),
    ],
)
def test_what_is_not_known_to_be_over_stays_open(
    gate: IntentGate, path: Path, status: Status, state: str, stays_open: bool
) -> None:
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    gate.settle(intent(), status)
    assert states(path)[-1] == state
    assert bool(gate.open_intents()) is stays_open


def test_a_goal_that_was_seen_settles_the_tasks_intents_of_that_customer_only(
    gate: IntentGate, path: Path
) -> None:
    other_task = replace(intent("user:u@loc1"), step=replace(intent().step, task="users"))
    for one in (intent("phone_number:1"), intent("phone_number:2"), other_task, intent(location_id="loc2")):
        gate.arm(one, settle_after_ms=MINUTE_MS)
    gate.confirm(task="phone-numbers", location_id="loc1")
    assert [(one.object, one.location_id) for one in gate.open_intents()] == [
        ("user:u@loc1", "loc1"),
        ("phone_number:+15550100", "loc2"),
    ]
    gate.confirm(task="phone-numbers", location_id="loc1")
    assert states(path).count("confirmed") == 2


# --- a second time -------------------------------------------------------------------------------


def test_after_a_crash_a_press_is_not_repeated_before_its_time(
    ledger: Ledger, path: Path, gate: IntentGate, clock: Clock
) -> None:
    gate.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    later_run = IntentGate(ledger, dashboard=DASHBOARD, now=clock)
    clock.pass_by(minutes=9, seconds=59)
    with pytest.raises(GateError) as caught:
        later_run.arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert "was pressed before and its outcome has not been seen yet" in caught.value.problem.what
    assert caught.value.problem.done == "nothing was pressed a second time"
    assert "09:40:00" in caught.value.problem.next
    assert ("earlier", "run run1 at 2026-11-22 09:30:00 UTC") in caught.value.problem.details
    assert states(path) == ["armed"]


def test_what_is_still_there_when_its_time_is_over_may_be_pressed_again(
    gate: IntentGate, path: Path, clock: Clock
) -> None:
    gate.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    clock.pass_by(minutes=10)
    gate.arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert states(path) == ["superseded", "armed"]
    [opened] = gate.open_intents()
    assert opened.run_id == "run2"


def test_a_clock_that_was_set_forward_ends_no_doubt(ledger: Ledger, path: Path, clock: Clock) -> None:
    steady = 500.0
    gates = [IntentGate(ledger, dashboard=DASHBOARD, now=clock, steady=lambda: steady) for _ in range(2)]
    gates[0].arm(intent(), settle_after_ms=10 * MINUTE_MS)
    steady += 60
    clock.pass_by(hours=1)
    with pytest.raises(InDoubtError) as caught:
        gates[1].arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert caught.value.until == clock.now + timedelta(minutes=9)
    assert states(path) == ["armed"]
    steady += 9 * 60
    gates[1].arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert states(path) == ["superseded", "armed"]


def test_a_clock_that_was_set_back_draws_a_doubt_out(ledger: Ledger, path: Path, clock: Clock) -> None:
    steady = 500.0
    gate = IntentGate(ledger, dashboard=DASHBOARD, now=clock, steady=lambda: steady)
    gate.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    steady += 11 * 60
    clock.pass_by(hours=-1)
    with pytest.raises(InDoubtError) as caught:
        gate.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    assert caught.value.until == START + timedelta(minutes=10)
    assert states(path) == ["armed"]


def test_an_unknown_outcome_holds_like_an_open_one(gate: IntentGate, path: Path, clock: Clock) -> None:
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    gate.settle(intent(), Status.UNKNOWN)
    with pytest.raises(GateError):
        gate.arm(intent(), settle_after_ms=MINUTE_MS)
    clock.pass_by(minutes=1)
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    assert len(states(path)) == 2


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_a_settled_one_may_be_armed_again_at_once(gate: IntentGate, path: Path, status: Status) -> None:
    """A domain of that name may have been connected anew."""
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    gate.settle(intent(), status)
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    assert len(states(path)) == 2


def test_the_same_object_of_another_customer_is_another(gate: IntentGate, path: Path) -> None:
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    gate.arm(intent(location_id="loc2"), settle_after_ms=MINUTE_MS)
    assert len(states(path)) == 2


@pytest.mark.parametrize("status", [None, Status.PASSED, Status.UNKNOWN, Status.CANCELLED])
def test_what_is_never_sent_twice_is_not_whatever_became_of_it(
    gate: IntentGate, clock: Clock, status: Status | None
) -> None:
    gate.arm(intent("support_request:loc1"), settle_after_ms=None)
    if status is not None:
        gate.settle(intent("support_request:loc1"), status)
    gate.confirm(task="phone-numbers", location_id="loc1")
    clock.pass_by(days=365)
    with pytest.raises(GateError, match="is never sent twice"):
        gate.arm(intent("support_request:loc1", run_id="run2"), settle_after_ms=None)


def test_what_is_known_not_to_have_been_sent_may_be_sent(gate: IntentGate, path: Path) -> None:
    gate.arm(intent("support_request:loc1"), settle_after_ms=None)
    gate.settle(intent("support_request:loc1"), Status.FAILED)
    gate.arm(intent("support_request:loc1"), settle_after_ms=None)
    assert len(states(path)) == 2


# --- the database ---------------------------------------------------------------------------------


@contextmanager
def files_no_larger_than(octets: int) -> Iterator[None]:
    """Every write past that size fails, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_written_is_not_armed(gate: IntentGate, path: Path) -> None:
    gate.arm(intent("phone_number:1"), settle_after_ms=MINUTE_MS)
    with files_no_larger_than(4096), pytest.raises(UnrecordableError) as caught:
        gate.arm(intent("phone_number:2"), settle_after_ms=MINUTE_MS)
    assert "could not be written" in caught.value.problem.what
    assert caught.value.problem.done == "nothing was pressed"
    assert [one.object for one in gate.open_intents()] == ["phone_number:1"]


def test_an_outcome_that_cannot_be_written_leaves_it_open(gate: IntentGate) -> None:
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    with files_no_larger_than(4096):
        with pytest.raises(UnrecordableError, match="what became of phone_number"):
            gate.settle(intent(), Status.PASSED)
        with pytest.raises(UnrecordableError, match="'phone-numbers' reached its goal"):
            gate.confirm(task="phone-numbers", location_id="loc1")
    assert len(gate.open_intents()) == 1


def test_names_in_every_script_come_back_as_they_were(gate: IntentGate) -> None:
    for name in (
        "Чистый Дом",
        "بيت\u2028نظيف",
        "a\nb",
        '"quoted"',
        "Cafe\u0301",
        "\x85",
        "'; DROP TABLE intents",
    ):
        gate.arm(intent(f"domain:{name}"), settle_after_ms=MINUTE_MS)
        assert gate.open_intents()[-1].object == f"domain:{name}"


def test_however_many_arm_the_same_object_at_once_one_is_let_through(path: Path, gate: IntentGate) -> None:
    outcomes: list[str] = []

    def try_it(number: int) -> None:
        with closing(open_ledger(path)) as opened:
            try:
                IntentGate(opened, dashboard=DASHBOARD, now=Clock()).arm(
                    intent(run_id=f"run{number}"), settle_after_ms=MINUTE_MS
                )
                outcomes.append("armed")
            except GateError:
                outcomes.append("refused")

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["armed"] + ["refused"] * 5
    assert states(path) == ["armed"]


def test_a_ledger_that_another_program_holds_lets_nothing_through(
    gate: IntentGate, ledger: Ledger, path: Path
) -> None:
    with ledger.begin() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GateError, match="is held by another program"):
            gate.arm(intent(), settle_after_ms=MINUTE_MS)
        other.execute("ROLLBACK")
    assert gate.open_intents() == []


def test_a_condition_that_refuses_leaves_nothing_armed(ledger: Ledger, path: Path) -> None:
    def refuse(connection: Connection, intent: Intent) -> None:
        raise GateError(Problem(what=f"{intent.object} is not in the plan"))

    gate = IntentGate(ledger, dashboard=DASHBOARD, conditions=(refuse,))
    with pytest.raises(GateError, match="is not in the plan"):
        gate.arm(intent(), settle_after_ms=MINUTE_MS)
    assert states(path) == []


def test_another_dashboards_intents_are_not_ours(ledger: Ledger, gate: IntentGate, path: Path) -> None:
    other = IntentGate(ledger, dashboard="https://other.example", now=Clock())
    gate.arm(intent(), settle_after_ms=MINUTE_MS)
    other.arm(intent(), settle_after_ms=MINUTE_MS)
    other.confirm(task="phone-numbers", location_id="loc1")
    assert states(path) == ["armed", "confirmed"]
