"""`offboard evidence verify` against evidence and archives that were made to be taken for something else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from robot.cli.error_handler import guard
from robot.cli.evidence import verify
from robot.cli.exit_codes import BAD_INPUT, BUG
from robot.report.bundle import load_bundle
from robot.report.html import write_html
from robot.report.view import arrange
from robot.run import bundle_layout as layout
from robot.run.archive import MANIFEST, SIGNATURE, write_archive
from robot.run.evidence import EvidenceRecorder
from robot.run.manifest import chained_line, next_chain
from robot.run.redact import Redactor
from robot.run.signature import EvidenceKey, open_key
from robot.settings import read_settings
from tests import sample_run
from tests.unit.report.conftest import RUN_ID, record

EVENTS = list(sample_run.events(video=False, tasks=sample_run.TASKS[1:4]))
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


@pytest.fixture(scope="module")
def cut_off_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of a run that was cut off in the middle of its work. Not to be changed."""
    folder = tmp_path_factory.mktemp("cut-off")
    with EvidenceRecorder(folder, RUN_ID, Redactor(), video=False) as recorder:
        for event in EVENTS[:20]:
            recorder.notice(event)
        return Path(shutil.copytree(recorder.folder, folder / "as it was killed"))


@pytest.fixture
def cut_off(cut_off_once: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(cut_off_once, tmp_path / "recordings" / RUN_ID))


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


@pytest.mark.parametrize(
    "name", ["note.txt", "deep/reserve", "run.json.exe", "pictures-1-after-x.jpg", "Reserve"]
)
def test_a_file_among_what_was_being_written(cut_off: Path, said: Said, name: str) -> None:
    (cut_off / layout.UNFINISHED / name).parent.mkdir(exist_ok=True)
    (cut_off / layout.UNFINISHED / name).write_text("x")
    refused(said(cut_off), f"extra   {layout.UNFINISHED}/{name}")


def test_a_sealed_list_leaves_nothing_of_its_run_behind(tmp_path: Path) -> None:
    """What a run needs while it goes on is gone before its list is written, not after: it may be killed between."""
    kept: list[bool] = []

    class Watched(EvidenceRecorder):
        def _let_go(self) -> None:
            kept.extend(
                ((self.folder / layout.MANIFEST).exists(), (self.folder / layout.UNFINISHED).exists())
            )
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
    refused(said(bundle), f"{name} is {kind}")


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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path)[:24])
def test_a_path_that_is_none(bundle: Path, said: Said, path: object) -> None:
    set_path(bundle, path)
    assert json.loads(said(bundle, is_json=True)[1])["intact"] is False
    found = said(bundle)
    assert found[0] == 1
    why = "surrogates" if path == "\ud800" else "entry 1 has "
    assert "manifest.json cannot be read: " in found[1] and why in found[1]


def set_path(bundle: Path, path: object) -> None:
    content = json.loads((bundle / layout.MANIFEST).read_text())
    content["files"][0]["path"] = path
    (bundle / layout.MANIFEST).write_text(json.dumps(content))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path)[:24])
def test_a_path_that_is_none_in_the_list_of_a_run_that_was_cut_off(
    cut_off: Path, said: Said, path: object
) -> None:
    journal = cut_off / layout.JOURNAL
    first, *rest = journal.read_text().splitlines(keepends=True)
    journal.write_text(json.dumps({**json.loads(first), "path": path}) + "\n" + "".join(rest))
    refused(said(cut_off), "manifest.jsonl cannot be read: line 1: ")


