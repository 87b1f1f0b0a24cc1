"""What is looked at again later, and what a person has closed: rows. What they mean is said by `robot.case`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from robot.ledger.database import DashboardRows, moment
from robot.ledger.tables import CASES, FOLLOWUPS, SETTLEMENTS

#: When something is looked at again: after each look this much later, the last one again and again.
PAUSES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: After so long a person is told.
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupRow:
    """Something that ends later."""

    number: int
    case_id: str
    object: str
    says: str
    began_at: str
    due_at: str
    tries: int
    ended_at: str | None
    outcome: str

    def is_overdue(self, now: datetime) -> bool:
        """Whether it was looked at for so long that a person is told."""
        return now - datetime.fromisoformat(self.began_at) > LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """An object that a person has closed."""

    number: int
    case_id: str
    object: str
    #: `done-by-hand` or `leave`.
    how: str
    reason: str
    ticket: str
    settled_by: str
    settled_at: str


class Followups(DashboardRows):
    """Follow-ups and settlements of one dashboard's cases."""

    def note(
        self, case_id: str, waiting: Iterable[tuple[str, str]], *, unknown: Collection[str] = ()
    ) -> None:
        """Takes down what a look has seen, as (object, what is awaited); what is no longer there has ended.

        unknown: objects of which the look says nothing: they are looked at again later.
        """
        seen = dict(waiting)
        now = self._now()
        with self._ledger.begin() as connection:
            query = select(FOLLOWUPS).where(FOLLOWUPS.c.case_id == case_id, FOLLOWUPS.c.ended_at.is_(None))
            kept = {row.object: row for row in connection.execute(query)}
            for name, row in kept.items():
                mine = update(FOLLOWUPS).where(FOLLOWUPS.c.number == row.number)
                if name in seen or name in unknown:
                    pause = PAUSES[min(row.tries + 1, len(PAUSES) - 1)]
                    says = seen.get(name, row.says)
                    connection.execute(
                        mine.values(says=says, tries=row.tries + 1, due_at=moment(now + pause))
                    )
                else:
                    connection.execute(mine.values(ended_at=moment(now), outcome="ended"))
            for name, says in seen.items():
                if name not in kept:
                    connection.execute(
                        insert(FOLLOWUPS).values(
                            case_id=case_id,
                            object=name,
                            says=says,
                            began_at=moment(now),
                            due_at=moment(now + PAUSES[0]),
                            tries=0,
                            outcome="",
                        )
                    )

    def put_off(self, case_id: str) -> None:
        """Looks at what a case waits for later, since it could not be looked at now."""
        open_ones = {row.object: row.says for row in self.open(case_id)}
        self.note(case_id, open_ones.items())

    def open(self, case_id: str) -> list[FollowupRow]:
        """What a case waits for."""
        query = (
            select(FOLLOWUPS)
            .where(FOLLOWUPS.c.case_id == case_id, FOLLOWUPS.c.ended_at.is_(None))
            .order_by(FOLLOWUPS.c.number)
        )
        with self._ledger.begin() as connection:
            return [_followup(row) for row in connection.execute(query)]

    def due_cases(self, *, is_all: bool = False) -> list[str]:
        """Ids of cases of which something is due, the longest due first. is_all: whether it is due or not."""
        query = (
            select(FOLLOWUPS.c.case_id, FOLLOWUPS.c.due_at)
            .join(CASES, CASES.c.id == FOLLOWUPS.c.case_id)
            .where(
                CASES.c.dashboard == self._dashboard,
                CASES.c.closed_at.is_(None),
                FOLLOWUPS.c.ended_at.is_(None),
            )
            .order_by(FOLLOWUPS.c.due_at)
        )
        if not is_all:
            query = query.where(FOLLOWUPS.c.due_at <= moment(self._now()))
        with self._ledger.begin() as connection:
            return list(dict.fromkeys(row.case_id for row in connection.execute(query)))

    def settle(self, case_id: str, object_key: str, *, how: str, reason: str, ticket: str, by: str) -> None:
        with self._ledger.begin() as connection:
            connection.execute(
                insert(SETTLEMENTS).values(
                    case_id=case_id,
                    object=object_key,
                    how=how,
                    reason=reason,
                    ticket=ticket,
                    settled_by=by,
                    settled_at=moment(self._now()),
                )
            )

    def settlements(self, case_id: str) -> dict[str, SettlementRow]:
        """The newest of each object."""
        query = select(SETTLEMENTS).where(SETTLEMENTS.c.case_id == case_id).order_by(SETTLEMENTS.c.number)
        with self._ledger.begin() as connection:
            return {row.object: SettlementRow(**row._mapping) for row in connection.execute(query)}


def _followup(row: Row[Any]) -> FollowupRow:
    return FollowupRow(**row._mapping)
