"""What the profile lets be carried out with nobody there: nothing unless it says so, never beyond its limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from robot.case.approval import approve, approve_by_policy, assert_approved, is_approved
from robot.case.office import Office
from robot.case.plan import ObjectState
from robot.errors import BadInputError, BlockedError
from robot.ledger.approvals import ApprovalMode
from robot.profile import Unattended
from tests.unit.case.plans import PLAN, plan_of, planned, store

ROOT = Path(__file__).parents[3]


def with_limits(office: Office, unattended: Unattended | None) -> Office:
    return replace(office, profile=replace(office.profile, unattended=unattended))


def test_within_its_limits_the_profile_approves(office: Office) -> None:
    case = store(office, PLAN)
    given = approve_by_policy(office, case)
    assert (given.mode, given.given_by, given.digest) == ("policy", "policy of agency", PLAN.digest)
    assert given.expires_at[:16] == "2026-11-26T12:30"
    assert is_approved(office, case, PLAN)


@pytest.mark.parametrize(
    ("unattended", "why"),
    [
        (None, "profile 'agency' lets nothing be carried out that no person has approved"),
        (
            {"phone_number": 1, "user": 1},
            "the plan holds 2 of 'phone_number', and the profile lets 1 be done",
        ),
        ({"phone_number": 2}, "the profile sets no limit for 'user', and the plan holds 1"),
        ({"phone_number": 2, "user": 0}, "the plan holds 1 of 'user', and the profile lets 0 be done"),
    ],
)
def test_beyond_its_limits_nothing_is_approved(
    office: Office, unattended: dict[str, int] | None, why: str
) -> None:
    case = store(office, PLAN)
    limits = Unattended(at_most=unattended) if unattended is not None else None
    with pytest.raises(BlockedError) as caught:
        approve_by_policy(with_limits(office, limits), case)
    assert any(why in problem.what for problem in caught.value.problems)
    assert office.cases.approvals(case.id) == []


def test_every_reason_is_told_at_once(office: Office) -> None:
    case = store(office, PLAN)
    with pytest.raises(BlockedError) as caught:
        approve_by_policy(with_limits(office, Unattended(at_most={})), case)
    assert len(caught.value.problems) == 2


def test_a_plan_in_which_something_is_for_a_person_waits_for_one(office: Office) -> None:
    blocked = plan_of(("domain", planned("domain:x.example", ObjectState.BLOCKED)))
    with pytest.raises(BlockedError, match=r"x\.example: in use"):
        approve_by_policy(office, store(office, blocked))


def test_a_plan_of_what_could_not_be_read_waits_for_a_person(office: Office) -> None:
    [task] = PLAN.tasks[2:3]
    unread = replace(PLAN, tasks=(replace(task, objects=(), unread="the page did not load"),))
    with pytest.raises(BlockedError, match="could not be read, so nobody knows what there is"):
        approve_by_policy(office, store(office, unread))


def test_a_limit_for_what_no_flow_deletes_is_bad_input(office: Office) -> None:
    limits = Unattended(at_most={"phone_numbr": 2})
    with pytest.raises(BadInputError, match="which no flow deletes") as caught:
        approve_by_policy(with_limits(office, limits), store(office, PLAN))
    assert "did you mean 'phone_number'?" in caught.value.problem.next


CHANGES: dict[str, dict[str, Any]] = {
    "flows or selectors": {"rules": "others"},
    "the policies": {"policies": {"users_shared": "block"}},
    "the profile's words": {"words": {"academy_tag": "other"}},
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("mode", ["person", "policy"])
def test_a_plan_of_other_rules_is_approved_by_nobody(office: Office, what: str, mode: str) -> None:
    case = store(office, PLAN)
    change = dict(CHANGES[what])
    changed = replace(
        office,
        rules=change.pop("rules", office.rules),
        profile=replace(office.profile, **change),
    )
    with pytest.raises(BlockedError, match=f"{what} have changed since the plan was made"):
        if mode == "policy":
            approve_by_policy(changed, case)
        else:
            approve(changed, case, PLAN, mode=ApprovalMode.PLAN, by="ann")
    assert office.cases.approvals(case.id) == []


def test_a_closed_case_is_approved_by_nobody(office: Office) -> None:
    case = store(office, PLAN)
    office.cases.set_state(case.id, "done", "", is_closed=True)
    with pytest.raises(BlockedError, match="is done"):
        approve(office, office.cases.find(case.id), PLAN, mode=ApprovalMode.PLAN, by="ann")


def test_an_approval_of_each_act_is_good_for_nothing_where_nobody_can_be_asked(office: Office) -> None:
    case = store(office, PLAN)
    approve(office, case, PLAN, mode=ApprovalMode.ACT, by="ann", length=timedelta(hours=1))
    assert is_approved(office, case, PLAN)
    with pytest.raises(BlockedError, match="nobody is there to ask"):
        assert_approved(office, case, PLAN)
    assert_approved(replace(office, ask=lambda intent: True), case, PLAN)


def test_a_plan_that_was_made_while_another_was_looked_at_is_not_approved(office: Office) -> None:
    case = store(office, PLAN)
    more = replace(PLAN, tasks=(*PLAN.tasks, *plan_of(("users", planned("user:bob@x"))).tasks))
    store(office, more)
    with pytest.raises(BlockedError, match="was planned anew while you looked at its plan"):
        approve(office, case, PLAN, mode=ApprovalMode.PLAN, by="ann")
    assert office.cases.approvals(case.id) == []


@pytest.mark.parametrize("how", ["leave", "done-by-hand"])
def test_a_plan_in_which_a_person_has_closed_something_waits_for_one(office: Office, how: str) -> None:
    case = store(office, PLAN)
    office.followups.settle(case.id, "user:ann@x", how=how, reason="she stays", ticket="", by="bob")
    with pytest.raises(BlockedError, match="user:ann@x was closed by bob"):
        approve_by_policy(office, case)
