"""What a schedule may be, and the ticks that the durable engine's library leaves out.

The library ticks while it runs and the database is there. A tick is lost to it that comes in the moment in which a
worker starts, between its look back and its first wait; while the database is away; or within half a minute of the
adding of its schedule. So each worker looks again at what has been due since a schedule was added or looked at.
A tick is told under an id made of its schedule and its time, which is taken once ever.

Where the clocks change: a time that they skip ticks once, at the moment of the skip (02:30 in Berlin in spring: at
03:00). A time that they show twice ticks the first time only, unless the schedule also ticks in the hour before and
in the hour after: what comes each hour, or each few minutes, goes on coming. The library knows the first of these
rules; the second is `is_repeat`.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter

from robot.errors import BadInputError, Problem

LOG = logging.getLogger("offboard.worker")

_NO_SCHEDULE = (CroniterError, ZoneInfoNotFoundError, ValueError, OSError)
#: An `R` in a schedule: the library takes it for any time, another one at each worker.
_DRAWN = re.compile(r"(?<![a-z])r(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five fields of a schedule."""

    name: str
    first: int
    last: int
    #: How many values there are; 1 where that changes from month to month, so that no step divides them.
    count: int
    #: What it begins anew with.
    larger: str
    divided: str
    example: str


_FIELDS = (
    _Field("minutes", 0, 59, 60, "hour", "60", "0,45"),
    _Field("hours", 0, 23, 24, "day", "24", "1,6,11"),
    _Field("days", 1, 31, 1, "month", "the days of every month", "1,15"),
    _Field("months", 1, 12, 12, "year", "12", "1,6"),
    _Field("days of the week", 0, 6, 7, "week", "7", "1,3,5"),
)

#: How long it is waited for a look that is going on when a worker ends, in s.
_PATIENCE_S = 5.0

#: Until when each schedule has been looked at, by its name in the database.
Seen = dict[str, datetime]


class MakingUp:
    """Looks for ticks that were left out, for as long as a worker works."""

    def __init__(
        self, *, ticked: Callable[[], Seen], make_up: Callable[[Seen, datetime], Seen], every_s: float
    ) -> None:
        """ticked: gives when each has ticked last.

        make_up: queues every tick until this moment that is not queued yet; returns what is seen now.
        """
        self._ticked = ticked
        self._make_up = make_up
        self._every_s = every_s
        self._seen: Seen = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ticks", daemon=True)

    def prepare(self) -> None:
        """Before the worker begins: what has ticked until now."""
        self._seen = self._ticked()

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            # The library waits for a database that is away for as long as it takes.
            self._thread.join(_PATIENCE_S)

    def _watch(self) -> None:
        while not self._is_over.wait(self._every_s):
            try:
                self._seen = self._make_up(self._seen, datetime.now(UTC))
            except Exception as error:  # whatever the database or the library raises while it is away
                LOG.warning("schedules cannot be looked at: %s", str(error).partition("\n")[0])


def next_at(cron: str, time_zone: str, *, after: datetime | None = None) -> datetime | None:
    """When it ticks next, in UTC; None for what is none, such as one that an earlier release took.

    after: the moment from which on it is looked for; now unless given.
    """
    try:
        return _next_at(cron, time_zone, after or datetime.now(UTC))
    except _NO_SCHEDULE:
        return None


def is_repeat(cron: str, time_zone: str, at: datetime) -> bool:
    """Whether a tick of the library is the second of a time that the clocks show twice, and not to be told."""
    here = at.astimezone(ZoneInfo(time_zone))
    if here.fold == 0:
        return False
    hours = set(croniter.expand(cron)[0][1])
    comes_each_hour = "*" in hours or {(here.hour - 1) % 24, (here.hour + 1) % 24} <= hours
    return not comes_each_hour


def check(cron: str, time_zone: str) -> None:
    """Raises BadInputError for what is no schedule: the library takes some that never come, and zones of no use.

    It also takes steps that cron cannot mean as they are written: `*/90` in minutes ticks each hour.
    """
    try:
        _next_at(cron, time_zone, datetime.now(UTC))
    except _NO_SCHEDULE as error:
        raise no_schedule(str(error) or f"'{cron}' in '{time_zone}'") from None
    for words, field in zip(cron.split(), _FIELDS, strict=False):
        for word in words.split(","):
            _check_step(word, field)


def _check_step(word: str, field: _Field) -> None:
    """Raises BadInputError for a step that does not do what it says."""
    head, slash, size = word.partition("/")
    if not slash or not size.isdecimal():
        return
    step, first, last = int(size), field.first, field.last
    if head != "*":
        low, _, high = head.partition("-")
        if not low.isdecimal() or (high and not high.isdecimal()):
            return
        first, last = int(low), int(high) if high else field.last
        if last < first:
            # Over the end of the field, such as the hours 22-4.
            last += field.count
    if step > last - first:
        each = f"each {field.larger}" if head == "*" and field.larger else "once"
        raise no_schedule(
            f"'{word}' in the field of the {field.name} steps over all of {first} to {last}: "
            f"it would tick {each}, not every {step}",
            next=f"write the {field.name} themselves, such as {field.example}; what comes less often belongs into "
            "the next fields",
        )
    if head == "*" and field.count % step:
        raise no_schedule(
            f"'{word}' in the field of the {field.name} is not every {step}: cron begins anew with each "
            f"{field.larger or 'turn'}, and {step} does not divide {field.divided}",
            next=f"write the {field.name} themselves, such as {field.example}, or a step that divides them; "
            f"{field.first}-{field.last}/{step} says that it begins anew",
        )


def _next_at(cron: str, time_zone: str, after: datetime) -> datetime:
    """Raises CroniterError for what is no schedule or never comes, ZoneInfoNotFoundError, ValueError or OSError."""
    if _DRAWN.search(cron):
        raise ValueError(f"'{cron}' is drawn anew each time it is read")
    ticks = croniter(cron, after.astimezone(ZoneInfo(time_zone)))
    while True:
        following: datetime = ticks.get_next(datetime)
        if not is_repeat(cron, time_zone, following):
            return following.astimezone(UTC)


def no_schedule(what: str, *, next: str = "") -> BadInputError:
    return BadInputError(
        Problem(
            what=f"that is no schedule: {what}",
            done="no schedule was changed",
            next=next
            or "write minute, hour, day, month, day of the week, such as '0 1 * * 1-5', and a time zone "
            "such as Europe/Berlin",
        )
    )
