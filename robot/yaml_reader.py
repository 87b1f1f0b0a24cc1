"""YAML text to plain values that remember where they stood.

Strict: duplicate keys, anchors, tags and several documents are refused. Only `true` and `false` are booleans
(YAML 1.2), so that `no` and `on` stay words. Must not know what the files mean.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from robot.errors import BadInputError, Problem
from robot.source import Position, Span


class SpannedStr(str):
    """A string that knows where it was written."""

    __slots__ = ("span",)
    span: Span


class SpannedList(list[Any]):
    """A sequence that knows where it was written."""

    span: Span


class SpannedDict(dict[str, Any]):
    """A mapping that knows where it and each of its keys were written; keys are plain strings."""

    span: Span
    key_spans: dict[str, Span]


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Composes nodes with the scalars of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


#: Deeper than anything that a person writes by hand.
_DEEPEST = 60
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
#: No number here has more letters.
_LONGEST_NUMBER = 40

_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


def parse_yaml(text: str, path: str) -> Any:
    """Returns the one document in `text` as spanned values; scalars that are not text lose their span.

    Raises BadInputError with every duplicate key and forbidden construct, or with the first syntax error.
    """
    try:
        root = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        where = Span(path, Position(line, column), Position(line, column + 1))
        what = " ".join(str(error.problem or error.context or "not YAML").split())
        if "unacceptable character" in what or "special characters" in what:
            what = "a control character that YAML does not allow"
        raise BadInputError(
            Problem(what=f"not YAML: {what}", where=where, next="mend the syntax at the mark")
        ) from None
    except yaml.YAMLError as error:
        where = Span(path, Position(1, 1), Position(1, 2))
        raise BadInputError(Problem(what=f"not YAML: {' '.join(str(error).split())}", where=where)) from None
    problems: list[Problem] = []
    value = _build(root, path, problems) if root is not None else None
    if problems:
        raise BadInputError(*problems)
    return value


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        depth = 0
        for token in yaml.scan(text, Loader=_Loader):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if depth > _DEEPEST:
                # The composer calls itself for each, until the process ends.
                raise yaml.MarkedYAMLError(
                    problem=f"nested more than {_DEEPEST} deep", problem_mark=token.start_mark
                )
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
                raise yaml.MarkedYAMLError(
                    problem="anchors and aliases are not allowed; write the value out",
                    problem_mark=token.start_mark,
                )
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _span(node: yaml.Node, path: str) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(path, Position(start.line + 1, start.column + 1), Position(end.line + 1, end.column + 1))


def _build(node: yaml.Node, path: str, problems: list[Problem]) -> Any:
    span = _span(node, path)
    if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTIONS:
        problems.append(_forbidden_tag(node.tag, span))
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, span, problems)
    if isinstance(node, yaml.SequenceNode):
        items = SpannedList(_build(child, path, problems) for child in node.value)
        items.span = span
        return items
    match node.tag:
        case "tag:yaml.org,2002:bool":
            return node.value == "true"
        case "tag:yaml.org,2002:int" | "tag:yaml.org,2002:float" as tag:
            return _number(int if tag.endswith("int") else float, node.value, span, problems)
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:str":
            text = SpannedStr(node.value)
            text.span = span
            return text
        case tag:
            problems.append(_forbidden_tag(tag, span))
            return None


def _number(
    kind: type[int] | type[float], text: str, span: Span, problems: list[Problem]
) -> int | float | None:
    """One that was written so, or that a tag says is one."""
    try:
        if len(text) <= _LONGEST_NUMBER:
            return kind(text)
        what = f"a number of more than {_LONGEST_NUMBER} digits"
    except ValueError:
        what = f"'{text}' is no number"
    problems.append(Problem(what=what, where=span, next="write a plain value"))
    return None


def _forbidden_tag(tag: str, span: Span) -> Problem:
    return Problem(what=f"tag '{tag}' is not allowed", where=span, next="write a plain value")


def _build_mapping(node: yaml.MappingNode, path: str, span: Span, problems: list[Problem]) -> SpannedDict:
    mapping = SpannedDict()
    mapping.span = span
    mapping.key_spans = {}
    for key_node, value_node in node.value:
        key_span = _span(key_node, path)
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(what="a key must be a word", where=key_span))
            continue
        key = str(key_node.value)
        if key in mapping.key_spans:
            first = mapping.key_spans[key].start
            problems.append(
                Problem(
                    what=f"key '{key}' stands twice in one mapping",
                    where=key_span,
                    details=(("first", f"line {first.line}, column {first.column}"),),
                    next="keep one of the two",
                )
            )
            continue
        mapping.key_spans[key] = key_span
        mapping[key] = _build(value_node, path, problems)
    return mapping


def span_at(root: Any, steps: tuple[str | int, ...], path: str) -> tuple[Span, bool]:
    """Returns the span of the value that `steps` lead to, and whether the last step was found.

    Steps that lead nowhere (names of alternatives in a validator's path) are passed over; the nearest
    enclosing value that has a span is given.
    """
    node, span, found = root, getattr(root, "span", Span(path, Position(1, 1), Position(1, 2))), True
    for step in steps:
        if isinstance(node, SpannedDict) and step in node:
            span, node, found = node.key_spans[str(step)], node[str(step)], True
        elif isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
            node, found = node[step], True
        else:
            found = False
            continue
        span = getattr(node, "span", span)
    return span, found
