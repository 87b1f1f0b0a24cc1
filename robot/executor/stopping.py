"""How steps and tasks end that do not end well: a status for each error, and what the browser means by its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from playwright.sync_api import Error as PlaywrightError

from robot.errors import (
    ApplicationError,
    BlockedError,
    BusinessError,
    CancelledError,
    DryRunError,
    OutcomeUnknownError,
    Problem,
    RobotError,
)
from robot.executor.browser import BrowserSession
from robot.flow.describe import short_name
from robot.flow.step import StepBase
from robot.run.model import Status

#: What a `block` of a flow raises, by the status that it names.
STOPS: Mapping[str, type[RobotError]] = {
    "blocked": BlockedError,
    "failed": ApplicationError,
    "unknown": OutcomeUnknownError,
}
_STATUS_OF: tuple[tuple[type[RobotError], Status], ...] = (
    (CancelledError, Status.CANCELLED),
    (DryRunError, Status.SKIPPED),
    (OutcomeUnknownError, Status.UNKNOWN),
    (BusinessError, Status.BLOCKED),
    (RobotError, Status.FAILED),
)


def status_of(error: RobotError) -> Status:
    """How a task ends that ended with this error."""
    return next(status for kind, status in _STATUS_OF if isinstance(error, kind))


def explain(
    step: StepBase, error: PlaywrightError, *, session: BrowserSession, stop_if_told: Callable[[], None]
) -> RobotError:
    """What an error of the browser means for the run. stop_if_told: raises CancelledError once it is to end."""
    session.note_error(error)
    if session.is_open:
        return ApplicationError(_browser_problem(step, error, session.page.url))
    try:
        # Whoever ends the whole process group ends the browser too.
        stop_if_told()
    except CancelledError as cancelled:
        return cancelled
    problem = session.why_gone(error)
    if session.has_crashed:
        problem = replace(problem, what="the page has crashed")
    return ApplicationError(replace(problem, where=step.span))


def _browser_problem(step: StepBase, error: PlaywrightError, page_url: str) -> Problem:
    """What the browser said, in one line; its whole log as a detail."""
    first, *rest = error.message.splitlines()
    log = "\n".join(line.strip() for line in rest if line.strip())[:1500]
    if "ERR_CONNECTION" in first or "ERR_NAME_NOT_RESOLVED" in first or "ERR_EMPTY_RESPONSE" in first:
        return Problem(
            what="the dashboard does not answer",
            where=step.span,
            details=(("browser", first), ("page", page_url)),
            done="nothing was pressed in this step",
            next="check that the address is right and the dashboard is up, then run again",
        )
    return Problem(
        what=f"'{short_name(step)}' could not be done: {first}",
        where=step.span,
        details=(("log", log), ("page", page_url)) if log else (("page", page_url),),
        done="nothing was pressed in this step",
        next="look at the picture; run again if the page was slow, else mend flow or selectors",
    )
