"""What a run of the plan means for its case."""

from __future__ import annotations

from robot.run.model import Run, Status


def outcome_of(run: Run) -> tuple[str, str]:
    """State and reason of a case whose plan was carried out by `run`, which has ended."""
    stopped = [task for task in run.tasks if task.status in (Status.BLOCKED, Status.UNKNOWN, Status.FAILED)]
    if run.status is Status.CANCELLED:
        return "open", "stopped by the operator; carry it out again to go on"
    if stopped or run.problems:
        return "needs a person", run.reason
    return "waiting", "carried out, and not verified yet"
