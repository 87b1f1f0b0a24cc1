"""A plan says by identity what will be done, what is done already, and what a person must decide."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from robot.case.plan import (
    ObjectState,
    Plan,
    PlannedObject,
    make_plan,
    plan_from_json,
    rules_digest,
    survey_inputs,
)
from robot.errors import BlockedError, Problem
from robot.flow.loader import FlowLibrary, load_flows
from robot.profile import Profile, load_profile
from robot.run.model import Run, Status, TaskResult
from tests.unit.case.plans import AT, LOCATION

ROOT = Path(__file__).parents[3]
BOTH = f"{LOCATION}\n5LfthvGUgoEFUB2kKvKy"


def _contact(contact_id: str, mail: str, **more: str) -> dict[str, str]:
    known = {"contact_id": contact_id, "name": "A", "email": mail, "mail": mail, "company": "", "query": mail}
    return {**known, "firm": "of no company", **more}


#: What the survey's tasks have read, by task; the least that a customer with everything has.
READ: dict[str, dict[str, Any]] = {
    "identities": {"location_id": LOCATION, "company": "Adrianne's Housekeeping", "emails": ["a@x.example"]},
    "survey-snapshot": {
        "snapshot_key": "snap1",
        "snapshot_name": "Adrianne's Housekeeping",
        "namesakes": [{"name": "Adrianne's Housekeeping"}],
        "snapshots": [{"id": "snap1"}],
        "versions": [{"version": "v1", "failed": ""}],
        "unfinished": "",
    },
    "survey-email-domains": {"email_domains": [{"domain": "mail.x.example"}]},
    "survey-domains": {
        "domains": [{"domain": "x.example", "bought": "no"}, {"domain": "y.example", "bought": "yes"}],
        "products": [{"domain": "x.example", "id": "p1", "name": "Shop", "bought": "no"}],
    },
    "survey-calendars": {
        "calendars": [
            {"id": "c1", "name": "Estimate", "status": "Active"},
            {"id": "c2", "name": "Visit", "status": "Inactive"},
            {"id": "c3", "name": "Draft", "status": "Draft"},
        ]
    },
    "survey-saas": {"saas": "on"},
    "survey-phone-numbers": {
        "numbers": [
            {"number": "+15125550110", "whatsapp": "", "pool": ""},
            {"number": "+15125550117", "whatsapp": "WhatsApp", "pool": ""},
            {"number": "+15125550124", "whatsapp": "", "pool": "Number Pool"},
        ]
    },
    "survey-support": {
        "brands": [{"sid": "BN1"}],
        "campaigns": [{"campaign_id": "CA", "brand": "BN1"}],
        "asked": [{"campaign_id": "CA", "brand": "BN1"}],
        "left": ["CA"],
        "others": [],
        "request": "Please delete the SMS campaign with the campaign ID CA for the connected brand BN1.",
        "business_profile": "Adrianne's Housekeeping LLC, 1 Main St",
        "key": "CA+",
        "ticket": "",
        "unclear": "",
    },
    "survey-users": {
        "users": [
            {
                "id": "u1",
                "name": "One",
                "email": "1@x",
                "badge": "",
                "type": "account user",
                "places": LOCATION,
            },
            {"id": "u2", "name": "Two", "email": "2@x", "badge": "", "type": "account user", "places": BOTH},
            {
                "id": "u3",
                "name": "Own",
                "email": "3@x",
                "badge": "Owner",
                "type": "agency owner",
                "places": BOTH,
            },
        ]
    },
    "survey-academy": {
        "contacts": [
            _contact("k1", "a@x", by="mail address", tagged="yes"),
            _contact("k2", "b@x", by="mail address", tagged="no"),
        ],
        "undecided": [
            _contact(
                "k3", "z@z", by="telephone number", query="+15125550100", firm="of B Inc.", tagged="yes"
            ),
            _contact("k4", "y@z", by="name", query="A", tagged="no"),
        ],
        "known_ids": [],
    },
}


@cache
def library() -> FlowLibrary:
    loaded, problems = load_flows(ROOT / "flows")
    assert problems == []
    return loaded


@cache
def profile() -> Profile:
    folder = ROOT / "selectors/profiles"
    return load_profile("practice", folder=folder, dashboard="http://app.localhost:1")


def survey(*, statuses: dict[str, Status] | None = None, **changed: dict[str, Any]) -> Run:
    """A survey that has read what `READ` says. changed: other outputs, by task with `_` for `-`."""
    others = {name.replace("_", "-"): outputs for name, outputs in changed.items()}
    tasks = []
    for task, outputs in READ.items():
        status = (statuses or {}).get(task, Status.NOOP)
        problem = Problem(what=f"{task} could not be read", next="look at it")
        tasks.append(
            TaskResult(
                task=task,
                title=task,
                procedure=(),
                status=status,
                reason="" if status.is_good else problem.what,
                problems=() if status.is_good else (problem,),
                started_at=AT,
                ended_at=AT,
                outputs=others.get(task, outputs),
            )
        )
    return Run(
        run_id="survey1",
        flow="survey",
        title="",
        inputs={},
        dashboard="",
        browser="",
        status=Status.NOOP,
        reason="",
        started_at=AT,
        ended_at=AT,
        tasks=tuple(tasks),
    )


def plan(run: Run | None = None, *, of: Profile | None = None, first: Plan | None = None) -> Plan:
    return make_plan(run or survey(), library(), of or profile(), rules="rules", first=first)


def find(made: Plan, object_key: str) -> PlannedObject:
    [found] = [one for _, one in made.objects if one.object == object_key]
    return found


def test_tasks_stand_in_the_order_of_the_procedure() -> None:
    assert [task.task for task in plan().tasks] == [
        "snapshot",
        "email-domain",
        "domain",
        "calendars",
        "saas-mode",
        "phone-numbers",
        "brand-campaign",
        "users",
        "academy",
    ]


@pytest.mark.parametrize(
    ("object_key", "state"),
    [
        ("snapshot:snap1", "todo"),
        ("email_domain:mail.x.example", "todo"),
        ("domain_product:x.example/p1", "todo"),
        ("domain:x.example", "todo"),
        ("domain:y.example", "blocked"),
        ("calendar:c1", "todo"),
        ("calendar:c2", "done"),
        ("calendar:c3", "blocked"),
        (f"saas:{LOCATION}", "todo"),
        ("phone_number:+15125550110", "todo"),
        ("phone_number:+15125550117", "blocked"),
        ("phone_number:+15125550124", "blocked"),
        (f"support_request:{LOCATION}/CA+", "todo"),
        (f"user:u1@{LOCATION}", "todo"),
        (f"user:u2@{LOCATION}", "todo"),
        (f"user:u3@{LOCATION}", "blocked"),
        ("contact_tag:k1/wootrecruit-knowledgebase", "todo"),
        ("contact_tag:k2/wootrecruit-knowledgebase", "done"),
        ("contact_tag:k3/wootrecruit-knowledgebase", "blocked"),
    ],
)
def test_each_object_is_to_do_done_or_for_a_person(object_key: str, state: str) -> None:
    one = find(plan(), object_key)
    assert one.state == state
    assert bool(one.reason and one.next) is (state == "blocked")


def test_nothing_else_is_planned() -> None:
    assert len(list(plan().objects)) == 19


def test_what_goes_on_costing_is_told_as_things_are() -> None:
    made = plan()
    fee = "the phone number +15125550117 costs its monthly fee"
    assert find(made, "phone_number:+15125550117").costs == (fee,)
    assert "y.example is renewed" in find(made, "domain:y.example").costs[0]
    assert find(made, "domain:x.example").costs == ()
    assert "re-billing go on" in find(made, f"saas:{LOCATION}").costs[0]
    off = find(plan(survey(survey_saas={"saas": "off"})), f"saas:{LOCATION}")
    assert (off.state, len(off.costs)) == ("done", 1)
    assert "subscription was left alone" in off.costs[0]
    paid = replace(profile(), policies=profile().policies | {"saas_cancel_subscription": True})
    assert find(plan(survey(survey_saas={"saas": "off"}), of=paid), f"saas:{LOCATION}").costs == ()


def test_what_support_still_has_to_do_is_waited_for() -> None:
    asked = {**READ["survey-support"], "ticket": "4821937"}
    one = find(plan(survey(survey_support=asked)), f"support_request:{LOCATION}/CA+")
    assert one.waits == "support has not deleted the campaign yet (CA+, ticket 4821937)"
    assert find(plan(), f"support_request:{LOCATION}/CA+").waits == ""


def test_a_policy_decides_about_users_of_others() -> None:
    careful = replace(profile(), policies=profile().policies | {"users_shared": "block"})
    one = find(plan(of=careful), f"user:u2@{LOCATION}")
    assert one.state is ObjectState.BLOCKED
    assert "also belongs to other sub-accounts" in one.reason


def test_what_could_not_be_read_is_not_planned() -> None:
    made = plan(survey(statuses={"survey-phone-numbers": Status.FAILED}))
    [numbers] = [task for task in made.tasks if task.task == "phone-numbers"]
    assert (numbers.objects, numbers.is_blocked) == ((), True)
    assert (numbers.unread, numbers.next) == ("survey-phone-numbers could not be read", "look at it")
    assert not made.covers("phone-numbers", "phone_number:+15125550110")
    assert made.covers("domain", "domain:x.example")


@pytest.mark.parametrize("status", [Status.FAILED, Status.BLOCKED, Status.SKIPPED, Status.CANCELLED])
def test_there_is_no_plan_for_nobody(status: Status) -> None:
    with pytest.raises(BlockedError, match="identities could not be read"):
        plan(survey(statuses={"identities": status}))


def test_a_request_that_stands_is_done_and_one_in_doubt_is_for_a_person() -> None:
    ticket = {**READ["survey-support"], "ticket": "4821937"}
    assert find(plan(survey(survey_support=ticket)), f"support_request:{LOCATION}/CA+").state == "done"
    unclear = {**READ["survey-support"], "unclear": "two conversations hold the request"}
    one = find(plan(survey(survey_support=unclear)), f"support_request:{LOCATION}/CA+")
    assert (one.state, one.reason) == ("blocked", "two conversations hold the request")
    nothing = {**READ["survey-support"], "brands": [], "campaigns": [], "asked": [], "left": [], "key": ""}
    [support] = [one for one in plan(survey(survey_support=nothing)).tasks if one.task == "brand-campaign"]
    assert support.objects == ()


def test_a_brand_without_a_campaign_is_for_a_person() -> None:
    alone = {**READ["survey-support"], "campaigns": [], "asked": [], "left": [], "key": ""}
    one = find(plan(survey(survey_support=alone)), f"support_request:{LOCATION}/")
    assert (one.state, one.next) == ("blocked", "ask support by hand to delete the brand")


def test_what_will_be_written_to_support_stands_in_the_plan_and_in_its_digest() -> None:
    one = find(plan(), f"support_request:{LOCATION}/CA+")
    assert one.text.startswith(
        "Please delete the SMS campaign with the campaign ID CA for the connected brand BN1."
    )
    assert "Adrianne's Housekeeping LLC" in one.text
    for other in ({"request": "Please delete it all."}, {"business_profile": "B Inc."}):
        assert plan(survey(survey_support={**READ["survey-support"], **other})).digest != plan().digest


@pytest.mark.parametrize("brand", ["", "-", "—", "None"])
def test_a_campaign_without_a_brand_is_for_a_person(brand: str) -> None:
    asked = [{"campaign_id": "CA", "brand": brand}]
    one = find(
        plan(survey(survey_support={**READ["survey-support"], "asked": asked})),
        f"support_request:{LOCATION}/CA+",
    )
    assert one.state is ObjectState.BLOCKED
    assert "shows no connected brand" in one.reason


def test_a_campaign_whose_id_cannot_be_told_is_for_a_person() -> None:
    asked = [{"campaign_id": "", "brand": "BN1"}]
    made = plan(survey(survey_support={**READ["survey-support"], "asked": asked}))
    one = find(made, f"support_request:{LOCATION}/CA+")
    assert one.state is ObjectState.BLOCKED
    assert "whose id cannot be told" in one.reason


def test_a_line_of_the_academy_shows_mail_company_and_what_led_to_the_contact() -> None:
    one = find(plan(), "contact_tag:k1/wootrecruit-knowledgebase")
    assert one.says.startswith(
        "take the tag wootrecruit-knowledgebase from A (a@x, of no company), found by its mail address a@x"
    )
    asked = find(plan(), "contact_tag:k3/wootrecruit-knowledgebase")
    assert asked.reason == (
        "A (k3, z@z, of B Inc.) carries the tag and matches by telephone number only, '+15125550100'"
    )


def test_what_the_list_says_of_a_refresh_that_failed_keeps_the_snapshot_to_be_done() -> None:
    first = plan()
    seen = {
        **READ["survey-snapshot"],
        "versions": [{"version": "v2", "failed": ""}, {"version": "v1", "failed": ""}],
        "unfinished": "failed",
    }
    later = replace(survey(survey_snapshot=seen), inputs=dict(first.inputs))
    assert find(plan(later, first=first), "snapshot:snap1").state == "todo"


def test_a_request_is_done_once_support_has_deleted_every_campaign_of_it() -> None:
    key = f"support_request:{LOCATION}/CA+"
    gone = {**READ["survey-support"], "campaigns": [], "left": [], "brands": []}
    assert find(plan(survey(survey_support=gone)), key).state == "done"
    another = {**READ["survey-support"], "others": [{"campaign_id": "CB", "brand": "BN1"}]}
    assert find(plan(survey(survey_support=another)), f"support_request:{LOCATION}/CB+").state == "blocked"


# --- a plan made again -------------------------------------------------------------------------------


def test_what_the_first_survey_read_stands_for_what_is_gone() -> None:
    first = plan()
    later = replace(survey(identities={**READ["identities"], "emails": []}), inputs=dict(first.inputs))
    made = plan(later, first=first)
    assert made.known["identities"]["emails"] == ["a@x.example"]
    assert made.inputs["known_versions"] == [{"version": "v1", "failed": ""}]


@pytest.mark.parametrize(
    ("versions", "state"),
    [
        ([{"version": "v1", "failed": ""}], "todo"),
        ([{"version": "v2", "failed": "2 failed"}, {"version": "v1", "failed": ""}], "todo"),
        ([{"version": "v2", "failed": ""}, {"version": "v1", "failed": ""}], "done"),
    ],
)
def test_the_snapshot_is_done_once_it_has_a_version_that_the_first_survey_did_not_see(
    versions: list[dict[str, str]], state: str
) -> None:
    first = plan()
    seen = {**READ["survey-snapshot"], "versions": versions}
    later = replace(survey(survey_snapshot=seen), inputs=dict(first.inputs))
    assert find(plan(later, first=first), "snapshot:snap1").state == state


def test_a_later_survey_is_told_all_that_the_plan_knew() -> None:
    first = plan()
    told = survey_inputs(first, library())
    assert told["known_emails"] == ["a@x.example"]
    assert told["known_versions"] == [{"version": "v1", "failed": ""}]
    assert [row["contact_id"] for row in told["known_contacts"]] == ["k1", "k2", "k3", "k4"]
    # What is learned later is known with it, and what is gone stays known.
    identities = {**READ["identities"], "emails": ["b@x.example"]}
    second = plan(
        survey(identities=identities, survey_academy={"contacts": [], "undecided": [], "known_ids": []}),
        first=first,
    )
    assert survey_inputs(second, library())["known_emails"] == ["a@x.example", "b@x.example"]
    assert survey_inputs(second, library())["known_contacts"] == told["known_contacts"]


# --- the digest --------------------------------------------------------------------------------------


def test_a_plan_comes_back_from_json_as_it_was() -> None:
    made = plan()
    again = plan_from_json(made.to_json())
    assert again.digest == made.digest
    assert again == made


def test_the_same_plan_made_later_is_the_same() -> None:
    later = replace(survey(), run_id="survey2", ended_at=AT.replace(hour=23))
    assert plan(later).digest == plan().digest


@pytest.mark.parametrize(
    "other",
    [
        {"survey_calendars": {"calendars": READ["survey-calendars"]["calendars"][1:]}},
        {"survey_saas": {"saas": "off"}},
        {"survey_email_domains": {"email_domains": [{"domain": "mail.y.example"}]}},
        {"identities": {**READ["identities"], "emails": ["b@x.example"]}},
    ],
)
def test_another_survey_gives_another_digest(other: dict[str, dict[str, Any]]) -> None:
    assert plan(survey(**other)).digest != plan().digest


def test_other_rules_policies_or_words_give_another_digest() -> None:
    digests = {
        plan().digest,
        make_plan(survey(), library(), profile(), rules="others").digest,
        plan(of=replace(profile(), policies=profile().policies | {"snapshot_assets": "keep"})).digest,
        plan(of=replace(profile(), words=profile().words | {"academy_list": "Other"})).digest,
    }
    assert len(digests) == 4


def test_the_digest_of_rules_depends_on_names_and_texts_and_not_on_order() -> None:
    a, b = ("a.yaml", "one"), ("b.yaml", "two")
    assert rules_digest([a, b]) == rules_digest([b, a])
    assert (
        len({rules_digest([a, b]), rules_digest([a]), rules_digest([("a.yaml", "two"), ("b.yaml", "one")])})
        == 3
    )
