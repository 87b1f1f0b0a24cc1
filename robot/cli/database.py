"""`offboard database move`: from one machine's file to a database that several share."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from robot.cli.terminal import announce
from robot.errors import BadInputError, Problem
from robot.ledger.database import open_ledger
from robot.ledger.move import move as move_ledger
from robot.outfit import slug_of
from robot.profile import load_profile
from robot.screen import say, say_json
from robot.settings import LEDGER_FILE, Settings
from robot.worker.durable import DurableEngine


def move(settings: Settings, *, profile: str, dashboard: str | None, is_json: bool) -> int:
    """Moves ledger, queue and schedules of one dashboard. Returns the exit code."""
    found = load_profile(profile, folder=settings.profiles, dashboard=dashboard)
    file = settings.data.absolute() / slug_of(found) / LEDGER_FILE
    if not settings.database:
        raise BadInputError(
            Problem(
                what="it is not said where to",
                done="nothing was moved",
                next="set OFFBOARD_DATABASE_URL to postgresql://...",
            )
        )
    if not file.is_file():
        raise BadInputError(
            Problem(
                what=f"there is no ledger at {file}", done="nothing was moved", next="see offboard doctor"
            )
        )
    with closing(open_ledger(file)) as source, closing(open_ledger(settings.database)) as target:
        schedules = _engine(f"sqlite:///{file}", found.dashboard)
        try:
            kept = schedules.schedules()
        finally:
            schedules.close(within_s=0)
        moved = move_ledger(source, target)
        engine = _engine(settings.database, found.dashboard)
        try:
            for schedule in kept:
                engine.schedule(schedule)
        finally:
            engine.close(within_s=0)
    _tell(moved.rows, len(kept), target.shown, is_json=is_json)
    return 0


def _engine(address: str, dashboard: str) -> DurableEngine:
    return DurableEngine(address, space=dashboard, executor_id="command line")


def _tell(rows: Mapping[str, int], schedules: int, to: str, *, is_json: bool) -> None:
    if is_json:
        told = {"moved_to": to, "rows": dict(rows), "schedules": schedules}
        say_json(told)
        return
    for name, number in rows.items():
        say(f"{number:7}  {name}")
    say(f"{schedules:7}  schedules", "", f"Moved to {to}; the file is opened no more.")
    announce("evidence stays where it is: with the machine that made it, or in the store")
