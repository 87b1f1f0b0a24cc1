"""What offboarding one customer must do to the practice dashboard, worked out from its state beforehand.

Task by task, as `flows/offboard.yaml` names them; a task that is missing here fails the test of the demo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.rehearsal.dashboard import Mutation, Practice

ACADEMY = "wR5tYp2QeL8sKd4VnJ6x"
TAG = "wootrecruit-knowledgebase"

Work = Callable[[Practice, str], Iterator[Mutation]]


def _nothing(practice: Practice, location: str) -> Iterator[Mutation]:
    yield from ()


def _snapshot(practice: Practice, location: str) -> Iterator[Mutation]:
    [found] = [row for row in practice.entities("snapshot") if row["body"]["location_id"] == location]
    yield Mutation(action="refresh", object=f"snapshot:{found['id']}", location_id=None)


def _email_domains(practice: Practice, location: str) -> Iterator[Mutation]:
    for row in practice.entities("email_domain", location):
        yield Mutation(action="delete", object=f"email_domain:{row['body']['domain']}", location_id=location)


def _domains(practice: Practice, location: str) -> Iterator[Mutation]:
    for row in practice.entities("domain", location):
        name = row["body"]["domain"]
        for product in row["body"]["products"]:
            key = f"domain_product:{name}/{product['id']}"
            yield Mutation(action="delete", object=key, location_id=location)
        yield Mutation(action="delete", object=f"domain:{name}", location_id=location)


def _calendars(practice: Practice, location: str) -> Iterator[Mutation]:
    for row in practice.entities("calendar", location):
        if row["body"]["status"] == "Active":
            yield Mutation(action="deactivate", object=f"calendar:{row['id']}", location_id=location)


def _saas_mode(practice: Practice, location: str) -> Iterator[Mutation]:
    [row] = [row for row in practice.entities("sub_account") if row["id"] == location]
    if row["body"]["saas"]["state"] == "on":
        yield Mutation(action="disable", object=f"saas:{location}", location_id=location)


def _phone_numbers(practice: Practice, location: str) -> Iterator[Mutation]:
    for row in practice.entities("phone_number", location):
        yield Mutation(action="delete", object=f"phone_number:{row['body']['number']}", location_id=location)


def _brand_campaign(practice: Practice, location: str) -> Iterator[Mutation]:
    """The request itself; the messages on the way to it are looked at one by one."""
    yield Mutation(action="submit", object=f"support_request:{location}", location_id=location)


def _users(practice: Practice, location: str) -> Iterator[Mutation]:
    for row in practice.entities("user"):
        places = row["body"]["location_ids"]
        if location in places and row["body"]["type"] == "account":
            action = "delete" if places == [location] else "remove"
            yield Mutation(action=action, object=f"user:{row['id']}@{location}", location_id=location)


def _academy(practice: Practice, location: str) -> Iterator[Mutation]:
    users = [row["body"] for row in practice.entities("user") if location in row["body"]["location_ids"]]
    [profile] = [row["body"] for row in practice.entities("business_profile", location)]
    mails = {one["email"] for one in users} | {profile["email"]}
    for row in practice.entities("contact", ACADEMY):
        if row["body"]["email"] in mails and TAG in row["body"]["tags"]:
            key = f"contact_tag:{row['id']}/{TAG}"
            yield Mutation(action="remove_tag", object=key, location_id=ACADEMY)


_WORK: dict[str, Work] = {
    "identities": _nothing,
    "snapshot": _snapshot,
    "email-domain": _email_domains,
    "domain": _domains,
    "calendars": _calendars,
    "saas-mode": _saas_mode,
    "phone-numbers": _phone_numbers,
    "brand-campaign": _brand_campaign,
    "users": _users,
    "academy": _academy,
}


def expected_of(task: str, practice: Practice, location: str) -> list[Mutation]:
    """What one task must do, in the dashboard's order."""
    return list(_WORK[task](practice, location))
