"""The agency's own sub-account "Woot Recruit": academy contacts, their tag, smart lists, automations."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from robot.practice.entity import Entity
from robot.practice.seed_agency import OPERATOR_USER_ID, OWNER_USER_ID
from robot.practice.seed_customers import AGENCY_LOCATION_ID, DEMO, Customer
from robot.practice.seed_ids import days_before, new_id
from robot.practice.seed_location import person_email
from robot.practice.seed_phone import person_phone

ACADEMY_TAG = "wootrecruit-knowledgebase"
SMART_LIST = "Hub Knowledge Base"
DEMO_CONTACT_ID = "cN8tActAdR1aNNeWh1Te"
_TAGS = (
    ACADEMY_TAG,
    "wootrecruit-knowledgebase-archive",
    "wootrecruit-academy",
    "wootrecruit",
    "newsletter",
    "trial",
    "webinar 2026",
    "vip",
)
_FIRST = ("Alma", "Bruno", "Cleo", "Dario", "Edda", "Felix", "Gia", "Hugo", "Ines", "Jude", "Kaya", "Luca")
_LAST = ("Abel", "Barnes", "Cruz", "Doyle", "Ebert", "Flores", "Gibbs")


def academy_entities(locations: Mapping[str, Customer], rng: random.Random) -> Iterator[Entity]:
    """Contacts (more than 60), tags, smart lists, workflows and enrolments of the sub-account."""
    for name in _TAGS:
        yield _here("tag", new_id(rng), {"name": name, "created": days_before(500)})
    yield from _smart_lists(rng)
    workflows = list(_workflows(rng))
    yield from workflows
    contacts = [*_customer_contacts(locations, rng), *_other_contacts(rng)]
    rng.shuffle(contacts)
    yield from contacts
    welcome, farewell = workflows[0], workflows[2]
    for contact in contacts:
        if ACADEMY_TAG in contact.body["tags"]:
            yield _enrolment(welcome, contact, "finished", rng)
        if contact.id == DEMO_CONTACT_ID:
            yield _enrolment(farewell, contact, "active", rng)


def _here(kind: str, id_: str, body: dict[str, Any]) -> Entity:
    return Entity(kind=kind, id=id_, location_id=AGENCY_LOCATION_ID, body=body)


def _smart_lists(rng: random.Random) -> Iterator[Entity]:
    lists = (
        (SMART_LIST, True, {"tag": ACADEMY_TAG}, OWNER_USER_ID),
        ("Hub Knowledge Base (old)", True, {"tag": "wootrecruit-knowledgebase-archive"}, OWNER_USER_ID),
        ("Trials", False, {"tag": "trial"}, OPERATOR_USER_ID),
        ("Morgan's VIPs", False, {"tag": "vip"}, OWNER_USER_ID),
    )
    for name, is_global, wanted, owner in lists:
        body = {"name": name, "is_global": is_global, "filter": wanted, "owner_user_id": owner}
        yield _here("smart_list", new_id(rng), body)


def _workflows(rng: random.Random) -> Iterator[Entity]:
    rows = (
        ("Academy: welcome", True, {"kind": "tag_added", "tag": ACADEMY_TAG}),
        ("Academy: access removed", True, {"kind": "tag_removed", "tag": ACADEMY_TAG}),
        ("Monthly newsletter", True, {"kind": "tag_added", "tag": "newsletter"}),
        ("Win back a lost customer", False, {"kind": "tag_removed", "tag": ACADEMY_TAG}),
    )
    for name, published, trigger in rows:
        body = {
            "name": name,
            "published": published,
            "trigger": trigger,
            "steps": ["Send email", "Wait 1 day", "Notify the team"],
            "updated": days_before(rng.randint(10, 200)),
        }
        yield _here("workflow", new_id(rng), body)


def _enrolment(workflow: Entity, contact: Entity, status: str, rng: random.Random) -> Entity:
    started = rng.randint(30, 250)
    body = {
        "workflow_id": workflow.id,
        "contact_id": contact.id,
        "status": status,
        "started_at": days_before(started),
        "finished_at": days_before(started - 2) if status == "finished" else None,
    }
    return _here("enrollment", new_id(rng), body)


def _customer_contacts(locations: Mapping[str, Customer], rng: random.Random) -> Iterator[Entity]:
    """The owner of every customer, as often as the customer row says; a second one has another mail."""
    for customer in locations.values():
        for position in range(customer.academy):
            email = person_email(customer, customer.first)
            body = _contact(
                first=customer.first,
                last=customer.last,
                company=customer.name,
                email=email if position == 0 else email.replace("@", ".private@"),
                phone=person_phone(customer.area, 98 if position == 0 else 97),
                tags=[ACADEMY_TAG, "wootrecruit"],
                rng=rng,
            )
            yield _here("contact", DEMO_CONTACT_ID if customer is DEMO else new_id(rng), body)
    # Another person of the demo customer's name, in another company, who keeps her access.
    namesake = _contact(
        first=DEMO.first,
        last=DEMO.last,
        company="White Glove Interiors",
        email="adrianne.white@white-glove.example",
        phone="+15125550177",
        tags=[ACADEMY_TAG, "vip"],
        rng=rng,
    )
    yield _here("contact", new_id(rng), namesake)


def _other_contacts(rng: random.Random) -> Iterator[Entity]:
    for position in range(40):
        first, last = _FIRST[position % len(_FIRST)], _LAST[position % len(_LAST)]
        tags = [ACADEMY_TAG] if position % 5 == 0 else [_TAGS[1 + position % (len(_TAGS) - 1)]]
        yield _here(
            "contact",
            new_id(rng),
            _contact(
                first=first,
                last=last,
                company=f"{last} & {first} Studio" if position % 3 else "",
                email=f"{first}.{last}{position}@post.example".lower(),
                phone=person_phone("720", 10 + position),
                tags=tags,
                rng=rng,
            ),
        )


def _contact(
    *,
    first: str,
    last: str,
    company: str,
    email: str,
    phone: str,
    tags: list[str],
    rng: random.Random,
) -> dict[str, Any]:
    return {
        "first": first,
        "last": last,
        "company": company,
        "email": email,
        "phone": phone,
        "tags": tags,
        "owner": "Morgan Ellery",
        "created": days_before(rng.randint(30, 600)),
        "last_activity": days_before(rng.random() * 20),
    }
