"""Counts over the whole ledger of one dashboard, for whoever draws curves of them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from robot.ledger.tables import INTENTS, RUNS, TASKS


def count_intents(connection: Connection, dashboard: str) -> dict[str, int]:
    """Irreversible acts by state."""
    query = (
        select(INTENTS.c.state, func.count().label("number"))
        .where(INTENTS.c.dashboard == dashboard)
        .group_by(INTENTS.c.state)
        .order_by(INTENTS.c.state)
    )
    return {row.state: row.number for row in connection.execute(query)}


def count_endings(connection: Connection, dashboard: str) -> dict[tuple[str, str], int]:
    """Tasks by name and status."""
    query = (
        select(TASKS.c.task, TASKS.c.status, func.count())
        .join(RUNS, RUNS.c.id == TASKS.c.run_id)
        .where(RUNS.c.dashboard == dashboard)
        .group_by(TASKS.c.task, TASKS.c.status)
        .order_by(TASKS.c.task, TASKS.c.status)
    )
    return {(task, status): number for task, status, number in connection.execute(query)}
