"""What one sub-account holds at the start, apart from snapshots and the agency's own contacts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from robot.practice.entity import Entity
from robot.practice.seed_customers import Customer
from robot.practice.seed_ids import days_before, new_id, new_sid
from robot.practice.seed_phone import person_phone, phone_entities

_PRODUCTS = (
    ("Funnel", "Summer Quote Funnel"),
    ("Website", "Main Website"),
    ("Blog", "Company Blog"),
    ("Client Portal", "Customer Portal"),
    ("Store", "Gift Card Store"),
)
_CALENDARS = (
    "Free Estimate",
    "Discovery Call",
    "On-site Visit",
    "Deep Clean Booking",
    "Weekly Service",
    "Team Interviews",
    "Follow-up Call",
    "New Hire Orientation",
    "Emergency Visit",
    "Walk-through",
    "Quarterly Review",
    "Phone Screening",
    "Move-out Booking",
    "Gift Card Pick-up",
)
_STREETS = ("Juniper Ave", "Congress St", "Old Mill Rd", "Harbor View Dr", "5th Street", "Larkspur Ln")
_STAFF = (
    ("Dana", "Whitfield"),
    ("Priya", "Raman"),
    ("Marcus", "Bell"),
    ("Sofia", "Lindqvist"),
    ("Theo", "Marsh"),
)
_LEADS = (
    ("Ivy", "Coleman"),
    ("Ben", "Arroyo"),
    ("Lucia", "Fontana"),
    ("Omar", "Haddad"),
    ("Grace", "Pell"),
    ("Stan", "Kowalski"),
    ("Mei", "Wong"),
    ("Ruth", "Adler"),
)
_EMAIL_USES: tuple[tuple[str, list[str]], ...] = (
    ("Workflow", ["Estimate follow-up", "Review request"]),
    ("Calendar", ["Free Estimate"]),
    ("Bulk Email", []),
    ("Campaign", []),
    ("Payments", []),
    ("One-One Conversation", []),
    ("Client Portal", []),
    ("Notification", []),
)


def location_entities(customer: Customer, location_id: str, rng: random.Random) -> Iterator[Entity]:
    """Everything inside one sub-account, the sub-account itself first."""
    profile_sid = new_sid("BU", rng)
    address = {
        "street": f"{rng.randint(100, 9800)} {rng.choice(_STREETS)}",
        "city": customer.city,
        "state": customer.state,
        "postal_code": f"{rng.randint(10000, 98999)}",
        "country": "United States",
    }
    yield _sub_account(customer, location_id, address, rng)
    yield _business_profile(customer, location_id, address, profile_sid, rng)
    yield from _email_domains(customer, location_id, rng)
    yield from _domains(customer, location_id, rng)
    yield from _calendars(customer, location_id, rng)
    yield from phone_entities(customer, location_id, profile_sid, rng)
    yield from _contacts(customer, location_id, rng)


def person_email(customer: Customer, first: str) -> str:
    """first@company.example; names in other scripts become `owner`."""
    plain = "".join(c for c in first.lower() if c.isascii() and c.isalnum())
    return f"{plain or 'owner'}@{customer.key}.example"


def staff_of(customer: Customer) -> list[tuple[str, str]]:
    """First and last names of the sub-account's users: its owner, then staff, as many as it has users."""
    shift = 0 if customer.key == "adriannes-housekeeping" else len(customer.key) % len(_STAFF)
    staff = _STAFF[shift:] + _STAFF[:shift]
    return [(customer.first, customer.last), *staff][: customer.users]


def _sub_account(customer: Customer, location_id: str, address: dict[str, Any], rng: random.Random) -> Entity:
    created = days_before(rng.randint(200, 1200))
    plan = rng.choice(("Starter $97", "Growth $197", "Pro $297"))
    saas: dict[str, Any] = {"enabled": False, "state": "off", "plan": None, "subscription": None}
    if customer.saas:
        saas = {
            "enabled": True,
            "state": "on",
            "plan": plan.split()[0],
            "price": plan.split()[1] + "/month",
            "subscription": {
                "id": f"sub_{new_id(rng)}",
                "customer": f"cus_{new_id(rng)[:14]}",
                "status": "Active",
                "renews": days_before(-rng.randint(3, 27)),
            },
            "wallet": f"{rng.randint(0, 4000) / 100:.2f}",
            "fails": "saas-fails" in customer.quirks,
        }
    body = {
        "name": customer.name,
        **address,
        "phone": person_phone(customer.area, 99),
        "email": f"office@{customer.key}.example",
        "website": f"https://www.{customer.key}.example",
        "timezone": "America/Chicago",
        "owner": {"first": customer.first, "last": customer.last},
        "saas": saas,
        "telephony": "twilio" if "twilio" in customer.quirks else "lc",
        "paused": "paused" in customer.quirks,
        "suspended": False,
        "created": created,
    }
    return Entity(kind="sub_account", id=location_id, location_id=location_id, body=body)


