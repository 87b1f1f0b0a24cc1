"""The request to support, where support is difficult: what can be recovered passes, what needs a person says so.

Whatever support does, one request at most comes out of it, nothing is said twice unless support asks again, and the
screen is never recorded.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from robot.ledger.database import open_ledger
from robot.ledger.leases import Leases
from robot.run.events import Event, Noted, Said
from robot.run.model import Status, TaskResult
from tests.rehearsal.dashboard import DEMO, Practice, RunFlow
from tests.rehearsal.test_brand_campaign import _issue, _requests, _said
from tests.rehearsal.test_matrix import QUICK

#: The number of the ticket of an earlier day.
_EARLIER = ("4600100",)
#: What only one run at a time may use.
CONVERSATIONS = "support conversations"
#: What nobody knows how to answer.
ODD = "Which carrier error code"


class Ear:
    """Hears the transcript."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def notice(self, event: Event) -> None:
        if isinstance(event, Said):
            self.said.append((event.by, event.text))


def registration(practice: Practice, location_id: str = DEMO) -> dict[str, Any]:
    """What was read before the request: given here, since reading it is not what these tests are about."""
    brands = {row["id"]: row["body"]["sid"] for row in practice.entities("brand", location_id)}
    campaigns = [
        {"campaign_id": row["body"]["campaign_id"], "brand": brands[row["body"]["brand_id"]]}
        for row in practice.entities("campaign", location_id)
    ]
    return {
        "brands": [{"sid": sid} for sid in brands.values()],
        "campaigns": campaigns,
        "business_profile": "Adrianne's Housekeeping LLC, 1 Main St, Austin, TX 78701, https://adriannes.example",
    }


def ask(run_flow: RunFlow, practice: Practice, **more: Any) -> TaskResult:
    return run_flow("brand-campaign", location_id=DEMO, **registration(practice), **more)


def assert_careful(practice: Practice, *, twice: tuple[str, ...] = ()) -> None:
    """One request at most, no text twice but those that support asked for again, no screen recorded."""
    assert len(_requests(practice)) <= 1
    repeated = {text for text, number in Counter(_said(practice)).items() if number > 1}
    assert repeated == set(twice)
    assert not [row.object for row in practice.mutations() if "screen_capture" in row.object]


def threads(practice: Practice) -> list[dict[str, Any]]:
    return [row["body"] for row in practice.entities("support_thread")]


def ticket_of(practice: Practice) -> str:
    [made] = [row for row in practice.entities("support_ticket") if row["body"]["number"] not in _EARLIER]
    return str(made["body"]["number"])


RECOVERABLE: dict[str, dict[str, Any]] = {
    "account first": {"support_order": "account-first"},
    "loom first": {"support_order": "loom-first"},
    "issue first": {"support_order": "issue-first", "support_wording": 1},
    "issue last": {"support_order": "issue-last"},
    "short": {"support_order": "short"},
    "a third build's wording": {"support_wording": 2},
    "late": {"support_late": {"issue": 3, "ticket": 3}},
    "an agent": {"support_agent_after": "issue", "support_agent_wait_s": 3},
    "quick replies": {
        "support_quick_replies": {"loom": ["None", "I have a link"], "more": ["No", "Yes"]},
        "support_replies_only": True,
    },
    "other quick replies": {"support_quick_replies": {"issue": ["A number", "A campaign"]}},
    "a form": {"support_form": ["category", "issue"]},
    "a form for all": {
        "support_form": ["topic", "category", "issue", "more", "account_id", "business_profile", "loom"]
    },
    "turned into a ticket": {"support_ending": "turned_into_ticket"},
    "the number comes later": {"support_ending": "number_later", "support_number_after_s": 3},
    "the number is in the list only": {"support_ending": "number_in_list"},
    "dies early": {"support_dies_after": "category", "support_revival": "none"},
    "dies, alive from the list": {"support_dies_after": "issue", "support_revival": "list"},
    "dies, carried on": {
        "support_dies_after": "account_id",
        "support_revival": "button",
        "support_dies_how": "disconnect",
    },
    "dies when it is submitted": {"support_dies_after": "summary", "support_revival": "none"},
    "says more": {"support_says": {"issue": "Thank you. One moment please."}},
    "much at once": {
        "support_order": "account-first",
        "support_wording": 2,
        "support_form": ["category", "issue"],
        "support_agent_after": "business_profile",
        "support_agent_wait_s": 1,
        "support_late": {"all": 1},
        "support_dies_after": "topic",
        "support_revival": "button",
        "support_ending": "number_later",
    },
}


