"""What surrounds every page: who I am, what is switched on, the sub-account switcher."""

from __future__ import annotations

from dataclasses import replace

from robot.practice.api.call import Call, Json, matches, post


async def boot(call: Call) -> Json:
    """Answer what the app needs before it draws anything."""
    user = call.session.user
    pace = replace(call.pace, name=call.store.setting("page_pace") or call.pace.name)
    return {
        "user": {"id": user.id, **{key: user.body[key] for key in ("email", "first", "last", "role")}},
        "settings": call.store.settings(),
        "pace": {
            "skeletonMs": _set(call, "skeleton_ms", pace.skeleton_ms),
            "blankFrameMs": _set(call, "frame_blank_ms", pace.blank_frame_ms),
            "toastMs": pace.toast_ms,
            "name": pace.name,
        },
    }


def _set(call: Call, name: str, usual: int) -> int:
    value = call.store.setting(name)
    return usual if value is None else int(value)


async def open_own_help(call: Call) -> Json:
    """Tell somebody at the agency that its own help widget was opened. No business of the vendor's support."""
    call.store.record(call.act("open", "own_help_widget:agency"))
    return {}


async def search_locations(call: Call) -> Json:
    """Search sub-accounts by name, city or id: {rows: [{id, name, city, ...}]}, all of them at once."""
    query = str(call.body.get("query", ""))
    return {
        "rows": [
            {"id": location.id, **location.body}
            for location in call.store.all_of("sub_account")
            if matches(query, location.body["name"], location.body.get("city"), location.id)
        ]
    }


async def one_location(call: Call) -> Json:
    """Answer one sub-account."""
    location = call.store.get("sub_account", call.location_id)
    return {"id": location.id, **location.body}


routes = [
    post("/boot", boot),
    post("/own-help/open", open_own_help),
    post("/locations/search", search_locations),
    post("/locations/{location_id}", one_location),
]
