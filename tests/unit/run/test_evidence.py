"""Evidence is complete, clean, checkable whatever happens to the run, and speaks up when it cannot be kept."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import av
import pytest
from PIL import Image

from robot.errors import GateError, SetupError
from robot.run import bundle_layout as layout
from robot.run.events import Armed, Captured, Pictured, RunFinished, RunStarted, Said, TraceSaved, VideoFrame
from robot.run.evidence import EvidenceRecorder
from robot.run.manifest import verify_bundle
from robot.run.redact import Redactor
from tests import sample_run

SECRET = "corréct hörse/battery+staple"
EVENTS = list(sample_run.events(secret=SECRET))
RUN_ID = "20261122-093000-offboard"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of the whole sample run."""
    with EvidenceRecorder(tmp_path_factory.mktemp("recordings"), RUN_ID, Redactor([SECRET])) as recorder:
        for event in EVENTS:
            if isinstance(event, Armed):
                recorder.check_healthy()
            recorder.notice(event)
    return recorder.folder


def read_events(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / layout.EVENTS).read_text().splitlines()]


def test_a_finished_run_is_sealed_and_intact(bundle: Path) -> None:
    result = verify_bundle(bundle)
    assert result.is_intact, result
    assert result.sealed
    assert not (bundle / layout.UNFINISHED).exists()
    assert not (bundle / layout.JOURNAL).exists()


def test_every_event_but_the_frames_is_kept_in_order(bundle: Path) -> None:
    kept = [event["event"] for event in read_events(bundle)]
    assert kept == [type(event).__name__ for event in EVENTS if not isinstance(event, VideoFrame)]


def test_each_picture_is_kept_and_named_by_its_line(bundle: Path) -> None:
    lines = [event for event in read_events(bundle) if event["event"] == "Pictured"]
    assert len(lines) == sum(isinstance(event, Pictured) for event in EVENTS)
    assert sorted(str(line["file"]) for line in lines) == sorted(
        path.relative_to(bundle).as_posix() for path in (bundle / layout.PICTURES).iterdir()
    )
    assert lines[0]["file"] == "pictures/002-before-delete-sn81hq20.jpg"


def test_the_marked_element_is_drawn(bundle: Path) -> None:
    box = sample_run.BUTTON
    with Image.open(bundle / "pictures/002-before-delete-sn81hq20.jpg") as picture:
        red, green, blue = picture.convert("RGB").getpixel((int(box.x + box.width / 2), int(box.y - 4)))  # type: ignore[misc]
    assert red > 180 and green < 120 and blue < 120


def test_no_file_holds_the_secret_in_any_form(bundle: Path) -> None:
    octets = SECRET.encode()
    forms = {
        octets,
        quote(SECRET).encode(),
        quote(SECRET, safe="").encode(),
        json.dumps(SECRET)[1:-1].encode(),
    }
    forms |= {base64.b64encode(b"\0" * shift + octets)[4:-4] for shift in range(3)}
    files = [path for path in bundle.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        assert not [form for form in forms if form in content], path.name
    assert "(secret)" in (bundle / layout.EVENTS).read_text()
    assert "(secret)" in (bundle / layout.TRANSCRIPT_TEXT).read_text()


def test_the_transcript_holds_each_text_byte_for_byte(bundle: Path) -> None:
    said = json.loads((bundle / layout.TRANSCRIPT_JSON).read_text())
    texts = [event.text.replace(SECRET, "(secret)") for event in EVENTS if isinstance(event, Said)]
    assert [one["text"] for one in said] == texts
    assert sample_run.MESSAGE in (bundle / layout.TRANSCRIPT_TEXT).read_text()


def test_captures_are_kept_by_task(bundle: Path) -> None:
    captures = json.loads((bundle / layout.CAPTURES).read_text())
    wanted = {event.name: event.value for event in EVENTS if isinstance(event, Captured)}
    assert captures == {"brand-campaign": wanted}


def test_the_video_lasts_as_long_as_what_it_shows(bundle: Path) -> None:
    frames = [event.at for event in EVENTS if isinstance(event, VideoFrame)]
    with av.open(str(bundle / layout.VIDEO), "r") as container:
        assert container.duration is not None
        seconds = container.duration / av.time_base
    assert seconds == pytest.approx((frames[-1] - frames[0]).total_seconds() + 1, abs=0.1)


def test_further_pictures_of_one_moment_do_not_overwrite(tmp_path: Path) -> None:
    picture = next(event for event in EVENTS if isinstance(event, Pictured))
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor()) as recorder:
        recorder.notice(picture)
        recorder.notice(replace(picture, image=sample_run.screen("Other")))
    assert len(list((recorder.folder / layout.PICTURES).iterdir())) == 2
    assert verify_bundle(recorder.folder).is_intact


