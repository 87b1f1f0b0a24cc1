"""A case that cannot be looked at holds no other up, and is for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from robot.case.afterwards import follow_up
from robot.case.office import Office
from robot.errors import ApplicationError, Problem
from robot.ledger.leases import HeldError
from robot.run.model import Finished
from tests.unit.case.plans import PLAN


def waiting_cases(office: Office) -> list[str]:
    """Two, of which something is due."""
    ids = []
    for name in ("A", "B"):
        plan = replace(PLAN, company=name, location_id=f"loc{name}")
        case = office.cases.open(profile="p", location_id=f"loc{name}", company=name, by="me")
        office.cases.save_plan(case.id, digest=plan.digest, survey_run_id="s", content=plan.to_json())
        office.followups.note(case.id, [(f"saas:loc{name}", "being disabled")])
        ids.append(case.id)
    return ids


def with_runs(office: Office, error: Exception, asked: list[Any]) -> Office:
    def run(flow: str, inputs: Any, **more: Any) -> Finished:
        asked.append(inputs["location_id"])
        raise error

    return replace(office, run_flow=run)


def test_each_is_tried_and_put_off(office: Office) -> None:
    ids = waiting_cases(office)
    asked: list[Any] = []
    failing = with_runs(office, ApplicationError(Problem(what="the page did not load")), asked)
    told = list(follow_up(failing, is_all=True))
    assert [case.id for case, _ in told] == ids
    assert {(case.state, case.reason) for case, _ in told} == {
        ("needs a person", "could not be looked at: the page did not load")
    }
    assert asked == ["locA", "locB"]
    assert len(office.followups.due_cases(is_all=True)) == 2


def test_another_run_with_the_login_ends_it(office: Office) -> None:
    waiting_cases(office)
    asked: list[Any] = []
    held = with_runs(office, HeldError(Problem(what="the login is at work")), asked)
    with pytest.raises(HeldError):
        list(follow_up(held, is_all=True))
    assert asked == ["locA"]
    assert {case.state for case in office.cases.all()} == {"open"}
