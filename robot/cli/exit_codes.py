"""What the command's exit code says; of several, the worst wins."""

from __future__ import annotations

from robot.errors import BadInputError, BusinessError, CancelledError, OutcomeUnknownError, RobotError
from robot.run.model import Run, Status

GOOD, FAILED, BAD_INPUT, PERSON, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 130

_OF_STATUS = {
    Status.PASSED: GOOD,
    Status.NOOP: GOOD,
    Status.SKIPPED: GOOD,
    Status.FAILED: FAILED,
    Status.UNKNOWN: PERSON,
    Status.BLOCKED: PERSON,
    Status.CANCELLED: INTERRUPTED,
}


def code_of_run(run: Run) -> int:
    """The exit code of a run: that of its worst task. A skipped task adds nothing to what made it skipped."""
    return max([_OF_STATUS[run.status], *(_OF_STATUS[task.status] for task in run.tasks)])


def code_of_error(error: RobotError) -> int:
    """The exit code of an error that kept a command from doing its work."""
    match error:
        case BadInputError():
            return BAD_INPUT
        case BusinessError() | OutcomeUnknownError():
            return PERSON
        case CancelledError():
            return INTERRUPTED
    return FAILED
