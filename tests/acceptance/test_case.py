"""A customer's whole offboarding as an operator does it: plan, approve, apply, and apply again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import ROOT, Ended, Offboard, read_problem
from tests.acceptance.conftest import command_in
from tests.rehearsal.dashboard import Practice

#: One of its numbers is linked to WhatsApp, so that something is for a person.
CUSTOMER = "Bluebird Florist"
PERSON = 3


def on(offboard: Offboard, *words: str) -> Ended:
    """A command about cases, on the practice dashboard."""
    more = ("--no-video",) if words[0] in ("plan", "apply") else ()
    return offboard(*words, "--dashboard", offboard.dashboard, *more)


def objects(plan: dict[str, Any], state: str) -> set[str]:
    return {one["object"] for task in plan["tasks"] for one in task["objects"] if one["state"] == state}


def add_like(practice: Practice, kind: str, location_id: str, new_id: str, **body: Any) -> None:
    """One more entity of a kind, made like the customer's first one, as if another operator had added it."""
    first = practice.entities(kind, location_id)[0]
    practice.put({**first, "id": new_id, "position": 99}, **body)


@pytest.fixture(scope="module")
def planned_once(
    server: Practice, signed_in: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ended]:
    """A data folder in which the customer's case is planned, and what the plan said: surveys take their time."""
    server.tell("/reset")
    command = command_in(tmp_path_factory.mktemp("planned"), server.url)
    shutil.copytree(signed_in, command.data, dirs_exist_ok=True)
    ended = on(command, "plan", CUSTOMER, "--json")
    assert ended.code == 0, ended.err
    assert server.mutations() == []
    return command.data, ended


@pytest.fixture
def planned(stranger: Offboard, planned_once: tuple[Path, Ended]) -> Offboard:
    """The command where the customer's case is planned, with a ledger of its own."""
    shutil.copytree(planned_once[0], stranger.data)
    return stranger


@pytest.mark.matrix
@pytest.mark.parametrize("is_long", [False, True])
def test_a_case_is_planned_approved_and_applied_and_what_came_later_is_left_alone(
    practice: Practice, planned: Offboard, planned_once: tuple[Path, Ended], is_long: bool
) -> None:
    offboard = planned
    location_id = practice.location(CUSTOMER)
    # 1. What was read.
    told = planned_once[1].json
    case, plan = told["case"], told["plan"]
    assert plan["location_id"] == location_id
    numbers = {
        f"phone_number:{row['body']['number']}" for row in practice.entities("phone_number", location_id)
    }
    assert {one for one in objects(plan, "todo") | objects(plan, "blocked") if "phone" in one} == numbers
    [whatsapp] = objects(plan, "blocked")

    # 2. Nothing starts without an approval.
    ended = on(offboard, "apply", case)
    assert (ended.code, read_problem(ended.err).done) == (PERSON, "nothing was started")
    assert "nobody has approved this plan" in ended.err

    # 3. The plan as people read it, and their word for it.
    ended = on(offboard, "approve", told["digest"][:12], "--yes")
    assert ended.code == 0, ended.err
    assert "is linked to WhatsApp" in ended.out
    assert "Will still cost money afterwards" in ended.out
    assert "Approved by" in ended.out

    # 4. Another operator is quicker.
    add_like(practice, "phone_number", location_id, "new-number", number="+16155550999")
    add_like(practice, "email_domain", location_id, "new-domain", domain="late.bluebird.example")
    ended = on(offboard, "apply", case, "--json", *(() if is_long else ("--no-verify",)))
    assert ended.code == PERSON, ended.err
    told = {task["flow"]: task for task in ended.json["tasks"]}
    assert told["phone-numbers"]["status"] == "blocked"
    said = json.dumps(told["phone-numbers"]["problems"])
    assert "phone_number:+16155550999 is not in the approved plan" in said
    assert "is linked to WhatsApp, and the dashboard does not delete it" in said
    assert "email_domain:late.bluebird.example is not in the approved plan" in told["email-domain"]["reason"]
    assert told["identities"]["reason"] == "was read in the survey"

    # 5. What was done is what was planned, and once.
    done = [one for one in practice.mutations() if not one.object.startswith("support")]
    pressed = [one.object for one in done]
    assert len(pressed) == len(set(pressed))
    assert {one.location_id for one in done} <= {location_id, None, practice.location("Woot Recruit")}
    kept = {f"phone_number:{row['body']['number']}" for row in practice.entities("phone_number", location_id)}
    assert kept == {whatsapp, "phone_number:+16155550999"}
    shown = on(offboard, "case", "show", case, "--json").json
    assert shown["case"]["state"] == "needs a person"
    acted = {intent["object"].split("#")[0] for intent in shown["intents"]}
    # A domain's products go only where the dashboard asks for it.
    assert acted <= objects(plan, "todo")
    assert {one["state"] for one in shown["intents"]} <= {"passed", "confirmed", "failed"}

    assert_exported(offboard, case, {run["id"] for run in shown["runs"]})
    if is_long:
        assert_again_and_anew(practice, offboard, case)