def test_a_missing_picture_is_told_and_harms_nothing(tmp_path: Path) -> None:
    picture = next(event for event in EVENTS if isinstance(event, Pictured))
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor()) as recorder:
        recorder.notice(replace(picture, image=b"", missing="the page was navigating"))
        recorder.check_healthy()
    assert read_events(recorder.folder)[0]["missing"] == "the page was navigating"


def test_a_trace_that_cannot_be_cleaned_is_left_out_and_removed(tmp_path: Path) -> None:
    raw = tmp_path / "raw.zip"
    raw.write_bytes(b"PK\x03\x04 hunter2hunter2")
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor()) as recorder:
        recorder.notice(TraceSaved(path=raw, at=sample_run.START))
    assert not raw.exists()
    assert not (recorder.folder / layout.TRACE).exists()
    noted, saved = read_events(recorder.folder)
    assert "could not be cleaned" in str(noted["text"])
    assert saved["file"] == ""


def test_other_text_is_kept_clean_and_listed(tmp_path: Path) -> None:
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor([SECRET])) as recorder:
        recorder.keep("plan.json", json.dumps({"note": SECRET}))
    assert (recorder.folder / "plan.json").read_text() == '{"note": "(secret)"}'
    assert verify_bundle(recorder.folder).files == 1


def test_a_run_that_did_not_end_is_left_unsealed_and_checkable(tmp_path: Path) -> None:
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor()) as recorder:
        for event in EVENTS[:40]:
            recorder.notice(event)
    result = verify_bundle(recorder.folder)
    assert result.is_intact, result
    assert not result.sealed
    assert result.files > 3


CHILD = """
import sys
from pathlib import Path
from robot.run.evidence import EvidenceRecorder
from robot.run.redact import Redactor
from tests import sample_run
recorder = EvidenceRecorder(Path(sys.argv[1]), "20261122-093000-offboard", Redactor())
for number, event in enumerate(sample_run.events()):
    recorder.notice(event)
    if number == 60:
        print("now", flush=True)
        sys.stdin.read()
"""


def test_evidence_of_a_killed_process_is_checkable(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path.cwd(),
    )
    assert child.stdin is not None and child.stdout is not None
    with child.stdin, child.stdout:
        assert child.stdout.readline() == b"now\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    result = verify_bundle(tmp_path / RUN_ID)
    assert result.is_intact, result
    assert not result.sealed
    assert len(read_events(tmp_path / RUN_ID)) > 40


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file stands where the folder should be")
    with pytest.raises(SetupError) as caught:
        EvidenceRecorder(tmp_path / "recordings", "x", Redactor())
    text = caught.value.problem.render()
    assert str(tmp_path / "recordings") in text
    assert "nothing was started" in text
    assert "OFFBOARD_RECORDINGS" in text


def test_a_run_is_never_written_over(tmp_path: Path) -> None:
    EvidenceRecorder(tmp_path, "x", Redactor()).close()
    with pytest.raises(SetupError, match="this run is there already"):
        EvidenceRecorder(tmp_path, "x", Redactor())


def test_too_little_room_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="too little room for evidence") as caught:
        EvidenceRecorder(tmp_path, "x", Redactor(), floor_bytes=10**18)
    assert "make room" in caught.value.problem.next
    assert not (tmp_path / "x").exists()


def test_no_press_once_the_folder_is_gone(tmp_path: Path) -> None:
    with EvidenceRecorder(tmp_path, "gone", Redactor()) as recorder:
        recorder.notice(EVENTS[0])
        recorder.check_healthy()
        shutil.rmtree(recorder.folder)
        with pytest.raises(GateError) as caught:
            recorder.check_healthy()
        assert "no evidence, no press" in caught.value.problem.done


def test_no_press_once_the_folder_was_replaced(tmp_path: Path) -> None:
    with EvidenceRecorder(tmp_path, "other", Redactor()) as recorder:
        recorder.notice(EVENTS[0])
        shutil.copytree(recorder.folder, tmp_path / "copy")
        shutil.rmtree(recorder.folder)
        (tmp_path / "copy").rename(recorder.folder)
        with pytest.raises(GateError, match="the folder was replaced"):
            recorder.check_healthy()


