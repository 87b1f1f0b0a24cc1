"""Killed at any moment and run again, a case ends as it would have: nothing is pressed twice, and nothing is lost.

One task each time; whole cases with hundreds of kills by `./offboard test tests/rehearsal/test_kills.py --matrix`,
and how many kills there were with `--junitxml=FILE`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from robot.executor.browser_finder import BrowserChoice
from tests.acceptance.command import Offboard
from tests.acceptance.conftest import command_in
from tests.rehearsal.dashboard import DEMO, Practice

#: Ledger's and dashboard's clocks go on by this much after each kill: longer than anything is in doubt.
AHEAD_S = 1200
#: One run takes a tenth of it.
LONGEST_S = 400


#: Takes the name of a figure and the figure; see pytest's `record_property`.
Note = Callable[[str, object], None]


@dataclass
class Worked:
    """What became of something that was killed again and again."""

    #: How often, by the moment at which it was.
    kills: Counter[str] = field(default_factory=Counter)
    #: What the run said that was not killed.
    told: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def offboard(practice: Practice, browser_choice: BrowserChoice, tmp_path: Path) -> Iterator[Offboard]:
    command = command_in(tmp_path, practice.url)
    yield command
    command.end_all()


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

    def _run(self, kill: tuple[str, ...], time_s: float | None, *, ahead_s: int) -> str | None:
        """What it said; None when it was killed."""
        plan = self._offboard.folder / "kill.json"
        plan.write_text(json.dumps({"do": self._words, "kill": kill, "ahead_s": ahead_s}))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.rehearsal.kill_child", self._offboard.dashboard, str(plan)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._offboard.folder,
            env=self._offboard.environ,
            start_new_session=True,
        )
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


@pytest.mark.parametrize(
    ("flow", "kind", "company"),
    [
        ("phone-numbers", "phone_number", "Fresh Home Services"),
        pytest.param("email-domain", "email_domain", "", marks=pytest.mark.matrix),
    ],
)
def test_a_task_that_is_killed_at_each_press_is_done_once(
    practice: Practice, offboard: Offboard, flow: str, kind: str, company: str
) -> None:
    location = practice.location(company) if company else DEMO
    objects = len(practice.entities(kind, location))
    worked = Victim(practice, offboard, "run", flow, f"location_id={location}").work(kill=("armed", "acted"))
    assert worked.kills == {"armed": objects, "acted": objects}
    assert worked.told["status"] in ("passed", "noop"), worked.told["reason"]
    assert practice.entities(kind, location) == []
    assert_once(practice)


@pytest.mark.matrix
@pytest.mark.parametrize("moments", [("armed", "acted"), ("step",)], ids=["each-press", "each-step"])
def test_a_case_that_is_killed_everywhere_is_done_once(
    practice: Practice, offboard: Offboard, record_property: Note, moments: tuple[str, ...]
) -> None:
    case = planned(offboard)
    worked = Victim(practice, offboard, "apply", case).work(kill=moments)
    assert_done(practice, offboard, case, worked, record_property)


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(1, 7))
def test_a_case_that_is_killed_at_any_time_is_done_once(
    practice: Practice, offboard: Offboard, record_property: Note, seed: int
) -> None:
    case = planned(offboard)
    draw = random.Random(seed)  # noqa: S311 - drawn kills, not secrets
    times_s = tuple(round(draw.uniform(2.0, 45.0), 2) for _ in range(25))
    worked = Victim(practice, offboard, "apply", case).work(times_s=times_s)
    assert_done(practice, offboard, case, worked, record_property)


def planned(offboard: Offboard) -> str:
    """A case that is planned and approved."""
    ended = offboard("plan", DEMO, "--dashboard", offboard.dashboard, "--no-video", "--json")
    assert ended.code == 0, ended.err
    case = str(ended.json["case"])
    assert offboard("approve", case, "--yes", "--hours", "336", "--dashboard", offboard.dashboard).code == 0
    return case


def assert_done(practice: Practice, offboard: Offboard, case: str, worked: Worked, note: Note) -> None:
    note("kills", dict(worked.kills))
    assert worked.kills

    # 1. Nothing twice, nothing that is not planned.
    shown = offboard("case", "show", case, "--dashboard", offboard.dashboard, "--json").json
    wanted = {
        one["object"] for task in shown["plan"]["tasks"] for one in task["objects"] if one["state"] == "todo"
    }
    assert_once(practice, wanted)
    assert {one["object"].split("#")[0] for one in shown["intents"]} <= wanted

    # 2. Nothing is lost: all is done, but for what only a person can tell.
    left = {task["flow"]: task for task in worked.told["tasks"] if task["status"] not in ("passed", "noop")}
    assert set(left) <= {"brand-campaign"}, left
    for task in left.values():
        assert task["status"] == "unknown", task
        assert "and does not stand in this conversation" in task["reason"]
    for kind in ("email_domain", "domain", "phone_number"):
        assert practice.entities(kind, DEMO) == []
    assert shown["case"]["state"] == ("needs a person" if left else "waiting")

    # 3. What was cut off is told as that, and its evidence can be checked.
    statuses = Counter(run["status"] for run in shown["runs"])
    assert statuses["interrupted"] == sum(worked.kills.values()) - unheard(offboard, shown["runs"])
    for bundle in offboard.bundles()[-3:]:
        verified = offboard("evidence", "verify", bundle.name, "--json")
        assert verified.json["intact"], verified.out


def unheard(offboard: Offboard, runs: list[dict[str, Any]]) -> int:
    """How many runs were killed before they had begun, so that the ledger does not know them."""
    known = {run["id"] for run in runs}
    return len([bundle for bundle in offboard.bundles() if bundle.name not in known])
