"""A run's evidence bundle, read back: the run, its events and the check of its files.

Must not know how any of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from robot.errors import BadInputError, Problem, did_you_mean
from robot.run import bundle_layout as layout
from robot.run.bundle_files import chunks_of, lines_of
from robot.run.events import Event, RunFinished, RunStarted, StepFinished, TaskFinished, TaskStarted
from robot.run.evidence_store import EvidenceStore
from robot.run.manifest import LONGEST_LINE, VerifyResult, verify_bundle
from robot.run.model import Run, Status, TaskResult
from robot.run.plain import event_from_plain, from_plain
from robot.run.strict_json import read_json

E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One event, and the file of the bundle that holds what the line could not."""

    event: Event
    #: Name in the bundle; empty when there is none.
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What lies in one run's folder."""

    folder: Path
    #: Made up from the events when the run was cut off before its end.
    run: Run
    is_cut_off: bool
    recorded: tuple[Recorded, ...]
    check: VerifyResult

    def events(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [one.event for one in self.recorded if isinstance(one.event, kind)]


def find_bundle(run: str | None, recordings: Path, store: EvidenceStore | None = None) -> Path:
    """Returns the folder of `run`: its id, the start of it if only one fits, a path, or None for the latest here.

    store: where a run that is not here is brought from. Raises: BadInputError when there is none, or more than one
    fits, and what `EvidenceStore.get` does.
    """
    if run is not None and _has_events(Path(run)):
        return Path(run)
    is_elsewhere = run is not None and not any(
        path.parent.name.startswith(run) for path in recordings.glob(f"*/{layout.EVENTS}")
    )
    if run is not None and store is not None and is_elsewhere:
        return store.get(_one_of(run, store.names(), store.shown), recordings)
    known = sorted(path.parent.name for path in recordings.glob(f"*/{layout.EVENTS}"))
    if not known:
        raise _unknown(
            f"no run is recorded in {recordings}", "make one with `offboard demo` or `offboard run`"
        )
    if run is None:
        return recordings / max(known, key=lambda name: _started(recordings / name))
    return recordings / _one_of(run, known, str(recordings))


def _has_events(folder: Path) -> bool:
    try:
        return (folder / layout.EVENTS).exists() or (folder / layout.EVENTS).is_symlink()
    except OSError:
        # A name that is too long for a folder may be no path at all.
        return False


def _one_of(run: str, known: list[str], where: str) -> str:
    """The one of these runs that is called so, or begins so. Raises BadInputError."""
    fitting = [name for name in known if name == run] or [name for name in known if name.startswith(run)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _unknown(f"{len(fitting)} runs start with '{run}'", "say one of: " + ", ".join(fitting[:5]))
    hint = did_you_mean(run, known) or "the latest are: " + ", ".join(known[-3:])
    raise _unknown(f"no run '{run}' is recorded in {where}", hint)


def load_bundle(folder: Path) -> Bundle:
    """Reads and checks the bundle.

    Raises: BadInputError when the folder holds no run that can be read.
    """
    try:
        check = verify_bundle(folder)
        recorded = tuple(_read_events(folder / layout.EVENTS))
        path = folder / layout.RUN
        if path.exists():
            run, is_cut_off = from_plain(Run, read_json(b"".join(chunks_of(path)))), False
        else:
            run, is_cut_off = _run_so_far([one.event for one in recorded])
    except FileNotFoundError as error:
        raise _unknown(
            f"{folder} is not a run's folder: {Path(error.filename).name} is missing", ""
        ) from None
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        what = f"the run in {folder} cannot be read: {type(error).__name__}: {error}"
        raise _unknown(what, f"`offboard evidence verify {folder.name}` says what was changed") from None
    return Bundle(folder=folder, run=run, is_cut_off=is_cut_off, recorded=recorded, check=check)


def _read_events(path: Path) -> Iterable[Recorded]:
    """Every whole line; a last one that was cut off is passed over."""
    for line in lines_of(chunks_of(path), LONGEST_LINE):
        data: dict[str, Any] = read_json(line)
        event = event_from_plain(data)
        if event is not None:
            yield Recorded(event=event, file=str(data.get("file", "")))


def _run_so_far(events: list[Event]) -> tuple[Run, bool]:
    """The run as far as its events tell, and whether it was cut off."""
    finished = [event.run for event in events if isinstance(event, RunFinished)]
    if finished:
        return finished[-1], False
    started = next(event for event in events if isinstance(event, RunStarted)) if events else None
    if started is None:
        raise ValueError("it holds no events")
    ended_at = _last_time(events) or started.at
    run = Run(
        run_id=started.run_id,
        flow=started.flow,
        title=started.title,
        inputs=started.inputs,
        dashboard=started.dashboard,
        browser=started.browser,
        status=Status.CANCELLED,
        reason="the run was cut off before its end",
        started_at=started.at,
        ended_at=ended_at,
        tasks=_tasks_so_far(events, ended_at),
        operator=started.operator,
        time_zone=started.time_zone,
    )
    return run, True


def _tasks_so_far(events: list[Event], ended_at: datetime) -> tuple[TaskResult, ...]:
    """The finished tasks, and the one in which the run was cut off."""
    finished = {event.result.task: event.result for event in events if isinstance(event, TaskFinished)}
    for event in events:
        if isinstance(event, TaskStarted) and event.task not in finished:
            steps = [one.result for one in events if isinstance(one, StepFinished)]
            finished[event.task] = TaskResult(
                task=event.task,
                title=event.title,
                procedure=event.procedure,
                status=Status.CANCELLED,
                reason="the run was cut off within this task",
                problems=(),
                started_at=event.at,
                ended_at=ended_at,
                steps=tuple(step for step in steps if step.step.task == event.task),
            )
    return tuple(finished.values())


def _last_time(events: list[Event]) -> datetime | None:
    times = (getattr(event, "at", None) for event in reversed(events))
    return next((time for time in times if time is not None), None)


def _started(folder: Path) -> tuple[str, str]:
    """Sorts runs by the time in their first line; one without a readable line comes first."""
    try:
        line = next(lines_of(chunks_of(folder / layout.EVENTS), LONGEST_LINE))
        return str(read_json(line)["at"]), folder.name
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return "", folder.name


def _unknown(what: str, advice: str) -> BadInputError:
    return BadInputError(Problem(what=what, done="nothing was written", next=advice))
