"""Everything the dashboard remembers, in SQLite.

Every change that a user of the dashboard causes goes through `insert`, `update` or `delete` with an
`Act`, and leaves a row in the append-only mutation list. Knows nothing of the web.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from robot.practice.entity import Entity
from robot.practice.setting import DEFAULTS

_TABLES = """
CREATE TABLE IF NOT EXISTS entity (
    kind TEXT NOT NULL, id TEXT NOT NULL, location_id TEXT, position INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS entity_place ON entity (kind, location_id, position, id);
CREATE TABLE IF NOT EXISTS mutation (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, location_id TEXT, route TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS mutation_kept_1 BEFORE UPDATE ON mutation
    BEGIN SELECT RAISE(ABORT, 'the mutation list is append-only'); END;
CREATE TABLE IF NOT EXISTS oracle_change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS job (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due_at REAL NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, refresh_token TEXT NOT NULL UNIQUE, started_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS access_token (
    token TEXT PRIMARY KEY, session_id TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS challenge (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_at REAL NOT NULL, failures INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS given_code (code TEXT NOT NULL, step INTEGER NOT NULL, was_refused INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_ALL_TABLES = (
    "entity", "mutation", "oracle_change", "job", "session", "access_token", "challenge", "given_code",
    "setting",
)  # fmt: skip
#: What a reset keeps: whoever is signed in stays so.
_KEPT_AT_RESET = ("session", "access_token", "challenge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a user of the dashboard did; becomes one row of the mutation list."""

    #: User id.
    actor: str
    #: Verb: `delete`, `deactivate`, `refresh`, `remove_tag`.
    action: str
    #: `<kind>:<identity>`, such as `phone_number:+15550100`.
    object: str
    location_id: str | None
    #: Path of the page it was done on.
    route: str
    detail: dict[str, Any] = field(default_factory=dict)


class MissingEntityError(LookupError):
    """No entity of this kind and id."""


class Store:
    """The database of one practice dashboard. Used from one thread only."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes made inside happen, or none."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # entities ---------------------------------------------------------------------------------------

    def find(self, kind: str, id_: str) -> Entity | None:
        """Return the entity, or None."""
        row = self._db.execute("SELECT * FROM entity WHERE kind = ? AND id = ?", (kind, id_)).fetchone()
        return None if row is None else _entity(row)

    def get(self, kind: str, id_: str) -> Entity:
        """Return the entity. Raises MissingEntityError."""
        found = self.find(kind, id_)
        if found is None:
            raise MissingEntityError(f"{kind}:{id_}")
        return found

    def all_of(self, kind: str) -> list[Entity]:
        """Return every entity of the kind, in list order."""
        rows = self._db.execute("SELECT * FROM entity WHERE kind = ? ORDER BY position, id", (kind,))
        return [_entity(row) for row in rows]

    def in_location(self, kind: str, location_id: str) -> list[Entity]:
        """Return the kind's entities of one sub-account, in list order."""
        rows = self._db.execute(
            "SELECT * FROM entity WHERE kind = ? AND location_id = ? ORDER BY position, id",
            (kind, location_id),
        )
        return [_entity(row) for row in rows]

    def insert(self, entity: Entity, act: Act) -> None:
        """Add what a user made."""
        with self.together():
            self.put(entity)
            self.record(act)

    def update(self, entity: Entity, act: Act) -> None:
        """Store what a user changed."""
        self.insert(entity, act)

    def delete(self, entity: Entity, *acts: Act) -> None:
        """Take away what a user deleted; one act for each place touched."""
        with self.together():
            self.take(entity)
            for act in acts:
                self.record(act)

    def put(self, entity: Entity) -> None:
        """Add or replace without a mutation: seeds, jobs' own records, the oracle."""
        self._db.execute(
            "INSERT OR REPLACE INTO entity (kind, id, location_id, position, body) VALUES (?, ?, ?, ?, ?)",
            (entity.kind, entity.id, entity.location_id, entity.position, json.dumps(entity.body)),
        )

    def put_all(self, entities: Iterable[Entity]) -> None:
        """Add many without mutations."""
        with self.together():
            for entity in entities:
                self.put(entity)

    def take(self, entity: Entity) -> None:
        """Remove without a mutation."""
        self._db.execute("DELETE FROM entity WHERE kind = ? AND id = ?", (entity.kind, entity.id))

    # what was done ----------------------------------------------------------------------------------

    def record(self, act: Act) -> None:
        """Append to the mutation list."""
        self._db.execute(
            "INSERT INTO mutation (at, actor, action, object, location_id, route, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                time.time(), act.actor, act.action, act.object, act.location_id, act.route,
                json.dumps(act.detail),
            ),
        )  # fmt: skip

    def mutations(self, *, location_id: str | None = None) -> list[dict[str, Any]]:
        """Return the mutation list, oldest first; of one sub-account if it is named."""
        rows = self._db.execute(
            "SELECT * FROM mutation WHERE ?1 IS NULL OR location_id = ?1 ORDER BY seq", (location_id,)
        )
        return [{**dict(row), "detail": json.loads(row["detail"])} for row in rows]

    # settings ---------------------------------------------------------------------------------------

    def settings(self) -> dict[str, Any]:
        """Return every setting with its value."""
        stored = {row["name"]: json.loads(row["value"]) for row in self._db.execute("SELECT * FROM setting")}
        return {**DEFAULTS, **stored}

    def setting(self, name: str) -> Any:
        """Return one setting's value. Raises KeyError for an unknown name."""
        return self.settings()[name]

    def set_setting(self, name: str, value: Any) -> None:
        """Change a setting. Raises KeyError for an unknown name."""
        if name not in DEFAULTS:
            raise KeyError(name)
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    # the rest ---------------------------------------------------------------------------------------

    def run(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run one statement on the tables that are not entities (jobs, sessions)."""
        return self._db.execute(sql, values).fetchall()

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table as rows."""
        tables: dict[str, list[dict[str, Any]]] = {}
        for table in _ALL_TABLES:
            rows = [dict(row) for row in self._db.execute(f"SELECT * FROM {table}")]  # noqa: S608
            for row in rows:
                for column in ("body", "detail", "payload", "value"):
                    if column in row:
                        row[column] = json.loads(row[column])
            tables[table] = rows
        return tables

    def replace_all(self, entities: Iterable[Entity]) -> None:
        """Forget everything but the sessions, and start again from `entities`."""
        with self.together():
            for table in _ALL_TABLES:
                if table not in _KEPT_AT_RESET:
                    self._db.execute(f"DELETE FROM {table}")  # noqa: S608
            self._db.execute("DELETE FROM sqlite_sequence")
            for entity in entities:
                self.put(entity)

    def is_empty(self) -> bool:
        """Say whether the database holds no entity yet."""
        return self._db.execute("SELECT 1 FROM entity LIMIT 1").fetchone() is None


def _entity(row: sqlite3.Row) -> Entity:
    return Entity(
        kind=row["kind"],
        id=row["id"],
        location_id=row["location_id"],
        position=row["position"],
        body=json.loads(row["body"]),
    )