def test_a_file_that_is_listed_twice(bundle: Path, said: Said) -> None:
    relist(bundle, lambda content: content["files"].append(dict(content["files"][0])))
    refused(said(bundle), "is listed twice")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("size", None, "has null for a size"),
        ("size", True, "has true for a size"),
        ("size", -1, "has -1 for a size"),
        ("size", 10**400, "for a size"),
        ("size", 1.5, "has 1.5 for a size"),
        ("size", "5", "for a size"),
        ("sha256", "abc", "has no SHA-256"),
        ("sha256", None, "has no SHA-256"),
        ("chain", "A" * 64, "has no SHA-256"),
        ("mode", 0o644, "has 'mode', which is not known"),
    ],
)
def test_an_entry_that_says_what_none_may(
    bundle: Path, said: Said, field: str, value: object, words: str
) -> None:
    content = json.loads((bundle / layout.MANIFEST).read_text())
    content["files"][0][field] = value
    (bundle / layout.MANIFEST).write_text(json.dumps(content))
    refused(said(bundle), words)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("format", 2, "its format is 2"),
        ("format", True, "its format is true"),
        ("run_id", None, "its run_id is null"),
        ("run_id", "", 'its run_id is ""'),
        ("sealed", False, "says that it is not sealed"),
        ("digest", "0" * 64, "the digest in the list is not that of its last entry"),
        ("lost", [5], "no list of lines"),
        ("lost", None, "no list of lines"),
        ("files", {}, "its files are no list"),
        ("files", [None], "entry 1 is no object"),
        ("views", {"report.html": None}, "its views are not names"),
        ("views", {"../x": "0" * 64}, "only a report is one"),
        ("views", {"run.json": "0" * 64}, "only a report is one"),
        ("more", 1, "'more', which is not known"),
    ],
)
def test_a_list_that_says_what_none_may(
    bundle: Path, said: Said, field: str, value: object, words: str
) -> None:
    content = json.loads((bundle / layout.MANIFEST).read_text())
    (bundle / layout.MANIFEST).write_text(json.dumps({**content, field: value}))
    refused(said(bundle), words)


TEXTS = {
    "deep": (DEEP, "nested more than 64 levels deep"),
    "deep within": ('{"files": [' + DEEP + "]}", "nested more than 64 levels deep"),
    "deep objects": ('{"a":' * 50_000 + "1" + "}" * 50_000, "nested more than 64 levels deep"),
    "never closed": ("[" * 50_000, "nested more than 64 levels deep"),
    "rather deep": ("[" * 900 + "]" * 900, "nested more than 64 levels deep"),
    "twice": ('{"files": [], "files": []}', "the name 'files' stands twice"),
    "NaN": ('{"files": NaN}', "NaN is no number"),
    "-Infinity": ('{"files": -Infinity}', "-Infinity is no number"),
    "too large": ('{"files": 1e999}', "the number 1e999 is too large"),
    "many digits": ('{"files": ' + "9" * 10_000 + "}", "digits"),
    "surrogate": ('{"run_id": "\\ud800"}', "surrogates not allowed"),
    "none": ("", "cannot be read"),
    "null": ("null", "is no object"),
    "list": ("[]", "is no object"),
    "half": ('{"files": [', "cannot be read"),
    "quotes": ('{"a": "[[[' + '\\"[[' * 50_000, "cannot be read"),
    "mark": ("\ufeff{}", "BOM"),
}


@pytest.mark.parametrize(("text", "words"), TEXTS.values(), ids=TEXTS)
def test_a_list_that_no_program_would_write(bundle: Path, said: Said, text: str, words: str) -> None:
    (bundle / layout.MANIFEST).write_text(text)
    refused(said(bundle), "manifest.json cannot be read", words)


@pytest.mark.parametrize(
    "octets", [b"\xff\xfe{\0}\0", b"{\xff}", b"\0" * 100], ids=["UTF-16", "latin", "zero"]
)
def test_a_list_that_is_no_text(bundle: Path, said: Said, octets: bytes) -> None:
    (bundle / layout.MANIFEST).write_bytes(octets)
    refused(said(bundle), "manifest.json cannot be read")


@pytest.mark.parametrize(
    "text", [DEEP, '{"run_id": "a", "run_id": "b"}', "NaN", "null", "[]", "{}", '{"run_id": 5}']
)
def test_a_run_that_no_program_would_write(bundle: Path, said: Said, text: str) -> None:
    (bundle / layout.RUN).write_text(text)
    relist(bundle, lambda content: None)
    refused(said(bundle), "problem run.json ")


