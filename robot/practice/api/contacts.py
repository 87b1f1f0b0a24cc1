"""Contacts: smart lists, the list itself, one contact (dashboard-facts 7.1, 7.3)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, matches, page_of, post
from robot.practice.entity import Entity
from robot.practice.tag_effect import change_tag

_LEAST_QUERY = 3
_MOST_QUERY = 75
_PAGE_SIZES = (20, 50, 100)


async def smart_lists(call: Call) -> Json:
    """Answer the smart lists this user sees, his own and the shared ones: {rows: [{id, name, is_global}]}."""
    me = call.session.user.id
    return {
        "rows": [
            {"id": one.id, "name": one.body["name"], "is_global": one.body["is_global"]}
            for one in call.store.in_location("smart_list", call.location_id)
            if one.body["is_global"] or one.body["owner_user_id"] == me
        ]
    }


async def search(call: Call) -> Json:
    """Search one list: {list, query, page, size} to a page of contacts. A query has 3 to 75 characters."""
    contacts = call.store.in_location("contact", call.location_id)
    list_id = str(call.body.get("list", "All"))
    if list_id != "All":
        tag = call.owned("smart_list", list_id).body["filter"].get("tag")
        contacts = [one for one in contacts if tag is None or tag in one.body["tags"]]
    query = str(call.body.get("query", "")).strip()
    if query and not _LEAST_QUERY <= len(query) <= _MOST_QUERY:
        raise RefusedError(f"Search with {_LEAST_QUERY} to {_MOST_QUERY} characters")
    if int(call.body.get("size", 20)) not in _PAGE_SIZES:
        raise RefusedError("No such page size")
    names = _workflow_names(call)
    return page_of([_row(call, one, names) for one in contacts if _found(one, query)], call.body)


async def one(call: Call) -> Json:
    """Answer a contact with its workflows: {..., active: [...], past: [...]}, newest first."""
    contact = call.owned("contact", call.path["id"])
    return _row(call, contact, _workflow_names(call))


async def change_tags(call: Call) -> Json:
    """Add and remove tags of one contact at once: {add: [names], remove: [names]}."""
    contact = call.owned("contact", call.path["id"])
    with call.store.together():
        for tag in call.body.get("remove", []):
            if tag in contact.body["tags"]:
                act = call.act("remove_tag", f"contact_tag:{contact.id}/{tag}")
                contact = change_tag(call.store, call.pace, contact, tag, act, change="remove")
        for tag in call.body.get("add", []):
            if tag not in contact.body["tags"]:
                act = call.act("add_tag", f"contact_tag:{contact.id}/{tag}")
                contact = change_tag(call.store, call.pace, contact, tag, act, change="add")
    return {"tags": contact.body["tags"]}


async def delete(call: Call) -> Json:
    """Delete contacts: {ids}."""
    with call.store.together():
        for id_ in call.body["ids"]:
            contact = call.owned("contact", id_)
            call.store.delete(contact, call.act("delete", f"contact:{contact.id}", name=_name(contact)))
    return {}


def _found(contact: Entity, query: str) -> bool:
    body = contact.body
    texts = (_name(contact), body["email"], body["phone"], body["company"], *body["tags"])
    return not query or matches(query, *texts)


def _name(contact: Entity) -> str:
    return f"{contact.body['first']} {contact.body['last']}".strip()


def _workflow_names(call: Call) -> dict[str, str]:
    return {one.id: one.body["name"] for one in call.store.in_location("workflow", call.location_id)}


def _row(call: Call, contact: Entity, names: dict[str, str]) -> Json:
    runs = [
        {"id": one.id, "name": names.get(one.body["workflow_id"], "Deleted workflow"), **one.body}
        for one in call.store.in_location("enrollment", call.location_id)
        if one.body["contact_id"] == contact.id
    ]
    runs.sort(key=lambda run: (run["started_at"], run["id"]), reverse=True)
    return {
        "id": contact.id,
        "name": _name(contact),
        **contact.body,
        "active": [run for run in runs if run["status"] == "active"],
        "past": [run for run in runs if run["status"] != "active"],
    }


routes = [
    post("/locations/{location_id}/smart-lists", smart_lists),
    post("/locations/{location_id}/contacts/search", search),
    post("/locations/{location_id}/contacts/delete", delete),
    post("/locations/{location_id}/contacts/{id}", one),
    post("/locations/{location_id}/contacts/{id}/tags", change_tags),
]
