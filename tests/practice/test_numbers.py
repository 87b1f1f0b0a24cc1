"""Phone numbers: what can be deleted, and what cannot."""

from __future__ import annotations

from typing import Any

from tests.practice.conftest import AGENCY, DEMO, Dashboard


def _numbers(dashboard: Dashboard, place: str = DEMO) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = dashboard.call(f"/locations/{place}/numbers/search").json()["rows"]
    return rows


def _delete(dashboard: Dashboard, number: dict[str, Any], place: str = DEMO, **body: Any) -> Any:
    return dashboard.call(f"/locations/{place}/numbers/{number['id']}/delete", {"word": "Delete", **body})


def test_deleting_leaves_one_mutation_and_no_number(dashboard: Dashboard) -> None:
    first, *others = _numbers(dashboard)
    assert _delete(dashboard, first).json() == {"released": True}
    assert [row["number"] for row in _numbers(dashboard)] == [row["number"] for row in others]
    [mutation] = dashboard.ask("/mutations")
    assert mutation["object"] == f"phone_number:{first['number']}"
    assert (mutation["action"], mutation["location_id"]) == ("delete", DEMO)
    assert mutation["route"] == "/somewhere"


def test_the_word_matters_case_included(dashboard: Dashboard) -> None:
    number = _numbers(dashboard)[0]
    assert _delete(dashboard, number, word="delete").status_code == 422
    assert dashboard.ask("/mutations") == []


def test_number_of_another_sub_account_is_not_found(dashboard: Dashboard) -> None:
    number = _numbers(dashboard)[0]
    assert _delete(dashboard, number, place=AGENCY).status_code == 404
    assert dashboard.ask("/mutations") == []


def test_whatsapp_number_is_blocked(dashboard: Dashboard) -> None:
    linked = next(one for one in dashboard.entities("phone_number") if one["body"]["whatsapp_linked"])
    answer = _delete(dashboard, linked, place=linked["location_id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "whatsapp")


def test_number_in_a_pool_is_blocked(dashboard: Dashboard) -> None:
    pooled = next(one for one in dashboard.entities("phone_number") if one["body"]["pool_id"])
    answer = _delete(dashboard, pooled, place=pooled["location_id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "pool")


def test_own_twilio_account_may_keep_the_number(dashboard: Dashboard) -> None:
    place = next(one for one in dashboard.entities("sub_account") if one["body"]["telephony"] == "twilio")
    number = _numbers(dashboard, place["id"])[0]
    assert _delete(dashboard, number, place=place["id"], release=False).json() == {"released": False}
    [mutation] = dashboard.ask("/mutations")
    assert mutation["detail"]["released"] is False


def test_planted_fault_fails_once(dashboard: Dashboard) -> None:
    dashboard.tell("/rules", {"path": "/numbers/search$", "times": 1, "do": {"status": 500}})
    assert dashboard.call(f"/locations/{DEMO}/numbers/search").status_code == 500
    assert dashboard.call(f"/locations/{DEMO}/numbers/search").status_code == 200


def test_demo_customer_has_a_brand_and_two_campaigns(dashboard: Dashboard) -> None:
    trust = dashboard.call(f"/locations/{DEMO}/trust").json()
    [brand] = trust["brands"]
    assert [campaign["brand"]["sid"] for campaign in trust["campaigns"]] == [brand["sid"]] * 2
    assert brand["sid"].startswith("BN")
    assert len(brand["sid"]) == 34
    assert trust["profile"]["profile_sid"].startswith("BU")
