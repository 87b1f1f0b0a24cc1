"""Every act that cannot be undone needs an approved plan that names its object; else nothing is armed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from robot.case.act_by_act import ActByAct, Ask
from robot.case.plan import ObjectState, Plan
from robot.case.plan_gate import PlanGate
from robot.errors import GateError, UnplannedError
from robot.flow.acts import kinds_of_flow
from robot.flow.loader import load_flows
from robot.flow.model import ComposedFlow, Flow
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import Cases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.followups import Followups
from robot.ledger.intents import IntentGate
from robot.ledger.recorder import LedgerRecorder
from robot.run.events import RunStarted, TaskFinished
from robot.run.model import Intent, Status, TaskResult
from robot.run.redact import Redactor
from tests.unit.case.plans import AT, DASHBOARD, LOCATION, intent_of, plan_of, planned

ROOT = Path(__file__).parents[3]


def acts() -> list[tuple[str, str]]:
    """Task and kind of object of every act that the offboarding can make."""
    library, _ = load_flows(ROOT / "flows")
    offboard = library.find("offboard")
    assert isinstance(offboard, ComposedFlow)
    found = []
    for task in offboard.tasks:
        flow = library.find(task.run)
        assert isinstance(flow, Flow)
        found += [(task.run, kind) for kind in sorted(kinds_of_flow(flow, library))]
    return found


ACTS = acts()


def test_all_acts_of_the_procedure_are_here() -> None:
    assert {kind for _, kind in ACTS} == {
        "snapshot",
        "email_domain",
        "domain",
        "domain_product",
        "calendar",
        "saas",
        "phone_number",
        "support_request",
        "user",
        "contact_tag",
    }


@dataclass
class Desk:
    """A case with its plan, and a gate that lets its run press."""

    ledger: Ledger
    cases: Cases
    case_id: str
    plan: Plan
    now: datetime = AT
    ask: Ask | None = None

    @property
    def gate(self) -> IntentGate:
        by_act = ActByAct(self.ledger, ask=self.ask, by="Ann", case_id=self.case_id, now=lambda: self.now)
        return IntentGate(
            self.ledger,
            dashboard=DASHBOARD,
            case_id=self.case_id,
            rule=PlanGate(self.ledger, self.plan, case_id=self.case_id, by_act=by_act, now=lambda: self.now),
        )

    def save(self, plan: Plan) -> None:
        self.cases.save_plan(self.case_id, digest=plan.digest, survey_run_id="survey", content=plan.to_json())

    def approve(self, plan: Plan | None = None, *, mode: ApprovalMode = ApprovalMode.PLAN) -> None:
        digest = (plan or self.plan).digest
        self.cases.approve(self.case_id, digest=digest, mode=mode, by="me", length=timedelta(hours=1))

    def pass_snapshot(self, run_id: str = "earlier") -> None:
        recorder = LedgerRecorder(self.ledger, Redactor(()), case_id=self.case_id, evidence="x")
        started = RunStarted(
            run_id=run_id, flow="offboard", title="", inputs={}, dashboard=DASHBOARD, browser="", at=AT
        )
        recorder.notice(started)
        result = TaskResult(
            task="snapshot",
            title="",
            procedure=("1",),
            status=Status.PASSED,
            reason="",
            problems=(),
            started_at=AT,
            ended_at=AT,
        )
        recorder.notice(TaskFinished(result=result))

    def assert_refused(self, intent: Intent, why: str) -> None:
        with pytest.raises(GateError, match=why) as caught:
            self.gate.arm(intent, settle_after_ms=60_000)
        assert "was" in caught.value.problem.done
        assert caught.value.problem.next
        assert self.cases.intents(self.case_id) == []


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture(params=ACTS, ids=[f"{task}-{kind}" for task, kind in ACTS])
def act(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Task and object."""
    task, kind = request.param
    return task, f"{kind}:one"


@pytest.fixture
def desk(ledger: Ledger, act: tuple[str, str]) -> Desk:
    """Everything is as it must be: one test below shows that it is let through."""
    task, object_key = act
    cases = Cases(ledger, dashboard=DASHBOARD, now=lambda: AT)
    case = cases.open(profile="practice", location_id=LOCATION, company="X", by="me")
    desk = Desk(ledger, cases, case.id, plan_of((task, planned(object_key))))
    desk.save(desk.plan)
    if task != "snapshot":
        desk.pass_snapshot()
    return desk


