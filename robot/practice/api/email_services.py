"""Settings > Email Services of a sub-account: its dedicated domains (dashboard-facts 5.1)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, post

BLOCKED_TITLE = "Domain Cannot Be Removed"


async def search(call: Call) -> Json:
    """All dedicated domains: {rows, total}."""
    rows = [{"id": d.id, **d.body} for d in call.store.in_location("email_domain", call.location_id)]
    return {"rows": rows, "total": len(rows)}


async def delete(call: Call) -> Json:
    """Delete one domain for good; `word` is what was typed. Refused while something sends from it."""
    domain = call.owned("email_domain", call.path["id"])
    if call.body.get("word") != "Delete":
        raise RefusedError("Error while deleting domain", "The confirmation does not match.")
    used = [use["type"] for use in domain.body["uses"] if use["entries"]]
    if used:
        raise RefusedError(
            BLOCKED_TITLE,
            f"{domain.body['domain']} is still used by: {', '.join(used)}. "
            "Remove every entry under Domain Configuration first.",
            status=409,
            code="in_use",
        )
    call.store.delete(domain, call.act("delete", f"email_domain:{domain.body['domain']}"))
    return {}


async def set_uses(call: Call) -> Json:
    """Store which entries of one type send from the domain: {type, entries}. Only taking away is possible."""
    domain = call.owned("email_domain", call.path["id"])
    wanted, entries = call.body.get("type"), list(call.body.get("entries", []))
    uses = []
    for use in domain.body["uses"]:
        if use["type"] == wanted:
            if not set(entries) <= set(use["entries"]):
                raise RefusedError("Something went wrong")
            uses.append({"type": wanted, "entries": entries})
        else:
            uses.append(use)
    changed = domain.evolve(uses=uses)
    name = f"email_domain_use:{domain.body['domain']}/{wanted}"
    call.store.update(changed, call.act("change", name, entries=entries))
    return {"id": changed.id, **changed.body}


async def verify(call: Call) -> Json:
    """Verify the domain's records: always finds them."""
    domain = call.owned("email_domain", call.path["id"])
    changed = domain.evolve(verified=True)
    call.store.update(changed, call.act("verify", f"email_domain:{domain.body['domain']}"))
    return {"id": changed.id, **changed.body}


routes = [
    post("/locations/{location_id}/email-domains/search", search),
    post("/locations/{location_id}/email-domains/{id}/delete", delete),
    post("/locations/{location_id}/email-domains/{id}/uses", set_uses),
    post("/locations/{location_id}/email-domains/{id}/verify", verify),
]
