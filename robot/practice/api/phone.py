"""Phone System: numbers, pools, and the Trust Center's brands and campaigns (dashboard-facts 5.5, 5.7)."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.entity import Entity

_FAILED = "Failed to Delete Phone Number"


async def search_numbers(call: Call) -> Json:
    """Search by number or friendly name: {rows, total, telephony}. `filter` is all, default or a2p."""
    query = str(call.body.get("query", ""))
    wanted = call.body.get("filter", "all")
    numbers = call.store.in_location("phone_number", call.location_id)
    rows = [
        _number(call, one)
        for one in numbers
        if matches(query, one.body["number"], one.body["shown"], one.body["friendly_name"])
        and (wanted != "default" or one.body["is_default"])
        and (wanted != "a2p" or one.body["a2p_verified"])
    ]
    place = call.store.get("sub_account", call.location_id)
    return {"rows": rows, "total": len(numbers), "telephony": place.body["telephony"]}


async def delete_number(call: Call) -> Json:
    """Delete a number; {word, release}. On LC Phone it is always released too."""
    number = call.owned("phone_number", call.path["id"])
    if call.body.get("word") != "Delete":
        raise RefusedError(_FAILED, "The confirmation word is missing.", code="word")
    if number.body["whatsapp_linked"]:
        raise RefusedError(_FAILED, "This number is linked to WhatsApp.", code="whatsapp")
    if number.body["pool_id"]:
        raise RefusedError(_FAILED, "This number belongs to a number pool.", code="pool")
    place = call.store.get("sub_account", call.location_id)
    released = place.body["telephony"] == "lc" or bool(call.body.get("release"))
    call.store.delete(
        number,
        call.act(
            "delete",
            f"phone_number:{number.body['number']}",
            released=released,
            friendly_name=number.body["friendly_name"],
        ),
    )
    return {"released": released}


async def configure_number(call: Call) -> Json:
    """Give a number another friendly name: {friendly_name}."""
    number = call.owned("phone_number", call.path["id"])
    name = str(call.body.get("friendly_name", "")).strip()
    if not name:
        raise RefusedError("Friendly name is required")
    call.store.update(
        number.evolve(friendly_name=name),
        call.act("configure", f"phone_number:{number.body['number']}", friendly_name=name),
    )
    return {}


async def link_campaign(call: Call) -> Json:
    """Link a number to a campaign of this sub-account: {campaign_id} (an entity id)."""
    number = call.owned("phone_number", call.path["id"])
    campaign = call.owned("campaign", str(call.body.get("campaign_id", "")))
    call.store.update(
        number.evolve(campaign_id=campaign.id),
        call.act(
            "link_campaign",
            f"phone_number:{number.body['number']}",
            campaign_id=campaign.body["campaign_id"],
        ),
    )
    return {}


async def pools(call: Call) -> Json:
    """Answer the number pools: {rows: [{id, name, minimum, numbers}]}."""
    return {
        "rows": [
            {
                "id": pool.id,
                "name": pool.body["name"],
                "minimum": pool.body["minimum"],
                "numbers": [
                    _number(call, number)
                    for number in call.store.in_location("phone_number", call.location_id)
                    if number.body["pool_id"] == pool.id
                ],
            }
            for pool in call.store.in_location("number_pool", call.location_id)
        ]
    }


async def trust_center(call: Call) -> Json:
    """Answer {suspended, profile, brands, campaigns}; of a suspended account's registrations nothing is told."""
    profiles = call.store.in_location("business_profile", call.location_id)
    profile = profiles[0].body if profiles else None
    if call.store.get("sub_account", call.location_id).body.get("suspended"):
        return {"suspended": True, "profile": profile, "brands": [], "campaigns": []}
    brands = call.store.in_location("brand", call.location_id)
    names = {brand.id: brand.body for brand in brands}
    return {
        "suspended": False,
        "profile": profile,
        "brands": [{"id": brand.id, **brand.body} for brand in brands],
        "campaigns": [
            {"id": campaign.id, **campaign.body, "brand": names.get(campaign.body["brand_id"])}
            for campaign in call.store.in_location("campaign", call.location_id)
        ],
    }


def _number(call: Call, number: Entity) -> Json:
    campaign = call.store.find("campaign", number.body["campaign_id"] or "")
    pool = call.store.find("number_pool", number.body["pool_id"] or "")
    return {
        "id": number.id,
        **number.body,
        "campaign": campaign.body["campaign_id"] if campaign else None,
        "pool": pool.body["name"] if pool else number.body["pool_id"],
    }


routes = [
    post("/locations/{location_id}/numbers/search", search_numbers),
    post("/locations/{location_id}/numbers/{id}/delete", delete_number),
    post("/locations/{location_id}/numbers/{id}/configure", configure_number),
    post("/locations/{location_id}/numbers/{id}/link", link_campaign),
    post("/locations/{location_id}/pools", pools),
    post("/locations/{location_id}/trust", trust_center),
]
