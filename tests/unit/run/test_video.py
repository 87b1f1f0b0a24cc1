"""The video shows each frame at its time, and a burst of frames does not swell it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from PIL import Image

from robot.run import video
from robot.run.video import FrameSpool
from tests.sample_run import screen

START = datetime(2026, 11, 22, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


def shown_at(path: Path) -> list[int]:
    """The times of the video's frames, in ms."""
    with av.open(str(path), "r") as container:
        return [round(frame.time * 1000) for frame in container.decode(video=0) if frame.time is not None]


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[FrameSpool]:
    spool = FrameSpool(tmp_path / "frames")
    yield spool
    spool.close()


def test_frames_keep_their_times(spool: FrameSpool, tmp_path: Path) -> None:
    for number, time in enumerate((0, 200, 1700, 9000)):
        spool.add(screen(rows=number), at(time))
    assert spool.encode(tmp_path / "v.mp4") == 4
    assert shown_at(tmp_path / "v.mp4") == [0, 200, 1700, 9000, 10000]


def test_a_burst_keeps_its_first_and_its_last_frame(spool: FrameSpool, tmp_path: Path) -> None:
    for number, time in enumerate((0, 10, 20, 30, 2000)):
        spool.add(screen(rows=number), at(time))
    spool.encode(tmp_path / "v.mp4")
    assert shown_at(tmp_path / "v.mp4")[:-1] == [0, 30, 2000]


def test_the_same_picture_again_is_not_kept(spool: FrameSpool, tmp_path: Path) -> None:
    for time in (0, 500, 1000):
        spool.add(screen(), at(time))
    assert spool.encode(tmp_path / "v.mp4") == 1


def test_frames_of_another_size_fit_in(spool: FrameSpool, tmp_path: Path) -> None:
    small = io.BytesIO()
    Image.new("RGB", (801, 603), "#155EEF").save(small, "JPEG")
    spool.add(small.getvalue(), at(0))
    spool.add(screen(), at(400))
    spool.encode(tmp_path / "v.mp4")
    with av.open(str(tmp_path / "v.mp4"), "r") as container:
        assert {(frame.width, frame.height) for frame in container.decode(video=0)} == {(800, 602)}


def test_a_clock_that_is_set_back_does_not_end_the_video(spool: FrameSpool, tmp_path: Path) -> None:
    for number, time in enumerate((0, 5000, 300, 600)):
        spool.add(screen(rows=number), at(time))
    assert spool.encode(tmp_path / "video.mp4") >= 3
    times = shown_at(tmp_path / "video.mp4")
    assert times == sorted(set(times))


def test_no_frames_make_no_video(spool: FrameSpool, tmp_path: Path) -> None:
    assert spool.encode(tmp_path / "v.mp4") == 0
    assert not (tmp_path / "v.mp4").exists()


def test_a_full_spool_says_so(spool: FrameSpool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(video, "_LARGEST_SPOOL", 40_000)
    for number in range(5):
        spool.add(screen(rows=number), at(number * 300))
    assert spool.is_full
    assert spool.encode(tmp_path / "v.mp4") >= 1
