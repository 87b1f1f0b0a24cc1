"""The real `offboard` command as a child process, and what it leaves on the machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

#: Nothing here takes this long, even on two busy cores: the whole demo takes a tenth of it on quiet ones.
LONGEST_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        """The one JSON object on standard output."""
        line = self.out.removesuffix("\n")
        assert "\n" not in line, self.out
        return json.loads(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem as people read it on standard error: its first line, and its labelled lines."""

    headline: str
    done: str
    next: str


class Going:
    """A command that goes on; its output is read as it comes."""

    def __init__(
        self,
        words: tuple[str, ...],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        through: tuple[str, ...] = (),
    ) -> None:
        self._started_at = time.monotonic()
        self._lines: dict[str, list[str]] = {"out": [], "err": []}
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            [*through, sys.executable, "-m", "robot", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            env=dict(environ),
            # A group of its own, as a terminal gives to what it starts.
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream))
            for name, stream in (("out", self._process.stdout), ("err", self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self, name: str, stream: Any) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self._lines[name].append(line)
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def text(self, name: str = "err") -> str:
        """What has been said so far on `out` or `err`."""
        with self._changed:
            return "".join(self._lines[name])

    def wait_for(self, words: str, *, on: str = "err") -> str:
        """Waits until a line with `words` is said, and returns it. Fails when the command ends without it."""
        deadline = time.monotonic() + LONGEST_S
        with self._changed:
            while True:
                for line in self._lines[on]:
                    if words in line:
                        return line
                is_over = not any(reader.is_alive() for reader in self._readers)
                assert not is_over, f"ended without saying '{words}':\n{''.join(self._lines['err'])}"
                assert time.monotonic() < deadline, f"never said '{words}':\n{''.join(self._lines['err'])}"
                self._changed.wait(0.5)

    def interrupt(self, *, group: bool = False, by: signal.Signals = signal.SIGINT) -> None:
        """Ctrl-C: to the process alone, or to its group as a terminal does. by: or another signal."""
        if group:
            os.killpg(self.pid, by)
        else:
            os.kill(self.pid, by)

    def end(self, *, within_s: float = LONGEST_S) -> Ended:
        """Waits for its end. Fails, and kills it, when it does not end in time."""
        try:
            code = self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"did not end within {within_s} s:\n{self.text()}") from None
        seconds = time.monotonic() - self._started_at
        for reader in self._readers:
            reader.join()
        return Ended(code=code, out=self.text("out"), err=self.text("err"), seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offboard:
    """The command, standing in `folder` with data and recordings of its own."""

    folder: Path
    dashboard: str
    environ: dict[str, str] = field(default_factory=dict)
    #: Words that it is begun with, such as those that enter another network.
    through: tuple[str, ...] = ()

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *words: str, **environ: str) -> Going:
        """Starts it. environ: settings besides those of this object; an empty one is as if not given."""
        return Going(words, cwd=self.folder, environ={**self.environ, **environ}, through=self.through)

    def __call__(self, *words: str, **environ: str) -> Ended:
        """Runs it to its end, and makes sure that nothing of it lives on."""
        ended = self.start(*words, **environ).end()
        self.assert_nothing_left()
        return ended

    def run(self, flow: str, *words: str, json: bool = False, **environ: str) -> Ended:
        """`offboard run` on the practice dashboard, without video."""
        more = ("--json",) if json else ()
        return self("run", flow, "--dashboard", self.dashboard, "--no-video", *more, *words, **environ)

    def start_run(self, flow: str, *words: str, **environ: str) -> Going:
        """The same, going on."""
        return self.start("run", flow, "--dashboard", self.dashboard, "--no-video", *words, **environ)

    def living(self) -> dict[int, str]:
        """Processes that this command started and that live still: names by process id.

        Told by a setting that every process inherits: browsers leave the group and the session of their starter.
        """
        mark = f"OFFBOARD_DATA={self.data}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "comm").read_text().strip()
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
        return found

    def assert_nothing_left(self, *, within_s: float = 10) -> None:
        """Fails when anything it started is still there."""
        assert poll(lambda: not self.living(), within_s=within_s), f"still alive: {self.living()}"

    def end_all(self) -> None:
        """Kills whatever a test that failed has left behind."""
        for pid in self.living():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def bundles(self) -> list[Path]:
        """Folders of evidence, oldest first."""
        return sorted(path for path in self.recordings.glob("*") if path.is_dir())


def poll(holds: Callable[[], bool], *, within_s: float) -> bool:
    """Asks until it holds or the time is over; returns whether it held."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True


def read_problem(text: str) -> Problem:
    """The last block of standard error."""
    lines = text.rstrip().splitlines()
    start = max(index for index, line in enumerate(lines) if line and not line.startswith(" "))
    rows: dict[str, str] = {}
    for line in lines[start + 1 :]:
        label, sign, rest = line.strip().partition(":")
        if sign and label.isalpha():
            rows[label] = rest.strip()
    return Problem(headline=lines[start], done=rows.get("done", ""), next=rows.get("next", ""))
