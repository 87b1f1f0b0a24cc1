"""Which kinds of objects a flow does something irreversible to."""

from __future__ import annotations

from robot.flow.loader import AnyFlow, FlowLibrary
from robot.flow.model import ComposedFlow, Flow
from robot.flow.step import ActBase, RunStep, StepBase
from robot.flow.walk import each_flow, each_step


def kinds_of(library: FlowLibrary) -> set[str]:
    """Those of all flows."""
    return {kind for flow in each_flow(library) for kind in kinds_of_steps(flow.steps, library)}


def kinds_of_flow(flow: AnyFlow, library: FlowLibrary) -> set[str]:
    """Those of one flow, and of what it runs; none for a flow that only reads."""
    if isinstance(flow, ComposedFlow):
        return {kind for task in flow.tasks for kind in kinds_of_flow(library.find(task.run), library)}
    return kinds_of_steps(flow.steps, library) if isinstance(flow, Flow) else set()


def kinds_of_steps(steps: tuple[StepBase, ...], library: FlowLibrary) -> set[str]:
    """The kinds of objects that these steps do something irreversible to, in the flows that they run too."""
    kinds = set()
    for step in each_step(steps):
        if isinstance(step, ActBase) and step.irreversible is not None and step.object is not None:
            kinds.add(step.object.text.split(":")[0])
        if isinstance(step, RunStep) and isinstance(inner := library.flows.get(step.run), Flow):
            kinds |= kinds_of_steps(inner.steps, library)
    return kinds
