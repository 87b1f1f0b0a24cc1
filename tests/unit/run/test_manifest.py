"""The list of a bundle's files tells what was changed, taken away, added or swapped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from robot.run import bundle_layout as layout
from robot.run.manifest import Manifest, chained_line, record_view, verify_bundle


def make_bundle(folder: Path, *, sealed: bool = True) -> Path:
    """A bundle of three files and two events."""
    folder.mkdir()
    manifest = Manifest(folder, "run-1")
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"content of {name}")
        manifest.add(name)
    chain, lines = "", b""
    for number in range(2):
        line, chain = chained_line(chain, {"event": "X", "number": number})
        lines += line
    (folder / layout.EVENTS).write_bytes(lines)
    if sealed:
        manifest.add(layout.EVENTS)
        manifest.seal(at=datetime(2026, 11, 22, tzinfo=UTC), lost=[])
    else:
        manifest.close()
    return folder


def edit_list(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / layout.MANIFEST
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "run-1")


def test_an_untouched_bundle_is_intact(bundle: Path) -> None:
    result = verify_bundle(bundle)
    assert result.is_intact
    assert (result.run_id, result.sealed, result.files) == ("run-1", True, 4)
    assert len(result.digest) == 64
    assert not (bundle / layout.JOURNAL).exists()


def test_a_changed_file_is_named(bundle: Path) -> None:
    (bundle / "b.txt").write_text("content of B.txt")
    assert verify_bundle(bundle).changed == ("b.txt",)


def test_a_missing_file_is_named(bundle: Path) -> None:
    (bundle / "a.txt").unlink()
    assert verify_bundle(bundle).missing == ("a.txt",)


def test_an_extra_file_is_named(bundle: Path) -> None:
    (bundle / "sub").mkdir()
    (bundle / "sub" / "new.txt").write_text("x")
    assert verify_bundle(bundle).extra == ("sub/new.txt",)


def test_a_hash_corrected_in_the_list_breaks_the_chain(bundle: Path) -> None:
    (bundle / "a.txt").write_text("forged")

    def forge(content: dict[str, Any]) -> None:
        entry = content["files"][0]
        entry["sha256"] = hashlib.sha256(b"forged").hexdigest()
        entry["size"] = 6

    edit_list(bundle, forge)
    result = verify_bundle(bundle)
    assert result.changed == ()
    assert "altered at or before a.txt" in result.problems[0]


def test_a_file_taken_away_with_its_entry_breaks_the_chain(bundle: Path) -> None:
    (bundle / "b.txt").unlink()
    edit_list(bundle, lambda content: content["files"].pop(1))
    assert "altered at or before c.txt" in verify_bundle(bundle).problems[0]


def test_the_last_entry_taken_away_shows_in_the_digest(bundle: Path) -> None:
    (bundle / layout.EVENTS).unlink()
    edit_list(bundle, lambda content: content["files"].pop())
    assert any("digest" in problem for problem in verify_bundle(bundle).problems)


def test_a_list_that_cannot_be_read_is_a_problem(bundle: Path) -> None:
    (bundle / layout.MANIFEST).write_text("{")
    assert not verify_bundle(bundle).is_intact


def test_what_was_lost_during_the_run_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "run-2"
    folder.mkdir()
    manifest = Manifest(folder, "run-2")
    manifest.seal(at=datetime(2026, 11, 22, tzinfo=UTC), lost=["Pictured: No space left on device"])
    assert "No space left" in verify_bundle(folder).problems[0]


def test_a_view_written_again_leaves_the_digest_alone(bundle: Path) -> None:
    digest = verify_bundle(bundle).digest
    for text in ("<p>one</p>", "<p>two</p>"):
        (bundle / layout.REPORT).write_text(text)
        record_view(bundle, layout.REPORT)
        assert verify_bundle(bundle).is_intact
    assert verify_bundle(bundle).digest == digest
    (bundle / layout.REPORT).write_text("<p>forged</p>")
    assert verify_bundle(bundle).changed == (layout.REPORT,)


def test_an_unsealed_bundle_can_be_checked(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "cut", sealed=False)
    (bundle / layout.UNFINISHED).mkdir()
    (bundle / layout.UNFINISHED / "pictures-001-before-half.jpg").write_text("half")
    result = verify_bundle(bundle)
    assert result.is_intact
    assert not result.sealed
    (bundle / "c.txt").write_text("other")
    assert verify_bundle(bundle).changed == ("c.txt",)


def test_a_line_cut_off_at_the_end_is_no_harm(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "cut", sealed=False)
    for name in (layout.JOURNAL, layout.EVENTS):
        with (bundle / name).open("ab") as file:
            file.write(b'{"path":"d.t')
    assert verify_bundle(bundle).is_intact


def test_an_altered_event_of_an_unsealed_bundle_shows(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "cut", sealed=False)
    path = bundle / layout.EVENTS
    path.write_bytes(path.read_bytes().replace(b'"number":0', b'"number":5'))
    assert "altered at or before line 1" in verify_bundle(bundle).problems[0]


def test_a_folder_without_a_list_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify_bundle(tmp_path)
