"""An operator watches: the browser is seen on the screen while it works, and does what it does unseen."""

from __future__ import annotations

import json
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from robot.executor.browser_finder import SHELLS, BrowserChoice
from tests.acceptance.command import Offboard, poll, read_problem
from tests.rehearsal.dashboard import DEMO, Practice

#: Fields of the head of a screen's file, four bytes each: its size, bytes of a line, colours in its table.
HEAD_SIZE, LINE_BYTES, TABLE_COLOURS, HEIGHT = 0, 12, 19, 5


@dataclass(frozen=True)
class Screen:
    """A screen of its own, kept in a file in the X Window Dump format."""

    display: str
    file: Path

    def colours(self) -> int:
        """How many are to be seen."""
        octets = self.file.read_bytes()
        head = struct.unpack(">25I", octets[:100])
        begin = head[HEAD_SIZE] + head[TABLE_COLOURS] * 12
        pixels = octets[begin : begin + head[LINE_BYTES] * head[HEIGHT]]
        return len({pixels[place : place + 4] for place in range(0, len(pixels), 4)})


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    read_end, write_end = os.pipe()
    words = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1600x1000x24", "-br", "-nolisten", "tcp"]
    with (
        (tmp_path / "xvfb.log").open("wb") as log,
        subprocess.Popen([*words, "-fbdir", str(tmp_path)], pass_fds=(write_end,), stderr=log) as server,
    ):
        os.close(write_end)
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        assert number, (tmp_path / "xvfb.log").read_text()
        yield Screen(display=f":{number}", file=tmp_path / "Xvfb_screen0")
        with suppress(ProcessLookupError):
            server.terminate()


def test_a_run_is_seen_while_it_works(offboard: Offboard, practice: Practice, screen: Screen) -> None:
    assert screen.colours() == 1
    going = offboard.start_run(
        "saas-mode", "--input", f"location_id={DEMO}", "--headed", DISPLAY=screen.display
    )
    going.wait_for("open")
    assert poll(lambda: screen.colours() > 200, within_s=60)
    ended = going.end()
    assert ended.code == 0, ended.err
    assert practice.mutations() != []
    offboard.assert_nothing_left()
    assert poll(lambda: screen.colours() == 1, within_s=10)
    [bundle] = offboard.bundles()
    assert json.loads((bundle / "run.json").read_text(encoding="utf-8"))["status"] == "passed"


def test_a_browser_without_windows_is_not_taken_for_it(
    offboard: Offboard, practice: Practice, browser_choice: BrowserChoice
) -> None:
    if Path(browser_choice.value).name not in SHELLS:
        pytest.skip("there is no browser without windows on this machine")
    ended = offboard.run(
        "saas-mode", "--input", f"location_id={DEMO}", "--headed", OFFBOARD_BROWSER=browser_choice.value
    )
    assert ended.code == 2, ended.err
    assert "it has no windows to be seen" in ended.err
    assert read_problem(ended.err).done == "no other browser was tried, nothing was started"
    assert practice.mutations() == []
