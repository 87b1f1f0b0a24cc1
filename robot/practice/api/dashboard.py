"""The landing pages: totals of the agency, totals of one sub-account."""

from __future__ import annotations

from robot.practice.api.call import Call, Json, post

_LINES = 6


def _tile(label: str, icon: str, number: int) -> Json:
    return {"label": label, "icon": icon, "number": number}


async def agency_totals(call: Call) -> Json:
    """Answer {tiles, listTitle, lines} of the agency."""
    places = call.store.all_of("sub_account")
    newest = sorted(places, key=lambda place: (place.body["created"], place.id), reverse=True)
    return {
        "tiles": [
            _tile("Sub-Accounts", "building-2", len(places)),
            _tile("On SaaS", "repeat", sum(1 for place in places if place.body["saas"]["enabled"])),
            _tile("Users", "users", len(call.store.all_of("user"))),
            _tile("Snapshots", "camera", len(call.store.all_of("snapshot"))),
        ],
        "listTitle": "Newest sub-accounts",
        "lines": [
            {"title": place.body["name"], "note": f"{place.body['city']}, {place.body['state']}"}
            for place in newest[:_LINES]
        ],
    }


async def location_totals(call: Call) -> Json:
    """Answer {tiles, listTitle, lines} of one sub-account."""
    contacts = call.store.in_location("contact", call.location_id)
    newest = sorted(contacts, key=lambda contact: (contact.body["last_activity"], contact.id), reverse=True)
    return {
        "tiles": [
            _tile("Contacts", "contact", len(contacts)),
            _tile("Calendars", "calendar", len(call.store.in_location("calendar", call.location_id))),
            _tile("Phone Numbers", "phone", len(call.store.in_location("phone_number", call.location_id))),
            _tile("Domains", "globe", len(call.store.in_location("domain", call.location_id))),
        ],
        "listTitle": "Latest activity",
        "lines": [
            {
                "title": f"{contact.body['first']} {contact.body['last']}",
                "note": contact.body["last_activity"][:10],
            }
            for contact in newest[:_LINES]
        ],
    }


routes = [
    post("/dashboard", agency_totals),
    post("/locations/{location_id}/dashboard", location_totals),
]
