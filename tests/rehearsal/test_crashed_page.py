"""A page whose process dies, at the worst moments: the run goes on in another page, and presses nothing twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from robot.run.events import Acted, Armed, Event, Looked, Noted
from robot.run.model import Status
from tests.acceptance.command import poll
from tests.rehearsal.conftest import TIMEOUTS
from tests.rehearsal.dashboard import DEMO, Practice, RunFlow
from tests.rehearsal.invariants import broken
from tests.rehearsal.processes import browsers_below, renderers_below

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the processes in /proc")


class Killer:
    """Kills the processes that draw the pages, at the first event of a kind."""

    def __init__(self, is_due: Callable[[Event], bool]) -> None:
        self._is_due = is_due
        self.has_killed = False
        self.remarks: list[str] = []

    def notice(self, event: Event) -> None:
        if isinstance(event, Noted) and event.kind == "remark":
            self.remarks.append(event.text)
        if not self.has_killed and self._is_due(event):
            self.has_killed = True
            for process in renderers_below():
                os.kill(process, signal.SIGKILL)


MOMENTS: dict[str, Callable[[Event], bool]] = {
    "while it looks": lambda event: isinstance(event, Looked) and event.purpose == "read",
    "after a press": lambda event: isinstance(event, Acted),
}


@pytest.mark.parametrize(
    "moment",
    [pytest.param(moment, marks=pytest.mark.matrix) for moment in ("while it looks", "after a press")],
)
def test_a_page_that_crashes_is_replaced(practice: Practice, run_flow: RunFlow, moment: str) -> None:
    numbers = [row["body"]["number"] for row in practice.entities("phone_number", DEMO)]

    def is_due(event: Event) -> bool:
        # A press is one that has come to the dashboard.
        return MOMENTS[moment](event) and (
            not isinstance(event, Acted) or poll(lambda: practice.mutations() != [], within_s=20)
        )

    killer = Killer(is_due)
    result = run_flow("phone-numbers", location_id=DEMO, listener=killer)
    assert killer.has_killed
    assert result.status is Status.PASSED, (result.problems, killer.remarks)
    assert any("the page has crashed" in text for text in killer.remarks)
    assert sorted(row.object for row in practice.mutations()) == sorted(
        f"phone_number:{number}" for number in numbers
    )
    assert broken("phone-numbers", result, practice, DEMO) == []
    assert not browsers_below()


@pytest.mark.matrix
def test_a_press_that_may_have_been_lost_in_the_crash_is_not_made_again(
    practice: Practice, run_flow: RunFlow
) -> None:
    killer = Killer(lambda event: isinstance(event, Armed))
    timeouts = replace(TIMEOUTS, in_doubt=0)
    result = run_flow("phone-numbers", location_id=DEMO, listener=killer, timeouts=timeouts)
    assert result.status is Status.BLOCKED, (result.problems, killer.remarks)
    assert "its outcome has not been seen yet" in result.reason
    assert "run again after" in result.problems[0].next
    [lost] = [act.object for act in result.acts if act.status is Status.UNKNOWN]
    assert lost not in [row.object for row in practice.mutations()]


@pytest.mark.matrix
def test_one_that_has_come_to_nothing_is_made_once_that_is_certain(
    practice: Practice, run_flow: RunFlow
) -> None:
    killer = Killer(lambda event: isinstance(event, Armed))
    result = run_flow("phone-numbers", location_id=DEMO, listener=killer)
    assert result.status is Status.PASSED, (result.problems, killer.remarks)
    assert any("starting over at" in text for text in killer.remarks)
    objects = [row.object for row in practice.mutations()]
    assert sorted(objects) == sorted({act.object for act in result.acts})
    assert practice.entities("phone_number", DEMO) == []
