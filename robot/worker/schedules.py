"""Schedules of the durable engine, and the ticks that the library leaves out.

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
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter
from dbos import DBOSClient
from dbos import error as dbos_error

from robot.errors import BadInputError, Problem
from robot.worker.engine import Schedule

LOG = logging.getLogger("offboard.worker")

#: The workflow that tells a tick, and the lane that it waits on.
TICK, TICKS = "tick", "ticks"

_NO_SCHEDULE = (CroniterError, ZoneInfoNotFoundError, ValueError, OSError)
#: An `R` in a schedule: the library takes it for any time, another one at each worker.
_DRAWN = re.compile(r"(?<![a-z])r(?![a-z])", re.IGNORECASE)

#: How long it is waited for a look that is going on when a worker ends, in s.
_PATIENCE_S = 5.0


class Schedules:
    """Of one dashboard."""

    def __init__(self, client: DBOSClient, *, queue_of: Callable[[str], str]) -> None:
        """queue_of: gives a lane or a schedule its name in the database, apart from those of other dashboards."""
        self._client = client
        self._queue_of = queue_of

    def add(self, schedule: Schedule) -> None:
        try:
            # The library takes some that never come, and zones that it cannot open afterwards.
            _next_at(schedule.cron, schedule.time_zone)
        except _NO_SCHEDULE as error:
            raise _no_schedule(str(error) or f"'{schedule.cron}' in '{schedule.time_zone}'") from None
        try:
            self._client.apply_schedules(
                [
                    {
                        "schedule_name": self._queue_of(schedule.name),
                        "workflow_name": TICK,
                        "schedule": schedule.cron,
                        "context": {
                            "name": schedule.name,
                            "hours": schedule.hours,
                            "since": datetime.now(UTC).isoformat(),
                        },
                        # The library's looks back to before the schedule was changed.
                        "automatic_backfill": False,
                        "cron_timezone": schedule.time_zone,
                        "queue_name": self._queue_of(TICKS),
                    }
                ]
            )
        except dbos_error.DBOSException as error:
            raise _no_schedule(str(error).partition(":")[2].strip() or str(error)) from None

    def all(self) -> list[Schedule]:
        """By name."""
        return sorted((_schedule(one) for one in self._found()), key=lambda one: one.name)

    def remove(self, name: str) -> None:
        self._client.delete_schedule(self._queue_of(name))

    def ticked(self) -> dict[str, datetime]:
        """When each has ticked last; by its name in the database."""
        return {
            str(one["schedule_name"]): datetime.fromisoformat(one["last_fired_at"])
            for one in self._found()
            if one["last_fired_at"]
        }

    def make_up(self, seen: dict[str, datetime], now: datetime) -> dict[str, datetime]:
        """Queues every tick until now that is not queued yet.

        seen: until when each schedule has been looked at. Returns the same for the next time.
        """
        found = {}
        for one in self._found():
            name = str(one["schedule_name"])
            if _schedule(one).next_at is None:
                continue
            # Those that were added by an earlier release have it not.
            since = datetime.fromisoformat(one["context"].get("since") or now.isoformat())
            start = max(since, seen[name]) if name in seen else since
            if start < now:
                self._client.backfill_schedule(name, start, now)
            found[name] = now
        return found

    def _found(self) -> list[Any]:
        mine = self._queue_of("")
        return [one for one in self._client.list_schedules() if one["schedule_name"].startswith(mine)]


class MakingUp:
    """Looks for ticks that were left out, for as long as a worker works."""

    def __init__(self, schedules: Schedules, *, every_s: float) -> None:
        self._schedules = schedules
        self._every_s = every_s
        self._seen: dict[str, datetime] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ticks", daemon=True)

    def prepare(self) -> None:
        """Before the worker begins: what has ticked until now."""
        self._seen = self._schedules.ticked()

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
                self._seen = self._schedules.make_up(self._seen, datetime.now(UTC))
            except Exception as error:  # whatever the database or the library raises while it is away
                LOG.warning("schedules cannot be looked at: %s", str(error).partition("\n")[0])


def _schedule(found: Any) -> Schedule:
    cron, time_zone = str(found["schedule"]), str(found["cron_timezone"] or "UTC")
    try:
        next_at = _next_at(cron, time_zone)
    except _NO_SCHEDULE:
        # Added by an earlier release, or gone from the list of zones: it can still be seen and removed.
        next_at = None
    return Schedule(
        name=str(found["context"]["name"]),
        cron=cron,
        time_zone=time_zone,
        hours=float(found["context"]["hours"]),
        next_at=next_at,
    )


def _next_at(cron: str, time_zone: str) -> datetime:
    """Raises CroniterError for what is no schedule or never comes, ZoneInfoNotFoundError, ValueError or OSError."""
    if _DRAWN.search(cron):
        raise ValueError(f"'{cron}' is drawn anew each time it is read")
    following: datetime = croniter(cron, datetime.now(ZoneInfo(time_zone))).get_next(datetime)
    return following.astimezone(UTC)


def _no_schedule(what: str) -> BadInputError:
    return BadInputError(
        Problem(
            what=f"that is no schedule: {what}",
            done="no schedule was changed",
            next="write minute, hour, day, month, day of the week, such as '0 1 * * 1-5', and a time zone "
            "such as Europe/Berlin",
        )
    )