def test_what_is_planned_and_approved_is_armed(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.gate.arm(intent_of(*act), settle_after_ms=60_000)
    [armed] = desk.cases.intents(desk.case_id)
    assert (armed["object"], armed["state"], armed["case_id"]) == (act[1], "armed", desk.case_id)
    assert desk.gate.objection(*act) is None


def test_without_an_approval(desk: Desk, act: tuple[str, str]) -> None:
    desk.assert_refused(intent_of(*act), "nobody has approved this plan")


def test_with_the_approval_of_another_plan(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve(replace(desk.plan, company="Another"))
    desk.assert_refused(intent_of(*act), "nobody has approved this plan")


def test_with_the_approval_of_another_case(desk: Desk, act: tuple[str, str]) -> None:
    other = desk.cases.open(profile="practice", location_id="another", company="Y", by="me")
    desk.cases.approve(
        other.id, digest=desk.plan.digest, mode=ApprovalMode.PLAN, by="me", length=timedelta(hours=1)
    )
    desk.assert_refused(intent_of(*act), "nobody has approved this plan")


def test_after_the_approval_has_expired(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.now = AT + timedelta(hours=1)
    desk.assert_refused(intent_of(*act), "the approval has expired at 2026-11-26 10:30 UTC")


def test_when_the_clock_was_set_back_behind_the_approval(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.now = AT - timedelta(hours=20)
    desk.assert_refused(intent_of(*act), "clock is behind the approval, given at 2026-11-26 09:30 UTC")


def test_act_by_act_nothing_is_let_without_an_answer(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve(mode=ApprovalMode.ACT)
    desk.assert_refused(intent_of(*act), "nobody has let this act be made")


def test_act_by_act_a_person_is_shown_the_act_and_their_yes_lets_it_be_armed(
    desk: Desk, act: tuple[str, str]
) -> None:
    shown: list[Intent] = []
    desk.ask = lambda intent: not shown.append(intent)
    desk.approve(mode=ApprovalMode.ACT)
    gate, intent = desk.gate, intent_of(*act)
    gate.ask(intent)
    gate.arm(intent, settle_after_ms=60_000)
    assert shown == [intent]
    assert [one["state"] for one in desk.cases.intents(desk.case_id)] == ["armed"]


def test_act_by_act_a_no_lets_nothing_be_armed(desk: Desk, act: tuple[str, str]) -> None:
    answers = [True, False]
    desk.ask = lambda intent: answers.pop(0)
    desk.approve(mode=ApprovalMode.ACT)
    desk.gate.ask(intent_of(*act))
    with pytest.raises(GateError, match="Ann did not let it be done"):
        desk.gate.ask(intent_of(*act))
    # The last answer counts.
    desk.assert_refused(intent_of(*act), "nobody has let this act be made")


@pytest.mark.parametrize("other", [{"run_id": "run2"}, {"object": "user:another"}])
def test_act_by_act_a_yes_is_for_that_act_of_that_run(
    desk: Desk, act: tuple[str, str], other: dict[str, str]
) -> None:
    desk.ask = lambda intent: True
    desk.approve(mode=ApprovalMode.ACT)
    desk.gate.ask(replace(intent_of(*act), **other))
    desk.assert_refused(intent_of(*act), "nobody has let this act be made")


def test_act_by_act_with_nobody_there(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve(mode=ApprovalMode.ACT)
    with pytest.raises(GateError, match="nobody is there to ask"):
        desk.gate.ask(intent_of(*act))


def test_a_plan_that_is_approved_as_a_whole_asks_nobody(desk: Desk, act: tuple[str, str]) -> None:
    asked: list[Intent] = []
    desk.ask = lambda intent: not asked.append(intent)
    desk.approve()
    desk.gate.ask(intent_of(*act))
    assert asked == []


def test_after_the_approval_was_withdrawn(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.cases.withdraw(desk.case_id)
    desk.assert_refused(intent_of(*act), "the approval was withdrawn")


def test_after_the_case_was_planned_anew(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.save(replace(desk.plan, rules_digest="others"))
    desk.assert_refused(intent_of(*act), "the case has another plan by now")


def test_what_a_person_has_closed_as_staying_is_left_alone(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    followups = Followups(desk.ledger, dashboard=DASHBOARD, now=lambda: AT)
    followups.settle(desk.case_id, act[1], how="leave", reason="it stays", ticket="", by="bob")
    desk.assert_refused(intent_of(*act), "is to stay as it is, says bob: it stays")
    assert desk.gate.objection(*act) is not None
    # Their last word counts.
    followups.settle(desk.case_id, act[1], how="done-by-hand", reason="no", ticket="", by="bob")
    desk.gate.arm(intent_of(*act), settle_after_ms=60_000)


def test_for_another_customer(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    desk.assert_refused(intent_of(*act, location_id="5LfthvGUgoEFUB2kKvKy"), "and the plan is for")


def test_for_an_object_that_is_not_planned(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    task, object_key = act
    for other in (f"{object_key}s", f"{object_key}/", object_key[:-1], object_key.upper()):
        with pytest.raises(UnplannedError):
            desk.gate.arm(intent_of(task, other), settle_after_ms=60_000)
        desk.assert_refused(intent_of(task, other), "is not in the approved plan")
        objection = desk.gate.objection(task, other)
        assert objection is not None
        assert "is not in the approved plan" in objection.what


def test_for_what_another_task_has_planned(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    other = "users" if act[0] != "users" else "domain"
    desk.pass_snapshot("another")
    desk.assert_refused(intent_of(other, act[1]), "is not in the approved plan")


@pytest.mark.parametrize("state", [ObjectState.DONE, ObjectState.BLOCKED])
def test_for_what_the_plan_does_not_let_be_done(desk: Desk, act: tuple[str, str], state: ObjectState) -> None:
    desk.plan = plan_of((act[0], planned(act[1], state)))
    desk.save(desk.plan)
    desk.approve()
    why = "in use" if state is ObjectState.BLOCKED else "is not in the approved plan"
    desk.assert_refused(intent_of(*act), why)


def test_when_the_database_is_gone(desk: Desk, act: tuple[str, str]) -> None:
    desk.approve()
    gate = desk.gate
    with desk.ledger.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE approvals RENAME TO elsewhere")
    with pytest.raises(GateError, match="could not be written"):
        gate.arm(intent_of(*act), settle_after_ms=60_000)
    assert desk.cases.intents(desk.case_id) == []


# --- the snapshot ----------------------------------------------------------------------------------


OTHERS = [(task, f"{kind}:one") for task, kind in ACTS if task != "snapshot"]


@pytest.mark.parametrize("act", OTHERS, ids=[object_key for _, object_key in OTHERS])
def test_nothing_goes_without_a_fresh_snapshot(ledger: Ledger, act: tuple[str, str]) -> None:
    cases = Cases(ledger, dashboard=DASHBOARD, now=lambda: AT)
    case = cases.open(profile="practice", location_id=LOCATION, company="X", by="me")
    desk = Desk(ledger, cases, case.id, plan_of((act[0], planned(act[1]))))
    desk.save(desk.plan)
    desk.approve()
    desk.assert_refused(intent_of(*act), "the case has no fresh snapshot yet")
    # That of another case is not this one's.
    other = cases.open(profile="practice", location_id="another", company="Y", by="me")
    Desk(ledger, cases, other.id, desk.plan).pass_snapshot()
    desk.assert_refused(intent_of(*act), "the case has no fresh snapshot yet")


@pytest.fixture
def both(ledger: Ledger) -> Desk:
    """A case whose plan has a snapshot, which has passed, and a domain."""
    cases = Cases(ledger, dashboard=DASHBOARD, now=lambda: AT)
    case = cases.open(profile="practice", location_id=LOCATION, company="X", by="me")
    plan = plan_of(("snapshot", planned("snapshot:s")), ("domain", planned("domain:x.example")))
    desk = Desk(ledger, cases, case.id, plan)
    desk.save(plan)
    desk.approve()
    desk.pass_snapshot()
    return desk


DOMAIN, SNAPSHOT = intent_of("domain", "domain:x.example"), intent_of("snapshot", "snapshot:s")


@pytest.mark.parametrize("status", [Status.PASSED, Status.UNKNOWN, None])
def test_a_snapshot_is_never_overwritten_once_something_was_deleted(
    both: Desk, status: Status | None
) -> None:
    gate = both.gate
    gate.arm(DOMAIN, settle_after_ms=60_000)
    if status is not None:
        gate.settle(DOMAIN, status)
    with pytest.raises(GateError, match="a snapshot taken now would lack it"):
        gate.arm(SNAPSHOT, settle_after_ms=60_000)


@pytest.mark.parametrize(("seconds", "is_refused"), [(0, True), (-1, False)])
def test_what_a_run_outside_the_case_has_deleted_counts_since_it_was_opened(
    both: Desk, seconds: int, is_refused: bool
) -> None:
    when = AT + timedelta(seconds=seconds)
    IntentGate(both.ledger, dashboard=DASHBOARD, now=lambda: when).arm(DOMAIN, settle_after_ms=60_000)
    if is_refused:
        with pytest.raises(GateError, match="a snapshot taken now would lack it"):
            both.gate.arm(SNAPSHOT, settle_after_ms=60_000)
    else:
        both.gate.arm(SNAPSHOT, settle_after_ms=60_000)
    assert len(both.cases.intents(both.case_id)) == (0 if is_refused else 1)


def test_it_may_be_tried_again_while_nothing_was_deleted(both: Desk) -> None:
    gate = both.gate
    gate.arm(DOMAIN, settle_after_ms=60_000)
    gate.settle(DOMAIN, Status.FAILED)
    gate.arm(SNAPSHOT, settle_after_ms=60_000)
    assert [one["state"] for one in both.cases.intents(both.case_id)] == ["failed", "armed"]


def test_a_message_of_the_planned_request_is_a_part_of_it(ledger: Ledger) -> None:
    plan = plan_of(("brand-campaign", planned("support_request:loc/a+b+")))
    assert plan.covers("brand-campaign", "support_request:loc/a+b+#thread/area")
    assert not plan.covers("brand-campaign", "support_request:loc/a+b+c+#thread/area")
    assert not plan.covers("brand-campaign", "support_request:loc/a+#thread/area")
