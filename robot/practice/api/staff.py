"""Users: My Staff of a sub-account, and Team of the agency. The same people (dashboard-facts 5.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from robot.practice.api.call import Call, Json, RefusedError, matches, page_of, post
from robot.practice.entity import Entity
from robot.practice.jobs import job, schedule
from robot.practice.pace import Pace
from robot.practice.store import Store

NO_PERMISSION = "You do not have the required permissions to delete a user"
_FEW_MINUTES_S = 180.0


async def search(call: Call) -> Json:
    """Search users: {query, type, role, sub_account} gives one page of rows.

    In a sub-account its users only; each row names all the sub-accounts the user belongs to.
    """
    body = call.body
    here = call.path.get("location_id") or body.get("sub_account")
    names = {a.id: a.body["name"] for a in call.store.all_of("sub_account")}
    rows = []
    for user in call.store.all_of("user"):
        fields = user.body
        if here and here not in fields["location_ids"]:
            continue
        if body.get("type") not in (None, "", fields["type"]):
            continue
        if body.get("role") not in (None, "", fields["role"]):
            continue
        full = f"{fields['first']} {fields['last']}"
        if not matches(str(body.get("query", "")), full, fields["email"], fields["phone"], user.id):
            continue
        rows.append(_row(user, names))
    return page_of(rows, body, size=10)


async def one(call: Call) -> Json:
    """Answer one user with the names of the sub-accounts it belongs to."""
    names = {a.id: a.body["name"] for a in call.store.all_of("sub_account")}
    return _row(call.store.get("user", call.path["id"]), names)


async def remove(call: Call) -> Json:
    """Remove a user from this sub-account only; `word` is what was typed. Done by a job later."""
    user = call.store.get("user", call.path["id"])
    if call.location_id not in user.body["location_ids"]:
        raise RefusedError("Not found", status=404, code="missing")
    _check(call, user, word="REMOVE")
    with call.store.together():
        call.store.record(call.act("remove", f"user:{user.id}@{call.location_id}"))
        _start(call, user, [call.location_id], deletes=False)
    return {}


async def delete(call: Call) -> Json:
    """Delete a user in all sub-accounts, one mutation for each; `word` was typed. Done by a job later."""
    user = call.store.get("user", call.path["id"])
    _check(call, user, word="DELETE")
    places: list[str | None] = [*user.body["location_ids"]] or [None]
    with call.store.together():
        for place in places:
            act = call.act("delete", f"user:{user.id}@{place or 'agency'}")
            call.store.record(replace(act, location_id=place))
        _start(call, user, user.body["location_ids"], deletes=True)
    return {}


async def rename(call: Call) -> Json:
    """Store a user's names: {first, last}."""
    user = call.store.get("user", call.path["id"])
    if user.body["is_owner"]:
        raise RefusedError("The agency owner cannot be edited", status=403, code="owner")
    changed = user.evolve(first=str(call.body["first"]), last=str(call.body["last"]))
    call.store.update(changed, call.act("edit", f"user:{user.id}"))
    return {}


def _row(user: Entity, names: dict[str, str]) -> Json:
    places = [{"id": i, "name": names.get(i, "(deleted)")} for i in user.body["location_ids"]]
    return {"id": user.id, **user.body, "sub_accounts": places}


def _check(call: Call, user: Entity, *, word: str) -> None:
    if call.body.get("word") != word:
        raise RefusedError("Error while deleting User", "The confirmation does not match.")
    if user.body["is_owner"]:
        raise RefusedError("Error while deleting User", "The agency owner cannot be deleted", status=403)
    if not call.store.setting("can_delete_users"):
        raise RefusedError(NO_PERMISSION, status=403, code="permission")
    if user.id == call.session.user.id:
        raise RefusedError("Error while deleting User", "You cannot delete yourself", status=403)


def _start(call: Call, user: Entity, places: list[str], *, deletes: bool) -> None:
    payload = {"id": user.id, "places": places, "deletes": deletes}
    schedule(call.store, call.pace, kind="user_removal", payload=payload, real_s=_FEW_MINUTES_S)


@job("user_removal")
def _finish_removal(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    user = store.find("user", payload["id"])
    if user is None:
        return
    if payload["deletes"]:
        store.take(user)
        return
    left = [i for i in user.body["location_ids"] if i not in payload["places"]]
    store.put(user.evolve(location_ids=left))


routes = [
    post("/users/search", search),
    post("/users/{id}", one),
    post("/users/{id}/delete", delete),
    post("/users/{id}/rename", rename),
    post("/locations/{location_id}/users/search", search),
    post("/locations/{location_id}/users/{id}", one),
    post("/locations/{location_id}/users/{id}/remove", remove),
    post("/locations/{location_id}/users/{id}/delete", delete),
    post("/locations/{location_id}/users/{id}/rename", rename),
]
