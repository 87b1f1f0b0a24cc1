"""Work that is killed again and again, and started again until it comes to its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.command import Offboard
from tests.rehearsal.dashboard import DEMO, Practice

#: Ledger's and dashboard's clocks go on by this much after each kill: longer than anything is in doubt.
AHEAD_S = 1200
#: One run takes a tenth of it.
LONGEST_S = 400


@dataclass
class Worked:
    """What became of something that was killed again and again."""

    #: How often, by the moment at which it was.
    kills: Counter[str] = field(default_factory=Counter)
    #: What the run said that was not killed.
    told: dict[str, Any] = field(default_factory=dict)


class Victim:
    """Starts the same work again and again."""

    def __init__(self, practice: Practice, offboard: Offboard, *words: str) -> None:
        self._practice = practice
        self._offboard = offboard
        self._words = words
        self.worked = Worked()

    def work(self, *, kill: tuple[str, ...] = (), times_s: tuple[float, ...] = ()) -> Worked:
        """kill: kinds of moments: it is killed at each of their places, once. times_s: or after so long each."""
        waits: list[float | None] = [*times_s, *([None] if times_s else [None] * 1000)]
        for number, time_s in enumerate(waits):
            out = self._run(kill, time_s, ahead_s=number * AHEAD_S)
            self._offboard.assert_nothing_left(within_s=30)
            if out is not None and (time_s is None or not times_s):
                self.worked.told = json.loads(out)
                return self.worked
            self._practice.tell("/advance", {"seconds": AHEAD_S})
        raise AssertionError(f"never came to its end: {self.worked.kills}")

    def start(
        self,
        *,
        kill: tuple[str, ...] = (),
        fill: tuple[str, ...] = (),
        freeze: tuple[str, ...] = (),
        ahead_s: int = 0,
    ) -> subprocess.Popen[str]:
        """Starts the work once. fill: moments at which the disk under the data folder is filled, once."""
        plan = self._offboard.folder / "kill.json"
        told = {"do": self._words, "kill": kill, "fill": fill, "freeze": freeze, "ahead_s": ahead_s}
        plan.write_text(json.dumps(told))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.rehearsal.kill_child", self._offboard.dashboard, str(plan)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._offboard.folder,
            env=self._offboard.environ,
            start_new_session=True,
        )

    def _run(self, kill: tuple[str, ...], time_s: float | None, *, ahead_s: int) -> str | None:
        """What it said; None when it was killed."""
        process = self.start(kill=kill, ahead_s=ahead_s)
        try:
            out, err = process.communicate(timeout=time_s or LONGEST_S)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            assert time_s is not None, f"did not end within {LONGEST_S} s"
            self.worked.kills["time"] += 1
            return None
        if process.returncode == -signal.SIGKILL:
            places = self._offboard.folder / "places.txt"
            self.worked.kills[places.read_text(encoding="utf-8").splitlines()[-1].split()[0]] += 1
            return None
        assert out, err
        return out


def assert_once(practice: Practice, planned: set[str] | None = None) -> None:
    """Nothing was done twice; nothing, where it is said what is planned, but that."""
    done = Counter(
        (one.action, one.object) for one in practice.mutations() if not one.object.startswith("support")
    )
    assert [what for what, times in done.items() if times > 1] == []
    requests = [one for one in practice.mutations() if one.object.startswith("support_request")]
    assert len(requests) <= 1
    if planned is not None:
        # Products of a domain go with it, where the dashboard asks for that.
        others = {name for _, name in done if name.split(":")[0] != "domain_product"} - planned
        assert not others


def planned(offboard: Offboard, customer: str = DEMO) -> str:
    """A case that is planned and approved."""
    ended = offboard("plan", customer, "--dashboard", offboard.dashboard, "--no-video", "--json")
    assert ended.code == 0, ended.err
    case = str(ended.json["case"])
    assert offboard("approve", case, "--yes", "--hours", "336", "--dashboard", offboard.dashboard).code == 0
    return case
