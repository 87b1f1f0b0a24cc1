from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import GateError, SetupError, UnrecordableError
from robot.run.intents import IntentJournal
from robot.run.model import Intent, Status, StepRef

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


def armed(journal: IntentJournal) -> int:
    """How often its file says that something was armed."""
    rows = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    return [row["state"] for row in rows].count("armed")


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
def journal(tmp_path: Path, clock: Clock) -> IntentJournal:
    return IntentJournal(tmp_path / "data" / "intents.jsonl", now=clock)


def states(journal: IntentJournal) -> list[str]:
    return [json.loads(line)["state"] for line in journal.path.read_text().splitlines()]


# --- one intent ----------------------------------------------------------------------------------


def test_an_armed_intent_is_open_until_it_is_settled(journal: IntentJournal) -> None:
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    [opened] = journal.open_intents()
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
    journal.settle(intent(), Status.PASSED)
    assert journal.open_intents() == []
    assert states(journal) == ["armed", "passed"]


def test_it_is_on_the_disk_before_arm_returns(
    journal: IntentJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(journal.path.read_text()))
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    assert json.loads(flushed[-1])["state"] == "armed"


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
    journal: IntentJournal, status: Status, state: str, stays_open: bool
) -> None:
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    journal.settle(intent(), status)
    assert states(journal)[-1] == state
    assert bool(journal.open_intents()) is stays_open


def test_a_goal_that_was_seen_settles_the_tasks_intents_of_that_customer_only(journal: IntentJournal) -> None:
    other_task = replace(intent("user:u@loc1"), step=replace(intent().step, task="users"))
    for one in (intent("phone_number:1"), intent("phone_number:2"), other_task, intent(location_id="loc2")):
        journal.arm(one, settle_after_ms=MINUTE_MS)
    journal.confirm(task="phone-numbers", location_id="loc1")
    assert [(one.object, one.location_id) for one in journal.open_intents()] == [
        ("user:u@loc1", "loc1"),
        ("phone_number:+15550100", "loc2"),
    ]
    journal.confirm(task="phone-numbers", location_id="loc1")
    assert states(journal).count("confirmed") == 2


# --- a second time -------------------------------------------------------------------------------


def test_after_a_crash_a_press_is_not_repeated_before_its_time(
    tmp_path: Path, journal: IntentJournal, clock: Clock
) -> None:
    journal.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    later_run = IntentJournal(journal.path, now=clock)
    clock.pass_by(minutes=9, seconds=59)
    with pytest.raises(GateError) as caught:
        later_run.arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert "was pressed before and its outcome has not been seen yet" in caught.value.problem.what
    assert caught.value.problem.done == "nothing was pressed a second time"
    assert "09:40:00" in caught.value.problem.next
    assert ("earlier", "run run1 at 2026-11-22 09:30:00 UTC") in caught.value.problem.details
    assert states(journal) == ["armed"]


def test_what_is_still_there_when_its_time_is_over_may_be_pressed_again(
    journal: IntentJournal, clock: Clock
) -> None:
    journal.arm(intent(), settle_after_ms=10 * MINUTE_MS)
    clock.pass_by(minutes=10)
    journal.arm(intent(run_id="run2"), settle_after_ms=10 * MINUTE_MS)
    assert states(journal) == ["armed", "superseded", "armed"]
    [opened] = journal.open_intents()
    assert opened.run_id == "run2"


def test_an_unknown_outcome_holds_like_an_open_one(journal: IntentJournal, clock: Clock) -> None:
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    journal.settle(intent(), Status.UNKNOWN)
    with pytest.raises(GateError):
        journal.arm(intent(), settle_after_ms=MINUTE_MS)
    clock.pass_by(minutes=1)
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    assert armed(journal) == 2


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_a_settled_one_may_be_armed_again_at_once(journal: IntentJournal, status: Status) -> None:
    """A domain of that name may have been connected anew."""
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    journal.settle(intent(), status)
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    assert armed(journal) == 2


def test_the_same_object_of_another_customer_is_another(journal: IntentJournal) -> None:
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    journal.arm(intent(location_id="loc2"), settle_after_ms=MINUTE_MS)
    assert armed(journal) == 2


@pytest.mark.parametrize("status", [None, Status.PASSED, Status.UNKNOWN, Status.CANCELLED])
def test_what_is_never_sent_twice_is_not_whatever_became_of_it(
    journal: IntentJournal, clock: Clock, status: Status | None
) -> None:
    journal.arm(intent("support_request:loc1"), settle_after_ms=None)
    if status is not None:
        journal.settle(intent("support_request:loc1"), status)
    journal.confirm(task="phone-numbers", location_id="loc1")
    clock.pass_by(days=365)
    with pytest.raises(GateError, match="is never sent twice"):
        journal.arm(intent("support_request:loc1", run_id="run2"), settle_after_ms=None)


