"""The help drawer: support chats and tickets (dashboard-facts 6).

A chat is a thread of messages. The dashboard asks one prompt at a time, each after a while of typing, which
is a job; every message that the user sends is a mutation, and so is the request that comes out of it.
"""

from __future__ import annotations

import random

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.api.support_earlier import ensure_earlier
from robot.practice.api.support_talk import (
    begin,
    greet,
    hear,
    hear_form,
    misfit,
    now,
    said,
    submit,
    take_up,
)
from robot.practice.chat_script import fits
from robot.practice.entity import Entity
from robot.practice.seed_ids import new_id

_AREAS = ("Phone", "Email", "Domains", "Calendars", "Payments", "Workflows", "Other")
_SCOPES = ("Within a sub-location", "Agency level")


async def drawer(call: Call) -> Json:
    """What the drawer shows first: the agency's numbers and the lists of chats and tickets."""
    ensure_earlier(call.store, seed=call.pace.seed)
    [agency] = call.store.all_of("agency")
    shown = [t for t in call.store.all_of("support_thread") if _is_worth_showing(t)]
    threads = [_row(thread) for thread in reversed(shown)]
    return {
        "agency": agency.body,
        "threads": threads,
        "areas": _AREAS,
        "scopes": _SCOPES,
        "fields": call.store.setting("support_ticket_fields"),
    }


async def open_chat(call: Call) -> Json:
    """Continue the unfinished chat of the channel, or begin one: {channel: ai|agent, new: bool}."""
    channel = call.body.get("channel")
    if channel not in {"ai", "agent"}:
        raise RefusedError("Something went wrong")
    if not call.body.get("new"):
        for thread in reversed(call.store.all_of("support_thread")):
            if thread.body["channel"] == channel and thread.body["status"] == "open":
                return _full(thread, call)
    thread = _new_thread(call, begin(call, channel))
    call.store.put(thread)
    greet(call, thread)
    return _full(call.store.get("support_thread", thread.id), call)


async def thread(call: Call) -> Json:
    """Answer one thread with all its messages."""
    return _full(call.store.get("support_thread", call.path["id"]), call)


async def reopen(call: Call) -> Json:
    """Open a thread from the list, or with its button: {by: list|button}. An ended one may come back to life."""
    found = call.store.get("support_thread", call.path["id"])
    if found.body["status"] == "ended" and call.body.get("by") == call.store.setting("support_revival"):
        take_up(call, found)
    return _full(call.store.get("support_thread", found.id), call)


async def send(call: Call) -> Json:
    """Take one message of the user: {text}. Refused while the other side is typing, and after the end."""
    text = str(call.body.get("text", ""))
    if not text.strip():
        raise RefusedError("Type a message first")
    found = _open_for_words(call)
    if _form_of(found):
        raise RefusedError("Please fill in the form", status=409, code="form")
    changed = found.evolve(messages=[*found.body["messages"], said("user", text)])
    with call.store.together():
        call.store.update(changed, call.act("send", f"support_message:{found.id}", text=text))
        # What is said while support has not answered yet stands there, and is no answer to anything.
        if not found.body.get("waiting"):
            hear(call, changed, text)
    return _full(call.store.get("support_thread", found.id), call)


async def send_form(call: Call) -> Json:
    """Take a filled form: {values: {key: text}}."""
    found = _open_for_words(call)
    fields = _form_of(found)
    values = {field["key"]: str(call.body.get("values", {}).get(field["key"], "")) for field in fields}
    wrong = misfit(call, values)
    if not fields or wrong is not None:
        label = next((field["label"] for field in fields if field["key"] == wrong), "")
        raise RefusedError(f"Please check the field '{label}'", code=wrong or "form")
    text = "\n".join(f"{field['label']}: {values[field['key']]}" for field in fields)
    changed = found.evolve(messages=[*found.body["messages"], said("user", text)])
    with call.store.together():
        call.store.update(changed, call.act("send", f"support_message:{found.id}", text=text))
        hear_form(call, changed, values)
    return _full(call.store.get("support_thread", found.id), call)


