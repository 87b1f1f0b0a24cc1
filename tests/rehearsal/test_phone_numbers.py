from __future__ import annotations

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _deletions(practice: Practice, location_id: str) -> dict[str, Mutation]:
    """The deletion of every number that is there now, by number."""
    return {
        row["body"]["number"]: Mutation(
            action="delete", object=f"phone_number:{row['body']['number']}", location_id=location_id
        )
        for row in practice.entities("phone_number", location_id)
    }


def test_every_number_is_deleted_once_and_then_nothing_is_left_to_do(
    practice: Practice, run_flow: RunFlow
) -> None:
    expected = _deletions(practice, DEMO)
    assert len(expected) == 3

    first = run_flow("phone-numbers", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == list(expected.values())
    assert [row["number"] for row in first.outputs["numbers"]] == list(expected)  # type: ignore[attr-defined]

    second = run_flow("phone-numbers", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == list(expected.values())


@pytest.mark.matrix
def test_a_customer_without_numbers_is_noop(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("phone-numbers", company="Home Fresh Services")
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_number_of_whatsapp_is_blocked_and_the_others_are_still_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    bluebird = practice.location("Bluebird Florist")
    expected = _deletions(practice, bluebird)
    [linked] = [
        row["body"]["number"]
        for row in practice.entities("phone_number", bluebird)
        if row["body"]["whatsapp_linked"]
    ]
    expected.pop(linked)
    result = run_flow("phone-numbers", location_id=bluebird)
    assert result.status is Status.BLOCKED, result.reason
    assert f"{linked} is linked to WhatsApp" in result.reason
    assert practice.mutations() == list(expected.values())


@pytest.mark.matrix
def test_a_number_of_a_pool_is_blocked_and_the_others_are_still_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    apex = practice.location("Apex Roofing Group")
    expected = _deletions(practice, apex)
    pooled = [
        row["body"]["number"] for row in practice.entities("phone_number", apex) if row["body"]["pool_id"]
    ]
    assert 0 < len(pooled) < len(expected)
    for number in pooled:
        expected.pop(number)
    result = run_flow("phone-numbers", location_id=apex)
    assert result.status is Status.BLOCKED, result.reason
    assert [problem.what for problem in result.problems] == [
        f"{number} belongs to a number pool" for number in pooled
    ]
    assert practice.mutations() == list(expected.values())


@pytest.mark.matrix
def test_on_an_own_twilio_account_the_second_question_is_answered_too(
    practice: Practice, run_flow: RunFlow
) -> None:
    riverstone = practice.location("Riverstone Dental")
    expected = _deletions(practice, riverstone)
    result = run_flow("phone-numbers", location_id=riverstone)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == list(expected.values())
    assert all(row["detail"]["released"] for row in practice.ask("/mutations"))
