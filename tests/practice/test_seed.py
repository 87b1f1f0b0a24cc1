"""The sample agency is always the same, and holds the confusions it promises."""

import json
import re
import unicodedata
from collections import Counter

import pytest

from robot.practice.entity import Entity
from robot.practice.seed import build
from robot.practice.seed_customers import AGENCY_LOCATION_ID, DEMO_LOCATION_ID

KINDS = {
    "agency", "login_user", "sub_account", "business_profile", "user", "email_domain", "domain", "calendar",
    "calendar_group", "phone_number", "number_pool", "brand", "campaign", "contact", "tag", "smart_list",
    "workflow", "enrollment", "asset", "snapshot", "snapshot_version", "support_thread", "audit_entry",
}  # fmt: skip
COUNTED = ("email_domain", "domain", "calendar", "phone_number", "brand", "campaign")


@pytest.fixture(scope="module")
def entities() -> list[Entity]:
    return build(1)


def of(entities: list[Entity], kind: str, location_id: str | None = None) -> list[Entity]:
    return [e for e in entities if e.kind == kind and location_id in (None, e.location_id)]


def test_same_seed_gives_the_same_list(entities: list[Entity]) -> None:
    assert build(1) == entities
    assert build(2) != entities


def test_every_body_is_json_and_every_identity_is_unique(entities: list[Entity]) -> None:
    assert json.loads(json.dumps([e.body for e in entities])) == [e.body for e in entities]
    assert Counter((e.kind, e.id) for e in entities).most_common(1)[0][1] == 1
    assert {e.kind for e in entities} == KINDS
    assert all(re.fullmatch(r"[A-Za-z0-9]{20}", e.id) for e in entities)


def test_telephone_numbers_are_unique_and_of_the_range_for_fiction(entities: list[Entity]) -> None:
    numbers = [e.body["number"] for e in of(entities, "phone_number")]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", n) for n in numbers)


def test_demo_customer_has_several_of_each_thing(entities: list[Entity]) -> None:
    def count(kind: str) -> int:
        return len(of(entities, kind, DEMO_LOCATION_ID))

    assert {k: count(k) for k in COUNTED} == dict(zip(COUNTED, (2, 2, 5, 3, 1, 2), strict=True))
    calendars = of(entities, "calendar", DEMO_LOCATION_ID)
    assert sum(c.body["group_id"] is not None for c in calendars) == 2
    assert sum(c.body["status"] == "Inactive" for c in calendars) == 1
    assert all(d.body["products"] for d in of(entities, "domain", DEMO_LOCATION_ID))
    account = of(entities, "sub_account", DEMO_LOCATION_ID)[0]
    assert account.body["name"] == "Adrianne's Housekeeping"
    assert account.body["saas"]["enabled"]


def test_one_user_of_the_demo_customer_belongs_to_another_live_sub_account(entities: list[Entity]) -> None:
    members = [u for u in of(entities, "user") if DEMO_LOCATION_ID in u.body["location_ids"]]
    assert len(members) == 3
    shared = [u for u in members if len(u.body["location_ids"]) > 1]
    assert len(shared) == 1
    other = next(i for i in shared[0].body["location_ids"] if i != DEMO_LOCATION_ID)
    assert of(entities, "sub_account", other)[0].body["saas"]["enabled"]


def test_names_are_made_to_be_confused(entities: list[Entity]) -> None:
    names = [e.body["name"] for e in of(entities, "sub_account")]
    assert len(names) >= 34
    assert names.count("Sunrise Cleaning Co.") == 2
    assert {"Murphy's Maids", "Murphy\u2019s Maids"} <= set(names)
    assert names.count("Adrianne's Housekeeping") == 1
    assert "Adrianne's Housekeeping Plus" in names
    assert len({unicodedata.normalize("NFC", n) for n in names}) < len(set(names))
    assert any("<b>" in n and "&" in n and '"' in n for n in names)
    scripts = {unicodedata.name(c).split()[0] for n in names for c in n if c.isalpha()}
    assert {"CYRILLIC", "CJK", "ARABIC", "GREEK"} <= scripts


def test_customers_have_zero_one_and_several_of_each_thing(entities: list[Entity]) -> None:
    locations = [e.id for e in of(entities, "sub_account")]
    for kind in COUNTED:
        counts = {min(len(of(entities, kind, i)), 2) for i in locations}
        wanted = {0, 2} if kind == "calendar" else {0, 1, 2}
        assert wanted <= counts, kind
    assert {e.body["saas"]["enabled"] for e in of(entities, "sub_account")} == {True, False}


def test_academy_contacts_repeat_names_and_persons(entities: list[Entity]) -> None:
    contacts = of(entities, "contact", AGENCY_LOCATION_ID)
    assert len(contacts) > 60
    tagged = [c for c in contacts if "wootrecruit-knowledgebase" in c.body["tags"]]
    adriannes = [c for c in tagged if (c.body["first"], c.body["last"]) == ("Adrianne", "White")]
    assert len({c.body["company"] for c in adriannes}) == 2
    assert sum(c.body["email"] == "adrianne@adriannes-housekeeping.example" for c in adriannes) == 1
    marisols = [
        c for c in tagged if c.body["company"] == "Sunrise Cleaning Co." and c.body["first"] == "Marisol"
    ]
    assert len(marisols) == 2


def test_demo_snapshot_has_assets_it_does_not_hold_yet(entities: list[Entity]) -> None:
    snapshots = [s for s in of(entities, "snapshot") if s.body["name"] == "Adrianne's Housekeeping"]
    assert len(snapshots) == 1
    assets = {a.id for a in of(entities, "asset", DEMO_LOCATION_ID)}
    assert set(snapshots[0].body["asset_ids"]) < assets
