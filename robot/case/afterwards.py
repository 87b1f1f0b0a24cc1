"""What is looked at again once a plan was carried out, and what a person closes by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from robot.case.office import Office
from robot.case.plan import OFFBOARD, SURVEY, Plan, make_plan, survey_inputs
from robot.case.verify import Verification, verify
from robot.errors import BadInputError, CancelledError, Problem, RobotError, did_you_mean
from robot.ledger.cases import CaseRow
from robot.ledger.database import moment
from robot.ledger.followups import LONGEST
from robot.ledger.intents import OPEN
from robot.ledger.leases import HeldError
from robot.run.model import Finished
from robot.run.plain import from_plain, to_plain
from robot.time_zone import shown_at


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAgain:
    """A survey of a case, what it means, and the case as it is then."""

    case: CaseRow
    finished: Finished
    verification: Verification


def look_again(at: Office, case: CaseRow, before: Plan) -> LookedAgain:
    """Surveys a case and takes down its new state and what is to be looked at again."""
    at = at.of(case)
    first = at.first_plan_of(case) or before
    inputs = {"location_id": case.location_id, **survey_inputs(before, at.library)}
    finished = at.run(SURVEY, inputs, case_id=case.id)
    now = make_plan(finished.run, at.library, at.profile, rules=at.rules, first=first)
    intents = at.cases.intents(case.id)
    found = verify(
        before,
        now,
        acted={one["object"] for one in intents if one["state"] != "failed"},
        pressed=_in_doubt(intents, moment(at.now()), at.profile.zone),
        settlements=at.followups.settlements(case.id),
    )
    at.cases.save_verification(
        case.id, run_id=finished.run.run_id, content=json.dumps(to_plain(found), ensure_ascii=False)
    )
    if case.closed_at is None:
        at.followups.note(
            case.id, found.waiting, unknown=_unread(before, now) | {one.object for one in found.unverified}
        )
        state, reason = _state(at, case, found)
        was_carried_out = bool(intents) or at.cases.last_run(case.id, flow=OFFBOARD) is not None
        if was_carried_out or state == "done":
            at.cases.set_state(case.id, state, reason, is_closed=state == "done")
    return LookedAgain(case=at.cases.find(case.id), finished=finished, verification=found)


def _unread(before: Plan, now: Plan) -> set[str]:
    """Objects of which this look says nothing, since their task could not be read."""
    tasks = {task.task for task in now.tasks if task.unread}
    return {one.object for task, one in before.objects if task.task in tasks}


def last_look(at: Office, case: CaseRow) -> Verification | None:
    """What was said when the case was looked at last; None where it was not."""
    content = at.cases.newest_verification(case.id)
    return from_plain(Verification, json.loads(content)) if content else None


def follow_up(at: Office, *, is_all: bool) -> Iterator[tuple[CaseRow, LookedAgain | None]]:
    """Looks again at every case of which something is due, one after the other. is_all: due or not.

    One that cannot be looked at is for a person, is put off, and holds no other up. Raises HeldError when another
    run works with the login, CancelledError when a person stops it.
    """
    for case_id in at.followups.due_cases(is_all=is_all):
        case = at.cases.find(case_id)
        try:
            looked = look_again(at, case, at.plan_of(case))
        except (HeldError, CancelledError):
            raise
        except RobotError as error:
            at.followups.put_off(case_id)
            at.cases.set_state(case_id, "needs a person", f"could not be looked at: {error.problem.what}")
            yield at.cases.find(case_id), None
        else:
            yield looked.case, looked


def settle(
    at: Office, case: CaseRow, object_key: str, *, how: str, reason: str, ticket: str, by: str
) -> None:
    """Closes what the robot may not touch: done by hand, or left as it is. Raises BadInputError."""
    known = [one.object for _, one in at.plan_of(case).objects]
    if object_key not in known:
        raise BadInputError(
            Problem(
                what=f"the plan of {case.id} has no '{object_key}'",
                next=did_you_mean(object_key, known) or f"'offboard case show {case.id}' names its objects",
            )
        )
    at.followups.settle(case.id, object_key, how=how, reason=reason, ticket=ticket, by=by)


def _state(at: Office, case: CaseRow, found: Verification) -> tuple[str, str]:
    state, reason = found.state
    overdue = [one for one in at.followups.open(case.id) if one.is_overdue(at.now())]
    if state == "waiting" and overdue:
        return "needs a person", f"still going on after {LONGEST.days} days: {overdue[0].says}"
    return state, reason


def _in_doubt(intents: Iterable[Mapping[str, Any]], now: str, zone: tzinfo | None) -> dict[str, str]:
    """Objects that were pressed, and of which "still there" does not mean yet that nothing was done; and when."""
    return {
        one["object"]: shown_at(one["armed_at"], zone)
        for one in intents
        if one["state"] in OPEN and (one["doubtful_until"] is None or one["doubtful_until"] > now)
    }
