"""Nights with workers that are killed, frozen and cut off: all cases end in the right state, nothing is done twice.

A small one each time; whole nights by `./offboard test tests/rehearsal/test_night.py --matrix`.
"""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.ledger.turns import TurnRow
from robot.run.manifest import verify_bundle
from robot.worker.turn import NO_PLACE
from tests.acceptance.command import ROOT
from tests.machines import can_be_made, machines
from tests.postgres import Postgres
from tests.rehearsal.dashboard import Practice
from tests.rehearsal.invariants import ACADEMY, GOALS
from tests.rehearsal.night_shift import (
    NightShift,
    assert_no_overlaps,
    assert_once,
    assert_only,
    at_of,
    is_for_a_person,
)

#: Takes the name of a figure and the figure; see pytest's `record_property`.
Note = Callable[[str, object], None]

#: Customers with whom something must stop for a person, by what it is.
FOR_A_PERSON = {
    "Harbor Lawn & Garden": "email domain in use",
    "Northside Plumbing": "purchased domain",
    "Bluebird Florist": "number linked to WhatsApp",
    "Apex Roofing Group": "number in a pool",
    "Lakeview HVAC": "SaaS fails",
    "Prairie Pest Control": "assets fail",
    "Granite State Movers": "the agency's owner",
    "Sunrise Cleaning Co.": "the same name twice",
    "Beacon Tutoring": "a user of the agency",
    "Tidewater Auto Detail": "a brand without any campaign",
    "Twin Oaks Veterinary": "somebody in the academy, known by name only",
}


#: How the dashboard makes things hard during a whole night.
FIGHTING = ["slow-answers", "bursts-of-5xx", "session-expires", "product-tour"]


@pytest.fixture
def shift(practice: Practice, browser_choice: BrowserChoice, tmp_path: Path) -> Iterator[NightShift]:
    """On one file, with two logins."""
    made = NightShift(practice=practice, folder=tmp_path, database="")
    made.set_up()
    yield made
    made.end_all()


def test_a_worker_works_the_queue_and_ends_in_order(practice: Practice, shift: NightShift) -> None:
    location = practice.location("Quiet Corner Yoga")
    shift.queue(location)
    worker = shift.start(0)
    shift.await_settled(within_s=240)
    [job] = shift.all_jobs()
    assert (job.state, job.tries, job.turn) == ("done", 0, 1), job.reason
    assert [row["action"] for row in practice.ask("/mutations")] == ["refresh"]
    assert all(goal(practice, location) for goal in GOALS.values())
    worker.interrupt(by=signal.SIGTERM)
    assert worker.end(within_s=60).code == 0
    events = [line["event"] for line in shift.log()]
    assert [event for event in events if event in ("begins", "ends its turn", "ends in order")] == [
        "begins",
        "ends its turn",
        "ends in order",
    ]


@pytest.mark.matrix
def test_a_worker_that_is_killed_goes_on_where_it_was(practice: Practice, shift: NightShift) -> None:
    location = practice.location("Fresh Home")
    shift.queue(location, practice.location("Quiet Corner Yoga"))
    share = shift.folder / "share"
    share.mkdir()
    first = shift.start(0, OFFBOARD_RECORDINGS=share.as_uri())
    first.wait_for('"task": "email-domain"')
    shift.kill(first)
    second = shift.start(0, OFFBOARD_RECORDINGS=share.as_uri())
    shift.await_settled(within_s=240)

    states = {job.shown: job.state for job in shift.all_jobs()}
    assert Counter(states.values()) == {"waiting": 1, "done": 1}, [job.reason for job in shift.all_jobs()]
    assert_once(practice)
    assert_only(practice, {location})
    assert_no_overlaps(practice)
    assert all(goal(practice, location) for goal in GOALS.values())
    # What was done is not done again, and not even looked at before the end.
    recalled = [line for line in shift.log() if "which was cut off" in str(line.get("reason"))]
    assert {str(line["task"]) for line in recalled} >= {"snapshot", "email-domain"}
    # What the dead one had recorded is stored, too, as far as it came.
    second.interrupt(by=signal.SIGTERM)
    assert second.end(within_s=60).code == 0
    runs = [one for one in (shift.folder / "machine0/data/recordings").iterdir() if one.is_dir()]
    assert {one.name for one in share.iterdir()} == {one.name for one in runs}
    checked = [verify_bundle(share / one.name) for one in runs]
    assert {one.sealed for one in checked} == {False, True}
    assert all(one.is_intact for one in checked)