@pytest.mark.parametrize(
    "text", [DEEP, '{"chain": "a", "chain": "b"}', "NaN", "null", "[]", '{"chain": NaN}']
)
def test_an_event_that_no_program_would_write(cut_off: Path, said: Said, text: str) -> None:
    (cut_off / layout.EVENTS).write_text(f"{text}\n")
    refused(said(cut_off), "events.jsonl:1 cannot be read")


def test_a_name_that_is_no_text_for_a_terminal(bundle: Path, said: Said) -> None:
    (bundle / os.fsdecode(b"\xff\x1b[31m")).write_text("x")
    refused(said(bundle), "extra   \\udcff\\x1b[31m")
    assert json.loads(said(bundle, is_json=True)[1])["intact"] is False


# --- how large it may be ------------------------------------------------------------------------------------------

MEGABYTE = 1024**2


@contextmanager
def within(most: int) -> Iterator[None]:
    """Takes no more memory than this at any time, in bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_list_that_would_fill_the_memory(bundle: Path, said: Said, is_sealed: bool) -> None:
    name = layout.MANIFEST if is_sealed else layout.JOURNAL
    (bundle / layout.MANIFEST).rename(bundle / name)
    os.truncate(bundle / name, 1024 * MEGABYTE)
    with within(20 * MEGABYTE):
        refused(said(bundle), f"{name} cannot be read: it is larger than 16 MB")


def test_a_run_that_would_fill_the_memory(bundle: Path, said: Said) -> None:
    os.truncate(bundle / layout.RUN, 65 * MEGABYTE)
    relist(bundle, lambda content: None)
    with within(20 * MEGABYTE):
        refused(said(bundle), "run.json cannot be read: it is larger than 64 MB")


def test_a_line_that_would_fill_the_memory(cut_off: Path, said: Said) -> None:
    (cut_off / layout.EVENTS).write_bytes(b"")
    os.truncate(cut_off / layout.EVENTS, 100 * MEGABYTE)
    with within(60 * MEGABYTE):
        refused(said(cut_off), "events.jsonl cannot be read: a line is longer than 16 MB")


def test_events_are_read_line_by_line(cut_off: Path, said: Said) -> None:
    chain = json.loads((cut_off / layout.EVENTS).read_text().splitlines()[-1])["chain"]
    with (cut_off / layout.EVENTS).open("ab") as file:
        for _ in range(400):
            line, chain = chained_line(chain, {"event": "Noted", "text": "x" * 100_000})
            file.write(line)
    with within(10 * MEGABYTE):
        assert said(cut_off)[0] == 0


# --- an exported case ---------------------------------------------------------------------------------------------


def export(bundle: Path, folder: Path, *, run: str = RUN_ID, more: dict[str, bytes] | None = None) -> Path:
    files: dict[str, Path | bytes] = {"plan.json": b'{"a": 1}', **(more or {})}
    for path in bundle.rglob("*"):
        if path.is_file():
            files[f"evidence/{run}/{path.relative_to(bundle).as_posix()}"] = path
    archive = folder / "case.zip"
    write_archive(archive, files, key_in(folder), about={"customer": "X"})
    return archive


def key_in(folder: Path) -> EvidenceKey:
    return open_key(folder / "key.pem")


@dataclass(kw_only=True)
class Part:
    """One file of an archive, byte by byte: what its own header says (`here`) and what the list says (`there`)."""

    name: bytes
    flags: int
    method: int
    crc: int
    size: int
    octets: bytes
    attributes: int = 0o600 << 16
    comment: bytes = b""
    here: dict[str, Any] = field(default_factory=dict)
    extra_here: bytes = b""
    extra_there: bytes = b""
    #: Stands before it.
    before: bytes = b""

    def header(self) -> bytes:
        said = {"name": self.name, "flags": self.flags, "method": self.method, "clock": 0, "crc": self.crc}
        said |= {"packed": len(self.octets), "size": self.size, **self.here}
        numbers = (
            20,
            said["flags"],
            said["method"],
            said["clock"],
            33,
            said["crc"],
            said["packed"],
            said["size"],
        )
        ends = (len(said["name"]), len(self.extra_here))
        return struct.pack("<4s5H3L2H", b"PK\x03\x04", *numbers, *ends) + said["name"] + self.extra_here

    def record(self, offset: int) -> bytes:
        numbers = (0x0314, 20, self.flags, self.method, 0, 33, self.crc, len(self.octets), self.size)
        ends = (len(self.name), len(self.extra_there), len(self.comment), 0, 0, self.attributes, offset)
        packed = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *numbers, *ends)
        return packed + self.name + self.extra_there + self.comment


def taken_apart(archive: Path) -> list[Part]:
    octets = archive.read_bytes()
    parts = []
    with zipfile.ZipFile(archive) as opened:
        for one in opened.infolist():
            name, extra = struct.unpack_from("<2H", octets, one.header_offset + 26)
            begins = one.header_offset + 30 + name + extra
            parts.append(
                Part(
                    name=one.filename.encode(),
                    flags=one.flag_bits,
                    method=one.compress_type,
                    crc=one.CRC,
                    size=one.file_size,
                    octets=octets[begins : begins + one.compress_size],
                )
            )
    return parts


def joined(
    parts: list[Part], *, prefix: bytes = b"", last: bytes = b"", end: dict[str, Any] | None = None
) -> bytes:
    """prefix: stands before the first file, and all places count from the first byte of the file."""
    octets, records = prefix, b""
    for part in parts:
        octets += part.before
        records += part.record(len(octets))
        octets += part.header() + part.octets
    octets += last
    said = {"count": len(parts), "size": len(records), "begins": len(octets), "comment": b"", **(end or {})}
    numbers = (0, 0, said["count"], said["count"], said["size"], said["begins"], len(said["comment"]))
    return octets + records + struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers) + said["comment"]


@pytest.fixture(scope="module")
def exported(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be changed."""
    return export(made, tmp_path_factory.mktemp("exported"))


