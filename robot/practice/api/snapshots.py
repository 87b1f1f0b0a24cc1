"""Account Snapshots of the agency: list, asset picker, refresh, creation, versions (dashboard-facts 4)."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.entity import Entity
from robot.practice.jobs import job, schedule
from robot.practice.pace import Pace
from robot.practice.seed_ids import new_id
from robot.practice.store import Store

_TABS = ("own", "imported", "default")
_TWO_MINUTES_S = 120.0


async def search(call: Call) -> Json:
    """Search one tab by name or id, within the remembered dates: {rows, total, unfiltered, filter}.

    Body: query, tab own|imported|default, sort name|updated, descending.
    """
    query, tab = str(call.body.get("query", "")), call.body.get("tab", "own")
    names = {a.id: a.body["name"] for a in call.store.all_of("sub_account")}
    dates = _filter_of(call)
    of_tab = [s for s in call.store.all_of("snapshot") if s.body["tab"] == tab]
    rows = [
        _row(call.store, s, names)
        for s in of_tab
        if matches(query, s.body["name"], s.id) and _within(s.body["updated"], dates)
    ]
    sort = call.body.get("sort")
    if sort in {"name", "updated"}:
        rows.sort(key=lambda row: str(row[sort]).casefold(), reverse=bool(call.body.get("descending")))
    return {"rows": rows, "total": len(rows), "unfiltered": len(of_tab), "filter": dates}


async def set_filter(call: Call) -> Json:
    """Remember the date filter of this user: {from, to}, dates as YYYY-MM-DD or None. Not a mutation."""
    body = {"from": call.body.get("from"), "to": call.body.get("to")}
    call.store.put(Entity(kind="snapshot_filter", id=call.session.user.id, body=body))
    return body


async def one(call: Call) -> Json:
    """Answer one snapshot with its versions, newest first."""
    snapshot = call.store.get("snapshot", call.path["id"])
    names = {a.id: a.body["name"] for a in call.store.all_of("sub_account")}
    versions = [
        {"id": v.id, **v.body}
        for v in call.store.all_of("snapshot_version")
        if v.body["snapshot_id"] == snapshot.id
    ]
    versions.sort(key=lambda row: str(row["at"]), reverse=True)
    return {**_row(call.store, snapshot, names), "versions": versions}


async def assets(call: Call) -> Json:
    """Assets of the snapshot's sub-account: {rows: [{id, category, name, included}]}."""
    snapshot = call.store.get("snapshot", call.path["id"])
    included = set(snapshot.body["asset_ids"])
    return {"rows": _assets_of(call.store, snapshot.location_id or "", included)}


async def assets_of_location(call: Call) -> Json:
    """Assets a new snapshot of this sub-account could hold; none is included."""
    return {"rows": _assets_of(call.store, call.location_id, set())}


async def refresh(call: Call) -> Json:
    """Start a refresh with `asset_ids`, or a retry of what failed (`retry`). Done by a job later."""
    _need_scope(call, "refresh")
    snapshot = call.store.get("snapshot", call.path["id"])
    if snapshot.body["tab"] != "own":
        raise RefusedError("Error while refreshing snapshot", "Only your own snapshots can be refreshed.")
    run = snapshot.body.get("run")
    if run and run["state"] == "running":
        raise RefusedError("Snapshot refresh is already in progress", status=409)
    retry = bool(call.body.get("retry"))
    if retry and not (run and run["state"] == "partial"):
        raise RefusedError("Nothing to retry", status=409)
    ids = list(run["asset_ids"]) if retry and run else [str(i) for i in call.body.get("asset_ids", [])]
    with call.store.together():
        call.store.record(
            call.act("retry" if retry else "refresh", f"snapshot:{snapshot.id}", assets=len(ids))
        )
        started = _start(call, snapshot, "refresh", ids, attempt=run["attempt"] + 1 if retry and run else 1)
    return _row(call.store, started, {})


