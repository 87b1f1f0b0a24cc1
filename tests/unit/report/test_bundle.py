"""A run is found by its id and read back, also one that was cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from robot.errors import BadInputError
from robot.report.bundle import find_bundle, load_bundle
from robot.run import bundle_layout as layout
from robot.run.events import Looked, RunFinished, StepStarted
from robot.run.model import Status
from tests import sample_run
from tests.unit.report.conftest import RUN_ID

EVENTS = list(sample_run.events(video=False))


def test_the_run_comes_back_as_it_was(recordings: Path) -> None:
    bundle = load_bundle(recordings / RUN_ID)
    finished = EVENTS[-1]
    assert isinstance(finished, RunFinished)
    assert bundle.run == finished.run
    assert not bundle.is_cut_off
    assert bundle.check.is_intact
    assert bundle.events(Looked) == [event for event in EVENTS if isinstance(event, Looked)]


@pytest.mark.parametrize("name", [RUN_ID, "20261122", None])
def test_a_run_is_found_by_id_by_its_start_or_as_the_latest(recordings: Path, name: str | None) -> None:
    assert find_bundle(name, recordings) == recordings / RUN_ID


def test_a_run_is_found_by_its_path(recordings: Path, tmp_path: Path) -> None:
    assert find_bundle(str(recordings / RUN_ID), tmp_path) == recordings / RUN_ID


def test_an_unknown_run_is_told_with_what_there_is(recordings: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        find_bundle("20261122-093000-offbord", recordings)
    assert caught.value.problem.next == f"did you mean '{RUN_ID}'?"


def test_no_recordings_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no run is recorded in"):
        find_bundle(None, tmp_path / "nowhere")


def test_two_runs_that_fit_are_refused(write_bundle: Callable[..., Path]) -> None:
    folder = write_bundle(EVENTS, "2026-a")
    write_bundle(EVENTS, "2026-b")
    with pytest.raises(BadInputError, match="2 runs start with '2026'") as caught:
        find_bundle("2026", folder.parent)
    assert "2026-a, 2026-b" in caught.value.problem.next


def test_a_run_that_was_cut_off_is_told_as_far_as_it_came(write_bundle: Callable[..., Path]) -> None:
    starts = [index for index, event in enumerate(EVENTS) if isinstance(event, StepStarted)]
    bundle = load_bundle(write_bundle(EVENTS[: starts[4] + 1]))
    assert bundle.is_cut_off
    assert bundle.run.status is Status.CANCELLED
    assert [task.status for task in bundle.run.tasks] == [Status.PASSED, Status.CANCELLED]
    assert bundle.run.tasks[-1].reason == "the run was cut off within this task"


def test_a_folder_without_events_is_refused(tmp_path: Path) -> None:
    (tmp_path / layout.JOURNAL).touch()
    with pytest.raises(BadInputError, match=r"events\.jsonl is missing"):
        load_bundle(tmp_path)


def test_a_broken_run_is_refused_in_words(write_bundle: Callable[..., Path]) -> None:
    folder = write_bundle(EVENTS)
    (folder / layout.RUN).write_text('{"run_id": 5}')
    with pytest.raises(BadInputError, match="cannot be read") as caught:
        load_bundle(folder)
    assert "evidence verify" in caught.value.problem.next
