"""Batches as rows: when they began and ended, what was looked at before, and the summary."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from robot.ledger.database import DashboardRows, moment
from robot.ledger.tables import BATCHES

#: Told of a batch that begins, in the transaction that writes it down.
OnBegin = Callable[[Connection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch."""

    id: str
    dashboard: str
    began_at: str
    began_by: str
    until: str | None
    ended_at: str | None
    #: How it ended, in a few words; empty while it goes on, and for one that was cut off.
    outcome: str
    #: JSON.
    preflight: str
    #: JSON.
    summary: str


class Batches(DashboardRows):
    """The batches of one dashboard."""

    def begin(self, batch_id: str, *, by: str, until: datetime, on_begin: OnBegin = lambda _: None) -> bool:
        """Returns False for one that is there already. on_begin: called in the same transaction."""
        with self._ledger.begin() as connection:
            if connection.execute(select(BATCHES.c.id).where(BATCHES.c.id == batch_id)).first() is not None:
                return False
            connection.execute(
                insert(BATCHES).values(
                    id=batch_id,
                    dashboard=self._dashboard,
                    began_at=moment(self._now()),
                    began_by=by,
                    until=moment(until),
                    outcome="",
                    preflight="{}",
                    summary="{}",
                )
            )
            on_begin(connection)
        return True

    def find(self, batch_id: str) -> BatchRow | None:
        with self._ledger.begin() as connection:
            row = connection.execute(select(BATCHES).where(BATCHES.c.id == batch_id)).first()
        return BatchRow(**row._mapping) if row else None

    def is_any_open(self) -> bool:
        """Whether a batch goes on that has found all as it must be."""
        now = moment(self._now())
        return any(
            one.ended_at is None and (one.until or "") > now and json.loads(one.preflight).get("good")
            for one in self.all()[:10]
        )

    def note_preflight(self, batch_id: str, preflight: str) -> None:
        """preflight: JSON."""
        with self._ledger.begin() as connection:
            connection.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(preflight=preflight))

    def end(self, batch_id: str, *, outcome: str, summary: str) -> None:
        """summary: JSON."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(BATCHES)
                .where(BATCHES.c.id == batch_id)
                .values(ended_at=moment(self._now()), outcome=outcome, summary=summary)
            )

    def all(self) -> list[BatchRow]:
        """Newest first."""
        query = (
            select(BATCHES).where(BATCHES.c.dashboard == self._dashboard).order_by(BATCHES.c.began_at.desc())
        )
        with self._ledger.begin() as connection:
            return [BatchRow(**row._mapping) for row in connection.execute(query)]