async def finish(call: Call) -> Json:
    """Accept a refresh in which assets failed: a version is written that names them."""
    snapshot = call.store.get("snapshot", call.path["id"])
    run = snapshot.body.get("run")
    if not run or run["state"] != "partial":
        raise RefusedError("Nothing to finish", status=409)
    with call.store.together():
        call.store.record(call.act("accept_failed", f"snapshot:{snapshot.id}", failed=run["failed"]))
        _write_version(call.store, snapshot, run, failed=run["failed"])
    return {}


async def create(call: Call) -> Json:
    """Make a snapshot: {name, location_id, asset_ids, force}. Done by a job later.

    Assets that cannot be read refuse it (code `left_out`, their names in the message) unless `force`.
    """
    _need_scope(call, "create")
    name = str(call.body.get("name", "")).strip()
    if not name:
        raise RefusedError("You need to give the snapshot a name", code="name")
    account = call.store.find("sub_account", str(call.body.get("location_id", "")))
    if account is None:
        raise RefusedError("You need to pick an account", code="account")
    ids = [str(i) for i in call.body.get("asset_ids", [])]
    unreadable = [a.id for a in _failing(call.store, ids, attempt=1)]
    if unreadable and not call.body.get("force"):
        titles = [a.body["name"] for a in call.store.all_of("asset") if a.id in unreadable]
        raise RefusedError(
            "Error while creating snapshot: some assets could not be read",
            ", ".join(titles),
            status=409,
            code="left_out",
        )
    kept = [i for i in ids if i not in unreadable]
    existing = call.store.all_of("snapshot")
    now = _now()
    snapshot = Entity(
        kind="snapshot",
        id=new_id(random.Random(f"{call.pace.seed}/snapshot/{account.id}/{len(existing)}")),  # noqa: S311
        location_id=account.id,
        position=min((s.position for s in existing), default=0) - 1,
        body={
            "name": name,
            "location_id": account.id,
            "tab": "own",
            "asset_ids": [],
            "created": now,
            "updated": now,
            "updated_by": _who(call),
        },
    )
    act = call.act("create", f"snapshot:{snapshot.id}", name=name, location_id=account.id, assets=len(kept))
    with call.store.together():
        call.store.insert(snapshot, act)
        _start(call, snapshot, "create", kept, attempt=1)
    return {"id": snapshot.id}


async def push(call: Call) -> Json:
    """Push the snapshot into linked accounts. Changes live customers; nobody who offboards wants this."""
    snapshot = call.store.get("snapshot", call.path["id"])
    call.store.record(call.act("push", f"snapshot:{snapshot.id}"))
    return {}


async def rename(call: Call) -> Json:
    """Give the snapshot another name: {name}."""
    snapshot = call.store.get("snapshot", call.path["id"])
    name = str(call.body.get("name", "")).strip()
    if not name:
        raise RefusedError("You need to give the snapshot a name", code="name")
    call.store.update(snapshot.evolve(name=name), call.act("edit", f"snapshot:{snapshot.id}", name=name))
    return {}


async def delete(call: Call) -> Json:
    """Delete the snapshot and its versions."""
    snapshot = call.store.get("snapshot", call.path["id"])
    with call.store.together():
        for version in call.store.all_of("snapshot_version"):
            if version.body["snapshot_id"] == snapshot.id:
                call.store.take(version)
        call.store.delete(snapshot, call.act("delete", f"snapshot:{snapshot.id}"))
    return {}


