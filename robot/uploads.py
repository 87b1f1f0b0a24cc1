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

from robot.errors import Problem, RobotError, SetupError
from robot.ledger.database import Ledger
from robot.ledger.evidence import EvidenceRow, evidence_of, note_stored
from robot.run.evidence_store import EvidenceStore, StoreError

#: How long what is stored lies here, too, after its run has ended; and after it was brought back.
KEPT = timedelta(days=7)
KEPT_AGAIN = timedelta(days=1)
#: Where a bundle lies while it is being removed.
_GOING = ".going"
_MOST_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What became of the evidence on this machine, by the names of the runs."""

    stored: tuple[str, ...] = ()
    #: Not stored yet: their runs go on, or the store was away.
    left: tuple[str, ...] = ()
    #: Stored long ago, and no longer here.
    removed: tuple[str, ...] = ()
    #: What has gone wrong first.
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
        """Opened when it is first wanted. Raises SetupError for an address that is not understood, or is here."""
        opened = EvidenceStore(self.url)
        if opened.is_at(self._recordings):
            raise SetupError(
                Problem(
                    what=f"the store {opened.shown} is the folder that runs write to",
                    done="nothing was started",
                    next="name another one in OFFBOARD_RECORDINGS; for a folder of this machine, leave file:// out",
                )
            )
        return opened

    def check_address(self) -> None:
        """Raises SetupError for an address that is not understood; where there is none all is well."""
        if self.url:
            _ = self.store

    def upload(self, run_id: str) -> None:
        """Stores the evidence of a run that has ended. Raises StoreError, UnrecordableError."""
        self.store.put(self._recordings / run_id)
        note_stored(self._ledger, run_id, self.store.shown)

    def upload_all(self, *, is_stopped: Callable[[], bool] = lambda: False) -> Uploaded:
        """Stores what is not stored, and removes here what was stored long ago.

        Ends early when it has failed some times in a row, or when it is told to.

        Raises SQLAlchemyError, and OSError when the recordings cannot be read.
        """
        # What was left of an earlier pass that was cut off.
        shutil.rmtree(self._recordings / _GOING, ignore_errors=True)
        stored, removed = [], []
        rows = self._here()
        left = {row.run_id for row in rows if not row.stored}
        problem = None
        failures = 0
        for row in rows:
            if failures >= _MOST_FAILURES or is_stopped():
                break
            try:
                if not row.stored and row.is_over:
                    self.upload(row.run_id)
                    stored.append(row.run_id)
                    left.discard(row.run_id)
                elif row.stored and self._is_old(row):
                    self._remove(row)
                    removed.append(row.run_id)
                failures = 0
            except RobotError as error:
                problem = problem or error.problem
                failures += 1
            except FileNotFoundError:
                # Another process was quicker to remove it.
                continue
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

    def _is_old(self, row: EvidenceRow) -> bool:
        """Whether a bundle has lain here long enough, and is stored where this machine stores."""
        if not row.is_over or row.stored != self.store.shown:
            return False
        came_at = datetime.fromtimestamp((self._recordings / row.run_id).stat().st_mtime, UTC)
        return self._now() - (row.ended_at or came_at) >= KEPT and self._now() - came_at >= KEPT_AGAIN

    def _remove(self, row: EvidenceRow) -> None:
        """Raises StoreError when the store does not hold it after all: it is stored again then, by another pass."""
        folder = self._recordings / row.run_id
        if not self.store.holds(folder):
            note_stored(self._ledger, row.run_id, "")
            raise StoreError(
                Problem(
                    what=f"{self.store.shown} does not hold all of {row.run_id} any more",
                    done="it is kept here",
                    next="see who removes or changes what is stored; it is stored again",
                )
            )
        going = self._recordings / _GOING / row.run_id
        try:
            # In one move: what is half removed is not to be taken for evidence.
            going.parent.mkdir(exist_ok=True)
            folder.replace(going)
        except OSError as error:
            raise StoreError(
                Problem(
                    what=f"{row.run_id} could not be removed here: {error.strerror or error}",
                    done="it is stored, too",
                    next=f"make {self._recordings} a folder that may be changed",
                )
            ) from None
        shutil.rmtree(going, ignore_errors=True)
