from __future__ import annotations

from typing import Any

import pytest

from robot.run.events import Event, StepStarted
from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _saas(practice: Practice, location_id: str) -> dict[str, Any]:
    [row] = [row for row in practice.entities("sub_account") if row["id"] == location_id]
    saas: dict[str, Any] = row["body"]["saas"]
    return saas


def test_saas_mode_is_disabled_once_and_looked_at_until_off(practice: Practice, run_flow: RunFlow) -> None:
    expected = [Mutation(action="disable", object=f"saas:{DEMO}", location_id=DEMO)]
    first = run_flow("saas-mode", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == expected
    assert [act.status for act in first.acts] == [Status.PASSED]
    assert _saas(practice, DEMO)["state"] == "off"

    second = run_flow("saas-mode", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == expected


def test_the_subscription_is_cancelled_only_where_the_policy_says_so(
    practice: Practice, run_flow: RunFlow
) -> None:
    subscription = _saas(practice, DEMO)["subscription"]["id"]
    result = run_flow("saas-mode", policies={"saas_cancel_subscription": True}, location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert [mutation.object for mutation in practice.mutations()] == [
        f"saas:{DEMO}",
        f"subscription:{subscription}",
    ]


@pytest.mark.matrix
def test_a_customer_who_is_not_on_saas_is_noop(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("saas-mode", company="Maple Street Daycare")
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_disabling_that_goes_wrong_later_is_blocked_and_not_pressed_again(
    practice: Practice, run_flow: RunFlow
) -> None:
    lakeview = practice.location("Lakeview HVAC")
    expected = [Mutation(action="disable", object=f"saas:{lakeview}", location_id=lakeview)]
    first = run_flow("saas-mode", location_id=lakeview)
    assert first.status is Status.BLOCKED, first.reason
    assert "it went wrong" in first.reason
    assert practice.mutations() == expected

    second = run_flow("saas-mode", location_id=lakeview)
    assert second.status is Status.BLOCKED, second.reason
    assert "was pressed before" in second.reason
    assert practice.mutations() == expected


class _EndOfJob:
    """Ends the disabling once the flow has seen that it runs."""

    def __init__(self, practice: Practice, row: dict[str, Any]) -> None:
        self._practice, self._row = practice, row

    def notice(self, event: Event) -> None:
        if isinstance(event, StepStarted) and event.step.name == "it is not being disabled already":
            off = {"enabled": False, "state": "off", "plan": None, "subscription": None}
            self._practice.put(self._row, saas=off)


@pytest.mark.matrix
def test_a_disabling_that_runs_already_is_only_waited_for(practice: Practice, run_flow: RunFlow) -> None:
    [row] = [row for row in practice.entities("sub_account") if row["id"] == DEMO]
    practice.put(row, saas=row["body"]["saas"] | {"state": "disabling"})
    result = run_flow("saas-mode", listener=_EndOfJob(practice, row), location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert result.acts == ()
    assert practice.mutations() == []


@pytest.mark.matrix
def test_without_the_permission_nothing_is_disabled(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"can_disable_saas": False})
    result = run_flow("saas-mode", location_id=DEMO)
    assert result.status is Status.BLOCKED, result.reason
    assert result.reason == "only admins of the agency may disable SaaS mode"
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_look_alike_is_left_alone(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("saas-mode", company="Fresh Home Services")
    assert result.status is Status.PASSED, result.reason
    services = practice.location("Fresh Home Services")
    assert practice.mutations() == [
        Mutation(action="disable", object=f"saas:{services}", location_id=services)
    ]
