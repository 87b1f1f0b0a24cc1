"""`offboard evidence verify` against evidence and archives that were put together to be taken for something else."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import socket
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from robot.case.customer_file import archive_files
from robot.cli.error_handler import guard
from robot.cli.evidence import verify
from robot.cli.exit_codes import BAD_INPUT, BUG
from robot.report.bundle import load_bundle
from robot.report.html import write_html
from robot.report.view import arrange
from robot.run import bundle_layout as layout
from robot.run.archive import MANIFEST, SIGNATURE, write_archive
from robot.run.evidence import EvidenceRecorder
from robot.run.manifest import Manifest, next_chain
from robot.run.redact import Redactor
from robot.run.signature import EvidenceKey, open_key
from robot.settings import read_settings
from tests import sample_run
from tests.unit.report.conftest import RUN_ID, record

EVENTS = list(sample_run.events(video=False))
OTHER = "20261122-093000-offboard-other"
Said = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with its report. Not to be changed."""
    folder = record(tmp_path_factory.mktemp("made"), EVENTS)
    write_html(arrange(load_bundle(folder)))
    return folder


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "recordings" / RUN_ID))


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """The evidence of a run that was cut off in the middle of its work."""
    recorder = EvidenceRecorder(tmp_path / "recordings", RUN_ID, Redactor(), video=False)
    for event in EVENTS[:40]:
        recorder.notice(event)
    kept = tmp_path / "kept"
    shutil.copytree(recorder.folder, kept)
    recorder.close()
    shutil.rmtree(recorder.folder)
    return kept.rename(recorder.folder)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The exit code of the command, and all that it printed; it must end soon, and not as a bug of this program."""

    def do(path: Path, *, key: str | None = None, is_json: bool = False) -> tuple[int, str]:
        settings = read_settings({"OFFBOARD_RECORDINGS": str(path.parent)}, root=Path())
        with soon():
            code = guard(lambda: verify(str(path), key=key, settings=settings, json=is_json), is_json=is_json)
        found = capsys.readouterr()
        assert code != BUG, found.err
        return code, found.out + found.err

    return do


@contextmanager
def soon(seconds: float = 10) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"it did not end within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def refused(found: tuple[int, str], *words: str) -> None:
    code, text = found
    assert code in (1, BAD_INPUT), text
    assert "not intact" in text or code == BAD_INPUT, text
    for word in words:
        assert word in text


def relist(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the list, as whoever may write the folder can, with chain and digest that hold."""
    path = bundle / layout.MANIFEST
    content = json.loads(path.read_text())
    change(content)
    chain = ""
    for entry in content["files"]:
        file = bundle / str(entry["path"])
        if file.is_file():
            octets = file.read_bytes()
            entry.update(size=len(octets), sha256=hashlib.sha256(octets).hexdigest())
        chain = next_chain(chain, str(entry["path"]), entry["sha256"])
        entry["chain"] = chain
    path.write_text(json.dumps({**content, "digest": chain}))


def test_what_the_program_makes_is_intact(bundle: Path, said: Said) -> None:
    assert said(bundle)[0] == 0
    # Also after a report was made again.
    write_html(arrange(load_bundle(bundle)))
    assert said(bundle)[0] == 0


def test_what_a_run_that_was_cut_off_leaves_is_intact(cut_off: Path, said: Said) -> None:
    assert (cut_off / layout.UNFINISHED / "reserve").is_file()
    assert said(cut_off)[0] == 0


# --- whose evidence it is -----------------------------------------------------------------------------------------


def test_another_runs_evidence_under_this_runs_name(bundle: Path, said: Said) -> None:
    taken = bundle.rename(bundle.with_name(OTHER))
    refused(said(taken), f"it is the evidence of the run {RUN_ID}, and lies in a folder called {OTHER}")


def test_another_runs_evidence_with_its_list_renamed(bundle: Path, said: Said) -> None:
    taken = bundle.rename(bundle.with_name(OTHER))
    relist(taken, lambda content: content.update(run_id=OTHER))
    refused(said(taken), f'run.json is of the run "{RUN_ID}", and the evidence of {OTHER}')


def test_another_runs_events_with_list_and_run_renamed(bundle: Path, said: Said) -> None:
    taken = bundle.rename(bundle.with_name(OTHER))
    run = taken / layout.RUN
    run.write_text(run.read_text().replace(RUN_ID, OTHER))
    relist(taken, lambda content: content.update(run_id=OTHER))
    refused(said(taken), f'events.jsonl is of the run "{RUN_ID}"')


def test_the_cut_off_evidence_of_another_run(cut_off: Path, said: Said) -> None:
    taken = cut_off.rename(cut_off.with_name(OTHER))
    refused(said(taken), f'events.jsonl is of the run "{RUN_ID}"')


def test_another_runs_evidence_in_a_signed_archive(made: Path, tmp_path: Path, said: Said) -> None:
    archive = export(made, tmp_path, run=OTHER)
    refused(said(archive), f"{OTHER}: it is the evidence of the run {RUN_ID}")


