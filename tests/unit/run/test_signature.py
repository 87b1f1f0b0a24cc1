"""The key is made once, kept to its owner, and is one key whoever opens it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from robot.errors import SetupError
from robot.run.signature import Signature, open_key

ROOT = Path(__file__).parents[3]


def test_it_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key.pem"
    first, second = open_key(file), open_key(file)
    assert first.fingerprint == second.fingerprint
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key.pem"]


def test_what_it_signed_is_told_from_anything_else(tmp_path: Path) -> None:
    key = open_key(tmp_path / "key.pem")
    signed = key.sign(b"one")
    assert signed.is_of(b"one")
    assert not signed.is_of(b"two")
    other = open_key(tmp_path / "other.pem").sign(b"one")
    assert not Signature(public_key=signed.public_key, value=other.value).is_of(b"one")
    assert signed.fingerprint == key.fingerprint


def test_several_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from robot.run.signature import open_key; "
        "print(open_key(Path(sys.argv[1])).fingerprint)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "key.pem")],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_holds_no_key_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    with pytest.raises(SetupError, match="holds no Ed25519 key"):
        open_key(file)
    assert file.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="the key that signs evidence"):
        open_key(tmp_path / "file" / "key.pem")
