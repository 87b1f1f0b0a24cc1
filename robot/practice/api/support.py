"""The help drawer: support chats and tickets (dashboard-facts 6).

A chat is a thread of messages. The dashboard asks one prompt at a time, each after a while of typing, which
is a job; every message that the user sends is a mutation, and so is the request that comes out of it.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from robot.practice.api.call import Call, Json, RefusedError, matches, post
from robot.practice.chat_script import PROMPTS, SUBMIT, Prompt, fits, order_of, summary_of
from robot.practice.entity import Entity
from robot.practice.jobs import job, schedule, schedule_in
from robot.practice.pace import Pace
from robot.practice.seed_ids import new_id
from robot.practice.store import Act, Store

_AGENT_WAIT_S = 180.0
_AREAS = ("Phone", "Email", "Domains", "Calendars", "Payments", "Workflows", "Other")
_SCOPES = ("Within a sub-location", "Agency level")


async def drawer(call: Call) -> Json:
    """What the drawer shows first: the agency's numbers and the lists of chats and tickets."""
    [agency] = call.store.all_of("agency")
    shown = [t for t in call.store.all_of("support_thread") if _is_worth_showing(t)]
    threads = [_row(thread) for thread in reversed(shown)]
    return {"agency": agency.body, "threads": threads, "areas": _AREAS, "scopes": _SCOPES}


async def open_chat(call: Call) -> Json:
    """Continue the unfinished chat of the channel, or begin one: {channel: ai|agent, new: bool}."""
    channel = call.body.get("channel")
    if channel not in {"ai", "agent"}:
        raise RefusedError("Something went wrong")
    if not call.body.get("new"):
        for thread in reversed(call.store.all_of("support_thread")):
            if thread.body["channel"] == channel and thread.body["status"] == "open":
                return _full(thread)
    greeting = "Hi, I am the AI support assistant."
    if channel == "agent":
        greeting = (
            "Thanks for reaching out. An agent will join in 2-5 minutes; we start with a few questions."
        )
    variant = int(call.store.setting("support_variant"))
    body = {
        "channel": channel,
        "status": "open",
        "opened_at": _now(),
        "subject": "New conversation",
        "plan": list(order_of(seed=call.pace.seed, variant=variant)),
        "wording": 0 if variant in {0, 3} else 1,
        "answers": {},
        "ticket_number": None,
        "messages": [],
        "typing": True,
    }
    thread = _new_thread(call, body)
    call.store.put(thread)
    _say_later(call, thread, [greeting], ask=True)
    return _full(thread)


async def thread(call: Call) -> Json:
    """Answer one thread with all its messages."""
    return _full(call.store.get("support_thread", call.path["id"]))


async def send(call: Call) -> Json:
    """Take one message of the user: {text}. Refused while the other side is typing."""
    found = call.store.get("support_thread", call.path["id"])
    text = str(call.body.get("text", ""))
    if not text.strip():
        raise RefusedError("Type a message first")
    if found.body.get("typing"):
        raise RefusedError("Please wait for the answer", status=409, code="typing")
    message = {"from": "user", "text": text, "at": _now(), "replies": []}
    changed = found.evolve(messages=[*found.body["messages"], message], typing=True)
    with call.store.together():
        call.store.update(changed, call.act("send", f"support_message:{found.id}", text=text))
        _answer(call, changed, text)
    return _full(call.store.get("support_thread", found.id))


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
        "opened_at": _now(),
        "subject": body.get("subject") or "Technical Support",
        "plan": [],
        "wording": 0,
        "answers": answers,
        "ticket_number": None,
        "messages": [{"from": "user", "text": body["description"], "at": _now(), "replies": []}],
        "typing": False,
    }
    made = _new_thread(call, fields)
    call.store.put(made)
    return {"thread": made.id, "ticket_number": _submit(call, made)}


