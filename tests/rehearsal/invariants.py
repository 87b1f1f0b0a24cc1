"""What must hold after every single run, whatever the dashboard did meanwhile. Told by the oracle alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from robot.run.model import Status, TaskResult
from tests.rehearsal.dashboard import Mutation, Practice

ACADEMY = "wR5tYp2QeL8sKd4VnJ6x"
TAG = "wootrecruit-knowledgebase"

#: What each flow may change: the kinds of objects in the oracle's list.
MAY_CHANGE = {
    "email-domain": {"email_domain"},
    "domain": {"domain", "domain_product"},
    "calendars": {"calendar"},
    "saas-mode": {"saas"},
    "phone-numbers": {"phone_number"},
    "brand-campaign": {"support_message", "support_request"},
    "users": {"user"},
    "snapshot": {"snapshot"},
    "academy": {"contact_tag"},
}
#: A message to support is no act of its own kind: one request takes several, and prompts may be asked twice.
_REPEATABLE = {"support_message"}
#: Kinds whose identity the robot and the oracle tell differently.
_OTHER_KEY = {"support_message", "support_request", "snapshot"}


def broken(flow: str, result: TaskResult, practice: Practice, location_id: str) -> list[str]:
    """What does not hold, one line each; empty when all is well."""
    done = practice.mutations()
    return [
        *_strangers(flow, done, location_id),
        *_namesakes(practice, done, location_id),
        *_twice(done),
        *_claims(flow, result, practice, location_id),
        *_hidden(result, done),
    ]


def _strangers(flow: str, done: list[Mutation], location_id: str) -> list[str]:
    """Nothing outside the customer, nothing that the flow does not name."""
    places = {location_id, None, *([ACADEMY] if flow == "academy" else [])}
    kinds = MAY_CHANGE[flow]
    return [
        f"not for {flow} to do: {one}"
        for one in done
        if one.location_id not in places or one.object.split(":")[0] not in kinds
    ]


def _namesakes(practice: Practice, done: list[Mutation], location_id: str) -> list[str]:
    """The academy's tag is taken from nobody but the customer."""
    mine = {one["id"] for one in _contacts_of(practice, location_id)}
    touched = [one.object for one in done if one.object.startswith("contact_tag:")]
    return [f"not the customer's: {one}" for one in touched if one.split(":")[1].split("/")[0] not in mine]


def _contacts_of(practice: Practice, location_id: str) -> list[dict[str, Any]]:
    """The academy's contacts with the mail address or the number of the customer's representative."""
    person = practice.person_of(location_id)
    return [
        one
        for one in practice.entities("contact", ACADEMY)
        if (one["body"]["email"] or "").lower() in person["emails"]
        or one["body"]["phone"] in person["phones"]
    ]


def _twice(done: list[Mutation]) -> list[str]:
    counts = Counter((one.action, one.object) for one in done if one.object.split(":")[0] not in _REPEATABLE)
    return [f"done {number} times: {what}" for what, number in counts.items() if number > 1]


def _claims(flow: str, result: TaskResult, practice: Practice, location_id: str) -> list[str]:
    """`passed` and `noop` only when the goal holds on the server; an act that passed is in the oracle's list."""
    lines = []
    if result.status.is_good and not GOALS[flow](practice, location_id):
        lines.append(f"{flow} says {result.status}, and its goal does not hold")
    known = {one.object for one in practice.mutations()}
    for act in result.acts:
        if (
            act.status is Status.PASSED
            and act.object.split(":")[0] not in _OTHER_KEY
            and act.object not in known
        ):
            lines.append(f"says that it did {act.object}, and nobody did")
    return lines


def _hidden(result: TaskResult, done: list[Mutation]) -> list[str]:
    """Whatever was done is among the acts that the run tells of."""
    told = {act.object for act in result.acts}
    kinds = {act.object.split(":")[0] for act in result.acts}
    lines = []
    for one in done:
        kind = one.object.split(":")[0]
        is_told = kind in kinds or "support_request" in kinds if kind in _OTHER_KEY else one.object in told
        if not is_told:
            lines.append(f"did {one.object} and does not tell")
    return lines


def _none_of(kind: str) -> Callable[[Practice, str], bool]:
    return lambda practice, location: not practice.entities(kind, location)


def _calendars_inactive(practice: Practice, location: str) -> bool:
    return all(one["body"]["status"] == "Inactive" for one in practice.entities("calendar", location))


def _saas_off(practice: Practice, location: str) -> bool:
    [account] = [one for one in practice.entities("sub_account") if one["id"] == location]
    return bool(account["body"]["saas"]["state"] == "off")


def _no_users(practice: Practice, location: str) -> bool:
    users = [one["body"] for one in practice.entities("user")]
    return not [one for one in users if location in one["location_ids"] and one["type"] == "account"]


def _has_fresh_version(practice: Practice, location: str) -> bool:
    snapshots = {one["id"] for one in practice.entities("snapshot") if one["body"]["location_id"] == location}
    versions = [one["body"] for one in practice.entities("snapshot_version")]
    mine = [one for one in versions if one["snapshot_id"] in snapshots]
    return bool(mine) and not max(mine, key=lambda one: str(one["at"]))["failed"]


def _is_requested(practice: Practice, location: str) -> bool:
    tickets = [one["body"] for one in practice.entities("support_ticket")]
    asked = [
        one for one in tickets if one["location_id"] == location and "cancelled" in one["answers"]["issue"]
    ]
    return len(asked) == (1 if practice.entities("campaign", location) else 0)


def _has_no_tag(practice: Practice, location: str) -> bool:
    return not [one for one in _contacts_of(practice, location) if TAG in one["body"]["tags"]]


GOALS: dict[str, Callable[[Practice, str], bool]] = {
    "email-domain": _none_of("email_domain"),
    "domain": _none_of("domain"),
    "calendars": _calendars_inactive,
    "saas-mode": _saas_off,
    "phone-numbers": _none_of("phone_number"),
    "brand-campaign": _is_requested,
    "users": _no_users,
    "snapshot": _has_fresh_version,
    "academy": _has_no_tag,
}
