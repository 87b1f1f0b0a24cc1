"""The support chat: one prompt at a time, answers that fit, one request with a ticket number."""

from typing import Any

import pytest

from robot.practice.chat_script import ORDERS, PROMPTS, fits, order_of
from tests.practice.conftest import Dashboard
from tests.practice.served import DEMO, Served

ANSWERS = {
    "topic": "Self-service account settings",
    "category": "Phone",
    "issue": "Customer has cancelled. Please delete the SMS campaign.",
    "more": "The following customer has cancelled with us.\n\nLocation ID: " + DEMO,
    "account_id": DEMO,
    "business_profile": "Adrianne's Housekeeping LLC, Austin",
    "loom": "None",
}


@pytest.fixture
def dashboard(dashboard: Dashboard) -> Served:
    return Served(dashboard)


def key_of(message: dict[str, Any]) -> str | None:
    return next((key for key, prompt in PROMPTS.items() if message["text"] in prompt.texts), None)


def opened(dashboard: Served, channel: str = "ai") -> dict[str, Any]:
    thread = dashboard.post("/support/chats/open", {"channel": channel})
    return heard(dashboard, thread)


def heard(dashboard: Served, thread: dict[str, Any]) -> dict[str, Any]:
    dashboard.advance()
    found: dict[str, Any] = dashboard.post(f"/support/threads/{thread['id']}")
    assert not found["typing"]
    return found


def say(dashboard: Served, thread: dict[str, Any], text: str) -> dict[str, Any]:
    return heard(dashboard, dashboard.post(f"/support/threads/{thread['id']}/send", {"text": text}))


def talked_through(dashboard: Served) -> tuple[dict[str, Any], list[str]]:
    thread = opened(dashboard)
    asked = []
    while (key := key_of(thread["messages"][-1])) is not None:
        asked.append(key)
        thread = say(dashboard, thread, ANSWERS[key])
    return thread, asked


def test_conversation_ends_in_one_request_with_a_ticket_number(dashboard: Served) -> None:
    thread, asked = talked_through(dashboard)
    assert tuple(asked) == ORDERS[0]
    assert thread["messages"][-1]["replies"] == ["Submit request", "Not yet"]
    assert "support_request" not in " ".join(dashboard.mutations())
    thread = say(dashboard, thread, "Submit request")
    assert thread["status"] == "submitted"
    assert f"#{thread['ticket_number']}" in thread["messages"][-1]["text"]
    assert dashboard.mutations().count(f"submit support_request:{DEMO}") == 1
    assert dashboard.mutations().count(f"send support_message:{thread['id']}") == 8


@pytest.mark.parametrize("variant", [1, 2])
def test_other_orders_take_the_same_answers(dashboard: Served, variant: int) -> None:
    dashboard.set(support_variant=variant)
    thread, asked = talked_through(dashboard)
    assert tuple(asked) == ORDERS[variant]
    assert thread["messages"][-1]["replies"][0] == "Submit request"


def test_variant_three_asks_what_nobody_knows(dashboard: Served) -> None:
    dashboard.set(support_variant=3)
    thread = opened(dashboard)
    for key in ("topic", "category", "issue"):
        thread = say(dashboard, thread, ANSWERS[key])
    assert key_of(thread["messages"][-1]) == "carrier"
    thread = say(dashboard, thread, "unknown")
    assert thread["messages"][-1]["text"] == PROMPTS["carrier"].again


def test_an_answer_that_does_not_fit_is_asked_again(dashboard: Served) -> None:
    thread = opened(dashboard)
    thread = say(dashboard, thread, "delete my campaign")
    assert [key_of(m) for m in thread["messages"]][-1] == "topic"
    assert thread["messages"][-2]["text"] == PROMPTS["topic"].again


def test_opening_again_carries_on_and_a_finished_one_is_listed(dashboard: Served) -> None:
    first = opened(dashboard)
    say(dashboard, first, ANSWERS["topic"])
    again = opened(dashboard)
    assert again["id"] == first["id"]
    assert len(again["messages"]) == 4
    assert dashboard.post("/support")["threads"][0]["id"] == first["id"]
    other = dashboard.post("/support/chats/open", {"channel": "ai", "new": True})
    assert other["id"] != first["id"]


def test_nothing_is_taken_while_the_other_side_types(dashboard: Served) -> None:
    thread = dashboard.post("/support/chats/open", {"channel": "agent"})
    # At this pace typing ends within a second by itself; only an early refusal is looked at.
    if dashboard.post(f"/support/threads/{thread['id']}")["typing"]:
        refusal = dashboard.refused(f"/support/threads/{thread['id']}/send", {"text": "hello there"})
        assert refusal["code"] == "typing"
    assert dashboard.mutations() == []


def test_ticket_form_submits_one_request(dashboard: Served) -> None:
    body = {
        "scope": "Within a sub-location",
        "area": "Phone",
        "location_id": DEMO,
        "subject": "Delete campaign",
        "description": ANSWERS["issue"],
        "business_profile": ANSWERS["business_profile"],
        "loom": "None",
    }
    assert dashboard.refused("/support/tickets", {**body, "location_id": "nobody"})["code"] == "location_id"
    assert dashboard.refused("/support/tickets", {**body, "loom": "later"})["code"] == "loom"
    number = dashboard.post("/support/tickets", body)["ticket_number"]
    assert dashboard.mutations() == [f"submit support_request:{DEMO}"]
    assert dashboard.post("/support")["threads"][0]["ticket_number"] == number


def test_screen_capture_is_a_mutation_of_its_own(dashboard: Served) -> None:
    thread = opened(dashboard)
    dashboard.post(f"/support/threads/{thread['id']}/screen-capture")
    assert dashboard.mutations() == [f"capture screen_capture:{thread['id']}"]


def test_seed_and_variant_choose_the_order() -> None:
    assert order_of(seed=1, variant=0) == ORDERS[0]
    assert order_of(seed=2, variant=0) == ORDERS[1]
    assert "carrier" in order_of(seed=5, variant=3)


def test_account_id_is_found_within_a_sentence() -> None:
    text = f"The Account ID is {DEMO}."
    assert fits("account_id", text, is_account=lambda id_: id_ == DEMO) == DEMO
    assert fits("account_id", text, is_account=lambda id_: False) is None
