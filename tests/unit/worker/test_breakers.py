"""What fails for one customer after the other by one cause is stopped; what is each customer's own is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from robot.case.plan import OFFBOARD, SURVEY
from robot.ledger.database import Ledger, moment, open_ledger
from robot.ledger.stops import DASHBOARD, QUEUE, Stops, of_flow, of_login
from robot.run.events import RunFinished, RunStarted
from robot.run.model import Run, Status, TaskResult
from robot.runner import SIGN_IN
from robot.worker.breakers import BreakerListener, Breakers
from tests.unit.ledger.test_stops import HERE, OTHER, START, Clock, Steps, open_case, record
from tests.unit.worker.answering import answering

LOGIN = "robot@x.example"
PRESS: Steps = [("users", "press delete", "click", Status.FAILED)]


class Night:
    """Customers that are worked one after the other, a minute each."""

    def __init__(self, ledger: Ledger) -> None:
        self.clock = Clock()
        self.stops = Stops(ledger, dashboard=HERE, now=self.clock)
        self.breakers = Breakers(stops=self.stops, dashboard=HERE, now=self.clock)
        self._ledger = ledger
        self._runs = 0

    def work(
        self,
        customer: str,
        status: Status = Status.FAILED,
        *,
        steps: Steps = PRESS,
        task: str = "users",
        flow: str = OFFBOARD,
        login: str = LOGIN,
        has_case: bool = True,
        in_doubt_until: datetime | None = None,
    ) -> None:
        self.clock.now += timedelta(minutes=1)
        self._runs += 1
        record(
            self._ledger,
            f"run {self._runs}",
            at=self.clock.now,
            status=status,
            steps=steps,
            task=task,
            case_id=open_case(self._ledger, customer) if has_case else None,
            customer=customer,
            login=login,
            in_doubt_until=in_doubt_until,
        )
        run = run_of(f"run {self._runs}", flow, task, status, self.clock.now)
        BreakerListener(self.breakers, login).notice(RunFinished(run=run))

    @property
    def stopped(self) -> list[str]:
        return [stop.what for stop in self.stops.open()]


def run_of(run_id: str, flow: str, task: str, status: Status, at: datetime) -> Run:
    result = TaskResult(
        task=task,
        title=task,
        procedure=("1",),
        status=status,
        reason="the code was wrong",
        problems=(),
        started_at=at,
        ended_at=at,
    )
    return Run(
        run_id=run_id,
        flow=flow,
        title=flow,
        inputs={},
        dashboard=HERE,
        browser="b",
        status=status,
        reason="",
        started_at=at,
        ended_at=at,
        tasks=(result,),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture
def night(ledger: Ledger) -> Night:
    return Night(ledger)


# --- flows --------------------------------------------------------------------------------------------------


def test_three_customers_in_a_row_stop_a_flow(night: Night) -> None:
    night.work("A")
    night.work("B")
    assert night.stopped == []
    night.work("C")
    assert night.stopped == [of_flow("users")]
    [why] = night.breakers.flows().values()
    assert (
        why == "stopped for the night: it failed for 3 customers one after the other, "
        "at 'press delete': why run 3"
    )
    assert night.breakers.may_begin(), "the other flows go on"


def test_a_flow_that_goes_on_failing_is_stopped_once(night: Night) -> None:
    for customer in "ABCDE":
        night.work(customer)
    assert night.stopped == [of_flow("users")]


def test_a_success_in_between_begins_the_count_anew(night: Night) -> None:
    for customer in "AB":
        night.work(customer)
    night.work("C", Status.PASSED, steps=[])
    for customer in "DE":
        night.work(customer)
    assert night.stopped == []
    night.work("F")
    assert night.stopped == [of_flow("users")]


def test_one_that_found_nothing_to_do_is_a_success(night: Night) -> None:
    for customer in "AB":
        night.work(customer)
    night.work("C", Status.NOOP, steps=[])
    night.work("D")
    assert night.stopped == []


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.CANCELLED])
def test_what_was_not_tried_says_nothing(night: Night, status: Status) -> None:
    for customer in "AB":
        night.work(customer)
    night.work("C", status, steps=[])
    assert night.stopped == []
    night.work("D")
    assert night.stopped == [of_flow("users")]


@pytest.mark.parametrize(
    "other",
    [("users", "open", "goto", Status.FAILED), ("delete-user", "press delete", "click", Status.FAILED)],
)
def test_failures_at_different_steps_stop_nothing(night: Night, other: tuple[str, str, str, Status]) -> None:
    night.work("A")
    night.work("B", steps=[other])
    night.work("C")
    assert night.stopped == []


def test_the_same_customer_again_and_again_stops_nothing(night: Night) -> None:
    for customer in "AAABAB":
        night.work(customer)
    assert night.stopped == [], "two customers, however often"
    night.work("C")
    assert night.stopped == [of_flow("users")]


def test_tasks_are_counted_each_for_itself(night: Night) -> None:
    night.work("A")
    night.work("B", task="domain", steps=[("domain", "open", "goto", Status.FAILED)])
    night.work("C")
    assert night.stopped == []
    night.work("D")
    assert night.stopped == [of_flow("users")]


def test_an_outcome_that_was_not_seen_counts(night: Night) -> None:
    for customer in "ABC":
        night.work(customer, Status.UNKNOWN, steps=[("users", "press delete", "click", Status.UNKNOWN)])
    assert night.stopped == [of_flow("users")]


@pytest.mark.parametrize(
    ("kind", "is_act"),
    [
        ("click", True),
        ("wait_for", True),
        ("goto", True),
        ("require", False),
        ("for_each", False),
        ("destroy", False),
    ],
)
def test_a_refusal_counts_only_where_something_was_done(night: Night, kind: str, is_act: bool) -> None:
    for customer in "ABC":
        night.work(customer, Status.BLOCKED, steps=[("users", "step", kind, Status.BLOCKED)])
    assert night.stopped == ([of_flow("users")] if is_act else [])


def test_what_only_has_to_be_waited_for_counts_not(night: Night) -> None:
    for customer in "ABC":
        steps = [("users", "press delete", "click", Status.BLOCKED)]
        night.work(customer, Status.BLOCKED, steps=steps, in_doubt_until=START + timedelta(minutes=1))
    assert night.stopped == []


def test_what_was_long_ago_counts_no_more(night: Night) -> None:
    for customer in "AB":
        night.work(customer)
    night.clock.now += timedelta(hours=12)
    night.work("C")
    assert night.stopped == []


def test_how_many_stop_it_may_be_set(night: Night) -> None:
    night.breakers = Breakers(stops=night.stops, dashboard=HERE, now=night.clock, most=2)
    night.work("A")
    assert night.stopped == []
    night.work("B")
    assert night.stopped == [of_flow("users")]


def test_a_survey_that_fails_stops_the_queue(night: Night) -> None:
    for customer in "AB":
        night.work(customer, flow=SURVEY)
    assert night.breakers.may_begin()
    night.work("C", flow=SURVEY)
    assert night.stopped == [QUEUE]
    assert night.breakers.is_queue_stopped()
    assert not night.breakers.may_begin()
    assert night.breakers.flows() == {}
    night.stops.end()
    assert not night.breakers.is_queue_stopped()
    assert night.breakers.may_begin()


def test_only_a_run_that_has_ended_is_looked_at(night: Night) -> None:
    for customer in "ABC":
        night.work(customer)
    night.stops.end()
    started = RunStarted(
        run_id="r", flow=OFFBOARD, title="t", inputs={}, dashboard=HERE, browser="b", at=START
    )
    BreakerListener(night.breakers, LOGIN).notice(started)
    assert night.stopped == []


def test_another_dashboards_failures_are_not_ours(night: Night, ledger: Ledger) -> None:
    for customer in "AB":
        night.work(customer)
    at = night.clock.now + timedelta(seconds=1)
    record(ledger, "theirs", at=at, steps=PRESS, dashboard=OTHER)
    night.work("B")
    assert night.stopped == []


def test_the_flows_that_are_left_out_are_told_with_why(night: Night) -> None:
    night.stops.stop(of_flow("users"), "broken")
    night.stops.stop(of_flow("domain"), "broken, too")
    night.stops.stop(of_login(LOGIN), "refused")
    assert night.breakers.flows() == {
        "users": "stopped for the night: broken",
        "domain": "stopped for the night: broken, too",
    }


# --- logins -------------------------------------------------------------------------------------------------


def sign_in(night: Night, customer: str, status: Status, *, login: str = LOGIN) -> None:
    night.work(
        customer,
        status,
        task=SIGN_IN,
        steps=[(SIGN_IN, "press sign in", "click", status)],
        login=login,
    )


def test_a_login_that_is_refused_is_stopped_at_once(night: Night) -> None:
    sign_in(night, "A", Status.BLOCKED)
    assert night.stopped == [of_login(LOGIN)]
    assert night.breakers.is_login_stopped(LOGIN)
    assert not night.breakers.is_login_stopped("other@x.example")
    [stop] = night.stops.open()
    assert stop.cause == "cannot sign in: the code was wrong"
    assert night.breakers.may_begin(), "other logins go on"
    assert night.breakers.flows() == {}


def test_a_sign_in_that_fails_stops_the_login_after_three(night: Night) -> None:
    for customer in "AB":
        sign_in(night, customer, Status.FAILED)
    assert night.stopped == []
    sign_in(night, "C", Status.FAILED)
    assert night.stopped == [of_login(LOGIN)]


def test_a_sign_in_that_fails_in_a_survey_stops_no_queue(night: Night) -> None:
    for customer in "ABC":
        night.work(
            customer,
            task=SIGN_IN,
            flow=SURVEY,
            steps=[(SIGN_IN, "press sign in", "click", Status.FAILED)],
        )
    assert night.stopped == [of_login(LOGIN)]


# --- the dashboard ------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stops(ledger: Ledger, clock: Clock) -> Stops:
    return Stops(ledger, dashboard=HERE, now=clock)


@pytest.fixture
def breakers(stops: Stops, clock: Clock, port: int) -> Breakers:
    return Breakers(stops=stops, dashboard=f"http://app.localhost:{port}", now=clock)


@pytest.mark.parametrize("status", [200, 302, 403, 404])
def test_a_dashboard_that_answers_is_not_down(breakers: Breakers, port: int, status: int) -> None:
    with answering(port, status) as asked:
        assert not breakers.is_down()
    assert asked == [f"app.localhost:{port}"], "by its own name, though it is this machine"
    assert breakers.may_begin()


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_dashboard_that_answers_with_its_own_fault_is_down(
    breakers: Breakers, stops: Stops, port: int, status: int
) -> None:
    with answering(port, status):
        assert breakers.is_down()
    [stop] = stops.open()
    assert (stop.what, stop.cause) == (DASHBOARD, f"app.localhost:{port} answers {status}")


def test_a_dashboard_that_does_not_answer_is_waited_for(
    breakers: Breakers, stops: Stops, clock: Clock, port: int
) -> None:
    assert breakers.is_down()
    assert breakers.is_down(), "and again, which is no second stop"
    [stop] = stops.open()
    assert (stop.what, stop.until) == (DASHBOARD, moment(START + timedelta(seconds=15)))
    assert f"app.localhost:{port}: " in stop.cause
    assert not breakers.is_queue_stopped()
    with answering(port, 200) as asked:
        clock.now = START + timedelta(seconds=14)
        assert not breakers.may_begin()
        assert asked == [], "it is not asked before it is due"
        clock.now = START + timedelta(seconds=15)
        assert breakers.may_begin()
        assert len(asked) == 1
        assert stops.open() == []
        assert breakers.may_begin()
        assert len(asked) == 1, "what is not stopped is not asked"


def test_it_is_asked_ever_more_seldom(breakers: Breakers, stops: Stops, clock: Clock) -> None:
    breakers.is_down()
    pauses = []
    for _ in range(7):
        [stop] = stops.open()
        assert stop.until is not None
        due = datetime.fromisoformat(stop.until)
        pauses.append((due - clock.now).total_seconds())
        clock.now = due
        assert not breakers.may_begin()
    assert pauses == [15, 30, 60, 120, 300, 300, 300]


def test_of_two_workers_one_asks(
    breakers: Breakers, stops: Stops, ledger: Ledger, clock: Clock, port: int
) -> None:
    breakers.is_down()
    clock.now += timedelta(seconds=15)
    others = Stops(ledger, dashboard=HERE, now=clock)

    def outrun() -> datetime:
        """Between this worker's look at the stops and its own asking, another one begins to ask."""
        for stop in others.open():
            if stop.tries == 0:
                others.put_off(stop, until=clock.now + timedelta(seconds=30))
        return clock.now

    slow = replace(breakers, now=outrun)
    with answering(port, 200) as asked:
        assert not slow.may_begin()
    assert asked == []


