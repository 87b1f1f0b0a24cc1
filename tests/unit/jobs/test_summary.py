"""In the morning each customer stands somewhere, with what was done and what to do next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from robot.case.office import Office
from robot.case.plan import OFFBOARD
from robot.case.verify import Left, Verification
from robot.errors import Problem
from robot.jobs.intake import add_one
from robot.jobs.summary import (
    DONE_TONIGHT,
    FOR_A_PERSON,
    NOT_REACHED,
    NOTHING_TO_DO,
    STANDINGS,
    WAITS,
    Customer,
    Summary,
    as_json,
    counts,
    summarise,
)
from robot.ledger.database import moment
from robot.ledger.jobs import CANCELLED, DONE, NEEDS_A_PERSON, QUEUED, WAITING, JobRow, Jobs
from robot.ledger.stops import QUEUE, Stops, of_flow
from robot.ledger.tables import INTENTS, RUNS, TASKS
from robot.ledger.turns import APPROVAL, FOLLOWUP, STOP, Turns
from robot.run.model import Status
from robot.run.plain import to_plain
from tests.unit.case.plans import DASHBOARD

BEGAN = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)


class Clock:
    now = BEGAN

    def __call__(self) -> datetime:
        return self.now


class Desk:
    """Works jobs without a browser: a minute to begin each, two to work it."""

    def __init__(self, office: Office) -> None:
        self.clock = Clock()
        self.at = replace(office, now=self.clock)
        self.jobs = Jobs(office.ledger, dashboard=DASHBOARD, now=self.clock)
        self.turns = Turns(office.ledger, dashboard=DASHBOARD, now=self.clock)
        self.stops = Stops(office.ledger, dashboard=DASHBOARD, now=self.clock)

    def add(self, company: str) -> JobRow:
        self.clock.now += timedelta(seconds=1)
        given = {"company": company}
        return add_one(self.jobs, given, profile="agency", by="me", source="here").job

    def begin(self, company: str, *, has_case: bool = True) -> JobRow:
        self.add(company)
        job = self.turns.claim("robot@x", worker="w", on_claim=lambda job, connection: None)
        assert job is not None
        assert job.company == company
        self.clock.now += timedelta(minutes=1)
        assert self.turns.begin(job.id, job.turn, worker="w") is not None
        if has_case:
            case = self.at.cases.open(profile="agency", location_id=f"id {company}", company=company, by="me")
            self.turns.note_case(job, case.id)
        return self.jobs.find(job.id)

    def end(self, job: JobRow, state: str, reason: str = "", **more: Any) -> None:
        self.clock.now += timedelta(minutes=2)
        assert self.turns.end(job, state, reason, worker="w", **more)

    def work(
        self, company: str, state: str, reason: str = "", *, has_case: bool = True, **more: Any
    ) -> JobRow:
        """One turn from its beginning to its end."""
        job = self.begin(company, has_case=has_case)
        self.end(job, state, reason, **more)
        return self.jobs.find(job.id)

    def press(self, job: JobRow, *, state: str = "passed", at: datetime | None = None) -> None:
        with self.at.ledger.begin() as connection:
            connection.execute(
                insert(INTENTS).values(
                    dashboard=DASHBOARD,
                    object=f"user:{self.clock.now}",
                    location_id="x",
                    task="users",
                    run_id="r",
                    case_id=job.case_id,
                    sentence="Removes a user",
                    page_url="/x",
                    state=state,
                    armed_at=moment(at or self.clock.now),
                )
            )

    def run(self, job: JobRow, run_id: str, *tasks: tuple[str, Status, str], flow: str = OFFBOARD) -> None:
        """A run of the job's case; of each task its name, how it ended, and what is to be done then."""
        with self.at.ledger.begin() as connection:
            connection.execute(
                insert(RUNS).values(
                    id=run_id,
                    case_id=job.case_id,
                    flow=flow,
                    dashboard=DASHBOARD,
                    operator="me",
                    status="blocked",
                    reason="",
                    started_at=moment(self.clock.now),
                    evidence="",
                    evidence_digest="",
                )
            )
            for second, (name, status, advice) in enumerate(tasks):
                problems = [to_plain(Problem(what="x", next=advice))] if advice else []
                at = moment(self.clock.now + timedelta(seconds=second))
                connection.execute(
                    insert(TASKS).values(
                        goes_on=0,
                        run_id=run_id,
                        task=name,
                        status=str(status),
                        reason="r",
                        started_at=at,
                        ended_at=at,
                        outputs="{}",
                        problems=json.dumps(problems),
                    )
                )
        self.clock.now += timedelta(minutes=1)

    def look(self, job: JobRow, *, left: tuple[str, ...] = (), costs: tuple[str, ...] = ()) -> None:
        """A survey that was taken afterwards. left: what is to be done about each thing that is left."""
        found = Verification(
            company=job.company,
            location_id="x",
            verified_at=moment(self.clock.now),
            done=(),
            by_others=(),
            left=tuple(
                Left(task="Users", object="user:a", shown="a", why="in use", next=one, is_new=False)
                for one in left
            ),
            waiting=(),
            settled=(),
            costs=costs,
            unread=(),
        )
        content = json.dumps(to_plain(found))
        self.at.cases.save_verification(job.case_id or "", run_id="r", content=content)

    def morning(self, *, since: datetime = BEGAN) -> Summary:
        return summarise(
            self.at, batch_id="b1", began_at=since, outcome="Ended when its time was over", preflight={}
        )

    def only(self) -> Customer:
        [one] = self.morning().customers
        return one


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


