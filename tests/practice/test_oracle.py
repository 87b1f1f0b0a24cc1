"""The oracle: state, reset, other seeds, changes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx

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


def test_it_ends_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    child = subprocess.Popen(
        [sys.executable, "-m", "robot.practice", "--json", "--with-parent", str(parent.pid)],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith(b"{")
    assert child.poll() is None
    parent.communicate(b"\n")
    assert child.wait(timeout=10) == 0
    child.stdout.close()


def test_state_in_a_file_outlives_the_process(tmp_path: Path) -> None:
    def start() -> tuple[subprocess.Popen[bytes], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "robot.practice", "--json", "--data", str(tmp_path / "state.sqlite")],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())["oracle"]

    def stop(process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert process.stdout is not None
        process.stdout.close()

    process, oracle = start()
    tag = {"kind": "tag", "id": "kept", "location_id": DEMO, "body": {"name": "x", "created": "2026-01-01"}}
    httpx.post(f"{oracle}/entity", json={"action": "put", **tag}).raise_for_status()
    stop(process)
    process, oracle = start()
    state = httpx.get(f"{oracle}/state").json()
    stop(process)
    assert [row["id"] for row in state["entity"] if row["id"] == "kept"] == ["kept"]
