"""`./offboard` in a checkout of its own, with locks that ask for nothing, so that no package index is needed."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: A stand-in for the package: tells what it was given.
STAND_IN = """
import json, sys
print(json.dumps({"words": sys.argv[1:], "python": list(sys.version_info[:2]), "prefix": sys.prefix}))
sys.exit(3)
"""


def start(
    checkout: Path, *words: str, environ: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "offboard"), *words],
        capture_output=True,
        text=True,
        env={**os.environ, **(environ or {})},
        cwd=cwd or checkout,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which the launcher was started once."""
    folder = tmp_path_factory.mktemp("check out")
    shutil.copy(ROOT / "offboard", folder / "offboard")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (folder / lock).write_text("# nothing\n")
    (folder / "robot").mkdir()
    (folder / "robot" / "__init__.py").touch()
    (folder / "robot" / "__main__.py").write_text(STAND_IN)
    first = start(folder, "demo", "--json", "two words")
    assert first.returncode == 3, first.stderr
    assert '"words": ["demo", "--json", "two words"]' in first.stdout
    assert first.stdout.count("\n") == 1, "standard output belongs to the command"
    assert "making .venv" in first.stderr and "ready after" in first.stderr
    return folder


def test_the_second_start_is_silent_and_runs_in_the_environment(checkout: Path) -> None:
    second = start(checkout)
    assert second.stderr == ""
    assert f'"prefix": "{checkout / ".venv"}"' in second.stdout


def test_it_works_from_anywhere_even_beside_another_package_of_that_name(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "robot").mkdir()
    (tmp_path / "robot" / "__init__.py").write_text("raise SystemExit('the wrong robot')")
    again = start(checkout, "x", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (3, "")


def test_the_second_start_adds_little(checkout: Path) -> None:
    """Less than 50 ms on a quiet machine; the limit here leaves room for a busy one."""
    python = checkout / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    direct = [str(python), "-P", "-m", "robot"]
    through = [sys.executable, str(checkout / "offboard")]

    def best_ms(words: list[str]) -> float:
        times = []
        for _ in range(7):
            started = time.perf_counter()
            subprocess.run(words, capture_output=True, check=False)
            times.append(time.perf_counter() - started)
        return min(times) * 1000

    assert best_ms(through) - best_ms(direct) < 150


def test_an_install_that_was_cut_off_is_repeated(checkout: Path) -> None:
    (checkout / ".venv" / "offboard-run.installed").unlink()
    again = start(checkout)
    assert again.returncode == 3
    assert "installing the packages" in again.stderr
    assert "making .venv" not in again.stderr
    assert start(checkout).stderr == ""


def test_a_new_lock_is_installed(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("# nothing, but newer\n")
    assert "installing the packages" in start(checkout).stderr
    assert start(checkout).stderr == ""


def test_an_environment_that_lost_its_python_is_made_again(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    again = start(checkout)
    assert again.returncode == 3
    assert "making .venv" in again.stderr


def test_two_starts_at_once_do_not_collide(checkout: Path) -> None:
    (checkout / ".venv" / "offboard-run.installed").unlink()
    words = [sys.executable, str(checkout / "offboard")]
    both = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    ends = [child.communicate() for child in both]
    assert [child.returncode for child in both] == [3, 3]
    installs = sum("installing the packages" in err for _, err in ends)
    assert installs == 1, ends


def test_a_failing_install_says_so_and_starts_nothing(checkout: Path, tmp_path: Path) -> None:
    copy = tmp_path / "broken"
    shutil.copytree(checkout, copy, symlinks=True)
    (copy / "requirements.lock").write_text("no-such-package-at-all==1.0 --hash=sha256:" + "0" * 64 + "\n")
    environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "UV_NO_INDEX": "1", "UV_OFFLINE": "1"}
    ended = start(copy, environ=environ)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "the packages could not be installed" in ended.stderr
    assert not (copy / ".venv" / "offboard-run.installed").exists()


def test_what_the_tests_lack_is_named_where_it_cannot_be_installed(checkout: Path) -> None:
    assert sys.platform.startswith("linux"), "only Linux needs more than the packages"
    ended = start(checkout, "test", environ={"PATH": "/nonexistent"})
    assert ended.returncode == 1
    assert "the tests need what this machine lacks: xvfb" in ended.stderr
    assert "no test was run" in ended.stderr
    assert "apt-get install xvfb" in ended.stderr


def test_an_old_python_can_read_it_and_is_told_what_to_do(tmp_path: Path) -> None:
    source = (ROOT / "offboard").read_text()
    ast.parse(source, feature_version=(3, 6))
    pretend = (
        "import sys; sys.version_info = (3, 8, 10, 'final', 0); sys.argv = ['offboard', 'demo'];"
        f"exec(compile(open({str(ROOT / 'offboard')!r}).read(), 'offboard', 'exec'), {{'__file__': 'offboard'}})"
    )
    ended = subprocess.run(
        [sys.executable, "-c", pretend],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": "/nonexistent"},
        cwd=tmp_path,
        check=False,
    )
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer, and this is 3.8" in ended.stderr
    assert "next:" in ended.stderr
    assert not (tmp_path / ".venv").exists()
