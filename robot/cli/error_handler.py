"""The one place that turns errors into words and exit codes. The full trace of a bug goes to a file."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from robot.cli.exit_codes import BUG, INTERRUPTED, code_of_error
from robot.errors import Problem, RobotError, SetupError
from robot.folders import data_folder
from robot.screen import say_json, tell, tell_text


def guard(command: Callable[[], int], *, is_json: bool = False) -> int:
    """Runs a command; returns its exit code, or that of what it raised."""
    try:
        return command()
    except RobotError as error:
        tell_problems(error.problems, is_json=is_json)
        return code_of_error(error)
    except KeyboardInterrupt:
        tell("offboard: interrupted")
        return INTERRUPTED
    except OSError as error:
        # What a path or a disk is not fit for, where no better word is known.
        told = SetupError(_of_system(error))
        tell_problems(told.problems, is_json=is_json)
        return code_of_error(told)
    except Exception as error:  # anything else is a bug of ours, and says so
        where = _keep_trace()
        problem = Problem(
            what=f"a bug of this program: {type(error).__name__}: {error}",
            details=(("trace", str(where)),) if where else (),
            next="report it with that file; it holds no secrets of yours but may name a customer",
        )
        tell_problems((problem,), is_json=is_json)
        return BUG


def _of_system(error: OSError) -> Problem:
    where = _keep_trace()
    file = str(error.filename or "")[:200]
    return Problem(
        what=f"the system refuses: {error.strerror or type(error).__name__}" + (f": {file}" if file else ""),
        details=(("trace", str(where)),) if where else (),
        next="see to it: a path that is wrong, a disk that is full, a file that may not be read",
    )


def tell_problems(problems: tuple[Problem, ...], *, is_json: bool) -> None:
    """Writes problems to standard error as blocks, or to standard output as one JSON object."""
    if is_json:
        shown = [
            {
                "what": problem.what,
                "where": str(problem.where) if problem.where else None,
                "details": dict(problem.details),
                "done": problem.done,
                "next": problem.next,
            }
            for problem in problems
        ]
        say_json({"status": "error", "problems": shown})
        return
    for problem in problems:
        tell_text(problem.render(read_source))


def read_source(path: str) -> str | None:
    """The text of a file that a problem points into; None when it cannot be had."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        # Such as one that is no text, or a path that holds what none may hold.
        return None


def _keep_trace() -> Path | None:
    try:
        folder = data_folder() / "bugs"
        path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(traceback.format_exc(), encoding="utf-8", errors="backslashreplace")
    except (OSError, RobotError):
        tell_text(traceback.format_exc())
        return None
    return path
