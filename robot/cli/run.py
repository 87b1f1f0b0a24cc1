"""`offboard run FLOW`: one flow for one customer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from robot.case.act_by_act import ActByAct
from robot.cli.error_handler import tell_problems
from robot.cli.exit_codes import code_of_run
from robot.cli.terminal import outfit_at_terminal
from robot.errors import BadInputError, BlockedError, Problem
from robot.flow.acts import kinds_of_flow
from robot.flow.inputs import read_inputs
from robot.flow.loader import FlowLibrary
from robot.outfit import Outfit, RunOptions, ledger_of, new_run_id, read_rules, run_once
from robot.report.bundle import load_bundle
from robot.report.terminal import print_report
from robot.report.view import arrange
from robot.run.model import Finished, Status
from robot.runner import RunRequest
from robot.screen import Screen, say_json
from robot.settings import Settings


def run(
    flow: str,
    inputs: tuple[str, ...],
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    is_dry: bool,
    is_json: bool,
) -> int:
    """inputs: `name=value` words. Prints the result; returns the exit code."""
    rules = read_rules(settings)
    request = make_request(rules.library, flow, parse_words(inputs), is_dry=is_dry)
    outfit = outfit_at_terminal(rules, settings=settings, options=options, environ=environ, quiet=is_json)
    finished = carry_out(outfit, request)
    if is_json:
        say_json(as_json(finished))
    else:
        show(finished)
    return code_of_run(finished.run)


def make_request(
    library: FlowLibrary, flow_name: str, given: Mapping[str, str], *, is_dry: bool = False
) -> RunRequest:
    """Raises BadInputError for a flow that is not there, and for inputs that it does not take."""
    flow = library.find(flow_name)
    return RunRequest(run_id=new_run_id(flow_name), flow=flow, inputs=read_inputs(flow, given), is_dry=is_dry)


def carry_out(outfit: Outfit, request: RunRequest) -> Finished:
    """Runs one flow.

    On a live dashboard a person is asked before each act that cannot be undone, since no plan was approved; raises
    BlockedError where nobody is there.
    """
    kinds = sorted(kinds_of_flow(request.flow, outfit.rules.library))
    is_asked = bool(kinds) and not (outfit.profile.is_local or request.is_dry)
    if is_asked and outfit.ask is None:
        raise BlockedError(
            Problem(
                what=f"'{request.flow.flow}' does what cannot be undone ({', '.join(kinds)}) on a live "
                "dashboard, and nobody has approved it",
                details=(("dashboard", outfit.profile.dashboard),),
                done="nothing was started",
                next="plan it as a case ('offboard plan CUSTOMER'), or run it at a terminal, where each act is "
                "asked for",
            )
        )
    with closing(ledger_of(outfit.settings, outfit.profile)) as ledger:
        rule = ActByAct(ledger, ask=outfit.ask, by=outfit.operator, now=outfit.now) if is_asked else None
        return run_once(outfit, ledger, request, rule=rule)


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
    print_report(arrange(load_bundle(finished.evidence)), Screen())
    run = finished.run
    # What a dry run would do is no problem.
    tasks = [task for task in run.tasks if not (run.is_dry and task.status is Status.SKIPPED)]
    found = [*run.problems, *(item for task in tasks for item in task.problems)]
    tell_problems(tuple(dict.fromkeys(found)), is_json=False)
