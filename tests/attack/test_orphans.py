"""A container without an init: the robot is its first process, and takes in what a browser leaves behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from robot.executor.browser_finder import BrowserChoice

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("unshare"), reason="needs namespaces"
)
def test_no_dead_browser_is_left(browser_choice: BrowserChoice) -> None:
    if browser_choice.kind != "path":
        pytest.skip("needs the path of a browser")
    words = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-m", "tests.attack.first_process"]
    ended = subprocess.run(
        [*words, browser_choice.value],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "unshare" in ended.stderr:
        pytest.skip(ended.stderr.strip())
    assert ended.returncode == 0, ended.stderr
    before, after = map(int, ended.stdout.split())
    assert before > 0
    assert after == 0