@pytest.fixture
def parts(exported: Path) -> list[Part]:
    return taken_apart(exported)


@pytest.fixture
def put(tmp_path: Path, said: Said) -> Callable[[bytes], tuple[int, str]]:
    """What is said of an archive of these bytes. Nothing may be written for it."""

    def do(octets: bytes) -> tuple[int, str]:
        archive = tmp_path / "case.zip"
        archive.write_bytes(octets)
        before = sorted(tmp_path.rglob("*"))
        found = said(archive)
        assert sorted(tmp_path.rglob("*")) == before
        return found

    return do


Put = Callable[[bytes], tuple[int, str]]


def of(parts: list[Part], name: str) -> Part:
    return next(part for part in parts if part.name.decode() == name)


def deflated(octets: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(octets) + packer.flush()


def test_an_exported_case_is_intact(exported: Path, parts: list[Part], said: Said, put: Put) -> None:
    assert said(exported)[0] == 0
    # And what the tests below are made with is good, too.
    assert put(joined(parts))[0] == 0


def test_bytes_before_it(exported: Path, parts: list[Part], put: Put) -> None:
    refused(put(b"#!/bin/sh\n" + exported.read_bytes()), "10 bytes stand before the archive")
    refused(put(joined(parts, prefix=b"#!/bin/sh\n")), "10 bytes stand before the first file")


@pytest.mark.parametrize("size", [1, 22, 1000, 65_535, 200_000])
def test_bytes_behind_it(exported: Path, put: Put, size: int) -> None:
    found = put(exported.read_bytes() + b"x" * size)
    refused(found, "bytes stand behind its end", str(size) if size < 65_536 else "more than 65535")


def test_an_archive_behind_the_archive(exported: Path, put: Put) -> None:
    refused(put(exported.read_bytes() * 2), "bytes stand before the archive")


def test_bytes_between_its_files(parts: list[Part], put: Put) -> None:
    parts[1].before = b"hidden"
    refused(put(joined(parts)), "6 bytes stand between ")


def test_bytes_between_files_and_list(parts: list[Part], put: Put) -> None:
    refused(put(joined(parts, last=b"hidden")), "6 bytes stand between the last file and the list of files")


def test_a_file_that_is_in_no_list(parts: list[Part], put: Put) -> None:
    hidden = replace(parts[0], name=b"hidden.txt")
    parts[1].before = hidden.header() + hidden.octets
    refused(put(joined(parts)), "bytes stand between ")


def test_a_comment(parts: list[Part], put: Put) -> None:
    refused(put(joined(parts, end={"comment": b"hello"})), "it has a comment of 5 bytes")
    parts[0].comment = b"hello"
    refused(put(joined(parts)), f"{parts[0].name.decode()} has a comment of 5 bytes")


def test_a_foreign_file(parts: list[Part], put: Put) -> None:
    refused(put(joined([*parts, replace(of(parts, "plan.json"), name=b"more.json")])), "extra   more.json")


@pytest.mark.parametrize(
    "name", ["plan.json", "Plan.JSON", f"evidence/{RUN_ID}/run.json", MANIFEST, SIGNATURE]
)
@pytest.mark.parametrize("place", [0, 100_000])
def test_a_file_that_stands_twice(parts: list[Part], put: Put, name: str, place: int) -> None:
    parts.insert(place, replace(of(parts, "plan.json"), name=name.encode()))
    refused(put(joined(parts)), "stands twice in the archive")


@pytest.mark.parametrize(
    ("what", "value", "words"),
    [
        ("name", b"nlap.json", "another name in its own header"),
        ("name", b"../../plan.json", "another name in its own header"),
        ("name", b"", "another name in its own header"),
        ("size", 3, "another size in its own header"),
        ("packed", 3, "another packed size in its own header"),
        ("crc", 0, "another checksum in its own header"),
        ("method", 0, "another method in its own header"),
        ("flags", 1, "another flags in its own header"),
        ("flags", 8, "another flags in its own header"),
        ("clock", 5, "another time in its own header"),
    ],
)
def test_a_header_of_its_own_that_differs(
    parts: list[Part], put: Put, what: str, value: object, words: str
) -> None:
    of(parts, "plan.json").here[what] = value
    refused(put(joined(parts)), f"plan.json says {words}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"flags": 1}, "plan.json is encrypted"),
        ({"flags": 0x41}, "plan.json is encrypted"),
        ({"flags": 8}, "plan.json has flags that are not used here"),
        ({"flags": 0x2000}, "plan.json has flags that are not used here"),
        ({"method": 12}, "plan.json is packed by method 12"),
        ({"method": 99}, "plan.json is packed by method 99"),
        ({"method": 0}, "plan.json is not packed, and says two sizes"),
        ({"attributes": (stat.S_IFLNK | 0o777) << 16}, "plan.json is a symbolic link"),
        ({"attributes": (stat.S_IFDIR | 0o755) << 16}, "plan.json is a folder"),
        ({"attributes": 0x10}, "plan.json is a folder"),
        ({"attributes": (stat.S_IFIFO | 0o600) << 16}, "plan.json is a named pipe"),
        ({"attributes": (stat.S_IFCHR | 0o600) << 16}, "plan.json is a device"),
        ({"extra_there": b"up\x05\0\x01abcd"}, "plan.json has an extra field"),
        ({"extra_here": b"up\x05\0\x01abcd"}, "plan.json has an extra field"),
        ({"extra_there": b"\x01\0\0\0"}, "plan.json has an extra field"),
    ],
)
def test_a_file_of_another_kind(parts: list[Part], put: Put, change: dict[str, Any], words: str) -> None:
    place = parts.index(of(parts, "plan.json"))
    parts[place] = replace(parts[place], **change)
    refused(put(joined(parts)), words)