def test_a_dashboard_that_answers_again_does_not_open_a_stopped_queue(
    breakers: Breakers, stops: Stops, clock: Clock, port: int
) -> None:
    breakers.is_down()
    stops.stop(QUEUE, "no plan can be made")
    clock.now += timedelta(minutes=1)
    with answering(port, 200):
        assert not breakers.may_begin()
    assert [stop.what for stop in stops.open()] == [QUEUE]


def test_the_sign_ins_of_each_login_are_counted_by_themselves(night: Night) -> None:
    for customer in "AB":
        sign_in(night, customer, Status.FAILED, login="a@x.example")
    sign_in(night, "C", Status.FAILED, login="b@x.example")
    assert night.stopped == []
    sign_in(night, "D", Status.PASSED, login="b@x.example")
    sign_in(night, "E", Status.FAILED, login="a@x.example")
    assert night.stopped == [of_login("a@x.example")]


def test_one_customer_who_cannot_be_found_stops_no_queue(night: Night) -> None:
    """A survey that cannot say who the customer is opens no case."""
    for _ in range(4):
        night.work("A", task="identities", flow=SURVEY, has_case=False)
    assert night.stopped == []
    for customer in "BC":
        night.work(customer, task="identities", flow=SURVEY, has_case=False)
    assert night.stopped == [QUEUE]