def _business_profile(
    customer: Customer, location_id: str, address: dict[str, Any], profile_sid: str, rng: random.Random
) -> Entity:
    body = {
        "friendly_name": customer.name,
        "legal_name": f"{customer.name} LLC",
        "email": f"office@{customer.key}.example",
        "phone": person_phone(customer.area, 99),
        "branded_domain": "",
        "website": f"https://www.{customer.key}.example",
        "niche": "Home services",
        "currency": "USD",
        "address": address,
        "business_type": "Limited Liability Company",
        "industry": "Professional services",
        "registration_type": "USA: Employer Identification Number (EIN)",
        "registration_number": f"{rng.randint(10, 98)}-{rng.randint(1000000, 9999999)}",
        "regions": "USA and Canada",
        "representative": {
            "first": customer.first,
            "last": customer.last,
            "email": person_email(customer, customer.first),
            "job_position": "Owner",
            "phone": person_phone(customer.area, 98),
        },
        "profile_sid": profile_sid,
    }
    return Entity(kind="business_profile", id=new_id(rng), location_id=location_id, body=body)


def _email_domains(customer: Customer, location_id: str, rng: random.Random) -> Iterator[Entity]:
    hosts = ("mail", "news", "reply", "updates")[: customer.emails]
    for position, host in enumerate(hosts):
        in_use = position == 0 and "email-in-use" in customer.quirks
        uses = [{"type": name, "entries": list(names) if in_use else []} for name, names in _EMAIL_USES]
        body = {
            "domain": f"{host}.{customer.key}.example",
            "verified": position != 2,
            "provider": "LC Email",
            "ip": "Shared IP",
            "warmup": "Completed" if position == 0 else "In progress",
            "uses": uses,
            "added": days_before(rng.randint(40, 300)),
        }
        yield Entity(kind="email_domain", id=new_id(rng), location_id=location_id, body=body)


def _domains(customer: Customer, location_id: str, rng: random.Random) -> Iterator[Entity]:
    hosts = ("www", "book", "shop", "go")[: customer.domains]
    for position, host in enumerate(hosts):
        internal = position == 1 and "domain-internal" in customer.quirks
        count = 0 if position == 2 else rng.randint(1, 2) + (1 if position == 0 else 0)
        products = [
            {"id": new_id(rng), "name": name, "type": kind} for kind, name in rng.sample(_PRODUCTS, count)
        ]
        action_required = position == 0 and "domain-action" in customer.quirks
        body = {
            "domain": f"{customer.key}-cleaning.example" if internal else f"{host}.{customer.key}.example",
            "source": "internal" if internal else "external",
            "status": "action_required" if action_required else "connected",
            "ssl": "Issued" if not action_required else "Pending",
            "products": products,
            "records": [
                {"type": "A", "name": host, "value": "192.0.2.70"},
                {"type": "TXT", "name": f"_verify.{host}", "value": "hub-site-verification"},
            ],
            "added": days_before(rng.randint(40, 500)),
            "renews": days_before(-rng.randint(30, 300)) if internal else None,
        }
        yield Entity(kind="domain", id=new_id(rng), location_id=location_id, body=body)


def _calendars(customer: Customer, location_id: str, rng: random.Random) -> Iterator[Entity]:
    group_id: str | None = None
    if customer.grouped:
        group_id = new_id(rng)
        group = {"name": "Recruiting Team", "slug": f"{customer.key}-recruiting", "description": "Hiring"}
        yield Entity(kind="calendar_group", id=group_id, location_id=location_id, body=group)
    total = customer.calendars + customer.grouped
    for position in range(total):
        in_group = position >= customer.calendars
        inactive = customer.calendars - customer.inactive <= position < customer.calendars
        name = _CALENDARS[position % len(_CALENDARS)]
        body = {
            "name": name,
            "group_id": group_id if in_group else None,
            "status": "Inactive" if inactive else "Active",
            "type": "Round Robin" if in_group else "Personal Booking",
            "duration": f"{rng.choice((15, 30, 45, 60))} mins",
            "slug": f"{customer.key}-{name.lower().replace(' ', '-')}",
            "updated": days_before(rng.randint(2, 200)),
        }
        yield Entity(kind="calendar", id=new_id(rng), location_id=location_id, body=body)


def _contacts(customer: Customer, location_id: str, rng: random.Random) -> Iterator[Entity]:
    if not customer.contacts:
        return
    for name in ("new lead", "customer"):
        yield Entity(
            kind="tag",
            id=new_id(rng),
            location_id=location_id,
            body={"name": name, "created": days_before(300)},
        )
    for position in range(customer.contacts):
        first, last = _LEADS[position % len(_LEADS)]
        body = {
            "first": first,
            "last": last,
            "company": "",
            "email": f"{first}.{last}{position}@mailbox.example".lower(),
            "phone": person_phone(customer.area, 30 + position),
            "tags": ["new lead"] if position % 2 else ["customer"],
            "owner": f"{customer.first} {customer.last}",
            "created": days_before(rng.randint(3, 300)),
            "last_activity": days_before(rng.random() * 3),
        }
        yield Entity(kind="contact", id=new_id(rng), location_id=location_id, body=body)
