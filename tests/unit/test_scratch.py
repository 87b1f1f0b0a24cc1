"""What a run writes and nobody may keep: private, gone with the run, and swept where the run was killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from robot import scratch
from robot.scratch import scratch_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners and locks are told otherwise there")


@pytest.fixture(params=["in memory", "on disk"])
def base(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    in_memory, on_disk = tmp_path / "shm", tmp_path / "tmp"
    in_memory.mkdir()
    on_disk.mkdir()
    monkeypatch.setattr(scratch, "_IN_MEMORY", in_memory)
    monkeypatch.setattr(scratch, "_ENOUGH", 1 if request.param == "in memory" else 2**62)
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(on_disk))
    return (in_memory if request.param == "in memory" else on_disk) / f"offboard-{os.getuid()}"


def test_it_is_private_and_gone_at_the_end(base: Path) -> None:
    with scratch_folder() as one, scratch_folder() as other:
        assert one.parent == other.parent == base
        assert one != other
        for folder in (base, one):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (one / "trace").write_text("token")
    assert not one.exists()
    assert not other.exists()


def test_what_a_killed_run_has_left_is_swept_and_what_lives_is_not(base: Path) -> None:
    code = (
        "import sys, pathlib; from robot import scratch;"
        "scratch._IN_MEMORY, scratch._ENOUGH, scratch.tempfile.tempdir ="
        f" pathlib.Path({str(scratch._IN_MEMORY)!r}), {scratch._ENOUGH}, {scratch.tempfile.tempdir!r};"
        "held = scratch.scratch_folder(); folder = held.__enter__();"
        "(folder / 'trace').write_text('token'); print(folder, flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        assert left.parent == base
        with scratch_folder() as mine:
            assert (left / "trace").exists()
            child.send_signal(signal.SIGKILL)
            child.wait()
            with scratch_folder():
                assert not left.exists()
                assert mine.exists()


def test_a_place_that_is_somebody_elses_is_not_taken(base: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    base.symlink_to(elsewhere)
    with scratch_folder() as one:
        assert base not in one.parents
        assert elsewhere not in one.resolve().parents
    base.unlink()
    base.mkdir()
    base.chmod(0o777)
    with scratch_folder() as one:
        assert base not in one.parents
