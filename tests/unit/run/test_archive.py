"""An archive says what was done to it since it was signed, on any machine."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from robot.errors import BadInputError
from robot.run.archive import MANIFEST, SIGNATURE, verify_archive, write_archive
from robot.run.bundle_layout import RUN
from robot.run.signature import EvidenceKey, open_key
from tests import sample_run
from tests.unit.report.conftest import RUN_ID, record

EVENTS = list(sample_run.events(video=False))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recordings"), EVENTS)


@pytest.fixture
def key(tmp_path: Path) -> EvidenceKey:
    return open_key(tmp_path / "key.pem")


@pytest.fixture
def archive(tmp_path: Path, bundle: Path, key: EvidenceKey) -> Path:
    target = tmp_path / "case.zip"
    write_archive(target, files_of(bundle), key, about={"customer": "X"})
    return target


def files_of(bundle: Path) -> dict[str, Path | bytes]:
    files: dict[str, Path | bytes] = {"plan.json": b'{"a": 1}', "report.html": "é".encode()}
    for path in bundle.rglob("*"):
        if path.is_file():
            files[f"evidence/{RUN_ID}/{path.relative_to(bundle).as_posix()}"] = path
    return files


def rewrite(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The same archive with other contents, as whoever tampers with it would make it."""
    with zipfile.ZipFile(archive) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    change(contents)
    with zipfile.ZipFile(archive, "w") as new:
        for name, content in contents.items():
            new.writestr(name, content)


def test_it_is_intact_and_says_by_whose_key(archive: Path, key: EvidenceKey) -> None:
    result = verify_archive(archive)
    assert result.is_intact, result
    assert result.fingerprint == key.fingerprint
    assert result.about == {"customer": "X"}
    assert result.files == len(listed(archive))


def listed(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return [name for name in opened.namelist() if name not in (MANIFEST, SIGNATURE)]


def test_a_changed_file_is_named(archive: Path) -> None:
    rewrite(archive, lambda files: files.update({"plan.json": b'{"a": 2}'}))
    result = verify_archive(archive)
    assert (result.changed, result.is_intact) == (("plan.json",), False)


def test_a_file_that_was_cut_is_named(archive: Path) -> None:
    rewrite(archive, lambda files: files.update({"plan.json": b'{"a":'}))
    assert verify_archive(archive).changed == ("plan.json",)


def test_missing_and_extra_files_are_named(archive: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        del files["plan.json"]
        files["more.txt"] = b"x"

    rewrite(archive, change)
    result = verify_archive(archive)
    assert (result.missing, result.extra, result.is_intact) == (("plan.json",), ("more.txt",), False)


def test_a_list_that_was_changed_with_its_file_is_no_longer_signed(archive: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        listed = json.loads(files[MANIFEST])
        listed["about"]["customer"] = "Y"
        files[MANIFEST] = json.dumps(listed, indent=1, ensure_ascii=False).encode()

    rewrite(archive, change)
    result = verify_archive(archive)
    assert not result.is_intact
    assert result.fingerprint == ""
    assert "the list of files is not what was signed" in result.problems


@pytest.mark.parametrize("value", ["", "AAAA", "no base64 at all!", "é"])
@pytest.mark.parametrize("field", ["signature", "public_key"])
def test_a_signature_that_is_none_does_not_hold(archive: Path, field: str, value: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[SIGNATURE] = json.dumps({**json.loads(files[SIGNATURE]), field: value}).encode()

    rewrite(archive, change)
    result = verify_archive(archive)
    assert (result.fingerprint, result.is_intact) == ("", False)


def test_one_that_was_signed_again_has_another_key(archive: Path, bundle: Path, tmp_path: Path) -> None:
    before = verify_archive(archive).fingerprint
    write_archive(archive, files_of(bundle), open_key(tmp_path / "other.pem"), about={})
    after = verify_archive(archive)
    assert after.is_intact
    assert after.fingerprint != before


def test_a_bundle_that_was_changed_before_it_was_exported_is_named(
    tmp_path: Path, bundle: Path, key: EvidenceKey
) -> None:
    files = {**files_of(bundle), f"evidence/{RUN_ID}/{RUN}": b"{}"}
    target = tmp_path / "case.zip"
    write_archive(target, files, key, about={})
    assert verify_archive(target).problems == (f"{RUN_ID}: changed {RUN}",)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "a/../../outside.txt", "a\\b"])
def test_a_name_that_leads_out_of_it_is_a_problem_and_is_not_unpacked(
    tmp_path: Path, bundle: Path, key: EvidenceKey, name: str
) -> None:
    target = tmp_path / "inner" / "case.zip"
    target.parent.mkdir()
    write_archive(target, {**files_of(bundle), name: b"x"}, key, about={})
    result = verify_archive(target)
    assert any("is no name of a file in it" in line for line in result.problems)
    assert list(tmp_path.rglob("outside.txt")) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_a_problem(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("plan.json", b'{"a": 1}')
    assert "plan.json stands twice in the archive" in verify_archive(archive).problems[0]


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut off"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "case.zip"
    file.write_bytes(content)
    with pytest.raises(BadInputError, match="cannot be read as an exported case"):
        verify_archive(file)


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"\xff\xfe"])
def test_a_broken_list_or_signature_is_told(archive: Path, name: str, content: bytes | None) -> None:
    def change(files: dict[str, bytes]) -> None:
        files.pop(name)
        if content is not None:
            files[name] = content

    rewrite(archive, change)
    with pytest.raises(BadInputError, match="cannot be read as an exported case"):
        verify_archive(archive)


def test_nothing_is_left_of_one_that_could_not_be_written(tmp_path: Path, key: EvidenceKey) -> None:
    target = tmp_path / "out" / "case.zip"
    target.parent.mkdir()
    with pytest.raises(FileNotFoundError):
        write_archive(target, {"a": tmp_path / "not-there"}, key, about={})
    assert list(target.parent.iterdir()) == []


def test_a_bundle_that_is_not_the_one_that_was_signed_for_is_named(
    tmp_path: Path, bundle: Path, key: EvidenceKey
) -> None:
    target = tmp_path / "case.zip"
    write_archive(target, files_of(bundle), key, about={"runs": {RUN_ID: "0" * 64}})
    assert verify_archive(target).problems == (f"{RUN_ID}: is not the evidence that the run has left",)


@pytest.mark.parametrize("place", [0.05, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_flipped_byte_anywhere_is_told(archive: Path, place: float) -> None:
    content = bytearray(archive.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    archive.write_bytes(content)
    try:
        assert not verify_archive(archive).is_intact
    except BadInputError as error:
        assert "cannot be read as an exported case" in error.problem.what


def test_a_folder_among_the_files_is_refused(tmp_path: Path, key: EvidenceKey) -> None:
    target = tmp_path / "case.zip"
    write_archive(target, {"evidence/": b"", "a": b"x"}, key, about={})
    assert "it is the name of a folder" in verify_archive(target).problems[0]
