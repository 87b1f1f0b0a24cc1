"""A run, its tasks and its steps, as finished records.

Built once by the executor, written by evidence, drawn by reports. Must not know of browsers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from robot.errors import Problem


class Status(StrEnum):
    """How a step, a task or a run ended."""

    #: The goal was not there, we acted, and then it was.
    PASSED = "passed"
    #: The goal was there already; nothing was touched.
    NOOP = "noop"
    #: It could not be done; may be tried again once the cause is gone.
    FAILED = "failed"
    #: We acted and could not see the effect; never pressed again without looking.
    UNKNOWN = "unknown"
    #: The dashboard or a policy says that a person must decide.
    BLOCKED = "blocked"
    #: A person stopped it.
    CANCELLED = "cancelled"
    #: Not tried, because something it needs did not pass.
    SKIPPED = "skipped"

    @property
    def is_good(self) -> bool:
        """Whether the goal holds."""
        return self in (Status.PASSED, Status.NOOP)


#: From best to worst: the status of a whole is the worst status of its parts.
SEVERITY = (
    Status.NOOP,
    Status.PASSED,
    Status.SKIPPED,
    Status.BLOCKED,
    Status.UNKNOWN,
    Status.FAILED,
    Status.CANCELLED,
)


def worst(statuses: list[Status]) -> Status:
    """Returns the worst of `statuses`; `noop` for none, since nothing was touched."""
    return max(statuses, key=SEVERITY.index, default=Status.NOOP)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRef:
    """Which step this is about."""

    #: 1-based, counted over the run in order of execution; the key of a step in events and evidence.
    number: int
    #: The task it belongs to: the name of the flow that a person asked for, or an entry of a composed flow.
    task: str
    #: Flow file's name it is written in; differs from `task` inside a sub-flow.
    flow: str
    #: Short name, from the file or made from the action.
    name: str
    #: The action's verb: click, fill, for_each ...
    kind: str
    #: The step as one plain sentence, secrets masked.
    sentence: str
    #: How many steps it is nested in; 0 at the top of a task.
    depth: int
    #: `file:line:column` of the step.
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One irreversible act, as it is told to the gate before it is made."""

    #: `<kind>:<identity>`, the same key in survey, plan, approval, ledger and oracle.
    object: str
    #: What it destroys, one sentence.
    sentence: str
    #: The sub-account (or, in the agency view, the customer) it belongs to.
    location_id: str
    run_id: str
    step: StepRef
    #: Address of the page, and of the frame the press happens in when that is another.
    page_url: str
    frame_url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What became of one irreversible act."""

    object: str
    sentence: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step, ended."""

    step: StepRef
    status: Status
    started_at: datetime
    ended_at: datetime
    #: Why it did not pass, or why nothing had to be done.
    reason: str = ""
    problem: Problem | None = None
    #: By a clock that nobody sets; None in records of earlier releases.
    took_ms: int | None = None

    @property
    def duration_ms(self) -> int:
        return _duration_ms(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """One task of the procedure, ended."""

    task: str
    title: str
    #: Steps of the client's document it carries out, such as ("2.5", "3").
    procedure: tuple[str, ...]
    status: Status
    #: One line for the operator; empty only when passed.
    reason: str
    problems: tuple[Problem, ...]
    started_at: datetime
    ended_at: datetime
    steps: tuple[StepResult, ...] = ()
    #: Every irreversible act that was armed, in order.
    acts: tuple[Act, ...] = ()
    #: What was read: plain JSON values, no secrets.
    outputs: dict[str, object] = field(default_factory=dict)
    #: It is made to change nothing.
    read_only: bool = False
    #: It is `unknown` since what was pressed for has begun, and ends later than its run has waited.
    goes_on: bool = False
    #: It is `failed` since another run had what only one may use; nothing of it was begun.
    is_busy: bool = False
    #: It is `blocked` since what an earlier run has pressed may still take effect, until then.
    in_doubt_until: datetime | None = None
    #: By a clock that nobody sets; None for what was not run, and in records of earlier releases.
    took_ms: int | None = None

    @property
    def duration_ms(self) -> int:
        return _duration_ms(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One flow with one input row, ended."""

    run_id: str
    flow: str
    title: str
    #: Public inputs only.
    inputs: dict[str, object]
    dashboard: str
    #: Name and version of the browser.
    browser: str
    status: Status
    reason: str
    started_at: datetime
    ended_at: datetime
    tasks: tuple[TaskResult, ...]
    #: What stopped the run outside any task.
    problems: tuple[Problem, ...] = ()
    #: Who it ran as: the name signed in with. Empty when not known.
    operator: str = ""
    #: It only looked at the goals.
    is_dry: bool = False
    #: The agency's time zone, an IANA name, by which it is shown. Empty where the profile names none.
    time_zone: str = ""
    #: By a clock that nobody sets; None for one that was cut off, and in records of earlier releases.
    took_ms: int | None = None

    @property
    def duration_ms(self) -> int:
        return _duration_ms(self)


def _duration_ms(of: StepResult | TaskResult | Run) -> int:
    """How long it took; where nothing has measured it, what the wall clock says."""
    if of.took_ms is not None:
        return of.took_ms
    return round((of.ended_at - of.started_at).total_seconds() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run and what it left."""

    run: Run
    #: Absolute, as is `report`.
    evidence: Path
    report: Path | None
