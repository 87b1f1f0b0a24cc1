"""The ledger's tables: made by numbered files, the same as the program knows them, never downgraded."""

from __future__ import annotations

import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from robot.errors import SetupError
from robot.ledger.database import migrations, open_ledger
from robot.ledger.tables import METADATA


def test_migrations_make_the_tables_that_the_program_knows(tmp_path: Path) -> None:
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        found = inspect(ledger.engine)
        made = {
            name: {(column["name"], column["nullable"]) for column in found.get_columns(name)}
            for name in found.get_table_names()
            if name not in ("ledger_versions", "ledger_identity", "sqlite_sequence")
        }
    known = {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        for table in METADATA.tables.values()
    }
    # SQLite lets a primary key of text be null; the program never writes one.
    keys = {table.name: {column.name for column in table.primary_key} for table in METADATA.tables.values()}
    for name, columns in made.items():
        made[name] = {(column, null and column not in keys[name]) for column, null in columns}
    assert made == known


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for _ in range(2):
        with closing(open_ledger(path)):
            pass
    with closing(sqlite3.connect(path)) as connection:
        versions = connection.execute("SELECT version FROM ledger_versions").fetchall()
    assert versions == [(number,) for number, _ in migrations()]


def test_a_ledger_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(open_ledger(path)):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO ledger_versions VALUES (9999, '')")
        connection.commit()
    with pytest.raises(SetupError) as caught:
        open_ledger(path)
    assert "newer release (version 9999)" in caught.value.problem.what
    assert caught.value.problem.done == "nothing was started"


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("a text that is long enough not to be taken for an empty database" * 20)
    with pytest.raises(SetupError, match="is no ledger of this robot"):
        open_ledger(path)


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SetupError) as caught:
        open_ledger(tmp_path / "data" / "ledger.db")
    assert "cannot be written" in caught.value.problem.what
    assert "OFFBOARD_DATA" in caught.value.problem.next


@pytest.mark.parametrize("address", ["mysql://host/x", "nonsense", "redis://host"])
def test_the_address_of_another_kind_of_database_is_refused(address: str) -> None:
    with pytest.raises(SetupError):
        open_ledger(address)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_folder_and_file_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "ledger.db"
    with closing(open_ledger(path)):
        for one in (path.parent, *path.parent.iterdir()):
            assert stat.S_IMODE(one.stat().st_mode) & 0o077 == 0, one
