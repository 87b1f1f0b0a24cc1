"""What every piece of a flow, a selector file or a profile is made of: names, lengths of time, its place."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from robot.flow.duration import parse_duration
from robot.source import Span

TargetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
FlowName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _parse_duration(value: Any) -> int:
    length = parse_duration(value) if isinstance(value, str) else None
    if length is None:
        raise PydanticCustomError("duration", "must be a whole number with a unit: 500ms, 20s, 5m, 24h")
    return length


#: Milliseconds in the program, `20s` in the file.
Duration = Annotated[
    int,
    BeforeValidator(_parse_duration),
    PlainSerializer(lambda ms: f"{ms}ms"),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(ms|s|m|h)$", "description": "500ms, 20s, 5m, 24h"}),
]


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise PydanticCustomError("pattern", "is no pattern: {why}", {"why": str(error)}) from None
    return value


#: A Python regular expression.
Pattern = Annotated[str, Field(min_length=3), AfterValidator(_check_pattern)]


class Located(BaseModel):
    """A piece of a flow that knows where it stands in its file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    #: Key under which a bare value may be written instead of a mapping.
    short_form: ClassVar[str | None] = None

    span: SkipJsonSchema[Span | None] = Field(default=None, exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _take_span(cls, data: Any) -> Any:
        span = getattr(data, "span", None)
        if isinstance(data, dict):
            if "span" in data and not isinstance(data["span"], Span):
                raise PydanticCustomError("unknown_key", "unknown key 'span'")
            values = {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
            return {**values, "span": data.get("span", span)}
        if cls.short_form and data is not None and not isinstance(data, list | BaseModel):
            return {cls.short_form: data, "span": span}
        return data


def schema_with_short_form(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Lets editors accept the bare value beside the mapping."""
    short = getattr(model, "short_form", None)
    if short:
        mapping = dict(schema)
        schema.clear()
        schema["anyOf"] = [mapping["properties"][short], mapping]
