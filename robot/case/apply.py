"""Carries an approved plan out, or goes on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from robot.case.act_by_act import ActByAct
from robot.case.afterwards import LookedAgain, look_again
from robot.case.approval import assert_approved, assert_current
from robot.case.office import Office
from robot.case.plan import OFFBOARD, Plan
from robot.case.plan_gate import PlanGate
from robot.case.verify import Verification
from robot.errors import CancelledError, RobotError
from robot.ledger.cases import CaseRow
from robot.ledger.database import moment
from robot.run.model import Finished, Run, Status

#: A run that was cut off is gone on with where it was for so long after its beginning.
_MOMENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A plan that was carried out, as far as it went, and the case as it is then."""

    case: CaseRow
    finished: Finished
    #: None where it was not looked at again, or could not be.
    looked: LookedAgain | None

    @property
    def verification(self) -> Verification | None:
        return self.looked.verification if self.looked else None


def apply(
    at: Office, case: CaseRow, *, is_verified: bool, without: Mapping[str, str] | None = None
) -> Applied:
    """is_verified: surveys again at the end and says what is left. without: tasks that are not tried, and why.

    Raises BlockedError when the plan is not approved or was made by other rules than those of now.
    """
    at = at.of(case)
    made = at.plan_of(case)
    assert_current(at, case, made)
    assert_approved(at, case, made)
    by_act = ActByAct(at.ledger, ask=at.ask, by=at.operator, case_id=case.id, now=at.now)
    done = _done_when_cut_off(at, case)
    finished = at.run(
        OFFBOARD,
        _inputs(made),
        known={**{name: outputs for name, (outputs, _) in done.items()}, **made.known},
        known_since={name: why for name, (_, why) in done.items()},
        case_id=case.id,
        rule=PlanGate(at.ledger, made, case_id=case.id, by_act=by_act, now=at.now),
        without=without,
    )
    at.cases.set_state(case.id, *outcome_of(finished.run))
    looked = verify_applied(at, case, finished.run) if is_verified else None
    return Applied(case=at.cases.find(case.id), finished=finished, looked=looked)


def verify_applied(at: Office, case: CaseRow, run: Run) -> LookedAgain | None:
    """Looks at a case whose plan `run` has carried out; None where it was cancelled, or could not be looked at."""
    if run.status is Status.CANCELLED:
        return None
    try:
        return look_again(at, at.cases.find(case.id), at.of(case).plan_of(case))
    except CancelledError:
        at.cases.set_state(case.id, "open", "stopped before it was verified; carry it out again to go on")
    except RobotError as error:
        # What was done is told all the same.
        at.cases.set_state(case.id, "needs a person", f"could not be verified: {error.problem.what}")
    return None


def _done_when_cut_off(at: Office, case: CaseRow) -> dict[str, tuple[dict[str, Any], str]]:
    """Outputs of what the last run of the case had done when it was cut off a moment ago, and why that is enough.

    They are not looked at again before the verification, which looks at everything.
    """
    last = at.cases.last_run(case.id, flow=OFFBOARD)
    plan = at.cases.newest_plan(case.id)
    if last is None or plan is None or last["status"] not in ("running", "interrupted", "cancelled"):
        return {}
    if last["started_at"] < max(plan.made_at, moment(at.now() - _MOMENT)):
        return {}
    return {
        row["task"]: (json.loads(row["outputs"]), f"was done by the run {last['id']}, which was cut off")
        for row in at.cases.last_tasks(case.id, flow=OFFBOARD)
        if Status(row["status"]).is_good
    }


def dry_run(at: Office, case: CaseRow) -> Finished:
    """Looks at every goal of a case's plan, and presses nothing; needs no approval, and changes no state."""
    at = at.of(case)
    made = at.plan_of(case)
    return at.run(OFFBOARD, _inputs(made), known=made.known, is_dry=True)


def _inputs(made: Plan) -> dict[str, Any]:
    return {"location_id": made.location_id, "company": made.company, **made.inputs}


def outcome_of(run: Run) -> tuple[str, str]:
    """State and reason of a case whose plan was carried out by `run`, which has ended."""
    stopped = [task for task in run.tasks if task.status in (Status.BLOCKED, Status.UNKNOWN, Status.FAILED)]
    if run.status is Status.CANCELLED:
        return "open", "stopped by the operator; carry it out again to go on"
    if stopped or run.problems:
        return "needs a person", run.reason
    return "waiting", "carried out, and not verified yet"
