"""What goes wrong around a run: another run of the customer, a dashboard that dies, a full disk, a clock set back.

Nothing is done twice, and run again it comes to its end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from robot.executor.browser_finder import BrowserChoice
from tests.acceptance.command import Offboard, poll
from tests.acceptance.conftest import command_in
from tests.rehearsal.conftest import ROOT
from tests.rehearsal.dashboard import Practice
from tests.rehearsal.victim import AHEAD_S, LONGEST_S, Victim, assert_once, planned

#: Two numbers, and little else.
CUSTOMER = "Fresh Home Services"
#: With an email domain besides.
FULLER = "Riverstone Dental"
TAG = "wootrecruit-knowledgebase"


@pytest.fixture
def offboard(practice: Practice, browser_choice: BrowserChoice, tmp_path: Path) -> Iterator[Offboard]:
    command = command_in(tmp_path, practice.url)
    yield command
    command.end_all()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LONGEST_S)
    return process.returncode, out, err


def test_of_two_runs_that_start_at_once_one_works_and_the_other_says_so(
    practice: Practice, offboard: Offboard
) -> None:
    location = practice.location(CUSTOMER)
    started = [
        offboard.start_run("phone-numbers", "--input", f"location_id={location}", "--json") for _ in range(3)
    ]
    results = [going.end() for going in started]
    assert sorted(result.code for result in results) == [0, 1, 1]
    for result in results:
        if result.code:
            assert "is at work in another run" in result.out
            assert "nothing was started" in result.out
    assert practice.entities("phone_number", location) == []
    assert_once(practice)


@contextmanager
def own_dashboard(folder: Path, port: int) -> Iterator[tuple[Practice, subprocess.Popen[str]]]:
    """A dashboard that keeps what it knows in a file, and so may die and come back."""
    words = ["--pace", "fast", "--json", "--port", str(port), "--data", str(folder / "practice.db")]
    process = subprocess.Popen(
        [sys.executable, "-m", "robot.practice", "--with-parent", str(os.getpid()), *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield Practice(url=said["dashboard"], oracle=said["oracle"]), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def port_of(practice: Practice) -> int:
    return int(practice.url.rsplit(":", 1)[1])


@pytest.mark.matrix
@pytest.mark.parametrize("after", [3, 9, 16])
def test_a_dashboard_that_dies_and_comes_back_is_worked_to_its_end(
    browser_choice: BrowserChoice, tmp_path: Path, after: int
) -> None:
    """after: how many presses are made before it dies."""
    with own_dashboard(tmp_path, 0) as (practice, process):
        offboard = command_in(tmp_path, practice.url)
        case = planned(offboard, CUSTOMER)
        going = offboard.start(
            "apply", case, "--dashboard", practice.url, "--no-video", "--no-verify", "--json"
        )
        poll(lambda: len(practice.mutations()) >= after, within_s=LONGEST_S)
        process.kill()
        process.wait()
        first = going.end()
    assert first.code in (1, 3), first.err
    with own_dashboard(tmp_path, port_of(practice)) as (practice, _):
        before = practice.mutations()
        assert len(before) >= after
        told = Victim(practice, offboard, "apply", case).work(times_s=()).told
        left = [task for task in told["tasks"] if task["status"] not in ("passed", "noop", "unknown")]
        # What was pressed when it died is in doubt for a while, and is settled by looking later.
        for task in left:
            assert "its outcome has not been seen yet" in task["reason"], task
        if left:
            practice.tell("/advance", {"seconds": AHEAD_S})
            code, out, err = ended(Victim(practice, offboard, "apply", case).start(ahead_s=AHEAD_S))
            assert code in (0, 3), err
            told = json.loads(out)
        statuses = {task["flow"]: task["status"] for task in told["tasks"]}
        assert {name for name, status in statuses.items() if status not in ("passed", "noop")} <= {
            "brand-campaign"
        }
        assert_once(practice)
        assert len(practice.mutations()) > len(before)
    offboard.end_all()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The command's data folder on a disk of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.matrix
@pytest.mark.parametrize("moment", ["armed", "acted"])
def test_with_a_full_disk_nothing_more_is_pressed_and_later_all_is_done_once(
    practice: Practice, small_disk: Path, offboard: Offboard, moment: str
) -> None:
    location = practice.location(CUSTOMER)
    victim = Victim(practice, offboard, "run", "phone-numbers", f"location_id={location}")
    code, out, err = ended(victim.start(fill=(moment,)))
    assert code == 0, err
    [task] = [task for task in json.loads(out)["tasks"] if task["flow"] == "phone-numbers"]
    assert task["status"] == "blocked", task
    assert "could not be written to" in task["reason"]
    assert len(practice.mutations()) == 1

    (small_disk / "full").unlink()
    practice.tell("/advance", {"seconds": AHEAD_S})
    code, out, err = ended(victim.start(ahead_s=AHEAD_S))
    assert json.loads(out)["status"] in ("passed", "noop"), out
    assert practice.entities("phone_number", location) == []
    assert_once(practice)


@pytest.mark.matrix
def test_with_the_clock_set_back_nothing_is_pressed_until_it_is_right_again(
    practice: Practice, offboard: Offboard
) -> None:
    case = planned(offboard, CUSTOMER)
    victim = Victim(practice, offboard, "apply", case)
    process = victim.start(kill=("acted",))
    assert ended(process)[0] == -signal.SIGKILL
    before = practice.mutations()
    assert before

    _, _, err = ended(victim.start(ahead_s=-24 * 3600))
    assert "clock is behind the approval" in err
    assert practice.mutations() == before

    practice.tell("/advance", {"seconds": AHEAD_S})
    code, out, err = ended(victim.start(ahead_s=AHEAD_S))
    assert code in (0, 3), err
    left = {task["flow"] for task in json.loads(out)["tasks"] if task["status"] not in ("passed", "noop")}
    assert left <= {"brand-campaign"}, out
    assert_once(practice)


@pytest.mark.matrix
def test_what_is_taken_away_or_renamed_between_plan_and_apply_is_told(
    practice: Practice, offboard: Offboard
) -> None:
    location = practice.location(FULLER)
    case = planned(offboard, FULLER)
    # 1. Somebody else deletes a number, and gives a calendar another name and a domain another address.
    first, *_ = practice.entities("phone_number", location)
    practice.tell(
        "/entity", {"action": "delete", **{key: first[key] for key in ("kind", "id", "location_id")}}
    )
    [domain, *_] = practice.entities("email_domain", location)
    practice.put(domain, domain="renamed.dental.example")
    calendar, *_ = practice.entities("calendar", location)
    practice.put(calendar, name="Renamed")

    result = offboard("apply", case, "--dashboard", practice.url, "--no-video", "--json")
    told = {task["flow"]: task for task in result.json["tasks"]}
    # 2. The renamed domain is another object, which nobody has planned; the calendar is told by its id.
    assert told["email-domain"]["status"] == "blocked"
    assert "email_domain:renamed.dental.example is not in the approved plan" in told["email-domain"]["reason"]
    assert [row["body"]["domain"] for row in practice.entities("email_domain", location)] == [
        "renamed.dental.example"
    ]
    assert told["phone-numbers"]["status"] == "passed"
    # 3. What went without us is told as that.
    gone = {one["object"] for one in result.json["verification"]["by_others"]}
    assert gone == {f"phone_number:{first['body']['number']}", f"email_domain:{domain['body']['domain']}"}
    assert_once(practice)


@pytest.mark.matrix
def test_a_contact_planned_by_the_mail_of_a_user_is_looked_at_after_the_user_is_gone(
    practice: Practice, offboard: Offboard
) -> None:
    location = practice.location(FULLER)
    [user, *_] = [row for row in practice.entities("user") if row["body"]["location_ids"] == [location]]
    [contact, *_] = [row for row in practice.entities("contact") if TAG in row["body"]["tags"]]
    practice.put(
        contact, email=user["body"]["email"], phone="", first="Somebody", last="Else", company=FULLER
    )
    case = planned(offboard, FULLER)
    key = f"contact_tag:{contact['id']}/{TAG}"
    plan = offboard("case", "show", case, "--dashboard", practice.url, "--json").json["plan"]
    assert key in [one["object"] for task in plan["tasks"] for one in task["objects"]]
    # The users are deleted; the academy was not worked.
    for row in practice.entities("user"):
        if row["body"]["location_ids"] == [location]:
            practice.tell(
                "/entity", {"action": "delete", **{name: row[name] for name in ("kind", "id", "location_id")}}
            )

    found = offboard("verify", case, "--dashboard", practice.url, "--json").json["verification"]
    assert key in [one["object"] for one in found["left"]]
    assert key not in [one["object"] for one in found["by_others"]]

    # One that nothing leads to any more is not called done either.
    practice.put(contact, email="another@mail.example", phone="", first="Quite", last="Another", company="")
    found = offboard("verify", case, "--dashboard", practice.url, "--json").json["verification"]
    assert [one["object"] for one in found["unverified"]] == [key]
    assert key not in [one["object"] for one in found["done"]]
