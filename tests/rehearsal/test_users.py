from __future__ import annotations

from typing import Any

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _members(practice: Practice, location_id: str) -> list[dict[str, Any]]:
    """Users of a sub-account, in the dashboard's order."""
    return [row for row in practice.entities("user") if location_id in row["body"]["location_ids"]]


def _ending(row: dict[str, Any], location_id: str) -> Mutation:
    """What is to become of a customer's user."""
    action = "delete" if row["body"]["location_ids"] == [location_id] else "remove"
    return Mutation(action=action, object=f"user:{row['id']}@{location_id}", location_id=location_id)


def test_users_are_deleted_and_a_shared_one_is_removed_from_this_sub_account_only(
    practice: Practice, run_flow: RunFlow
) -> None:
    members = _members(practice, DEMO)
    expected = [_ending(row, DEMO) for row in members]
    [shared] = [row for row in members if len(row["body"]["location_ids"]) > 1]
    assert sorted(mutation.action for mutation in expected) == ["delete", "delete", "remove"]

    first = run_flow("users", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == expected
    assert [act.status for act in first.acts] == [Status.PASSED] * 3
    assert [(user["id"], user["email"]) for user in first.outputs["users"]] == [  # type: ignore[attr-defined]
        (row["id"], row["body"]["email"]) for row in members
    ]
    [kept] = [row for row in practice.entities("user") if row["id"] == shared["id"]]
    assert kept["body"]["location_ids"] == [
        place for place in shared["body"]["location_ids"] if place != DEMO
    ]

    second = run_flow("users", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == expected


def test_a_customer_without_users_is_noop(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("users", company="Quiet Corner Yoga")
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_person_decides_about_a_shared_user_where_the_policy_says_so(
    practice: Practice, run_flow: RunFlow
) -> None:
    expected = [_ending(row, DEMO) for row in _members(practice, DEMO)]
    result = run_flow("users", policies={"users_shared": "block"}, location_id=DEMO)
    assert result.status is Status.BLOCKED, result.reason
    assert "also belongs to other sub-accounts" in result.reason
    assert practice.mutations() == [mutation for mutation in expected if mutation.action == "delete"]
    assert [act.status for act in result.acts] == [Status.PASSED] * 2


def test_the_agencys_owner_is_blocked_and_the_others_are_still_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    granite = practice.location("Granite State Movers")
    members = _members(practice, granite)
    result = run_flow("users", location_id=granite)
    assert result.status is Status.BLOCKED, result.reason
    assert "is the agency's owner" in result.reason
    assert practice.mutations() == [
        _ending(row, granite) for row in members if row["body"]["type"] == "account"
    ]


@pytest.mark.matrix
def test_the_robots_own_user_is_never_touched(practice: Practice, run_flow: RunFlow) -> None:
    beacon = practice.location("Beacon Tutoring")
    members = _members(practice, beacon)
    result = run_flow("users", location_id=beacon)
    assert result.status is Status.BLOCKED, result.reason
    assert "operator@woot.example) is a user of the agency" in result.reason
    assert practice.mutations() == [
        _ending(row, beacon) for row in members if row["body"]["type"] == "account"
    ]


@pytest.mark.matrix
def test_without_the_permission_nobody_is_deleted(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"can_delete_users": False})
    result = run_flow("users", company="Sunrise Cleaning Co.", location_id="s6bynpQ8deDBuksUE7dh")
    assert result.status is Status.BLOCKED, result.reason
    assert "does not let the robot delete" in result.reason
    assert len(result.problems) == 2
    assert practice.mutations() == []
