"""What a schedule may be, and the ticks that the durable engine's library leaves out.

The library ticks while it runs and the database is there. A tick is lost to it that comes in the moment in which a
worker starts, between its look back and its first wait; while the database is away; or within half a minute of the
adding of its schedule. So each worker looks again at what has been due since a schedule was added or looked at.
A tick is told under an id made of its schedule and its time, which is taken once ever.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter

from robot.errors import BadInputError, Problem

LOG = logging.getLogger("offboard.worker")

_NO_SCHEDULE = (CroniterError, ZoneInfoNotFoundError, ValueError, OSError)
#: An `R` in a schedule: the library takes it for any time, another one at each worker.
_DRAWN = re.compile(r"(?<![a-z])r(?![a-z])", re.IGNORECASE)

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


def next_at(cron: str, time_zone: str) -> datetime | None:
    """When it ticks next; None for what is none, such as one that an earlier release took."""
    try:
        return _next_at(cron, time_zone)
    except _NO_SCHEDULE:
        return None


def check(cron: str, time_zone: str) -> None:
    """Raises BadInputError for what is no schedule: the library takes some that never come, and zones of no use."""
    try:
        _next_at(cron, time_zone)
    except _NO_SCHEDULE as error:
        raise no_schedule(str(error) or f"'{cron}' in '{time_zone}'") from None


def _next_at(cron: str, time_zone: str) -> datetime:
    """Raises CroniterError for what is no schedule or never comes, ZoneInfoNotFoundError, ValueError or OSError."""
    if _DRAWN.search(cron):
        raise ValueError(f"'{cron}' is drawn anew each time it is read")
    following: datetime = croniter(cron, datetime.now(ZoneInfo(time_zone))).get_next(datetime)
    return following.astimezone(UTC)


def no_schedule(what: str) -> BadInputError:
    return BadInputError(
        Problem(
            what=f"that is no schedule: {what}",
            done="no schedule was changed",
            next="write minute, hour, day, month, day of the week, such as '0 1 * * 1-5', and a time zone "
            "such as Europe/Berlin",
        )
    )
