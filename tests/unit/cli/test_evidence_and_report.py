"""The commands that read a recorded run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from robot.cli.evidence import verify
from robot.cli.report import report
from robot.errors import BadInputError
from robot.run import bundle_layout as layout
from robot.settings import Settings, read_settings
from tests import sample_run
from tests.unit.report.conftest import RUN_ID, record

EVENTS = list(sample_run.events(video=False))


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """The folder of a run of this test's own."""
    return record(tmp_path / "recordings", EVENTS)


def settings_of(recordings: Path) -> Settings:
    return read_settings({"OFFBOARD_RECORDINGS": str(recordings)}, root=Path())


def test_verify_says_intact(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(None, settings=settings_of(recorded.parent), json=False) == 0
    assert "intact" in capsys.readouterr().out


def test_verify_names_what_was_changed(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (recorded / layout.RUN).write_text("{}")
    (recorded / layout.CAPTURES).unlink()
    assert verify(RUN_ID, settings=settings_of(recorded.parent), json=False) == 1
    out = capsys.readouterr().out
    assert "changed run.json" in out
    assert "missing captures.json" in out
    assert "not intact" in out


def test_verify_as_json(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (recorded / "extra.txt").write_text("x")
    assert verify(RUN_ID, settings=settings_of(recorded.parent), json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["extra"] == ["extra.txt"]
    assert answer["intact"] is False
    assert answer["sealed"] is True


def test_verify_without_any_list_is_told(recorded: Path) -> None:
    (recorded / layout.MANIFEST).unlink()
    with pytest.raises(BadInputError, match="has no list of its files"):
        verify(RUN_ID, settings=settings_of(recorded.parent), json=False)


def test_report_writes_the_page_and_tells_where(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(None, settings=settings_of(recorded.parent), json=True) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["report"] == str(recorded / layout.REPORT)
    assert (recorded / layout.REPORT).read_text().startswith("<!doctype html>")


def test_report_of_an_unknown_run_is_told(recorded: Path) -> None:
    with pytest.raises(BadInputError, match="no run 'nonsense' is recorded"):
        report("nonsense", settings=settings_of(recorded.parent), json=False)
