"""Account Snapshots: a version is written when a refresh has ended well, and not before."""

from typing import Any

import pytest

from tests.practice.conftest import Dashboard
from tests.practice.served import DEMO, Served


@pytest.fixture
def dashboard(dashboard: Dashboard) -> Served:
    return Served(dashboard)


def snapshot_of(dashboard: Served, name: str) -> dict[str, Any]:
    rows = dashboard.post("/snapshots/search", {"query": name})["rows"]
    [row] = [r for r in rows if r["name"] == name]
    found: dict[str, Any] = row
    return found


def versions(dashboard: Served, id_: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dashboard.post(f"/snapshots/{id_}")["versions"]
    return found


def all_assets(dashboard: Served, id_: str) -> list[str]:
    return [row["id"] for row in dashboard.post(f"/snapshots/{id_}/assets")["rows"]]


def test_search_matches_name_or_id_and_tabs_are_apart(dashboard: Served) -> None:
    demo = snapshot_of(dashboard, "Adrianne's Housekeeping")
    assert dashboard.post("/snapshots/search", {"query": demo["id"]})["total"] == 1
    assert dashboard.post("/snapshots/search", {"query": "Adrianne's Housekeeping"})["total"] == 2
    imported = dashboard.post("/snapshots/search", {"tab": "imported"})["rows"]
    assert "Adrianne's Housekeeping (shared copy)" in [r["name"] for r in imported]


def test_a_remembered_date_filter_hides_rows(dashboard: Served) -> None:
    dashboard.post("/snapshots/filter", {"from": "2026-09-01", "to": "2026-09-30"})
    found = dashboard.post("/snapshots/search", {"query": "Adrianne's Housekeeping"})
    assert found["total"] == 0
    assert found["filter"]["from"] == "2026-09-01"
    dashboard.post("/snapshots/filter", {})
    assert dashboard.post("/snapshots/search", {"query": "Adrianne's Housekeeping"})["total"] == 2
    assert dashboard.mutations() == []


def test_new_assets_are_not_selected(dashboard: Served) -> None:
    demo = snapshot_of(dashboard, "Adrianne's Housekeeping")
    rows = dashboard.post(f"/snapshots/{demo['id']}/assets")["rows"]
    assert sum(not row["included"] for row in rows) == 3


def test_refresh_writes_a_version_when_it_has_ended(dashboard: Served) -> None:
    demo = snapshot_of(dashboard, "Adrianne's Housekeeping")
    before = versions(dashboard, demo["id"])
    ids = all_assets(dashboard, demo["id"])
    dashboard.post(f"/snapshots/{demo['id']}/refresh", {"asset_ids": ids})
    assert versions(dashboard, demo["id"]) == before
    assert dashboard.post(f"/snapshots/{demo['id']}")["run"]["state"] == "running"
    dashboard.refused(f"/snapshots/{demo['id']}/refresh", {"asset_ids": ids})
    dashboard.advance()
    newest, *rest = versions(dashboard, demo["id"])
    assert rest == before
    assert (newest["added"], newest["removed"], newest["synced"], newest["failed"]) == (3, 0, 18, [])
    assert newest["user"] == "Olive Operator"
    assert dashboard.mutations() == [f"refresh snapshot:{demo['id']}"]


def test_a_failed_asset_leaves_no_version_until_a_retry(dashboard: Served) -> None:
    pools = snapshot_of(dashboard, "Coastal Pools")
    before = versions(dashboard, pools["id"])
    dashboard.post(f"/snapshots/{pools['id']}/refresh", {"asset_ids": all_assets(dashboard, pools["id"])})
    dashboard.advance()
    run = dashboard.post(f"/snapshots/{pools['id']}")["run"]
    assert (run["state"], run["failed"]) == ("partial", ["Review request"])
    assert versions(dashboard, pools["id"]) == before
    dashboard.post(f"/snapshots/{pools['id']}/refresh", {"retry": True})
    dashboard.advance()
    assert versions(dashboard, pools["id"])[0]["failed"] == []


def test_failed_assets_may_be_accepted_and_are_named_in_the_version(dashboard: Served) -> None:
    pest = snapshot_of(dashboard, "Prairie Pest Control")
    dashboard.post(f"/snapshots/{pest['id']}/refresh", {"asset_ids": all_assets(dashboard, pest["id"])})
    dashboard.advance()
    dashboard.post(f"/snapshots/{pest['id']}/refresh", {"retry": True})
    dashboard.advance()
    assert dashboard.post(f"/snapshots/{pest['id']}")["run"]["state"] == "partial"
    dashboard.post(f"/snapshots/{pest['id']}/finish")
    assert versions(dashboard, pest["id"])[0]["failed"] == ["Review request"]


def test_creation_asks_for_name_account_and_readable_assets(dashboard: Served) -> None:
    lawn = dashboard.account("Prairie Pest Control")
    assert dashboard.refused("/snapshots/create", {"location_id": DEMO})["code"] == "name"
    assert dashboard.refused("/snapshots/create", {"name": "x"})["code"] == "account"
    ids = [row["id"] for row in dashboard.post(f"/locations/{lawn}/assets")["rows"]]
    body = {"name": "Prairie", "location_id": lawn, "asset_ids": ids}
    refusal = dashboard.refused("/snapshots/create", body)
    assert (refusal["code"], refusal["message"]) == ("left_out", "Review request")
    created = dashboard.post("/snapshots/create", {**body, "force": True})["id"]
    dashboard.advance()
    assert snapshot_of(dashboard, "Prairie")["id"] == created
    assert [v["action"] for v in versions(dashboard, created)] == ["Created"]
    assert dashboard.mutations() == [f"create snapshot:{created}"]


def test_push_and_delete_leave_their_marks(dashboard: Served) -> None:
    demo = snapshot_of(dashboard, "Adrianne's Housekeeping")
    dashboard.post(f"/snapshots/{demo['id']}/push")
    dashboard.post(f"/snapshots/{demo['id']}/delete")
    assert dashboard.mutations() == [f"push snapshot:{demo['id']}", f"delete snapshot:{demo['id']}"]


def test_scopes_are_asked_for(dashboard: Served) -> None:
    dashboard.set(snapshot_scopes=[])
    demo = snapshot_of(dashboard, "Adrianne's Housekeeping")
    assert dashboard.refused(f"/snapshots/{demo['id']}/refresh")["code"] == "permission"
    assert dashboard.refused("/snapshots/create", {"name": "x", "location_id": DEMO})["code"] == "permission"
    assert dashboard.mutations() == []
