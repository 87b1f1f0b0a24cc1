"""Telephone numbers of a sub-account, and its messaging registrations: brands and campaigns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from robot.practice.entity import Entity
from robot.practice.seed_customers import Customer
from robot.practice.seed_ids import days_before, new_id, new_sid


def phone_entities(
    customer: Customer, location_id: str, profile_sid: str, rng: random.Random
) -> Iterator[Entity]:
    """Brands, campaigns and numbers of one sub-account; `profile_sid` is its business profile's."""
    brands, campaigns = _registrations(customer, location_id, profile_sid, rng)
    yield from brands
    yield from campaigns
    yield from _numbers(customer, location_id, campaigns, rng)


def person_phone(area: str, line: int) -> str:
    """E.164 in the range kept for fiction: 555-01xx of an area code."""
    return f"+1{area}55501{line:02d}"


def shown_phone(number: str) -> str:
    """+15125550142 as (512) 555-0142."""
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def _registrations(
    customer: Customer, location_id: str, profile_sid: str, rng: random.Random
) -> tuple[list[Entity], list[Entity]]:
    failed = "brand-failed" in customer.quirks
    brands = [
        Entity(
            kind="brand",
            id=new_id(rng),
            location_id=location_id,
            body={
                "sid": new_sid("BN", rng),
                "name": customer.name if position == 0 else f"{customer.name} ({position + 1})",
                "type": "Sole Proprietor" if position else "Standard",
                "status": "Failed" if failed else "Approved",
                "identity_status": "Unverified" if failed else "Verified",
                "attempts": 3 if failed else 1,
                "profile_sid": profile_sid,
                "registry_id": None if failed else "B" + new_id(rng)[:6].upper(),
                "created": days_before(rng.randint(150, 400)),
            },
        )
        for position in range(customer.brands)
    ]
    uses = ("Low Volume Mixed", "Customer Care", "Marketing")
    campaigns = []
    if brands:
        for position in range(customer.campaigns):
            brand = brands[position % len(brands)]
            body: dict[str, Any] = {
                "campaign_id": "C" + new_id(rng)[:6].upper(),
                "sid": new_sid("QE", rng),
                "brand_id": brand.id,
                "friendly_name": f"{customer.name} {uses[position % len(uses)]}",
                "status": "Approved" if position < 2 else "In Review",
                "use_case": uses[position % len(uses)],
                "messaging_service": new_sid("MG", rng),
                "profile_sid": profile_sid,
                "submitted": days_before(rng.randint(60, 149)),
            }
            campaigns.append(Entity(kind="campaign", id=new_id(rng), location_id=location_id, body=body))
    return brands, campaigns


def _numbers(
    customer: Customer, location_id: str, campaigns: list[Entity], rng: random.Random
) -> Iterator[Entity]:
    names = ("Main Line", "Recruiting Line", "After Hours", "Ads Tracking", "Fleet", "Front Desk")
    pool_id = new_id(rng) if "pool" in customer.quirks else None
    numbers = []
    for position in range(customer.numbers):
        number = person_phone(customer.area, 10 + 7 * position)
        numbers.append(
            Entity(
                kind="phone_number",
                id=new_id(rng),
                location_id=location_id,
                body={
                    "number": number,
                    "shown": shown_phone(number),
                    "friendly_name": names[position % len(names)],
                    "is_default": position == 0,
                    "a2p_verified": bool(campaigns) and position < 2,
                    "campaign_id": campaigns[0].id if campaigns and position < 2 else None,
                    "whatsapp_linked": position == 1 and "whatsapp" in customer.quirks,
                    "pool_id": pool_id if pool_id and position >= 2 else None,
                    "type": "Local",
                    "capabilities": ["Voice", "SMS", "MMS"],
                    "added": days_before(rng.randint(30, 400)),
                },
            )
        )
    if pool_id:
        pooled = [n.id for n in numbers if n.body["pool_id"] == pool_id]
        body = {"name": "Website Tracking Pool", "number_ids": pooled, "minimum": 4}
        yield Entity(kind="number_pool", id=pool_id, location_id=location_id, body=body)
    yield from numbers
