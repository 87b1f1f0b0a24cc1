"""Cases, their plans and approvals, as rows. What they mean is said by `robot.case`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, or_, select, update

from robot.errors import BadInputError, Problem
from robot.ledger.database import Ledger, moment, shown_time
from robot.ledger.leases import customers_at_work
from robot.ledger.tables import (
    ANSWERS,
    APPROVALS,
    CAPTURES,
    CASE_STATES,
    CASES,
    INTENTS,
    PLANS,
    RUNS,
    SETTLEMENTS,
    TASKS,
    VERIFICATIONS,
)
from robot.run.model import Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case as it is now. Its state is `running` for as long as a run works on its customer."""

    id: str
    dashboard: str
    profile: str
    location_id: str
    company: str
    state: str
    reason: str
    opened_at: str
    opened_by: str
    state_since: str
    closed_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan of a case, as it was stored."""

    number: int
    case_id: str
    digest: str
    survey_run_id: str
    made_at: str
    content: str


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


#: How far clocks of two machines may differ.
_CLOCK_SLACK = timedelta(minutes=2)

YES = "yes"
_DIGEST = re.compile("[0-9a-f]{8,64}")


class ApprovalMode(StrEnum):
    """How a plan is approved."""

    #: A person has let the whole plan be carried out.
    PLAN = "plan"
    #: A person has let it begin, and is asked before each act that cannot be undone.
    ACT = "act"
    #: The profile lets it be carried out with nobody there.
    POLICY = "policy"


class Cases:
    """The cases of one dashboard."""

    def __init__(
        self, ledger: Ledger, *, dashboard: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._ledger = ledger
        self._dashboard = dashboard
        self._now = now

    # --- cases -------------------------------------------------------------------------------------

    def open(self, *, profile: str, location_id: str, company: str, by: str) -> CaseRow:
        """The customer's open case; a new one where there is none."""
        with self._ledger.begin() as connection:
            row = connection.execute(
                select(CASES).where(
                    CASES.c.dashboard == self._dashboard,
                    CASES.c.location_id == location_id,
                    CASES.c.closed_at.is_(None),
                )
            ).first()
            if row is not None:
                return self._case(connection, row)
            now = moment(self._now())
            case_id = f"{self._now():%Y%m%d}-{uuid4().hex[:6]}"
            connection.execute(
                insert(CASES).values(
                    id=case_id,
                    dashboard=self._dashboard,
                    profile=profile,
                    location_id=location_id,
                    company=company,
                    state="open",
                    reason="",
                    opened_at=now,
                    opened_by=by,
                    state_since=now,
                )
            )
            self._note_state(connection, case_id, "open", "")
            made = connection.execute(select(CASES).where(CASES.c.id == case_id)).one()
            return self._case(connection, made)

    def find(self, word: str) -> CaseRow:
        """The case of that id (or its beginning), location id, company, or plan. Raises BadInputError.

        A plan is named by its digest, or the first eight digits of it or more.
        """
        of_plan = select(PLANS.c.case_id).where(PLANS.c.digest.startswith(word, autoescape=True))
        with self._ledger.begin() as connection:
            found = connection.execute(
                select(CASES)
                .where(
                    CASES.c.dashboard == self._dashboard,
                    or_(
                        CASES.c.id.startswith(word or "-", autoescape=True),
                        CASES.c.location_id == word,
                        CASES.c.company == word,
                        *([CASES.c.id.in_(of_plan)] if _DIGEST.fullmatch(word) else []),
                    ),
                )
                .order_by(CASES.c.opened_at)
            ).all()
            rows = [self._case(connection, row) for row in found]
        exact = [row for row in rows if row.id == word]
        alive = [row for row in rows if row.closed_at is None]
        for chosen in (exact, rows, alive):
            if len(chosen) == 1:
                return chosen[0]
        if not rows:
            raise BadInputError(
                Problem(
                    what=f"there is no case '{word}'",
                    next="'offboard case list' names them; 'plan' opens one",
                )
            )
        raise BadInputError(
            Problem(
                what=f"several cases answer to '{word}'",
                details=tuple((row.id, f"{row.company}, {row.state}") for row in rows),
                next="say which one by its id",
            )
        )

    def all(self) -> list[CaseRow]:
        """Newest first."""
        query = select(CASES).where(CASES.c.dashboard == self._dashboard).order_by(CASES.c.opened_at.desc())
        with self._ledger.begin() as connection:
            return [self._case(connection, row) for row in connection.execute(query).all()]

    def _case(self, connection: Connection, row: Row[Any]) -> CaseRow:
        case = CaseRow(**row._mapping)
        if case.closed_at is None and case.location_id in customers_at_work(
            connection, self._dashboard, self._now()
        ):
            return replace(case, state="running", reason="")
        return case

    def set_state(self, case_id: str, state: str, reason: str, *, is_closed: bool = False) -> bool:
        """Returns False for a case that is closed: it stays as it is, whatever a run of it says later."""
        now = moment(self._now())
        with self._ledger.begin() as connection:
            changed = connection.execute(
                update(CASES)
                .where(CASES.c.id == case_id, CASES.c.closed_at.is_(None))
                .values(state=state, reason=reason, state_since=now, closed_at=now if is_closed else None)
            )
            if changed.rowcount == 0:
                return False
            self._note_state(connection, case_id, state, reason)
        return True

    def _note_state(self, connection: Connection, case_id: str, state: str, reason: str) -> None:
        connection.execute(
            insert(CASE_STATES).values(case_id=case_id, state=state, reason=reason, at=moment(self._now()))
        )

    # --- plans and approvals -----------------------------------------------------------------------

    def save_plan(self, case_id: str, *, digest: str, survey_run_id: str, content: str) -> PlanRow:
        with self._ledger.begin() as connection:
            number = connection.execute(
                insert(PLANS)
                .values(
                    case_id=case_id,
                    digest=digest,
                    survey_run_id=survey_run_id,
                    made_at=moment(self._now()),
                    content=content,
                )
                .returning(PLANS.c.number)
            ).scalar_one()
            return _plan(connection.execute(select(PLANS).where(PLANS.c.number == number)).one())

    def newest_plan(self, case_id: str) -> PlanRow | None:
        with self._ledger.begin() as connection:
            row = _newest_plan(connection, case_id)
        return _plan(row) if row else None

    def first_plan(self, case_id: str) -> PlanRow | None:
        """The plan of the survey that was taken when the case was opened."""
        with self._ledger.begin() as connection:
            row = connection.execute(
                select(PLANS).where(PLANS.c.case_id == case_id).order_by(PLANS.c.number).limit(1)
            ).first()
        return _plan(row) if row else None

    def approve(
        self, case_id: str, *, digest: str, mode: ApprovalMode, by: str, length: timedelta
    ) -> ApprovalRow:
        with self._ledger.begin() as connection:
            number = connection.execute(
                insert(APPROVALS)
                .values(
                    case_id=case_id,
                    digest=digest,
                    mode=str(mode),
                    given_by=by,
                    given_at=moment(self._now()),
                    expires_at=moment(self._now() + length),
                )
                .returning(APPROVALS.c.number)
            ).scalar_one()
            row = connection.execute(select(APPROVALS).where(APPROVALS.c.number == number)).one()
            return _approval(row)

    def withdraw(self, case_id: str) -> None:
        """Ends every approval of a case."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(APPROVALS)
                .where(APPROVALS.c.case_id == case_id, APPROVALS.c.withdrawn_at.is_(None))
                .values(withdrawn_at=moment(self._now()))
            )

    def approvals(self, case_id: str) -> list[ApprovalRow]:
        """All of a case, oldest first."""
        query = select(APPROVALS).where(APPROVALS.c.case_id == case_id).order_by(APPROVALS.c.number)
        with self._ledger.begin() as connection:
            return [_approval(row) for row in connection.execute(query)]

    def adopt_run(self, case_id: str, run_id: str) -> None:
        """Says that a run belongs to a case that was opened by it."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(RUNS).where(RUNS.c.id == run_id, RUNS.c.case_id.is_(None)).values(case_id=case_id)
            )

    def states(self, case_id: str) -> list[dict[str, Any]]:
        """Every state that a case was put into, oldest first: state, reason, at."""
        query = select(CASE_STATES).where(CASE_STATES.c.case_id == case_id).order_by(CASE_STATES.c.number)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def answers(self, case_id: str) -> list[dict[str, Any]]:
        """What persons answered when they were shown an act of this case, oldest first."""
        query = select(ANSWERS).where(ANSWERS.c.case_id == case_id).order_by(ANSWERS.c.number)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def captures(self, case_id: str) -> list[dict[str, Any]]:
        """What the runs of a case have read and kept, oldest first; `value` is JSON."""
        query = (
            select(CAPTURES)
            .join(RUNS, RUNS.c.id == CAPTURES.c.run_id)
            .where(RUNS.c.case_id == case_id)
            .order_by(CAPTURES.c.number)
        )
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def save_verification(self, case_id: str, *, run_id: str, content: str) -> None:
        """content: JSON."""
        with self._ledger.begin() as connection:
            connection.execute(
                insert(VERIFICATIONS).values(
                    case_id=case_id, run_id=run_id, at=moment(self._now()), content=content
                )
            )

    def newest_verification(self, case_id: str) -> str | None:
        """The content, as it was saved."""
        query = (
            select(VERIFICATIONS.c.content)
            .where(VERIFICATIONS.c.case_id == case_id)
            .order_by(VERIFICATIONS.c.number.desc())
            .limit(1)
        )
        with self._ledger.begin() as connection:
            content: str | None = connection.execute(query).scalar()
        return content

    def runs(self, case_id: str) -> list[dict[str, Any]]:
        """All of a case, oldest first, by the names of the columns."""
        query = select(RUNS).where(RUNS.c.case_id == case_id).order_by(RUNS.c.started_at)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def intents(self, case_id: str) -> list[dict[str, Any]]:
        """Every press of a case, in order."""
        query = select(INTENTS).where(INTENTS.c.case_id == case_id).order_by(INTENTS.c.number)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]


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
            answer=YES if is_let else "no",
            given_by=by,
            given_at=moment(now),
        )
    )


# --- asked in the transaction that arms a press ------------------------------------------------------


def refusal_of(connection: Connection, case_id: str, digest: str, now: datetime) -> str:
    """Why the plan of this digest may not be carried out now; empty when it may."""
    newest = _newest_plan(connection, case_id)
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
    return _approval(row) if row else None


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
    return connection.execute(query).scalar() == YES


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


def _newest_plan(connection: Connection, case_id: str) -> Row[Any] | None:
    return connection.execute(
        select(PLANS).where(PLANS.c.case_id == case_id).order_by(PLANS.c.number.desc()).limit(1)
    ).first()


def _plan(row: Row[Any]) -> PlanRow:
    return PlanRow(**row._mapping)


def _approval(row: Row[Any]) -> ApprovalRow:
    return ApprovalRow(**row._mapping)
