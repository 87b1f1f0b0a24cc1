"""Settings > Domains & URL Redirects of a sub-account (dashboard-facts 5.2)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, matches, post

FAILED_TITLE = "Something went wrong while deleting domain!"
_FILTERS = ("all", "internal", "external", "action_required")


async def search(call: Call) -> Json:
    """Search domains: {query, filter: all|internal|external|action_required} gives {rows, total}."""
    query, wanted = str(call.body.get("query", "")), call.body.get("filter", "all")
    if wanted not in _FILTERS:
        raise RefusedError("Something went wrong")
    rows = [
        {"id": d.id, **d.body}
        for d in call.store.in_location("domain", call.location_id)
        if matches(query, d.body["domain"]) and wanted in ("all", d.body["source"], d.body["status"])
    ]
    return {"rows": rows, "total": len(rows)}


async def one(call: Call) -> Json:
    """Answer one domain, and whether its products must go before it can be deleted."""
    domain = call.owned("domain", call.path["id"])
    return {
        "id": domain.id,
        **domain.body,
        "products_first": call.store.setting("domain_products_first"),
    }


async def disconnect(call: Call) -> Json:
    """Take one connected product off the domain."""
    domain = call.owned("domain", call.path["id"])
    products = domain.body["products"]
    gone = next((p for p in products if p["id"] == call.path["product_id"]), None)
    if gone is None:
        raise RefusedError("Not found", status=404, code="missing")
    left = [p for p in products if p["id"] != gone["id"]]
    name = f"domain_product:{domain.body['domain']}/{gone['id']}"
    call.store.update(domain.evolve(products=left), call.act("delete", name, product=gone["name"]))
    return {"products": left}


async def delete_record(call: Call) -> Json:
    """Delete one DNS record, which is not deleting the domain: {type, name}."""
    domain = call.owned("domain", call.path["id"])
    wanted = (call.body.get("type"), call.body.get("name"))
    left = [r for r in domain.body["records"] if (r["type"], r["name"]) != wanted]
    name = f"dns_record:{domain.body['domain']}/{wanted[0]}/{wanted[1]}"
    call.store.update(domain.evolve(records=left), call.act("delete", name))
    return {"records": left}


async def delete(call: Call) -> Json:
    """Delete one domain for good; `word` is what was typed."""
    domain = call.owned("domain", call.path["id"])
    if call.body.get("word") != "Delete":
        raise RefusedError(FAILED_TITLE, "The confirmation does not match.")
    if domain.body["source"] == "internal":
        raise RefusedError(FAILED_TITLE, "A purchased domain cannot be deleted.", code="purchased")
    if domain.body["products"] and call.store.setting("domain_products_first"):
        raise RefusedError(FAILED_TITLE, "Remove all connected products first.", status=409, code="connected")
    call.store.delete(domain, call.act("delete", f"domain:{domain.body['domain']}"))
    return {}


routes = [
    post("/locations/{location_id}/domains/search", search),
    post("/locations/{location_id}/domains/{id}", one),
    post("/locations/{location_id}/domains/{id}/products/{product_id}/delete", disconnect),
    post("/locations/{location_id}/domains/{id}/records/delete", delete_record),
    post("/locations/{location_id}/domains/{id}/delete", delete),
]
