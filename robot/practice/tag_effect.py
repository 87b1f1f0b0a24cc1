"""What happens when a contact gains or loses a tag: published workflows with that trigger take it in.

Knows nothing of the web. An unpublished workflow takes nobody in, and nothing is backdated (facts 7.3).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Literal

from robot.practice import jobs
from robot.practice.entity import Entity
from robot.practice.jobs import job
from robot.practice.pace import Pace
from robot.practice.store import Act, Store

_WORKFLOW_REAL_S = 120.0


def change_tag(
    store: Store, pace: Pace, contact: Entity, tag: str, act: Act, *, change: Literal["add", "remove"]
) -> Entity:
    """Give the contact the tag or take it away, record it, start what it triggers; return the contact."""
    tags = [one for one in contact.body["tags"] if one != tag] + ([tag] if change == "add" else [])
    changed = contact.evolve(tags=tags, last_activity=now())
    store.update(changed, act)
    kind = "tag_added" if change == "add" else "tag_removed"
    for workflow in store.in_location("workflow", contact.location_id or ""):
        trigger = workflow.body["trigger"]
        if workflow.body["published"] and trigger["kind"] == kind and trigger["tag"] == tag:
            _enroll(store, pace, contact, workflow)
    return changed


def now() -> str:
    """Return the present time as the sample data writes times."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _enroll(store: Store, pace: Pace, contact: Entity, workflow: Entity) -> None:
    before = sum(1 for one in store.all_of("enrollment") if one.body["contact_id"] == contact.id)
    digest = hashlib.sha256(f"{workflow.id}/{contact.id}/{before}".encode()).hexdigest()
    enrollment = Entity(
        kind="enrollment",
        id=digest[:20],
        location_id=contact.location_id,
        position=1000 + before,
        body={
            "workflow_id": workflow.id,
            "contact_id": contact.id,
            "status": "active",
            "started_at": now(),
            "finished_at": None,
        },
    )
    store.put(enrollment)
    jobs.schedule(
        store, pace, kind="finish_enrollment", payload={"id": enrollment.id}, real_s=_WORKFLOW_REAL_S
    )


@job("finish_enrollment")
def _finish(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    enrollment = store.find("enrollment", payload["id"])
    if enrollment is not None:
        store.put(enrollment.evolve(status="finished", finished_at=now()))
