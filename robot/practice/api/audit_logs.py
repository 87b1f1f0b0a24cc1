"""Audit Logs of a sub-account and of the agency: the sample's old entries, and what users did since.

Source: dashboard-facts 7.3 (who, what, when; 60 days; filters by user, module, action).
"""

from __future__ import annotations

from datetime import UTC, datetime

from robot.practice.api.call import Call, Json, page_of, post

_MODULES = {
    "phone_number": "Phone System",
    "contact": "Contacts",
    "contact_tag": "Contacts",
    "tag": "Contacts",
    "bulk_action": "Contacts",
    "email_domain": "Email Services",
    "domain": "Domains",
    "domain_product": "Domains",
    "calendar": "Calendars",
    "calendar_group": "Calendars",
    "user": "Users",
    "snapshot": "Snapshots",
    "saas": "SaaS",
    "sub_account": "Sub-Accounts",
    "support_request": "Support",
}
_PAST = {
    "delete": "Deleted",
    "create": "Created",
    "remove": "Removed",
    "remove_tag": "Tag removed",
    "add_tag": "Tag added",
    "deactivate": "Deactivated",
    "activate": "Activated",
    "disable": "Disabled",
    "refresh": "Refreshed",
    "cancel": "Cancelled",
    "submit": "Submitted",
}


async def of_location(call: Call) -> Json:
    """Answer a page of one sub-account's entries: {rows, total, page, size, users, modules, actions}."""
    return _answer(call, _entries(call, call.location_id))


async def of_agency(call: Call) -> Json:
    """Answer a page of all entries."""
    return _answer(call, _entries(call, None))


def _answer(call: Call, entries: list[Json]) -> Json:
    wanted = {key: call.body.get(key) for key in ("user", "module", "action")}
    rows = [
        entry
        for entry in entries
        if all(value is None or entry[key] == value for key, value in wanted.items())
    ]
    choices = {f"{key}s": sorted({entry[key] for entry in entries}) for key in wanted}
    return {**page_of(rows, call.body), **choices}


def _entries(call: Call, location_id: str | None) -> list[Json]:
    """Return the entries, newest first."""
    names = {one.id: f"{one.body['first']} {one.body['last']}" for one in call.store.all_of("login_user")}
    old = (
        call.store.all_of("audit_entry")
        if location_id is None
        else call.store.in_location("audit_entry", location_id)
    )
    entries = [{"id": one.id, **one.body} for one in old]
    for mutation in call.store.mutations(location_id=location_id):
        kind, _, identity = mutation["object"].partition(":")
        entries.append(
            {
                "id": f"m{mutation['seq']:09d}",
                "at": datetime.fromtimestamp(mutation["at"], UTC).isoformat(timespec="seconds"),
                "user": names.get(mutation["actor"], mutation["actor"]),
                "module": _MODULES.get(kind, kind.replace("_", " ").title()),
                "action": _PAST.get(mutation["action"], mutation["action"].replace("_", " ").capitalize()),
                "object": kind.replace("_", " ").capitalize(),
                "details": identity,
            }
        )
    entries.sort(key=lambda entry: (entry["at"], entry["id"]), reverse=True)
    return entries


routes = [
    post("/locations/{location_id}/audit-logs", of_location),
    post("/audit-logs", of_agency),
]
