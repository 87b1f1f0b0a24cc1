"""Writes what a run does into the ledger: a listener.

Steps and captures are written with their task, in one transaction. Must not know of pages.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, insert, update

from robot.ledger.database import Ledger, moment
from robot.ledger.tables import CAPTURES, RUNS, STEPS, TASKS
from robot.run.events import Captured, Event, RunFinished, RunStarted, StepFinished, TaskFinished
from robot.run.model import Run, StepResult, TaskResult
from robot.run.plain import to_plain
from robot.run.redact import Redactor


class LedgerRecorder:
    """Listens to one run."""

    def __init__(self, ledger: Ledger, redactor: Redactor, *, case_id: str | None, evidence: str) -> None:
        """evidence: where the run's evidence lies."""
        self._redactor = redactor
        self._ledger = ledger
        self._case_id = case_id
        self._evidence = evidence
        self._run_id = ""
        self._steps: list[StepResult] = []
        self._captured: list[Captured] = []

    def notice(self, event: Event) -> None:
        """Raises SQLAlchemyError, which stops no run."""
        match event:
            case RunStarted():
                self._run_id = event.run_id
                self._begin(event)
            case StepFinished():
                self._steps.append(event.result)
            case Captured():
                self._captured.append(event)
            case TaskFinished():
                self._end_task(event.result)
            case RunFinished():
                self._end(event.run)

    def _begin(self, event: RunStarted) -> None:
        with self._ledger.begin() as connection:
            if self._case_id is not None:
                # The lease says that no other run of this customer lives.
                connection.execute(
                    update(RUNS)
                    .where(RUNS.c.case_id == self._case_id, RUNS.c.status == "running")
                    .values(status="interrupted", reason="ended without a word, and was gone on with later")
                )
            connection.execute(
                insert(RUNS).values(
                    id=event.run_id,
                    case_id=self._case_id,
                    flow=event.flow,
                    dashboard=event.dashboard,
                    operator=event.operator,
                    status="running",
                    reason="",
                    started_at=moment(event.at),
                    evidence=self._evidence,
                    evidence_digest="",
                    customer=str(event.inputs.get("location_id") or event.inputs.get("company") or ""),
                    stored="",
                )
            )

    def _end_task(self, result: TaskResult) -> None:
        steps, self._steps = self._steps, []
        captured, self._captured = self._captured, []
        with self._ledger.begin() as connection:
            self._write_task(connection, result)
            if steps:
                connection.execute(insert(STEPS), [self._step(one) for one in steps])
            if captured:
                connection.execute(insert(CAPTURES), [self._capture(one) for one in captured])

    def _write_task(self, connection: Connection, result: TaskResult) -> None:
        connection.execute(
            insert(TASKS).values(
                run_id=self._run_id,
                task=result.task,
                status=str(result.status),
                reason=self._redactor.text(result.reason),
                started_at=moment(result.started_at),
                ended_at=moment(result.ended_at),
                outputs=self._json(result.outputs),
                problems=self._json([to_plain(one) for one in result.problems]),
                goes_on=int(result.goes_on or result.is_busy or result.in_doubt_until is not None),
            )
        )

    def _step(self, one: StepResult) -> dict[str, object]:
        return {
            "run_id": self._run_id,
            "number": one.step.number,
            "task": one.step.task,
            "flow": one.step.flow,
            "name": one.step.name,
            "kind": one.step.kind,
            "status": str(one.status),
            "reason": self._redactor.text(one.reason),
            "started_at": moment(one.started_at),
            "ended_at": moment(one.ended_at),
        }

    def _capture(self, one: Captured) -> dict[str, object]:
        return {
            "run_id": self._run_id,
            "task": one.step.task,
            "name": one.name,
            "value": self._json(one.value),
            "at": moment(one.at),
        }

    def _end(self, run: Run) -> None:
        with self._ledger.begin() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run.run_id)
                .values(
                    status=str(run.status),
                    reason=self._redactor.text(run.reason),
                    ended_at=moment(run.ended_at),
                )
            )

    def _json(self, value: object) -> str:
        return json.dumps(self._redactor.json(value), ensure_ascii=False, sort_keys=True)
