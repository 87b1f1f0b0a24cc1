"""Reads what a customer has, and makes the plan of it; opens the customer's case where there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robot.case.office import Office
from robot.case.plan import SURVEY, Plan, make_plan, survey_inputs
from robot.errors import BadInputError, Problem
from robot.ledger.cases import CaseRow
from robot.names import assert_visible, name_key
from robot.run.model import Finished

#: A location id as the dashboard makes them; what else is given is a company's name.
_LOCATION_ID = re.compile(r"(?=.*[0-9]|.+[A-Z].*[a-z]|.*[a-z].*[A-Z])[A-Za-z0-9]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, the case it belongs to, and the survey that it was made of."""

    case: CaseRow
    plan: Plan
    survey: Finished


def survey(at: Office, customer: str) -> Finished:
    """customer: a location id, or the whole name of exactly one. Raises BadInputError for none."""
    return at.run(SURVEY, _named(customer))


def plan(at: Office, customer: str, *, by: str, policies: Mapping[str, object] | None = None) -> Planned:
    """policies: what is decided for this customer otherwise than the profile does, if the case is not open yet.

    Surveys, opens the customer's case where there is none, and stores what will be done.

    Raises BadInputError, BlockedError when the survey could not say who the customer is, ApplicationError when it
    could not be taken.
    """
    earlier = at.open_case_of(customer)
    first = at.first_plan_of(earlier) if earlier else None
    newest = at.plan_of(earlier) if earlier and first else None
    at = at.of(earlier) if earlier else at.deciding(policies or {})
    inputs = (
        {"location_id": earlier.location_id, **survey_inputs(newest, at.library)}
        if earlier and newest
        else _named(customer)
    )
    finished = at.run(SURVEY, inputs, case_id=earlier.id if earlier else None)
    made = make_plan(finished.run, at.library, at.profile, rules=at.rules, first=first)
    case = at.cases.open(
        profile=made.profile,
        location_id=made.location_id,
        company=made.company,
        by=by,
        policies=json.dumps(dict(policies or {}), sort_keys=True),
    )
    at.cases.adopt_run(case.id, finished.run.run_id)
    at.cases.save_plan(case.id, digest=made.digest, survey_run_id=finished.run.run_id, content=made.to_json())
    return Planned(case=case, plan=made, survey=finished)


def _named(customer: str) -> dict[str, Any]:
    if not customer.strip():
        raise BadInputError(
            Problem(what="no customer was named", next="give a location id or a company's name")
        )
    try:
        assert_visible(customer)
    except ValueError as error:
        what, _, advice = str(error).partition("\n")
        raise BadInputError(Problem(what=f"the customer '{customer}' {what}", next=advice)) from None
    name = name_key(customer)
    return {"location_id" if _LOCATION_ID.fullmatch(name) else "company": name}
