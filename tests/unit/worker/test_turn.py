"""What a turn decides before anything is opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from robot.jobs.intake import add_one
from robot.ledger.cases import Cases
from robot.ledger.database import open_ledger
from robot.ledger.jobs import Jobs
from robot.worker.turn import is_another

HERE = "https://app.example"
LOCATION = "hK3vQ9mTz7LpX2cRb8Nd"


@pytest.mark.parametrize(
    ("location_id", "company", "is_wrong"),
    [
        (LOCATION, "Fresh Home", False),
        (LOCATION, " Fresh \N{NO-BREAK SPACE}Home ", False),
        (LOCATION, "", False),
        ("", "Fresh Home Services", False),
        (LOCATION, "Fresh Home Services", True),
        (LOCATION, "fresh home", True),
    ],
)
def test_a_name_that_is_not_that_of_the_id_is_noticed(
    tmp_path: Path, location_id: str, company: str, is_wrong: bool
) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    case = Cases(ledger, dashboard=HERE).open(
        profile="p", location_id=LOCATION, company="Fresh Home", by="ann"
    )
    given = {"location_id": LOCATION, "company": company}
    job = add_one(Jobs(ledger, dashboard=HERE), given, profile="p", by="ann", source="test").job
    ledger.close()
    assert is_another(replace(job, location_id=location_id), case) is is_wrong
