"""Killed at any moment and run again, a case ends as it would have: nothing is pressed twice, and nothing is lost.

One task each time; whole cases with hundreds of kills by `./offboard test tests/rehearsal/test_kills.py --matrix`,
and how many kills there were with `--junitxml=FILE`.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from robot.executor.browser_finder import BrowserChoice
from tests.acceptance.command import Offboard, poll
from tests.acceptance.conftest import command_in
from tests.rehearsal.dashboard import DEMO, Practice
from tests.rehearsal.victim import LONGEST_S, Victim, Worked, assert_once, planned

#: For how long these presses may still take effect, in s: what a flow says nothing of.
DOUBT_S = 30
#: Takes the name of a figure and the figure; see pytest's `record_property`.
Note = Callable[[str, object], None]


@pytest.fixture
def offboard(practice: Practice, browser_choice: BrowserChoice, tmp_path: Path) -> Iterator[Offboard]:
    command = command_in(tmp_path, practice.url)
    yield command
    command.end_all()


@pytest.mark.parametrize(
    ("flow", "kind", "company"),
    [
        ("phone-numbers", "phone_number", "Coastal Pools"),
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
@pytest.mark.parametrize("flow", ["phone-numbers", "calendars"])
def test_a_press_that_was_cut_off_is_settled_by_the_next_run_once_it_can_take_no_effect_any_more(
    practice: Practice, offboard: Offboard, flow: str
) -> None:
    words = ("run", flow, f"location_id={DEMO}")
    process = Victim(practice, offboard, *words).start(kill=("armed",))
    process.communicate(timeout=LONGEST_S)
    killed_at = monotonic()
    assert process.returncode == -signal.SIGKILL
    cut_off = (offboard.folder / "places.txt").read_text(encoding="utf-8").split()[1]
    assert cut_off not in [row.object for row in practice.mutations()]
    next_one = Victim(practice, offboard, *words).start()
    out, err = next_one.communicate(timeout=LONGEST_S)
    told = json.loads(out)
    assert told["status"] == "passed", (told["reason"], err)
    # The clocks are not the same: half a second is theirs.
    assert monotonic() - killed_at > DOUBT_S - 0.5
    assert cut_off in [row.object for row in practice.mutations()]
    assert_once(practice)


@pytest.mark.matrix
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks in /proc whether a process is stopped")
def test_one_that_is_frozen_at_its_press_presses_nothing_when_it_wakes(
    practice: Practice, offboard: Offboard
) -> None:
    words = ("run", "phone-numbers", f"location_id={DEMO}")
    numbers = practice.entities("phone_number", DEMO)
    frozen = Victim(practice, offboard, *words).start(freeze=("armed",))
    try:
        assert poll(lambda: is_frozen(frozen.pid), within_s=60)
        # Long enough ahead for the frozen one to be taken for dead, and for its press to be in doubt no more.
        other = Victim(practice, offboard, *words).start(ahead_s=120)
        out, err = other.communicate(timeout=LONGEST_S)
        assert json.loads(out)["status"] == "passed", err
        assert practice.entities("phone_number", DEMO) == []
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
    out, err = frozen.communicate(timeout=LONGEST_S)
    assert "went by between writing down and pressing" in json.loads(out)["reason"]
    assert len(practice.mutations()) == len(numbers)
    assert_once(practice)


def is_frozen(pid: int) -> bool:
    """Whether a process is stopped by a signal."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"


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
