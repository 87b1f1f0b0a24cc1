"""Bulk actions: adding and removing tags in the background, and their list (dashboard-facts 7.2).

A `bulk_action` entity: name, type "Add tag" | "Remove tag", user, created, status, contact_ids, tags,
stats {total, successful, failed, warning, skipped, pending}, errors [texts].
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal

from robot.practice import jobs
from robot.practice.api.call import Call, Json, RefusedError, post
from robot.practice.entity import Entity
from robot.practice.jobs import job
from robot.practice.pace import Pace
from robot.practice.store import Act, Store
from robot.practice.tag_effect import change_tag, now

_MOST_TAGS = 50
_MOST_NAME = 256
_REAL_S = 60.0
_TYPES = {"add": "Add tag", "remove": "Remove tag"}
_OVER = ("complete", "cancelled", "failed", "error")


async def start(call: Call) -> Json:
    """Start one: {change: add|remove, ids, tags, all_tags, name, when: now|scheduled|drip, at}."""
    change = call.body["change"]
    ids = list(dict.fromkeys(call.body["ids"]))
    tags = [str(tag) for tag in call.body.get("tags", [])]
    name = str(call.body.get("name", "")).strip()
    if not name or len(name) > _MOST_NAME:
        raise RefusedError("Enter a name for the action")
    if not ids or not (tags or call.body.get("all_tags")) or len(tags) > _MOST_TAGS:
        raise RefusedError("Please select tag")
    contacts = [call.owned("contact", id_) for id_ in ids]
    if call.body.get("all_tags"):
        tags = sorted({tag for contact in contacts for tag in contact.body["tags"]})
    others = call.store.in_location("bulk_action", call.location_id)
    digest = hashlib.sha256(f"{call.location_id}/{len(others)}".encode()).hexdigest()
    when = call.body.get("when", "now")
    action = Entity(
        kind="bulk_action",
        id=digest[:20],
        location_id=call.location_id,
        position=-len(others),
        body={
            "name": name,
            "type": _TYPES[change],
            "user": f"{call.session.user.body['first']} {call.session.user.body['last']}",
            "created": now(),
            "status": "queued" if when != "scheduled" else "scheduled",
            "contact_ids": ids,
            "tags": tags,
            "stats": {"total": len(ids), "successful": 0, "failed": 0, "warning": 0, "skipped": 0,
                      "pending": len(ids)},
            "errors": [],
        },
    )  # fmt: skip
    call.store.put(action)
    payload = {
        "id": action.id,
        "change": change,
        "actor": call.session.user.id,
        "route": call.route,
        "location_id": call.location_id,
    }
    wait_s = _REAL_S
    if when == "scheduled":
        wait_s += max(
            0.0, (datetime.fromisoformat(call.body["at"]) - datetime.fromisoformat(now())).total_seconds()
        )
    jobs.schedule(call.store, call.pace, kind="bulk_read", payload=payload, real_s=wait_s)
    return {"id": action.id}


async def listed(call: Call) -> Json:
    """Answer the bulk actions, newest first: {rows}."""
    return {
        "rows": [
            {"id": one.id, **one.body} for one in call.store.in_location("bulk_action", call.location_id)
        ]
    }


async def cancel(call: Call) -> Json:
    """Stop one that has not ended."""
    action = call.owned("bulk_action", call.path["id"])
    if action.body["status"] in _OVER:
        raise RefusedError("This bulk action has ended")
    call.store.update(action.evolve(status="cancelled"), call.act("cancel", f"bulk_action:{action.id}"))
    return {}


async def restore(call: Call) -> Json:
    """Undo one that has ended, and restart the workflows: {word: "RESTORE"}."""
    action = call.owned("bulk_action", call.path["id"])
    if call.body.get("word") != "RESTORE" or action.body["status"] != "complete":
        raise RefusedError("This bulk action cannot be restored")
    change: Literal["add", "remove"] = "add" if action.body["type"] == "Remove tag" else "remove"
    with call.store.together():
        for id_ in action.body["contact_ids"]:
            for tag in action.body["tags"]:
                contact = call.store.find("contact", id_)
                if contact is not None and (tag in contact.body["tags"]) == (change == "remove"):
                    act = call.act(f"{change}_tag", f"contact_tag:{id_}/{tag}", restored=action.id)
                    change_tag(call.store, call.pace, contact, tag, act, change=change)
        call.store.put(action.evolve(status="resumed"))
    return {}


@job("bulk_read")
def _read(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    action = store.find("bulk_action", payload["id"])
    if action is None or action.body["status"] == "cancelled":
        return
    store.put(action.evolve(status="processing"))
    jobs.schedule(store, pace, kind="bulk_change", payload=payload, real_s=_REAL_S)


@job("bulk_change")
def _change(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    """Do it, contact by contact; the mutation of each is recorded here, where it happens."""
    action = store.find("bulk_action", payload["id"])
    if action is None or action.body["status"] == "cancelled":
        return
    total = len(action.body["contact_ids"])
    stats = {"total": total, "successful": 0, "failed": 0, "warning": 0, "skipped": 0, "pending": 0}
    if store.setting("bulk_outcome") == "error":
        store.put(action.evolve(status="error", stats={**stats, "failed": total}, errors=["Internal error"]))
        return
    change: Literal["add", "remove"] = payload["change"]
    outcome = store.setting("bulk_outcome")
    for position, id_ in enumerate(action.body["contact_ids"]):
        contact = store.find("contact", id_)
        if contact is None or outcome == "failed" or (outcome == "partly" and position == 0):
            stats["failed"] += 1
            continue
        todo = [tag for tag in action.body["tags"] if (tag in contact.body["tags"]) == (change == "remove")]
        for tag in todo:
            act = Act(
                actor=payload["actor"],
                action=f"{change}_tag",
                object=f"contact_tag:{id_}/{tag}",
                location_id=payload["location_id"],
                route=payload["route"],
                detail={"bulk_action": action.id},
            )
            contact = change_tag(store, pace, contact, tag, act, change=change)
        stats["successful" if todo else "skipped"] += 1
    status = "complete" if stats["failed"] == 0 or outcome == "partly" else "failed"
    store.put(action.evolve(status=status, stats=stats))


routes = [
    post("/locations/{location_id}/bulk-actions/start", start),
    post("/locations/{location_id}/bulk-actions/search", listed),
    post("/locations/{location_id}/bulk-actions/{id}/cancel", cancel),
    post("/locations/{location_id}/bulk-actions/{id}/restore", restore),
]
