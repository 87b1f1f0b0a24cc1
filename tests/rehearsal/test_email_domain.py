from __future__ import annotations

import pytest

from robot.executor.timeouts import Timeouts
from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _deletions(practice: Practice, location_id: str) -> list[Mutation]:
    """The deletion of every email domain that is there now."""
    return [
        Mutation(action="delete", object=f"email_domain:{row['body']['domain']}", location_id=location_id)
        for row in practice.entities("email_domain", location_id)
    ]


def test_every_email_domain_is_deleted_once_and_then_nothing_is_left_to_do(
    practice: Practice, run_flow: RunFlow
) -> None:
    expected = _deletions(practice, DEMO)
    assert len(expected) == 2

    first = run_flow("email-domain", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == expected
    assert [act.object for act in first.acts] == [mutation.object for mutation in expected]
    assert [f"email_domain:{row['domain']}" for row in first.outputs["email_domains"]] == [  # type: ignore[attr-defined]
        mutation.object for mutation in expected
    ]

    second = run_flow("email-domain", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == expected


@pytest.mark.matrix
def test_a_customer_without_email_domains_is_noop(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("email-domain", company="Brookline Salon")
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_domain_in_use_is_blocked_and_the_others_are_still_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    harbor = practice.location("Harbor Lawn & Garden")
    used, unused = practice.entities("email_domain", harbor)
    result = run_flow("email-domain", location_id=harbor)
    assert result.status is Status.BLOCKED
    assert "something still sends from" in result.reason
    assert used["body"]["domain"] in result.reason
    assert practice.mutations() == [
        Mutation(action="delete", object=f"email_domain:{unused['body']['domain']}", location_id=harbor)
    ]


@pytest.mark.matrix
def test_an_error_of_the_dashboard_is_told_and_nothing_is_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    location_id = practice.location("Murphy's Maids")
    practice.tell("/rules", {"path": "/email-domains/.*/delete", "times": 1, "do": {"status": 500}})
    result = run_flow("email-domain", location_id=location_id)
    assert result.status is Status.BLOCKED
    assert "could not delete" in result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_list_that_cannot_be_loaded_is_not_noop(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/rules", {"path": "/email-domains/search", "do": {"status": 500}})
    quick = Timeouts(require=3_000, target=3_000, expect=5_000)
    result = run_flow("email-domain", location_id=DEMO, timeouts=quick)
    assert result.status is Status.FAILED
    assert "error" in result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_email_domains_are_found_in_the_page_as_well_as_in_a_frame(
    practice: Practice, run_flow: RunFlow
) -> None:
    practice.tell("/settings", {"frames": {"email_services": "frame-then-main"}})
    expected = _deletions(practice, DEMO)
    result = run_flow("email-domain", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == expected


def test_of_two_customers_with_one_name_none_is_touched(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("email-domain", company="Sunrise Cleaning Co.")
    assert result.status is Status.BLOCKED
    assert "several sub-accounts" in result.reason
    assert practice.mutations() == []
