"""Calendars, email domains, domains, users and the business profile of a sub-account."""

from typing import Any

import pytest

from tests.practice.conftest import Dashboard
from tests.practice.served import DEMO, Served

OPERATOR = "oP7eRaT0rUs3rXy12Zq9"
OWNER = "oW4nErM0rG4nE11eRy5K"


@pytest.fixture
def dashboard(dashboard: Dashboard) -> Served:
    return Served(dashboard)


def rows(dashboard: Served, things: str, location_id: str = DEMO) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dashboard.post(f"/locations/{location_id}/{things}/search", {"size": 100})[
        "rows"
    ]
    return found


def test_calendars_are_made_inactive_one_by_one_and_by_group(dashboard: Served) -> None:
    first = rows(dashboard, "calendars")[0]
    dashboard.post(f"/locations/{DEMO}/calendars/{first['id']}/status", {"status": "Inactive"})
    [group] = rows(dashboard, "calendar-groups")
    path = f"/locations/{DEMO}/calendar-groups/{group['id']}/status"
    assert dashboard.post(path, {"status": "Inactive"}) == {"changed": 2}
    assert dashboard.post(path, {"status": "Inactive"}) == {"changed": 0}
    assert [c["status"] for c in rows(dashboard, "calendars")].count("Active") == 1
    assert len(dashboard.mutations()) == 3
    assert dashboard.mutations()[0] == f"deactivate calendar:{first['id']}"


def test_a_calendar_of_another_sub_account_is_not_found(dashboard: Served) -> None:
    other = dashboard.account("Apex Roofing Group")
    calendar = rows(dashboard, "calendars", other)[0]
    dashboard.refused(f"/locations/{DEMO}/calendars/{calendar['id']}/status", {"status": "Inactive"})
    assert dashboard.mutations() == []


def test_email_domain_is_deleted_with_the_exact_word(dashboard: Served) -> None:
    first, second = rows(dashboard, "email-domains")
    dashboard.refused(f"/locations/{DEMO}/email-domains/{first['id']}/delete", {"word": "delete"})
    dashboard.post(f"/locations/{DEMO}/email-domains/{first['id']}/delete", {"word": "Delete"})
    assert [d["id"] for d in rows(dashboard, "email-domains")] == [second["id"]]
    assert dashboard.mutations() == [f"delete email_domain:{first['domain']}"]


def test_email_domain_in_use_cannot_be_removed_until_its_entries_are(dashboard: Served) -> None:
    lawn = dashboard.account("Harbor Lawn & Garden")
    used = rows(dashboard, "email-domains", lawn)[0]
    path = f"/locations/{lawn}/email-domains/{used['id']}"
    refusal = dashboard.refused(f"{path}/delete", {"word": "Delete"})
    assert (refusal["code"], refusal["title"]) == ("in_use", "Domain Cannot Be Removed")
    for use in used["uses"]:
        if use["entries"]:
            dashboard.post(f"{path}/uses", {"type": use["type"], "entries": []})
    dashboard.post(f"{path}/delete", {"word": "Delete"})


def test_domain_goes_after_its_products(dashboard: Served) -> None:
    domain = rows(dashboard, "domains")[0]
    path = f"/locations/{DEMO}/domains/{domain['id']}"
    assert dashboard.refused(f"{path}/delete", {"word": "Delete"})["code"] == "connected"
    for product in domain["products"]:
        dashboard.post(f"{path}/products/{product['id']}/delete")
    dashboard.post(f"{path}/delete", {"word": "Delete"})
    assert len(rows(dashboard, "domains")) == 1
    assert dashboard.mutations()[-1] == f"delete domain:{domain['domain']}"


def test_domain_may_go_with_its_products_where_the_setting_says_so(dashboard: Served) -> None:
    dashboard.set(domain_products_first=False)
    domain = rows(dashboard, "domains")[0]
    dashboard.post(f"/locations/{DEMO}/domains/{domain['id']}/delete", {"word": "Delete"})
    assert len(dashboard.mutations()) == 1


