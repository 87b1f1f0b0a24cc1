"""Moves a ledger from its file to a shared database, all or nothing: counted, compared, and the file closed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import ApplicationError, BlockedError, Problem
from robot.ledger.database import Ledger, moment, told
from robot.ledger.jobs import WORKING
from robot.ledger.tables import API_ANSWERS, API_TOKENS, JOBS, LEASES, METADATA, MOVES, WORKERS

#: Rows that are written at once.
_AT_ONCE = 500
#: Of processes that have to be at an end.
_LEFT_BEHIND = (LEASES, WORKERS, MOVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: rows by table."""

    rows: dict[str, int]


def move(source: Ledger, target: Ledger) -> Moved:
    """Raises BlockedError while anybody works, ApplicationError when the two are not the same afterwards."""
    try:
        with source.begin() as old, target.begin() as new:
            _refuse_at_work(old, source)
            _refuse_known(old, new, target)
            rows = {}
            for table in METADATA.sorted_tables:
                if table not in _LEFT_BEHIND:
                    rows[table.name] = _copy(old, new, table)
            old.execute(insert(MOVES).values(moved_to=target.shown, at=moment(datetime.now(UTC))))
    except SQLAlchemyError as error:
        raise ApplicationError(
            Problem(
                what=f"the ledger could not be moved to {target.shown}: {told(error)}",
                done="nothing was moved; the file is as it was",
                next="mend the database, then move it again",
            )
        ) from None
    return Moved(rows=rows)


def _refuse_at_work(old: Connection, source: Ledger) -> None:
    working = old.execute(select(func.count()).where(JOBS.c.state == WORKING)).scalar_one()
    leases = old.execute(select(LEASES.c.run_id)).scalars().all()
    if working or leases:
        raise BlockedError(
            Problem(
                what=f"somebody works with {source.shown}: {working} jobs, {len(leases)} leases",
                done="nothing was moved",
                next="end all workers and runs ('offboard queue drain'), then move it",
            )
        )


def _refuse_known(old: Connection, new: Connection, target: Ledger) -> None:
    """What is there already would be there twice."""
    for table in METADATA.sorted_tables:
        if "id" not in table.c or table in _LEFT_BEHIND:
            continue
        mine = set(old.execute(select(table.c.id)).scalars())
        both = mine & set(new.execute(select(table.c.id)).scalars())
        if both:
            raise BlockedError(
                Problem(
                    what=f"{target.shown} holds {len(both)} of these {table.name} already",
                    details=(("such as", sorted(both)[0]),),
                    done="nothing was moved",
                    next="move into a database that does not hold them",
                )
            )


def _copy(old: Connection, new: Connection, table: Table) -> int:
    """Copies a table in its order and compares what arrived. Returns the number of rows."""
    columns = [column for column in table.c if not _is_counted(column)]
    rows = [dict(row._mapping) for row in old.execute(select(*columns).order_by(*_order(table)))]
    if table in (API_TOKENS, API_ANSWERS):
        # Of the machines' own: one of the same name stays as it is there.
        known = set(new.execute(select(*table.primary_key.columns)).all())
        rows = [
            row
            for row in rows
            if tuple(row[column.name] for column in table.primary_key.columns) not in known
        ]
    before = new.execute(select(func.count()).select_from(table)).scalar_one()
    for start in range(0, len(rows), _AT_ONCE):
        new.execute(insert(table), rows[start : start + _AT_ONCE])
    after = new.execute(select(func.count()).select_from(table)).scalar_one()
    arrived = [dict(row._mapping) for row in new.execute(select(*columns))] if before == 0 else rows
    if after - before != len(rows) or _digest(arrived) != _digest(rows):
        raise ApplicationError(
            Problem(
                what=f"of {len(rows)} rows of '{table.name}' {after - before} arrived, or others than were sent",
                done="nothing was moved; the file is as it was",
                next="tell whoever keeps this project",
            )
        )
    return len(rows)


def _is_counted(column: Column[Any]) -> bool:
    """Whether the database counts it by itself: other ledgers may have been moved there."""
    return column.name == "number" and column.autoincrement is True


def _order(table: Table) -> Iterator[Column[Any]]:
    return iter(table.primary_key.columns)


def _digest(rows: list[dict[str, Any]]) -> str:
    lines = sorted(repr(sorted(row.items())) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