@pytest.mark.matrix
def test_ten_minute_jobs_hold_neither_browser_nor_login(practice: Practice, shift: NightShift) -> None:
    slow, quick = practice.location("Home Fresh Services"), practice.location("Quiet Corner Yoga")
    # A second contact in the academy: the first one's tag goes on being taken when the run ends.
    mail = practice.mail_of(slow)
    [contact] = [row for row in practice.entities("contact", ACADEMY) if row["body"]["email"] == mail]
    another = f"{contact['id'][:-2]}Zz"
    practice.put({**contact, "id": another, "position": contact["position"] + 1000})
    some = shift.write_logins("one.yaml", (1,))
    shift.queue(slow, quick)
    worker = shift.start(0, OFFBOARD_LOGINS=str(some))
    worker.wait_for('"task": "email-domain"')
    practice.tell("/settings", {"job_s": 600})
    worker.wait_for('"task": "academy"')
    practice.tell("/settings", {"job_s": None})
    # With one login: the second customer is worked while the first one's jobs go on.
    shift.await_settled(within_s=600)
    jobs = {job.location_id: job for job in shift.all_jobs()}
    assert jobs[quick].state == "done", jobs[quick].reason
    assert (jobs[slow].state, jobs[slow].waits_for) == ("waiting", "followup")
    assert "it has begun, and has not ended yet" in jobs[slow].reason
    assert not GOALS["saas-mode"](practice, slow)
    assert len([one for _, one in shift.armed(0) if one.startswith("contact_tag:")]) == 1

    practice.tell("/advance", {"seconds": 1200})
    shift.make_due()
    worker.wait_for(f'"turn": 2, "customer": "{slow}"')
    shift.await_settled(within_s=600)
    assert {job.state for job in shift.all_jobs()} == {"done"}, [job.reason for job in shift.all_jobs()]
    assert all(goal(practice, slow) for goal in GOALS.values())
    assert_once(practice)
    assert_only(practice, {slow, quick})


@pytest.mark.matrix
def test_a_name_that_is_not_that_of_the_id_is_for_a_person_whatever_the_policy_allows(
    practice: Practice, shift: NightShift
) -> None:
    location, command = practice.location("Fresh Home"), shift.command()
    added = command(
        "queue", "add", "--location-id", location, "--company", "Fresh Home Services", *shift.words, "--json"
    )
    assert added.code == 0, added.err
    shift.start(0)
    shift.await_settled(within_s=240)
    [job] = shift.all_jobs()
    assert (job.state, job.waits_for) == ("waiting", "approval")
    assert "is 'Fresh Home', and 'Fresh Home Services' was asked for" in job.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_batch_looks_ahead_works_and_says_what_became_of_everybody(
    practice: Practice, shift: NightShift
) -> None:
    names = ("Quiet Corner Yoga", "Northside Plumbing")
    shift.queue(*(practice.location(name) for name in names))
    share = shift.folder / "share"
    share.mkdir()
    words = ("batch", *shift.words, "--until", soon(), "--no-video", "--json")
    ended = shift.command()(*words, OFFBOARD_RECORDINGS=share.as_uri())
    assert ended.code == 3, ended.err
    night = ended.json
    assert {one["company"]: one["standing"] for one in night["customers"]} == {
        "Quiet Corner Yoga": "done",
        "Northside Plumbing": "needs a person",
    }
    assert night["preflight"]["good"]
    assert night["preflight"]["targets"]["seen"] > 50
    assert night["preflight"]["targets"]["not_looked_at"]
    [folder] = (shift.folder / "machine0" / "data" / "recordings").glob("*-batch-*")
    assert {path.name for path in folder.iterdir()} == {"summary.html", "summary.md", "summary.json"}
    assert json.loads((folder / "summary.json").read_text()) == night
    # All of it is stored, too.
    assert {one.name for one in share.iterdir()} == {one.name for one in folder.parent.iterdir()}
    assert [one["state"] for one in night["preflight"]["findings"] if one["name"] == "store"] == ["good"]


@pytest.mark.matrix
def test_a_dashboard_that_has_changed_stops_the_batch_once(practice: Practice, shift: NightShift) -> None:
    command = shift.command()
    for name in ("flows", "selectors"):
        shutil.copytree(ROOT / name, command.folder / name)
    # As if the table of calendars had another class since yesterday.
    calendars = command.folder / "selectors/calendars.yaml"
    calendars.write_text(calendars.read_text().replace(".ui-table-container", ".something-else"))
    shift.queue(practice.location("Fresh Home"), practice.location("Coastal Pools"))
    ended = command("batch", *shift.words, "--until", soon(), "--no-video", "--json")
    assert ended.code == 1, ended.err
    assert ended.json["customers"] == []
    assert ended.json["queued"] == 2
    bad = [one for one in ended.json["preflight"]["findings"] if one["state"] == "bad"]
    assert [one["name"] for one in bad] == ["canary, survey-calendars"]
    assert all(one["next"] for one in bad)
    assert practice.mutations() == []


