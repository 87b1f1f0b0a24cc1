from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow

OPERATOR = "oP7eRaT0rUs3rXy12Zq9"


def _snapshot(practice: Practice, name: str) -> dict[str, Any]:
    """The one snapshot of this name."""
    [found] = [row for row in practice.entities("snapshot") if row["body"]["name"] == name]
    return found


def _versions(practice: Practice, snapshot_id: str) -> list[str]:
    """Ids of the entries of its version history."""
    rows = practice.entities("snapshot_version")
    return [row["id"] for row in rows if row["body"]["snapshot_id"] == snapshot_id]


def _act(action: str, snapshot_id: str) -> Mutation:
    return Mutation(action=action, object=f"snapshot:{snapshot_id}", location_id=None)


def _ids(rows: object) -> set[str]:
    return {row["version"] for row in rows}  # type: ignore[attr-defined]


def test_the_snapshot_is_refreshed_once_with_all_assets_and_is_then_young_enough(
    practice: Practice, run_flow: RunFlow
) -> None:
    snapshot_id = _snapshot(practice, "Adrianne's Housekeeping")["id"]
    before = _versions(practice, snapshot_id)
    assets = len(practice.entities("asset", DEMO))

    first = run_flow("snapshot", location_id=DEMO, company="Adrianne's Housekeeping")
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == [_act("refresh", snapshot_id)]
    assert practice.ask("/mutations")[0]["detail"] == {"assets": assets}
    after = _versions(practice, snapshot_id)
    assert len(after) == len(before) + 1
    assert first.outputs["snapshot_id"] == snapshot_id
    assert _ids(first.outputs["versions_before"]) == set(before)
    assert _ids(first.outputs["versions_after"]) == set(after)

    second = run_flow("snapshot", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == [_act("refresh", snapshot_id)]


@pytest.mark.matrix
def test_an_entry_that_is_too_old_for_the_caller_is_not_enough(practice: Practice, run_flow: RunFlow) -> None:
    snapshot_id = _snapshot(practice, "Quiet Corner Yoga")["id"]
    for _ in range(2):
        result = run_flow("snapshot", company="Quiet Corner Yoga", max_age="0h")
        assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_act("refresh", snapshot_id)] * 2


@pytest.mark.matrix
def test_the_policy_keeps_the_old_set_of_assets(practice: Practice, run_flow: RunFlow) -> None:
    snapshot = _snapshot(practice, "Zephyr Solar")
    result = run_flow("snapshot", policies={"snapshot_assets": "keep"}, company="Zephyr Solar")
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_act("refresh", snapshot["id"])]
    assert _snapshot(practice, "Zephyr Solar")["body"]["asset_ids"] == snapshot["body"]["asset_ids"]


@pytest.mark.parametrize(
    "company",
    [
        pytest.param("Twin Oaks Veterinary", marks=pytest.mark.matrix),
        pytest.param("Murphy’s Maids", marks=pytest.mark.matrix),
        "100% Soap; ${name} {{company}}",
    ],
)
def test_a_customer_without_a_snapshot_gets_one_of_its_own_name_and_id(
    practice: Practice, run_flow: RunFlow, company: str
) -> None:
    location_id = practice.location(company)
    others = [row["id"] for row in practice.entities("snapshot")]
    assets = len(practice.entities("asset", location_id))

    first = run_flow("snapshot", company=company)
    assert first.status is Status.PASSED, first.reason
    made = _snapshot(practice, f"{company} ({location_id})")
    assert made["id"] not in others
    assert made["body"]["location_id"] == location_id
    assert len(made["body"]["asset_ids"]) == assets
    assert practice.mutations() == [_act("create", made["id"])]
    assert [act.object for act in first.acts] == [f"snapshot:{company} ({location_id})"]
    assert first.outputs["versions_before"] == []
    assert _ids(first.outputs["versions_after"]) == set(_versions(practice, made["id"]))


@pytest.mark.matrix
def test_a_snapshot_that_was_made_is_young_enough(practice: Practice, run_flow: RunFlow) -> None:
    first = run_flow("snapshot", company="Twin Oaks Veterinary")
    assert first.status is Status.PASSED, first.reason
    made = practice.mutations()
    assert [mutation.action for mutation in made] == ["create"]
    second = run_flow("snapshot", company="Twin Oaks Veterinary")
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == made


@pytest.mark.matrix
# Apex has a second snapshot, "Apex Roofing Group - backup 2", of the same source.
@pytest.mark.parametrize(
    "company",
    [
        "Adrianne's Housekeeping Plus",
        pytest.param("Housekeeping Adrianne's", marks=pytest.mark.matrix),
        pytest.param("Apex Roofing Group", marks=pytest.mark.matrix),
    ],
)
def test_a_name_like_another_is_told_apart(practice: Practice, run_flow: RunFlow, company: str) -> None:
    result = run_flow("snapshot", company=company)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_act("refresh", _snapshot(practice, company)["id"])]


