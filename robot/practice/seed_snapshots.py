"""Account snapshots of the agency, and the assets every sub-account could put in one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from robot.practice.entity import Entity
from robot.practice.seed_customers import DEMO_LOCATION_ID, Customer
from robot.practice.seed_ids import days_before, new_id

_ASSETS = {
    "Calendars": ("Free Estimate", "Discovery Call"),
    "Campaigns": ("New lead nurture",),
    "Custom Fields": ("Service address", "Preferred day", "Square feet"),
    "Custom Values": ("Business name", "Review link"),
    "Email Templates": ("Welcome", "Monthly news"),
    "Forms": ("Quote form",),
    "Funnels": ("Summer quote funnel",),
    "Pipelines": ("Sales pipeline", "Hiring pipeline"),
    "Tags": ("new lead", "customer"),
    "Triggers": ("Form submitted",),
    "Websites": ("Main website",),
    "Workflows": ("Estimate follow-up", "Review request", "Missed call text back"),
}


def snapshot_entities(locations: Mapping[str, Customer], rng: random.Random) -> Iterator[Entity]:
    """Assets of all sub-accounts, then the snapshots in the list's order with their versions."""
    assets = {
        location_id: list(_assets(location_id, locations[location_id], rng)) for location_id in locations
    }
    for rows in assets.values():
        yield from rows
    for location_id, customer in locations.items():
        for position in range(customer.snapshots):
            name = customer.name if position == 0 else f"{customer.name} - backup {position + 1}"
            # The newest three assets came after the snapshot was made.
            included = [asset.id for asset in assets[location_id][:-3]]
            yield from _snapshot(name, location_id, "own", included, rng)
    for name in (
        "Cleaning Business Starter",
        "Recruiting Funnel Kit",
        "Adrianne's Housekeeping (shared copy)",
    ):
        yield from _snapshot(name, None, "imported", [], rng)
    for name in ("Home Services Playbook", "Agency Essentials"):
        yield from _snapshot(name, None, "default", [], rng)


def _assets(location_id: str, customer: Customer, rng: random.Random) -> Iterator[Entity]:
    for category, names in _ASSETS.items():
        for name in names:
            # "once" fails at its first refresh or creation, "always" at each.
            fails = "never"
            if name == "Review request":
                if "asset-fails" in customer.quirks:
                    fails = "always"
                elif "asset-fails-once" in customer.quirks:
                    fails = "once"
            body = {"category": category, "name": name, "fails": fails}
            yield Entity(kind="asset", id=new_id(rng), location_id=location_id, body=body)


def _snapshot(
    name: str, location_id: str | None, tab: str, included: list[str], rng: random.Random
) -> Iterator[Entity]:
    age = 63 if location_id == DEMO_LOCATION_ID else rng.randint(4, 300)
    snapshot_id = new_id(rng)
    body = {
        "name": name,
        "location_id": location_id,
        "tab": tab,
        "asset_ids": included,
        "created": days_before(age + 90),
        "updated": days_before(age),
        "updated_by": "Morgan Ellery",
    }
    yield Entity(kind="snapshot", id=snapshot_id, location_id=location_id, body=body)
    if tab != "own":
        return
    count = max(len(included), 1)
    for days, added, removed, synced in ((age + 90, count, 0, 0), (age, 0, 1, count)):
        version = {
            "snapshot_id": snapshot_id,
            "at": days_before(days),
            "user": "Morgan Ellery",
            "added": added,
            "removed": removed,
            "synced": synced,
            "failed": [],
            "action": "Created" if removed == 0 else "Refreshed",
        }
        yield Entity(kind="snapshot_version", id=new_id(rng), location_id=location_id, body=version)
