"""Settings > Calendars of a sub-account (dashboard-facts 5.3)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, matches, page_of, post
from robot.practice.entity import Entity


async def search(call: Call) -> Json:
    """Search calendars by name or slug: one page of rows, each with its group's name or None."""
    query = str(call.body.get("query", ""))
    groups = {g.id: g.body["name"] for g in call.store.in_location("calendar_group", call.location_id)}
    rows = [
        {"id": c.id, **c.body, "group": groups.get(c.body["group_id"])}
        for c in call.store.in_location("calendar", call.location_id)
        if matches(query, c.body["name"], c.body["slug"])
    ]
    return page_of(rows, call.body, size=10)


async def search_groups(call: Call) -> Json:
    """All groups of the sub-account, each with its calendars' count and how many are active."""
    calendars = call.store.in_location("calendar", call.location_id)
    rows = []
    for group in call.store.in_location("calendar_group", call.location_id):
        members = [c for c in calendars if c.body["group_id"] == group.id]
        active = sum(c.body["status"] == "Active" for c in members)
        rows.append({"id": group.id, **group.body, "calendars": len(members), "active": active})
    return page_of(rows, call.body, size=10)


async def set_status(call: Call) -> Json:
    """Make one calendar Active or Inactive: {status}."""
    calendar = call.owned("calendar", call.path["id"])
    status = call.body.get("status")
    if status not in {"Active", "Inactive"}:
        raise RefusedError("Something went wrong")
    _change(call, [calendar], str(status))
    return {"status": status}


async def set_group_status(call: Call) -> Json:
    """Make every calendar of a group Active or Inactive: {status}. Those already so are left alone."""
    group = call.owned("calendar_group", call.path["id"])
    status = call.body.get("status")
    if status not in {"Active", "Inactive"}:
        raise RefusedError("Something went wrong")
    members = [
        c
        for c in call.store.in_location("calendar", call.location_id)
        if c.body["group_id"] == group.id and c.body["status"] != status
    ]
    _change(call, members, str(status))
    return {"changed": len(members)}


async def delete(call: Call) -> Json:
    """Delete one calendar for good."""
    calendar = call.owned("calendar", call.path["id"])
    call.store.delete(calendar, call.act("delete", f"calendar:{calendar.id}"))
    return {}


async def duplicate(call: Call) -> Json:
    """Copy one calendar."""
    calendar = call.owned("calendar", call.path["id"])
    copy = Entity(
        kind="calendar",
        id=calendar.id[::-1],
        location_id=calendar.location_id,
        position=calendar.position + 1,
        body={**calendar.body, "name": f"{calendar.body['name']} (Copy)"},
    )
    call.store.insert(copy, call.act("duplicate", f"calendar:{copy.id}", of=calendar.id))
    return {}


def _change(call: Call, calendars: list[Entity], status: str) -> None:
    action = "activate" if status == "Active" else "deactivate"
    with call.store.together():
        for calendar in calendars:
            call.store.update(
                calendar.evolve(status=status),
                call.act(action, f"calendar:{calendar.id}", name=calendar.body["name"]),
            )


routes = [
    post("/locations/{location_id}/calendars/search", search),
    post("/locations/{location_id}/calendar-groups/search", search_groups),
    post("/locations/{location_id}/calendars/{id}/status", set_status),
    post("/locations/{location_id}/calendar-groups/{id}/status", set_group_status),
    post("/locations/{location_id}/calendars/{id}/delete", delete),
    post("/locations/{location_id}/calendars/{id}/duplicate", duplicate),
]
