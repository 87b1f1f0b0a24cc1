"""Carries a case or a flow out in a process of its own, which kills itself at a moment that it is told.

    python -m tests.rehearsal.kill_child DASHBOARD PLAN.json

The plan: `do` (words: `apply CASE` or `run FLOW name=value ...`), `kill`, `fill` and `freeze` (see `Trouble`),
`ahead_s` (the ledger's clock is set ahead, so that what is in doubt after a kill need not be waited out, or back).
Settings come from the environment, as the command's do.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from robot.cli.case import apply
from robot.cli.run import as_json, carry_out, make_request, parse_words
from robot.outfit import RunOptions, Watch, fit_out, open_office, read_rules
from robot.run.events import Acted, Armed, Event, StepFinished
from robot.settings import read_settings

ROOT = Path(__file__).parents[2]


class Trouble:
    """A listener that kills its process, without a word, freezes it, or fills the disk, where no run did before.

    Moments: `armed` (the intent is committed, and nothing pressed), `acted` (pressed, and not looked yet), `step`
    (a step has ended). Places are kept in a file: a line each, written before anything is done.
    """

    def __init__(
        self, *, kill: list[str], fill: list[str], freeze: list[str], data: Path, places: Path
    ) -> None:
        """data: lies on the disk that is filled."""
        self._at = [*kill, *fill, *freeze]
        self._signal = signal.SIGSTOP if freeze else signal.SIGKILL
        self._full = data / "full" if fill else None
        self._places = places
        self._known = set(places.read_text(encoding="utf-8").splitlines()) if places.exists() else set()

    def notice(self, event: Event) -> None:
        match event:
            case Armed() if "armed" in self._at:
                self._make(f"armed {event.intent.object}")
            case Acted() if "acted" in self._at and event.pressed:
                self._make(f"acted {event.intent.object}")
            case StepFinished() if "step" in self._at:
                self._make(f"step {event.result.step.where} {event.result.step.name}")

    def _make(self, place: str) -> None:
        if place in self._known:
            return
        with self._places.open("a", encoding="utf-8") as file:
            file.write(f"{place}\n")
            file.flush()
            os.fsync(file.fileno())
        if self._full is None:
            os.kill(os.getpid(), self._signal)
        elif not self._full.exists():
            fill(self._full)


def fill(file: Path) -> None:
    """Writes until the disk takes no more."""
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while opened.write(b"\0" * 4096):
            continue


def main(dashboard: str, plan_file: str) -> int:
    """Returns the command's exit code."""
    plan: dict[str, Any] = json.loads(Path(plan_file).read_text(encoding="utf-8"))
    ahead = timedelta(seconds=plan["ahead_s"])

    @contextmanager
    def watch() -> Iterator[Watch]:
        places = Path(plan_file).with_name("places.txt")
        moments = {name: plan[name] for name in ("kill", "fill", "freeze")}
        trouble = Trouble(**moments, data=settings.data, places=places)
        yield Watch(listeners=(trouble,))

    settings = read_settings(os.environ, root=ROOT)
    rules = read_rules(settings)
    outfit = fit_out(
        rules,
        settings=settings,
        options=RunOptions(dashboard=dashboard, video=False),
        environ=os.environ,
        watch=watch,
        now=lambda: datetime.now(UTC) + ahead,
    )
    verb, name, *words = plan["do"]
    if verb == "apply":
        with open_office(outfit) as office:
            return apply(office, name, is_verified=False, is_json=True)
    finished = carry_out(outfit, make_request(rules.library, name, parse_words(tuple(words))))
    sys.stdout.write(json.dumps(as_json(finished)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
