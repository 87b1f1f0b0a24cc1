"""Secrets may lie in files; whatever is given twice or cannot be read is told, without the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.errors import BadInputError
from robot.settings import IN_FILES, read_settings


def test_secrets_may_lie_in_files(tmp_path: Path) -> None:
    environ = {}
    for name in IN_FILES:
        (tmp_path / name).write_text(f"{name} it is\n")
        environ[f"{name}_FILE"] = str(tmp_path / name)
    found = read_settings(environ, root=tmp_path)
    assert found.credentials.password == "OFFBOARD_PASSWORD it is"
    assert found.credentials.totp_secret == "OFFBOARD_TOTP_SECRET it is"
    assert (found.database, found.notify, found.smtp) == (
        "OFFBOARD_DATABASE_URL it is",
        "OFFBOARD_NOTIFY it is",
        "OFFBOARD_SMTP it is",
    )
    assert "it is" not in repr(found)


def test_what_is_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hunter22")
    with pytest.raises(BadInputError, match="both given"):
        read_settings(
            {"OFFBOARD_PASSWORD": "hunter23", "OFFBOARD_PASSWORD_FILE": str(tmp_path / "file")}, root=tmp_path
        )


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    with pytest.raises(BadInputError, match="OFFBOARD_SMTP_FILE names cannot be read"):
        read_settings({"OFFBOARD_SMTP_FILE": str(tmp_path / "file")}, root=tmp_path)