NAMES = [
    ("/etc/passwd", "begins at the root"),
    ("../x", "leads out of the folder"),
    ("a/../../x", "leads out of the folder"),
    ("a\\b", "backslash"),
    ("..\\x", "backslash"),
    ("C:/x", "drive"),
    ("C:x", "drive"),
    ("x:stream", "drive or a stream"),
    ("evidence/", "the name of a folder"),
    (f"evidence/{RUN_ID}/", "the name of a folder"),
    ("a//b", "can be written in another way"),
    ("./a", "can be written in another way"),
    ("a\x01b", "cannot be shown"),
    ("a\u202eb", "cannot be shown"),
]


@pytest.mark.parametrize(("name", "words"), NAMES, ids=[ascii(name) for name, _ in NAMES])
def test_a_name_that_is_none(made: Path, tmp_path: Path, said: Said, name: str, words: str) -> None:
    """Listed and signed, too."""
    archive = export(made, tmp_path, more={name: b"x"})
    refused(said(archive), "is no name of a file in it", words)


def test_a_name_that_is_no_text(parts: list[Part], put: Put) -> None:
    parts.append(replace(of(parts, "plan.json"), name=b"\xe9.json"))
    refused(put(joined(parts)), "is no name of a file in it: it is not in UTF-8")
    parts[-1].name, parts[-1].flags = b"\xff.json", 0x800
    refused(put(joined(parts)), "is no name of a file in it: it is not in UTF-8")


