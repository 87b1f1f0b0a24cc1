"""Writes what proves a run, as it happens, into one folder: `recordings/<run>/`.

A listener: it may not stop a run. What may is the gate, which asks `check_healthy` before each press, because a
press that would leave no evidence must not be made. Must not know of browsers or pages.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from robot.errors import Problem, SetupError, UnrecordableError
from robot.run import bundle_layout as layout
from robot.run.append import append_whole
from robot.run.events import (
    Armed,
    Captured,
    Event,
    Noted,
    Pictured,
    RunFinished,
    RunStarted,
    Said,
    TraceSaved,
    VideoFrame,
)
from robot.run.manifest import Manifest, chained_line
from robot.run.picture import draw_mark
from robot.run.plain import event_to_plain, to_plain
from robot.run.redact import Redactor
from robot.run.trace_rewrite import rewrite_trace
from robot.run.video import FrameSpool

#: With less free space than this no run starts: one offboarding's evidence takes some 10 to 50 MB.
FLOOR_BYTES = 64 * 1024**2
#: With less than this a run starts with a remark.
ROOMY_BYTES = 512 * 1024**2
#: Given back when the disk is full, so that the run's end can still be written.
_RESERVE_BYTES = 1024**2


class EvidenceRecorder:
    """The evidence of one run. Use it as a context manager, or call `close` at the end."""

    def __init__(
        self,
        recordings: Path,
        run_id: str,
        redactor: Redactor,
        *,
        floor_bytes: int = FLOOR_BYTES,
        video: bool = True,
    ) -> None:
        """Makes the run's folder and its first files.

        Raises: SetupError when `recordings` cannot be written, is too full, or already holds this run.
        """
        self.folder = recordings / run_id
        #: What a person should know before the run goes on, one line each.
        self.warnings: tuple[str, ...] = ()
        self._run_id = run_id
        self._redactor = redactor
        self._failure: OSError | None = None
        self._lost: list[str] = []
        self._chain = ""
        self._captures: dict[str, dict[str, Any]] = {}
        self._said: list[Said] = []
        self._pictures: dict[str, int] = {}
        self._is_closed = False
        try:
            recordings.mkdir(parents=True, exist_ok=True)
            self._check_space(recordings, floor_bytes)
            self.folder.mkdir()
            (self.folder / layout.PICTURES).mkdir()
            self._unfinished = self.folder / layout.UNFINISHED
            self._unfinished.mkdir()
            self._reserve = self._unfinished / "reserve"
            self._reserve.write_bytes(b"\0" * _RESERVE_BYTES)
            self._events = (self.folder / layout.EVENTS).open("ab", buffering=0)
            self._manifest = Manifest(self.folder, run_id)
            self._spool = FrameSpool(self._unfinished / "frames") if video else None
        except OSError as error:
            raise _unwritable(recordings, self.folder, error) from None

    def __enter__(self) -> EvidenceRecorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def digest(self) -> str:
        """The digest of everything listed so far."""
        return self._manifest.digest

    def check_healthy(self) -> None:
        """Makes sure that all evidence so far is on the disk and that more can be written.

        Raises: UnrecordableError when any of it could not be written, the folder is gone or the disk almost full.
        """
        if self._failure is None:
            try:
                self._check_place()
            except OSError as error:
                self._fail("the evidence folder", error)
        if self._failure is not None:
            why = self._failure.strerror or str(self._failure)
            raise UnrecordableError(
                Problem(
                    what=f"evidence can no longer be written: {why}",
                    details=(("folder", str(self.folder)), ("lost", "\n".join(self._lost[:3]))),
                    done="nothing was pressed: no evidence, no press",
                    next="make room or bring the folder back, then start the run again; what is done is seen then",
                )
            )

    def notice(self, event: Event) -> None:
        """Takes one event in. A disk that fails is remembered for `check_healthy` and never raised."""
        if self._is_closed:
            raise ValueError(f"evidence of {self._run_id} is closed; {type(event).__name__} came too late")
        self._attempt(type(event).__name__, lambda: self._take(event))

    def keep(self, name: str, text: str) -> None:
        """Puts one more text file into the bundle, cleaned and listed: a plan, an approval.

        name: relative to the bundle, in no folder. A disk that fails is remembered for `check_healthy`.
        """
        self._attempt(name, lambda: self._write(name, self._redactor.text(text).encode()))

    def close(self) -> None:
        """Ends without sealing, when the run did not get to its end; after a sealed end does nothing."""
        if self._is_closed:
            return
        self._attempt("what was collected", self._write_collected)
        self._let_go()

    def _let_go(self) -> None:
        self._is_closed = True
        self._events.close()
        self._manifest.close()
        self._clear()

    def _clear(self) -> None:
        if self._spool is not None:
            self._spool.close()
            self._spool = None
        shutil.rmtree(self._unfinished, ignore_errors=True)

    def _take(self, event: Event) -> None:
        match event:
            case VideoFrame():
                if self._spool is not None and self._failure is None:
                    self._spool.add(event.image, event.at)
            case Pictured():
                self._take_picture(event)
            case TraceSaved():
                self._log(event, file=self._keep_trace(event))
            case RunStarted():
                self._log(event)
                for warning in self.warnings:
                    self._log(Noted(kind="remark", text=warning, page_url="", at=event.at))
            case RunFinished():
                self._finish(event)
            case _:
                if isinstance(event, Captured):
                    self._captures.setdefault(event.step.task, {})[event.name] = event.value
                elif isinstance(event, Said):
                    self._said.append(event)
                self._log(event)
                if isinstance(event, Armed):
                    os.fsync(self._events.fileno())

    def _log(self, event: Event, *, file: str = "") -> None:
        """Appends one line to `events.jsonl`."""
        data = self._redactor.json(event_to_plain(event))
        if file or isinstance(event, Pictured | TraceSaved):
            data["file"] = file
        line, chain = chained_line(self._chain, data)
        append_whole(self._events.fileno(), line)
        self._chain = chain

    def _take_picture(self, event: Pictured) -> None:
        """Keeps the picture. Once a write has failed, what room is left is for words."""
        if self._failure is not None and event.image:
            why = f"evidence could no longer be written: {self._failure.strerror}"
            self._log(replace(event, image=b"", missing=why))
            return
        self._log(event, file=self._keep_picture(event) if event.image else "")

    def _keep_picture(self, event: Pictured) -> str:
        """Writes the picture with its mark; returns its name."""
        name = layout.picture_name(event.step.number, event.moment, self._redactor.text(event.step.name))
        again = self._pictures.get(name, 0)
        self._pictures[name] = again + 1
        if again:
            name = layout.picture_name(event.step.number, event.moment, event.step.name, again)
        self._write(name, draw_mark(event.image, event.mark) if event.mark else event.image)
        return name

    def _keep_trace(self, event: TraceSaved) -> str:
        """Puts the cleaned trace into the bundle and removes the raw one; returns its name.

        A trace that cannot be understood is left out, since it cannot be cleaned; that is noted.
        """
        temporary = self._unfinished / layout.TRACE
        try:
            rewrite_trace(event.path, temporary, self._redactor)
        except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError) as error:
            temporary.unlink(missing_ok=True)
            why = f"the trace was left out: it could not be cleaned ({type(error).__name__}: {error})"
            self._log(Noted(kind="remark", text=why, page_url="", at=event.at))
            return ""
        finally:
            event.path.unlink(missing_ok=True)
        self._place(temporary, layout.TRACE)
        return layout.TRACE

    def _finish(self, event: RunFinished) -> None:
        """Writes what can only be written at the end, then closes the list. What fails is lost by itself; the
        first failure gives the reserve back to what follows. The order matters:

        1. the last event, what was collected, and the video; 2. `run.json`, which says what was lost so far;
        3. `events.jsonl` is complete and listed; 4. what was unfinished is removed, since beside a sealed list lies
        only what it names, and the list is sealed.
        """
        self._attempt("the last event", lambda: self._log(event))
        self._attempt("what was collected", self._write_collected)
        self._attempt(layout.VIDEO, self._write_video)
        run = self._redactor.json(to_plain(event.run))
        self._attempt(layout.RUN, lambda: self._write(layout.RUN, _json_bytes({**run, "lost": self._lost})))
        self._attempt(layout.EVENTS, lambda: self._manifest.add(layout.EVENTS))
        self._clear()
        self._attempt(layout.MANIFEST, lambda: self._manifest.seal(at=event.run.ended_at, lost=self._lost))
        self._let_go()

    def _attempt(self, what: str, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            self._fail(what, error)

    def _write_collected(self) -> None:
        if self._captures:
            self._write(layout.CAPTURES, _json_bytes(self._redactor.json(to_plain(self._captures))))
        if self._said:
            said = [
                {"by": one.by, "text": self._redactor.text(one.text), "at": one.at.isoformat()}
                for one in self._said
            ]
            self._write(layout.TRANSCRIPT_JSON, _json_bytes(said))
            self._write(layout.TRANSCRIPT_TEXT, _transcript(said).encode())

    def _write_video(self) -> None:
        """Raises: OSError when the frames cannot be encoded or the video cannot be written."""
        if self._spool is None:
            return
        temporary = self._unfinished / layout.VIDEO
        try:
            frames = self._spool.encode(temporary)
        except (ValueError, IndexError) as error:
            raise OSError(errno.EIO, f"the frames could not be encoded ({error})") from error
        if frames:
            self._place(temporary, layout.VIDEO)
        if self._spool.is_full:
            why = "the video stops early: its frames had filled the space set aside for them"
            self._log(Noted(kind="remark", text=why, page_url="", at=datetime.now(UTC)))

    def _write(self, name: str, octets: bytes) -> None:
        """Writes a whole file under a temporary name, moves it into place and lists it."""
        temporary = self._unfinished / name.replace("/", "-")
        try:
            temporary.write_bytes(octets)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._place(temporary, name)

    def _place(self, temporary: Path, name: str) -> None:
        temporary.replace(self.folder / name)
        self._manifest.add(name)

    def _fail(self, what: str, error: OSError) -> None:
        """Remembers the first failure and gives back the reserve, so that the end can be written."""
        self._failure = self._failure or error
        self._lost.append(f"{what}: {error.strerror or error}")
        # On a failing disk even this may fail, and the run must hear nothing of it.
        try:
            self._reserve.unlink(missing_ok=True)
        except OSError as second:
            self._lost.append(f"the reserve: {second.strerror}")

    def _check_place(self) -> None:
        """Raises OSError unless the open events file is the one in the folder, on disk, with room after it."""
        os.fsync(self._events.fileno())
        opened, found = os.fstat(self._events.fileno()), (self.folder / layout.EVENTS).stat()
        if (opened.st_ino, opened.st_dev) != (found.st_ino, found.st_dev):
            raise FileNotFoundError(errno.ENOENT, "the folder was replaced while the run went on")
        if shutil.disk_usage(self.folder).free < _RESERVE_BYTES:
            raise OSError(errno.ENOSPC, "the disk is almost full")

    def _check_space(self, recordings: Path, floor_bytes: int) -> None:
        free = shutil.disk_usage(recordings).free
        megabytes = free / 1024**2
        if free < floor_bytes:
            raise SetupError(
                Problem(
                    what=f"too little room for evidence: {megabytes:.0f} MB free where {recordings} lies",
                    details=(("needed", f"{floor_bytes / 1024**2:.0f} MB"),),
                    done="nothing was started",
                    next="make room on that disk, or name another folder with OFFBOARD_RECORDINGS",
                )
            )
        if free < ROOMY_BYTES:
            self.warnings = (f"only {megabytes:.0f} MB are free for evidence in {recordings}",)


def _unwritable(recordings: Path, folder: Path, error: OSError) -> SetupError:
    why = error.strerror or str(error)
    if isinstance(error, FileExistsError) and folder.is_dir():
        why = "this run is there already"
    return SetupError(
        Problem(
            what=f"evidence cannot be written to {folder}: {why}",
            done="nothing was started",
            next=f"make {recordings} a folder that you may write, or name another with OFFBOARD_RECORDINGS",
        )
    )


def _json_bytes(content: object) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def _transcript(said: list[dict[str, str]]) -> str:
    """The conversation for people: who and when on one line, then the text as it was sent."""
    return "\n".join(f"--- {one['by']}, {one['at']}\n{one['text']}\n" for one in said)