@pytest.mark.matrix
def test_two_logins_that_ask_support_at_once_have_a_conversation_each(
    practice: Practice, shift: NightShift
) -> None:
    # Support's first question comes late: without waiting for each other, both find one conversation, still empty.
    practice.tell("/settings", {"support_late": {"area": 6}})
    customers = [practice.location(name) for name in ("Fresh Home", "Café Crème Catering")]
    runs = [
        shift.command().start(
            "run",
            "brand-campaign",
            *shift.words,
            "--no-video",
            "--input",
            f"location_id={location}",
            **shift.credentials(number),
        )
        for number, location in enumerate(customers, start=1)
    ]
    ended = [run.end(within_s=240) for run in runs]
    assert [one.code for one in ended] == [0, 0], [run.text() for run in runs]
    threads = [row["body"]["messages"] for row in practice.entities("support_thread")]
    said = [" ".join(one["text"] for one in thread if one["from"] == "user") for thread in threads]
    named = [[location for location in customers if location in text] for text in said]
    assert sorted(one for one in named if one) == sorted([location] for location in customers)
    assert any("since another run has the support conversations" in run.text() for run in runs)


def soon() -> str:
    """In half an hour, by the clock of this machine."""
    return f"{datetime.now() + timedelta(minutes=30):%H:%M}"


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [1, 2])
def test_a_night_on_one_file(practice: Practice, shift: NightShift, record_property: Note, seed: int) -> None:
    shift.logins = 4
    shift.set_up()
    customers = forty(practice)
    practice.tell("/scenarios", {"names": FIGHTING})
    shift.queue(*customers)
    shift.disturb(seed=seed, kills=20, pause_s=(40, 120), machines=1)
    shift.await_settled(within_s=7200)
    shift.put_back_given_up(within_s=1200)
    shift.await_doubts_ended(within_s=1800)
    assert_night(practice, shift, customers, record_property)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of this module's own."""
    server = Postgres()
    yield server
    server.end()


@pytest.fixture
def shared(shift: NightShift, postgres: Postgres) -> NightShift:
    """On Postgres, with four logins."""
    shift.database = postgres.make()
    shift.logins = 4
    shift.set_up()
    return shift


@pytest.mark.matrix
def test_a_short_night_of_two_workers(
    practice: Practice, shared: NightShift, postgres: Postgres, record_property: Note
) -> None:
    names = ("Fresh Home", "Home Fresh Services", "Brookline Salon", "Quiet Corner Yoga")
    customers = {practice.location(name): name for name in names}
    shared.queue(*customers)
    shared.disturb(
        seed=1,
        kills=4,
        pause_s=(15, 30),
        machines=2,
        restarts=1,
        restart_database=postgres.restart,
        freezes=1,
    )
    shared.await_settled(within_s=1200)
    assert_night(practice, shared, customers, record_property)


@pytest.mark.matrix
def test_workers_share_the_logins_when_each_keeps_to_its_places(
    practice: Practice, shared: NightShift, record_property: Note
) -> None:
    names = ("Fresh Home", "Home Fresh Services", "Brookline Salon", "Quiet Corner Yoga", "Zephyr Solar")
    customers = {practice.location(name): name for name in names}
    shared.queue(*customers)
    for machine in range(2):
        shared.start(machine, "--at-once", "2")
    shared.await_settled(within_s=1200)
    shared.end_all()
    assert_night(practice, shared, customers, record_property)
    worked = [turn for turn in shared.all_turns() if turn.reason != NO_PLACE]
    most = {
        turn.worker: most_at_once([one for one in worked if one.worker == turn.worker]) for turn in worked
    }
    assert sorted(most.values()) == [2, 2]
    assert most_at_once(worked) == 4


def most_at_once(turns: list[TurnRow]) -> int:
    """How many of these were worked at the same time at most."""
    return max(
        sum(one.began_at <= turn.began_at < one.ended_at for one in turns if one.began_at and one.ended_at)
        for turn in turns
        if turn.began_at
    )


