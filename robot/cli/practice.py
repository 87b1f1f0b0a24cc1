"""`offboard practice`: starts the practice dashboard, a program of its own, and waits for its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from robot.errors import ApplicationError, Problem

#: What ends it when it does not end by itself, in s.
_END_S = 10


def practice(words: tuple[str, ...]) -> int:
    """Passes the words on; returns its exit code."""
    process = subprocess.Popen(_command(*words))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The child has had the same Ctrl-C and is ending.
            continue


def _command(*words: str) -> list[str]:
    """What starts it, so that it ends with us, whatever ends us."""
    return [sys.executable, "-m", "robot.practice", "--with-parent", str(os.getpid()), *words]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAddress:
    """Where a practice dashboard listens."""

    dashboard: str
    oracle: str


@contextmanager
def running_practice(*words: str) -> Iterator[PracticeAddress]:
    """A practice dashboard on free ports while the block runs. Raises ApplicationError when it does not start."""
    process = subprocess.Popen(
        _command("--json", *words), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        try:
            said = json.loads(line)
            address = PracticeAddress(dashboard=said["dashboard"], oracle=said["oracle"])
        except (ValueError, KeyError):
            raise ApplicationError(
                Problem(
                    what="the practice dashboard did not start",
                    details=(("said", line.strip() or "nothing"),),
                    next="start it by hand to see why: offboard practice",
                )
            ) from None
        yield address
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
