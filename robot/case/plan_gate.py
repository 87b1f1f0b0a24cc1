"""What an approved plan lets a run press: asked in the transaction that arms a press, and for each row of a loop.

Fails closed: no approval, an expired or withdrawn one, a changed plan, another customer, an object that is not
planned, no snapshot, a ledger that does not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from robot.case.act_by_act import ActByAct
from robot.case.plan import ObjectState, Plan
from robot.errors import GateError, Problem, UnplannedError
from robot.ledger.approvals import ApprovalMode, has_passed, has_pressed, is_left, newest_approval, refusal_of
from robot.ledger.database import Ledger, told
from robot.run.model import Intent

SNAPSHOT = "snapshot"
T = TypeVar("T")


class PlanGate:
    """The plan of one case."""

    def __init__(
        self,
        ledger: Ledger,
        plan: Plan,
        *,
        case_id: str,
        by_act: ActByAct,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """by_act: what else holds where the approval is of each act."""
        self._ledger = ledger
        self._by_act = by_act
        self._plan = plan
        self._digest = plan.digest
        self._case_id = case_id
        self._now = now

    def ask(self, intent: Intent) -> None:
        """Asks for the act itself where the approval says so. Raises GateError."""
        if self._ask_ledger(self._is_by_act):
            self._by_act.ask(intent)

    def objection(self, task: str, object_key: str) -> Problem | None:
        """Why nothing may be done to an object: what the plan says, where it names it, or who has closed it.

        Raises GateError when the ledger does not answer.
        """
        return self._ask_ledger(lambda connection: self._objection(connection, task, object_key))

    def _objection(self, connection: Connection, task: str, object_key: str) -> Problem | None:
        planned = self._plan.find(task, object_key)
        if planned is not None:
            left = is_left(connection, self._case_id, planned.object)
            if left:
                return Problem(
                    what=f"{planned.shown} is to stay as it is, says {left}",
                    done="it was left alone",
                    next="nothing, unless that was a mistake: then do it by hand",
                )
        if self._plan.covers(task, object_key):
            return None
        if planned is not None and planned.state is ObjectState.BLOCKED:
            return Problem(what=planned.reason, done="it was left alone", next=planned.next)
        return Problem(
            what=f"{object_key} is not in the approved plan",
            done="it was left alone; nothing was pressed for it",
            next="see whether it is the customer's; if so, plan anew and approve that plan",
        )

    def assert_allowed(self, connection: Connection, intent: Intent) -> None:
        """Raises GateError."""
        refusal = refusal_of(connection, self._case_id, self._digest, self._now())
        if refusal:
            raise GateError(
                Problem(
                    what=f"{intent.object}: {refusal}",
                    done="nothing was pressed",
                    next=f"look at the plan, then 'offboard approve {self._case_id}'",
                )
            )
        if intent.location_id != self._plan.location_id:
            raise GateError(
                Problem(
                    what=f"{intent.object} belongs to {intent.location_id}, and the plan is for "
                    f"{self._plan.location_id}",
                    done="nothing was pressed",
                    next="look at the picture: the run is at another customer's page",
                )
            )
        task = intent.step.task
        objection = self._objection(connection, task, intent.object)
        if objection is not None:
            raise UnplannedError(objection)
        self._assert_snapshot(connection, task)
        if self._is_by_act(connection):
            self._by_act.assert_allowed(connection, intent)

    def _ask_ledger(self, question: Callable[[Connection], T]) -> T:
        try:
            with self._ledger.begin() as connection:
                return question(connection)
        except SQLAlchemyError as error:
            raise GateError(
                Problem(
                    what=f"the ledger at {self._ledger.shown} does not answer: {told(error)}",
                    done="nothing was pressed",
                    next="end what holds it, or mend it; then run again",
                )
            ) from None

    def _is_by_act(self, connection: Connection) -> bool:
        given = newest_approval(connection, self._case_id, self._digest)
        return given is not None and given.mode == ApprovalMode.ACT

    def _assert_snapshot(self, connection: Connection, task: str) -> None:
        if task == SNAPSHOT:
            if has_pressed(connection, self._case_id, but_task=SNAPSHOT):
                raise GateError(
                    Problem(
                        what="something was deleted in this case already, and a snapshot taken now would lack it",
                        done="the good snapshot was not overwritten",
                        next="look at the snapshot's version history; go on by hand if no version of this case is "
                        "there",
                    )
                )
        elif not has_passed(connection, self._case_id, SNAPSHOT):
            raise GateError(
                Problem(
                    what="the case has no fresh snapshot yet",
                    done="nothing was pressed",
                    next="let the task 'snapshot' pass first",
                )
            )
