"""Warnings: flows that nothing runs, targets that nothing names."""

from __future__ import annotations

from collections.abc import Iterator

from robot.check.selectors import references
from robot.errors import Problem
from robot.flow.loader import FlowLibrary
from robot.flow.model import ComposedFlow
from robot.flow.step import RunStep
from robot.flow.walk import each_flow, each_mention, each_step
from robot.selector.store import SelectorStore
from robot.selector.well_known import WELL_KNOWN_TARGETS

#: Run by the runner itself, before every flow.
_RUN_BY_RUNNER = "sign-in"


def check_unused(library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """A flow that carries out a step of the procedure is for people to run, and needs no other use."""
    run = {_RUN_BY_RUNNER}
    for flow in each_flow(library):
        run |= {step.run for step in each_step(flow.steps) if isinstance(step, RunStep)}
    for composed in library.flows.values():
        if isinstance(composed, ComposedFlow):
            run |= {task.run for task in composed.tasks}
    for flow in each_flow(library):
        if flow.flow not in run and not flow.procedure:
            yield Problem(what=f"no flow runs '{flow.flow}'", where=flow.span, is_warning=True)
    named = set(WELL_KNOWN_TARGETS) | {
        mention.name for flow in each_flow(library) for mention in each_mention(flow)
    }
    named |= {stored.name for stored in store if stored.target.kind == "popup"}
    while True:
        more = {name for stored in store if stored.name in named for name, _ in references(stored)} - named
        if not more:
            break
        named |= more
    for stored in store:
        if stored.name not in named:
            yield Problem(
                what=f"nothing names the target '{stored.name}'", where=stored.span, is_warning=True
            )
