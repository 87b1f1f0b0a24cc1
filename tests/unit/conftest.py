"""An office with a ledger of its own, in which nothing can be run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from robot.case.office import Office
from robot.flow.loader import load_flows
from robot.ledger.cases import Cases
from robot.ledger.database import open_ledger
from robot.ledger.followups import Followups
from robot.profile import Profile, Unattended
from robot.run.model import Finished
from tests.unit.case.plans import AT, DASHBOARD, PLAN

ROOT = Path(__file__).parents[2]
LIMITS = Unattended(at_most={"phone_number": 2, "user": 1}, hours=3)


def nothing_runs(flow: str, inputs: object, **more: object) -> Finished:
    pytest.fail("nothing is to be run")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    library, _ = load_flows(ROOT / "flows")
    profile = Profile(
        name="agency",
        title="",
        dashboard=DASHBOARD,
        navigate=(),
        load=(),
        frames=(),
        words=dict(PLAN.words),
        policies=dict(PLAN.policies),
        unattended=LIMITS,
        time_zone="America/Chicago",
    )
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        yield Office(
            library=library,
            profile=profile,
            rules="rules",
            ledger=ledger,
            cases=Cases(ledger, dashboard=DASHBOARD, now=lambda: AT),
            followups=Followups(ledger, dashboard=DASHBOARD, now=lambda: AT),
            run_flow=nothing_runs,
            ask=None,
            operator="ann",
            key_file=tmp_path / "key.pem",
            bring=lambda run_id, evidence: evidence,
            now=lambda: AT,
        )
