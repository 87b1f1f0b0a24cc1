"""Stores the evidence of runs beyond this machine, where settings say so, and brings it back.

What is stored stays on this machine, too, for a week after its run has ended. What could not be stored is stored
later. Must not know of cases.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from robot.errors import Problem, RobotError
from robot.ledger.database import Ledger
from robot.ledger.evidence import EvidenceRow, evidence_of, note_stored
from robot.run.evidence_store import EvidenceStore

#: How long what is stored lies here, too, after its run has ended; and after it was brought back.
KEPT = timedelta(days=7)
KEPT_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What became of the evidence on this machine, by the names of the runs."""

    stored: tuple[str, ...] = ()
    #: Not stored yet: their runs go on, or the store was away.
    left: tuple[str, ...] = ()
    #: Stored long ago, and no longer here.
    removed: tuple[str, ...] = ()
    #: What has ended it before its end.
    problem: Problem | None = None


class Uploads:
    """Between the folder of recordings of this machine and the store."""

    def __init__(self, url: str, *, recordings: Path, ledger: Ledger, now: Callable[[], datetime]) -> None:
        """url: of the store; empty where evidence stays where it is made."""
        self.url = url
        self._recordings = recordings
        self._ledger = ledger
        self._now = now

    @cached_property
    def store(self) -> EvidenceStore:
        """Opened when it is first wanted. Raises SetupError for an address that is not understood."""
        return EvidenceStore(self.url)

    def check_address(self) -> None:
        """Raises SetupError for an address that is not understood; where there is none all is well."""
        if self.url:
            _ = self.store

    def upload(self, run_id: str) -> None:
        """Stores the evidence of a run that has ended. Raises StoreError, UnrecordableError."""
        self.store.put(self._recordings / run_id)
        note_stored(self._ledger, run_id, self.store.shown)

    def upload_all(self) -> Uploaded:
        """Stores what is not stored, and removes here what was stored long ago; ends at the first failure.

        Raises SQLAlchemyError.
        """
        stored, removed = [], []
        rows = self._here()
        left = {row.run_id for row in rows if not row.stored}
        problem = None
        try:
            for row in rows:
                if not row.stored and row.is_over:
                    self.upload(row.run_id)
                    stored.append(row.run_id)
                    left.discard(row.run_id)
                elif self._is_to_go(row):
                    shutil.rmtree(self._recordings / row.run_id)
                    removed.append(row.run_id)
        except RobotError as error:
            problem = error.problem
        except OSError as error:
            problem = Problem(what=f"a stored run could not be removed from {self._recordings}: {error}")
        return Uploaded(
            stored=tuple(stored), left=tuple(sorted(left)), removed=tuple(removed), problem=problem
        )

    def bring(self, run_id: str, evidence: Path) -> Path:
        """The folder of a run's evidence: where it was made, or brought here from the store.

        Raises what `EvidenceStore.get` does. Without a store: where it was made, whether it is here or not.
        """
        if evidence.is_dir() or not self.url:
            return evidence
        return self.store.get(run_id, self._recordings)

    def _here(self) -> list[EvidenceRow]:
        if not self._recordings.is_dir():
            return []
        names = [path.name for path in self._recordings.iterdir() if path.is_dir()]
        return evidence_of(self._ledger, names, self._now())

    def _is_to_go(self, row: EvidenceRow) -> bool:
        """Whether a bundle has lain here long enough; asked for again in the store before it goes."""
        folder = self._recordings / row.run_id
        came_at = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        if row.stored != self.store.shown or row.ended_at is None:
            return False
        if self._now() - row.ended_at < KEPT or self._now() - came_at < KEPT_AGAIN:
            return False
        return self.store.holds(folder)