def test_bytes_behind_what_is_packed(parts: list[Part], put: Put) -> None:
    of(parts, "plan.json").octets += b"hidden"
    refused(put(joined(parts)), "changed plan.json")


def test_more_in_it_than_it_says(parts: list[Part], put: Put) -> None:
    plan = of(parts, "plan.json")
    plan.octets = deflated(b'{"a": 1}' + b"hidden")
    refused(put(joined(parts)), "changed plan.json")


@pytest.mark.parametrize(
    "end",
    [
        {"count": 1},
        {"count": 500},
        {"size": 10},
        {"begins": 10},
        {"begins": 0xFFFFFFFF},
        {"size": 0xFFFFFFFF},
    ],
)
def test_an_end_that_says_something_else(parts: list[Part], put: Put, end: dict[str, Any]) -> None:
    refused(put(joined(parts, end=end)), "problem it is not put together as")


# --- bombs --------------------------------------------------------------------------------------------------------


def zeros(size: int) -> bytes:
    return deflated(b"\0" * size)


def test_a_file_that_claims_to_be_huge(parts: list[Part], put: Put) -> None:
    of(parts, "plan.json").size = 0xFFFFFFF0
    with within(20 * MEGABYTE):
        refused(put(joined(parts)), "plan.json would take 4294967280 bytes, of 10 that are packed")
    plan = of(parts, "plan.json")
    plan.size, huge = 0xFFFFFFFF, struct.pack("<2HQ", 1, 8, 2**60)
    plan.extra_there = plan.extra_here = huge
    with within(20 * MEGABYTE):
        refused(put(joined(parts)), f"plan.json would take {2**60} bytes")


def test_a_list_that_claims_to_be_huge(parts: list[Part], put: Put) -> None:
    for name in (MANIFEST, SIGNATURE, f"evidence/{RUN_ID}/{layout.MANIFEST}"):
        of(parts, name).size = 15 * MEGABYTE
        with within(30 * MEGABYTE):
            refused(put(joined(parts)))


def test_a_file_that_is_larger_than_it_says(parts: list[Part], put: Put) -> None:
    of(parts, "plan.json").octets = zeros(64 * MEGABYTE)
    octets = joined(parts)
    with within(20 * MEGABYTE):
        refused(put(octets), "changed plan.json")


