"""Files that nobody writes by hand: each is refused by name and place, and none ends the program otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD_INPUT = 2

_BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 12)
)
FILES: dict[str, str | bytes] = {
    "brackets": "a: " + "[" * 50_000,
    "brackets that end": "a: " + "[" * 50_000 + "]" * 50_000,
    "braces": "{a: " * 50_000,
    "steps": "".join(" " * deep + "a:\n" for deep in range(3_000)),
    "lists in lists": "".join(" " * deep + "-\n" for deep in range(3_000)),
    "a tag for a number": "profile: !!int abc",
    "a tag for a fraction": "profile: !!float x",
    "a tag for a time": "profile: !!timestamp x",
    "a tag for bytes": 'profile: !!binary "###"',
    "a tag for a program": '!!python/object/apply:os.system ["true"]',
    "a tag for a set": "!!set {a, b}",
    "5,000 digits": "profile: " + "9" * 5_000,
    "50,000 hexadecimal digits": "profile: 0x" + "f" * 50_000,
    "sixties": "profile: " + "1:" * 5_000 + "1",
    "a day that is none": "profile: 2020-13-45",
    "beyond all numbers": "profile: .inf",
    "an alias of itself": "a: &a [*a]",
    "aliases of aliases": _BOMB,
    "a merge of itself": "a: &x {<<: *x}",
    "half a letter": 'a: "\\ud800"',
    "a control character": b"a: \0",
    "UTF-16": "a: b".encode("utf-16"),
    "no text": bytes(range(128, 256)) * 30,
    "a tab": "a:\n\tb: c",
    "two documents": "---\na: b\n---\nc: d",
    "a list for a key": "? [a]\n: b",
    "nothing": "",
    "one line of ten megabytes": 'a: "' + "x" * 10_000_000 + '"',
}


def lint(*paths: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-P", "-m", "robot", "lint", *map(str, paths)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environ, capture_output=True, text=True, timeout=120, check=False)


def written(folder: Path, place: str) -> list[Path]:
    (folder / place).mkdir(parents=True)
    found = []
    for name, content in FILES.items():
        file = folder / place / f"{name.replace(' ', '-').replace(',', '')}.yaml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        found.append(file)
    return found


@pytest.mark.parametrize("place", ["flows", "selectors", "selectors/profiles"])
def test_each_is_refused_by_its_name(tmp_path: Path, place: str) -> None:
    files = written(tmp_path, place)
    ended = lint(*files)
    assert ended.returncode == BAD_INPUT, ended.stderr[-2000:]
    said = ended.stdout + ended.stderr
    assert "a bug of this program" not in said
    assert [file.name for file in files if file.name not in said] == []


@pytest.mark.matrix
@pytest.mark.parametrize("name", FILES)
def test_each_alone(tmp_path: Path, name: str) -> None:
    file = written(tmp_path, "flows")[list(FILES).index(name)]
    assert lint(file).returncode == BAD_INPUT


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nothing.yaml")
    for name in ("pipe.yaml", "pipe.csv", "loop.yaml", "gone.yaml"):
        ended = lint(tmp_path / name)
        assert ended.returncode == BAD_INPUT, (name, ended.stderr[-500:])
    assert lint(Path("/dev/zero")).returncode == BAD_INPUT
