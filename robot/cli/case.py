"""`offboard survey|plan|approve|apply|verify|followup` and `offboard case`: one customer's whole offboarding."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from robot.case import afterwards
from robot.case import apply as applying
from robot.case import survey as surveying
from robot.case.afterwards import LookedAgain
from robot.case.approval import approve as approve_plan
from robot.case.approval import approve_by_policy, assert_current, is_approved
from robot.case.office import Office
from robot.case.plan import ObjectState, Plan, plan_from_json
from robot.case.survey import Planned
from robot.case.verify import Verification
from robot.cli.exit_codes import PERSON, code_of_run
from robot.cli.run import as_json, show
from robot.errors import BlockedError, Problem
from robot.ledger.approvals import ApprovalMode, ApprovalRow
from robot.ledger.cases import CaseRow
from robot.report.case_terminal import print_case, print_cases
from robot.report.plan_terminal import print_plan, summary
from robot.report.survey_terminal import print_survey
from robot.report.verification_terminal import print_verification
from robot.screen import Screen, say, say_json
from robot.time_zone import shown_at

#: Exit code by the state of a case.
_CODES = {"needs a person": PERSON}


def survey(at: Office, customer: str, *, is_json: bool) -> int:
    """Reads what a customer has, and changes nothing. Returns the exit code."""
    finished = surveying.survey(at, customer)
    if is_json:
        values = {task.task: task.outputs for task in finished.run.tasks}
        say_json({**as_json(finished), "survey": values})
    else:
        print_survey(finished.run, Screen())
        say("", f"report  {finished.report}")
    return code_of_run(finished.run)


def plan(at: Office, customer: str, *, is_json: bool) -> int:
    """Surveys, opens the customer's case where there is none, and stores what will be done."""
    planned = surveying.plan(at, customer, by=at.operator)
    if is_json:
        say_json(_planned(planned))
    else:
        _show_planned(at, planned)
        if planned.plan.count(ObjectState.TODO):
            say("", f"To let it be carried out: offboard approve {planned.case.id}")
    return code_of_run(planned.survey.run)


def approve(
    at: Office,
    word: str,
    *,
    hours: float,
    is_sure: bool,
    is_by_act: bool,
    is_by_policy: bool,
    ask: Callable[[str], bool],
) -> int:
    """Lets the newest plan of a case be carried out. Bound to its digest, with who, when and until when."""
    case = at.cases.find(word)
    made = at.plan_of(case)
    is_by_plan = not case.id.startswith(word) and word not in (case.location_id, case.company)
    if is_by_plan and not made.digest.startswith(word):
        raise BlockedError(
            Problem(
                what=f"the case {case.id} has another plan by now",
                done="nothing was approved",
                next=f"look at the new plan: offboard approve {case.id}",
            )
        )
    if is_by_policy:
        return _tell_approved(at, approve_by_policy(at, case))
    assert_current(at.of(case), case, made)
    print_plan(made, Screen(), zone=at.profile.zone)
    _ask_for(made, is_sure=is_sure, ask=ask)
    mode = ApprovalMode.ACT if is_by_act else ApprovalMode.PLAN
    given = approve_plan(at, case, made, mode=mode, by=at.operator, length=timedelta(hours=hours))
    return _tell_approved(at, given)


def dry_run(at: Office, word: str, *, is_json: bool) -> int:
    """Looks at every goal of a case's plan, and presses nothing."""
    finished = applying.dry_run(at, at.cases.find(word))
    if is_json:
        say_json(as_json(finished))
    else:
        show(finished)
    return code_of_run(finished.run)


def apply(at: Office, word: str, *, is_verified: bool, is_json: bool) -> int:
    """Carries the approved plan of a case out, or goes on with it; then looks what is left, unless told not to."""
    applied = applying.apply(at, at.cases.find(word), is_verified=is_verified)
    if is_json:
        say_json(
            {
                **_state(applied.case),
                **as_json(applied.finished),
                "verification": asdict(applied.verification) if applied.verification else None,
            }
        )
    else:
        show(applied.finished)
        _show_verification(at, applied.verification, applied.case)
    return max(code_of_run(applied.finished.run), _CODES.get(applied.case.state, 0))


def run_case(
    at: Office, customer: str, *, is_unattended: bool, is_json: bool, ask: Callable[[str], bool]
) -> int:
    """Everything in one go: survey, plan, approval, apply, verification.

    An open case that has an approved plan is gone on with, as it was approved. is_unattended: the profile's policy
    approves, or nothing is done; otherwise a person is asked.
    """
    case = at.open_case_of(customer)
    if case is None or at.cases.newest_plan(case.id) is None or not is_approved(at, case, at.plan_of(case)):
        planned = surveying.plan(at, customer, by=at.operator)
        case = planned.case
        if not is_json:
            _show_planned(at, planned)
        if is_unattended:
            approve_by_policy(at, case)
        else:
            _ask_for(planned.plan, is_sure=False, ask=ask)
            approve_plan(at, case, planned.plan, mode=ApprovalMode.PLAN, by=at.operator)
    return apply(at, case.id, is_verified=True, is_json=is_json)


