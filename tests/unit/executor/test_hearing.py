from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from robot.executor.hearing import count_said, hear
from robot.flow.loader import load_flows
from robot.flow.model import Flow
from robot.flow.step import ConverseBody, ConverseStep


def shipped() -> ConverseBody:
    """The conversation as the shipped flow holds it."""
    flows, problems = load_flows(Path(__file__).parents[3] / "flows")
    assert not problems
    flow = flows.find("talk-to-support")
    assert isinstance(flow, Flow)
    [step] = [step for step in flow.steps if isinstance(step, ConverseStep)]
    return step.converse


BODY = shipped()


def heard(text: str, *, is_requested: bool = True) -> Any:
    return hear(text, BODY, is_requested=is_requested)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please describe the issue.", "issue"),
        ("Could you explain the problem you are facing?", "issue"),
        (
            "That does not look like an Account ID. You find it under Settings > Business Profile.",
            "account_id",
        ),
        ("Hi, this is Maria. How can I help you today?", "area"),
        (
            "Here is a summary of your request:\nCategory: Phone\nLoom recording: None\nAccount ID: x",
            "submit",
        ),
        ("Kindly confirm the business details on file: legal name, address and website.", "business_profile"),
    ],
)
def test_a_prompt_is_known_by_its_words(text: str, name: str) -> None:
    meaning = heard(text)
    assert (meaning.kind, [item.name for item in meaning.prompts]) == ("prompt", [name])


@pytest.mark.parametrize(
    "text",
    [
        "Hi, I am the AI support assistant.",
        "Hi, this is Maria from the support team. Thank you for waiting, I will take it from here.",
        "Thanks for reaching out. An agent will join in 2-5 minutes; we start with a few questions.",
        "Maria Santos joined the conversation.",
    ],
)
def test_chatter_needs_no_answer(text: str) -> None:
    assert heard(text).kind == "chatter"


def test_one_sentence_that_is_not_known_makes_the_message_unknown() -> None:
    assert heard("Thank you. Your account will be closed tonight.").kind == "unknown"
    assert heard("").kind == "unknown"


def test_being_connected_to_an_agent_takes_longer() -> None:
    meaning = heard("I am connecting you to an agent. The wait time is 2-5 minutes.")
    assert (meaning.kind, meaning.within_ms) == ("chatter", 600_000)


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("Your request has been submitted. Ticket number: #4821931. Our team will answer.", "4821931"),
        (
            "This conversation has been turned into a support ticket. Your ticket number is #4821931.",
            "4821931",
        ),
        ("Ticket ID 48219", "48219"),
    ],
)
def test_a_ticket_number_ends_it_once_something_was_requested(text: str, ticket: str) -> None:
    meaning = heard(text)
    assert (meaning.kind, meaning.captured) == ("done", {"ticket": ticket})
    assert heard(text, is_requested=False).kind == "unknown"


def test_a_confirmation_without_a_number_is_not_the_end() -> None:
    text = "Thank you, your request has been submitted. You will receive the ticket number shortly."
    assert heard(text).kind == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "This conversation has ended because of inactivity.",
        "You have been disconnected. This conversation has ended.",
        "This chat was closed.",
    ],
)
def test_an_ended_conversation_is_known(text: str) -> None:
    assert heard(text).kind == "ended"


def test_two_known_prompts_in_one_message_are_not_guessed_at() -> None:
    meaning = heard("Please describe the issue and share the Account ID.")
    assert (meaning.kind, len(meaning.prompts)) == ("unknown", 2)


def test_the_request_counts_within_a_longer_message_and_other_answers_whole() -> None:
    by_name = {item.name: item for item in BODY.known}
    own = ["Category: Phone\nDescribe the issue: please  delete\nit", "Phone", "Phone"]
    assert count_said(by_name["issue"], ["please delete it"], own) == 1
    assert count_said(by_name["category"], ["Phone"], own) == 2
