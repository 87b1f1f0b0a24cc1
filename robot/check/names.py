"""Has every `${name}` a value when it is filled, and is no secret shown?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from robot.errors import Problem, did_you_mean
from robot.flow.loader import FlowLibrary
from robot.flow.model import ComposedFlow, Flow, Place, Task
from robot.flow.step import (
    CONVERSATION,
    CaptureStep,
    CollectStep,
    ConverseStep,
    FillStep,
    ForEachBody,
    ForEachStep,
    ReadStep,
    RunStep,
    StepBase,
)
from robot.flow.template import Condition, Template
from robot.flow.walk import each_flow, each_part, each_step, inner_steps
from robot.source import Span

#: Names that every flow has: the profile's words and policies, the day, and the moment it began (ISO 8601, UTC).
ALWAYS = frozenset({"words", "policy", "today", "now"})


def check_names(library: FlowLibrary) -> Iterator[Problem]:
    """Yields names that have no value where they are used, and outputs that nothing sets."""
    for flow in each_flow(library):
        # Outputs that are lists are there from the start, empty.
        lists = {name for name, output in flow.outputs.items() if output.type == "list"}
        yield from _check_steps(flow.steps, set(flow.inputs) | ALWAYS | lists, flow)
        yield from _check_place(flow)
        yield from _check_plan(flow)
        given = set(flow.inputs) | {name for step in each_step(flow.steps) for name in names_set(step)}
        for name, output in flow.outputs.items():
            if name not in given:
                yield Problem(
                    what=f"nothing in this flow sets the output '{name}'",
                    where=output.span,
                    next="capture, read or collect it, or remove it",
                )
    for composed in library.flows.values():
        if isinstance(composed, ComposedFlow):
            yield from _check_tasks(composed)


def _check_plan(flow: Flow) -> Iterator[Problem]:
    """A plan is made of what the flow was given and leaves behind."""
    known = set(flow.inputs) | set(flow.outputs) | ALWAYS
    for rule in flow.plan.objects if flow.plan else ():
        of_row = {rule.as_} if rule.as_ else set()
        for part in each_part(rule):
            for name in type(part).model_fields:
                extra = {"row"} if name == "where" else set() if name == "of" else of_row
                for piece in _direct(getattr(part, name)):
                    yield from _check_known(
                        piece, known | extra, piece.span or rule.span, "make it an output of this flow"
                    )


def _check_known(
    piece: Template | Condition, known: set[str], where: Span | None, hint: str
) -> Iterator[Problem]:
    for name in piece.names:
        first = name.split(".")[0]
        if first not in known:
            yield Problem(
                what=f"'{first}' has no value here",
                where=where,
                next=did_you_mean(first, sorted(known)) or hint,
            )


def _check_place(flow: Flow) -> Iterator[Problem]:
    """A place of another name than the customer's must be given, so that it is known from the start."""
    for name in (flow.place.location_id, flow.place.company):
        if name not in flow.inputs and flow.place != Place():
            yield Problem(
                what=f"the place is named by '{name}', which is no input of this flow",
                where=flow.place.span or flow.span,
                next=did_you_mean(name, list(flow.inputs)) or "make it an input",
            )


def _check_steps(steps: tuple[StepBase, ...], known: set[str], flow: Flow) -> Iterator[Problem]:
    """`known` grows by what the steps set; what a branch sets counts, since a wrong branch blocks."""
    for step in steps:
        secrets = {name for name, item in flow.inputs.items() if item.secret}
        # What a step sets is set before its own expectations are looked for only in nested steps.
        yield from _check_one(step, known, secrets)
        known |= set(names_set(step))
        own = _own_names(step)
        inner_known = known | own
        for inner in inner_steps(step):
            yield from _check_steps(inner, inner_known, flow)
        known |= inner_known - own


def _own_names(step: StepBase) -> set[str]:
    """The names that a step gives a value for the steps that it holds, and for no others."""
    match step:
        case ForEachStep():
            return {step.for_each.as_}
        case ConverseStep():
            return {CONVERSATION}
    return set()


def _check_one(step: StepBase, known: set[str], secrets: set[str]) -> Iterator[Problem]:
    for piece, extra in _pieces(step):
        hint = "make it an input, or capture, read or collect it in an earlier step"
        yield from _check_known(piece, known | extra, piece.span or step.span, hint)
        for name in piece.names:
            first = name.split(".")[0]
            if first in secrets and not _may_be_secret(step, piece):
                yield Problem(
                    what=f"the secret '{first}' would be written here",
                    where=piece.span or step.span,
                    next="secrets may only be typed with 'fill', and asked for in 'if: {holds: ...}'",
                )


def _pieces(step: StepBase) -> Iterator[tuple[Template | Condition, set[str]]]:
    """The templates and conditions of a step itself, each with the names that it alone has."""
    for part in each_part(step):
        for name in type(part).model_fields:
            value = getattr(part, name)
            for piece in _direct(value):
                if name == "where" and isinstance(piece, Condition):
                    yield piece, {"row"}
                elif name == "object" and isinstance(part, ForEachBody):
                    yield piece, {part.as_}
                else:
                    yield piece, set()


def _direct(value: Any) -> Iterator[Template | Condition]:
    if isinstance(value, Template | Condition):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _direct(item)


def _may_be_secret(step: StepBase, piece: Template | Condition) -> bool:
    if isinstance(piece, Condition):
        return True
    return (isinstance(step, FillStep) and piece is step.fill.value) or isinstance(step, RunStep)


def names_set(step: StepBase) -> tuple[str, ...]:
    """The names that a step gives a value."""
    match step:
        case CaptureStep():
            return tuple(step.capture)
        case ReadStep():
            return (step.read.into,)
        case CollectStep():
            return (step.collect.into,)
        case RunStep():
            return tuple(step.save)
        case ConverseStep():
            return (step.converse.ending, *re.compile(step.converse.done).groupindex)
    return ()


def _check_tasks(composed: ComposedFlow) -> Iterator[Problem]:
    known = set(composed.inputs) | ALWAYS
    for task in composed.tasks:
        yield from _check_task(task, known)
        known |= set(task.save)
    for name, output in composed.outputs.items():
        if name not in known:
            yield Problem(what=f"no task saves the output '{name}'", where=output.span)


def _check_task(task: Task, known: set[str]) -> Iterator[Problem]:
    for piece in _direct(task.with_):
        hint = "make it an input, or save it from an earlier task"
        yield from _check_known(piece, known, piece.span or task.span, hint)
