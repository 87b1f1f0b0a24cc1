"""One bundle of the sample run for all tests of reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from robot.run.events import Event
from robot.run.evidence import EvidenceRecorder
from robot.run.redact import Redactor
from tests import sample_run

RUN_ID = "20261122-093000-offboard"


def record(recordings: Path, events: list[Event], run_id: str = RUN_ID) -> Path:
    """Writes a bundle; returns its folder."""
    with EvidenceRecorder(recordings, run_id, Redactor(), video=False) as recorder:
        for event in events:
            recorder.notice(event)
    return recorder.folder


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings that hold the sample run. Not to be changed."""
    folder = tmp_path_factory.mktemp("recordings")
    record(folder, list(sample_run.events(video=False)))
    return folder


@pytest.fixture
def write_bundle(tmp_path: Path) -> Callable[..., Path]:
    """Writes a bundle of the events given into a folder of the test's own."""

    def write(events: list[Event], run_id: str = RUN_ID) -> Path:
        return record(tmp_path / "recordings", events, run_id)

    return write