# --- where a customer stands --------------------------------------------------------------------------------


def test_done_is_one_for_whom_something_was_done(desk: Desk) -> None:
    job = desk.begin("A")
    desk.press(job)
    desk.press(job, state="unknown")
    desk.end(job, DONE)
    one = desk.only()
    assert (one.standing, one.acts, one.next, one.reason) == (DONE_TONIGHT, 2, "", "")
    assert (one.job, one.case, one.company, one.location_id) == (job.id, job.case_id, "A", "id A")


def test_one_for_whom_nothing_was_done_had_nothing_to_do(desk: Desk) -> None:
    job = desk.begin("A")
    # Neither what is known to be unpressed counts, nor what was pressed before this night.
    desk.press(job, state="failed")
    desk.press(job, at=BEGAN - timedelta(microseconds=1))
    desk.end(job, DONE)
    one = desk.only()
    assert (one.standing, one.acts, one.next) == (NOTHING_TO_DO, 0, "")


def test_acts_of_another_case_are_not_counted(desk: Desk) -> None:
    other = desk.begin("A")
    desk.press(other)
    desk.end(other, DONE)
    desk.work("B", DONE)
    assert [(one.company, one.standing) for one in desk.morning().customers] == [
        ("A", DONE_TONIGHT),
        ("B", NOTHING_TO_DO),
    ]


def test_what_ends_later_waits(desk: Desk) -> None:
    job = desk.work("A", WAITING, "support was asked", waits_for=FOLLOWUP)
    one = desk.only()
    assert (one.standing, one.reason) == (WAITS, "support was asked")
    assert one.next == "nothing: it is looked at again by itself"
    assert one.case == job.case_id


def test_what_waits_for_a_flow_that_is_stopped_says_so(desk: Desk) -> None:
    desk.work("A", WAITING, "users: stopped", waits_for=STOP)
    one = desk.only()
    assert one.standing == WAITS
    assert one.next.startswith("mend the flow; ")


def test_an_approval_is_for_a_person(desk: Desk) -> None:
    job = desk.work("A", WAITING, "the plan is to be approved", waits_for=APPROVAL)
    one = desk.only()
    assert one.standing == FOR_A_PERSON
    assert one.next == f"look at the plan and approve it: offboard approve {job.case_id}"


def test_what_could_not_be_done_is_for_a_person(desk: Desk) -> None:
    job = desk.work("A", NEEDS_A_PERSON, "in use")
    one = desk.only()
    assert (one.standing, one.reason) == (FOR_A_PERSON, "in use")
    assert (
        one.next == f"see offboard case show {job.case_id}; then put it back: offboard queue retry {job.id}"
    )


@pytest.mark.parametrize("wake_in", [None, timedelta(minutes=10)])
def test_what_was_begun_and_is_queued_was_not_reached(desk: Desk, wake_in: timedelta | None) -> None:
    desk.work("A", QUEUED, "told to stop", wake_at=desk.clock.now + wake_in if wake_in else None)
    one = desk.only()
    assert (one.standing, one.reason) == (NOT_REACHED, "told to stop")
    assert one.next == "nothing: it is gone on with by the next batch"
    assert desk.morning().queued == 1


