"""What one look at a list sees: the rows that are drawn, where they stand, and what speaks for there being more.

Pure, but for the look itself; the script behind it is `scripts/rows.js`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Frame, Locator

from robot.executor.activity import Watched
from robot.executor.scripts import script
from robot.flow.phone_number import normalize_phone
from robot.selector.model import ListBody, RowField

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The part of the page that scrolls a list. In CSS pixels."""

    top: float
    view: float
    height: float

    @property
    def is_at_end(self) -> bool:
        return self.top + self.view >= self.height - 1

    @property
    def next_top(self) -> int:
        """Where to scroll next; what is shown overlaps, so that no row falls between two looks."""
        return int(self.top + max(40, self.view * 0.85))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One row that is drawn."""

    row: Row
    #: Where it stands, from the top of what scrolls and the left of the page, in CSS pixels.
    top: float
    left: float
    height: float
    #: Its number in the list, where the page gives one; else empty.
    index: str
    #: Whether its key's element says anything, be it a key or not.
    has_key: bool
    #: Fields whose element is there, or has to be, and which say nothing that can be read.
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One look at a list."""

    drawn: tuple[Drawn, ...]
    #: None where nothing scrolls.
    box: Box | None = None
    #: How many further parts scroll around that one.
    outer: int = 0
    #: Where a band without rows is: "below its rows"; else empty.
    blank: str = ""
    #: Elements beside the rows that look like them and that no candidate matches.
    alike: int = 0
    busy: str = ""
    #: What a control that loads more, or leads on, says; else empty.
    more: str = ""
    #: A text that says that there are more rows than are drawn; else empty.
    says_more: str = ""
    watched: Watched = None
    #: Whether the first of the list's candidates matched.
    is_by_first: bool = True
    #: Where the rows are; None where there are none.
    frame: Frame | None = None

    @property
    def rows(self) -> list[Row]:
        return [one.row for one in self.drawn]

    def unread(self, key: str) -> str:
        """Which row could not be read whole, in words; else empty."""
        for one in self.drawn:
            if not one.has_key:
                return f"a row shows no {key}"
            if one.unread:
                return f"the row '{one.row[key]}' shows no {one.unread[0]} that can be read"
        return ""


def read_view(locator: Locator, *, name: str, body: ListBody, frame: Frame, is_by_first: bool) -> View:
    """Looks once at the rows that `locator` matches; they must be visible. Raises PlaywrightError."""
    asked = {
        "list": name,
        "paged": body.next_page is not None,
        "fields": [
            {
                "name": field_name,
                "css": field.css,
                "attribute": field.attribute,
                "present": field.as_ == "present",
                "lines": field.as_ == "lines",
                "required": field.required,
            }
            for field_name, field in body.fields.items()
        ],
    }
    seen = locator.evaluate_all(script("rows"), asked)
    return View(
        drawn=tuple(_drawn(raw, body) for raw in seen["rows"]),
        box=Box(**seen["box"]) if seen["box"] else None,
        outer=seen["outer"],
        blank=seen["blank"],
        alike=seen["alike"],
        busy=seen["busy"],
        more=seen["more"],
        says_more=seen["says_more"],
        watched=seen["watch"],
        is_by_first=is_by_first,
        frame=frame,
    )


def _drawn(raw: Mapping[str, Any], body: ListBody) -> Drawn:
    return Drawn(
        row={name: convert(field, raw["fields"][name]) for name, field in body.fields.items()},
        top=raw["top"],
        left=raw["left"],
        height=raw["height"],
        index=raw["index"],
        has_key=bool(raw["fields"][body.key].strip()),
        unread=tuple(raw["unread"]),
    )


def convert(field: RowField, raw: str) -> str:
    """A raw text of the page to the field's value."""
    text = raw
    if field.pattern is not None:
        match = re.search(field.pattern, text)
        if match is None:
            return ""
        text = match[1] if match.re.groups else match[0]
    if field.as_ == "phone":
        return normalize_phone(text)
    if field.as_ == "lower":
        return text.strip().lower()
    return text.strip()


class Merged:
    """The rows of several views of one list, each row once, two rows of one key as two."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._seen: dict[str, list[Drawn]] = {}
        #: Which row was read as two different things; else empty.
        self.changed = ""

    def add(self, view: View) -> None:
        """Takes over what a view shows. What was read fuller before is kept."""
        taken: set[int] = set()
        for one in view.drawn:
            known = self._seen.setdefault(one.row[self._key], [])
            same = next(
                (
                    number
                    for number, other in enumerate(known)
                    if id(other) not in taken and _is_same(one, other)
                ),
                None,
            )
            if same is None:
                known.append(one)
                taken.add(id(one))
                continue
            known[same] = self._fuller(known[same], one)
            taken.add(id(known[same]))

    def _fuller(self, before: Drawn, now: Drawn) -> Drawn:
        row = {}
        for name, value in now.row.items():
            if value and before.row[name] and value != before.row[name]:
                self.changed = now.row[self._key]
            row[name] = value or before.row[name]
        unread = tuple(name for name in now.unread if not row[name])
        return replace(now, row=row, unread=unread, has_key=before.has_key or now.has_key)

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """All rows, from top to bottom."""
        every: Sequence[Drawn] = [one for known in self._seen.values() for one in known]
        return tuple(sorted(every, key=lambda one: (round(one.top), one.left)))


def _is_same(one: Drawn, other: Drawn) -> bool:
    """Whether two sightings of one key are of one row."""
    if one.index and other.index:
        return one.index == other.index
    most = max(4.0, min(one.height, other.height) / 2)
    return abs(one.top - other.top) <= most and abs(one.left - other.left) <= most
