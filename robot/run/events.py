"""What happens during a run, as it happens: the events and the listener that may watch them.

Listeners may not stop a run; what may stop it stands behind the gate. Must not know of browsers or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from robot.run.model import Intent, Run, StepRef, StepResult, TaskResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in a picture, in CSS pixels from the picture's top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    run_id: str
    flow: str
    title: str
    #: Public inputs only.
    inputs: dict[str, object]
    dashboard: str
    browser: str
    at: datetime
    #: Who it runs as: the name signed in with. Empty when not known.
    operator: str = ""
    #: The agency's time zone, an IANA name; all times of the evidence are UTC. Empty where the profile names none.
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted:
    task: str
    title: str
    procedure: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    step: StepRef
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A condition was looked for until it held, the deadline passed, or the dashboard said no."""

    step: StepRef
    purpose: Literal["goal", "require", "expect", "if", "wait_for", "read"]
    #: What was looked for, one line.
    sought: str
    #: What was there, one line.
    found: str
    holds: bool
    page_url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A picture was taken, or could not be had (`image` empty, `missing` says why)."""

    step: StepRef
    moment: Literal["before", "after", "stop"]
    #: JPEG, one CSS pixel a pixel; already masked.
    image: bytes
    #: The element acted on.
    mark: Box | None
    missing: str
    page_url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """The gate took the intent; the press follows at once."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """The press of an armed intent was made (`pressed`) or is known not to have been."""

    intent: Intent
    pressed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    step: StepRef
    name: str
    #: Plain JSON; "(secret)" for a secret.
    value: object
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """A later candidate of a target matched, the first one did not."""

    step: StepRef
    target: str
    #: The candidates as text.
    expected: str
    matched: str
    #: `file:line:column` of the candidate that matched.
    where: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsFound:
    """The targets and lists that a task has seen on its pages, at the task's end."""

    task: str
    #: By their first candidate, at least once.
    first: tuple[str, ...]
    #: By a later candidate alone.
    later: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsShown:
    """Signs of trouble that are shown on a page on which nothing is wrong: they are no signs."""

    #: Targets, each with what it says.
    signs: tuple[tuple[str, str], ...]
    page_url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PopupClosed:
    """A pop-up known to be harmless was closed."""

    target: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of a support conversation, in order."""

    step: StepRef
    by: Literal["robot", "support"]
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something worth keeping that belongs to no step: page errors, blocked hosts, remarks."""

    kind: Literal["console", "page_error", "blocked_host", "remark"]
    text: str
    page_url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFrame:
    """One frame of the screencast."""

    #: JPEG.
    image: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSaved:
    """A raw Playwright trace lies at `path`, outside the bundle, for evidence to rewrite and take over."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    result: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished:
    result: TaskResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    run: Run


Event = (
    RunStarted
    | TaskStarted
    | StepStarted
    | Looked
    | Pictured
    | Armed
    | Acted
    | Captured
    | Drifted
    | TargetsFound
    | SignsShown
    | PopupClosed
    | Said
    | Noted
    | VideoFrame
    | TraceSaved
    | StepFinished
    | TaskFinished
    | RunFinished
)


class Listener(Protocol):
    """Watches a run. What it raises is noted and never reaches the run."""

    def notice(self, event: Event) -> None: ...
