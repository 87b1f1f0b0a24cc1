"""Ctrl-C in mid-run: it ends in order, nothing of it lives on, its evidence stands, and nothing more is pressed."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import Ended, Offboard, poll
from tests.rehearsal.dashboard import DEMO, Practice

INTERRUPTED = 130

#: "Within a few seconds", with room for a busy machine.
SOON_S = 20


def assert_ended_in_order(ended: Ended, offboard: Offboard) -> Path:
    """Exit code, processes, evidence and report; returns the folder of the evidence."""
    assert ended.code == INTERRUPTED, ended.err
    assert "Traceback" not in ended.err
    assert "offboard: ending in order; once more to end now" in ended.err
    offboard.assert_nothing_left()
    [bundle] = offboard.bundles()
    verified = offboard("evidence", "verify")
    assert verified.code == 0, verified.out
    assert "sealed" in verified.out
    assert "not sealed" not in verified.out
    assert (bundle / "report.html").stat().st_size > 10_000
    run = json.loads((bundle / "run.json").read_text(encoding="utf-8"))
    assert run["status"] == "cancelled"
    return bundle


def events_of(bundle: Path) -> list[dict[str, Any]]:
    lines = (bundle / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("by", "group"),
    [
        pytest.param(signal.SIGINT, False, marks=pytest.mark.matrix),
        (signal.SIGINT, True),
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.matrix),
        pytest.param(signal.SIGTERM, True, marks=pytest.mark.matrix),
    ],
    ids=[
        "Ctrl-C, the process",
        "Ctrl-C, its group, as a terminal does",
        "end, the process",
        "end, its group",
    ],
)
def test_before_the_first_press(
    offboard: Offboard, practice: Practice, by: signal.Signals, group: bool
) -> None:
    """Whoever ends a service ends its whole group: the browser's driver goes first, in mid-step."""
    going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    going.wait_for("open the menu of the number")
    going.interrupt(group=group, by=by)
    bundle = assert_ended_in_order(going.end(within_s=SOON_S), offboard)
    assert practice.mutations() == []
    assert not [event for event in events_of(bundle) if event["event"] == "Armed"]


def test_a_browser_that_goes_ends_the_run(offboard: Offboard, practice: Practice) -> None:
    """Its window was closed by hand, say: nobody told the run to stop, so it failed, and says so."""
    going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    going.wait_for("open the menu of the number")
    found = {pid for pid in offboard.living() if is_browser(pid)}
    # Debian starts it from a script.
    [browser] = found - {parent_of(pid) for pid in found}
    os.kill(browser, signal.SIGKILL)
    ended = going.end(within_s=SOON_S)
    offboard.assert_nothing_left()
    assert ended.code == 1, ended.err
    assert "the browser is gone: it was closed, or it crashed" in ended.err
    assert "a bug of this program" not in ended.err
    assert offboard("evidence", "verify").code == 0


def is_browser(pid: int) -> bool:
    """Whether a process is the one that started all others of the browser, or the script that started it."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"--remote-debugging-pipe" in words and b"--type=" not in words


def parent_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:")[2].split(maxsplit=1)[0])


@pytest.mark.matrix
def test_between_two_presses_and_then_again(offboard: Offboard, practice: Practice) -> None:
    numbers = [row["body"]["number"] for row in practice.entities("phone_number", DEMO)]
    going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    going.wait_for(f"pressed: phone_number:{numbers[0]}")
    going.interrupt(group=True)
    assert_ended_in_order(going.end(within_s=SOON_S), offboard)
    assert [mutation.object for mutation in practice.mutations()] == [f"phone_number:{numbers[0]}"]

    again = offboard.run("phone-numbers", "--input", f"location_id={DEMO}")
    assert again.code == 0, again.err
    assert [mutation.object for mutation in practice.mutations()] == [
        f"phone_number:{number}" for number in numbers
    ]


@pytest.mark.parametrize("group", [False, True], ids=["the process", "its group, as a terminal does"])
def test_during_sign_in(stranger: Offboard, practice: Practice, group: bool) -> None:
    going = stranger.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    going.wait_for("send email and password")
    going.interrupt(group=group)
    assert_ended_in_order(going.end(within_s=SOON_S), stranger)
    assert practice.mutations() == []


def test_the_demo_takes_its_dashboard_along(stranger: Offboard) -> None:
    going = stranger.start("demo")
    going.wait_for("open the dashboard")
    assert any("chrom" in name for name in stranger.living().values())
    assert len([name for name in stranger.living().values() if "python" in name]) == 2, (
        "the robot, and its dashboard"
    )
    going.interrupt(group=True)
    bundle = assert_ended_in_order(going.end(within_s=SOON_S), stranger)
    run = json.loads((bundle / "run.json").read_text(encoding="utf-8"))
    assert {task["status"] for task in run["tasks"]} == {"cancelled"}


def test_an_interrupted_run_tells_json(stranger: Offboard) -> None:
    going = stranger.start("demo", "--json", "--no-video")
    assert poll(lambda: bool(list(stranger.recordings.glob("*/pictures/*"))), within_s=60)
    going.interrupt()
    ended = going.end(within_s=SOON_S)
    assert ended.code == INTERRUPTED
    assert ended.json["status"] == "cancelled"
    assert Path(ended.json["report"]).is_file()
    stranger.assert_nothing_left()


def test_twice_ends_at_once(stranger: Offboard, practice: Practice) -> None:
    """Even while a page is awaited that never comes: the dashboard is up, and answers nothing."""
    dashboard = _stopped(practice)
    going = stranger.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    try:
        going.wait_for("open the dashboard")
        going.interrupt(group=True)
        going.wait_for("once more to end now")
        going.interrupt(group=True)
        ended = going.end(within_s=5)
    finally:
        os.kill(dashboard, signal.SIGCONT)
    assert ended.code == INTERRUPTED, ended.err
    assert "Traceback" not in ended.err, ended.err
    stranger.assert_nothing_left()
    assert practice.mutations() == []
    verified = stranger("evidence", "verify")
    assert verified.code == 0, verified.out


def _stopped(practice: Practice) -> int:
    """Stops the dashboard's process, so that it takes connections and answers none; returns its id."""
    port = int(practice.url.rpartition(":")[2])
    found = _listener_on(port)
    os.kill(found, signal.SIGSTOP)
    return found


def _listener_on(port: int) -> int:
    """The process that listens on a port of this machine, by Linux's own tables."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    [inode] = [row[9] for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "0A"]
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if entry.readlink().name == f"socket:[{inode}]":
                return int(entry.parts[2])
        except OSError:
            continue
    raise AssertionError(f"nobody listens on {port}")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_practice_dashboard_ends_with_its_command(stranger: Offboard, by: signal.Signals) -> None:
    going = stranger.start("practice", "--json")
    going.wait_for("oracle", on="out")
    assert len(stranger.living()) == 2, "the command, and the dashboard"
    going.interrupt(by=by)
    going.end(within_s=SOON_S)
    stranger.assert_nothing_left()
