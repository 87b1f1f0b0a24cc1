"""A job is given to one login at a time, in order; whoever has lost a turn can end nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event

from robot.jobs.intake import add_one
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import CaseRow, Cases
from robot.ledger.database import Ledger, moment, open_ledger
from robot.ledger.followups import PAUSES, Followups
from robot.ledger.jobs import CANCELLED, DONE, NEEDS_A_PERSON, QUEUED, WAITING, WORKING, JobRow, Jobs
from robot.ledger.leases import Leases
from robot.ledger.stops import QUEUE, Stops, of_flow, of_login
from robot.ledger.turns import APPROVAL, BEGUN, CLAIMED, FOLLOWUP, HANDED_BACK, STOP, Turns
from robot.time_zone import day_of

DASHBOARD, OTHER = "https://app.example", "https://other.example"
LANE = "robot@x.example"
START = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


class Clock:
    """Stands still until it is set."""

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
def jobs(ledger: Ledger, clock: Clock) -> Jobs:
    return Jobs(ledger, dashboard=DASHBOARD, now=clock)


@pytest.fixture
def cases(ledger: Ledger, clock: Clock) -> Cases:
    return Cases(ledger, dashboard=DASHBOARD, now=clock)


@pytest.fixture
def turns(ledger: Ledger, clock: Clock) -> Turns:
    return Turns(ledger, dashboard=DASHBOARD, now=clock)


def add(jobs: Jobs, company: str = "A", **given: Any) -> JobRow:
    return add_one(jobs, {"company": company, **given}, profile="p", by="me", source="here").job


def ignore(job: JobRow, connection: Connection) -> None:
    pass


def claim(turns: Turns, lane: str = LANE, *, worker: str = "w1", **more: Any) -> JobRow | None:
    return turns.claim(lane, worker=worker, on_claim=ignore, **more)


def begun(turns: Turns, *, worker: str = "w1") -> JobRow:
    """The next job, claimed and begun."""
    job = claim(turns, worker=worker)
    assert job is not None
    mine = turns.begin(job.id, job.turn, worker=worker)
    assert mine is not None
    return mine


# --- claiming -----------------------------------------------------------------------------------------------


def test_jobs_are_claimed_by_priority_due_day_and_age(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    for given in (
        {"company": "old"},
        {"company": "due later", "due_on": "2026-12-05"},
        {"company": "due", "due_on": "2026-12-01"},
        {"company": "first", "priority": 1},
        {"company": "new"},
    ):
        add(jobs, **given)
        clock.now += timedelta(seconds=1)
    claimed = [claim(turns, f"lane {number}") for number in range(6)]
    assert [job.company if job else None for job in claimed] == [
        "first",
        "due",
        "due later",
        "old",
        "new",
        None,
    ]


@pytest.mark.parametrize(
    ("zone", "not_before", "before", "after"),
    [
        # The evening before in the Americas is the day itself in UTC.
        ("America/Los_Angeles", "2026-12-01", "2026-12-01T07:59:59", "2026-12-01T08:00:00"),
        ("America/Sao_Paulo", "2026-12-01", "2026-12-01T02:59:59", "2026-12-01T03:00:00"),
        # In UTC+14 the day begins while it is the one before in UTC.
        ("Pacific/Kiritimati", "2026-12-01", "2026-11-30T09:59:59", "2026-11-30T10:00:00"),
        ("UTC", "2026-12-01", "2026-11-30T23:59:59", "2026-12-01T00:00:00"),
        # The clocks skip midnight: the day begins with the skip.
        ("America/Santiago", "2027-09-05", "2027-09-05T03:59:59", "2027-09-05T04:00:00"),
    ],
)
def test_a_customer_begins_on_the_agencys_day_and_not_before(
    ledger: Ledger, jobs: Jobs, clock: Clock, zone: str, not_before: str, before: str, after: str
) -> None:
    turns = Turns(ledger, dashboard=DASHBOARD, now=clock, zone=ZoneInfo(zone))
    add(jobs, not_before=not_before)
    clock.now = datetime.fromisoformat(before).replace(tzinfo=UTC)
    assert claim(turns) is None
    assert turns.next_due() == clock.now + timedelta(seconds=1)
    clock.now = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert claim(turns) is not None


def test_what_is_due_is_overdue_when_the_agencys_day_is_over(jobs: Jobs, clock: Clock) -> None:
    job = add(jobs, due_on="2026-11-30")
    # 30 November in Los Angeles, 1 December in UTC.
    at = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
    assert not job.is_overdue(day_of(at, ZoneInfo("America/Los_Angeles")))
    assert job.is_overdue(day_of(at + timedelta(minutes=1), ZoneInfo("America/Los_Angeles")))
    assert job.is_overdue(day_of(datetime(2026, 11, 30, 10, tzinfo=UTC), ZoneInfo("Pacific/Kiritimati")))
    assert not add(jobs, "B").is_overdue(date(2030, 1, 1))


def test_a_claim_is_told_and_written_down(jobs: Jobs, turns: Turns) -> None:
    job = add(jobs)
    told: list[JobRow] = []
    claimed = turns.claim(LANE, worker="w1", on_claim=lambda one, _: told.append(one))
    assert claimed == jobs.find(job.id)
    assert told == [claimed]
    assert claimed is not None
    assert (claimed.state, claimed.lane, claimed.turn) == (WORKING, LANE, 1)
    [turn] = turns.of(job)
    assert (turn.number, turn.lane, turn.worker, turn.state) == (1, LANE, "w1", CLAIMED)
    assert (turn.claimed_at, turn.began_at, turn.ended_at) == (moment(START), None, None)
    assert turns.at_work([LANE, "other"]) == [claimed]
    assert turns.at_work(["other"]) == []


def test_a_login_that_is_taken_gets_nothing(jobs: Jobs, turns: Turns) -> None:
    add(jobs, "A")
    add(jobs, "B")
    first = claim(turns)
    assert first is not None
    assert claim(turns, worker="w2") is None
    assert claim(turns, "other login") is not None
    assert turns.end(first, DONE, "", worker="w1")
    assert jobs.all(states=[QUEUED]) == []
    add(jobs, "C")
    assert claim(turns, worker="w2") is not None


def test_a_job_is_not_begun_before_its_day(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs, not_before="2026-11-27")
    clock.now = datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    assert claim(turns) is None
    clock.now = datetime(2026, 11, 27, tzinfo=UTC)
    assert claim(turns) is not None


def test_a_job_is_not_begun_again_before_its_time(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs)
    wake_at = START + timedelta(minutes=2)
    assert turns.end(begun(turns), QUEUED, "the page did not load", worker="w1", wake_at=wake_at)
    clock.now = wake_at - timedelta(microseconds=1)
    assert claim(turns) is None
    clock.now = wake_at
    job = claim(turns)
    assert job is not None
    assert (job.turn, job.wake_at) == (2, None)


def test_a_job_that_is_to_come_holds_no_other_up(jobs: Jobs, turns: Turns) -> None:
    add(jobs, "later", priority=1, not_before="2026-11-27")
    add(jobs, "now")
    job = claim(turns)
    assert job is not None
    assert job.company == "now"


def test_a_paused_queue_gives_nothing(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    jobs.set_paused(True, by="me")
    assert turns.is_paused()
    assert claim(turns) is None
    jobs.set_paused(False, by="me")
    assert not turns.is_paused()
    assert claim(turns) is not None


def test_no_more_than_so_many_are_begun_in_an_hour(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    for company in "ABC":
        add(jobs, company)
    assert claim(turns, "1", most_per_hour=2) is not None
    clock.now += timedelta(minutes=30)
    assert claim(turns, "2", most_per_hour=2) is not None
    # Those that have ended count, too: it is customers an hour that are meant, not browsers at once.
    for job in turns.at_work(["1", "2"]):
        turns.end(job, DONE, "", worker="w1")
    clock.now = START + timedelta(minutes=59, seconds=59)
    assert claim(turns, "3", most_per_hour=2) is None
    clock.now = START + timedelta(hours=1)
    assert claim(turns, "3", most_per_hour=2) is not None


def test_whoever_was_begun_before_is_gone_on_with(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    for company in "ABC":
        add(jobs, company)
    first = claim(turns, "1", most_per_hour=1)
    assert first is not None
    turns.end(first, QUEUED, "tried again", worker="w1", wake_at=START)
    assert claim(turns, "2", most_per_hour=1) == jobs.find(first.id)
    # That was no customer more.
    assert claim(turns, "3", most_per_hour=1) is None
    assert claim(turns, "3", most_per_hour=2) is not None


def test_a_worker_has_no_more_than_so_many_at_once(jobs: Jobs, turns: Turns) -> None:
    for company in "ABCD":
        add(jobs, company)
    first = claim(turns, "1", worker="w1", at_once=1)
    assert first is not None
    assert claim(turns, "2", worker="w1", at_once=1) is None
    assert claim(turns, "2", worker="w2", at_once=1) is not None
    # Another one has taken it up: the first has its place again.
    assert turns.begin(first.id, first.turn, worker="w3") is not None
    mine = claim(turns, "3", worker="w1", at_once=1)
    assert mine is not None
    assert claim(turns, "4", worker="w3", at_once=1) is None
    turns.end(mine, DONE, "", worker="w1")
    assert claim(turns, "4", worker="w1", at_once=1) is not None


def test_a_login_that_is_at_work_elsewhere_gets_nothing(ledger: Ledger, jobs: Jobs, turns: Turns) -> None:
    add(jobs, "A")
    with Leases(ledger, dashboard=DASHBOARD, run_id="by hand", now=lambda: START) as by_hand:
        by_hand.take_login(LANE)
        assert claim(turns) is None
        # It is left as it was: nothing is put off.
        assert [(job.state, job.turn) for job in jobs.all()] == [(QUEUED, 0)]
        assert claim(turns, "other@x.example") is not None
    add(jobs, "B")
    assert claim(turns) is not None


def test_most_of_none_begins_nothing(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    assert claim(turns, most_per_hour=0) is None


def test_a_claim_that_cannot_be_handed_on_is_undone_whole(jobs: Jobs, turns: Turns) -> None:
    job = add(jobs)

    def refuse(job: JobRow, connection: Connection) -> None:
        raise OSError("the queue is away")

    with pytest.raises(OSError, match="the queue is away"):
        turns.claim(LANE, worker="w1", on_claim=refuse)
    assert jobs.find(job.id) == job
    assert turns.of(job) == []
    again = claim(turns)
    assert again is not None
    assert again.turn == 1


# --- one turn -----------------------------------------------------------------------------------------------


def test_a_turn_that_was_claimed_is_begun(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs)
    job = claim(turns)
    assert job is not None
    clock.now += timedelta(seconds=5)
    assert turns.begin(job.id, 1, worker="w2") == job
    [turn] = turns.of(job)
    assert (turn.state, turn.worker, turn.began_at) == (BEGUN, "w2", moment(clock.now))


def test_a_turn_that_is_begun_again_keeps_its_beginning(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs)
    job = begun(turns)
    clock.now += timedelta(hours=1)
    assert turns.begin(job.id, 1, worker="w2") is not None
    [turn] = turns.of(job)
    assert (turn.worker, turn.began_at) == ("w2", moment(START))


def test_a_turn_that_is_over_is_not_begun(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    job = begun(turns)
    turns.end(job, QUEUED, "", worker="w1")
    assert turns.begin(job.id, 1, worker="w1") is None, "the job is queued"
    second = claim(turns)
    assert second is not None
    assert turns.begin(job.id, 1, worker="w1") is None, "it is the second turn's"
    assert turns.begin(job.id, 3, worker="w1") is None
    assert turns.begin("nobody", 1, worker="w1") is None
    assert turns.begin(job.id, 2, worker="w1") is not None
    assert [(turn.state, turn.began_at is None) for turn in turns.of(job)] == [
        (HANDED_BACK, False),
        (BEGUN, False),
    ]


def test_a_worker_that_has_lost_its_turn_ends_nothing(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    lost = begun(turns, worker="w1")
    mine = turns.begin(lost.id, lost.turn, worker="w2")
    assert mine is not None
    before = jobs.find(lost.id), turns.of(lost)
    assert not turns.end(lost, DONE, "", worker="w1")
    assert (jobs.find(lost.id), turns.of(lost)) == before
    assert turns.end(mine, NEEDS_A_PERSON, "look", worker="w2")
    assert jobs.find(lost.id).state == NEEDS_A_PERSON
    assert not turns.end(mine, DONE, "", worker="w2"), "a turn ends once"
    assert jobs.find(lost.id).state == NEEDS_A_PERSON


def test_a_turn_that_ends_leaves_what_it_says(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs)
    job = begun(turns)
    clock.now += timedelta(minutes=3)
    wake_at = clock.now + timedelta(minutes=10)
    assert turns.end(job, QUEUED, "the page did not load", worker="w1", wake_at=wake_at, tries=2)
    left = jobs.find(job.id)
    assert (left.state, left.reason, left.tries) == (QUEUED, "the page did not load", 2)
    assert (left.wake_at, left.state_since, left.ended_at) == (moment(wake_at), moment(clock.now), None)
    [turn] = turns.of(job)
    assert (turn.state, turn.reason, turn.ended_at) == (QUEUED, "the page did not load", moment(clock.now))


def test_a_turn_that_says_nothing_of_tries_leaves_them(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs)
    turns.end(begun(turns), QUEUED, "", worker="w1", wake_at=clock.now, tries=1)
    job = begun(turns)
    assert job.tries == 1
    assert turns.end(job, WAITING, "look", worker="w1", waits_for=APPROVAL)
    left = jobs.find(job.id)
    assert (left.tries, left.waits_for, left.wake_at) == (1, APPROVAL, None)


def test_a_job_that_is_queued_for_at_once_was_handed_back(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    job = begun(turns)
    assert turns.end(job, QUEUED, "told to stop", worker="w1")
    assert [turn.state for turn in turns.of(job)] == [HANDED_BACK]
    assert jobs.find(job.id).state == QUEUED


@pytest.mark.parametrize(
    ("state", "is_end"), [(DONE, True), (CANCELLED, True), (WAITING, False), (NEEDS_A_PERSON, False)]
)
def test_only_what_is_done_or_cancelled_has_ended(jobs: Jobs, turns: Turns, state: str, is_end: bool) -> None:
    add(jobs)
    job = begun(turns)
    assert turns.end(job, state, "", worker="w1")
    assert jobs.find(job.id).ended_at == (moment(START) if is_end else None)


def test_a_turn_of_which_nobody_can_be_asked_is_given_up(jobs: Jobs, turns: Turns) -> None:
    add(jobs)
    job = begun(turns)
    turns.give_up(job, "its worker has ended")
    left = jobs.find(job.id)
    assert (left.state, left.reason, left.waits_for) == (NEEDS_A_PERSON, "its worker has ended", "")
    [turn] = turns.of(job)
    assert (turn.state, turn.reason) == (NEEDS_A_PERSON, "its worker has ended")
    assert turn.ended_at is not None
    assert not turns.end(job, DONE, "", worker="w1")
    assert jobs.find(job.id).state == NEEDS_A_PERSON


# --- what is woken ------------------------------------------------------------------------------------------


@pytest.fixture
def case(cases: Cases) -> CaseRow:
    return cases.open(profile="p", location_id="loc1", company="A", by="me")


@pytest.fixture
def wait(jobs: Jobs, turns: Turns, case: CaseRow) -> Callable[[str], JobRow]:
    """Has a job of the case wait for something."""

    def leave(waits_for: str) -> JobRow:
        add(jobs)
        job = begun(turns)
        turns.note_case(job, case.id)
        assert turns.end(job, WAITING, "it waits", worker="w1", waits_for=waits_for)
        return jobs.find(job.id)

    return leave


def state_after_waking(turns: Turns, jobs: Jobs) -> str:
    turns.wake()
    [job] = jobs.all()
    return job.state


def plan(cases: Cases, case: CaseRow, digest: str) -> None:
    cases.save_plan(case.id, digest=digest, survey_run_id="s", content="{}")


def approve(cases: Cases, case: CaseRow, digest: str) -> None:
    length = timedelta(hours=4)
    cases.approve(case.id, digest=digest, mode=ApprovalMode.PLAN, by="ann", length=length)


def test_what_waits_for_approval_is_woken_once_the_newest_plan_is_approved(
    jobs: Jobs, turns: Turns, cases: Cases, case: CaseRow, wait: Callable[[str], JobRow]
) -> None:
    wait(APPROVAL)
    assert state_after_waking(turns, jobs) == WAITING, "there is no plan"
    plan(cases, case, "first")
    assert state_after_waking(turns, jobs) == WAITING, "nobody has approved it"
    approve(cases, case, "first")
    plan(cases, case, "second")
    assert state_after_waking(turns, jobs) == WAITING, "the approved plan is not the newest"
    approve(cases, case, "second")
    turns.wake()
    [job] = jobs.all()
    # What it has waited for says what the next turn is for.
    assert (job.state, job.waits_for, job.reason) == (QUEUED, APPROVAL, "it waits")
    assert claim(turns) is not None


def test_an_approval_that_is_good_no_more_wakes_nobody(
    jobs: Jobs,
    turns: Turns,
    cases: Cases,
    case: CaseRow,
    wait: Callable[[str], JobRow],
    clock: Clock,
) -> None:
    wait(APPROVAL)
    plan(cases, case, "first")
    approve(cases, case, "first")
    cases.withdraw(case.id)
    assert state_after_waking(turns, jobs) == WAITING
    approve(cases, case, "first")
    clock.now += timedelta(hours=4)
    assert state_after_waking(turns, jobs) == WAITING
    clock.now -= timedelta(seconds=1)
    assert state_after_waking(turns, jobs) == QUEUED


def test_what_waits_for_what_ends_later_is_woken_once_it_is_due(
    ledger: Ledger,
    jobs: Jobs,
    turns: Turns,
    case: CaseRow,
    wait: Callable[[str], JobRow],
    clock: Clock,
) -> None:
    followups = Followups(ledger, dashboard=DASHBOARD, now=clock)
    followups.note(case.id, [("saas:loc1", "being disabled")])
    wait(FOLLOWUP)
    due = START + PAUSES[0]
    clock.now = due - timedelta(seconds=1)
    assert state_after_waking(turns, jobs) == WAITING
    clock.now = due
    assert state_after_waking(turns, jobs) == QUEUED


def test_another_case_that_is_due_wakes_nobody_else(
    ledger: Ledger,
    jobs: Jobs,
    turns: Turns,
    cases: Cases,
    case: CaseRow,
    wait: Callable[[str], JobRow],
    clock: Clock,
) -> None:
    followups = Followups(ledger, dashboard=DASHBOARD, now=clock)
    other = cases.open(profile="p", location_id="loc2", company="B", by="me")
    followups.note(other.id, [("saas:loc2", "being disabled")])
    clock.now += timedelta(hours=1)
    followups.note(case.id, [("saas:loc1", "being disabled")])
    wait(FOLLOWUP)
    assert state_after_waking(turns, jobs) == WAITING


def test_what_waits_for_a_stop_is_woken_once_no_flow_is_stopped(
    ledger: Ledger, jobs: Jobs, turns: Turns, wait: Callable[[str], JobRow], clock: Clock
) -> None:
    stops = Stops(ledger, dashboard=DASHBOARD, now=clock)
    stops.stop(of_flow("users"), "it failed")
    # Neither these nor another dashboard's flows keep it waiting.
    stops.stop(of_login(LANE), "refused")
    stops.stop(QUEUE, "it failed")
    Stops(ledger, dashboard=OTHER, now=clock).stop(of_flow("users"), "it failed")
    wait(STOP)
    assert state_after_waking(turns, jobs) == WAITING
    stops.end(of_flow("users"))
    assert state_after_waking(turns, jobs) == QUEUED


def test_what_a_person_has_to_look_at_is_not_woken(
    ledger: Ledger, jobs: Jobs, turns: Turns, cases: Cases, case: CaseRow, clock: Clock
) -> None:
    add(jobs)
    job = begun(turns)
    turns.note_case(job, case.id)
    turns.end(job, NEEDS_A_PERSON, "look", worker="w1")
    plan(cases, case, "first")
    approve(cases, case, "first")
    Followups(ledger, dashboard=DASHBOARD, now=clock).note(case.id, [("saas:loc1", "being disabled")])
    clock.now += timedelta(hours=1)
    assert state_after_waking(turns, jobs) == NEEDS_A_PERSON


@pytest.mark.parametrize(
    ("case_state", "left_as"), [("done", DONE), ("cancelled", CANCELLED), ("closed", CANCELLED)]
)
@pytest.mark.parametrize("state", [QUEUED, WAITING, NEEDS_A_PERSON])
def test_a_job_whose_case_a_person_has_closed_ends_without_a_turn(
    jobs: Jobs, turns: Turns, cases: Cases, case: CaseRow, state: str, case_state: str, left_as: str
) -> None:
    add(jobs)
    job = begun(turns)
    turns.note_case(job, case.id)
    turns.end(job, state, "before", worker="w1", waits_for=APPROVAL if state == WAITING else "")
    cases.set_state(case.id, case_state, "by hand", is_closed=True)
    turns.wake()
    left = jobs.find(job.id)
    assert (left.state, left.reason, left.ended_at) == (left_as, "by hand", moment(START))
    assert (left.waits_for, left.turn) == ("", 1)
    assert claim(turns) is None
    assert len(turns.of(job)) == 1


def test_a_job_that_is_worked_is_left_to_whoever_works_it(
    jobs: Jobs, turns: Turns, cases: Cases, case: CaseRow
) -> None:
    add(jobs)
    job = begun(turns)
    turns.note_case(job, case.id)
    cases.set_state(case.id, "done", "", is_closed=True)
    assert state_after_waking(turns, jobs) == WORKING


# --- when, and what was -------------------------------------------------------------------------------------


def test_nothing_is_due_where_nothing_waits_for_a_time(jobs: Jobs, turns: Turns) -> None:
    assert turns.next_due() is None
    add(jobs)
    turns.end(begun(turns), WAITING, "", worker="w1", waits_for=APPROVAL)
    assert turns.next_due() is None
    add(jobs, "B")
    turns.end(begun(turns), NEEDS_A_PERSON, "", worker="w1")
    assert turns.next_due() is None
    add(jobs, "C")
    begun(turns)
    assert turns.next_due() is None, "it is worked already"


def test_what_may_be_begun_is_due_since_it_was_added(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    add(jobs, "later", not_before="2026-11-30")
    assert turns.next_due() == datetime(2026, 11, 30, tzinfo=UTC)
    clock.now += timedelta(hours=1)
    add(jobs, "now")
    assert turns.next_due() == START + timedelta(hours=1)


def test_the_next_try_and_the_next_look_are_due(
    ledger: Ledger, jobs: Jobs, turns: Turns, case: CaseRow, clock: Clock
) -> None:
    add(jobs)
    turns.end(begun(turns), QUEUED, "", worker="w1", wake_at=START + timedelta(hours=2))
    assert turns.next_due() == START + timedelta(hours=2)
    add(jobs, "B")
    job = begun(turns)
    turns.note_case(job, case.id)
    followups = Followups(ledger, dashboard=DASHBOARD, now=clock)
    followups.note(case.id, [("saas:loc1", "being disabled"), ("user:a", "being removed")])
    turns.end(job, WAITING, "", worker="w1", waits_for=FOLLOWUP)
    assert turns.next_due() == START + PAUSES[0]
    followups.note(case.id, [])
    assert turns.next_due() == START, "it has ended, and is woken at once"


def test_turns_since_a_time_are_those_that_had_not_ended_then(jobs: Jobs, turns: Turns, clock: Clock) -> None:
    ids = {}
    for company in "ABC":
        ids[company] = add(jobs, company).id
        clock.now += timedelta(minutes=1)
    early = claim(turns, "1")
    clock.now += timedelta(minutes=1)
    late = claim(turns, "2")
    clock.now += timedelta(minutes=1)
    claim(turns, "3")
    assert early is not None
    assert late is not None
    turns.end(late, DONE, "", worker="w1")
    clock.now += timedelta(minutes=1)
    ended = clock.now
    turns.end(early, DONE, "", worker="w1")
    told = [turn.job_id for turn in turns.since(ended)]
    assert told == [ids["A"], ids["C"]]
    assert [turn.job_id for turn in turns.since(START)] == [ids["A"], ids["B"], ids["C"]]
    assert [turn.job_id for turn in turns.since(ended + timedelta(seconds=1))] == [ids["C"]]


def test_two_dashboards_in_one_ledger_do_not_see_each_other(
    ledger: Ledger, jobs: Jobs, turns: Turns, clock: Clock
) -> None:
    theirs = Turns(ledger, dashboard=OTHER, now=clock)
    their_jobs = Jobs(ledger, dashboard=OTHER, now=clock)
    add(jobs)
    assert theirs.next_due() is None
    assert claim(theirs) is None
    job = begun(turns)
    assert theirs.at_work([LANE]) == []
    assert theirs.since(START) == []
    # Neither the pause, nor the login, nor what was begun this hour is shared.
    jobs.set_paused(True, by="me")
    their_job = add(their_jobs)
    assert not theirs.is_paused()
    claimed = claim(theirs, most_per_hour=1)
    assert claimed is not None
    assert claimed.id == their_job.id != job.id
    theirs.end(claimed, WAITING, "", worker="w1", waits_for=STOP)
    turns.wake()
    assert their_jobs.find(their_job.id).state == WAITING
    theirs.wake()
    assert their_jobs.find(their_job.id).state == QUEUED


def test_a_turn_that_has_ended_meanwhile_is_not_given_up(jobs: Jobs, turns: Turns) -> None:
    add(jobs, "A")
    job = claim(turns)
    assert job is not None
    assert turns.begin(job.id, job.turn, worker="w1") is not None
    assert turns.end(job, DONE, "", worker="w1")
    assert not turns.give_up(job, "its worker has ended again and again")
    assert [one.state for one in jobs.all()] == [DONE]


def test_what_was_followed_up_by_hand_is_looked_at_again(
    jobs: Jobs, turns: Turns, wait: Callable[[str], JobRow]
) -> None:
    wait(FOLLOWUP)
    assert state_after_waking(turns, jobs) == QUEUED, "nothing is awaited any more"


def test_no_claim_and_no_addition_looks_at_every_job(ledger: Ledger, jobs: Jobs, turns: Turns) -> None:
    """What is done for each job among many thousand: by an index, and in its order."""
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *more: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "FROM jobs" in statement:
            asked.append((statement, parameters))

    event.listen(ledger.engine, "before_cursor_execute", note)
    for given in ({"location_id": "hK3vQ9mTz7LpX2cRb8Nd", "company": "A"}, {"company": "B"}):
        add_one(jobs, given, profile="p", by="ann", source="test")
    assert turns.claim(LANE, worker="w", on_claim=lambda job, connection: None)
    event.remove(ledger.engine, "before_cursor_execute", note)
    assert len(asked) >= 5
    with ledger.begin() as connection:
        steps = [
            (statement, str(row[3]))
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    claims = [step for statement, step in steps if "coalesce" in statement and "LIMIT" in statement]
    assert claims == ["SEARCH jobs USING INDEX jobs_in_order (dashboard=? AND state=?)"]
    assert [step for _, step in steps if step.startswith("SCAN")] == []
