"""What can go wrong, told in one form: what, where, what was not done, what to do next.

    RobotError                      carries one or more Problems
    |-- BadInputError               what a person gave us is wrong; nothing was started     (exit 2)
    |   |-- FlowError               a flow file
    |   |-- SelectorError           a selector file or a profile
    |   `-- SetupError              this machine lacks something: a browser, a writable folder
    |-- BusinessError               the dashboard or the data says no; trying again is useless (exit 3)
    |   |-- BlockedError            a person must decide
    |   |   |-- AmbiguousTargetError   two matches where one was needed
    |   |   `-- GateError           the gate refused to arm an intent; nothing was pressed
    |   |       |-- UnplannedError      it is not in the approved plan
    |   |       |-- SentBeforeError     what is never sent twice was sent before
    |   |       |-- InDoubtError        what was pressed before may still take effect; for a while
    |   |       `-- UnrecordableError   what is done can no longer be recorded; this run presses nothing more
    |   `-- GuardError              a required condition did not hold; nothing was pressed
    |-- OutcomeUnknownError         acted, and the effect was not seen                      (exit 3)
    |   `-- GoesOnError             it was seen to begin, and ends later than this run waits
    |-- DryRunError                 a dry run has come to what it would do; nothing was pressed
    |-- CancelledError              a person stopped the run                                (exit 130)
    `-- ApplicationError            the page, the network or the browser failed; may be tried again (exit 1)
        |-- BusyError               another run has what only one may use; nothing of the task was begun
        `-- TargetMissingError      no candidate of a target matched in time

Knows nothing of flows, pages or terminals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from robot.harmless import harmless
from robot.source import Span, render_snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, in words that stand alone."""

    #: What is wrong, one line, lower case, no full stop.
    what: str
    #: Where in a file the cause stands, if it stands in one.
    where: Span | None = None
    #: Label and text pairs printed under the first line, such as ("page", "/contacts/new").
    details: tuple[tuple[str, str], ...] = ()
    #: What was not done, or was, before this stopped us. Empty for problems of files.
    done: str = ""
    #: What the reader should do now.
    next: str = ""
    #: Worth telling, but nothing is refused for it.
    is_warning: bool = False

    def with_details(self, *details: tuple[str, str]) -> Problem:
        """Returns a copy with more detail lines at the end."""
        return replace(self, details=self.details + details)

    def headline(self) -> str:
        """The first line: place and cause."""
        what = f"warning: {self.what}" if self.is_warning else self.what
        return f"{self.where}: {what}" if self.where else what

    def render(self, read_text: Callable[[str], str | None] | None = None) -> str:
        """The whole block, the same for a terminal and for <pre>.

        read_text: given a span's path, returns the file's text, or None where it cannot be had; without it
        no snippet is shown.
        """
        lines = [harmless(self.headline())]
        text = read_text(self.where.path) if read_text and self.where else None
        if text is not None and self.where is not None:
            lines += [f"  {line}" for line in render_snippet(text, self.where)]
        rows = [(harmless(label), value) for label, value in self.details]
        if self.done:
            rows.append(("done", self.done))
        if self.next:
            rows.append(("next", self.next))
        width = max((len(label) for label, _ in rows), default=0) + 1
        for label, value in rows:
            first, *rest = harmless(value.replace("\r\n", "\n").rstrip("\n"), lines=True).split("\n")
            lines.append(f"  {label + ':':<{width}} {first}")
            lines += [f"  {'':<{width}} {line}" for line in rest]
        return "\n".join(lines)


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Returns "did you mean 'x'?" for a near miss, else an empty string."""
    close = get_close_matches(word, known, n=1, cutoff=0.72)
    return f"did you mean '{close[0]}'?" if close else ""


class RobotError(Exception):
    """Anything this program refuses or could not do. `problems` is never empty."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    @property
    def problem(self) -> Problem:
        """The first problem, which is the one to lead with."""
        return self.problems[0]

    def explain(self, cause: RobotError) -> None:
        """Tells too what kept the run from going on; first, unless this is about more than the page."""
        if isinstance(self, ApplicationError):
            self.problems = (*cause.problems, *self.problems)
        else:
            self.problems = (*self.problems, *cause.problems)

    def __str__(self) -> str:
        return "\n".join(problem.headline() for problem in self.problems)


class BadInputError(RobotError):
    """What a person gave us is wrong; nothing was started."""


class FlowError(BadInputError):
    """A flow file does not say what it must."""


class SelectorError(BadInputError):
    """A selector file or a profile does not say what it must."""


class SetupError(BadInputError):
    """This machine lacks something the robot needs."""


class BusinessError(RobotError):
    """The dashboard or the data says no; trying again is useless."""


class BlockedError(BusinessError):
    """A person must decide."""


class AmbiguousTargetError(BlockedError):
    """Two matches where exactly one was needed."""


class GateError(BlockedError):
    """The gate refused to arm an intent; nothing was pressed."""


class UnplannedError(GateError):
    """An object that is not in the approved plan; it was left alone."""


class SentBeforeError(GateError):
    """What is never sent twice was armed or sent before."""


class InDoubtError(GateError):
    """An earlier press of the same object may still take effect; once that time is over, a look settles it."""

    def __init__(self, *problems: Problem, until: datetime) -> None:
        super().__init__(*problems)
        self.until = until


class UnrecordableError(GateError):
    """Evidence or ledger can no longer be written; nothing more is pressed in this run."""


class GuardError(BusinessError):
    """A required condition did not hold; nothing was pressed."""


class OutcomeUnknownError(RobotError):
    """An irreversible press was made and its effect was not seen."""


class GoesOnError(OutcomeUnknownError):
    """What was pressed for was seen to begin, and ends later than this run waits."""


class DryRunError(RobotError):
    """A dry run has come to what a run would do; nothing was pressed, and nothing is wrong."""


class CancelledError(RobotError):
    """A person stopped the run."""


class ApplicationError(RobotError):
    """The page, the network or the browser failed; may be tried again."""


class BusyError(ApplicationError):
    """Another run has what only one may use, and has not let go of it; nothing of the task was begun."""


class TargetMissingError(ApplicationError):
    """No candidate of a target matched in time."""
