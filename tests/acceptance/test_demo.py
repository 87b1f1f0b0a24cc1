"""The whole cancellation by one command: what it does, that a second time it does nothing, and that it ends."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from robot.flow.loader import load_flows
from robot.flow.model import ComposedFlow
from tests.acceptance.command import ROOT, Offboard
from tests.acceptance.expected import expected_of
from tests.rehearsal.dashboard import DEMO, Mutation, Practice


@pytest.fixture(scope="module")
def tasks() -> list[str]:
    """The tasks of the shipped `offboard` flow, in order."""
    library, problems = load_flows(ROOT / "flows")
    assert not problems
    flow = library.find("offboard")
    assert isinstance(flow, ComposedFlow)
    return [task.run for task in flow.tasks]


def titles_and_steps(tasks: list[str]) -> list[tuple[str, str]]:
    library, _ = load_flows(ROOT / "flows")
    return [(task, ", ".join(library.find(task).procedure)) for task in tasks]


def assert_told_well(told: dict[str, Any], tasks: list[str]) -> None:
    """The object that `demo --json` ends with."""
    assert [(task["flow"], task["step"]) for task in told["tasks"]] == titles_and_steps(tasks)
    for task in told["tasks"]:
        assert task["status"] in ("passed", "noop"), task
        assert isinstance(task["reason"], str)
        assert task["seconds"] >= 0
    assert Path(told["report"]).stat().st_size > 100_000
    evidence = Path(told["evidence"])
    assert {"manifest.json", "events.jsonl", "run.json", "trace.zip", "video.mp4"} <= {
        path.name for path in evidence.iterdir()
    }
    assert json.loads((evidence / "run.json").read_text(encoding="utf-8"))["lost"] == []


def is_message(row: dict[str, Any]) -> bool:
    return str(row["object"]).startswith("support_message:")


def assert_asked_once(practice: Practice, rows: list[dict[str, Any]]) -> None:
    """One thread, in which every campaign is named in the procedure's words, and each text once."""
    messages = [row for row in rows if is_message(row)]
    assert len({row["object"] for row in messages}) == 1
    said = "\n".join(row["detail"]["text"] for row in messages)
    brands = {row["id"]: row["body"]["sid"] for row in practice.entities("brand", DEMO)}
    for campaign in practice.entities("campaign", DEMO):
        text = (
            "Customer has cancelled. Please delete the SMS campaign with the campaign ID "
            f"{campaign['body']['campaign_id']} for the connected brand {brands[campaign['body']['brand_id']]}."
        )
        assert said.count(text) == 1
    template = (
        "The following customer has cancelled with us. please ensure the brand and campaign are deleted on your "
        "back end so they don’t continue to get charged.\n\n"
        f"Location ID to delete brand and campaign registration: {DEMO}"
    )
    assert said.count(template) == 1
    assert [row["detail"]["text"] for row in messages].count("None") == 1


@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.matrix)])
def test_the_demo_does_all_of_it_once_and_the_second_time_nothing(
    practice: Practice, stranger: Offboard, tasks: list[str], times: int
) -> None:
    # The demo has a dashboard of its own, made from the same seed as this one.
    expected = {task: expected_of(task, practice, DEMO) for task in tasks}
    going = stranger.start("demo", "--json", "--keep")
    told = json.loads(going.wait_for("{", on="out"))
    kept = Practice(url=told["dashboard"], oracle=told["oracle"])

    # 1. It says what it did.
    assert told["status"] == "passed", told["reason"]
    assert_told_well(told, tasks)
    for task in told["tasks"]:
        assert task["status"] == ("passed" if expected[task["flow"]] else "noop"), task

    # 2. It did exactly that, each once, and nothing elsewhere.
    rows = kept.ask("/mutations")
    done = Counter(
        Mutation(action=row["action"], object=row["object"], location_id=row["location_id"])
        for row in rows
        if not is_message(row)
    )
    assert done == Counter(mutation for mutations in expected.values() for mutation in mutations)
    if "brand-campaign" in tasks:
        assert_asked_once(kept, rows)

    # 3. Again, on the same dashboard: there is nothing left to do.
    if times == 2:
        again = stranger.start("demo", "--against", kept.url, "--json").end()
        assert again.code == 0, again.err
        assert_told_well(again.json, tasks)
        assert [task["status"] for task in again.json["tasks"]] == ["noop"] * len(tasks), again.json["tasks"]
        assert len(kept.ask("/mutations")) == len(rows)
        assert "dashboard" not in again.json

    # 4. It stays up until it is told, and leaves nothing behind.
    assert any("python" in name for name in stranger.living().values())
    going.interrupt(group=True)
    ended = going.end(within_s=20)
    assert ended.code == 0, ended.err
    assert len(ended.out.splitlines()) == 1
    stranger.assert_nothing_left()
    for bundle in stranger.bundles():
        verified = stranger("evidence", "verify", bundle.name)
        assert verified.code == 0, verified.out
