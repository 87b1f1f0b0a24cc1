"""Settings > Tags, and the tags that dialogs offer."""

from __future__ import annotations

import hashlib

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.entity import Entity
from robot.practice.tag_effect import now


async def search(call: Call) -> Json:
    """Search by name: {rows: [{id, name, created, contacts}], total}."""
    query = str(call.body.get("query", ""))
    contacts = call.store.in_location("contact", call.location_id)
    tags = call.store.in_location("tag", call.location_id)
    rows = [
        {
            "id": tag.id,
            **tag.body,
            "contacts": sum(1 for contact in contacts if tag.body["name"] in contact.body["tags"]),
        }
        for tag in tags
        if matches(query, tag.body["name"])
    ]
    return {"rows": rows, "total": len(tags)}


async def create(call: Call) -> Json:
    """Make a tag: {name}."""
    name = str(call.body.get("name", "")).strip().lower()
    tags = call.store.in_location("tag", call.location_id)
    if not name or any(tag.body["name"] == name for tag in tags):
        raise RefusedError("Tag already exists" if name else "Tag name is required")
    tag = Entity(
        kind="tag",
        id=hashlib.sha256(f"{call.location_id}/{name}".encode()).hexdigest()[:20],
        location_id=call.location_id,
        position=len(tags),
        body={"name": name, "created": now()},
    )
    call.store.insert(tag, call.act("create", f"tag:{name}"))
    return {"id": tag.id}


async def delete(call: Call) -> Json:
    """Delete a tag, from all contacts too. Nothing is triggered."""
    tag = call.owned("tag", call.path["id"])
    name = tag.body["name"]
    with call.store.together():
        for contact in call.store.in_location("contact", call.location_id):
            if name in contact.body["tags"]:
                call.store.update(
                    contact.evolve(tags=[one for one in contact.body["tags"] if one != name]),
                    call.act("remove_tag", f"contact_tag:{contact.id}/{name}", tag_deleted=True),
                )
        call.store.delete(tag, call.act("delete", f"tag:{name}"))
    return {}


routes = [
    post("/locations/{location_id}/tags/search", search),
    post("/locations/{location_id}/tags/create", create),
    post("/locations/{location_id}/tags/{id}/delete", delete),
]
