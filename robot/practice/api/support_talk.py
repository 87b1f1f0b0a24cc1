"""What support says in a chat, and when: prompts, an agent who takes over, the end.

Everything said is a job, so that it comes after a while. The settings `support_...` say how difficult it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from robot.practice import chat_script as script
from robot.practice.api.call import Call
from robot.practice.chat_script import PROMPTS, SUBMIT, Prompt, fits, order_of, summary_of
from robot.practice.entity import Entity
from robot.practice.jobs import job, schedule, schedule_in
from robot.practice.pace import Pace
from robot.practice.store import Act, Store

_AGENT_WAIT_S = 180.0
#: The step after the last prompt: whether to submit.
SUMMARY = "summary"
#: What is said last: the confirmation.
TICKET = "ticket"
#: Thread body while something will be said: with the sign of typing, and without.
_TYPING = {"typing": True, "waiting": False}
_WAITING = {"typing": False, "waiting": True}
_QUIET = {"typing": False, "waiting": False}


def begin(call: Call, channel: str) -> dict[str, Any]:
    """The body of a new chat; `greet` then says the first thing."""
    store = call.store
    variant = int(store.setting("support_variant"))
    wording = store.setting("support_wording")
    if wording is None:
        wording = 0 if variant in {0, script.UNKNOWN_PROMPT_ORDER} else 1
    order = order_of(seed=call.pace.seed, variant=variant, name=store.setting("support_order"))
    return {
        "channel": channel,
        "status": "open",
        "opened_at": now(),
        "subject": "New conversation",
        "plan": list(order),
        "wording": wording,
        "answers": {},
        "ticket_number": None,
        "messages": [],
        **_TYPING,
    }


def greet(call: Call, thread: Entity) -> None:
    text = script.AGENT_GREETING if thread.body["channel"] == "agent" else script.GREETING
    _say_later(call, thread, [said("bot", text)], ask=True)


def hear(call: Call, thread: Entity, text: str) -> None:
    """Say what follows the user's message, which stands in the thread already."""
    body = thread.body
    if body["status"] == "submitted":
        number = body["ticket_number"]
        text = f"Thank you, we have added this to ticket #{number}."
        _say_later(call, thread, [said("bot", text)], ask=False)
    elif not body["plan"]:
        _hear_decision(call, thread, text)
    else:
        key = body["plan"][0]
        kept = fits(key, text, is_account=_is_account(call))
        if kept is None:
            again = said(_speaker(thread), PROMPTS[key].again)
            _say_later(call, thread, [again], ask=bool(PROMPTS[key].replies), key=key)
        else:
            _go_on(call, thread, {key: kept})


def misfit(call: Call, values: dict[str, str]) -> str | None:
    """The first field of a form whose value does not fit."""
    is_account = _is_account(call)
    return next((key for key, text in values.items() if fits(key, text, is_account=is_account) is None), None)


def hear_form(call: Call, thread: Entity, values: dict[str, str]) -> None:
    """The same for a filled form, whose values fit."""
    is_account = _is_account(call)
    _go_on(call, thread, {key: fits(key, text, is_account=is_account) or "" for key, text in values.items()})


def take_up(call: Call, thread: Entity) -> None:
    """Take up a conversation that had ended, with the prompt at which it stopped."""
    changed = thread.evolve(status="open")
    call.store.put(changed)
    _say_later(call, changed, [said("system", script.REOPENED)], ask=True)


def submit(call: Call, thread: Entity) -> str:
    """Turn the thread into a ticket; returns its number."""
    answers = thread.body["answers"]
    location_id = answers["account_id"]
    tickets = call.store.all_of("support_ticket")
    number = str(4_821_930 + 7 * len(tickets) + call.pace.seed)
    changed = thread.evolve(status="submitted", ticket_number=number)
    ticket = ticket_of(changed, position=len(tickets), opened_at=now())
    act: Act = call.act(
        "submit", f"support_request:{location_id}", thread=thread.id, ticket=number, answers=answers
    )
    with call.store.together():
        call.store.put(changed)
        call.store.insert(ticket, replace(act, location_id=location_id))
    return number


