"""The support chat at its worst: what each setting makes it do, seen over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from robot.practice import chat_script as script
from robot.practice.chat_script import NAMED_ORDERS, PROMPTS
from robot.practice.setting import DEFAULTS
from tests.practice.conftest import Dashboard
from tests.practice.served import DEMO, Served
from tests.practice.test_support import ANSWERS, heard, opened, say


@pytest.fixture
def dashboard(dashboard: Dashboard) -> Served:
    return Served(dashboard)


def asked_of(thread: dict[str, Any]) -> str | None:
    """The prompt that was said last, in whichever wording."""
    text = thread["messages"][-1]["text"]
    return next((key for key, prompt in PROMPTS.items() if text in prompt.texts), None)


def talk(dashboard: Served, thread: dict[str, Any] | None = None) -> tuple[dict[str, Any], list[str]]:
    """Answers every prompt until something else is said."""
    thread = thread or opened(dashboard)
    asked: list[str] = []
    while (key := asked_of(thread)) is not None and len(asked) < 20:
        asked.append(key)
        thread = say(dashboard, thread, ANSWERS[key])
    return thread, asked


def texts(thread: dict[str, Any]) -> list[str]:
    return [message["text"] for message in thread["messages"]]


@pytest.mark.parametrize("name", NAMED_ORDERS)
def test_orders_have_names(dashboard: Served, name: str) -> None:
    dashboard.set(support_order=name)
    thread, asked = talk(dashboard)
    assert tuple(asked) == NAMED_ORDERS[name]
    assert thread["messages"][-1]["replies"] == ["Submit request", "Not yet"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_wordings_have_numbers(dashboard: Served, number: int) -> None:
    dashboard.set(support_wording=number)
    thread, asked = talk(dashboard)
    assert {PROMPTS[key].texts[number] for key in asked} <= set(texts(thread))


def test_no_wording_is_used_twice() -> None:
    every = [text for prompt in PROMPTS.values() for text in prompt.texts]
    assert len(every) == len(set(every))


def test_a_good_answer_is_asked_for_again_once(dashboard: Served) -> None:
    dashboard.set(support_reasked=["issue", "loom"])
    _, asked = talk(dashboard)
    assert asked == [
        "topic",
        "category",
        "issue",
        "issue",
        "more",
        "account_id",
        "business_profile",
        "loom",
        "loom",
    ]


def test_nothing_satisfies(dashboard: Served) -> None:
    dashboard.set(support_never_content=["category"])
    _, asked = talk(dashboard)
    assert asked[:2] == ["topic", "category"] and set(asked[2:]) == {"category"}


def test_late_means_no_sign_of_typing(dashboard: Served) -> None:
    dashboard.set(support_late={"category": 3000})
    thread = opened(dashboard)
    thread = dashboard.post(f"/support/threads/{thread['id']}/send", {"text": ANSWERS["topic"]})
    assert (thread["typing"], thread["waiting"]) == (False, True)
    # Words said meanwhile stand there and answer nothing.
    again = dashboard.post(f"/support/threads/{thread['id']}/send", {"text": "hello?"})
    assert again["messages"][-1]["text"] == "hello?"
    thread = heard(dashboard, thread)
    assert asked_of(thread) == "category"
    assert texts(thread).count(PROMPTS["category"].texts[0]) == 1


def test_an_agent_takes_over_and_asks_again(dashboard: Served) -> None:
    dashboard.set(
        support_agent_after="issue",
        support_agent_wait_s=3000,
        support_agent_asks_again=["account_id", "issue"],
    )
    thread, _ = talk(dashboard)
    assert (texts(thread)[-1], thread["waiting"]) == (script.HAND_OVER, True)
    thread = heard(dashboard, thread)
    assert texts(thread)[-3:-1] == [script.AGENT_JOINED, script.AGENT_HELLO]
    assert [message["from"] for message in thread["messages"][-3:]] == ["system", "agent", "agent"]
    assert thread["messages"][-1]["author"] == script.AGENT
    _, asked = talk(dashboard, thread)
    assert asked == ["account_id", "issue", "more", "business_profile", "loom"]


def test_quick_replies_leave_free_text(dashboard: Served) -> None:
    dashboard.set(support_quick_replies={"issue": ["Number", "Campaign"]}, support_replies_only=True)
    thread = opened(dashboard)
    for key in ("topic", "category"):
        thread = say(dashboard, thread, ANSWERS[key])
    assert thread["messages"][-1]["replies"] == ["Number", "Campaign"]
    assert thread["replies_only"]
    assert asked_of(say(dashboard, thread, ANSWERS["issue"])) == "more"


def test_a_form_asks_several_things_at_once(dashboard: Served) -> None:
    dashboard.set(support_form=["category", "issue"])
    thread = say(dashboard, opened(dashboard), ANSWERS["topic"])
    form = thread["messages"][-1]["form"]
    assert [field["label"] for field in form] == ["Category", "Describe the issue"]
    path = f"/support/threads/{thread['id']}"
    assert dashboard.refused(f"{path}/send", {"text": "Phone"})["code"] == "form"
    assert dashboard.refused(f"{path}/form", {"values": {"category": "Phone"}})["code"] == "issue"
    values = {key: ANSWERS[key] for key in ("category", "issue")}
    thread = heard(dashboard, dashboard.post(f"{path}/form", {"values": values}))
    assert thread["messages"][-2]["text"] == f"Category: Phone\nDescribe the issue: {ANSWERS['issue']}"
    assert asked_of(thread) == "more"


def test_support_may_make_a_ticket_of_it_by_itself(dashboard: Served) -> None:
    dashboard.set(support_ending="turned_into_ticket")
    thread, _ = talk(dashboard)
    assert "turned into a support ticket" in texts(thread)[-1]
    assert thread["ticket_number"] in texts(thread)[-1]
    assert dashboard.mutations().count(f"submit support_request:{DEMO}") == 1


@pytest.mark.parametrize(
    ("ending", "is_told", "is_listed"),
    [("number_later", True, True), ("number_in_list", False, True), ("no_number", False, False)],
)
def test_the_number_may_come_later_or_never(
    dashboard: Served, ending: str, is_told: bool, is_listed: bool
) -> None:
    dashboard.set(support_ending=ending, support_number_after_s=3000)
    thread, _ = talk(dashboard)
    thread = say(dashboard, thread, "Submit request")
    assert texts(thread)[-1] == script.CONFIRMED
    thread = heard(dashboard, thread)
    assert ("Your ticket number is" in texts(thread)[-1]) is is_told
    assert bool(dashboard.post("/support")["threads"][0]["ticket_number"]) is is_listed
    assert dashboard.mutations().count(f"submit support_request:{DEMO}") == 1


@pytest.mark.parametrize("how", ["inactivity", "disconnect"])
@pytest.mark.parametrize("revival", ["list", "button", "none"])
def test_a_conversation_dies_and_may_come_back(dashboard: Served, how: str, revival: str) -> None:
    dashboard.set(support_dies_after="issue", support_dies_how=how, support_revival=revival)
    thread, _ = talk(dashboard)
    assert (texts(thread)[-1], thread["status"]) == (script.ENDINGS[how], "ended")
    assert thread["can_continue"] is (revival == "button")
    path = f"/support/threads/{thread['id']}"
    assert dashboard.refused(f"{path}/send", {"text": "hello?"})["code"] == "ended"
    for by in ("list", "button"):
        dashboard.post(f"{path}/reopen", {"by": by})
    thread = heard(dashboard, thread)
    if revival == "none":
        assert thread["status"] == "ended"
        assert opened(dashboard)["id"] != thread["id"]
    else:
        assert texts(thread)[-2] == script.REOPENED
        assert talk(dashboard, thread)[1] == ["more", "account_id", "business_profile", "loom"]


@pytest.mark.parametrize("times", [1, 2])
def test_so_many_conversations_die(dashboard: Served, times: int) -> None:
    dashboard.set(support_dies_after="topic", support_revival="none", support_dies_times=times)
    statuses = [talk(dashboard)[0]["status"] for _ in range(3)]
    assert statuses.count("ended") == times


def test_it_may_die_when_the_request_is_made(dashboard: Served) -> None:
    dashboard.set(support_dies_after="summary")
    thread, _ = talk(dashboard)
    thread = say(dashboard, thread, "Submit request")
    assert (texts(thread)[-1], thread["status"]) == (script.ENDINGS["inactivity"], "submitted")
    assert dashboard.post("/support")["threads"][0]["ticket_number"]


def test_support_says_more_than_it_asks(dashboard: Served) -> None:
    dashboard.set(support_says={"category": "One moment please."})
    thread = say(dashboard, opened(dashboard), ANSWERS["topic"])
    assert texts(thread)[-2:] == ["One moment please.", PROMPTS["category"].texts[0]]


@pytest.mark.parametrize("state", ["ticket", "open", "silent", "ended"])
@pytest.mark.parametrize("matter", ["cancellation", "some", "other"])
def test_earlier_conversations_are_listed(dashboard: Served, matter: str, state: str) -> None:
    dashboard.set(support_earlier=[{"location_id": DEMO, "matter": matter, "state": state}])
    for _ in range(2):
        listed = [
            row for row in dashboard.post("/support")["threads"] if row["opened_at"].startswith("2026-09-11")
        ]
        assert len(listed) == 1
    thread = dashboard.post(f"/support/threads/{listed[0]['id']}")
    assert bool(thread["ticket_number"]) is (state == "ticket")
    own = " ".join(message["text"] for message in thread["messages"] if message["from"] == "user")
    assert DEMO in own
    assert ("cancelled" in own) is (matter != "other")
    assert dashboard.mutations() == []


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_setting_is_documented(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs/practice.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page