def test_no_press_once_a_write_has_failed(tmp_path: Path) -> None:
    picture = next(event for event in EVENTS if isinstance(event, Pictured))
    with EvidenceRecorder(tmp_path, "failed", Redactor()) as recorder:
        shutil.rmtree(recorder.folder / layout.PICTURES)
        recorder.notice(picture)
        (recorder.folder / layout.PICTURES).mkdir()
        with pytest.raises(GateError, match="evidence can no longer be written"):
            recorder.check_healthy()


def test_events_after_the_end_are_refused_loudly(bundle: Path, tmp_path: Path) -> None:
    recorder = EvidenceRecorder(tmp_path, "over", Redactor())
    recorder.notice(next(event for event in EVENTS if isinstance(event, RunFinished)))
    with pytest.raises(ValueError, match="came too late"):
        recorder.notice(EVENTS[0])


# --- full disks -------------------------------------------------------------------------------------------

FULL = """
import json, resource, signal, sys
from pathlib import Path
from robot.errors import GateError
from robot.run.events import Armed
from robot.run.evidence import EvidenceRecorder
from robot.run.redact import Redactor
from tests import sample_run
if sys.argv[2] == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_100_000, 1_100_000))
def fill(path):
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
recorder = EvidenceRecorder(Path(sys.argv[1]), "20261122-093000-offboard", Redactor(), floor_bytes=0)
refused = ""
for round in range(12):
    if round == 1 and sys.argv[2] == "disk":
        fill(Path(sys.argv[1]) / "somebody-elses-file")
    for event in list(sample_run.events())[1:-1]:
        if isinstance(event, Armed) and not refused:
            try:
                recorder.check_healthy()
            except GateError as error:
                refused = error.problem.render()
        recorder.notice(event)
recorder.notice(list(sample_run.events())[-1])
print(json.dumps(refused))
"""


def run_into_a_full_disk(folder: Path, how: str) -> str:
    """Plays far more than fits; returns what the gate was told."""
    words = [sys.executable, "-c", FULL, str(folder), how]
    child = subprocess.run(words, capture_output=True, text=True, cwd=Path.cwd(), check=False)
    assert child.returncode == 0, child.stderr
    return str(json.loads(child.stdout))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A disk of 4 MB where one may be mounted (root on Linux); else a limit on the size of each file."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)]
    if os.name != "posix" or shutil.which("mount") is None or subprocess.call(mount):
        yield tmp_path, "limit"
        return
    try:
        yield tmp_path, "disk"
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_stops_the_presses_and_the_end_is_still_written(small_disk: tuple[Path, str]) -> None:
    folder, how = small_disk
    refused = run_into_a_full_disk(folder, how)
    assert "evidence can no longer be written" in refused
    assert "no evidence, no press" in refused
    result = verify_bundle(folder / RUN_ID)
    assert result.sealed
    assert result.changed == result.missing == result.extra == ()
    assert result.problems and all("could not be written" in problem for problem in result.problems)


def test_a_file_that_may_not_grow_is_treated_like_a_full_disk(tmp_path: Path) -> None:
    assert "File too large" in run_into_a_full_disk(tmp_path, "limit")
    assert verify_bundle(tmp_path / RUN_ID).sealed


def test_the_start_warns_when_room_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=200 * 1024**2))
    with EvidenceRecorder(tmp_path, "tight", Redactor()) as recorder:
        assert "only 200 MB are free" in recorder.warnings[0]
        recorder.notice(next(event for event in EVENTS if isinstance(event, RunStarted)))
    assert read_events(recorder.folder)[1]["text"] == recorder.warnings[0]


def test_memory_stays_small_however_long_the_run(tmp_path: Path) -> None:
    frame = io.BytesIO()
    Image.effect_noise((640, 360), 80).convert("RGB").save(frame, "JPEG", quality=95)
    with EvidenceRecorder(tmp_path, "long", Redactor()) as recorder:
        spool = recorder._spool
        assert spool is not None
        for number in range(50):
            spool.add(frame.getvalue() + bytes([number]), sample_run.START.replace(microsecond=number * 1000))
        held = len(spool._last_image) + (len(spool._waiting[0]) if spool._waiting else 0)
    assert held <= 2 * len(frame.getvalue()) + 2


def test_a_broken_frame_costs_the_video_and_nothing_else(tmp_path: Path) -> None:
    with EvidenceRecorder(tmp_path, RUN_ID, Redactor()) as recorder:
        recorder.notice(VideoFrame(image=b"no picture", at=sample_run.START))
        recorder.check_healthy()
        recorder.notice(next(event for event in EVENTS if isinstance(event, RunFinished)))
    result = verify_bundle(recorder.folder)
    assert result.sealed
    assert not (recorder.folder / layout.VIDEO).exists()
    assert len(result.problems) == 1 and "video.mp4" in result.problems[0]