# --- what is there besides ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        f"{layout.UNFINISHED}/reserve",
        f"{layout.UNFINISHED}/deep/er/note.txt",
        layout.JOURNAL,
        "sub/manifest.json",
        "pictures/manifest.json",
        "pictures/999-after-more.jpg",
        ".hidden",
        "report.html.bak",
        ".report.html.17",
        "MANIFEST.JSON",
    ],
)
def test_a_file_that_is_not_listed(bundle: Path, said: Said, name: str) -> None:
    (bundle / name).parent.mkdir(parents=True, exist_ok=True)
    (bundle / name).write_text("x")
    refused(said(bundle), f"extra   {name}")


@pytest.mark.parametrize("name", [layout.UNFINISHED, "sub", "pictures/sub"])
def test_a_folder_that_is_not_listed(bundle: Path, said: Said, name: str) -> None:
    (bundle / name).mkdir()
    refused(said(bundle), f"extra   {name}/")


@pytest.mark.parametrize("name", ["note.txt", "deep/reserve", "run.json.exe", "pictures-1-after-x.jpg", "Reserve"])
def test_a_file_among_what_was_being_written(cut_off: Path, said: Said, name: str) -> None:
    (cut_off / layout.UNFINISHED / name).parent.mkdir(exist_ok=True)
    (cut_off / layout.UNFINISHED / name).write_text("x")
    refused(said(cut_off), f"extra   {layout.UNFINISHED}/{name}")


def test_a_sealed_list_leaves_nothing_of_its_run_behind(tmp_path: Path) -> None:
    """What a run needs while it goes on is gone before its list is written, not after: it may be killed between."""
    kept: list[bool] = []

    class Watched(EvidenceRecorder):
        def _let_go(self) -> None:
            kept.extend(((self.folder / layout.MANIFEST).exists(), (self.folder / layout.UNFINISHED).exists()))
            super()._let_go()

    with Watched(tmp_path, RUN_ID, Redactor(), video=False) as recorder:
        for event in EVENTS:
            recorder.notice(event)
    assert kept == [True, False]


# --- what is no file ----------------------------------------------------------------------------------------------


def put_link(path: Path) -> str:
    there = path.with_name("elsewhere") if path.is_file() else path.parent.parent / "elsewhere"
    path.rename(there) if path.exists() else there.write_text("x")
    path.symlink_to(there)
    return "a symbolic link"


def put_pipe(path: Path) -> str:
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return "a named pipe"


def put_socket(path: Path) -> str:
    path.unlink(missing_ok=True)
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may be 100 bytes long
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(here)
    return "a socket"


def a_picture(bundle: Path) -> str:
    return min((bundle / layout.PICTURES).iterdir()).relative_to(bundle).as_posix()


@pytest.mark.parametrize("put", [put_link, put_pipe, put_socket])
@pytest.mark.parametrize(
    "which", [layout.RUN, layout.EVENTS, layout.MANIFEST, layout.REPORT, "a picture", "more"]
)
def test_what_is_no_regular_file(bundle: Path, said: Said, put: Callable[[Path], str], which: str) -> None:
    name = a_picture(bundle) if which == "a picture" else which
    kind = put(bundle / name)
    refused(said(bundle), *([f"{name} is {kind}"] if which != layout.EVENTS or put is put_link else []))


@pytest.mark.parametrize("put", [put_link, put_pipe])
def test_what_is_no_regular_file_among_what_was_being_written(
    cut_off: Path, said: Said, put: Callable[[Path], str]
) -> None:
    kind = put(cut_off / layout.UNFINISHED / "reserve")
    refused(said(cut_off), f"{layout.UNFINISHED}/reserve is {kind}")


def test_a_folder_that_is_a_link(bundle: Path, said: Said) -> None:
    put_link(bundle / layout.PICTURES)
    refused(said(bundle), "pictures is a symbolic link", "missing pictures/")


def test_evidence_that_is_a_link_itself(bundle: Path, said: Said) -> None:
    there = bundle.rename(bundle.with_name("elsewhere")) / ".." / "elsewhere"
    bundle.symlink_to(there.resolve())
    refused(said(bundle), "the folder itself is a symbolic link")


def test_the_latest_run_is_found_among_pipes(
    bundle: Path, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    other = bundle.with_name(OTHER)
    other.mkdir()
    os.mkfifo(other / layout.EVENTS)
    settings = read_settings({"OFFBOARD_RECORDINGS": str(bundle.parent)}, root=Path())
    with soon():
        assert verify(None, settings=settings, json=False) == 0
    assert RUN_ID in capsys.readouterr().out


# --- what a list may say ------------------------------------------------------------------------------------------

DEEP = "[" * 50_000 + "]" * 50_000
PATHS = [
    None,
    5,
    ["a"],
    {},
    "",
    ".",
    "..",
    "../outside",
    "pictures/../../outside",
    "/etc/hostname",
    "./run.json",
    "pictures//x.jpg",
    "a\\b",
    "C:x",
    "x\0y",
    "\u202egpj.exe",
    "\ud800",
    "pictures/",
    "x" * 5000,
    layout.MANIFEST,
    layout.JOURNAL,
    layout.REPORT,
    f"{layout.UNFINISHED}/reserve",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: repr(path)[:24])
@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_path_that_is_none(
    bundle: Path, cut_off: Path | None, said: Said, path: object, is_sealed: bool
) -> None:
    raise NotImplementedError