def assert_exported(offboard: Offboard, case: str, runs: set[str]) -> None:
    """The customer's file can be checked where nothing of this is known."""
    exported = on(offboard, "case", "export", case, "--json").json
    elsewhere = offboard.folder / "elsewhere"
    elsewhere.mkdir()
    archive = shutil.move(exported["file"], elsewhere)
    away = {"OFFBOARD_DATA": str(elsewhere / "data"), "OFFBOARD_RECORDINGS": str(elsewhere / "recordings")}
    ended = offboard("evidence", "verify", str(archive), "--key", exported["key"][:16], "--json", **away)
    assert (ended.code, ended.json["intact"], ended.json["fingerprint"]) == (0, True, exported["key"])
    assert ended.json["about"]["state"] == "needs a person"
    assert set(ended.json["about"]["runs"]) == runs
    assert offboard("evidence", "verify", str(archive), "--key", "0000", **away).code == 1
    assert exported["key"] in offboard("doctor", "--json").out


def assert_again_and_anew(practice: Practice, offboard: Offboard, case: str) -> None:
    # 1. Again: nothing is done a second time.
    before = practice.mutations()
    ended = on(offboard, "apply", case, "--json")
    assert ended.code == PERSON
    assert practice.mutations() == before
    assert {task["flow"] for task in ended.json["tasks"] if task["status"] == "blocked"} == {
        "phone-numbers",
        "email-domain",
    }

    # 2. A dry run says the same, and presses nothing.
    ended = on(offboard, "apply", case, "--dry-run", "--json")
    assert practice.mutations() == before
    told = {task["flow"]: task["status"] for task in ended.json["tasks"]}
    assert {flow for flow, status in told.items() if status != "noop"} == {"phone-numbers", "email-domain"}
    assert {told["phone-numbers"], told["email-domain"]} == {"skipped"}

    # 3. A plan made anew has a digest of its own, and wants an approval of its own.
    ended = on(offboard, "plan", case, "--json")
    assert ended.json["case"] == case
    assert "phone_number:+16155550999" in objects(ended.json["plan"], "todo")
    assert not [one for one in objects(ended.json["plan"], "todo") if one.startswith("snapshot")]
    ended = on(offboard, "apply", case)
    assert "nobody has approved this plan" in ended.err


def test_whatever_changed_since_the_approval_nothing_is_pressed(
    practice: Practice, planned: Offboard, planned_once: tuple[Path, Ended]
) -> None:
    offboard, case = planned, planned_once[1].json["case"]
    assert on(offboard, "approve", case, "--yes").code == 0

    # 1. The stored plan.
    with changed_plans(offboard.data):
        ended = on(offboard, "apply", case)
        assert (ended.code, read_problem(ended.err).done) == (PERSON, "nothing was started")
        assert "was changed: its digest differs" in ended.err

    # 2. Flows or selectors.
    for name in ("flows", "selectors"):
        shutil.copytree(ROOT / name, offboard.folder / name)
    users = offboard.folder / "flows/users.yaml"
    text = users.read_text(encoding="utf-8")
    users.write_text(text.replace("title: Delete the users", "title: Delete users"), encoding="utf-8")
    ended = on(offboard, "apply", case)
    assert (ended.code, read_problem(ended.err).done) == (PERSON, "nothing was started")
    assert "flows or selectors have changed since the plan was made" in ended.err

    # 3. The case itself.
    assert on(offboard, "case", "cancel", case, "--reason", "came back").code == 0
    ended = on(offboard, "apply", case)
    assert f"the case {case} is cancelled" in ended.err
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_customer_who_was_renamed_since_the_approval_is_left_alone(
    practice: Practice, planned: Offboard, planned_once: tuple[Path, Ended]
) -> None:
    offboard, case = planned, planned_once[1].json["case"]
    assert on(offboard, "approve", case, "--yes").code == 0
    location_id = practice.location(CUSTOMER)
    [account] = [row for row in practice.entities("sub_account") if row["id"] == location_id]
    practice.put(account, name="Bluebird Flowers")
    ended = on(offboard, "apply", case, "--json")
    assert ended.code == PERSON, ended.err
    told = {task["flow"]: task for task in ended.json["tasks"]}
    assert "is called 'Bluebird Flowers', not 'Bluebird Florist'" in told["snapshot"]["reason"]
    others = {task["status"] for name, task in told.items() if name not in ("identities", "snapshot")}
    assert others == {"skipped"}
    assert practice.mutations() == []


@contextmanager
def changed_plans(data: Path) -> Iterator[None]:
    """While entered, somebody has changed the stored plans."""
    [path] = data.rglob("ledger.db")

    def change(before: str, after: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE plans SET content = replace(content, ?, ?)", (before, after))
            connection.commit()

    change('"state":"blocked"', '"state":"todo" ')
    try:
        yield
    finally:
        change('"state":"todo" ', '"state":"blocked"')


@pytest.mark.matrix
def test_a_policy_may_stop_at_the_first_question(practice: Practice, offboard: Offboard) -> None:
    text = (ROOT / "selectors/profiles/practice.yaml").read_text(encoding="utf-8")
    profile = offboard.folder / "strict.yaml"
    profile.write_text(text.replace("policies:\n", "policies:\n  when_blocked: stop\n"), encoding="utf-8")
    ended = offboard.run("offboard", "--input", f"company={CUSTOMER}", "--profile", str(profile), json=True)
    assert ended.code == PERSON, ended.err
    told = {task["flow"]: task for task in ended.json["tasks"]}
    assert told["phone-numbers"]["status"] == "blocked"
    for name in ("brand-campaign", "users", "academy"):
        assert told[name]["status"] == "skipped"
        assert told[name]["reason"] == "'phone-numbers' is for a person, and the policy says to stop there"
    assert [one for one in practice.mutations() if one.object.split(":")[0] in ("user", "contact_tag")] == []