def test_what_is_being_worked_was_not_reached(desk: Desk) -> None:
    desk.begin("A")
    assert desk.only().standing == NOT_REACHED
    assert desk.morning().queued == 0


def test_what_was_never_begun_is_only_counted(desk: Desk) -> None:
    desk.add("A")
    desk.add("B")
    found = desk.morning()
    assert (found.customers, found.queued) == ((), 2)
    assert counts(found) == "nobody was worked on"


def test_who_waits_since_before_is_told_and_who_is_done_is_not(desk: Desk) -> None:
    done = desk.begin("done")
    desk.press(done)
    desk.end(done, DONE)
    desk.work("stopped by hand", CANCELLED)
    desk.work("waits", WAITING, waits_for=FOLLOWUP)
    desk.work("for a person", NEEDS_A_PERSON)
    desk.clock.now += timedelta(hours=24)
    tonight = desk.clock.now
    desk.work("tonight", DONE)
    assert [(one.company, one.standing) for one in desk.morning(since=tonight).customers] == [
        ("for a person", FOR_A_PERSON),
        ("waits", WAITS),
        ("tonight", NOTHING_TO_DO),
    ]


def test_a_customer_without_a_case_is_told_by_the_job(desk: Desk) -> None:
    desk.work("A", QUEUED, has_case=False)
    one = desk.only()
    assert (one.case, one.company, one.location_id) == ("", "A", "")


def test_what_is_for_a_person_comes_first(desk: Desk) -> None:
    desk.work("handed back", QUEUED, wake_at=desk.clock.now + timedelta(days=1))
    desk.work("done", DONE)
    desk.work("waits", WAITING, waits_for=FOLLOWUP)
    desk.work("to approve", WAITING, waits_for=APPROVAL)
    found = desk.morning()
    assert [one.company for one in found.customers] == ["to approve", "waits", "done", "handed back"]
    assert [one.company for one in found.of(WAITS)] == ["waits"]


# --- what to do next ----------------------------------------------------------------------------------------


def test_the_next_step_is_that_of_what_stopped_the_last_run(desk: Desk) -> None:
    job = desk.begin("A")
    desk.run(job, "r1", ("users", Status.BLOCKED, "an older advice"))
    desk.run(
        job,
        "r2",
        ("phone-numbers", Status.PASSED, ""),
        ("users", Status.BLOCKED, "ask the customer"),
        ("domain", Status.FAILED, "another advice"),
    )
    # What a survey has met is not what stopped the carrying out.
    desk.run(job, "r3", ("users", Status.FAILED, "advice of a survey"), flow="survey")
    desk.look(job, left=("carry the plan out again",))
    desk.end(job, NEEDS_A_PERSON, "in use")
    assert desk.only().next == f"ask the customer; then put it back: offboard queue retry {job.id}"


def test_without_such_it_is_that_of_what_is_left(desk: Desk) -> None:
    job = desk.begin("A")
    desk.run(job, "r1", ("users", Status.PASSED, ""))
    desk.look(job, left=("plan anew", "another"))
    desk.end(job, NEEDS_A_PERSON, "a is still there")
    assert desk.only().next == f"plan anew; then put it back: offboard queue retry {job.id}"


# --- time, costs, stops -------------------------------------------------------------------------------------


def test_the_time_is_that_of_all_turns_without_the_waiting(desk: Desk) -> None:
    job = desk.work("A", QUEUED, wake_at=desk.clock.now)
    desk.clock.now += timedelta(hours=1)
    again = desk.turns.claim("robot@x", worker="w", on_claim=lambda job, connection: None)
    assert again is not None
    assert desk.turns.begin(again.id, again.turn, worker="w") is not None
    desk.clock.now += timedelta(seconds=30)
    # Two minutes of the first turn, and the second one goes on.
    assert desk.only().seconds == 150
    assert desk.only().job == job.id


def test_the_time_of_others_is_not_counted(desk: Desk) -> None:
    desk.work("A", DONE)
    desk.work("B", DONE)
    assert [one.seconds for one in desk.morning().customers] == [120, 120]


