"""`offboard schedule`: when batches begin by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from robot.case.office import Office
from robot.errors import BadInputError, Problem, did_you_mean
from robot.report.plain_cells import add_plain_row, plain_table
from robot.screen import Screen, say, say_json
from robot.settings import Settings
from robot.time_zone import shown_at
from robot.worker.durable import DurableEngine
from robot.worker.engine import Engine, Schedule
from robot.worker.shift import address_of

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def add(
    at: Office,
    settings: Settings,
    *,
    cron: str,
    time_zone: str | None,
    hours: float,
    name: str,
    is_json: bool,
) -> int:
    """time_zone: the agency's, as the profile names it, unless given.

    Returns the exit code. Raises BadInputError for what is no schedule.
    """
    zone = at.profile.zone_for("a schedule")
    its_zone = at.profile.time_zone if time_zone is None else time_zone
    if not _NAME.fullmatch(name):
        raise BadInputError(
            Problem(
                what=f"'{name}' is no name for a schedule",
                done="no schedule was changed",
                next="write it in small letters, digits and hyphens, such as nights",
            )
        )
    if len(cron.split()) != 5:
        raise BadInputError(
            Problem(
                what=f"'{cron}' has {len(cron.split())} fields, and a schedule has five",
                done="no schedule was changed",
                next="write minute, hour, day, month, day of the week, such as '0 1 * * 1-5'",
            )
        )
    with _engine(at, settings) as engine:
        engine.schedule(
            Schedule(
                name=name,
                cron=cron,
                time_zone=its_zone,
                hours=hours,
            )
        )
        [made] = [one for one in engine.schedules() if one.name == name]
    if is_json:
        say_json(_plain(made))
    else:
        say(f"'{name}' begins a batch next at {shown_at(made.next_at, zone)}, at any worker.")
    return 0


def list_schedules(at: Office, settings: Settings, *, is_json: bool) -> int:
    with _engine(at, settings) as engine:
        found = engine.schedules()
    if is_json:
        say_json({"schedules": [_plain(one) for one in found]})
        return 0
    if not found:
        say("No schedules.")
        return 0
    table = plain_table("schedule", "when", "time zone", "hours", "next")
    for one in found:
        add_plain_row(
            table,
            one.name,
            one.cron,
            one.time_zone,
            f"{one.hours:g}",
            shown_at(one.next_at, at.profile.zone) or "never",
        )
    Screen().print(table)
    return 0


def remove(at: Office, settings: Settings, name: str) -> int:
    """Raises BadInputError for a schedule that is not there."""
    with _engine(at, settings) as engine:
        known = [one.name for one in engine.schedules()]
        if name not in known:
            raise BadInputError(
                Problem(
                    what=f"there is no schedule '{name}'",
                    next=did_you_mean(name, known) or "'offboard schedule list' names them",
                )
            )
        engine.unschedule(name)
    say(f"The schedule '{name}' is removed.")
    return 0


@contextmanager
def _engine(at: Office, settings: Settings) -> Iterator[Engine]:
    engine = DurableEngine(
        address_of(settings, at.profile), space=at.profile.dashboard, executor_id="command line"
    )
    try:
        yield engine
    finally:
        engine.close(within_s=0)


def _plain(one: Schedule) -> dict[str, Any]:
    return {**asdict(one), "next_at": one.next_at.isoformat(timespec="seconds") if one.next_at else None}
