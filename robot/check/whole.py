"""Is what goes into a message, a typed word or a name the whole of what the page shows?

A pattern that is not anchored takes a piece of a cell: of "Adrianne's Housekeeping BN12" its first word. A piece
may be compared; it may not be written to somebody, typed, or make the key of an object. Opens no browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from robot.errors import Problem
from robot.flow.loader import FlowLibrary
from robot.flow.model import ComposedFlow, Flow
from robot.flow.step import (
    ActBase,
    CaptureStep,
    ChooseStep,
    CollectStep,
    ConverseStep,
    FillStep,
    ForEachStep,
    ReadStep,
    RunStep,
    SelectStep,
    StepBase,
)
from robot.flow.template import Template
from robot.flow.walk import each_flow, each_step
from robot.selector.store import SelectorStore
from robot.source import Span

#: A place in a file, and what is cut out there.
_Origin = tuple[Span | None, str]
#: What is cut out of the page, by name; of rows by name and field, with a dot between.
_Cut = dict[str, frozenset[_Origin]]

_ANCHORED = re.compile(r"(?s)^(\(\?[a-z]+\))?\^.*\$$")
#: A group of fixed words: whatever the page shows, it is one of them.
_FIXED = re.compile(r"\(([\w -]+(?:\|[\w -]+)*)\)")


def check_whole(library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """Yields patterns that take a piece of what is shown, which is then written, typed, or names an object."""
    cut = _spread(library, _cut_fields(store))
    told: set[_Origin] = set()
    for flow in each_flow(library):
        for text, what in _sinks(flow):
            for name in text.names:
                for origin in cut[flow.flow].get(name, frozenset()) - told:
                    told.add(origin)
                    yield Problem(
                        what=f"{origin[1]} takes a piece of what is shown, and the flow '{flow.flow}' {what}",
                        where=origin[0],
                        details=(("there", str(text.span)),) if text.span else (),
                        next="take the whole text, or anchor the pattern with ^ and $: whole or nothing",
                    )


def is_whole(pattern: str) -> bool:
    """Whether a pattern takes all of what is shown or nothing, or only fixed words."""
    if _ANCHORED.match(pattern):
        return True
    groups = re.compile(pattern).groups
    fixed = _FIXED.findall(pattern)
    return groups == 1 and len(fixed) == 1 and not re.search(r"\\[wWdDsS]", fixed[0])


def _cut_fields(store: SelectorStore) -> dict[str, _Cut]:
    """By list, the fields that are pieces of cells. Attributes and telephone numbers have a form of their own."""
    return {
        stored.name: {
            name: frozenset({(field.span, f"the field '{name}' of '{stored.name}'")})
            for name, field in stored.target.list.fields.items()
            if field.pattern is not None
            and field.attribute is None
            and field.as_ != "phone"
            and not is_whole(field.pattern)
        }
        for stored in store
        if stored.target.list is not None
    }


def _spread(library: FlowLibrary, fields: Mapping[str, _Cut]) -> dict[str, _Cut]:
    """What is cut, by flow and name: also what it was handed on to, until nothing more is found."""
    cut: dict[str, _Cut] = {name: {} for name in library.flows}
    while True:
        before = sum(len(origins) for names in cut.values() for origins in names.values())
        for flow in library.flows.values():
            mine = cut[flow.flow]
            if isinstance(flow, ComposedFlow):
                for task in flow.tasks:
                    _hand_on(task.run, task.with_, task.save, mine, cut)
            else:
                for step in each_step(flow.steps):
                    _follow(step, mine, cut, fields)
        if sum(len(origins) for names in cut.values() for origins in names.values()) == before:
            return cut


def _follow(step: StepBase, mine: _Cut, cut: dict[str, _Cut], fields: Mapping[str, _Cut]) -> None:
    match step:
        case ReadStep():
            _add_fields(mine, step.read.into, fields.get(step.read.list, {}))
        case ForEachStep():
            body = step.for_each
            if body.list is not None:
                _add_fields(mine, body.as_, fields.get(body.list, {}))
            if body.of is not None:
                _copy(body.of, mine, mine, body.as_)
        case CaptureStep():
            for name, source in step.capture.items():
                is_shown = source.text is not None or source.value is not None
                if is_shown and source.pattern is not None and not is_whole(source.pattern):
                    _add(mine, name, frozenset({(source.span, f"'{name}'")}))
                if source.filled is not None:
                    _copy(source.filled, mine, mine, name)
        case CollectStep():
            body_value = step.collect.value
            parts = body_value.items() if isinstance(body_value, dict) else [("", body_value)]
            for key, text in parts:
                _copy(text, mine, mine, f"{step.collect.into}.{key}" if key else step.collect.into)
        case RunStep():
            _hand_on(step.run, step.with_, step.save, mine, cut)


def _hand_on(
    flow: str, with_: Mapping[str, Template], save: Mapping[str, str], mine: _Cut, cut: dict[str, _Cut]
) -> None:
    inner = cut.get(flow)
    if inner is None:
        return
    for name, text in with_.items():
        _copy(text, mine, inner, name)
    for here, there in save.items():
        _copy(Template("${" + there + "}"), inner, mine, here)


def _copy(text: Template, source: _Cut, target: _Cut, name: str) -> None:
    """What the holes of a text hold becomes what `name` holds; fields too, where it is one hole."""
    for hole in text.names:
        _add(target, name, source.get(hole, frozenset()))
        if text.text.strip() == "${" + hole + "}":
            for known, origins in list(source.items()):
                if known.startswith(f"{hole}."):
                    _add(target, name + known.removeprefix(hole), origins)


def _add_fields(cut: _Cut, name: str, fields: _Cut) -> None:
    for field, origins in fields.items():
        _add(cut, f"{name}.{field}", origins)


def _add(cut: _Cut, name: str, origins: frozenset[_Origin]) -> None:
    if origins:
        cut[name] = cut.get(name, frozenset()) | origins


def _sinks(flow: Flow) -> Iterator[tuple[Template, str]]:
    """Texts that are typed, written to somebody, or name an object, and what is done with them."""
    for step in each_step(flow.steps):
        match step:
            case FillStep():
                yield step.fill.value, "types it"
            case SelectStep():
                yield step.select.option, "chooses by it"
            case ChooseStep():
                yield step.choose.option, "chooses by it"
            case ConverseStep():
                for prompt in step.converse.known:
                    for text in (prompt.answer, *prompt.also):
                        yield text, "writes it in a message"
        if isinstance(step, ActBase):
            if step.object is not None:
                yield step.object, "names an object by it"
            if step.irreversible is not None:
                yield step.irreversible, "says by it what cannot be undone"
    for rule in flow.plan.objects if flow.plan else ():
        yield rule.object, "names an object by it"
        if rule.text is not None:
            yield rule.text, "writes it in a message"