def _answer(call: Call, thread: Entity, text: str) -> None:
    """Say what follows the user's message."""
    body = thread.body
    if body["status"] == "submitted":
        number = body["ticket_number"]
        _say_later(call, thread, [f"Thank you, we have added this to ticket #{number}."], ask=False)
        return
    if not body["plan"]:
        if text.strip().casefold() == SUBMIT.casefold():
            number = _submit(call, thread)
            _say_later(
                call,
                call.store.get("support_thread", thread.id),
                [
                    f"Your request has been submitted. Ticket number: #{number}. "
                    "Our team will answer here and by email."
                ],
                ask=False,
            )
        else:
            _say_later(call, thread, [_again_summary()], ask=True)
        return
    key = body["plan"][0]
    kept = fits(key, text, is_account=lambda id_: call.store.find("sub_account", id_) is not None)
    if kept is None:
        _say_later(call, thread, [PROMPTS[key].again], ask=bool(PROMPTS[key].replies))
        return
    subject = kept[:60] if key == "issue" else body["subject"]
    changed = thread.evolve(plan=body["plan"][1:], answers={**body["answers"], key: kept}, subject=subject)
    call.store.put(changed)
    _say_later(call, changed, [], ask=True)


def _submit(call: Call, thread: Entity) -> str:
    """Turn the thread into a ticket; returns its number."""
    location_id = thread.body["answers"]["account_id"]
    tickets = call.store.all_of("support_ticket")
    number = str(4_821_930 + 7 * len(tickets) + call.pace.seed)
    changed = thread.evolve(status="submitted", ticket_number=number)
    ticket = Entity(
        kind="support_ticket",
        id=f"{thread.id}",
        position=len(tickets),
        body={
            "number": number,
            "thread_id": thread.id,
            "subject": changed.body["subject"],
            "category": changed.body["answers"].get("category", ""),
            "status": "Open",
            "opened_at": _now(),
            "location_id": location_id,
            "answers": changed.body["answers"],
        },
    )
    act: Act = call.act(
        "submit",
        f"support_request:{location_id}",
        thread=thread.id,
        ticket=number,
        answers=changed.body["answers"],
    )
    with call.store.together():
        call.store.put(changed)
        call.store.insert(ticket, replace(act, location_id=location_id))
    return number


def _say_later(call: Call, thread: Entity, texts: list[str], *, ask: bool) -> None:
    call.store.put(thread.evolve(typing=True))
    payload = {"id": thread.id, "texts": texts, "ask": ask}
    said = len(thread.body["messages"])
    if thread.body["channel"] == "agent" and said == 0:
        schedule(call.store, call.pace, kind="support_prompt", payload=payload, real_s=_AGENT_WAIT_S)
    else:
        schedule_in(
            call.store, kind="support_prompt", payload=payload, after_s=call.pace.typing_s(number=said)
        )


@job("support_prompt")
def _say(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    thread = store.get("support_thread", payload["id"])
    body = thread.body
    messages = [{"from": "bot", "text": text, "at": _now(), "replies": []} for text in payload["texts"]]
    if payload["ask"]:
        if body["plan"]:
            prompt: Prompt = PROMPTS[body["plan"][0]]
            text = prompt.texts[body["wording"]]
            messages.append({"from": "bot", "text": text, "at": _now(), "replies": list(prompt.replies)})
        else:
            text = summary_of(body["answers"])
            messages.append({"from": "bot", "text": text, "at": _now(), "replies": [SUBMIT, "Not yet"]})
    store.put(thread.evolve(messages=[*body["messages"], *messages], typing=False))


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
        "ticket_number": body["ticket_number"],
        "account_id": body["answers"].get("account_id"),
        "last": last,
    }


def _full(thread: Entity) -> Json:
    return {**_row(thread), "messages": thread.body["messages"], "typing": thread.body.get("typing", False)}


def _again_summary() -> str:
    return "No problem, nothing has been sent yet."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


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
    post("/support/threads/{id}/send", send),
    post("/support/threads/{id}/screen-capture", screen_capture),
]
