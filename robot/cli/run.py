"""`offboard run FLOW`: one flow for one customer."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace

from rich.console import Console

from robot.cli.carry_out import Finished, RunOptions, carry_out
from robot.cli.error_handler import tell_problems
from robot.cli.exit_codes import code_of_run
from robot.errors import BadInputError, Problem
from robot.report.bundle import load_bundle
from robot.report.terminal import print_report
from robot.report.view import arrange
from robot.settings import Settings


def run(
    flow: str,
    inputs: tuple[str, ...],
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    is_json: bool,
) -> int:
    """inputs: `name=value` words. Prints the result; returns the exit code."""
    given = parse_words(inputs)
    options = replace(options, quiet=is_json or options.quiet)
    finished = carry_out(flow, given, settings=settings, options=options, environ=environ)
    if is_json:
        sys.stdout.write(json.dumps(as_json(finished), ensure_ascii=False) + "\n")
    else:
        show(finished)
    return code_of_run(finished.run)


def parse_words(words: tuple[str, ...]) -> dict[str, str]:
    """`name=value` words as a mapping. Raises BadInputError naming every word that is not one."""
    given: dict[str, str] = {}
    problems = []
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name:
            problems.append(
                Problem(
                    what=f"'{word}' is not an input", next="write --input name=value, for example company=..."
                )
            )
        elif name in given:
            problems.append(Problem(what=f"the input '{name}' is given twice", next="give it once"))
        given[name] = value
    if problems:
        raise BadInputError(*problems)
    return given


def as_json(finished: Finished) -> dict[str, object]:
    """What `--json` prints: status, tasks, and where the evidence lies."""
    result = finished.run
    return {
        "run": result.run_id,
        "flow": result.flow,
        "status": str(result.status),
        "reason": result.reason,
        "seconds": round(result.duration_ms / 1000, 2),
        "tasks": [
            {
                "flow": task.task,
                "step": ", ".join(task.procedure),
                "title": task.title,
                "status": str(task.status),
                "reason": task.reason,
                "seconds": round(task.duration_ms / 1000, 2),
                "acts": [{"object": act.object, "status": str(act.status)} for act in task.acts],
                "problems": [
                    {"what": item.what, "done": item.done, "next": item.next} for item in task.problems
                ],
            }
            for task in result.tasks
        ],
        "problems": [{"what": item.what, "done": item.done, "next": item.next} for item in result.problems],
        "evidence": str(finished.evidence),
        "report": str(finished.report) if finished.report else None,
    }


def show(finished: Finished) -> None:
    """Prints the report, as it stands in the evidence, and every problem with its next step."""
    print_report(arrange(load_bundle(finished.evidence)), Console())
    found = [*finished.run.problems, *(item for task in finished.run.tasks for item in task.problems)]
    tell_problems(tuple(dict.fromkeys(found)), is_json=False)
