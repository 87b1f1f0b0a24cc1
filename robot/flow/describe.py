"""A step or a look as one plain sentence, for logs, evidence names and reports. Secrets print as (secret)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robot.flow.located import Located
from robot.flow.look import Look, NotLook, TargetUse, look_kind_of
from robot.flow.step import (
    CaptureStep,
    CheckStep,
    ChooseStep,
    ClickStep,
    CollectStep,
    ConverseStep,
    FillStep,
    ForEachStep,
    GoalStep,
    GotoStep,
    HoverStep,
    IfStep,
    PressStep,
    ReadStep,
    RunStep,
    SelectStep,
    StepBase,
    UncheckStep,
    WaitForStep,
    verb_of,
)
from robot.flow.template import Condition, Template, UnknownNameError


def describe_step(step: StepBase, values: Mapping[str, Any]) -> str:
    """The sentence of a step; its `name` leads when it has one."""
    sentence = _sentence(step, values)
    return f"{step.name}: {sentence}" if step.name else sentence


def short_name(step: StepBase) -> str:
    """A name for a step: its own, or its verb and target."""
    if step.name:
        return step.name
    target = main_target(step)
    return f"{verb_of(step)} {target.target}" if target else verb_of(step)


def main_target(step: StepBase) -> TargetUse | None:
    """The element that a step acts on, if it acts on one."""
    match step:
        case ClickStep():
            return step.click
        case HoverStep():
            return step.hover
        case CheckStep():
            return step.check
        case UncheckStep():
            return step.uncheck
        case FillStep():
            return step.fill.target
        case PressStep():
            return step.press.target
        case SelectStep():
            return step.select.target
        case ConverseStep():
            return step.converse.send
    return None


def _sentence(step: StepBase, values: Mapping[str, Any]) -> str:
    match step:
        case GotoStep():
            return f"open {fill(step.goto, values)}"
        case FillStep():
            part = "" if step.fill.part == "whole" else "the longest word of "
            return f"fill {use(step.fill.target, values)} with {part}'{fill(step.fill.value, values)}'"
        case PressStep():
            return f"press {step.press.key} in {use(step.press.target, values)}"
        case SelectStep():
            return f"select '{fill(step.select.option, values)}' in {use(step.select.target, values)}"
        case ChooseStep():
            return f"choose '{fill(step.choose.option, values)}' from {step.choose.from_.list}"
        case CaptureStep():
            return f"read {', '.join(step.capture)}"
        case ReadStep():
            return f"read the list {step.read.list}"
        case CollectStep():
            return f"add to {step.collect.into}"
        case WaitForStep():
            return f"wait for {describe_looks(step.wait_for, values)}"
        case RunStep():
            return f"run {step.run}"
        case ForEachStep():
            return f"for each {step.for_each.as_} of {step.for_each.list or fill(step.for_each.of, values)}"
        case IfStep():
            return f"if {describe_looks(step.if_, values)}"
        case GoalStep():
            return f"goal: {describe_looks(step.goal, values)}"
        case ConverseStep():
            return f"talk to support in {step.converse.messages}"
    target = main_target(step)
    return f"{verb_of(step)} {use(target, values)}" if target else verb_of(step)


def describe_looks(looks: tuple[Look, ...], values: Mapping[str, Any]) -> str:
    """Looks as one line."""
    return " and ".join(describe_look(look, values) for look in looks)


def describe_look(look: Located, values: Mapping[str, Any]) -> str:
    """One look as words, such as `none phone_numbers.numbers`."""
    kind = look_kind_of(look)
    if isinstance(look, NotLook):
        return f"not {describe_look(look.not_, values)}"
    body = getattr(look, kind)
    return f"{kind} {_words(body, values)}"


def _words(body: Any, values: Mapping[str, Any]) -> str:
    if isinstance(body, TargetUse):
        return use(body, values)
    if isinstance(body, Template):
        return f"'{fill(body, values)}'"
    if isinstance(body, Condition):
        return f"({body.text})"
    if isinstance(body, tuple):
        return "(" + ", ".join(describe_look(item, values) for item in body) + ")"
    if isinstance(body, Located):
        parts = []
        for name in type(body).model_fields:
            value = getattr(body, name)
            if name == "span" or value is None or value is False or value == {}:
                continue
            words = _words(value, values)
            parts.append(words if name in ("of", "list", "row") else f"{name.rstrip('_')} {words}")
        return " ".join(parts)
    return str(body)


def use(target: TargetUse, values: Mapping[str, Any]) -> str:
    """A use of a target as words."""
    return target.target + (f" of '{fill(target.row, values)}'" if target.row else "")


def fill(template: Template | None, values: Mapping[str, Any]) -> str:
    """The filled text; holes that have no value yet stay as they are written."""
    if template is None:
        return ""
    try:
        return template.fill_text(values)
    except UnknownNameError:
        return template.text
