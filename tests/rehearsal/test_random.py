"""Any flow, on any customer of any sample data, under any scenarios: nothing is ever broken.

Five are drawn with `--matrix`, always the same; 300 others with `./offboard test tests/rehearsal/test_random.py
--matrix --hypothesis-profile=random`.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from robot.run.manifest import verify_bundle
from robot.run.model import Status
from tests.rehearsal.dashboard import Practice, RunFlow
from tests.rehearsal.invariants import MAY_CHANGE, broken
from tests.rehearsal.processes import browsers_below
from tests.rehearsal.test_matrix import QUICK, SCENARIOS

#: The agency's own sub-account is no customer.
AGENCY = "wR5tYp2QeL8sKd4VnJ6x"
RUNS = 300 if settings.get_current_profile_name() == "random" else 5


@pytest.mark.matrix
@settings(max_examples=RUNS, suppress_health_check=list(HealthCheck), print_blob=True)
@given(
    flow=st.sampled_from(sorted(MAY_CHANGE)),
    scenarios=st.lists(st.sampled_from(SCENARIOS), max_size=3, unique=True),
    seed=st.integers(min_value=1, max_value=5),
    customer=st.integers(min_value=0, max_value=999),
)
def test_nothing_is_ever_broken(
    server: Practice, run_flow: RunFlow, flow: str, scenarios: list[str], seed: int, customer: int
) -> None:
    server.tell("/reseed", {"seed": seed})
    accounts = [one["id"] for one in server.entities("sub_account") if one["id"] != AGENCY]
    location_id = accounts[customer % len(accounts)]
    server.tell("/scenarios", {"names": scenarios})
    inputs: dict[str, Any] = {"location_id": location_id}
    if flow == "academy":
        inputs |= server.person_of(location_id)
    try:
        with TemporaryDirectory() as folder:
            result = run_flow(flow, evidence=Path(folder), timeouts=QUICK, **inputs)
            [bundle] = Path(folder).iterdir()
            assert verify_bundle(bundle).is_intact
        event(f"{flow}: {result.status}")
        assert broken(flow, result, server, location_id) == []
        assert result.status.is_good or result.reason
        assert result.status is not Status.CANCELLED
        assert not browsers_below()
    finally:
        server.tell("/reseed", {"seed": 1})