@job("snapshot_run")
def _finish_run(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    snapshot = store.find("snapshot", payload["id"])
    if snapshot is None:
        return
    run = snapshot.body["run"]
    failed = [
        a.body["name"]
        for a in _failing(store, run["asset_ids"], attempt=run["attempt"])
        if run["kind"] == "refresh"
    ]
    if failed:
        store.put(snapshot.evolve(run={**run, "state": "partial", "failed": failed}))
        return
    _write_version(store, snapshot, run, failed=[])


def _need_scope(call: Call, scope: str) -> None:
    if scope not in call.store.setting("snapshot_scopes"):
        raise RefusedError("You do not have the required permissions", status=403, code="permission")


def _start(call: Call, snapshot: Entity, kind: str, ids: list[str], *, attempt: int) -> Entity:
    schedule(call.store, call.pace, kind="snapshot_run", payload={"id": snapshot.id}, real_s=_TWO_MINUTES_S)
    [last] = call.store.run("SELECT due_at FROM job ORDER BY id DESC LIMIT 1")
    run = {
        "kind": kind,
        "state": "running",
        "asset_ids": ids,
        "attempt": attempt,
        "failed": [],
        "user": _who(call),
        "started_at": time.time(),
        "due_at": last["due_at"],
    }
    started = snapshot.evolve(run=run)
    call.store.put(started)
    return started


def _write_version(store: Store, snapshot: Entity, run: Json, *, failed: list[str]) -> None:
    before, after = set(snapshot.body["asset_ids"]), set(run["asset_ids"])
    now = _now()
    versions = len(store.all_of("snapshot_version"))
    version = Entity(
        kind="snapshot_version",
        id=new_id(random.Random(f"version/{snapshot.id}/{versions}")),  # noqa: S311
        location_id=snapshot.location_id,
        position=versions,
        body={
            "snapshot_id": snapshot.id,
            "at": now,
            "user": run["user"],
            "added": len(after - before),
            "removed": len(before - after),
            "synced": len(before & after) - len(failed) if before & after else 0,
            "failed": failed,
            "action": "Created" if run["kind"] == "create" else "Refreshed",
        },
    )
    done = {**run, "state": "done", "failed": failed}
    if not store.setting("snapshot_writes_version"):
        store.put(snapshot.evolve(run=done))
        return
    store.put(version)
    store.put(snapshot.evolve(asset_ids=run["asset_ids"], updated=now, updated_by=run["user"], run=done))


def _failing(store: Store, ids: list[str], *, attempt: int) -> list[Entity]:
    """Assets that fail at this attempt."""
    wanted = set(ids)
    return [
        a
        for a in store.all_of("asset")
        if a.id in wanted and (a.body["fails"] == "always" or (a.body["fails"] == "once" and attempt == 1))
    ]


def _assets_of(store: Store, location_id: str, included: set[str]) -> list[Json]:
    return [
        {"id": a.id, "category": a.body["category"], "name": a.body["name"], "included": a.id in included}
        for a in store.in_location("asset", location_id)
    ]


def _row(store: Store, snapshot: Entity, names: dict[str, str]) -> Json:
    body = snapshot.body
    run = dict(body.get("run") or {"state": "none"})
    if run["state"] == "running":
        passed = (time.time() - run["started_at"]) / max(run["due_at"] - run["started_at"], 0.001)
        run["total"] = len(run["asset_ids"])
        run["loaded"] = min(int(passed * run["total"]), max(run["total"] - 1, 0))
    return {
        "id": snapshot.id,
        "name": body["name"],
        "tab": body["tab"],
        "location_id": body["location_id"],
        "source": names.get(body["location_id"] or "", ""),
        "assets": len(body["asset_ids"]),
        "created": body["created"],
        "updated": body["updated"],
        "updated_by": body["updated_by"],
        "run": run,
    }


def _filter_of(call: Call) -> Json:
    kept = call.store.find("snapshot_filter", call.session.user.id)
    if kept is not None:
        return kept.body
    start, end = call.store.setting("remembers").get("snapshot_dates", (None, None))
    return {"from": start, "to": end}


def _within(at: str, dates: Json) -> bool:
    day = at[:10]
    return (not dates["from"] or day >= dates["from"]) and (not dates["to"] or day <= dates["to"])


def _who(call: Call) -> str:
    return f"{call.session.user.body['first']} {call.session.user.body['last']}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


routes = [
    post("/snapshots/search", search),
    post("/snapshots/filter", set_filter),
    post("/snapshots/create", create),
    post("/snapshots/{id}", one),
    post("/snapshots/{id}/assets", assets),
    post("/snapshots/{id}/refresh", refresh),
    post("/snapshots/{id}/finish", finish),
    post("/snapshots/{id}/push", push),
    post("/snapshots/{id}/rename", rename),
    post("/snapshots/{id}/delete", delete),
    post("/locations/{location_id}/assets", assets_of_location),
]
