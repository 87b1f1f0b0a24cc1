"""Sub-Accounts and Manage Client: SaaS is disabled later, once, and only after all that is asked."""

import pytest

from tests.practice.conftest import Dashboard
from tests.practice.served import DEMO, Served

ALL = ["approval", "data_lost", "irreversible"]


@pytest.fixture
def dashboard(dashboard: Dashboard) -> Served:
    return Served(dashboard)


def saas(dashboard: Served, location_id: str = DEMO) -> dict[str, object]:
    found: dict[str, object] = dashboard.post(f"/sub-accounts/{location_id}")["saas"]
    return found


def test_search_finds_look_alikes_and_ids(dashboard: Served) -> None:
    names = [r["name"] for r in dashboard.post("/sub-accounts/search", {"query": "sunrise"})["rows"]]
    assert names == ["Sunrise Cleaning Co."] * 2
    assert dashboard.post("/sub-accounts/search", {"query": DEMO})["total"] == 1
    assert dashboard.post("/sub-accounts/search", {"query": "no such"})["total"] == 0


def test_disabling_is_started_and_finishes_later(dashboard: Served) -> None:
    dashboard.post(f"/sub-accounts/{DEMO}/disable-saas", {"confirmed": ALL})
    assert saas(dashboard)["state"] == "disabling"
    assert dashboard.refused(f"/sub-accounts/{DEMO}/disable-saas", {"confirmed": ALL})
    dashboard.advance()
    assert saas(dashboard) == {"enabled": False, "state": "off", "plan": None, "subscription": None}
    assert dashboard.mutations() == [f"disable saas:{DEMO}"]


def test_every_compliance_step_is_needed(dashboard: Served) -> None:
    dashboard.refused(f"/sub-accounts/{DEMO}/disable-saas", {"confirmed": ALL[:2]})
    assert saas(dashboard)["state"] == "on"
    assert dashboard.mutations() == []


def test_cancelling_the_subscription_leaves_its_own_mark(dashboard: Served) -> None:
    subscription = saas(dashboard)["subscription"]
    assert isinstance(subscription, dict)
    dashboard.post(f"/sub-accounts/{DEMO}/disable-saas", {"confirmed": ALL, "cancel_subscription": True})
    assert dashboard.mutations() == [f"disable saas:{DEMO}", f"cancel subscription:{subscription['id']}"]


def test_what_is_off_already_is_refused(dashboard: Served) -> None:
    quiet = dashboard.account("Quiet Corner Yoga")
    assert saas(dashboard, quiet)["state"] == "off"
    dashboard.refused(f"/sub-accounts/{quiet}/disable-saas", {"confirmed": ALL})
    assert dashboard.mutations() == []


def test_disabling_may_fail_later(dashboard: Served) -> None:
    lakeview = dashboard.account("Lakeview HVAC")
    dashboard.post(f"/sub-accounts/{lakeview}/disable-saas", {"confirmed": ALL})
    dashboard.advance()
    assert saas(dashboard, lakeview)["state"] == "on"
    assert saas(dashboard, lakeview)["failed"] is True


def test_neighbouring_actions_are_recorded_as_what_they_are(dashboard: Served) -> None:
    quiet = dashboard.account("Quiet Corner Yoga")
    dashboard.post(f"/sub-accounts/{quiet}/enable-saas")
    dashboard.post(f"/sub-accounts/{quiet}/pause")
    dashboard.refused(f"/sub-accounts/{quiet}/delete", {"word": "delete"})
    dashboard.post(f"/sub-accounts/{quiet}/delete", {"word": "DELETE"})
    assert dashboard.mutations() == [
        f"enable saas:{quiet}",
        f"pause sub_account:{quiet}",
        f"delete sub_account:{quiet}",
    ]


def test_only_agency_admins_may_disable(dashboard: Served) -> None:
    dashboard.set(can_disable_saas=False)
    refusal = dashboard.refused(f"/sub-accounts/{DEMO}/disable-saas", {"confirmed": ALL})
    assert refusal["title"] == "Only agency admins can disable SaaS mode"
    assert dashboard.mutations() == []
