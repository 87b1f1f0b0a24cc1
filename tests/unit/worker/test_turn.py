"""What a turn decides before anything is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from robot.case.approval import approve
from robot.case.office import Office
from robot.jobs.intake import add_one
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import Cases
from robot.ledger.database import open_ledger
from robot.ledger.jobs import Jobs
from robot.ledger.recorder import LedgerRecorder
from robot.ledger.stops import Stops
from robot.ledger.turns import Turns
from robot.run.events import RunFinished, RunStarted
from robot.run.model import Finished, Run, Status
from robot.run.redact import Redactor
from robot.worker.breakers import Breakers
from robot.worker.durable import DurableEngine
from robot.worker.turn import Worker, is_another
from tests.unit.case.plans import AT, DASHBOARD, PLAN, store
from tests.unit.case.test_plan import survey
from tests.unit.worker.answering import answering

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


@pytest.fixture
def engine(office: Office, tmp_path: Path) -> Iterator[DurableEngine]:
    opened = DurableEngine(f"sqlite:///{tmp_path / 'ledger.db'}", space=DASHBOARD, executor_id="w")
    yield opened
    opened.close(within_s=0)


def finished(run: Run) -> Finished:
    return Finished(run=run, evidence=Path("x"), report=None)


@pytest.mark.parametrize(
    ("status", "state", "tries"),
    [(Status.FAILED, "queued", 1), (Status.BLOCKED, "needs a person", 0)],
)
def test_a_look_at_the_end_that_failed_is_tried_again_and_one_that_asks_a_person_is_not(
    office: Office, engine: DurableEngine, port: int, status: Status, state: str, tries: int
) -> None:
    case = store(office, PLAN)
    approve(office, case, PLAN, mode=ApprovalMode.PLAN, by="ann")

    def run(flow: str, inputs: Any, **more: Any) -> Finished:
        if flow == "survey":
            return finished(survey(statuses={"survey-academy": status}))
        # Nothing is left to press, since somebody else was quicker.
        ended = replace(survey(), flow=flow, status=Status.PASSED)
        recorder = LedgerRecorder(office.ledger, Redactor(()), case_id=case.id, evidence="x")
        recorder.notice(
            RunStarted(
                run_id=ended.run_id,
                flow=flow,
                title="",
                inputs={},
                dashboard=DASHBOARD,
                browser="",
                at=AT,
            )
        )
        recorder.notice(RunFinished(run=ended))
        return finished(ended)

    ledger = office.ledger
    turns = Turns(ledger, dashboard=DASHBOARD, now=lambda: AT)
    stops = Stops(ledger, dashboard=DASHBOARD, now=lambda: AT)
    job = add_one(
        Jobs(ledger, dashboard=DASHBOARD, now=lambda: AT),
        {"location_id": LOCATION},
        profile="p",
        by="ann",
        source="test",
    ).job
    worker = Worker(
        id="w",
        turns=turns,
        engine=engine,
        breakers=Breakers(stops=stops, dashboard=f"http://127.0.0.1:{port}", now=lambda: AT),
        lanes=("robot@x",),
        open_office=lambda job: nullcontext(replace(office, run_flow=run)),
        is_stopped=lambda: False,
        now=lambda: AT,
    )
    with answering(port, 200):
        assert worker.feed() == 1
        worker.work(f"{job.id}/1", lambda name, do: do())
    [left] = Jobs(ledger, dashboard=DASHBOARD).all()
    assert (left.state, left.tries) == (state, tries), left.reason
    assert "survey-academy could not be read" in left.reason
