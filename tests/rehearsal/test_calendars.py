from __future__ import annotations

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _deactivations(practice: Practice, location_id: str) -> list[Mutation]:
    """The deactivation of every calendar that is active now."""
    return [
        Mutation(action="deactivate", object=f"calendar:{row['id']}", location_id=location_id)
        for row in practice.entities("calendar", location_id)
        if row["body"]["status"] == "Active"
    ]


def test_every_active_calendar_is_deactivated_once_those_in_groups_too(
    practice: Practice, run_flow: RunFlow
) -> None:
    grouped = [row for row in practice.entities("calendar", DEMO) if row["body"]["group_id"]]
    expected = _deactivations(practice, DEMO)
    assert grouped
    assert 0 < len(expected) < len(practice.entities("calendar", DEMO))

    first = run_flow("calendars", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == expected
    assert len(first.outputs["calendars"]) == len(practice.entities("calendar", DEMO))  # type: ignore[arg-type]

    second = run_flow("calendars", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == expected


@pytest.mark.matrix
def test_calendars_on_further_pages_are_deactivated_too(practice: Practice, run_flow: RunFlow) -> None:
    apex = practice.location("Apex Roofing Group")
    calendars = practice.entities("calendar", apex)
    assert len(calendars) > 10
    for row in calendars[3:-2]:
        practice.put(row, status="Inactive")
    expected = _deactivations(practice, apex)
    assert len(expected) == 5
    result = run_flow("calendars", location_id=apex)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == expected


@pytest.mark.parametrize(
    "company", ["Fresh Home", pytest.param("Quiet Corner Yoga", marks=pytest.mark.matrix)]
)
def test_a_customer_without_active_calendars_is_noop(
    practice: Practice, run_flow: RunFlow, company: str
) -> None:
    result = run_flow("calendars", company=company)
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_an_error_of_the_dashboard_is_told_and_the_other_calendars_are_still_deactivated(
    practice: Practice, run_flow: RunFlow
) -> None:
    location_id = practice.location("Bluebird Florist")
    first, second = _deactivations(practice, location_id)
    practice.tell(
        "/rules", {"path": f"{first.object.split(':')[1]}/status", "times": 1, "do": {"status": 500}}
    )
    result = run_flow("calendars", location_id=location_id)
    assert result.status is Status.BLOCKED, result.reason
    assert "could not deactivate" in result.reason
    assert practice.mutations() == [second]


@pytest.mark.matrix
def test_a_dialog_that_names_a_calendar_of_a_longer_name_is_not_confirmed(
    practice: Practice, run_flow: RunFlow
) -> None:
    location_id = practice.location("Bluebird Florist")
    longer, meant, *_ = practice.entities("calendar", location_id)
    practice.put(longer, name=f"{meant['body']['name']} Plus", status="Inactive")
    practice.put(meant, status="Active")
    practice.tell("/settings", {"dialog_names_other": ["calendar"]})
    result = run_flow("calendars", location_id=location_id)
    assert result.status is Status.BLOCKED, result.reason
    assert practice.mutations() == []
