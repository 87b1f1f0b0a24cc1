"""What all pages share: the templates, and how values are written in front of people."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from robot.time_zone import shown_at, zone_of


@cache
def environment() -> Environment:
    """The templates beside this file, with the filters that they use."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=_day,
        clock=_clock,
        seconds=_seconds,
        shown=_shown,
        size=_size,
        plural=_plural,
        columns=_columns,
        ticks=_ticks,
        marked=_marked,
        minute=_minute,
        offset=_offset,
    )
    return made


def named_zone(name: str) -> tzinfo:
    """The zone that a page is written in; UTC where nobody has named one, or this machine does not know it."""
    try:
        return zone_of(name)
    except ValueError:
        return UTC


def _minute(time: str | None, zone: tzinfo) -> str:
    """`2026-11-26 06:40 CST` of a time of the ledger."""
    return shown_at(time, zone)


def _day(time: datetime, zone: tzinfo) -> str:
    return f"{time.astimezone(zone):%-d %B %Y}" if os.name != "nt" else f"{time.astimezone(zone):%d %B %Y}"


def _clock(time: datetime, zone: tzinfo) -> str:
    return f"{time.astimezone(zone):%H:%M:%S}"


def _offset(time: datetime, zone: tzinfo) -> str:
    """`CST`: what the zone is called at that moment."""
    return f"{time.astimezone(zone):%Z}"


def _seconds(milliseconds: int) -> str:
    """A duration for people: "3.4 s", "2 min 5 s"."""
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} min {seconds} s"


def _shown(value: object) -> str:
    """A JSON value for people: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _columns(rows: object) -> list[str]:
    """The fields of a list of rows that say something; empty for what is no list of rows."""
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return []
    return [name for name in rows[0] if any(row.get(name) for row in rows)]


def _marked(text: str) -> Markup:
    """Text in which what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


def _size(octets: int) -> str:
    return f"{octets / 1024**2:.1f} MB" if octets >= 1024**2 else f"{octets / 1024:.0f} kB"


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _ticks(digest: str) -> str:
    """A digest in groups of eight, so that two can be compared by eye."""
    return " ".join(digest[index : index + 8] for index in range(0, len(digest), 8))