@pytest.mark.matrix
@pytest.mark.skipif(not can_be_made(), reason="networks of their own need Linux, root and iproute2")
def test_a_machine_that_is_cut_off_from_the_database_presses_nothing_until_it_is_back(
    practice: Practice, shared: NightShift, postgres: Postgres, record_property: Note
) -> None:
    names = ("Fresh Home", "Home Fresh Services", "Brookline Salon", "Quiet Corner Yoga", "Zephyr Solar")
    customers = {practice.location(name): name for name in names}
    some = shared.write_logins("some.yaml", (1, 2))
    with machines(2, dashboard=practice.url, database=postgres.socket) as there:
        shared.machines = there
        *four, last = customers
        shared.queue(*four)
        first = shared.start(0, OFFBOARD_LOGINS=str(some))
        first.wait_for('"task": "email-domain"')
        second = shared.start(1)
        second.wait_for('"event": "begins"')
        there[0].cut_off()
        cut_at = time.time()
        gone = at_of(json.loads(second.wait_for("is gone; what it has left is taken over")))
        second.wait_for("which was cut off")
        there[0].join()
        joined_at = time.time()
        shared.await_settled(within_s=1800)
        # It works again: whoever is asked for now is worked by it alone.
        second.interrupt(by=signal.SIGTERM)
        second.end(within_s=60)
        shared.queue(last)
        shared.await_settled(within_s=600)
        shared.end_all()
    record_property("taken over after, in s", round(gone - cut_at, 1))
    assert_night(practice, shared, customers, record_property)
    # A press asks the database in the transaction that journals it: there was none while that could not be.
    assert [one for at, one in shared.armed(0) if cut_at + 1 < at < joined_at] == []


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [1])
def test_a_night_of_two_workers(
    practice: Practice, shared: NightShift, postgres: Postgres, record_property: Note, seed: int
) -> None:
    customers = forty(practice)
    practice.tell("/scenarios", {"names": FIGHTING})
    shared.queue(*customers)
    shared.disturb(
        seed=seed,
        kills=60,
        pause_s=(30, 85),
        machines=2,
        restarts=3,
        restart_database=postgres.restart,
        freezes=1,
    )
    shared.await_settled(within_s=4 * 3600)
    shared.put_back_given_up(within_s=1200)
    shared.await_doubts_ended(within_s=1800)
    assert_night(practice, shared, customers, record_property)


def forty(practice: Practice) -> dict[str, str]:
    """Forty customers, by location id."""
    known = everyone(practice)
    customers = {**known, **clones(practice, "Fresh Home", 40 - len(known))}
    assert len(customers) == 40
    return customers


def clones(practice: Practice, name: str, number: int) -> dict[str, str]:
    """More customers, each with what this one has, under names and numbers of their own; by location id."""
    location = practice.location(name)
    made = {}
    rows = [row for row in practice.ask("/state")["entity"] if location in (row["id"], row["location_id"])]
    for count in range(number):
        text = json.dumps(rows)
        ids = {row["id"] for row in rows}
        for known in sorted(ids | {location}, key=len, reverse=True):
            text = text.replace(known, f"{known[:-2]}{count:02d}" if len(known) > 10 else known)
        for row in json.loads(text):
            if row["kind"] == "sub_account":
                row["body"]["name"] = f"{name} {count + 2}"
                made[row["id"]] = row["body"]["name"]
            practice.put({**row, "position": row["position"] + 1000 + count})
    return made


def everyone(practice: Practice) -> dict[str, str]:
    """Every customer of the sample data but the agency's own, by location id."""
    return {
        row["id"]: row["body"]["name"] for row in practice.entities("sub_account") if row["id"] != ACADEMY
    }


def assert_night(practice: Practice, shift: NightShift, customers: dict[str, str], note: Note) -> None:
    shift.write_log()
    note("troubles", dict(Counter(kind for kind, _ in shift.troubles)))
    note("noticed after, in s", shift.noticed_s())
    assert_once(practice)
    assert_only(practice, set(customers))
    assert_no_overlaps(practice)
    wrong, unheard = [], shift.unheard()
    note("not known whether support was told", [customers[one] for one in unheard])
    for job in shift.all_jobs():
        name = customers[job.location_id]
        unfinished = [flow for flow, goal in GOALS.items() if not goal(practice, job.location_id)]
        is_asked = name in FOR_A_PERSON or job.location_id in unheard
        if is_for_a_person(job) != is_asked or (not is_for_a_person(job) and unfinished):
            wrong.append((name, job.state, job.reason, unfinished))
    assert wrong == []
