"""What is looked at before a night, as far as no browser is needed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from robot.case.office import Office
from robot.worker.preflight import Finding, PreflightRequest, look_ahead


@pytest.mark.parametrize(
    ("store", "state", "words"),
    [
        ("{share}", "good", "takes and gives"),
        ("{share}/a-file/folder", "remark", "could not be written to"),
        ("stone://tablet", "bad", "evidence cannot be stored in stone://tablet"),
    ],
)
def test_the_store_is_looked_at(office: Office, tmp_path: Path, store: str, state: str, words: str) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a-file").touch()
    findings = look(office, tmp_path, store.format(share=(tmp_path / "share").as_uri()))
    [found] = [one for one in findings if one.name == "store"]
    assert (found.state, words in found.found) == (state, True), found
    assert bool(found.next) is (state != "good")


def test_no_store_is_looked_at_where_none_is_named(office: Office, tmp_path: Path) -> None:
    assert [one.name for one in look(office, tmp_path, "")] == ["disk", "dashboard"]


def look(office: Office, folder: Path, store: str) -> tuple[Finding, ...]:
    """At a dashboard that nobody has: it ends there."""
    request = PreflightRequest(
        profile=office.profile,
        library=office.library,
        logins=(),
        open_login=lambda login, hear: pytest.fail("nobody is to sign in"),
        folders=(folder,),
        store=store,
        customers=1,
        now=lambda: datetime.now(UTC),
    )
    return look_ahead(request).findings
