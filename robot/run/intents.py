"""The journal of intents: one file beside all runs, written and flushed to disk before each press.

Kept outside any run's folder, so that a later run reads what an earlier one armed. Must not know of pages.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from robot.errors import GateError, Problem, SentBeforeError, SetupError, UnrecordableError
from robot.run.model import Intent, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIntent:
    """An intent whose outcome is not settled."""

    object: str
    location_id: str
    task: str
    run_id: str
    sentence: str
    armed_at: datetime


class IntentJournal:
    """Append-only `intents.jsonl` of one dashboard; each line is one change of state.

    States: `armed`, then one of `passed`, `failed` (known not pressed), `unknown`, `confirmed` (a later look
    saw the goal hold), `superseded` (a later look saw that it had done nothing).
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Raises SetupError when the folder cannot be written."""
        self._path = path
        self._now = now
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("a"):
                pass
        except OSError as error:
            raise SetupError(
                Problem(
                    what=f"the journal of intents at {path} cannot be written: {error.strerror}",
                    done="nothing was started",
                    next="make the folder writable, or name another with OFFBOARD_DATA",
                )
            ) from None
        self._lock = FileLock(f"{path}.lock")
        #: How long another run may hold the journal before this one gives up, in s.
        self.lock_timeout_s = 10.0

    @property
    def path(self) -> Path:
        return self._path

    def open_intents(self) -> list[OpenIntent]:
        """Returns what is armed or unknown, oldest first.

        A torn last line (a crash while arming) is no intent: the press comes only after the line is whole.
        """
        found: dict[tuple[str, str], OpenIntent] = {}
        for row in self._rows():
            key = (row["object"], row["location_id"])
            if row["state"] == "armed":
                found[key] = OpenIntent(
                    object=row["object"],
                    location_id=row["location_id"],
                    task=row["task"],
                    run_id=row["run_id"],
                    sentence=row["sentence"],
                    armed_at=datetime.fromisoformat(row["at"]),
                )
            elif row["state"] != "unknown":
                found.pop(key, None)
        return list(found.values())

    def _rows(self) -> Iterator[dict[str, str]]:
        # Lines end at line feeds only: names may hold other separators, and a torn line half a letter.
        for line in self._path.read_bytes().split(b"\n"):
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict):
                yield row

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        """Writes the intent and flushes it to disk. Raises GateError; then nothing may be pressed."""
        try:
            with self._lock.acquire(timeout=self.lock_timeout_s):
                earlier = self._find_open(intent)
                if settle_after_ms is None:
                    self._refuse_again(intent)
                elif earlier is not None:
                    self._judge(earlier, intent, settle_after_ms)
                    self._append("superseded", intent)
                self._append("armed", intent)
        except Timeout:
            raise GateError(
                Problem(what=f"the journal {self._path} is held by another run", done="nothing was pressed")
            ) from None
        except OSError as error:
            raise UnrecordableError(
                Problem(
                    what=f"the intent could not be written to {self._path}: {error.strerror}",
                    done="nothing was pressed",
                    next="make room on the disk or make the file writable, then run again",
                )
            ) from None

    def settle(self, intent: Intent, status: Status) -> None:
        """Writes what became of an armed intent. Raises UnrecordableError; then it stays open."""
        state = {Status.PASSED: "passed", Status.FAILED: "failed"}.get(status, "unknown")
        try:
            with self._lock.acquire(timeout=self.lock_timeout_s):
                self._append(state, intent)
        except OSError as error:
            raise self._unsettled(f"what became of {intent.object}", error) from None

    def confirm(self, *, task: str, location_id: str) -> None:
        """Settles every open intent of a task and customer whose goal was seen to hold.

        Raises UnrecordableError; then they stay open.
        """
        try:
            with self._lock.acquire(timeout=self.lock_timeout_s):
                for item in self.open_intents():
                    if item.task == task and item.location_id == location_id:
                        self._write(
                            {
                                "state": "confirmed",
                                "object": item.object,
                                "location_id": item.location_id,
                                "task": item.task,
                                "run_id": item.run_id,
                                "sentence": item.sentence,
                                "at": self._now().isoformat(),
                            }
                        )
        except OSError as error:
            raise self._unsettled(f"that '{task}' reached its goal", error) from None

    def _unsettled(self, what: str, error: OSError) -> UnrecordableError:
        return UnrecordableError(
            Problem(
                what=f"{what} could not be written to {self._path}: {error.strerror or error}",
                done="nothing more was pressed",
                next="make room on the disk or make the file writable, then run again: what is open is looked at",
            )
        )

    def _find_open(self, intent: Intent) -> OpenIntent | None:
        for item in self.open_intents():
            if (item.object, item.location_id) == (intent.object, intent.location_id):
                return item
        return None

    def _refuse_again(self, intent: Intent) -> None:
        """Raises SentBeforeError when the object was ever armed and is not known to be unpressed."""
        last = ""
        for row in self._rows():
            if (row["object"], row["location_id"]) == (intent.object, intent.location_id):
                last = row["state"]
        if last not in ("", "failed"):
            raise SentBeforeError(
                Problem(
                    what=f"{intent.object} was sent before ({last}) and is never sent twice",
                    done="nothing was sent",
                    next="look for the conversation on the dashboard and finish it by hand",
                )
            )

    def _judge(self, earlier: OpenIntent, intent: Intent, settle_after_ms: int) -> None:
        """The object is still there, or nobody would arm again; late enough, that settles the earlier one."""
        due = earlier.armed_at + timedelta(milliseconds=settle_after_ms)
        if self._now() < due:
            raise GateError(
                Problem(
                    what=f"{intent.object} was pressed before and its outcome has not been seen yet",
                    details=(
                        ("earlier", f"run {earlier.run_id} at {earlier.armed_at:%Y-%m-%d %H:%M:%S} UTC"),
                    ),
                    done="nothing was pressed a second time",
                    next=f"run again after {due:%H:%M:%S} UTC; what is still there then counts as not done",
                )
            )

    def _append(self, state: str, intent: Intent) -> None:
        self._write(
            {
                "state": state,
                "object": intent.object,
                "location_id": intent.location_id,
                "task": intent.step.task,
                "run_id": intent.run_id,
                "sentence": intent.sentence,
                "at": self._now().isoformat(),
            }
        )

    def _write(self, row: dict[str, str]) -> None:
        with self._path.open("a+b") as file:
            if file.tell() and not _ends_whole(file):
                file.write(b"\n")
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _ends_whole(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