def test_purchased_domain_has_no_delete(dashboard: Served) -> None:
    north = dashboard.account("Northside Plumbing")
    found = dashboard.post(f"/locations/{north}/domains/search", {"filter": "internal"})["rows"]
    assert len(found) == 1
    path = f"/locations/{north}/domains/{found[0]['id']}/delete"
    assert dashboard.refused(path, {"word": "Delete"})["code"] == "purchased"


def test_deleting_a_record_is_not_deleting_the_domain(dashboard: Served) -> None:
    domain = rows(dashboard, "domains")[0]
    record = domain["records"][0]
    dashboard.post(f"/locations/{DEMO}/domains/{domain['id']}/records/delete", record)
    assert len(rows(dashboard, "domains")) == 2
    assert dashboard.mutations()[0].startswith("delete dns_record:")


def test_user_leaves_one_sub_account_later_and_keeps_the_others(dashboard: Served) -> None:
    shared = next(u for u in rows(dashboard, "users") if len(u["sub_accounts"]) == 2)
    path = f"/locations/{DEMO}/users/{shared['id']}"
    dashboard.refused(f"{path}/remove", {"word": "remove"})
    dashboard.post(f"{path}/remove", {"word": "REMOVE"})
    assert shared["id"] in [u["id"] for u in rows(dashboard, "users")]
    dashboard.advance()
    assert shared["id"] not in [u["id"] for u in rows(dashboard, "users")]
    left = dashboard.post(f"/users/{shared['id']}")["location_ids"]
    assert len(left) == 1
    assert dashboard.mutations() == [f"remove user:{shared['id']}@{DEMO}"]


def test_deleting_a_user_touches_every_sub_account(dashboard: Served) -> None:
    shared = next(u for u in rows(dashboard, "users") if len(u["sub_accounts"]) == 2)
    dashboard.post(f"/locations/{DEMO}/users/{shared['id']}/delete", {"word": "DELETE"})
    dashboard.advance()
    assert dashboard.refused(f"/users/{shared['id']}")["code"] == "missing"
    assert dashboard.mutations() == [f"delete user:{shared['id']}@{i}" for i in shared["location_ids"]]


def test_owner_operator_and_missing_permission_are_refused(dashboard: Served) -> None:
    movers = dashboard.account("Granite State Movers")
    for place, user in ((movers, OWNER), (dashboard.account("Beacon Tutoring"), OPERATOR)):
        assert user in [u["id"] for u in rows(dashboard, "users", place)]
        dashboard.refused(f"/locations/{place}/users/{user}/delete", {"word": "DELETE"})
        dashboard.refused(f"/locations/{place}/users/{user}/remove", {"word": "REMOVE"})
    dashboard.set(can_delete_users=False)
    user = rows(dashboard, "users")[0]
    refusal = dashboard.refused(f"/locations/{DEMO}/users/{user['id']}/delete", {"word": "DELETE"})
    assert refusal["title"] == "You do not have the required permissions to delete a user"
    assert dashboard.mutations() == []


def test_team_lists_the_users_of_all_sub_accounts(dashboard: Served) -> None:
    found = dashboard.post("/users/search", {"size": 100})
    assert found["total"] > 40
    assert dashboard.post("/users/search", {"sub_account": DEMO})["total"] == 3
    assert dashboard.post("/users/search", {"type": "agency"})["total"] == 2
    assert dashboard.post("/users/search", {"query": "adrianne@adriannes-housekeeping"})["total"] == 1


def test_business_profile_names_the_location_id(dashboard: Served) -> None:
    profile = dashboard.post(f"/locations/{DEMO}/business-profile")
    assert profile["location_id"] == DEMO
    assert profile["legal_name"] == "Adrianne's Housekeeping LLC"
