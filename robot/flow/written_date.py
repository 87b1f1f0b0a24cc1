"""Dates as pages write them for people, to times. Must not know of pages.

The dashboard's own form is not documented; these are the forms seen in its help pages: the month in words, or ISO
8601. Forms that people read in two ways (09/10/2026) are not taken.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from robot.flow.duration import parse_duration

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Sep 14, 2026, 03:00 PM; September 14th 2026 at 15:00
_IN_WORDS = re.compile(
    r"(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})(?:,| at)? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?: ?(?P<half>am|pm))?",
    re.IGNORECASE,
)


def parse_written_date(text: str) -> datetime | None:
    """The moment a page names, aware; one without a zone is taken as UTC. None for a text that is no such date."""
    folded = " ".join(text.split())
    match = _IN_WORDS.fullmatch(folded)
    try:
        if match is None:
            moment = datetime.fromisoformat(folded)
        else:
            moment = datetime(
                int(match["year"]),
                _MONTHS.index(match["month"].lower()) + 1,
                int(match["day"]),
                _hour(int(match["hour"]), match["half"]),
                int(match["minute"]),
            )
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hour(hour: int, half: str | None) -> int:
    """Of the day, 0 to 23. Raises ValueError for 13 PM."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def is_younger_than(text: object, age: object, now: object) -> bool:
    """Whether the date that a page writes lies between `age` before `now` and `now`.

    age: as flows write it, such as `24h`. now: ISO 8601. A text that is no date is not young; nor is one that
    lies ahead by more than a minute, since then the page counts in another zone.
    """
    moment, length = parse_written_date(str(text)), parse_duration(str(age))
    if moment is None or length is None:
        return False
    passed = datetime.fromisoformat(str(now)) - moment
    return timedelta(minutes=-1) <= passed < timedelta(milliseconds=length)
