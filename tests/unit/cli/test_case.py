"""What the commands about cases end with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from robot.case.approval import approve
from robot.case.office import Office
from robot.case.survey import survey
from robot.cli import case as commands
from robot.cli.main import main
from robot.errors import ApplicationError, BadInputError, BlockedError, Problem
from robot.ledger.approvals import ApprovalMode
from robot.run.model import Finished, Run, Status
from tests.unit.case.plans import AT, DASHBOARD, PLAN, plan_of, planned, store


def passed(flow: str) -> Finished:
    run = Run(
        run_id="r",
        flow=flow,
        title=flow,
        inputs={},
        dashboard=DASHBOARD,
        browser="",
        status=Status.PASSED,
        reason="",
        started_at=AT,
        ended_at=AT,
        tasks=(),
    )
    return Finished(run=run, evidence=Path("x"), report=None)


def test_a_run_that_passed_and_cannot_be_verified_is_for_a_person(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    case = store(office, PLAN)
    approve(office, case, PLAN, mode=ApprovalMode.PLAN, by="ann")

    def run(flow: str, inputs: Any, **more: Any) -> Finished:
        if flow == "survey":
            raise ApplicationError(Problem(what="the page did not load"))
        return passed(flow)

    at = replace(office, run_flow=run)
    assert commands.apply(at, case.id, is_verified=False, is_json=True) == 0
    assert commands.apply(at, case.id, is_verified=True, is_json=True) == 3
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["state"], told["status"]) == ("needs a person", "passed")
    assert told["why"] == "could not be verified: the page did not load"


@pytest.mark.parametrize("is_by_policy", [True, False])
def test_a_plan_that_is_named_must_be_the_newest(office: Office, is_by_policy: bool) -> None:
    case = store(office, PLAN)
    store(office, plan_of(("users", planned("user:bob@x"))))
    with pytest.raises(BlockedError, match="has another plan by now"):
        commands.approve(
            office,
            PLAN.digest[:12],
            hours=1,
            is_sure=True,
            is_by_act=False,
            is_by_policy=is_by_policy,
            ask=lambda question: True,
        )
    assert office.cases.approvals(case.id) == []


def test_a_closed_case_is_not_cancelled(office: Office) -> None:
    case = store(office, PLAN)
    office.cases.set_state(case.id, "done", "", is_closed=True)
    with pytest.raises(BlockedError, match="is done already"):
        commands.cancel_case(office, case.id, reason="x")
    assert office.cases.find(case.id).state == "done"


@pytest.mark.parametrize("more", [("--each-act",), ("--yes",), ("--hours", "1")])
def test_what_a_policy_decides_is_decided_by_nobody_else(
    capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert main(["approve", "x", "--by-policy", *more]) == 2
    assert "--by-policy decides by itself" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked", ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"]
)
def test_the_open_case_of_a_name_is_found_however_its_accents_are_written(office: Office, asked: str) -> None:
    case = office.cases.open(
        profile="p", location_id="loc1", company="Cafe\N{COMBINING ACUTE ACCENT}", by="me"
    )
    found = office.open_case_of(asked)
    assert found is not None
    assert found.id == case.id


def test_a_customer_whose_name_holds_what_nobody_sees_is_refused(office: Office) -> None:
    with pytest.raises(BadInputError, match="ZERO WIDTH SPACE"):
        survey(office, "Tidy\N{ZERO WIDTH SPACE} Nest")
