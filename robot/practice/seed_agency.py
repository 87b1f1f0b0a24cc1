"""What belongs to the agency: itself, who signs in, the users of all its sub-accounts, the audit log."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from robot.practice.entity import Entity
from robot.practice.seed_customers import AGENCY_LOCATION_ID, Customer
from robot.practice.seed_ids import days_before, new_id
from robot.practice.seed_location import person_email, staff_of
from robot.practice.seed_phone import person_phone

OPERATOR_EMAIL = "operator@woot.example"
OPERATOR_PASSWORD = "practice-makes-perfect"  # noqa: S105 - published sign-in of the practice agency
OPERATOR_TOTP_SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - published, see docs/practice.md
OPERATOR_USER_ID = "oP7eRaT0rUs3rXy12Zq9"
OWNER_USER_ID = "oW4nErM0rG4nE11eRy5K"


def agency_entities(rng: random.Random) -> Iterator[Entity]:
    """The agency and the one person who signs in to it."""
    agency = {
        "name": "Woot Recruit Hub",
        "relationship_number": "0-482-117",
        "support_access_until": "2027-01-31",
        "support_phone": "+1 (888) 555-0123",
        "owner_user_id": OWNER_USER_ID,
        "plan": "Agency Pro",
    }
    yield Entity(kind="agency", id=new_id(rng), body=agency)
    login = {
        "email": OPERATOR_EMAIL,
        "password": OPERATOR_PASSWORD,
        "totp_secret": OPERATOR_TOTP_SECRET,
        "first": "Olive",
        "last": "Operator",
        "role": "Agency Admin",
        "user_id": OPERATOR_USER_ID,
    }
    yield Entity(kind="login_user", id=OPERATOR_USER_ID, body=login)


def user_entities(locations: Mapping[str, Customer], rng: random.Random) -> Iterator[Entity]:
    """Users of every sub-account; `locations` maps location id to customer, in seed order.

    A user with the quirk `shared-user` also belongs to the next sub-account that is on SaaS.
    """
    ids = list(locations)
    owner_of = [i for i in ids if "owner-here" in locations[i].quirks]
    operator_of = [i for i in ids if "operator-here" in locations[i].quirks]
    owner = _user(
        name=("Morgan", "Ellery"),
        email="morgan@wootrecruit.example",
        phone=person_phone("720", 1),
        agency=True,
        admin=True,
        location_ids=owner_of,
    )
    yield Entity(kind="user", id=OWNER_USER_ID, body=owner | {"is_owner": True})
    operator = _user(
        name=("Olive", "Operator"),
        email=OPERATOR_EMAIL,
        phone=person_phone("720", 2),
        agency=True,
        admin=True,
        location_ids=operator_of,
    )
    yield Entity(kind="user", id=OPERATOR_USER_ID, body=operator)
    for location_id, customer in locations.items():
        if location_id == AGENCY_LOCATION_ID:
            continue
        people = staff_of(customer)
        for position, (first, last) in enumerate(people):
            member_of = [location_id]
            if position == len(people) - 1 and "shared-user" in customer.quirks:
                member_of.append(_next_live(ids, locations, location_id))
            body = _user(
                name=(first, last),
                email=person_email(customer, first),
                phone=person_phone(customer.area, 60 + position),
                agency=False,
                admin=position == 0,
                location_ids=member_of,
            )
            yield Entity(
                kind="user", id=new_id(rng), body=body | {"created": days_before(rng.randint(20, 700))}
            )


def audit_entities(locations: Mapping[str, Customer], rng: random.Random) -> Iterator[Entity]:
    """A little history for every sub-account."""
    seen = (
        ("Contacts", "Created", "Contact"),
        ("Calendars", "Updated", "Calendar"),
        ("Workflows", "Published", "Workflow"),
        ("Users", "Logged in", "User"),
    )
    for location_id, customer in locations.items():
        for position in range(rng.randint(2, 6)):
            module, action, thing = seen[position % len(seen)]
            body = {
                "at": days_before(rng.random() * 55),
                "user": f"{customer.first} {customer.last}",
                "module": module,
                "action": action,
                "object": thing,
                "details": f"{thing} {action.lower()}",
            }
            yield Entity(kind="audit_entry", id=new_id(rng), location_id=location_id, body=body)


def _user(
    *, name: tuple[str, str], email: str, phone: str, agency: bool, admin: bool, location_ids: list[str]
) -> dict[str, Any]:
    return {
        "first": name[0],
        "last": name[1],
        "email": email,
        "phone": phone,
        "type": "agency" if agency else "account",
        "role": "admin" if admin else "user",
        "location_ids": location_ids,
        "is_owner": False,
        "created": days_before(900),
    }


def _next_live(ids: list[str], locations: Mapping[str, Customer], location_id: str) -> str:
    start = ids.index(location_id)
    for other in ids[start + 1 :] + ids[:start]:
        if locations[other].saas and locations[other].key != "adriannes-housekeeping":
            return other
    raise ValueError("no other sub-account is on SaaS")