#: The others run with --matrix.
SAMPLE = ("says more",)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.matrix) for name in RECOVERABLE],
)
def test_what_can_be_recovered_passes(practice: Practice, run_flow: RunFlow, name: str) -> None:
    practice.tell("/settings", RECOVERABLE[name])
    result = ask(run_flow, practice)
    assert result.status is Status.PASSED, result.reason
    assert result.outputs["ticket"] == ticket_of(practice)
    # After an early end, area and category are asked for anew in a new conversation.
    early = ("Self-service account settings", "Phone") if name == "dies early" else ()
    assert_careful(practice, twice=early)
    assert len(_requests(practice)) == 1
    assert sum(_issue(practice, DEMO) in text for text in _said(practice)) == 1


@pytest.mark.matrix
def test_a_good_answer_that_is_asked_for_again_is_given_again(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_reasked": ["issue", "loom"]})
    result = ask(run_flow, practice)
    assert result.status is Status.PASSED, result.reason
    assert_careful(practice, twice=(_issue(practice, DEMO), "None"))
    keys = [act.object.split("#")[1].split("/")[-1] for act in result.acts]
    assert keys == [
        "area",
        "category",
        "issue",
        "issue.2",
        "anything_else",
        "account_id",
        "business_profile",
        "loom_recording",
        "loom_recording.2",
        "submit",
    ]


@pytest.mark.matrix
def test_an_agent_may_ask_again_for_what_was_said(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell(
        "/settings",
        {
            "support_agent_after": "account_id",
            "support_agent_wait_s": 2,
            "support_agent_asks_again": ["account_id", "issue"],
        },
    )
    ear = Ear()
    result = ask(run_flow, practice, listener=ear)
    assert result.status is Status.PASSED, result.reason
    assert_careful(practice, twice=(_issue(practice, DEMO), DEMO))
    assert ("support", "Maria Santos joined the conversation.") in ear.said
    assert [text for by, text in ear.said if by == "robot"] == _said(practice)


STOPPED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing satisfies": (
        {"support_never_content": ["account_id"]},
        "support asks again and again, 2 answers",
    ),
    "an odd prompt": ({"support_variant": 3}, f"a prompt of support is not known: '{ODD}"),
    "an odd remark": (
        {"support_says": {"category": "Did you know that we have a new mobile app?"}},
        "a prompt of support is not known: 'Did you know",
    ),
    "nowhere to type": (
        {"support_quick_replies": {"account_id": ["I do not know it"]}, "support_replies_only": True},
        "there is nowhere to type",
    ),
}


@pytest.mark.matrix
@pytest.mark.parametrize("name", STOPPED)
def test_what_nobody_knows_stops_for_a_person(practice: Practice, run_flow: RunFlow, name: str) -> None:
    settings, reason = STOPPED[name]
    practice.tell("/settings", settings)
    ear = Ear()
    result = ask(run_flow, practice, listener=ear)
    assert result.status is Status.BLOCKED, result.reason
    assert reason in result.reason
    [problem] = result.problems
    assert "answer it by hand in the chat behind [?]" in problem.next
    assert "no answer was guessed" in problem.done
    assert dict(problem.details)["last said"]
    assert ear.said[-1][0] == "support"
    assert _requests(practice) == []
    assert_careful(practice, twice=(DEMO,) if name == "nothing satisfies" else ())