def test_a_list_that_is_larger_than_it_says(parts: list[Part], put: Put) -> None:
    of(parts, MANIFEST).octets = zeros(64 * MEGABYTE)
    octets = joined(parts)
    with within(20 * MEGABYTE):
        refused(put(octets), "manifest.json is larger than it says")


def test_a_file_that_is_as_huge_as_it_says(parts: list[Part], put: Put) -> None:
    huge = b"\0" * (64 * MEGABYTE)
    bomb = Part(name=b"bomb", flags=0, method=8, crc=zlib.crc32(huge), size=len(huge), octets=deflated(huge))
    octets = joined([*parts, bomb])
    del huge
    with within(20 * MEGABYTE):
        refused(put(octets), "bomb would take 67108864 bytes")


def test_many_files_that_are_huge_together(put: Put) -> None:
    octets, size = zeros(15 * MEGABYTE), 15 * MEGABYTE
    bombs = [
        Part(name=b"bomb%d" % number, flags=0, method=8, crc=0, size=size, octets=octets)
        for number in range(6)
    ]
    refused(put(joined(bombs)), f"its files would take {6 * size} bytes")


def test_files_that_share_their_bytes(parts: list[Part], put: Put) -> None:
    octets = bytearray(joined(parts))
    # The second record leads to the first file.
    first = octets.rindex(b"PK\x01\x02" + parts[0].record(0)[4:10])
    place = octets.index(b"PK\x01\x02", octets.index(b"PK\x01\x02") + 4) if first else 0
    struct.pack_into("<L", octets, place + 42, 0)
    refused(put(bytes(octets)), "begins within another file")


def test_too_many_files(parts: list[Part], put: Put) -> None:
    octets = joined(parts)
    place = len(octets) - 22
    count, size, begins = 200_000, *struct.unpack_from("<2L", octets, place + 12)
    long = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, begins)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, begins, 0)
    with within(20 * MEGABYTE):
        refused(put(octets[:place] + long + locator + end), "it holds 200000 files")


def test_an_archive_of_very_many_or_very_large_files_is_read(parts: list[Part], put: Put) -> None:
    """As the library writes it where the short form is too short."""
    octets = joined(parts)
    place = len(octets) - 22
    count, (size, begins) = len(parts), struct.unpack_from("<2L", octets, place + 12)
    long = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, begins)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, begins, 0)
    assert put(octets[:place] + long + locator + end)[0] == 0
    two_counts = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count - 1, count - 1, size, begins, 0)
    refused(put(octets[:place] + long + locator + two_counts), "its end says two things")


def test_an_archive_within_the_archive_is_not_unpacked(made: Path, tmp_path: Path, said: Said) -> None:
    bomb = Part(name=b"x", flags=0, method=8, crc=0, size=64 * MEGABYTE, octets=zeros(64 * MEGABYTE))
    archive = export(made, tmp_path, more={"inner.zip": joined([bomb])})
    with within(20 * MEGABYTE):
        assert said(archive)[0] == 0


# --- what its list and signature may say --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
@pytest.mark.parametrize(("text", "words"), TEXTS.values(), ids=TEXTS)
def test_a_list_of_a_case_that_no_program_would_write(
    parts: list[Part], put: Put, name: str, text: str, words: str
) -> None:
    part, octets = of(parts, name), text.encode("utf-8")
    part.octets, part.size, part.crc = deflated(octets), len(octets), zlib.crc32(octets)
    code, said = put(joined(parts))
    assert code == BAD_INPUT, said
    assert f"cannot be read as an exported case: its {name} " in said
    if name == SIGNATURE and len(octets) > 16 * 1024:
        words = "is larger than 16 KB"
    assert (words if words != "is no object" else f"its {name} does not hold just") in said


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path)[:24])
def test_a_path_of_a_case_that_is_none(made: Path, tmp_path: Path, said: Said, path: object) -> None:
    content = {
        "format": "offboard-archive/1",
        "about": {},
        "files": [{"path": path, "size": 1, "sha256": "0" * 64}],
    }
    found = said(signed_anew(export(made, tmp_path), tmp_path, json.dumps(content).encode()))
    refused(found)
    named = ("is no name of a file in it", "surrogates not allowed", "missing ")
    assert any(words in found[1] for words in named), found[1]


