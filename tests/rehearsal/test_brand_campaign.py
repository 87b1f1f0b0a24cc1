from __future__ import annotations

import pytest

from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Practice, RunFlow

FIRST = (
    "Customer has cancelled. Please delete the SMS campaign with the campaign ID {id} for the connected brand "
    "{brand}."
)
SECOND = (
    "The following customer has cancelled with us. please ensure the brand and campaign are deleted on your back "
    "end so they don’t continue to get charged.\n\n"
    "Location ID to delete brand and campaign registration: {location}"
)


def _said(practice: Practice) -> list[str]:
    return [
        row["detail"]["text"]
        for row in practice.ask("/mutations")
        if row["object"].startswith("support_message:")
    ]


def _requests(practice: Practice) -> list[str]:
    return [row.object for row in practice.mutations() if row.object.startswith("support_request:")]


def _issue(practice: Practice, location_id: str) -> str:
    brands = {row["id"]: row["body"]["sid"] for row in practice.entities("brand", location_id)}
    firsts = [
        FIRST.format(id=row["body"]["campaign_id"], brand=brands[row["body"]["brand_id"]])
        for row in practice.entities("campaign", location_id)
    ]
    return "\n".join(firsts) + "\n\n" + SECOND.format(location=location_id)


@pytest.mark.parametrize(
    "variant", [0, pytest.param(1, marks=pytest.mark.matrix), pytest.param(2, marks=pytest.mark.matrix)]
)
def test_the_request_is_sent_once_whatever_the_order_of_the_prompts(
    practice: Practice, run_flow: RunFlow, variant: int
) -> None:
    practice.tell("/settings", {"support_variant": variant})
    result = run_flow("brand-campaign", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    said = _said(practice)
    assert _issue(practice, DEMO) in said
    assert DEMO in said
    assert "None" in said
    assert _requests(practice) == [f"support_request:{DEMO}"]
    assert result.outputs["ticket"]


@pytest.mark.matrix
def test_a_request_that_stands_is_not_sent_again(practice: Practice, run_flow: RunFlow) -> None:
    run_flow("brand-campaign", location_id=DEMO)
    before = practice.mutations()
    second = run_flow("brand-campaign", location_id=DEMO)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == before


@pytest.mark.matrix
def test_a_prompt_that_nobody_knows_stops_without_a_guess(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_variant": 3})
    result = run_flow("brand-campaign", location_id=DEMO)
    assert result.status is Status.BLOCKED, result.reason
    assert "a prompt of support is not known" in result.reason
    assert "carrier" in result.reason
    assert _requests(practice) == []


@pytest.mark.matrix
def test_a_conversation_that_was_cut_off_is_carried_on(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_variant": 3})
    run_flow("brand-campaign", location_id=DEMO)
    said = _said(practice)
    # A person has answered the odd question; the rest of the conversation is the usual one.
    [thread] = [row for row in practice.entities("support_thread") if row["body"]["status"] == "open"]
    plan = [key for key in thread["body"]["plan"] if key != "carrier"]
    practice.put(thread, plan=plan, messages=_without_the_odd_prompt(thread["body"]["messages"]))
    result = run_flow("brand-campaign", location_id=DEMO)
    assert result.status is Status.PASSED, result.reason
    assert _said(practice)[: len(said)] == said
    assert len(_requests(practice)) == 1


def _without_the_odd_prompt(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    odd = messages[-1]
    asked = {**odd, "text": "Please share the Account ID (Location ID) of the sub-account.", "replies": []}
    return [*messages[:-1], asked]


@pytest.mark.matrix
def test_without_registration_there_is_nothing_to_ask(practice: Practice, run_flow: RunFlow) -> None:
    bare = [
        row["location_id"]
        for row in practice.entities("sub_account")
        if not practice.entities("brand", row["location_id"])
        and not practice.entities("campaign", row["location_id"])
    ]
    result = run_flow("brand-campaign", location_id=bare[0])
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


TICKET: dict[str, object] = {"support_channel": "ticket"}


@pytest.mark.matrix
def test_the_request_is_sent_as_a_ticket_where_the_policy_says_so(
    practice: Practice, run_flow: RunFlow
) -> None:
    result = run_flow("brand-campaign", location_id=DEMO, policies=TICKET)
    assert result.status is Status.PASSED, result.reason
    [ticket] = [
        row["body"] for row in practice.entities("support_ticket") if row["body"]["location_id"] == DEMO
    ]
    assert ticket["answers"]["issue"] == _issue(practice, DEMO)
    assert (ticket["answers"]["loom"], ticket["answers"]["category"]) == ("None", "Phone")
    assert result.outputs["ticket"] == ticket["number"]
    assert _requests(practice) == [f"support_request:{DEMO}"]
    assert _said(practice) == []

    # Again, in whichever way: it stands there.
    before = practice.mutations()
    for policies in (TICKET, {}):
        again = run_flow("brand-campaign", location_id=DEMO, policies=policies)
        assert (again.status, again.outputs["ticket"]) == (Status.NOOP, ticket["number"]), again.reason
    assert practice.mutations() == before


@pytest.mark.matrix
def test_a_ticket_whose_answer_was_lost_is_found(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/rules", {"path": "/support/tickets$", "times": 1, "do": {"drop": "after"}})
    result = run_flow("brand-campaign", location_id=DEMO, policies=TICKET)
    assert result.status is Status.PASSED, result.reason
    assert len(_requests(practice)) == 1


@pytest.mark.matrix
def test_a_ticket_that_may_have_been_sent_is_not_sent_again(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/rules", {"path": "/support/tickets$", "times": 1, "do": {"status": 502}})
    for _ in range(2):
        result = run_flow("brand-campaign", location_id=DEMO, policies=TICKET)
        assert result.status is Status.UNKNOWN, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_form_that_asks_for_something_unknown_is_left_alone(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_ticket_fields": ["Carrier error code"]})
    result = run_flow("brand-campaign", location_id=DEMO, policies=TICKET)
    assert result.status is Status.BLOCKED
    assert "asks for 'Carrier error code', which nobody has told the robot how to answer" in result.reason
    assert practice.mutations() == []
