"""Takes in `intents.jsonl`, in which intents were kept before there was a ledger; once.

What it says was armed and not settled stays open here too, so that nothing is pressed a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from robot.errors import Problem, SetupError
from robot.ledger.database import Ledger, moment
from robot.ledger.intents import OPEN
from robot.ledger.tables import INTENTS


def take_in_journal(ledger: Ledger, path: Path, *, dashboard: str) -> int:
    """Returns how many intents were taken in; the file is renamed then. None there: 0.

    Raises SetupError when it cannot be read: what it holds must not be forgotten.
    """
    if not path.exists():
        return 0
    try:
        intents = _intents(path)
        with ledger.begin() as connection:
            for one in intents:
                _write(connection, one, dashboard)
        path.rename(path.with_suffix(".jsonl.taken-in"))
    except OSError as error:
        raise SetupError(
            Problem(
                what=f"the journal of intents at {path} cannot be taken into the ledger: {error.strerror}",
                done="nothing was started",
                next="make the file and its folder readable and writable",
            )
        ) from None
    return len(intents)


def _intents(path: Path) -> list[dict[str, str]]:
    """Each intent with its last state."""
    found: list[dict[str, str]] = []
    newest: dict[tuple[str, str], dict[str, str]] = {}
    for row in _rows(path):
        key = (row["object"], row["location_id"])
        if row["state"] == "armed":
            newest[key] = {**row, "armed_at": row["at"], "settled_at": ""}
            found.append(newest[key])
        elif key in newest:
            newest[key] |= {"state": row["state"], "settled_at": row["at"]}
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # A torn last line is no intent: the press came only after the line was whole.
    for line in path.read_bytes().split(b"\n"):
        try:
            row: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _write(connection: Connection, one: dict[str, str], dashboard: str) -> None:
    armed_at = moment(datetime.fromisoformat(one["armed_at"]))
    mine = (
        INTENTS.c.dashboard == dashboard,
        INTENTS.c.object == one["object"],
        INTENTS.c.location_id == one["location_id"],
    )
    if connection.execute(select(INTENTS.c.number).where(*mine, INTENTS.c.armed_at == armed_at)).first():
        return
    is_open = one["state"] in OPEN
    if (
        is_open
        and connection.execute(select(INTENTS.c.number).where(*mine, INTENTS.c.state.in_(OPEN))).first()
    ):
        return
    connection.execute(
        insert(INTENTS).values(
            dashboard=dashboard,
            object=one["object"],
            location_id=one["location_id"],
            task=one["task"],
            run_id=one["run_id"],
            sentence=one["sentence"],
            page_url="",
            state=one["state"],
            armed_at=armed_at,
            settled_at=moment(datetime.fromisoformat(one["settled_at"])) if one["settled_at"] else None,
        )
    )
