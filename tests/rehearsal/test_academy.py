from __future__ import annotations

from typing import Any

import pytest

from robot.run.events import Event, StepFinished
from robot.run.model import Status
from tests.rehearsal.dashboard import DEMO, Mutation, Practice, RunFlow

ACADEMY = "wR5tYp2QeL8sKd4VnJ6x"
TAG = "wootrecruit-knowledgebase"
ADRIANNE = "cN8tActAdR1aNNeWh1Te"
MAIL = "adrianne@adriannes-housekeeping.example"
CUSTOMER = {"company": "Adrianne's Housekeeping", "location_id": DEMO}


def _contacts(practice: Practice, **body: str) -> list[dict[str, Any]]:
    """The academy's contacts of which this is true."""
    rows = practice.entities("contact", ACADEMY)
    return [row for row in rows if all(row["body"][name] == value for name, value in body.items())]


def _removal(contact: dict[str, Any] | str) -> Mutation:
    """The tag taken from a contact."""
    contact_id = contact if isinstance(contact, str) else contact["id"]
    return Mutation(action="remove_tag", object=f"contact_tag:{contact_id}/{TAG}", location_id=ACADEMY)


def _column(rows: object, name: str) -> list[str]:
    return [row[name] for row in rows]  # type: ignore[attr-defined]


def test_the_tag_is_removed_once_and_the_automations_are_read(practice: Practice, run_flow: RunFlow) -> None:
    first = run_flow("academy", emails=[MAIL.upper()], names=["Adrianne White"], **CUSTOMER)
    assert first.status is Status.PASSED, first.reason
    assert practice.mutations() == [_removal(ADRIANNE)]
    assert [act.object for act in first.acts] == [f"contact_tag:{ADRIANNE}/{TAG}"]
    assert _column(first.outputs["before"], "tagged") == ["yes"]
    assert _column(first.outputs["contacts"], "tagged") == ["no"]
    assert "Academy: access removed" in _column(first.outputs["automations"], "workflow")
    # Another person of that name, of another company: told of, and left alone.
    assert _column(first.outputs["namesakes"], "company") == ["White Glove Interiors"]

    second = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert second.status is Status.NOOP, second.reason
    assert practice.mutations() == [_removal(ADRIANNE)]


@pytest.mark.parametrize(
    ("table", "dialog"),
    [
        pytest.param("newer", "newer", marks=pytest.mark.matrix),
        pytest.param("tabulator", "newer", marks=pytest.mark.matrix),
        pytest.param("newer", "older", marks=pytest.mark.matrix),
    ],
)
def test_both_tables_and_both_dialogs_are_known(
    practice: Practice, run_flow: RunFlow, table: str, dialog: str
) -> None:
    practice.tell("/settings", {"contacts_table": table, "bulk_dialog": dialog})
    result = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_removal(ADRIANNE)]


def test_a_telephone_number_alone_is_a_question_and_the_company_is_shown(
    practice: Practice, run_flow: RunFlow
) -> None:
    [first, second] = sorted(_contacts(practice, first="Marisol"), key=lambda row: row["body"]["email"])
    assert first["body"]["phone"] == "+18135550197"
    practice.put(first, company="Another Company Inc.")
    result = run_flow("academy", emails=[second["body"]["email"]], phones=["(813) 555-0197"])
    assert result.status is Status.BLOCKED, result.reason
    assert "matches by telephone number only, '+18135550197'" in result.reason
    assert "of Another Company Inc." in result.reason
    assert first["body"]["email"] in result.reason
    # Who is known by mail is worked all the same.
    assert practice.mutations() == [_removal(second)]


