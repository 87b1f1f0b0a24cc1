"""Cases, their plans and approvals, as rows. What they mean is said by `robot.case`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, or_, select, update

from robot.errors import BadInputError, Problem
from robot.ledger.approvals import ApprovalMode, ApprovalRow, approval_from, newest_plan
from robot.ledger.database import DashboardRows, moment
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
    TASKS,
    VERIFICATIONS,
)
from robot.names import spellings


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
    #: Decided for this customer otherwise than the profile does: JSON.
    policies: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan of a case, as it was stored."""

    number: int
    case_id: str
    digest: str
    survey_run_id: str
    made_at: str
    content: str


#: How far clocks of two machines may differ.
_CLOCK_SLACK = timedelta(minutes=2)

YES = "yes"
_DIGEST = re.compile("[0-9a-f]{8,64}")


class Cases(DashboardRows):
    """The cases of one dashboard."""

    # --- cases -------------------------------------------------------------------------------------

    def open(self, *, profile: str, location_id: str, company: str, by: str, policies: str = "{}") -> CaseRow:
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
                    policies=policies,
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
                        CASES.c.company.in_(spellings(word)),
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
            row = newest_plan(connection, case_id)
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
            return approval_from(row)

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
            return [approval_from(row) for row in connection.execute(query)]

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

    def going_on(self, login: str, *, since: str) -> dict[str, Any] | None:
        """The newest run with a login that has begun since then, by the names of the columns."""
        query = (
            select(RUNS)
            .where(RUNS.c.dashboard == self._dashboard, RUNS.c.operator == login, RUNS.c.started_at >= since)
            .order_by(RUNS.c.started_at.desc())
            .limit(1)
        )
        with self._ledger.begin() as connection:
            row = connection.execute(query).first()
        return dict(row._mapping) if row else None

    def ended_last(self, run_id: str) -> str:
        """Name and status of the task of a run that has ended last; empty before the first."""
        query = select(TASKS).where(TASKS.c.run_id == run_id).order_by(TASKS.c.ended_at.desc()).limit(1)
        with self._ledger.begin() as connection:
            row = connection.execute(query).first()
        return f"{row.task}: {row.status}" if row else ""

    def last_run(self, case_id: str, *, flow: str) -> dict[str, Any] | None:
        """The newest run of a flow in a case, by the names of the columns."""
        return next((run for run in reversed(self.runs(case_id)) if run["flow"] == flow), None)

    def last_tasks(self, case_id: str, *, flow: str) -> list[dict[str, Any]]:
        """The tasks of the newest run of a flow in a case, in order, by the names of the columns."""
        run = self.last_run(case_id, flow=flow)
        query = select(TASKS).where(TASKS.c.run_id == (run["id"] if run else "")).order_by(TASKS.c.started_at)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def tasks_since(self, case_id: str, *, flow: str, since: str) -> list[dict[str, Any]]:
        """The tasks of every run of a flow in a case that has begun since then, in order."""
        query = (
            select(TASKS)
            .join(RUNS, RUNS.c.id == TASKS.c.run_id)
            .where(RUNS.c.case_id == case_id, RUNS.c.flow == flow, RUNS.c.started_at >= since)
            .order_by(RUNS.c.started_at, RUNS.c.id, TASKS.c.started_at)
        )
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def intents(self, case_id: str) -> list[dict[str, Any]]:
        """Every press of a case, in order."""
        query = select(INTENTS).where(INTENTS.c.case_id == case_id).order_by(INTENTS.c.number)
        with self._ledger.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]


def _plan(row: Row[Any]) -> PlanRow:
    return PlanRow(**row._mapping)
