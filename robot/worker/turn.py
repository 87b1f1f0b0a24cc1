"""Works jobs: plans, waits for an approval or takes the profile's, carries out, looks again.

A job is worked in turns. A turn ends when the job has ended or waits for something, and then nothing is held: no
browser, no lease, no place in the queue. After a crash a turn begins again: stages that have ended are not
repeated, and the one that was cut off is done again by looking.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from robot.case import afterwards
from robot.case import apply as applying
from robot.case import survey as surveying
from robot.case.approval import approve_by_policy
from robot.case.office import Office
from robot.errors import (
    ApplicationError,
    BlockedError,
    CancelledError,
    RobotError,
    SetupError,
    UnrecordableError,
)
from robot.ledger.cases import CaseRow
from robot.ledger.database import told
from robot.ledger.jobs import DONE, NEEDS_A_PERSON, QUEUED, WAITING, JobRow
from robot.ledger.leases import HeldError, OvertakenError
from robot.ledger.turns import APPROVAL, FOLLOWUP, STOP, Turns
from robot.run.model import Run, Status, TaskResult
from robot.run.plain import from_plain, to_plain
from robot.worker.breakers import Breakers
from robot.worker.engine import Engine, Stages, Ticket
from robot.worker.patience import until_database
from robot.worker.room import Room
from robot.worker.standing import asked_before, case_of, choose, is_another, is_ready, is_unfinished

LOG = logging.getLogger("offboard.worker")

#: A turn that was begun so often is near to being given up; see `durable.MOST_TRIES`.
_OFTEN = 4
#: Why a turn is handed back that is not to blame for the end of its workers.
CAME_FURTHER = "its workers have ended, and it came further"

#: Why a turn is handed back that a worker has taken which works as many as it may.
NO_PLACE = "its worker had no place left"

#: Opens what one turn works with: runs with one login, each in a browser of its own.
OpenOffice = Callable[[JobRow], AbstractContextManager[Office]]
#: Does one stage of a turn, or gives what it gave when it was done before the worker was killed; plain JSON.
Stage = Callable[[str, Callable[[Office], Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long is waited before a job is begun again."""

    #: When the dashboard has failed, after each try; after the last one a person is told.
    failed: tuple[timedelta, ...] = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
    #: When another run works with the login or on the customer.
    held: timedelta = timedelta(seconds=30)
    #: When another run has what only one may use, such as the conversations with support.
    busy: timedelta = timedelta(minutes=5)
    #: When something that was pressed goes on: longer than its effect is in doubt.
    going_on: timedelta = timedelta(minutes=16)
    #: When the database was away.
    cut_off: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnd:
    """What a turn leaves behind."""

    state: str
    reason: str = ""
    waits_for: str = ""
    #: In s from now; None for at once, or for whenever what it waits for comes.
    again_in_s: float | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Works the jobs of one dashboard with some logins."""

    id: str
    turns: Turns
    engine: Engine
    breakers: Breakers
    #: The logins: jobs of each are worked one after the other.
    lanes: Sequence[str]
    open_office: OpenOffice
    #: Whether this process is to let go of what it works on.
    is_stopped: Callable[[], bool]
    now: Callable[[], datetime]
    pauses: Pauses = field(default_factory=Pauses)
    #: Whether anything may be begun now, as far as hours go.
    is_open: Callable[[], bool] = lambda: True
    #: Most turns that all workers begin in an hour; None for any number.
    most_per_hour: int | None = None
    #: How many jobs this process works at once.
    room: Room = field(default_factory=Room)

    # --- handing out -------------------------------------------------------------------------------

    def wake(self) -> None:
        """Puts back what has waited long enough, and ends what nobody works any more.

        Raises SQLAlchemyError while the database is away.
        """
        self.turns.wake()
        self._bury()

    def feed(self) -> int:
        """Gives each login that is free its next job. Returns how many jobs were begun.

        Raises SQLAlchemyError while the database is away.
        """
        begun = 0
        if not self.is_open() or not self.breakers.may_begin():
            return 0
        for lane in self.usable_lanes():
            job = self.turns.claim(
                lane,
                worker=self.id,
                on_claim=self._put,
                most_per_hour=self.most_per_hour,
                at_once=self.room.places,
            )
            if job is not None:
                LOG.info("begins", extra=_about(job))
                begun += 1
        return begun

    def usable_lanes(self) -> list[str]:
        """The logins that the dashboard takes."""
        return [lane for lane in self.lanes if not self.breakers.is_login_stopped(lane)]

    def _put(self, job: JobRow, connection: Connection) -> None:
        self.engine.put(Ticket(key=_word(job), job_id=_word(job), lane=job.lane), connection)

    def _bury(self) -> None:
        """Jobs whose ticket has come to an end without them: one that ends its worker each time, above all."""
        for job in self.turns.at_work(self.lanes):
            state = self.engine.state_of(_word(job))
            if state in ("failed", "withdrawn", "done"):
                is_given_up = self.turns.give_up(
                    job,
                    "its worker has ended again and again while it was worked; look at its runs, then put it back: "
                    f"offboard queue retry {job.id}",
                )
                if is_given_up:
                    LOG.error("was given up", extra=_about(job))
            elif state is None:
                # The queue was moved, or lost.
                self.engine.put(Ticket(key=_word(job), job_id=_word(job), lane=job.lane))

    # --- one turn ----------------------------------------------------------------------------------

    def work(self, word: str, stages: Stages) -> str:
        """One turn, `<job>/<number>`. Returns the state that the job is left in."""
        job_id, _, number = word.rpartition("/")
        job = until_database(lambda: self.turns.begin(job_id, int(number), worker=self.id))
        if job is None:
            return "left"
        if until_database(lambda: self.turns.has_come_further(job, begun=_OFTEN)):
            # It goes on with a new ticket, of which no worker has ended yet.
            end = TurnEnd(state=QUEUED, reason=CAME_FURTHER, tries=job.tries)
        else:
            with self.room.taken() as is_free:
                # Whoever has a place may take what another one has begun to hand out.
                end = (
                    self._turn(job, stages)
                    if is_free
                    else TurnEnd(state=QUEUED, reason=NO_PLACE, tries=job.tries)
                )
        wake_at = self.now() + timedelta(seconds=end.again_in_s) if end.again_in_s is not None else None
        is_ours = until_database(
            lambda: self.turns.end(
                job,
                end.state,
                end.reason,
                worker=self.id,
                waits_for=end.waits_for,
                wake_at=wake_at,
                tries=end.tries,
            )
        )
        if not is_ours:
            LOG.warning("was taken over by another worker", extra=_about(job))
            return "taken over"
        LOG.info("ends its turn", extra={**_about(job), "state": end.state, "reason": end.reason})
        return end.state

    def _turn(self, job: JobRow, stages: Stages) -> TurnEnd:
        def stage(name: str, do: Callable[[Office], Any]) -> Any:
            return json.loads(stages(name, lambda: json.dumps(self._guarded(job, do))))

        kind = stage("choose", lambda at: choose(at, job))
        if kind == "look":
            looked = stage("look", lambda at: self._look(at, job))
            if isinstance(looked, str):
                return self._carry_out(job, stage, looked)
            return _end(looked)
        if kind == "offboard":
            planned = stage("plan", lambda at: self._plan(at, job))
            if isinstance(planned, str):
                return self._carry_out(job, stage, planned)
            return _end(planned)
        return _end(kind)

    def _guarded(self, job: JobRow, do: Callable[[Office], Any]) -> Any:
        """The result of a stage, or how the turn ends; as plain JSON, since it is kept."""
        try:
            with self.open_office(job) as at:
                result = do(at)
        except Exception as error:  # a turn ends with a word, whatever is wrong
            result = self._end_of(error, job)
        return asdict(result) if isinstance(result, TurnEnd) else result

    def _plan(self, at: Office, job: JobRow) -> str | TurnEnd:
        """The case of a job, with a plan that may be carried out; or why it may not."""
        case = case_of(at, job)
        if case is None or not is_ready(at, case):
            customer = case.id if case else job.location_id or job.company
            planned = surveying.plan(at, customer, by=at.operator, policies=json.loads(job.policies))
            case, run = planned.case, planned.survey.run
            self.turns.note_case(job, case.id)
            failed = [task for task in run.tasks if task.status is Status.FAILED]
            if failed or run.problems:
                return self._try_again(job, _why(failed) if failed else run.problems[0].what)
        if job.case_id is None:
            self.turns.note_case(job, case.id)
        if is_ready(at, case):
            return case.id
        if is_another(job, case):
            return _who_is_meant(job, case)
        how = f"offboard approve {case.id}"
        if at.profile.unattended is None:
            return TurnEnd(state=WAITING, waits_for=APPROVAL, reason=f"the plan is to be approved: {how}")
        try:
            approve_by_policy(at, case)
        except BlockedError as error:
            more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
            return TurnEnd(
                state=WAITING,
                waits_for=APPROVAL,
                reason=f"the plan is to be approved by a person: {error.problem.what}{more}; {how}",
            )
        return case.id

    def _carry_out(self, job: JobRow, stage: Stage, case_id: str) -> TurnEnd:
        """Carries an approved plan out, and looks at what has become of it."""
        applied = stage("apply", lambda at: self._apply(at, job, case_id))
        if "run" not in applied:
            return _end(applied)
        return _end(stage("verify", lambda at: self._verify(at, job, case_id, applied)))

    def _apply(self, at: Office, job: JobRow, case_id: str) -> dict[str, Any]:
        """The run, without its steps, and which tasks were not to be tried: of a person, or a stopped flow."""
        case = at.cases.find(case_id)
        stopped = self.breakers.flows()
        # What has waited for its own end, is tried again or was cut off asks nobody twice.
        asked = asked_before(at, case, since=self.turns.left_to_robots_since(job))
        run = applying.apply(at, case, is_verified=False, without={**asked, **stopped}).finished.run
        tasks = tuple(replace(task, steps=(), acts=(), outputs={}) for task in run.tasks)
        return {
            "run": to_plain(replace(run, inputs={}, tasks=tasks)),
            "asked": sorted(asked),
            "stopped": sorted(stopped),
        }

    def _verify(self, at: Office, job: JobRow, case_id: str, applied: Mapping[str, Any]) -> TurnEnd:
        run = from_plain(Run, applied["run"])
        looked = applying.verify_applied(at, at.cases.find(case_id), run)
        end = self._after(at.cases.find(case_id), run, job, looked=looked.finished.run if looked else None)
        going_on = [task for task in run.tasks if task.goes_on]
        if going_on and end.state in (NEEDS_A_PERSON, WAITING):
            # What is left is done, or told, once that has ended.
            reason = f"{going_on[0].title}: {going_on[0].reason}"
            at.cases.set_state(case_id, WAITING, reason)
            return TurnEnd(state=WAITING, waits_for=FOLLOWUP, reason=reason, tries=job.tries)
        if going_on and end.again_in_s is not None:
            # Until nothing that was pressed may still take effect: before, it would be taken for refused.
            return replace(end, again_in_s=max(end.again_in_s, self.pauses.going_on.total_seconds()))
        left_out = [task for task in run.tasks if task.status is Status.SKIPPED]
        asked = [task for task in left_out if task.task in applied["asked"]]
        if end.state == NEEDS_A_PERSON and asked and not _has_asked(run):
            return replace(end, reason=f"{asked[0].task}: {asked[0].reason}")
        stopped = [task for task in left_out if task.task in applied["stopped"]]
        if end.state == NEEDS_A_PERSON and stopped:
            reason = f"{stopped[0].title}: {stopped[0].reason}"
            return TurnEnd(state=WAITING, waits_for=STOP, reason=reason, tries=job.tries)
        return end

    def _look(self, at: Office, job: JobRow) -> TurnEnd | str:
        """How a turn ends that only looks; or the case, where what has ended since lets the plan go on."""
        case = case_of(at, job)
        if case is None:
            return TurnEnd(state=QUEUED, reason="its case is gone", again_in_s=0, tries=job.tries)
        plan = at.plan_of(case)
        looked = afterwards.look_again(at, case, plan)
        if is_unfinished(at, looked, plan) and is_ready(at, case):
            return case.id
        return self._after(looked.case, looked.finished.run, job, looked=looked.finished.run)

    def _after(self, case: CaseRow, run: Run, job: JobRow, *, looked: Run | None) -> TurnEnd:
        """looked: the run that verified it; None where none did."""
        if case.state == DONE:
            return TurnEnd(state=DONE)
        busy = [task for task in run.tasks if task.is_busy]
        if busy and not self.is_stopped():
            return TurnEnd(
                state=QUEUED,
                reason=f"{busy[0].title}: {busy[0].reason}",
                again_in_s=self.pauses.busy.total_seconds(),
                tries=job.tries,
            )
        in_doubt = [task for task in run.tasks if task.in_doubt_until is not None]
        if in_doubt and not self.is_stopped():
            return self._settle_later(in_doubt, job)
        if case.state == WAITING and looked:
            return TurnEnd(state=WAITING, waits_for=FOLLOWUP, reason=case.reason)
        if self.is_stopped() or run.status is Status.CANCELLED:
            return TurnEnd(state=QUEUED, reason="the worker was told to stop", tries=job.tries)
        tasks = (*run.tasks, *(looked.tasks if looked else ()))
        failed = [task for task in tasks if task.status is Status.FAILED]
        if failed or run.problems or not looked:
            return self._try_again(job, case.reason or _why(failed))
        # What stopped the run says more than what is left because of it.
        return TurnEnd(state=NEEDS_A_PERSON, reason=run.reason if _has_asked(run) else case.reason)

    def _settle_later(self, in_doubt: Sequence[TaskResult], job: JobRow) -> TurnEnd:
        """What earlier turns have pressed for is settled by a look, once none of it may still take effect."""
        until = max(task.in_doubt_until for task in in_doubt if task.in_doubt_until is not None)
        return TurnEnd(
            state=QUEUED,
            reason=f"{in_doubt[0].title}: {in_doubt[0].reason}",
            again_in_s=max(1.0, (until - self.now()).total_seconds() + 1.0),
            tries=job.tries,
        )

    def _try_again(self, job: JobRow, why: str) -> TurnEnd:
        """An application failure: another try, for as long as there are any.

        One that is no fault of the job's costs no try: a dashboard that does not answer, a login that it refuses.
        """
        if self.breakers.is_login_stopped(job.lane) or self.breakers.is_down():
            return TurnEnd(state=QUEUED, reason=why, again_in_s=0, tries=job.tries)
        if job.tries < len(self.pauses.failed):
            return TurnEnd(
                state=QUEUED,
                reason=why,
                again_in_s=self.pauses.failed[job.tries].total_seconds(),
                tries=job.tries + 1,
            )
        return TurnEnd(state=NEEDS_A_PERSON, reason=f"tried {job.tries + 1} times: {why}")

    def _end_of(self, error: Exception, job: JobRow) -> TurnEnd:
        match error:
            case OvertakenError() | CancelledError():
                return TurnEnd(state=QUEUED, reason="the worker was told to stop", tries=job.tries)
            case HeldError():
                seconds = self.pauses.held.total_seconds()
                return TurnEnd(state=QUEUED, reason=error.problem.what, again_in_s=seconds, tries=job.tries)
            case SQLAlchemyError() | SetupError() | UnrecordableError():
                why = told(error) if isinstance(error, SQLAlchemyError) else str(error)
                LOG.warning("the database was away: %s", why, extra=_about(job))
                seconds = self.pauses.cut_off.total_seconds()
                return TurnEnd(
                    state=QUEUED, reason="the database was away", again_in_s=seconds, tries=job.tries
                )
            case ApplicationError():
                if self.is_stopped():
                    return TurnEnd(state=QUEUED, reason="the worker was told to stop", tries=job.tries)
                return self._try_again(job, error.problem.what)
            case RobotError() if self.breakers.is_login_stopped(job.lane):
                return TurnEnd(state=QUEUED, reason=error.problem.what, again_in_s=0, tries=job.tries)
            case RobotError():
                return TurnEnd(state=NEEDS_A_PERSON, reason=f"{error.problem.what}; {error.problem.next}")
        LOG.error("a fault in the program: %s", "".join(traceback.format_exception(error)), extra=_about(job))
        return TurnEnd(state=NEEDS_A_PERSON, reason=f"a fault in the program: {error!r}")


def _who_is_meant(job: JobRow, case: CaseRow) -> TurnEnd:
    """Only a person may say so; no policy approves it."""
    return TurnEnd(
        state=WAITING,
        waits_for=APPROVAL,
        reason=f"{job.location_id} is '{case.company}', and '{job.company}' was asked for: who is meant? "
        f"If it is this one: offboard approve {case.id}; else: offboard queue cancel {job.id}",
    )


def _has_asked(run: Run) -> bool:
    return any(task.status in (Status.BLOCKED, Status.UNKNOWN) for task in run.tasks)


def _why(failed: Sequence[TaskResult]) -> str:
    return f"{failed[0].title}: {failed[0].reason}" if failed else "it could not be looked at afterwards"


def _end(value: Mapping[str, Any]) -> TurnEnd:
    return TurnEnd(**value)


def _word(job: JobRow) -> str:
    return f"{job.id}/{job.turn}"


def _about(job: JobRow) -> dict[str, object]:
    """What a line of the log says of a job."""
    return {
        "job": job.id,
        "turn": job.turn,
        "customer": job.location_id or job.company,
        "case": job.case_id or "",
        "login": job.lane,
    }
