"""Sub-Accounts and Manage Client in the agency view (dashboard-facts 5.4)."""

from __future__ import annotations

from typing import Any

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.entity import Entity
from robot.practice.jobs import job, schedule
from robot.practice.pace import Pace
from robot.practice.store import Store

#: What the compliance dialog makes one tick (facts 5.4).
COMPLIANCE = ("approval", "data_lost", "irreversible")
_TEN_MINUTES_S = 600.0


def row_of(account: Entity) -> Json:
    """A sub-account as the pages show it."""
    return {"id": account.id, **account.body}


async def search(call: Call) -> Json:
    """Search by name, city, mail or id: {rows, total}, all of them at once."""
    query = str(call.body.get("query", ""))
    rows = [
        row_of(account)
        for account in call.store.all_of("sub_account")
        if matches(query, account.body["name"], account.body["city"], account.body["email"], account.id)
    ]
    return {"rows": rows, "total": len(rows)}


async def one(call: Call) -> Json:
    """Answer one sub-account and how many users it has."""
    account = call.store.get("sub_account", call.location_id)
    users = [u for u in call.store.all_of("user") if account.id in u.body["location_ids"]]
    return {**row_of(account), "users": len(users)}


async def disable_saas(call: Call) -> Json:
    """Start to disable SaaS: {confirmed: [all of COMPLIANCE], cancel_subscription}. Done by a job later."""
    if not call.store.setting("can_disable_saas"):
        raise RefusedError("Only agency admins can disable SaaS mode", status=403, code="permission")
    if sorted(call.body.get("confirmed", [])) != sorted(COMPLIANCE):
        raise RefusedError("Something went wrong", "Confirm every compliance step first.")
    account = call.store.get("sub_account", call.location_id)
    saas = account.body["saas"]
    if saas["state"] != "on":
        raise RefusedError("Something went wrong", "SaaS mode is not enabled for this sub-account.")
    cancels = bool(call.body.get("cancel_subscription"))
    changed = account.evolve(saas={**saas, "state": "disabling", "cancels": cancels})
    with call.store.together():
        call.store.update(changed, call.act("disable", f"saas:{account.id}", cancel_subscription=cancels))
        if cancels:
            call.store.record(call.act("cancel", f"subscription:{saas['subscription']['id']}"))
        schedule(
            call.store, call.pace, kind="saas_disable", payload={"id": account.id}, real_s=_TEN_MINUTES_S
        )
    return row_of(changed)


@job("saas_disable")
def _finish_disabling(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    account = store.find("sub_account", payload["id"])
    if account is None:
        return
    saas = account.body["saas"]
    if saas.get("fails"):
        store.put(account.evolve(saas={**saas, "state": "on", "failed": True}))
        return
    off = {"enabled": False, "state": "off", "plan": None, "subscription": None}
    store.put(account.evolve(saas=off))


async def enable_saas(call: Call) -> Json:
    """Switch to SaaS: takes effect at once. Nobody who offboards wants this."""
    account = call.store.get("sub_account", call.location_id)
    if account.body["saas"]["state"] != "off":
        raise RefusedError("Something went wrong", "SaaS mode is already enabled.")
    saas = {
        "enabled": True,
        "state": "on",
        "plan": "Starter",
        "price": "$97/month",
        "subscription": {
            "id": f"sub_{account.id}",
            "customer": f"cus_{account.id[:14]}",
            "status": "Trialing",
            "renews": None,
        },
        "wallet": "0.00",
    }
    changed = account.evolve(saas=saas)
    call.store.update(changed, call.act("enable", f"saas:{account.id}"))
    return row_of(changed)


async def pause(call: Call) -> Json:
    """Pause the sub-account, or take up again: {paused}."""
    account = call.store.get("sub_account", call.location_id)
    paused = bool(call.body.get("paused", True))
    changed = account.evolve(paused=paused)
    call.store.update(changed, call.act("pause" if paused else "resume", f"sub_account:{account.id}"))
    return row_of(changed)


async def delete(call: Call) -> Json:
    """Delete the whole sub-account; `word` must be DELETE."""
    if call.body.get("word") != "DELETE":
        raise RefusedError("Type DELETE to confirm")
    account = call.store.get("sub_account", call.location_id)
    call.store.delete(account, call.act("delete", f"sub_account:{account.id}"))
    return {}


routes = [
    post("/sub-accounts/search", search),
    post("/sub-accounts/{location_id}", one),
    post("/sub-accounts/{location_id}/disable-saas", disable_saas),
    post("/sub-accounts/{location_id}/enable-saas", enable_saas),
    post("/sub-accounts/{location_id}/pause", pause),
    post("/sub-accounts/{location_id}/delete", delete),
]
