"""What lets a press be made, asked in the transaction that arms it: plan, approval, answers, what went before.

What it means is said by `robot.case`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from robot.ledger.database import moment, shown_time
from robot.ledger.tables import ANSWERS, APPROVALS, CASES, INTENTS, PLANS, RUNS, SETTLEMENTS, TASKS
from robot.run.model import Intent

#: How far clocks of two machines may differ.
_CLOCK_SLACK = timedelta(minutes=2)
_YES = "yes"


class ApprovalMode(StrEnum):
    """How a plan is approved."""

    #: A person has let the whole plan be carried out.
    PLAN = "plan"
    #: A person has let it begin, and is asked before each act that cannot be undone.
    ACT = "act"
    #: The profile lets it be carried out with nobody there.
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """Who has allowed which plan, until when."""

    number: int
    case_id: str
    digest: str
    mode: str
    given_by: str
    given_at: str
    expires_at: str
    withdrawn_at: str | None


def record_answer(
    connection: Connection, intent: Intent, *, case_id: str | None, is_let: bool, by: str, now: datetime
) -> None:
    """Takes down what a person answered when an act was shown to them."""
    connection.execute(
        insert(ANSWERS).values(
            run_id=intent.run_id,
            case_id=case_id,
            object=intent.object,
            location_id=intent.location_id,
            sentence=intent.sentence,
            answer=_YES if is_let else "no",
            given_by=by,
            given_at=moment(now),
        )
    )


def refusal_of(connection: Connection, case_id: str, digest: str, now: datetime) -> str:
    """Why the plan of this digest may not be carried out now; empty when it may."""
    newest = newest_plan(connection, case_id)
    if newest is None or newest.digest != digest:
        return "the case has another plan by now"
    given = newest_approval(connection, case_id, digest)
    if given is None:
        return "nobody has approved this plan"
    if given.withdrawn_at is not None:
        return "the approval was withdrawn"
    if given.given_at > moment(now + _CLOCK_SLACK):
        return f"this machine's clock is behind the approval, given at {shown_time(given.given_at)} UTC"
    if given.expires_at <= moment(now):
        return f"the approval has expired at {shown_time(given.expires_at)} UTC"
    return ""


def newest_approval(connection: Connection, case_id: str, digest: str) -> ApprovalRow | None:
    """The last approval of a plan, good or not."""
    row = connection.execute(
        select(APPROVALS)
        .where(APPROVALS.c.case_id == case_id, APPROVALS.c.digest == digest)
        .order_by(APPROVALS.c.number.desc())
        .limit(1)
    ).first()
    return approval_from(row) if row else None


def is_left(connection: Connection, case_id: str, object_key: str) -> str:
    """Why a person has closed an object as one that stays; empty where they have not."""
    row = connection.execute(
        select(SETTLEMENTS)
        .where(SETTLEMENTS.c.case_id == case_id, SETTLEMENTS.c.object == object_key)
        .order_by(SETTLEMENTS.c.number.desc())
        .limit(1)
    ).first()
    return f"{row.settled_by}: {row.reason}" if row is not None and row.how == "leave" else ""


def was_let(connection: Connection, *, run_id: str, object_key: str, location_id: str) -> bool:
    """Whether a person has let this run do something to an object: their last answer counts."""
    query = (
        select(ANSWERS.c.answer)
        .where(
            ANSWERS.c.run_id == run_id,
            ANSWERS.c.object == object_key,
            ANSWERS.c.location_id == location_id,
        )
        .order_by(ANSWERS.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() == _YES


def has_passed(connection: Connection, case_id: str, task: str) -> bool:
    """Whether a task ended well in some run of the case."""
    query = (
        select(TASKS.c.task)
        .join(RUNS, RUNS.c.id == TASKS.c.run_id)
        .where(RUNS.c.case_id == case_id, TASKS.c.task == task, TASKS.c.status.in_(("passed", "noop")))
        .limit(1)
    )
    return connection.execute(query).first() is not None


def has_pressed(connection: Connection, case_id: str, *, but_task: str) -> bool:
    """Whether any run, of the case or not, has armed a press for its customer since it was opened, in other tasks.

    What is known to be unpressed does not count.
    """
    query = (
        select(INTENTS.c.number)
        .join(
            CASES,
            (CASES.c.dashboard == INTENTS.c.dashboard) & (CASES.c.location_id == INTENTS.c.location_id),
        )
        .where(
            CASES.c.id == case_id,
            INTENTS.c.armed_at >= CASES.c.opened_at,
            INTENTS.c.task != but_task,
            INTENTS.c.state != "failed",
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def newest_plan(connection: Connection, case_id: str) -> Row[Any] | None:
    return connection.execute(
        select(PLANS).where(PLANS.c.case_id == case_id).order_by(PLANS.c.number.desc()).limit(1)
    ).first()


def approval_from(row: Row[Any]) -> ApprovalRow:
    return ApprovalRow(**row._mapping)