def _open_for_words(call: Call) -> Entity:
    found = call.store.get("support_thread", call.path["id"])
    if found.body.get("typing"):
        raise RefusedError("Please wait for the answer", status=409, code="typing")
    if found.body["status"] == "ended":
        raise RefusedError("This conversation has ended", status=409, code="ended")
    return found


def _form_of(thread: Entity) -> list[Json]:
    """The fields of the form that waits to be filled."""
    messages = thread.body["messages"]
    fields: list[Json] = messages[-1].get("form", []) if messages else []
    return fields


async def screen_capture(call: Call) -> Json:
    """What "Click to upload" does: it would record the whole screen. Never wanted."""
    call.store.record(call.act("capture", f"screen_capture:{call.path['id']}"))
    return {}


async def raise_ticket(call: Call) -> Json:
    """Submit the ticket form: {scope, area, location_id, subject, description, business_profile, loom}."""
    body = {key: str(value).strip() for key, value in call.body.items()}
    if body.get("scope") not in _SCOPES or body.get("area") not in _AREAS:
        raise RefusedError("Select the product area", code="area")
    account = call.store.find("sub_account", body.get("location_id", ""))
    if account is None:
        raise RefusedError("Enter a valid Account ID (Location ID)", code="location_id")
    if len(body.get("description", "")) < 12:
        raise RefusedError("Describe the issue", code="description")
    if fits("loom", body.get("loom", ""), is_account=bool) is None:
        raise RefusedError("Enter the link of a Loom recording, or None", code="loom")
    answers = {
        "topic": "Technical Support",
        "category": body["area"],
        "issue": body["description"],
        "account_id": account.id,
        "business_profile": body.get("business_profile", ""),
        "loom": body["loom"],
    }
    fields = {
        "channel": "ticket",
        "status": "open",
        "opened_at": now(),
        "subject": body.get("subject") or "Technical Support",
        "plan": [],
        "wording": 0,
        "answers": answers,
        "ticket_number": None,
        "messages": [said("user", body["description"])],
        "typing": False,
    }
    made = _new_thread(call, fields)
    call.store.put(made)
    return {"thread": made.id, "ticket_number": submit(call, made)}


def _new_thread(call: Call, body: Json) -> Entity:
    count = len(call.store.all_of("support_thread"))
    rng = random.Random(f"{call.pace.seed}/thread/{count}")  # noqa: S311 - sample data
    return Entity(kind="support_thread", id=new_id(rng), position=count, body=body)


def _is_worth_showing(thread: Entity) -> bool:
    """A chat in which the user never wrote is not listed."""
    return any(m["from"] == "user" for m in thread.body["messages"])


def _row(thread: Entity) -> Json:
    body = thread.body
    last = body["messages"][-1]["text"] if body["messages"] else ""
    return {
        "id": thread.id,
        "channel": body["channel"],
        "status": body["status"],
        "subject": body["subject"],
        "opened_at": body["opened_at"],
        "ticket_number": None if body.get("is_number_hidden") else body["ticket_number"],
        "account_id": body["answers"].get("account_id"),
        "last": last,
    }


def _full(thread: Entity, call: Call) -> Json:
    body = thread.body
    return {
        **_row(thread),
        "messages": body["messages"],
        "typing": body.get("typing", False),
        "waiting": body.get("waiting", False),
        "replies_only": call.store.setting("support_replies_only"),
        "can_continue": body["status"] == "ended" and call.store.setting("support_revival") == "button",
    }


async def search_accounts(call: Call) -> Json:
    """Sub-accounts for the ticket form: {query} gives {rows: [{id, name, city}]}."""
    query = str(call.body.get("query", ""))
    rows = [
        {"id": a.id, "name": a.body["name"], "city": a.body["city"]}
        for a in call.store.all_of("sub_account")
        if matches(query, a.body["name"], a.id)
    ]
    return {"rows": rows}


routes = [
    post("/support", drawer),
    post("/support/accounts", search_accounts),
    post("/support/chats/open", open_chat),
    post("/support/tickets", raise_ticket),
    post("/support/threads/{id}", thread),
    post("/support/threads/{id}/reopen", reopen),
    post("/support/threads/{id}/send", send),
    post("/support/threads/{id}/form", send_form),
    post("/support/threads/{id}/screen-capture", screen_capture),
]
