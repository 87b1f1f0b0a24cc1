"""Every flow under every scenario ends as the matrix says, and breaks nothing on the way.

A sample runs always; all of it with `./offboard test --matrix`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from robot.executor.timeouts import Timeouts
from robot.run.manifest import verify_bundle
from tests.rehearsal.dashboard import DEMO, Practice, RunFlow
from tests.rehearsal.invariants import broken
from tests.rehearsal.processes import browsers_below

ROOT = Path(__file__).parents[2]
MATRIX: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8")
)
SCENARIOS = sorted(path.stem for path in (ROOT / "robot/practice/scenarios").glob("*.yaml"))
#: A scenario that never lets an effect be seen must fail in seconds.
QUICK = Timeouts(require=8_000, target=5_000, expect=5_000, afresh=8_000, goal=10_000, silence=5_000)


def pairs() -> list[Any]:
    """Every flow with every scenario; those that only --matrix runs are marked."""
    return [
        pytest.param(
            flow,
            scenario,
            expected.get(scenario, expected["every"]),
            id=f"{flow}-{scenario}",
            marks=() if scenario in expected["sample"] else pytest.mark.matrix,
        )
        for flow, expected in MATRIX.items()
        for scenario in SCENARIOS
    ]


@pytest.mark.parametrize(("flow", "scenario", "expected"), pairs())
def test_a_flow_ends_as_the_matrix_says(
    practice: Practice, run_flow: RunFlow, tmp_path: Path, flow: str, scenario: str, expected: Any
) -> None:
    practice.tell("/scenarios", {"names": [scenario]})
    result = run_flow(flow, evidence=tmp_path / "recordings", timeouts=QUICK, **_inputs(flow, practice))

    assert broken(flow, result, practice, DEMO) == []
    status, reason = next(iter(expected.items())) if isinstance(expected, dict) else (expected, "")
    assert (str(result.status), result.reason) == (status, result.reason), result.problems
    assert re.search(reason, result.reason)
    if status == "blocked":
        assert all(problem.next for problem in result.problems), "a person is not told what to do"
    [bundle] = (tmp_path / "recordings").iterdir()
    assert verify_bundle(bundle).is_intact
    assert not browsers_below()


def _inputs(flow: str, practice: Practice) -> dict[str, Any]:
    if flow != "academy":
        return {"location_id": DEMO}
    return {"location_id": DEMO, **practice.person_of(DEMO)}


def test_every_scenario_of_the_matrix_exists() -> None:
    named = {name for expected in MATRIX.values() for name in [*expected, *expected["sample"]]}
    named -= {"every", "sample"}
    assert named <= set(SCENARIOS)
