from __future__ import annotations

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Practice, RunFlow


@pytest.mark.parametrize(
    "overlay",
    [*(pytest.param(name, marks=pytest.mark.matrix) for name in ("guide", "announcement")), "refresh"],
)
def test_a_harmless_overlay_is_closed_and_the_task_is_done(
    practice: Practice, run_flow: RunFlow, overlay: str
) -> None:
    practice.tell("/settings", {"overlays": [overlay]})
    result = run_flow("phone-numbers", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert len(practice.mutations()) == 3
