"""What the ledger knows of the evidence of runs: what it was when it was sealed, and where it lies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import Problem, UnrecordableError
from robot.ledger.database import Ledger, told
from robot.ledger.leases import runs_at_work
from robot.ledger.tables import RUNS

#: Names that are asked for at once.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """Evidence of one run."""

    run_id: str
    #: Where beyond the machine that made it; empty until it is stored.
    stored: str
    #: Whether its run has ended, in whatever way.
    is_over: bool
    ended_at: datetime | None


def note_evidence(ledger: Ledger, run_id: str, digest: str) -> None:
    """Writes down what a run's evidence was when it was sealed: what was stored before is not all of it.

    Raises UnrecordableError.
    """
    _note(ledger, run_id, "the evidence's digest", evidence_digest=digest, stored="")


def note_stored(ledger: Ledger, run_id: str, place: str) -> None:
    """Writes down where a run's evidence is stored. Raises UnrecordableError."""
    _note(ledger, run_id, "the place of the evidence", stored=place)


def _note(ledger: Ledger, run_id: str, what: str, **values: str) -> None:
    try:
        with ledger.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**values))
    except SQLAlchemyError as error:
        raise UnrecordableError(
            Problem(
                what=f"{what} of {run_id} could not be written to {ledger.shown}: {told(error)}",
                done="the evidence itself is whole",
                next="make room on the disk or mend the database",
            )
        ) from None


def evidence_of(ledger: Ledger, run_ids: Collection[str], now: datetime) -> list[EvidenceRow]:
    """Of the runs that the ledger knows, oldest first. Raises SQLAlchemyError."""
    wanted = sorted(run_ids)
    found: list[EvidenceRow] = []
    with ledger.begin() as connection:
        at_work = runs_at_work(connection, now)
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(RUNS).where(RUNS.c.id.in_(wanted[start : start + _AT_ONCE])).order_by(RUNS.c.id)
            found += [
                EvidenceRow(
                    run_id=row.id,
                    stored=row.stored,
                    is_over=row.id not in at_work,
                    ended_at=datetime.fromisoformat(row.ended_at) if row.ended_at else None,
                )
                for row in connection.execute(query)
            ]
    return found
