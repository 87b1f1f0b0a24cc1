"""Records to plain JSON values and back: one form for events.jsonl, run.json and the reports.

Must not know of files. Times become ISO 8601 in UTC, enums their value, tuples lists; bytes are left out.
"""

from __future__ import annotations

import dataclasses
import types
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from robot.run.events import Event

#: Every kind of event by its name in events.jsonl.
EVENT_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Returns `value` as JSON knows it. Fields that hold bytes are left out; a path becomes its name.

    Raises: TypeError for a kind of value that records do not hold.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_plain(item) for name, item in fields if not isinstance(item, bytes)}
    raise TypeError(f"not a value of a record: {type(value).__name__}")


def event_to_plain(event: Event) -> dict[str, Any]:
    """Returns the event as one JSON object whose first key, `event`, names its kind."""
    return {"event": type(event).__name__, **to_plain(event)}


def event_from_plain(data: dict[str, Any]) -> Event | None:
    """Returns the event, or None for a kind that this version does not know.

    Raises: ValueError, KeyError or TypeError for one that does not have what its kind must.
    """
    kind = EVENT_KINDS.get(str(data.get("event")))
    if kind is None:
        return None
    event: Event = from_plain(kind, data)
    return event


def from_plain(kind: type[T], data: Any) -> T:
    """Returns a record of `kind`, made from what `to_plain` gave. Unknown keys are passed over, so that an
    older version reads a newer one's records; bytes come back empty.

    Raises: ValueError, KeyError or TypeError where a needed value is missing or of another type.
    """
    value: T = _read(kind, data)
    return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any or kind is object or origin is Literal:
        return data
    if origin in (Union, types.UnionType):
        if data is None and type(None) in arguments:
            return None
        return _read(next(part for part in arguments if part is not type(None)), data)
    if origin is tuple:
        return tuple(_read(arguments[0], item) for item in data)
    if origin is dict:
        return dict(data)
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is Path or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(data)
    if kind is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(data).__name__}")
    return data


def _read_record(kind: Any, data: dict[str, Any]) -> Any:
    values = {}
    for field in dataclasses.fields(kind):
        hint = _hints(kind)[field.name]
        if hint is bytes:
            values[field.name] = b""
        elif field.name in data:
            values[field.name] = _read(hint, data[field.name])
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise KeyError(f"{kind.__name__}.{field.name}")
    return kind(**values)
