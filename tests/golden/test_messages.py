"""Every kind of mistake in flows and selectors, beside its exact message.

`OFFBOARD_UPDATE_GOLDEN=1 python -m pytest tests/golden` writes the messages anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from robot.cli.lint import find_problems

HERE = Path(__file__).parent
EXPECTED = HERE / "messages.txt"


def render_all(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(HERE)
    found = find_problems(Path("flows"), Path("selectors"))
    # Files that do not parse hide what others only name wrongly: those are looked at without them, too.
    monkeypatch.setattr("robot.cli.lint._is_echo", lambda problem: problem.is_warning)
    found = list(dict.fromkeys([*found, *find_problems(Path("flows"), Path("selectors"))]))
    found.sort(key=lambda item: (item.where.path, item.where.start) if item.where else ("", None))
    return (
        "\n\n".join(item.render(lambda path: Path(path).read_text(encoding="utf-8")) for item in found) + "\n"
    )


def test_messages_are_as_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = render_all(monkeypatch)
    if os.environ.get("OFFBOARD_UPDATE_GOLDEN"):
        EXPECTED.write_text(said, encoding="utf-8")
    assert said == EXPECTED.read_text(encoding="utf-8")


def test_every_file_has_a_message_and_every_message_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    said = render_all(monkeypatch)
    for file in [*HERE.glob("flows/*.yaml"), *HERE.glob("selectors/[qr].yaml")]:
        assert f"{file.relative_to(HERE).as_posix()}:" in said
    for block in said.split("\n\n"):
        assert block.split(":")[0].endswith(".yaml"), block
