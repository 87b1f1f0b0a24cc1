from __future__ import annotations

from typing import Any

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow


def _deletions(row: dict[str, Any], location_id: str) -> list[Mutation]:
    """Taking off every connected product of a domain, then deleting it."""
    domain = row["body"]["domain"]
    names = [f"domain_product:{domain}/{product['id']}" for product in row["body"]["products"]]
    return [
        Mutation(action="delete", object=name, location_id=location_id)
        for name in [*names, f"domain:{domain}"]
    ]


def test_products_go_first_then_every_domain_and_then_nothing_is_left_to_do(
    practice: Practice, run_flow: RunFlow
) -> None:
    rows = practice.entities("domain", DEMO)
    expected = [mutation for row in rows for mutation in _deletions(row, DEMO)]
    assert len(rows) == 2
    assert len(expected) > 2

    first = run_flow("domain", location_id=DEMO)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == expected
    assert [row["domain"] for row in first.outputs["domains"]] == [row["body"]["domain"] for row in rows]  # type: ignore[attr-defined]

    second = run_flow("domain", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == expected


@pytest.mark.matrix
def test_products_are_left_alone_where_the_dashboard_does_not_ask_for_it(
    practice: Practice, run_flow: RunFlow
) -> None:
    practice.tell("/settings", {"domain_products_first": False})
    rows = practice.entities("domain", DEMO)
    result = run_flow("domain", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert [mutation.object for mutation in practice.mutations()] == [
        f"domain:{row['body']['domain']}" for row in rows
    ]


def test_a_customer_without_domains_is_noop(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("domain", company="Twin Oaks Veterinary")
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_purchased_domain_is_blocked_and_the_others_are_still_deleted(
    practice: Practice, run_flow: RunFlow
) -> None:
    northside = practice.location("Northside Plumbing")
    rows = practice.entities("domain", northside)
    [bought] = [row for row in rows if row["body"]["source"] == "internal"]
    [other] = [row for row in rows if row["body"]["source"] == "external"]
    result = run_flow("domain", location_id=northside)
    assert result.status is Status.BLOCKED, result.reason
    assert (
        result.reason
        == f"{bought['body']['domain']} was bought through the dashboard, which has no delete for it"
    )
    assert practice.mutations() == _deletions(other, northside)


@pytest.mark.matrix
def test_an_error_of_the_dashboard_is_told_and_the_domain_stays(
    practice: Practice, run_flow: RunFlow
) -> None:
    location_id = practice.location("Brookline Salon")
    [row] = practice.entities("domain", location_id)
    practice.put(row, products=[])
    practice.tell("/rules", {"path": "/domains/[^/]+/delete", "times": 1, "do": {"status": 500}})
    result = run_flow("domain", location_id=location_id)
    assert result.status is Status.BLOCKED, result.reason
    assert "could not delete the domain" in result.reason
    assert practice.mutations() == []