def test_numbers_alone_are_no_identity(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("academy", phones=["+15550000000"])
    assert result.status is Status.BLOCKED, result.reason
    assert "a telephone number or a name alone is no identity" in result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_contact_that_only_a_name_leads_to_is_for_a_person(practice: Practice, run_flow: RunFlow) -> None:
    [mesa] = _contacts(practice, first="Peter", last="Osei")
    result = run_flow(
        "academy",
        emails=["nobody@sunrise-cleaning.example"],
        names=["Peter Osei"],
        company="Sunrise Cleaning Co.",
    )
    assert result.status is Status.BLOCKED, result.reason
    assert mesa["id"] in result.reason
    assert "matches by name only" in result.reason
    assert practice.mutations() == []


def test_a_name_alone_is_no_identity(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("academy", names=["Adrianne White"], company="Nobody's Housekeeping")
    assert result.status is Status.BLOCKED, result.reason
    assert "a telephone number or a name alone is no identity" in result.reason
    assert sorted(_column(result.outputs["namesakes"], "contact_id")) == sorted(
        row["id"] for row in _contacts(practice, first="Adrianne", last="White")
    )
    assert practice.mutations() == []


def test_nobody_is_looked_for_without_anything_to_find_them_by(practice: Practice, run_flow: RunFlow) -> None:
    result = run_flow("academy", **CUSTOMER)
    assert result.status is Status.FAILED, result.reason
    assert "nothing was given" in result.reason
    assert practice.mutations() == []


def test_a_missing_smart_list_is_a_fault_of_the_set_up(practice: Practice, run_flow: RunFlow) -> None:
    [smart_list] = [
        row for row in practice.entities("smart_list") if row["body"]["name"] == "Hub Knowledge Base"
    ]
    practice.put(smart_list, name="Hub Knowledge Base (new)")
    result = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert result.status is Status.BLOCKED, result.reason
    assert result.reason == "the robot's user has no smart list 'Hub Knowledge Base'"
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_tagged_contact_that_the_smart_list_lacks_is_found_among_all(
    practice: Practice, run_flow: RunFlow
) -> None:
    [smart_list] = [
        row for row in practice.entities("smart_list") if row["body"]["name"] == "Hub Knowledge Base"
    ]
    practice.put(smart_list, filter={"tag": "vip"})
    result = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_removal(ADRIANNE)]


@pytest.mark.parametrize(
    "mail", ["alma.abel0@post.example", pytest.param("nobody@nowhere.example", marks=pytest.mark.matrix)]
)
def test_who_does_not_carry_the_tag_or_is_not_there_is_noop(
    practice: Practice, run_flow: RunFlow, mail: str
) -> None:
    for row in _contacts(practice, email=mail):
        practice.put(row, tags=["wootrecruit-knowledgebase-archive"])
    result = run_flow("academy", emails=[mail])
    assert result.status is Status.NOOP, result.reason
    assert practice.mutations() == []


@pytest.mark.matrix
@pytest.mark.parametrize("outcome", ["failed", "error"])
def test_a_bulk_action_that_fails_is_told(practice: Practice, run_flow: RunFlow, outcome: str) -> None:
    practice.tell("/settings", {"bulk_outcome": outcome})
    result = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert result.status is Status.BLOCKED, result.reason
    assert "the bulk action has failed" in result.reason
    assert practice.mutations() == []


def test_two_academies_are_for_a_person(practice: Practice, run_flow: RunFlow) -> None:
    [quiet] = [row for row in practice.entities("sub_account") if row["body"]["name"] == "Quiet Corner Yoga"]
    practice.put(quiet, name="Woot Recruit")
    result = run_flow("academy", emails=[MAIL], **CUSTOMER)
    assert result.status is Status.BLOCKED, result.reason
    assert "several sub-accounts are called 'Woot Recruit'" in result.reason
    assert practice.mutations() == []


class Colleague:
    """Takes the tag from somebody else's contact as soon as the robot has searched once."""

    def __init__(self, practice: Practice, contact: dict[str, Any]) -> None:
        self._practice = practice
        self._contact = contact
        self.has_acted = False

    def notice(self, event: Event) -> None:
        if isinstance(event, StepFinished) and event.result.step.name == "start the search":
            tags = [tag for tag in self._contact["body"]["tags"] if tag != TAG]
            self._practice.put(self._contact, tags=tags)
            self.has_acted = True


@pytest.mark.matrix
def test_somebody_else_takes_contacts_from_the_list_meanwhile(practice: Practice, run_flow: RunFlow) -> None:
    [stranger, *_] = [
        row
        for row in practice.entities("contact", ACADEMY)
        if TAG in row["body"]["tags"] and "adrianne" not in row["body"]["email"]
    ]
    colleague = Colleague(practice, stranger)
    result = run_flow("academy", emails=["nobody@nowhere.example", MAIL], listener=colleague, **CUSTOMER)
    assert colleague.has_acted
    assert result.status is Status.PASSED, result.reason
    assert practice.mutations() == [_removal(ADRIANNE)]
