"""Opens the ledger's database, makes or brings up its tables, and gives transactions.

SQLite in WAL with `synchronous=FULL`, so that what was committed survives a loss of power; Postgres by its address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from robot.errors import Problem, SetupError
from robot.ledger.stamp import APPLICATION_ID, assert_same, identify, stamp

#: How long a transaction waits for another one to end, in s.
BUSY_S = 10.0

#: A database that is cut off is noticed within seconds, whatever the network's own patience.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}

_SERIAL = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}


class Ledger:
    """One open database. Safe to use from several threads; several processes may hold the same one."""

    def __init__(self, engine: Engine, *, shown: str) -> None:
        """shown: how the database is called in messages, without any password."""
        self.engine = engine
        self.shown = shown

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, or rolled back whole.

        On SQLite it holds the write lock from its beginning, so that what it has read is so until it ends.
        Raises SQLAlchemyError.
        """
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


class DashboardRows:
    """What everything begins with that reads and writes rows of one dashboard."""

    def __init__(
        self, ledger: Ledger, *, dashboard: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """now: the clock that the rows are written by."""
        self._ledger = ledger
        self._dashboard = dashboard
        self._now = now


def open_ledger(where: Path | str) -> Ledger:
    """where: a file, which is made, or the address of a database.

    Raises SetupError when it cannot be opened, is of a newer release, or is not the one that was kept there.
    """
    address = str(where)
    if isinstance(where, Path):
        assert_same(where)
        _make_folder(where)
        address = f"sqlite:///{where}"
    try:
        url = make_url(with_driver(address))
        shown = _shown(url)
        if url.get_backend_name() not in _SERIAL:
            raise SetupError(_away(f"the database '{shown}' is neither SQLite nor Postgres"))
        is_postgres = url.get_backend_name() == "postgresql"
        # A plan that is kept is one for the queue as it was when few were in it.
        options = {**POSTGRES_TIMEOUTS, "prepare_threshold": None} if is_postgres else {}
        engine = create_engine(with_driver(address), pool_pre_ping=True, connect_args=options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        # What SQLAlchemy says may hold the address, and with it the password.
        why = "its driver is not installed" if isinstance(error, ModuleNotFoundError) else "see its form"
        raise SetupError(
            Problem(
                what=f"the address of the database is not understood: {why}",
                done="nothing was started",
                next="write OFFBOARD_DATABASE_URL as postgresql://user:password@host:5432/name",
            )
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    ledger = Ledger(engine, shown=shown)
    try:
        identity = _migrate(ledger)
        if isinstance(where, Path):
            stamp(where, identity)
        _refuse_moved(ledger)
    except OSError as error:
        ledger.close()
        raise SetupError(_unfit(f"the stamp of {shown} cannot be written: {error.strerror}")) from None
    except SetupError:
        ledger.close()
        raise
    except SQLAlchemyError as error:
        ledger.close()
        if is_busy(error):
            raise SetupError(_busy(shown)) from None
        say = _unfit if url.get_backend_name() == "sqlite" else _away
        raise SetupError(say(f"the ledger at {shown} cannot be opened: {told(error)}")) from None
    return ledger


def _refuse_moved(ledger: Ledger) -> None:
    """A ledger that was moved is another one's copy by now: what was pressed since is not in it."""
    with ledger.begin() as connection:
        row = connection.execute(text("SELECT moved_to, at FROM moves ORDER BY number DESC LIMIT 1")).first()
    if row is not None:
        ledger.close()
        raise SetupError(
            Problem(
                what=f"the ledger at {ledger.shown} was moved to {row.moved_to} at {shown_time(row.at)} UTC",
                done="nothing was started",
                next="set OFFBOARD_DATABASE_URL to that database",
            )
        )


def with_driver(address: str) -> str:
    """The address as SQLAlchemy needs it: with the driver that is installed."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", address, count=1)


def told(error: SQLAlchemyError) -> str:
    """What went wrong, in the database's own words, without the statement."""
    cause = getattr(error, "orig", None)
    return str(cause or error).splitlines()[0]


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether somebody else held the database for too long."""
    name = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    return name.startswith("SQLITE_BUSY") or name.startswith("SQLITE_LOCKED")


def moment(at: datetime) -> str:
    """A time as the ledger writes it: ISO 8601, UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def shown_time(at: str | None) -> str:
    """`2026-11-26 12:40` of a time of the ledger."""
    return (at or "")[:16].replace("T", " ")


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise SetupError(_unfit(f"the ledger at {file} cannot be written: {error.strerror}")) from None


def _shown(url: URL) -> str:
    """How a database is called in messages. What stands behind `?` may be a password, too: it is not shown."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return url.set(query={}).set(drivername=url.get_backend_name()).render_as_string()


def _busy(shown: str) -> Problem:
    return Problem(
        what=f"the ledger at {shown} is busy: another process has been writing to it for {BUSY_S:.0f} s",
        done="nothing was started, and nothing is wrong with it",
        next="try again once the other one is done: an import, a batch, a backup",
    )


def _away(what: str) -> Problem:
    return Problem(
        what=what,
        done="nothing was started",
        next="see whether the database is up; see OFFBOARD_DATABASE_URL",
    )


def _unfit(what: str) -> Problem:
    return Problem(
        what=what,
        done="nothing was started",
        next="make the folder writable, or name another with OFFBOARD_DATA",
    )


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # Transactions are begun by us: the driver would begin them late, and without the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


# --- migrations ----------------------------------------------------------------------------------------


def migrations() -> list[tuple[int, str]]:
    """Number and text of each, in order."""
    found = []
    for file in files("robot.ledger").joinpath("migrations").iterdir():
        match = re.fullmatch(r"(\d{4})_\w+\.sql", file.name)
        if match:
            found.append((int(match[1]), file.read_text(encoding="utf-8")))
    return sorted(found)


def _migrate(ledger: Ledger) -> str:
    """Brings the tables up, one transaction for all of it; a newer ledger is refused. Returns the ledger's id."""
    with ledger.begin() as connection:
        if ledger.engine.dialect.name == "postgresql":
            # Two machines that start at once make the tables one after the other.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7239854)")
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS ledger_versions (version INTEGER PRIMARY KEY, at TEXT NOT NULL)"
        )
        had = connection.execute(text("SELECT COALESCE(MAX(version), 0) FROM ledger_versions")).scalar_one()
        known = migrations()
        if had > known[-1][0]:
            raise SetupError(
                Problem(
                    what=f"the ledger at {ledger.shown} was made by a newer release (version {had})",
                    done="nothing was started",
                    next="update the robot",
                )
            )
        for number, script in known:
            if number > had:
                for statement in _statements(script):
                    connection.exec_driver_sql(statement.format(serial=_SERIAL[ledger.engine.dialect.name]))
                connection.execute(
                    text("INSERT INTO ledger_versions (version, at) VALUES (:version, :at)"),
                    {"version": number, "at": moment(datetime.now(UTC))},
                )
        if ledger.engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        return identify(connection)


def _statements(script: str) -> Iterator[str]:
    """What stands between semicolons, without comments."""
    bare = re.sub(r"--[^\n]*", "", script)
    return (part.strip() for part in bare.split(";") if part.strip())
