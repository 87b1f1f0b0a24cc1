"""Knows a ledger's file again: one that was emptied, moved away or exchanged is not taken for a new one.

What was pressed is in the ledger; an empty one in its place would let it be pressed again. So a file beside it says
which ledger lies here, and the file itself bears a mark in its header (SQLite's `application_id`).
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, text

from robot.errors import Problem, SetupError

#: "OFFB", as SQLite's header holds it.
APPLICATION_ID = 0x4F464642


def stamp_of(file: Path) -> Path:
    """Where the stamp of a ledger lies."""
    return file.with_name(f"{file.name}.stamp")


def assert_same(file: Path) -> None:
    """Raises SetupError where a ledger was kept here, and what lies here is empty, gone, or no ledger."""
    kept = _read(file)
    is_empty = not file.exists() or file.stat().st_size == 0
    if kept and is_empty:
        how = "is empty" if file.exists() else "is not there"
        raise SetupError(_lost(file, f"the ledger {file} {how}, and one has been kept there"))
    mark, tables, identity = (APPLICATION_ID, set(), "") if is_empty else _look_into(file)
    # One from before the mark is known by its tables.
    if mark != APPLICATION_ID and (mark != 0 or (tables and "ledger_versions" not in tables)):
        raise SetupError(
            Problem(
                what=f"{file} is no ledger of this robot",
                done="nothing was started, and the file is as it was",
                next="move it away, or name another folder with OFFBOARD_DATA",
            )
        )
    if kept and identity not in ("", kept):
        raise SetupError(_lost(file, f"another ledger lies at {file} than the one that has been kept there"))


def identify(connection: Connection) -> str:
    """The id of this ledger, which it gets the first time."""
    found: str | None = connection.execute(text("SELECT id FROM ledger_identity")).scalar()
    if found is None:
        found = uuid4().hex
        connection.execute(
            text("INSERT INTO ledger_identity (id, made_at) VALUES (:id, :at)"),
            {"id": found, "at": datetime.now(UTC).isoformat(timespec="microseconds")},
        )
    return found


def stamp(file: Path, identity: str) -> None:
    """Writes the stamp where there is none. Raises OSError."""
    if not _read(file):
        words = {"ledger": identity, "what": "says which ledger lies beside it; see docs/cases.md"}
        fresh = stamp_of(file).with_suffix(f".{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(words, opened)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(stamp_of(file))


def _read(file: Path) -> str:
    """The id that the stamp names; empty where there is none. One that cannot be read names no ledger of ours."""
    try:
        return str(json.loads(stamp_of(file).read_text(encoding="utf-8"))["ledger"])
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (ValueError, KeyError, TypeError):
        return "unreadable"


def _look_into(file: Path) -> tuple[int, set[str], str]:
    """The mark in its header, its tables, and the id that it bears; changes nothing."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as opened:
            mark = opened.execute("PRAGMA application_id").fetchone()[0]
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            rows = (
                opened.execute("SELECT id FROM ledger_identity").fetchall()
                if "ledger_identity" in tables
                else []
            )
    except sqlite3.DatabaseError as error:
        # What is busy or damaged is told by whoever opens it for good.
        return (-1 if "not a database" in str(error) else APPLICATION_ID), set(), ""
    return mark, tables, rows[0][0] if rows else ""


def _lost(file: Path, what: str) -> Problem:
    return Problem(
        what=what,
        details=(("its stamp", str(stamp_of(file))),),
        done="nothing was started: without it, what was pressed before would be pressed again",
        next="put the ledger back, from a copy if need be; to begin a new one on purpose, move its stamp away",
    )
