"""The sample agency, made from one number: `build(seed)` gives every entity, always the same.

Kinds and the keys of their bodies. "Here" means the entity's location_id is the sub-account's id; times are
ISO 8601 UTC strings; telephone numbers are E.164; ids are 20 letters and digits.

agency            name, relationship_number, support_access_until, support_phone, owner_user_id, plan
login_user        email, password, totp_secret, first, last, role, user_id  (id = user id)
sub_account       name, street, city, state, postal_code, country, phone, email, website, timezone,
                  owner {first, last}, saas {enabled, state on|disabling|off, plan, price, wallet, fails,
                  subscription {id, customer, status, renews} | None}, telephony lc|twilio, paused, suspended,
                  created
                  (id = location id = location_id)
business_profile  here: friendly_name, legal_name, email, phone, branded_domain, website, niche, currency,
                  address {street, city, state, postal_code, country}, business_type, industry,
                  registration_type, registration_number, regions, representative {first, last, email,
                  job_position, phone}, profile_sid (BU + 32 hex)
user              first, last, email, phone, type agency|account, role admin|user, location_ids [..],
                  is_owner, created
email_domain      here: domain, verified, provider, ip, warmup, added, uses [{type, entries [..]}]
domain            here: domain, source external|internal, status connected|action_required, ssl, added,
                  renews | None, products [{id, name, type}], records [{type, name, value}]
calendar          here: name, group_id | None, status Active|Inactive, type, duration, slug, updated
calendar_group    here: name, slug, description
phone_number      here: number (E.164), shown "(512) 555-0110", friendly_name, is_default, a2p_verified,
                  campaign_id (entity id) | None, whatsapp_linked, pool_id | None, type, capabilities, added
number_pool       here: name, number_ids, minimum
brand             here: sid (BN + 32 hex), name, type, status, identity_status, attempts, profile_sid,
                  registry_id | None, created
campaign          here: campaign_id (what the page prints), sid (QE + 32 hex), brand_id (entity id),
                  friendly_name, status, use_case, messaging_service (MG + 32 hex), profile_sid, submitted
contact           here: first, last, company, email, phone, tags [names], owner, created, last_activity
tag               here: name, created
smart_list        here: name, is_global, filter {tag}, owner_user_id (shown to its owner, or to all if global)
workflow          here: name, published, trigger {kind tag_added|tag_removed, tag}, steps, updated
enrollment        here: workflow_id, contact_id, status active|finished, started_at, finished_at | None
asset             here: category, name, fails never|once|always (what a snapshot could hold)
snapshot          name, location_id (source) | None, tab own|imported|default, asset_ids, created, updated,
                  updated_by
snapshot_version  snapshot_id, at, user, added, removed, synced (counts), failed [asset names],
                  action Created|Refreshed
support_thread    channel ai|agent|ticket, status open|submitted|ended, opened_at, subject, plan (what it asks, in
                  order), answers {}, messages [{from bot|agent|user|system, text, at, replies [..]}],
                  ticket_number | None  (one is in the sample: an old one of another customer)
support_ticket    number, thread_id, subject, category, status, opened_at, text (made while the program runs)
audit_entry       here: at, user, module, action, object, details
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from robot.practice.entity import Entity
from robot.practice.seed_academy import academy_entities
from robot.practice.seed_agency import agency_entities, audit_entities, user_entities
from robot.practice.seed_customers import CUSTOMERS, Customer
from robot.practice.seed_ids import days_before, new_id
from robot.practice.seed_location import location_entities
from robot.practice.seed_snapshots import snapshot_entities

__all__ = ["Entity", "build"]


def build(seed: int) -> list[Entity]:
    """All entities of the sample agency, in the order the pages show them. Pure: same seed, same list."""
    ids = _stream(seed, "locations")
    locations = {customer.location_id or new_id(ids): customer for customer in CUSTOMERS}
    entities = list(agency_entities(_stream(seed, "agency")))
    for location_id, customer in locations.items():
        entities += location_entities(customer, location_id, _stream(seed, customer.key))
    entities += user_entities(locations, _stream(seed, "users"))
    entities += academy_entities(locations, _stream(seed, "academy"))
    entities += snapshot_entities(locations, _stream(seed, "snapshots"))
    entities += audit_entities(locations, _stream(seed, "audit"))
    entities.append(_old_thread(locations, _stream(seed, "support")))
    places: Counter[str] = Counter()
    placed = []
    for entity in entities:
        placed.append(replace(entity, position=places[entity.kind]))
        places[entity.kind] += 1
    return placed


def _stream(seed: int, name: str) -> random.Random:
    """A separate stream for each part, so that a change in one part leaves the others as they were."""
    return random.Random(f"{seed}/{name}")  # noqa: S311 - sample data, not a secret


def _old_thread(locations: dict[str, Customer], rng: random.Random) -> Entity:
    location_id = list(locations)[-1]
    at = days_before(20)
    body = {
        "channel": "agent",
        "status": "submitted",
        "opened_at": at,
        "subject": f"Number porting for {locations[location_id].name}",
        "plan": [],
        "answers": {"account_id": location_id},
        "ticket_number": "4410927",
        "messages": [
            {"from": "bot", "text": "Hi! How can we help you today?", "at": at, "replies": []},
            {"from": "user", "text": "When will the number be ported?", "at": at, "replies": []},
            {
                "from": "bot",
                "text": "Your request has been submitted. Ticket number: #4410927",
                "at": at,
                "replies": [],
            },
        ],
    }
    return Entity(kind="support_thread", id=new_id(rng), body=body)