def ticket_of(thread: Entity, *, position: int, opened_at: str) -> Entity:
    """The ticket of a thread that has its number."""
    answers = thread.body["answers"]
    return Entity(
        kind="support_ticket",
        id=thread.id,
        position=position,
        body={
            "number": thread.body["ticket_number"],
            "thread_id": thread.id,
            "subject": thread.body["subject"],
            "category": answers.get("category", ""),
            "status": "Open",
            "opened_at": opened_at,
            "location_id": answers["account_id"],
            "answers": answers,
        },
    )


def said(by: str, text: str, replies: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """One message."""
    author = {"author": script.AGENT} if by == "agent" else {}
    return {"from": by, "text": text, "at": now(), "replies": list(replies), **author, **more}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# --- what follows an answer --------------------------------------------------------------------------


def _go_on(call: Call, thread: Entity, kept: dict[str, str]) -> None:
    """Take good answers: ask again, die, hand over to an agent, or ask the next thing."""
    setting, body = call.store.setting, thread.body
    last = list(kept)[-1]
    if last in setting("support_never_content"):
        _say_later(call, thread, [], ask=True, key=last)
        return
    asked_twice = body.get("asked_twice", [])
    plan = [key for key in body["plan"] if key not in kept]
    if last in setting("support_reasked") and last not in asked_twice:
        plan, asked_twice = [last, *plan], [*asked_twice, last]
    changed = thread.evolve(
        plan=plan,
        asked_twice=asked_twice,
        answers={**body["answers"], **kept},
        subject=kept["issue"][:60] if "issue" in kept else body["subject"],
    )
    call.store.put(changed)
    if setting("support_dies_after") in kept and _may_die(call, changed):
        _die_later(call, changed)
    elif setting("support_agent_after") in kept and not body.get("agent"):
        _hand_over(call, changed)
    elif not plan and setting("support_ending") == "turned_into_ticket":
        number = submit(call, changed)
        changed = call.store.get("support_thread", thread.id)
        text = script.turned_into_text(number)
        _say_later(call, changed, [said(_speaker(changed), text)], ask=False, key=TICKET)
    else:
        _say_later(call, changed, [], ask=True)


def _hear_decision(call: Call, thread: Entity, text: str) -> None:
    setting = call.store.setting
    if text.strip().casefold() != SUBMIT.casefold():
        _say_later(call, thread, [said(_speaker(thread), script.NOT_SENT)], ask=True)
        return
    number = submit(call, thread)
    changed = call.store.get("support_thread", thread.id)
    if setting("support_dies_after") == SUMMARY and _may_die(call, thread):
        _die_later(call, changed)
        return
    ending = setting("support_ending")
    if ending in {"number_later", "number_in_list", "no_number"}:
        if ending != "number_in_list":
            changed = changed.evolve(is_number_hidden=True)
            call.store.put(changed)
        then = number if ending == "number_later" else None
        confirmed = said(_speaker(thread), script.CONFIRMED)
        _say_later(call, changed, [confirmed], ask=False, key=TICKET, number=then)
    else:
        text = script.submitted_text(number)
        _say_later(call, changed, [said(_speaker(thread), text)], ask=False, key=TICKET)


def _may_die(call: Call, thread: Entity) -> bool:
    """A conversation dies once, and only so many of them do."""
    dead = [one for one in call.store.all_of("support_thread") if one.body.get("has_died")]
    is_dead = any(one.id == thread.id for one in dead)
    return not is_dead and len(dead) < int(call.store.setting("support_dies_times"))


def _die_later(call: Call, thread: Entity) -> None:
    text = script.ENDINGS[call.store.setting("support_dies_how")]
    changed = thread.evolve(has_died=True)
    call.store.put(changed)
    status = "ended" if thread.body["status"] == "open" else thread.body["status"]
    _say_later(call, changed, [said("system", text)], ask=False, status=status)


def _hand_over(call: Call, thread: Entity) -> None:
    again = call.store.setting("support_agent_asks_again")
    plan = [*again, *(key for key in thread.body["plan"] if key not in again)]
    changed = thread.evolve(agent=script.AGENT, plan=plan)
    call.store.put(changed)
    _say_later(call, changed, [said("bot", script.HAND_OVER)], ask=False, agent_comes=True)


def _speaker(thread: Entity) -> str:
    return "agent" if thread.body.get("agent") else "bot"


def _is_account(call: Call) -> Any:
    return lambda id_: call.store.find("sub_account", id_) is not None


# --- what is said later ------------------------------------------------------------------------------


def _say_later(
    call: Call, thread: Entity, messages: list[dict[str, Any]], *, ask: bool, key: str = "", **more: Any
) -> None:
    """Let a job say `messages` and then, if `ask`, what comes next in the plan. `key`: what it is about."""
    key = key or (next(iter(thread.body["plan"]), SUMMARY) if ask else "")
    late = call.store.setting("support_late")
    late_s = float(late.get(key, late.get("all", 0) if key else 0))
    call.store.put(thread.evolve(**(_WAITING if late_s else _TYPING)))
    payload = {"id": thread.id, "messages": messages, "ask": ask, **more}
    count = len(thread.body["messages"])
    if thread.body["channel"] == "agent" and count == 0:
        schedule(call.store, call.pace, kind="support_prompt", payload=payload, real_s=_AGENT_WAIT_S)
        return
    after_s = call.pace.typing_s(number=count) + late_s
    schedule_in(call.store, kind="support_prompt", payload=payload, after_s=after_s)


@job("support_prompt")
def _say(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    thread = store.get("support_thread", payload["id"])
    body = thread.body
    messages = [{**message, "at": now()} for message in payload["messages"]]
    if payload["ask"]:
        messages += _questions(store, thread)
    changed = thread.evolve(
        messages=[*body["messages"], *messages], status=payload.get("status", body["status"]), **_QUIET
    )
    if payload.get("agent_comes"):
        changed = changed.evolve(**_WAITING)
        wait_s = store.setting("support_agent_wait_s")
        if wait_s is None:
            schedule(store, pace, kind="support_agent", payload={"id": thread.id}, real_s=_AGENT_WAIT_S)
        else:
            schedule_in(store, kind="support_agent", payload={"id": thread.id}, after_s=float(wait_s))
    if payload.get("number"):
        changed = changed.evolve(**_WAITING)
        number = {"id": thread.id, "number": payload["number"]}
        after_s = float(store.setting("support_number_after_s"))
        schedule_in(store, kind="support_number", payload=number, after_s=after_s)
    store.put(changed)


@job("support_agent")
def _agent_comes(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    thread = store.get("support_thread", payload["id"])
    messages = [
        *thread.body["messages"],
        said("system", script.AGENT_JOINED),
        said("agent", script.AGENT_HELLO),
        *_questions(store, thread),
    ]
    store.put(thread.evolve(messages=messages, **_QUIET))


@job("support_number")
def _tell_number(store: Store, pace: Pace, payload: dict[str, Any]) -> None:
    thread = store.get("support_thread", payload["id"])
    told = said(_speaker(thread), script.number_text(payload["number"]))
    messages = [*thread.body["messages"], told]
    store.put(thread.evolve(messages=messages, is_number_hidden=False, **_QUIET))


def _questions(store: Store, thread: Entity) -> list[dict[str, Any]]:
    """What is asked next: a prompt, a form of several, or whether to submit."""
    body, by = thread.body, _speaker(thread)
    if not body["plan"]:
        return [
            said(by, summary_of(body["answers"], wording=body["wording"]), replies=[SUBMIT, "Not yet"]),
        ]
    key = body["plan"][0]
    before = store.setting("support_says").get(key)
    first = [said(by, before)] if before else []
    fields = [one for one in store.setting("support_form") if one in body["plan"]]
    if key in fields and len(fields) > 1:
        return [*first, said(by, script.FORM, form=[_field(PROMPTS[one]) for one in fields])]
    prompt = PROMPTS[key]
    is_second_time = key in body["answers"]
    text = prompt.texts[(body["wording"] + is_second_time) % len(prompt.texts)]
    replies = prompt.replies or store.setting("support_quick_replies").get(key, ())
    return [*first, said(by, text, replies)]


def _field(prompt: Prompt) -> dict[str, Any]:
    return {"key": prompt.key, "label": prompt.label, "options": list(prompt.replies)}
