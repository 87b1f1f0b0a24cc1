"""Bundles are stored whole, come back as they were, and whatever is wrong with a store is told in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from robot.errors import BadInputError, SetupError
from robot.report.bundle import find_bundle
from robot.run import bundle_layout as layout
from robot.run.evidence_store import EvidenceStore, StoreError
from robot.run.manifest import verify_bundle
from tests import sample_run
from tests.object_store import URL, environ_of, object_store
from tests.unit.report.conftest import RUN_ID, record


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with object_store() as address:
        yield address


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    for name, value in environ_of(server).items():
        monkeypatch.setenv(name, value)
    return f"{URL}/{tmp_path.name}"


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceStore:
    """In a folder, as a share of several machines is one, and in object storage."""
    if request.param == "file":
        (tmp_path / "share").mkdir()
        return EvidenceStore((tmp_path / "share").as_uri())
    return EvidenceStore(request.getfixturevalue("s3"))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return record(tmp_path / "recordings", list(sample_run.events(video=False)))


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_is_stored_comes_back_as_it_was(store: EvidenceStore, bundle: Path, tmp_path: Path) -> None:
    size = store.put(bundle)
    assert size == sum(len(content) for content in files_in(bundle).values()) > 10_000
    assert store.holds(bundle)
    back = store.get(RUN_ID, tmp_path / "elsewhere")
    assert files_in(back) == files_in(bundle)
    assert verify_bundle(back).is_intact
    assert verify_bundle(back).digest == verify_bundle(bundle).digest
    # Nothing that was on its way is taken for a run.
    assert [path.parent.name for path in (tmp_path / "elsewhere").glob("*/events.jsonl")] == [RUN_ID]
    assert store.names() == [RUN_ID]


def test_what_is_here_is_not_brought_again(store: EvidenceStore, bundle: Path, tmp_path: Path) -> None:
    store.put(bundle)
    mark = bundle / "mark"
    mark.write_text("mine")
    assert store.get(RUN_ID, bundle.parent) == bundle
    assert mark.read_text() == "mine"


def test_it_can_be_stored_again(store: EvidenceStore, bundle: Path) -> None:
    store.put(bundle)
    (bundle / layout.CAPTURES).write_text("{}")
    assert not store.holds(bundle)
    store.put(bundle)
    assert store.holds(bundle)


def test_a_run_that_was_cut_off_is_stored_without_what_was_being_written(
    store: EvidenceStore, bundle: Path, tmp_path: Path
) -> None:
    (bundle / layout.MANIFEST).unlink()
    (bundle / layout.JOURNAL).write_text("")
    (bundle / layout.UNFINISHED).mkdir()
    (bundle / layout.UNFINISHED / "reserve").write_bytes(b"\0" * 1000)
    store.put(bundle)
    back = files_in(store.get(RUN_ID, tmp_path / "elsewhere"))
    assert layout.JOURNAL in back
    assert not [name for name in back if name.startswith(layout.UNFINISHED)]


def test_a_bundle_without_its_list_is_not_there_yet(
    store: EvidenceStore, bundle: Path, tmp_path: Path
) -> None:
    (bundle / layout.MANIFEST).rename(tmp_path / "kept")
    store.put(bundle)
    with pytest.raises(BadInputError) as caught:
        store.get(RUN_ID, tmp_path / "elsewhere")
    assert caught.value.problem.what.startswith(f"no run '{RUN_ID}' is stored in ")
    assert not (tmp_path / "elsewhere" / RUN_ID).exists()


def test_a_run_is_found_by_the_beginning_of_its_name(
    store: EvidenceStore, bundle: Path, tmp_path: Path
) -> None:
    store.put(bundle)
    here = tmp_path / "elsewhere"
    assert find_bundle(RUN_ID[:12], here, store) == here / RUN_ID
    with pytest.raises(BadInputError, match="no run 'nothing' is recorded in "):
        find_bundle("nothing", here, store)


def test_a_store_says_whether_it_takes_and_gives(store: EvidenceStore) -> None:
    store.check()
    assert store.names() == []


def test_the_list_of_files_is_written_last(bundle: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    EvidenceStore(share.as_uri()).put(bundle)
    written = {path: path.stat().st_mtime_ns for path in (share / RUN_ID).rglob("*") if path.is_file()}
    listed = written.pop(share / RUN_ID / layout.MANIFEST)
    assert len(written) > 3
    assert max(written.values()) < listed


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://no-such-bucket/x", "no-such-bucket"),
    ],
)
def test_a_bucket_that_is_not_there_is_told(s3: str, bundle: Path, url: str, words: str) -> None:
    for ask in (lambda at: at.put(bundle), lambda at: at.check()):
        with pytest.raises(StoreError) as caught:
            ask(EvidenceStore(url))
        assert words in caught.value.problem.what
        assert caught.value.problem.next
        assert caught.value.problem.done == "the evidence lies on the machine that made it"


def test_an_address_that_is_not_understood_is_told() -> None:
    with pytest.raises(SetupError) as caught:
        EvidenceStore("ftpx://host/folder")
    assert "ftpx://host/folder" in caught.value.problem.what
    assert "OFFBOARD_RECORDINGS" in caught.value.problem.next


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(SetupError) as caught:
        EvidenceStore("az://container/folder")
    assert caught.value.problem.next == "in the robot's environment: pip install adlfs"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sftpx://ann:hidden@host/folder?key=hidden", "sftpx://host/folder"),
        ("sftpx://ann:hidden/hid#den@host/folder", "sftpx://host/folder"),
        ("simplecache::ftp://ann:hidden@host/folder", "simplecache::ftp://host/folder"),
        ("s3://[hidden@x", "s3://x"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    with pytest.raises(SetupError) as caught:
        EvidenceStore(url)
    assert "hidden" not in caught.value.problem.what.partition(": ")[0]
    assert shown in str(caught.value)


def test_a_share_that_is_not_mounted_is_no_empty_store(bundle: Path, tmp_path: Path) -> None:
    store = EvidenceStore((tmp_path / "not-mounted").as_uri())
    for ask in (lambda: store.put(bundle), store.check):
        with pytest.raises(StoreError, match="is the share mounted"):
            ask()
    assert not (tmp_path / "not-mounted").exists()


def test_what_is_stored_already_is_not_written_again(bundle: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    store = EvidenceStore(share.as_uri())
    store.put(bundle)
    for name in (layout.EVENTS, layout.REPORT, layout.MANIFEST):
        if (share / RUN_ID / name).exists():
            (share / RUN_ID / name).chmod(0o444)
    (share / RUN_ID / layout.CAPTURES).unlink()
    times = {path: path.stat().st_mtime_ns for path in (share / RUN_ID).rglob("*") if path.is_file()}
    store.put(bundle)
    assert store.holds(bundle)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_list_that_was_made_anew_is_stored_anew_though_it_is_as_long(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    store = EvidenceStore((tmp_path / "share").as_uri())
    store.put(bundle)
    text = (bundle / layout.MANIFEST).read_text()
    (bundle / layout.MANIFEST).write_text(text.replace('"sealed": true', '"sealed": TRUE'))
    store.put(bundle)
    assert (tmp_path / "share" / RUN_ID / layout.MANIFEST).read_text() != text


def test_what_is_being_written_is_not_stored(store: EvidenceStore, bundle: Path, tmp_path: Path) -> None:
    (bundle / ".manifest.json.123").write_text("half")
    store.put(bundle)
    assert ".manifest.json.123" not in files_in(store.get(RUN_ID, tmp_path / "elsewhere"))


def test_a_path_that_leads_nowhere_is_told_with_a_store_too(store: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is recorded in"):
        find_bundle("/nowhere/at/all", tmp_path, store)


def test_no_file_leaves_the_folder_that_it_is_brought_into(tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    files.pipe_file("/hostile/run/manifest.json", b"{}")
    files.pipe_file("/hostile/run/a/../../../escaped", b"x")
    with pytest.raises(StoreError, match="is no name of a file of a run"):
        EvidenceStore("memory://hostile").get("run", tmp_path / "into")
    assert not (tmp_path / "escaped").exists()
    assert not (tmp_path / "into" / "run").exists()
