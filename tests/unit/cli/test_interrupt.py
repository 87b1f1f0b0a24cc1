"""What an interrupt does to the process: the first is a flag, the second an exception that ends it in silence."""

from __future__ import annotations

import subprocess
import sys

import pytest

TOLD = """
import logging, signal
from robot.cli.interrupt import Interrupt

with Interrupt() as interrupt:
    for _ in range({times}):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            print("ended")
    print(interrupt.is_told())
    # What the browser's driver answers to a call that was torn apart is told here (playwright/_impl/connection.py).
    logging.getLogger("playwright").error("a call torn apart")
"""


@pytest.mark.parametrize(
    ("times", "out", "is_hushed"), [(0, "False\n", False), (1, "True\n", False), (2, "ended\nTrue\n", True)]
)
def test_an_interrupt(times: int, out: str, is_hushed: bool) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TOLD.format(times=times)], capture_output=True, text=True, check=True
    )
    assert ended.stdout == out
    assert ("a call torn apart" not in ended.stderr) == is_hushed
    assert ("once more to end now" in ended.stderr) == (times > 0)
