"""A validator's errors, each told at its place in the YAML file it came from.

Shared by flows, selector files and profiles; must not know what any of them mean.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from robot.errors import Problem, did_you_mean
from robot.source import Position, Span
from robot.yaml_reader import span_at

#: Finds the model behind the name of an alternative, such as "<click>"; None where there is none.
FindModel = Callable[[str], type[BaseModel] | None]


def problems_from(
    error: ValidationError, *, root: Any, path: str, model: type[BaseModel], find_model: FindModel
) -> list[Problem]:
    """Returns one Problem per error, in file order. `root` is the spanned value that was validated."""
    problems = [
        _problem(detail, root, path, model, find_model)
        for detail in error.errors()
        # A list whose items are all wrong is called empty too; the items have been told of already.
        if not (detail["type"] == "too_short" and detail["input"])
    ]
    return sorted(problems, key=lambda item: item.where.start if item.where else Position(0, 0))


def _problem(
    detail: ErrorDetails, root: Any, path: str, model: type[BaseModel], find_model: FindModel
) -> Problem:
    loc = tuple(step for step in detail["loc"] if not _is_alternative(step))
    span, _ = span_at(root, loc, path)
    holder = _model_holding(detail["loc"], model, find_model)
    key = str(loc[-1]) if loc else ""
    match detail["type"]:
        case "extra_forbidden":
            allowed = _keys_of(holder)
            hint = did_you_mean(key, allowed)
            return Problem(
                what=f"unknown key '{key}'",
                where=_key_span(root, loc, path) or span,
                next=" ".join(filter(None, [hint, f"Allowed here: {', '.join(allowed)}" if allowed else ""])),
            )
        case "missing":
            return Problem(what=f"key '{key}' is missing", where=_head(span), next=f"add '{key}:'")
        case "step_verb" | "look_kind":
            return _kind_problem(detail, span)
    return Problem(what=f"{_subject(loc)}{_words(detail)}", where=span, next=_advice(detail))


def _kind_problem(detail: ErrorDetails, span: Span) -> Problem:
    known = detail["msg"].split(": ", 1)[1].split(", ")
    given = [str(key) for key in detail["input"]] if isinstance(detail["input"], dict) else []
    hints = [hint for hint in (did_you_mean(key, known) for key in given if key not in known) if hint]
    found = [key for key in given if key in known]
    for key in given:
        if key in _TEMPTING:
            return Problem(what=f"'{key}' proves nothing", where=_head(span), next=_TEMPTING[key])
    said = f"found {' and '.join(repr(key) for key in found)}" if found else "found none"
    what = (
        "a step needs exactly one verb" if detail["type"] == "step_verb" else "a look needs exactly one kind"
    )
    return Problem(
        what=f"{what}, {said}", where=_head(span), next=" ".join([*hints[:1], f"One of: {', '.join(known)}"])
    )


#: Looks that people expect and that this language refuses, with what to write instead.
_TEMPTING = {
    "hidden": "for data write 'none: <list>' or 'no_row: {list, row}', which read the whole list; "
    "for a dialog write 'closed: <target>'",
    "count": "write 'none: <list>', 'some: <list>' or 'row: {list, row}'; a count of 0 is what a loading list says",
    "absent": "write 'none: <list>' or 'no_row: {list, row}', which read the whole list",
    "gone": "write 'none: <list>' or 'no_row: {list, row}', which read the whole list",
}


def _is_alternative(step: str | int) -> bool:
    return isinstance(step, str) and step.startswith("<")


def _head(span: Span) -> Span:
    """The first character of a span: where something should stand that is not there."""
    return Span(span.path, span.start, Position(span.start.line, span.start.column + 1))


def _key_span(root: Any, loc: tuple[str | int, ...], path: str) -> Span | None:
    parent = root
    for step in loc[:-1]:
        try:
            parent = parent[step]
        except (KeyError, IndexError, TypeError):
            return None
    return getattr(parent, "key_spans", {}).get(str(loc[-1])) if loc else None


def _subject(loc: tuple[str | int, ...]) -> str:
    names = [step for step in loc if isinstance(step, str)]
    return f"'{names[-1]}': " if names else ""


_WORDS = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be a mapping",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
}


def _words(detail: ErrorDetails) -> str:
    if detail["type"] == "literal_error":
        return f"must be one of {detail['ctx']['expected']}"
    if detail["type"] == "string_pattern_mismatch":
        return f"{detail['input']!r} is not a name of the right form"
    if detail["type"] == "too_short":
        return "must not be empty"
    return _WORDS.get(detail["type"], detail["msg"][0].lower() + detail["msg"][1:])


def _advice(detail: ErrorDetails) -> str:
    if detail["type"] == "string_pattern_mismatch":
        if "\\." in detail["ctx"]["pattern"]:
            return "flows name targets, such as contact.save_button; selectors belong into selectors/*.yaml"
        return f"it must match {detail['ctx']['pattern']}"
    if detail["type"] == "literal_error":
        words = [word.strip("' ") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return did_you_mean(str(detail["input"]), words)
    return ""


def _keys_of(model: type[BaseModel] | None) -> list[str]:
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items() if name != "span"]


def _model_holding(
    loc: tuple[str | int, ...], model: type[BaseModel], find_model: FindModel
) -> type[BaseModel] | None:
    """The model in which the last step of `loc` is a key."""
    current: type[BaseModel] | None = model
    for step in loc[:-1]:
        if isinstance(step, int):
            continue
        if _is_alternative(step):
            current = find_model(step)
        elif current is not None:
            fields = current.model_fields.items()
            field = next((field for name, field in fields if step in (name, field.alias)), None)
            if field is not None:
                current = _first_model(field.annotation)
    return current


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _first_model(part)
        if found is not None:
            return found
    return None
