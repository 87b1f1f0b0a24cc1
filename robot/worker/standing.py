"""How the case of a job stands: what a turn is for, and what of its plan is carried out, or not again."""

from __future__ import annotations

from robot.case.afterwards import LookedAgain
from robot.case.approval import assert_current, is_approved
from robot.case.office import Office
from robot.case.plan import OFFBOARD, ObjectState, Plan
from robot.errors import BlockedError
from robot.ledger.cases import CaseRow
from robot.ledger.jobs import WAITING, JobRow
from robot.ledger.turns import FOLLOWUP
from robot.names import is_same_name
from robot.run.model import Status


def choose(at: Office, job: JobRow) -> str:
    """What a turn is for: a case that waits for what ends later is only looked at."""
    case = case_of(at, job)
    if case is None:
        return "offboard"
    # Somebody may have looked by hand meanwhile, and left the case to a person.
    return "look" if case.state == WAITING or job.waits_for == FOLLOWUP else "offboard"


def case_of(at: Office, job: JobRow) -> CaseRow | None:
    if job.case_id:
        return at.cases.find(job.case_id)
    return at.open_case_of(job.location_id) if job.location_id else at.open_case_of(job.company)


def is_another(job: JobRow, case: CaseRow) -> bool:
    """Whether the name that was asked for is not that of the sub-account: one of the two is a mistake."""
    return bool(job.company and job.location_id) and not is_same_name(job.company, case.company)


def is_ready(at: Office, case: CaseRow) -> bool:
    """Whether the newest plan is approved, by the rules of now."""
    if at.cases.newest_plan(case.id) is None:
        return False
    made = at.plan_of(case)
    try:
        assert_current(at.of(case), case, made)
    except BlockedError:
        return False
    return is_approved(at, case, made)


def is_unfinished(at: Office, looked: LookedAgain, plan: Plan) -> bool:
    """Whether a task had ended for what went on, that has ended, and something was planned and never pressed for.

    What was pressed for and is there still is for a person: it is not pressed again and again. Not so where
    the last run came before that could be known.
    """
    tasks = at.cases.last_tasks(looked.case.id, flow=OFFBOARD)
    in_doubt = {row["task"] for row in tasks if row["status"] == Status.BLOCKED and row["goes_on"]}
    pressed = {one["object"] for one in at.cases.intents(looked.case.id) if one["task"] not in in_doubt}
    left = [one for _, one in plan.objects if one.object in {it.object for it in looked.verification.left}]
    if looked.verification.waiting or any(one.stands_for(key) for one in left for key in pressed):
        return False
    return any(row["goes_on"] for row in tasks) and any(one.state is ObjectState.TODO for one in left)


def asked_before(at: Office, case: CaseRow, *, since: str) -> dict[str, str]:
    """Tasks that ended with a question to a person when they were tried last: not tried again."""
    asked: dict[str, str] = {}
    for row in at.cases.tasks_since(case.id, flow=OFFBOARD, since=since):
        if row["status"] == Status.BLOCKED and not row["goes_on"]:
            asked[row["task"]] = f"it is for a person since the run before: {row['reason']}"
        elif row["status"] not in (Status.SKIPPED, Status.CANCELLED):
            asked.pop(row["task"], None)
    return asked
