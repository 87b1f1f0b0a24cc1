"""Days and times of day belong to a time zone: which names are one, the day of a moment, a moment for people.

Must not know whose zone it is; moments come in, and are kept, in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: Files beside the zones that are none, or mean another place on each machine.
_NOT_A_PLACE = frozenset({"localtime", "Factory", "posixrules"})


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name that this machine knows."""
    return frozenset(available_timezones()) - _NOT_A_PLACE


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name, spelled as IANA does. Raises ValueError."""
    if name not in zone_names():
        raise ValueError(f"'{name}' is no time zone that this machine knows")
    return ZoneInfo(name)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day that a moment belongs to."""
    return at.astimezone(zone).date()


def midnight_of(day: date, zone: tzinfo) -> datetime:
    """The moment in which a day begins, in UTC; where the clocks skip midnight, that of the skip."""
    return first_moment(datetime(day.year, day.month, day.day), zone)


def first_moment(wall: datetime, zone: tzinfo) -> datetime:
    """The first moment, in UTC, at which clocks in a zone show a time; for one that they skip, that of the skip.

    wall: what the clocks show, without a zone.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The clocks skip it. Read by the offset before the skip it lies behind the skip, read by the one after it lies
    # before: the skip is in between.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    while (after - before).total_seconds() > 1:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def shown_at(at: datetime | str | None, zone: tzinfo | None) -> str:
    """`2026-11-26 06:40 CST`: a moment for people; nothing for none.

    at: also as the ledger writes it. zone: None where nobody has named one, which is shown as UTC.
    """
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(zone or UTC):%Y-%m-%d %H:%M %Z}"
