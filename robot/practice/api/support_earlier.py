"""Conversations with support from earlier days, as the setting `support_earlier` wants them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from robot.practice import chat_script as script
from robot.practice.api.support_talk import said, ticket_of
from robot.practice.chat_script import ORDERS, PROMPTS
from robot.practice.entity import Entity
from robot.practice.seed_ids import days_before, new_id
from robot.practice.store import Store

#: The client's own words (step 3 of the procedure).
_FIRST = (
    "Customer has cancelled. Please delete the SMS campaign with the campaign ID {campaign} for the connected "
    "brand {brand}."
)
_SECOND = (
    "The following customer has cancelled with us. please ensure the brand and campaign are deleted on your "
    "back end so they don’t continue to get charged.\n\n"
    "Location ID to delete brand and campaign registration: {location}"
)
_OTHER = "Messages of campaign {campaigns} of {location} are not delivered since Monday. Please look into it."


def ensure_earlier(store: Store, *, seed: int) -> None:
    """Makes those that are wanted and not there yet."""
    for number, wanted in enumerate(_wanted(store)):
        rng = random.Random(f"{seed}/earlier/{number}")  # noqa: S311 - sample data
        thread_id = new_id(rng)
        if store.find("support_thread", thread_id) is None:
            body = _body(store, number=str(4_600_100 + number), **wanted)
            made = Entity(kind="support_thread", id=thread_id, position=-100 + number, body=body)
            store.put(made)
            if body["ticket_number"]:
                store.put(ticket_of(made, position=number, opened_at=body["opened_at"]))


def _wanted(store: Store) -> Iterator[dict[str, Any]]:
    for wanted in store.setting("support_earlier"):
        if wanted["location_id"] != "every":
            yield wanted
            continue
        for location_id in dict.fromkeys(campaign.location_id for campaign in store.all_of("campaign")):
            yield {**wanted, "location_id": location_id}


def _body(store: Store, *, number: str, location_id: str, matter: str, state: str) -> dict[str, Any]:
    at = days_before(3)
    text = _text(store, location_id, matter)
    answers = {"topic": script.SELF_SERVICE, "category": "Phone", "issue": text}
    messages = [said("bot", script.GREETING)]
    for key, answer in answers.items():
        messages += [said("bot", PROMPTS[key].texts[0], PROMPTS[key].replies), said("user", answer)]
    if state == "ticket":
        messages.append(said("bot", script.submitted_text(number)))
        answers["account_id"] = location_id
    elif state == "open":
        messages.append(said("bot", PROMPTS["more"].texts[0]))
    elif state == "ended":
        messages.append(said("system", script.ENDINGS["inactivity"]))
    return {
        "channel": "ai",
        "status": {"ticket": "submitted", "ended": "ended"}.get(state, "open"),
        "opened_at": at,
        "subject": text[:60],
        "plan": [key for key in ORDERS[0] if key not in answers],
        "wording": 0,
        "answers": answers,
        "ticket_number": number if state == "ticket" else None,
        "messages": [{**message, "at": at} for message in messages],
        "typing": False,
        "waiting": False,
    }


def _text(store: Store, location_id: str, matter: str) -> str:
    brands = {row.id: row.body["sid"] for row in store.in_location("brand", location_id)}
    campaigns = [row.body for row in store.in_location("campaign", location_id)]
    if matter == "other":
        named = ", ".join(one["campaign_id"] for one in campaigns)
        return _OTHER.format(campaigns=named, location=location_id)
    if matter == "some":
        campaigns = campaigns[:1]
    firsts = [_FIRST.format(campaign=one["campaign_id"], brand=brands[one["brand_id"]]) for one in campaigns]
    return "\n".join(firsts) + "\n\n" + _SECOND.format(location=location_id)
