"""Removing a tag from contacts in the background, and what it triggers."""

from __future__ import annotations

from typing import Any

from tests.practice.conftest import AGENCY, Dashboard

TAG = "wootrecruit-knowledgebase"


def _adrianne(dashboard: Dashboard) -> dict[str, Any]:
    rows = dashboard.call(
        f"/locations/{AGENCY}/contacts/search", {"query": "adrianne@adriannes-housekeeping.example"}
    ).json()["rows"]
    [contact] = rows
    return dict(contact)


def _start(dashboard: Dashboard, *ids: str, **more: Any) -> Any:
    body = {"change": "remove", "ids": ids, "tags": [TAG], "name": "Offboarding", "when": "now", **more}
    return dashboard.call(f"/locations/{AGENCY}/bulk-actions/start", body)


def _action(dashboard: Dashboard) -> dict[str, Any]:
    rows = dashboard.call(f"/locations/{AGENCY}/bulk-actions/search").json()["rows"]
    return dict(rows[0])


def test_removal_is_started_first_and_done_later(dashboard: Dashboard) -> None:
    contact = _adrianne(dashboard)
    assert TAG in contact["tags"]
    assert _start(dashboard, contact["id"]).status_code == 200
    assert _action(dashboard)["status"] == "queued"
    assert TAG in _adrianne(dashboard)["tags"]
    dashboard.tell("/advance", {"seconds": 10})
    dashboard.tell("/advance", {"seconds": 10})
    done = _action(dashboard)
    assert (done["status"], done["stats"]["successful"]) == ("complete", 1)
    assert TAG not in _adrianne(dashboard)["tags"]
    [mutation] = dashboard.ask("/mutations")
    assert mutation["object"] == f"contact_tag:{contact['id']}/{TAG}"


def test_published_workflow_takes_the_contact_in_then_finishes(dashboard: Dashboard) -> None:
    workflows = [
        one["body"]["name"]
        for one in dashboard.entities("workflow", AGENCY)
        if one["body"]["published"] and one["body"]["trigger"] == {"kind": "tag_removed", "tag": TAG}
    ]
    assert workflows
    contact = _adrianne(dashboard)
    _start(dashboard, contact["id"])
    dashboard.tell("/advance", {"seconds": 10})
    dashboard.tell("/advance", {"seconds": 10})
    assert workflows[0] in [run["name"] for run in _adrianne(dashboard)["active"]]
    dashboard.tell("/advance", {"seconds": 10})
    after = _adrianne(dashboard)
    assert workflows[0] not in [run["name"] for run in after["active"]]
    assert workflows[0] == after["past"][0]["name"]


def test_contact_without_the_tag_is_skipped(dashboard: Dashboard) -> None:
    rows = dashboard.call(f"/locations/{AGENCY}/contacts/search", {"size": 100}).json()["rows"]
    without = next(row for row in rows if TAG not in row["tags"])
    _start(dashboard, without["id"])
    dashboard.tell("/advance", {"seconds": 10})
    dashboard.tell("/advance", {"seconds": 10})
    assert _action(dashboard)["stats"]["skipped"] == 1
    assert dashboard.ask("/mutations") == []


def test_failing_bulk_action_changes_nothing(dashboard: Dashboard) -> None:
    dashboard.tell("/settings", {"bulk_outcome": "error"})
    contact = _adrianne(dashboard)
    _start(dashboard, contact["id"])
    dashboard.tell("/advance", {"seconds": 10})
    dashboard.tell("/advance", {"seconds": 10})
    assert _action(dashboard)["status"] == "error"
    assert TAG in _adrianne(dashboard)["tags"]


def test_search_needs_three_characters(dashboard: Dashboard) -> None:
    assert dashboard.call(f"/locations/{AGENCY}/contacts/search", {"query": "ad"}).status_code == 422


def test_audit_log_tells_what_was_done(dashboard: Dashboard) -> None:
    contact = _adrianne(dashboard)
    dashboard.call(f"/locations/{AGENCY}/contacts/{contact['id']}/tags", {"remove": [TAG]})
    newest = dashboard.call(f"/locations/{AGENCY}/audit-logs").json()["rows"][0]
    assert (newest["module"], newest["action"], newest["user"]) == (
        "Contacts",
        "Tag removed",
        "Olive Operator",
    )
    assert newest["details"] == f"{contact['id']}/{TAG}"