def test_two_sub_accounts_of_one_name_are_for_a_person(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("snapshot", location_id="s6bynpQ8deDBuksUE7dh")
    assert result.status is Status.BLOCKED, result.reason
    assert "several sub-accounts are called 'Sunrise Cleaning Co.'" in result.reason
    assert practice.mutations() == []


def test_two_snapshots_of_one_name_are_for_a_person(practice: Practice, run_flow: RunFlow) -> None:
    practice.put({**_snapshot(practice, "Beacon Tutoring"), "id": "aSecondOneOfThatName"})
    result = run_flow("snapshot", company="Beacon Tutoring")
    assert result.status is Status.BLOCKED, result.reason
    assert "several snapshots are called 'Beacon Tutoring'" in result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_where_the_page_says_the_source_a_snapshot_of_another_customer_is_not_taken(
    practice: Practice, run_flow: RunFlow
) -> None:
    own = _snapshot(practice, "Beacon Tutoring")
    practice.put({**own, "id": "aSecondOneOfThatName", "location_id": DEMO}, location_id=DEMO)
    result = run_flow("snapshot", company="Beacon Tutoring")
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_act("refresh", own["id"])]


@pytest.mark.matrix
def test_assets_that_always_fail_are_retried_once_and_then_named(
    practice: Practice, run_flow: RunFlow
) -> None:
    snapshot_id = _snapshot(practice, "Prairie Pest Control")["id"]
    before = _versions(practice, snapshot_id)
    result = run_flow("snapshot", company="Prairie Pest Control")
    assert result.status is Status.BLOCKED, result.reason
    assert result.reason.endswith("could not be loaded into the snapshot: Review request")
    assert practice.mutations() == [_act("refresh", snapshot_id), _act("retry", snapshot_id)]
    assert _versions(practice, snapshot_id) == before


def test_a_new_version_is_not_enough_while_the_list_says_that_assets_failed(
    practice: Practice, run_flow: RunFlow
) -> None:
    """The history carries no mark here; the first run is blocked, and so is the second."""
    snapshot = _snapshot(practice, "Prairie Pest Control")
    [old, *_] = practice.entities("snapshot_version")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    version = {**old, "id": "aVersionWithoutTheMark", "location_id": snapshot["location_id"]}
    practice.put(version, snapshot_id=snapshot["id"], at=now, failed=[])
    assets = [row["id"] for row in practice.entities("asset", snapshot["location_id"])]
    failed = {"kind": "refresh", "state": "partial", "asset_ids": assets, "attempt": 1}
    practice.put(
        snapshot,
        run={**failed, "failed": ["Review request"], "user": "A Person", "started_at": 0, "due_at": 0},
    )
    for _ in range(2):
        result = run_flow("snapshot", company="Prairie Pest Control")
        assert result.status is Status.BLOCKED, result.reason
        assert "could not be loaded into the snapshot" in result.reason


@pytest.mark.matrix
def test_assets_that_fail_once_are_loaded_by_the_retry(practice: Practice, run_flow: RunFlow) -> None:
    snapshot_id = _snapshot(practice, "Coastal Pools")["id"]
    before = _versions(practice, snapshot_id)
    result = run_flow("snapshot", company="Coastal Pools")
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_act("refresh", snapshot_id), _act("retry", snapshot_id)]
    assert len(_versions(practice, snapshot_id)) == len(before) + 1


@pytest.mark.matrix
def test_a_remembered_date_filter_hides_nothing_and_settings_lead_there_too(
    practice: Practice, run_flow: RunFlow
) -> None:
    row = {"kind": "snapshot_filter", "id": OPERATOR, "location_id": None, "position": 0, "body": {}}
    practice.put(row, **{"from": "2020-01-01", "to": "2020-12-31"})
    practice.tell("/settings", {"menu_hidden": ["sb_agency-account-snapshots"]})
    result = run_flow("snapshot", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    snapshot_id = _snapshot(practice, "Adrianne's Housekeeping")["id"]
    assert practice.mutations() == [_act("refresh", snapshot_id)]


@pytest.mark.parametrize(
    ("company", "reason"),
    [
        ("Zephyr Solar", "the robot's user may not refresh snapshots"),
        pytest.param(
            "Twin Oaks Veterinary", "the robot's user may not create snapshots", marks=pytest.mark.matrix
        ),
    ],
)
def test_without_the_permission_a_person_is_needed(
    practice: Practice, run_flow: RunFlow, company: str, reason: str
) -> None:
    practice.tell("/settings", {"snapshot_scopes": []})
    result = run_flow("snapshot", company=company)
    assert (result.status, result.reason) == (Status.BLOCKED, reason)
    assert practice.mutations() == []
