"""The oracle: state, reset, other seeds, changes of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.practice.conftest import DEMO, Dashboard


def _entities(dashboard: Dashboard) -> list[tuple[str, ...]]:
    return sorted((row["kind"], row["id"], str(row["body"])) for row in dashboard.ask("/state")["entity"])


def test_reset_brings_back_the_start(dashboard: Dashboard) -> None:
    before = _entities(dashboard)
    number = dashboard.entities("phone_number", DEMO)[0]
    dashboard.call(f"/locations/{DEMO}/numbers/{number['id']}/delete", {"word": "Delete"})
    assert _entities(dashboard) != before
    dashboard.tell("/reset")
    assert _entities(dashboard) == before
    assert dashboard.ask("/mutations") == []


def test_another_seed_is_another_agency_and_the_same_one_again(dashboard: Dashboard) -> None:
    first = _entities(dashboard)
    dashboard.tell("/reseed", {"seed": 2})
    second = _entities(dashboard)
    dashboard.tell("/reseed", {"seed": 1})
    assert _entities(dashboard) == first
    assert second != first


def test_two_processes_make_the_same_sample(dashboard: Dashboard) -> None:
    code = (
        "import hashlib; from robot.practice.seed import build;"
        "print(hashlib.sha256(repr(build(7)).encode()).hexdigest())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_oracle_changes_are_not_mutations(dashboard: Dashboard) -> None:
    tag = {"kind": "tag", "id": "t1", "location_id": DEMO, "body": {"name": "x", "created": "2026-01-01"}}
    dashboard.tell("/entity", {"action": "put", **tag})
    assert dashboard.ask("/mutations") == []
    [change] = dashboard.ask("/state")["oracle_change"]
    assert (change["action"], change["object"]) == ("put", "tag:t1")


def test_unknown_setting_is_refused(dashboard: Dashboard) -> None:
    answer = dashboard.http.post(f"{dashboard.oracle}/settings", json={"colour": "red"})
    assert answer.status_code == 400


def test_reset_keeps_the_session(dashboard: Dashboard) -> None:
    dashboard.sign_in()
    dashboard.tell("/reset")
    assert dashboard.call("/boot").status_code == 200
