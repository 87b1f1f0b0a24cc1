"""Worker processes as rows, for whoever wants to see them. Nothing is decided by them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from robot.ledger.database import DashboardRows, moment
from robot.ledger.leases import this_process
from robot.ledger.tables import WORKERS

#: States of a worker.
AT_WORK, DRAINING, ENDED, DEAD = "at work", "draining", "ended", "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """One start of a worker process."""

    id: str
    dashboard: str
    host: str
    pid: int
    logins: tuple[str, ...]
    state: str
    began_at: str
    seen_at: str
    ended_at: str | None


class Workers(DashboardRows):
    """The workers of one dashboard."""

    def begin(self, worker: str, logins: Sequence[str]) -> None:
        now = moment(self._now())
        process = this_process()
        with self._ledger.begin() as connection:
            connection.execute(
                insert(WORKERS).values(
                    id=worker,
                    dashboard=self._dashboard,
                    host=process.host,
                    pid=process.pid,
                    logins=json.dumps(list(logins)),
                    state=AT_WORK,
                    began_at=now,
                    seen_at=now,
                )
            )

    def see(self, worker: str, state: str) -> None:
        """Says that a worker lives, and what it does; one that has ended does not come back."""
        now = moment(self._now())
        with self._ledger.begin() as connection:
            connection.execute(
                update(WORKERS)
                .where(WORKERS.c.id == worker)
                .values(seen_at=now, state=state, ended_at=now if state == ENDED else None)
            )

    def bury(self, worker: str) -> None:
        """Says that a worker was found dead."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(WORKERS)
                .where(WORKERS.c.id == worker, WORKERS.c.ended_at.is_(None))
                .values(state=DEAD, ended_at=moment(self._now()))
            )

    def bury_unseen(self, *, for_longer_than: timedelta) -> None:
        """Says that workers are dead who have said nothing for so long."""
        now = self._now()
        with self._ledger.begin() as connection:
            connection.execute(
                update(WORKERS)
                .where(
                    WORKERS.c.dashboard == self._dashboard,
                    WORKERS.c.ended_at.is_(None),
                    WORKERS.c.seen_at < moment(now - for_longer_than),
                )
                .values(state=DEAD, ended_at=moment(now))
            )

    def all(self, *, only_living: bool = True) -> list[WorkerRow]:
        """Newest first."""
        query = (
            select(WORKERS).where(WORKERS.c.dashboard == self._dashboard).order_by(WORKERS.c.began_at.desc())
        )
        if only_living:
            query = query.where(WORKERS.c.ended_at.is_(None))
        with self._ledger.begin() as connection:
            return [_worker(row) for row in connection.execute(query)]


def _worker(row: Row[Any]) -> WorkerRow:
    return WorkerRow(**{**row._mapping, "logins": tuple(json.loads(row.logins))})
