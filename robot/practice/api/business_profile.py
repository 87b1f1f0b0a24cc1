"""Settings > Business Profile of a sub-account (dashboard-facts 5.7, last part)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, post

_EDITABLE = ("friendly_name", "legal_name", "email", "phone", "website", "niche")


async def one(call: Call) -> Json:
    """Answer the profile; its `location_id` is what support calls the Account ID."""
    [profile] = call.store.in_location("business_profile", call.location_id)
    return {"id": profile.id, "location_id": call.location_id, **profile.body}


async def save(call: Call) -> Json:
    """Store the general information."""
    [profile] = call.store.in_location("business_profile", call.location_id)
    wanted = {name: str(call.body[name]) for name in _EDITABLE if name in call.body}
    if not wanted.get("friendly_name", "x").strip():
        raise RefusedError("Friendly business name is required")
    changed = profile.evolve(**wanted)
    call.store.update(changed, call.act("edit", f"business_profile:{call.location_id}"))
    return {"id": changed.id, "location_id": call.location_id, **changed.body}


routes = [
    post("/locations/{location_id}/business-profile", one),
    post("/locations/{location_id}/business-profile/save", save),
]