def test_a_turn_that_was_not_begun_took_no_time(desk: Desk) -> None:
    desk.add("A")
    desk.turns.claim("robot@x", worker="w", on_claim=lambda job, connection: None)
    desk.clock.now += timedelta(hours=1)
    assert desk.only().seconds == 0


def test_what_goes_on_costing_money_is_told_with_whose_it_is(desk: Desk) -> None:
    first = desk.begin("A")
    desk.look(first, costs=("an older look",))
    desk.look(first, costs=("the domain renews", "the number is kept"))
    desk.end(first, NEEDS_A_PERSON)
    second = desk.begin("B")
    desk.look(second, costs=("the wallet is not empty",))
    desk.end(second, WAITING, waits_for=FOLLOWUP)
    third = desk.begin("C")
    desk.look(third)
    desk.end(third, DONE)
    told = [(one.company, text) for one, text in desk.morning().costs]
    assert told == [("A", "the domain renews"), ("A", "the number is kept"), ("B", "the wallet is not empty")]


def test_what_was_stopped_is_told_with_whether_it_is_over(desk: Desk) -> None:
    desk.stops.stop(of_flow("before"), "ended before")
    desk.clock.now += timedelta(seconds=1)
    desk.stops.end()
    desk.clock.now += timedelta(hours=1)
    tonight = desk.clock.now
    desk.stops.stop(of_flow("users"), "it failed")
    desk.stops.stop(QUEUE, "it failed, too")
    desk.stops.end(QUEUE)
    found = desk.morning(since=tonight)
    assert [(stop.what, stop.cause, stop.is_over) for stop in found.stops] == [
        ("flow:users", "it failed", False),
        ("queue", "it failed, too", True),
    ]


# --- the whole ----------------------------------------------------------------------------------------------


def customer(company: str, standing: str, **more: Any) -> Customer:
    values: dict[str, Any] = {
        "job": "j1",
        "case": "c1",
        "company": company,
        "location_id": "",
        "standing": standing,
        "reason": "",
        "next": "",
        "acts": 0,
        "seconds": 0.0,
        "costs": (),
    }
    return Customer(**{**values, **more})


def night(*customers: Customer, **more: Any) -> Summary:
    values: dict[str, Any] = {
        "id": "b1",
        "dashboard": DASHBOARD,
        "profile": "agency",
        "time_zone": "America/Chicago",
        "began_at": "2026-11-26T22:00:00.000000+00:00",
        "ended_at": "2026-11-27T06:00:00.000000+00:00",
        "outcome": "Ended when its time was over",
        "preflight": {},
        "customers": customers,
        "stops": (),
        "queued": 0,
    }
    return Summary(**{**values, **more})


def test_the_counts_say_what_there_is_and_nothing_else() -> None:
    assert counts(night()) == "nobody was worked on"
    assert counts(night(customer("A", WAITS))) == "1 waiting"
    each = [customer(standing, standing) for standing in STANDINGS]
    more = [customer("A", DONE_TONIGHT), customer("B", FOR_A_PERSON), customer("C", FOR_A_PERSON)]
    assert (
        counts(night(*each, *more))
        == "2 done, 1 with nothing to do, 1 waiting, 3 for a person, 1 cancelled, 1 not reached"
    )


def test_as_json_it_is_one_object_with_every_count() -> None:
    found = night(customer("Żółw \u2028 *x*", WAITS, costs=("a",)), queued=7)
    text = as_json(found)
    assert "\n" not in text
    assert "Żółw" in text
    read = json.loads(text)
    assert read["counts"] == {
        "needs a person": 0,
        "waiting": 1,
        "done": 0,
        "nothing to do": 0,
        "cancelled": 0,
        "not reached": 0,
    }
    assert (read["id"], read["queued"], read["customers"][0]["costs"]) == ("b1", 7, ["a"])


def test_a_summary_says_which_night_it_is_of(desk: Desk) -> None:
    desk.clock.now = BEGAN + timedelta(hours=8)
    found = desk.morning()
    assert (found.id, found.dashboard, found.profile) == ("b1", DASHBOARD, "agency")
    assert (found.began_at, found.ended_at) == (moment(BEGAN), moment(desk.clock.now))
    assert found.outcome == "Ended when its time was over"