def verify(at: Office, word: str, *, is_json: bool) -> int:
    """Surveys again and says what is left, what is still going on, and what may still cost money."""
    case = at.cases.find(word)
    looked = afterwards.look_again(at, case, at.plan_of(case))
    if is_json:
        say_json(_looked(looked))
    else:
        _show_verification(at, looked.verification, looked.case)
    return _CODES.get(looked.case.state, 0)


def followup(at: Office, *, is_all: bool, is_json: bool) -> int:
    """Looks again at every case of which something is due."""
    worst, told = 0, []
    for case, looked in afterwards.follow_up(at, is_all=is_all):
        told.append(_looked(looked) if looked else _state(case))
        worst = max(worst, _CODES.get(case.state, 0))
        if not is_json:
            _show_verification(at, looked.verification if looked else None, case)
    if is_json:
        say_json({"cases": told})
    elif not told:
        say("Nothing is due.")
    return worst


def settle(at: Office, word: str, object_key: str, *, how: str, reason: str, ticket: str) -> int:
    """Closes what the robot may not touch: done by hand, or left as it is."""
    case = at.cases.find(word)
    afterwards.settle(at, case, object_key, how=how, reason=reason, ticket=ticket, by=at.operator)
    say(f"{object_key} is settled ({how}). 'offboard verify {case.id}' looks at it again.")
    return 0


def list_cases(at: Office, *, is_json: bool) -> int:
    found = at.cases.all()
    if is_json:
        say_json({"cases": [asdict(one) for one in found]})
    else:
        print_cases(found, Screen(), zone=at.profile.zone)
    return 0


def show_case(at: Office, word: str, *, is_json: bool) -> int:
    """Plan, approvals, runs and presses of a case."""
    case = at.cases.find(word)
    row = at.cases.newest_plan(case.id)
    approvals, runs, intents = (
        at.cases.approvals(case.id),
        at.cases.runs(case.id),
        at.cases.intents(case.id),
    )
    if is_json:
        say_json(
            {
                "case": asdict(case),
                "plan": {"digest": row.digest, **json.loads(row.content)} if row else None,
                "approvals": [asdict(one) for one in approvals],
                "runs": runs,
                "intents": intents,
            }
        )
        return 0
    console = Screen()
    print_case(case, approvals, runs, intents, console, zone=at.profile.zone)
    if row:
        print_plan(plan_from_json(row.content), console, zone=at.profile.zone)
    return 0


def cancel_case(at: Office, word: str, *, reason: str) -> int:
    """Ends a case as it is; what was approved is withdrawn."""
    case = at.cases.find(word)
    at.cases.withdraw(case.id)
    if not at.cases.set_state(case.id, "cancelled", reason, is_closed=True):
        raise BlockedError(
            Problem(
                what=f"the case {case.id} of {case.company} is {case.state} already",
                done="it was left as it is",
                next="nothing more is to be done about it",
            )
        )
    say(f"The case {case.id} of {case.company} is cancelled. What was done stays done.")
    return 0


def _ask_for(made: Plan, *, is_sure: bool, ask: Callable[[str], bool]) -> None:
    """Raises BlockedError when a person does not let the plan be carried out."""
    if not is_sure and not ask(f"{summary(made)} Let it be carried out?"):
        raise BlockedError(Problem(what="the plan was not approved", done="nothing was changed"))


def _tell_approved(at: Office, given: ApprovalRow) -> int:
    asked = " Each act is asked for." if given.mode == ApprovalMode.ACT else ""
    say(
        "",
        f"Approved by {given.given_by} until {shown_at(given.expires_at, at.profile.zone)}.{asked} "
        f"To carry it out: offboard apply {given.case_id}",
    )
    return 0


def _show_planned(at: Office, planned: Planned) -> None:
    print_plan(planned.plan, Screen(), zone=at.profile.zone)
    say("", f"case    {planned.case.id}", f"survey  {planned.survey.report}")


def _show_verification(at: Office, found: Verification | None, case: CaseRow) -> None:
    if found:
        print_verification(found, Screen(), zone=at.profile.zone)
    say(f"case  {case.id}: {case.state}" + (f" ({case.reason})" if case.reason else ""))


def _planned(planned: Planned) -> dict[str, Any]:
    return {
        "case": planned.case.id,
        "digest": planned.plan.digest,
        "plan": json.loads(planned.plan.to_json()),
        "report": _text(planned.survey.report),
    }


def _looked(looked: LookedAgain) -> dict[str, Any]:
    return {
        **_state(looked.case),
        "verification": asdict(looked.verification),
        "report": _text(looked.finished.report),
    }


def _state(case: CaseRow) -> dict[str, Any]:
    return {"case": case.id, "company": case.company, "state": case.state, "why": case.reason}


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
