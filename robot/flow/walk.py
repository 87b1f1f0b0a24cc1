"""Walks through flows: every step, every look, every use of a target, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from robot.flow.loader import FlowLibrary
from robot.flow.located import Located
from robot.flow.look import ListUse, RowUse, TargetUse
from robot.flow.model import Flow
from robot.flow.step import (
    ChatForm,
    ChooseBody,
    ConverseBody,
    ConverseStep,
    ForEachBody,
    ForEachStep,
    GoalStep,
    IfStep,
    ReadBody,
    StepBase,
)
from robot.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetMention:
    """One place in a flow that names a target."""

    name: str
    span: Span | None
    is_list: bool
    #: Set where the mention is a full use, with row and parameters.
    use: TargetUse | None = None


def each_flow(library: FlowLibrary) -> Iterator[Flow]:
    """Every flow that has steps."""
    for flow in library.flows.values():
        if isinstance(flow, Flow):
            yield flow


def each_step(steps: tuple[StepBase, ...]) -> Iterator[StepBase]:
    """Every step, nested ones after the step that holds them."""
    for step in steps:
        yield step
        for inner in inner_steps(step):
            yield from each_step(inner)


def inner_steps(step: StepBase) -> tuple[tuple[StepBase, ...], ...]:
    """The lists of steps that a step holds, in the order in which they run."""
    match step:
        case GoalStep():
            return (step.do, step.look_again)
        case IfStep():
            return (step.then, step.else_)
        case ConverseStep():
            return (step.converse.look_again,)
        case ForEachStep():
            return (step.do, step.for_each.recover)
    return ()


def each_part(value: Any) -> Iterator[Located]:
    """Every piece of a step but the steps it holds, itself first."""
    if isinstance(value, Located):
        yield value
        for name in type(value).model_fields:
            if isinstance(value, StepBase) and name in ("do", "look_again", "then", "else_"):
                continue
            if isinstance(value, ForEachBody) and name == "recover":
                continue
            if isinstance(value, ConverseBody) and name == "look_again":
                continue
            yield from each_part(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from each_part(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from each_part(item)


def each_mention(flow: Flow) -> Iterator[TargetMention]:
    """Every mention of a target or list in a flow."""
    for name in (*flow.mask, *((flow.signed_out,) if flow.signed_out else ())):
        yield TargetMention(name=name, span=flow.span, is_list=False)
    for step in each_step(flow.steps):
        for part in each_part(step):
            yield from _mentions(part)


def _mentions(part: Located) -> Iterator[TargetMention]:
    match part:
        case TargetUse():
            yield TargetMention(name=part.target, span=part.span, is_list=False, use=part)
        case ListUse() | RowUse() | ReadBody():
            yield TargetMention(name=part.list, span=part.span, is_list=True)
        case ForEachBody():
            if part.list is not None:
                yield TargetMention(name=part.list, span=part.span, is_list=True)
        case ChooseBody():
            if part.part is not None:
                yield TargetMention(name=part.part, span=part.span, is_list=False)
        case ConverseBody():
            yield TargetMention(name=part.messages, span=part.span, is_list=True)
            if part.quick_reply is not None:
                yield TargetMention(name=part.quick_reply, span=part.span, is_list=False)
        case ChatForm():
            yield TargetMention(name=part.fields, span=part.span, is_list=True)
            yield TargetMention(name=part.input, span=part.span, is_list=False)
            yield TargetMention(name=part.select, span=part.span, is_list=False)