def test_what_is_known_not_to_have_been_sent_may_be_sent(journal: IntentJournal) -> None:
    journal.arm(intent("support_request:loc1"), settle_after_ms=None)
    journal.settle(intent("support_request:loc1"), Status.FAILED)
    journal.arm(intent("support_request:loc1"), settle_after_ms=None)
    assert armed(journal) == 2


# --- the file ------------------------------------------------------------------------------------


def test_a_torn_last_line_is_no_intent_and_harms_no_other(journal: IntentJournal) -> None:
    journal.arm(intent("phone_number:1"), settle_after_ms=MINUTE_MS)
    with journal.path.open("ab") as file:
        file.write(b'{"state": "armed", "object": "phone_number:2", "loc')
    assert [one.object for one in journal.open_intents()] == ["phone_number:1"]
    journal.arm(intent("phone_number:3"), settle_after_ms=MINUTE_MS)
    assert [one.object for one in journal.open_intents()] == ["phone_number:1", "phone_number:3"]


@given(
    cut=st.integers(min_value=0, max_value=2000),
    names=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True),
)
def test_wherever_a_crash_cuts_the_file_whole_lines_count(
    tmp_path_factory: pytest.TempPathFactory, cut: int, names: list[str]
) -> None:
    journal = IntentJournal(tmp_path_factory.mktemp("cut") / "intents.jsonl", now=Clock())
    for name in names:
        journal.arm(intent(f"x:{name}"), settle_after_ms=MINUTE_MS)
    octets = journal.path.read_bytes()
    journal.path.write_bytes(octets[:cut])
    whole = octets[:cut].count(b"\n") + (octets[cut : cut + 1] == b"\n")
    assert [one.object for one in journal.open_intents()] == [f"x:{name}" for name in names[:whole]]
    journal.arm(intent("x:next", location_id="loc9"), settle_after_ms=MINUTE_MS)
    assert len(journal.open_intents()) == whole + 1


def test_names_in_every_script_come_back_as_they_were(journal: IntentJournal) -> None:
    for name in ("Чистый Дом", "بيت\u2028نظيف", "a\nb", '"quoted"', "Cafe\u0301", "\x85"):
        journal.arm(intent(f"domain:{name}"), settle_after_ms=MINUTE_MS)
        assert journal.open_intents()[-1].object == f"domain:{name}"


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


def test_what_cannot_be_written_is_not_armed(journal: IntentJournal) -> None:
    journal.arm(intent("phone_number:1"), settle_after_ms=MINUTE_MS)
    with (
        files_no_larger_than(journal.path.stat().st_size + 10),
        pytest.raises(UnrecordableError) as caught,
    ):
        journal.arm(intent("phone_number:2"), settle_after_ms=MINUTE_MS)
    assert "could not be written" in caught.value.problem.what
    assert caught.value.problem.done == "nothing was pressed"
    assert [one.object for one in journal.open_intents()] == ["phone_number:1"]


def test_an_outcome_that_cannot_be_written_leaves_it_open(journal: IntentJournal) -> None:
    journal.arm(intent(), settle_after_ms=MINUTE_MS)
    with files_no_larger_than(journal.path.stat().st_size):
        with pytest.raises(UnrecordableError, match="what became of phone_number"):
            journal.settle(intent(), Status.PASSED)
        with pytest.raises(UnrecordableError, match="'phone-numbers' reached its goal"):
            journal.confirm(task="phone-numbers", location_id="loc1")
    assert len(journal.open_intents()) == 1


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SetupError) as caught:
        IntentJournal(tmp_path / "data" / "intents.jsonl")
    assert "cannot be written" in caught.value.problem.what
    assert "OFFBOARD_DATA" in caught.value.problem.next


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_folder_is_for_its_owner_only(journal: IntentJournal) -> None:
    assert journal.path.parent.stat().st_mode & 0o077 == 0


def test_two_runs_arm_one_after_the_other(journal: IntentJournal) -> None:
    """However many arm the same object at once, one is let through."""
    outcomes: list[str] = []

    def try_it(number: int) -> None:
        try:
            IntentJournal(journal.path, now=Clock()).arm(
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
    assert states(journal) == ["armed"]


def test_a_journal_that_another_run_holds_lets_nothing_through(journal: IntentJournal) -> None:
    journal.lock_timeout_s = 0.05
    with FileLock(f"{journal.path}.lock"), pytest.raises(GateError, match="is held by another run"):
        journal.arm(intent(), settle_after_ms=MINUTE_MS)
    assert journal.open_intents() == []