@pytest.mark.matrix
def test_a_form_with_a_field_that_nobody_knows_is_left_alone(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_variant": 3, "support_form": ["issue", "carrier"]})
    result = ask(run_flow, practice)
    assert result.status is Status.BLOCKED, result.reason
    assert "fields that are not known: Carrier error code" in result.reason
    assert_careful(practice)


@pytest.mark.matrix
def test_a_dead_conversation_with_the_request_in_it_is_for_a_person(
    practice: Practice, run_flow: RunFlow
) -> None:
    practice.tell("/settings", {"support_dies_after": "issue", "support_revival": "none"})
    for _ in range(2):
        result = ask(run_flow, practice)
        assert result.status is Status.BLOCKED, result.reason
        assert result.reason == "support has ended the conversation, and it cannot be carried on"
        assert DEMO in result.problems[0].next
        assert _requests(practice) == []
        assert_careful(practice)


@pytest.mark.matrix
def test_one_new_conversation_is_tried_and_no_more(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell(
        "/settings",
        {"support_dies_after": "category", "support_revival": "none", "support_dies_times": 9},
    )
    result = ask(run_flow, practice)
    assert result.status is Status.BLOCKED, result.reason
    assert result.reason == "support has ended the conversation, and it cannot be carried on"
    assert len([body for body in threads(practice) if body["status"] == "ended"]) == 2
    assert_careful(practice, twice=("Self-service account settings", "Phone"))


@pytest.mark.matrix
def test_a_confirmation_without_a_number_is_not_sent_again(practice: Practice, run_flow: RunFlow) -> None:
    practice.tell("/settings", {"support_ending": "no_number"})
    for _ in range(2):
        result = ask(run_flow, practice)
        assert result.status is Status.UNKNOWN, result.reason
        assert result.reason == "support has confirmed the request and has given no ticket number yet"
        assert_careful(practice)
        assert len(_requests(practice)) == 1


@pytest.mark.parametrize("nth", [pytest.param(nth, marks=pytest.mark.matrix) for nth in (2, 4, 5, 6, 8, 11)])
def test_a_page_that_stops_listening_is_come_back_to(practice: Practice, run_flow: RunFlow, nth: int) -> None:
    """A look for news that fails is the last one that the page makes."""
    practice.tell(
        "/rules", {"path": r"/support/threads/[^/]+$", "nth": nth, "times": 1, "do": {"status": 500}}
    )
    result = ask(run_flow, practice, timeouts=QUICK)
    assert result.status is Status.PASSED, result.reason
    assert_careful(practice)
    assert any(step.step.flow == "open-support-conversation" and step.step.depth > 1 for step in result.steps)


@pytest.mark.matrix
def test_silence_after_the_request_is_unknown_and_carried_on_later(
    practice: Practice, run_flow: RunFlow
) -> None:
    practice.tell("/settings", {"support_late": {"account_id": 25}})
    result = ask(run_flow, practice)
    assert result.status is Status.UNKNOWN, result.reason
    assert "support has asked and confirmed nothing for 5 s" in result.reason
    practice.tell("/advance", {"seconds": 60})
    result = ask(run_flow, practice)
    assert result.status is Status.PASSED, result.reason
    assert_careful(practice)


@pytest.mark.matrix
def test_a_name_that_looks_like_a_hole_of_a_flow_is_said_as_it_is(
    practice: Practice, run_flow: RunFlow
) -> None:
    profile = "100% Soap; ${name} {{company}} LLC, 1 Main St, Austin, TX 78701"
    given = registration(practice) | {"business_profile": profile}
    result = run_flow("brand-campaign", location_id=DEMO, **given)
    assert result.status is Status.PASSED, result.reason
    assert _said(practice).count(profile) == 1


# --- others who talk to support ----------------------------------------------------------------------


class Neighbour:
    """Says something in the same conversation once support has asked for the category."""

    SAYS = "Please look into our invoices of October, too."

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self.has_spoken = False

    def notice(self, event: Event) -> None:
        if isinstance(event, Said) and event.by == "support" and not self.has_spoken:
            *_, thread = self._practice.entities("support_thread")
            messages = thread["body"]["messages"]
            self._practice.put(
                thread, messages=[*messages, {**messages[0], "from": "user", "text": self.SAYS}]
            )
            self.has_spoken = True


def test_a_conversation_in_which_somebody_else_speaks_is_left_to_a_person(
    practice: Practice, run_flow: RunFlow
) -> None:
    neighbour = Neighbour(practice)
    result = ask(run_flow, practice, listener=neighbour)
    assert neighbour.has_spoken
    assert result.status is Status.BLOCKED, result.reason
    assert result.reason == f"somebody else speaks for the agency in this conversation: '{Neighbour.SAYS}'"
    assert _requests(practice) == []


class LetsGo:
    """A run that holds the conversations until another one is seen to wait for them."""

    def __init__(self, other: Leases) -> None:
        self._other = other
        self.remarks: list[str] = []

    def notice(self, event: Event) -> None:
        if isinstance(event, Noted) and event.kind == "remark":
            self.remarks.append(event.text)
            self._other.give_back_alone(CONVERSATIONS)


def test_one_run_at_a_time_talks_to_support(practice: Practice, run_flow: RunFlow, tmp_path: Path) -> None:
    with (
        closing(open_ledger(tmp_path / "ledger.db")) as ledger,
        Leases(ledger, dashboard=practice.url, run_id="rehearsal") as mine,
        Leases(ledger, dashboard=practice.url, run_id="the other one") as other,
    ):
        assert other.take_alone(CONVERSATIONS) is None
        result = ask(run_flow, practice, holds=mine, timeouts=replace(QUICK, alone=3_000))
        assert result.status is Status.FAILED
        assert result.reason == f"it has waited for 3 s, since another run has the {CONVERSATIONS}"
        assert practice.mutations() == []
        lets_go = LetsGo(other)
        result = ask(run_flow, practice, holds=mine, listener=lets_go)
        assert result.status is Status.PASSED, result.reason
        assert lets_go.remarks == [f"it waits, since another run has the {CONVERSATIONS}"]
        # The next one need not wait.
        assert other.take_alone(CONVERSATIONS) is None


# --- conversations of an earlier day -----------------------------------------------------------------


def earlier(practice: Practice, matter: str, state: str) -> None:
    practice.tell("/settings", {"support_earlier": [{"location_id": DEMO, "matter": matter, "state": state}]})


def assert_passes_with_its_ticket(practice: Practice, run_flow: RunFlow) -> None:
    result = ask(run_flow, practice)
    assert result.status is Status.PASSED, result.reason
    assert result.outputs["ticket"] == ticket_of(practice)
    assert_careful(practice)


def test_a_request_of_an_earlier_day_is_not_made_again(practice: Practice, run_flow: RunFlow) -> None:
    earlier(practice, "cancellation", "ticket")
    result = ask(run_flow, practice)
    assert result.status is Status.NOOP, result.reason
    assert result.outputs["ticket"] == "4600100"
    assert practice.mutations() == []


@pytest.mark.matrix
@pytest.mark.parametrize("state", ["ticket", "open"])
def test_another_matter_of_the_customer_does_not_count(
    practice: Practice, run_flow: RunFlow, state: str
) -> None:
    earlier(practice, "other", state)
    assert_passes_with_its_ticket(practice, run_flow)
    [old] = [
        body
        for body in threads(practice)
        if "not delivered" in body["subject"] or "Messages of" in body["subject"]
    ]
    assert not [
        text for text in _said(practice) if text in [message["text"] for message in old["messages"][7:]]
    ]


@pytest.mark.matrix
@pytest.mark.parametrize("state", ["open", "ended"])
def test_a_request_without_a_ticket_yet_is_carried_on(
    practice: Practice, run_flow: RunFlow, state: str
) -> None:
    earlier(practice, "cancellation", state)
    assert_passes_with_its_ticket(practice, run_flow)
    assert not [text for text in _said(practice) if "cancelled" in text]
    assert len(_requests(practice)) == 1


@pytest.mark.matrix
def test_a_request_that_support_has_not_answered_is_not_made_again(
    practice: Practice, run_flow: RunFlow
) -> None:
    earlier(practice, "cancellation", "silent")
    result = ask(run_flow, practice)
    assert result.status is Status.UNKNOWN, result.reason
    assert "nothing was sent in this run" in result.problems[0].done
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_request_that_names_some_campaigns_only_is_for_a_person(
    practice: Practice, run_flow: RunFlow
) -> None:
    first = practice.entities("campaign", DEMO)[0]
    more = {**first, "id": f"{first['id']}x", "position": 99}
    practice.put(more, campaign_id="CZZZ999")
    earlier(practice, "some", "ticket")
    result = ask(run_flow, practice)
    assert result.status is Status.BLOCKED, result.reason
    assert "speaks of removing a campaign of this customer" in result.reason
    assert "never ask a second time" in result.problems[0].next
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_request_that_was_sent_and_is_nowhere_is_for_a_person(
    practice: Practice, run_flow: RunFlow
) -> None:
    run = ask(run_flow, practice)
    assert run.status is Status.PASSED, run.reason
    practice.tell("/reset")
    # One conversation more, so that the next one has another id.
    earlier(practice, "other", "ticket")
    result = ask(run_flow, practice)
    assert result.status is Status.UNKNOWN, result.reason
    assert "the request was sent to support before and does not stand in this conversation" in result.reason
    assert "finish it by hand" in result.problems[0].next
    assert not [text for text in _said(practice) if "cancelled" in text]
    assert _requests(practice) == []


@pytest.mark.matrix
def test_a_message_that_was_armed_and_does_not_stand_there_is_not_sent_again(
    practice: Practice, run_flow: RunFlow
) -> None:
    run = ask(run_flow, practice)
    assert run.status is Status.PASSED, run.reason
    # The same conversation, as if nothing had arrived.
    practice.tell("/reset")
    result = ask(run_flow, practice)
    assert result.status is Status.UNKNOWN, result.reason
    assert "'Self-service account settings' was said to support before" in result.reason
    assert practice.mutations() == []