def signed_anew(archive: Path, folder: Path, listed: bytes) -> Path:
    """The same archive with another list, and a signature that holds."""
    parts = taken_apart(archive)
    signed = key_in(folder).sign(listed)
    signature = {"algorithm": "Ed25519", "public_key": signed.public_key, "signature": signed.value}
    for name, octets in ((MANIFEST, listed), (SIGNATURE, json.dumps(signature).encode())):
        part = of(parts, name)
        part.octets, part.size, part.crc = deflated(octets), len(octets), zlib.crc32(octets)
    archive.write_bytes(joined(parts))
    return archive


@pytest.mark.parametrize(
    "change",
    [
        {"about": None},
        {"about": {"runs": []}},
        {"about": {"runs": None}},
        {"files": None},
        {"files": [None]},
        {"files": [{"path": "plan.json", "size": None, "sha256": "0" * 64}]},
        {"files": [{"path": "plan.json", "size": 10**400, "sha256": "0" * 64}]},
        {"files": [{"path": "plan.json", "size": 1, "sha256": None}]},
        {"files": [{"path": "plan.json", "size": 1, "sha256": "0" * 64}] * 2},
        {"format": None},
        {"more": 1},
    ],
)
@pytest.mark.parametrize("is_json", [True, False])
def test_a_signed_list_that_says_what_none_may(
    exported: Path, tmp_path: Path, said: Said, change: dict[str, Any], is_json: bool
) -> None:
    with zipfile.ZipFile(exported) as opened:
        content = {**json.loads(opened.read(MANIFEST)), **change}
    archive = Path(shutil.copy(exported, tmp_path))
    found = said(signed_anew(archive, tmp_path, json.dumps(content).encode()), is_json=is_json)
    assert found[0] == BAD_INPUT, found
    assert "cannot be read as an exported case" in found[1]


@pytest.mark.parametrize("put_there", [put_pipe, put_socket])
def test_a_case_that_is_no_file(tmp_path: Path, said: Said, put_there: Callable[[Path], str]) -> None:
    put_there(tmp_path / "case.zip")
    assert said(tmp_path / "case.zip")[0] == BAD_INPUT


def test_a_name_that_is_too_long_for_a_file(tmp_path: Path, said: Said) -> None:
    assert said(tmp_path / ("x" * 5000))[0] == BAD_INPUT


# --- whose key it is ----------------------------------------------------------------------------------------------


def fingerprint(exported: Path) -> str:
    return key_in(exported.parent).fingerprint


def test_the_whole_fingerprint_is_a_key(exported: Path, said: Said) -> None:
    whole = fingerprint(exported)
    assert said(exported, key=whole)[0] == 0
    assert said(exported, key=" ".join((whole[:32].upper(), whole[32:])))[0] == 0
    other = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    assert said(exported, key=other)[0] == 1


@pytest.mark.parametrize(
    "cut",
    [
        lambda whole: whole[0],
        lambda whole: whole[:16],
        lambda whole: whole[:-1],
        lambda whole: whole + "0",
        lambda whole: "",
        lambda whole: " ",
        lambda whole: "g" * 64,
        lambda whole: "\u0661" * 64,
        lambda whole: "key.pem",
        lambda whole: "x" * 100_000,
    ],
)
def test_a_part_of_a_fingerprint_is_no_key(exported: Path, said: Said, cut: Callable[[str], str]) -> None:
    key = cut(fingerprint(exported))
    code, text = said(exported, key=key)
    assert code == BAD_INPUT
    assert "is no fingerprint" in text
    assert (
        f"it has {len(key.replace(' ', ''))} characters, and a fingerprint has 64 hexadecimal digits" in text
    )
    assert len(text) < 1000
