"""A cancellation as it is asked for: values from a command, a table or a program, each checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from robot.errors import did_you_mean
from robot.names import assert_visible, name_key
from robot.profile import Policies

#: The most urgent, the usual, and the least urgent.
FIRST, USUAL, LAST = 1, 5, 9
_LOCATION_ID = re.compile(r"[A-Za-z0-9]{10,40}")
#: Longer than any name or address that is one.
_LONGEST = 200
#: Years in which a day can be meant.
FIRST_YEAR, LAST_YEAR = 2020, 2099
#: Larger numbers are rounded.
_EXACT = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One customer to be offboarded."""

    #: Empty where only the name is known, and the other way round; never both.
    location_id: str = ""
    company: str = ""
    requested_by: str = ""
    due_on: date | None = None
    #: Not begun before that day.
    not_before: date | None = None
    priority: int = USUAL
    #: What is decided for this customer otherwise than the profile does.
    policies: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return self.company or self.location_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one value of a request."""

    #: Name of the field; empty for the request as a whole.
    name: str
    what: str
    next: str = ""


#: Names of the fields, in the order in which they are told.
FIELDS = ("location_id", "company", "requested_by", "due_on", "not_before", "priority", "policies")


def read_request(given: Mapping[str, object]) -> tuple[Request | None, list[Fault]]:
    """given: values by the names in `FIELDS`, as text or of their type. Returns the request, or what is wrong."""
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name in FIELDS:
        value = given.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            values[name] = _READERS[name](value)
        except ValueError as error:
            what, _, advice = str(error).partition("\n")
            faults.append(Fault(name=name, what=what, next=advice))
    if not faults and not values.get("location_id") and not values.get("company"):
        faults.append(
            Fault(name="", what="names no customer", next="give a location id, or a company's whole name")
        )
    return (None, faults) if faults else (Request(**values), [])


def _location_id(value: object) -> str:
    text = _text(value)
    if not _LOCATION_ID.fullmatch(text):
        raise ValueError(
            f"'{text}' is not a location id\nit is 10 to 40 letters and digits, as in the address after /location/"
        )
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"holds {kind_of(value)}, not text\n{_AS_TEXT}")
    assert_visible(value)
    text = name_key(value)
    if len(text) > _LONGEST:
        raise ValueError(f"'{text[:40]}...' is longer than {_LONGEST} letters\ngive the name alone")
    return text


#: What undoes what a spreadsheet program has made of a text.
_AS_TEXT = "format the column as text, and type it again; it may have been something else before"


def kind_of(value: object) -> str:
    """What a value is, with the value, for people: `the number 365`."""
    match value:
        case bool():
            return f"the truth value {str(value).upper()}"
        case int() if abs(value) >= 10**300:
            return "a number of more than 300 digits"
        case int() | float() if abs(value) >= _EXACT:
            return f"the number {value:.0f}, of which a spreadsheet program keeps 15 digits"
        case int() | float():
            return f"the number {value:.15g}"
        case datetime() if not _time_of(value):
            return f"the day {value:%Y-%m-%d}"
        case date():
            return f"the day {value.isoformat(' ') if isinstance(value, datetime) else value}"
        case time() | timedelta():
            return f"the time {value}"
    return f"'{str(value)[:40]}'"


def _time_of(value: datetime) -> str:
    return "" if value.time() == time() else f"{value:%H:%M:%S}".removesuffix(":00")


def _day(value: object) -> date:
    if isinstance(value, datetime):
        if clock := _time_of(value):
            raise ValueError(f"holds a time of day: {value:%Y-%m-%d} {clock}\nleave the day alone")
        return _meant(value.date())
    if isinstance(value, date):
        return _meant(value)
    text = str(value).strip()
    if not isinstance(value, str):
        raise ValueError(f"holds {kind_of(value)}, not a day\nwrite it as 2026-11-30")
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text[:40]}' is not a day\nwrite it as 2026-11-30") from None
    return _meant(day)


def _meant(day: date) -> date:
    """Raises ValueError for one that nobody can mean; what is written as 26-11-30 may be read as one."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"{day.isoformat()} is not a day that can be meant\n"
            f"write one of the years {FIRST_YEAR} to {LAST_YEAR}, as 2026-11-30"
        )
    return day


def _priority(value: object) -> int:
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(value, str | float) and re.fullmatch(r"[0-9](\.0+)?", str(value).strip()):
        number = int(str(value).strip()[0])
    if not isinstance(value, str | int | float):
        raise ValueError(f"holds {kind_of(value)}, not a priority\nit is {FIRST} (first) to {LAST} (last)")
    if number is None or not FIRST <= number <= LAST:
        raise ValueError(
            f"'{str(value)[:40]}' is not a priority\nit is {FIRST} (first) to {LAST} (last), {USUAL} unless given"
        )
    return number


def _policies(value: object) -> dict[str, Any]:
    """A mapping, or text such as `users_shared=block; support_channel=ticket`."""
    if isinstance(value, Mapping):
        given = {str(name): item for name, item in value.items()}
    elif not isinstance(value, str):
        raise ValueError(f"holds {kind_of(value)}, not policies\nwrite name=value; name=value")
    else:
        given = {}
        for part in filter(str.strip, re.split(r"[;\n]", str(value))):
            name, sign, word = part.partition("=")
            if not sign:
                raise ValueError(f"'{part.strip()}' is not a policy\nwrite name=value; name=value")
            given[name.strip()] = {"true": True, "false": False}.get(word.strip(), word.strip())
    for name, item in given.items():
        _check_policy(name, item)
    return given


def _check_policy(name: str, value: object) -> None:
    known = [item for item in Policies.model_fields if item != "span"]
    if name not in known:
        advice = f"{did_you_mean(name, known)} Policies: {', '.join(known)}".strip()
        raise ValueError(f"there is no policy '{name}'\n{advice}")
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(Policies.model_fields[name].annotation)  # type: ignore[arg-type]
        adapter.validate_python(value, strict=True)
    except ValidationError as error:
        advice = error.errors()[0]["msg"]
        raise ValueError(f"policy '{name}': '{value}' is not allowed\n{advice}") from None


_READERS: dict[str, Any] = {
    "location_id": _location_id,
    "company": _text,
    "requested_by": _text,
    "due_on": _day,
    "not_before": _day,
    "priority": _priority,
    "policies": _policies,
}
