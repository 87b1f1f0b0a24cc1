"""`${name}` filling, secret values, and conditions in a sandbox.

Filling never changes a value: `${x}` alone gives x as it is, with its type. Must not know of steps or pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from robot.flow.phone_number import normalize_phone
from robot.flow.written_date import is_younger_than
from robot.names import is_same_name, looks_like
from robot.source import Span

_HOLE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*\Z")


class Secret:
    """A value that is never written: it prints as `(secret)` and must be revealed by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Returns the value itself; only actions that type it into a page may ask."""
        return self._value

    def __str__(self) -> str:
        return "(secret)"

    __repr__ = __str__


class PassingSecret(Secret):
    """A secret that is used once, and is another one a moment later: the code that an authenticator app shows."""

    __slots__ = ("_is_ready", "_show", "_use")

    def __init__(
        self, *, show: Callable[[], str], use: Callable[[], str], is_ready: Callable[[], bool]
    ) -> None:
        """show: gives what it is now. use: the same, and it counts as used. is_ready: whether it is unused."""
        self._show = show
        self._use = use
        self._is_ready = is_ready

    def reveal(self) -> str:
        return self._show()

    def is_ready(self) -> bool:
        """Whether what it is now was never used; it becomes so by itself."""
        return self._is_ready()

    def use(self) -> Secret:
        """Returns what it is now, to be typed into a page."""
        return Secret(self._use())


class UnknownNameError(KeyError):
    """A name in a template or a condition has no value."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        why = ": the profile names no 'time_zone'" if self.name == "today" else ""
        return f"'{self.name}' has no value{why}"


def look_up(name: str, values: Mapping[str, Any]) -> Any:
    """Returns the value of a dotted name. Raises UnknownNameError."""
    value: Any = values
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise UnknownNameError(name)
        value = value[part]
    return value


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, as written in a flow."""

    text: str
    span: Span | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The dotted names in its holes, in order."""
        return tuple(match.strip() for match in _HOLE.findall(self.text))

    def fill(self, values: Mapping[str, Any]) -> Any:
        """Returns the text with its holes filled; a text that is one hole gives the value itself.

        A text with a secret in it is a Secret. Raises UnknownNameError.
        """
        alone = _HOLE.fullmatch(self.text)
        if alone:
            return look_up(alone[1].strip(), values)
        parts, is_secret, last = [], False, 0
        for hole in _HOLE.finditer(self.text):
            value = look_up(hole[1].strip(), values)
            if isinstance(value, Secret):
                is_secret, value = True, value.reveal()
            parts += [self.text[last : hole.start()], _as_text(value)]
            last = hole.end()
        parts.append(self.text[last:])
        text = "".join(parts)
        return Secret(text) if is_secret else text

    def fill_text(self, values: Mapping[str, Any]) -> str:
        """Like `fill`, but always text; a secret gives `(secret)`."""
        return _as_text(self.fill(values))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validate)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "description": "text; ${name} is filled"}

    @classmethod
    def _validate(cls, value: Any) -> Template:
        if isinstance(value, Template):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("template", "must be text; put it in quotes")
        for name in _HOLE.findall(value):
            if not _NAME.match(name.strip()):
                raise PydanticCustomError(
                    "template",
                    "'{hole}' holds no name; write small letters, digits, '_' and '.'",
                    {"hole": "${" + name + "}"},
                )
        if "${" in _HOLE.sub("", value):
            raise PydanticCustomError("template", "{hole} is not closed", {"hole": "'${'"})
        return cls(str(value), getattr(value, "span", None))


@dataclass(frozen=True, slots=True)
class Verbatim(Template):
    """A text as it is, such as one that was filled or read: what looks like a hole in it is none."""

    @property
    def names(self) -> tuple[str, ...]:
        return ()

    def fill(self, values: Mapping[str, Any]) -> Any:
        return self.text


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(_as_text(item) for item in value)
    return str(value)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Conditions: names, comparison, and/or/not, in, sums, `length`-like filters. No calls of Python's own."""

    #: A few of these fill the memory: 'x' * 999999999, '%999999999d' % 1.
    intercepted_binops = frozenset({"*", "**", "/", "//", "%"})

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"'{operator}' has no place in a condition")


_SANDBOX = _Sandbox(undefined=StrictUndefined, autoescape=False)
_SANDBOX.globals.clear()
_KEPT_FILTERS = ("length", "lower", "upper", "trim", "first", "last", "unique", "sort", "list", "map", "select",
                 "selectattr", "rejectattr", "join", "default")  # fmt: skip
_SANDBOX.filters = {
    **{name: _SANDBOX.filters[name] for name in _KEPT_FILTERS},
    # '(512) 555-0198'|phone is '+15125550198'
    "phone": lambda text: normalize_phone(str(text)),
}
# row.date is younger_than('24h', now)
_SANDBOX.tests["younger_than"] = is_younger_than
# row.name is same_name(company): one name, however its accents and blanks are written
_SANDBOX.tests["same_name"] = lambda one, other: is_same_name(str(one), str(other))
# row.name is looks_like(company): a person may take one for the other
_SANDBOX.tests["looks_like"] = lambda one, other: looks_like(str(one), str(other))


class ConditionError(ValueError):
    """A condition could not be decided; the text says why."""


#: What a condition may raise that is written well and does not fit its values; or that is not written well.
_UNDECIDABLE = (
    TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, NameError, RecursionError
)  # fmt: skip


@lru_cache(maxsize=512)
def _compile(text: str) -> Any:
    return _SANDBOX.compile_expression(text, undefined_to_none=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression over the run's values, such as `row.status != 'Inactive'`."""

    text: str
    span: Span | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The top-level names it reads, sorted."""
        tree = _SANDBOX.parse("{{ " + self.text + " }}")
        return tuple(sorted(meta.find_undeclared_variables(tree)))

    def decide(self, values: Mapping[str, Any]) -> bool:
        """Returns whether it holds. Raises ConditionError for an unknown name or unfit values."""
        try:
            return bool(_compile(self.text)(**values))
        except _UNDECIDABLE as error:
            raise ConditionError(f"'{self.text}' cannot be decided: {error}") from error

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validate)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "description": "a condition over the run's values"}

    @classmethod
    def _validate(cls, value: Any) -> Condition:
        if isinstance(value, Condition):
            return value
        if isinstance(value, bool):
            value = "true" if value else "false"
        if not isinstance(value, str):
            raise PydanticCustomError("condition", "must be text; put it in quotes")
        try:
            _compile(str(value))
        except _UNDECIDABLE as error:
            raise PydanticCustomError("condition", "is not a condition: {why}", {"why": str(error)}) from None
        return cls(str(value), getattr(value, "span", None))


def iter_templates(value: Any) -> Iterator[Template | Condition]:
    """Yields every template and condition inside a model, a list or a mapping, in order."""
    if isinstance(value, Template | Condition):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from iter_templates(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from iter_templates(item)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from iter_templates(getattr(value, name))
