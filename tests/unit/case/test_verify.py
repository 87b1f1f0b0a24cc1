"""A case is closed only when nothing is left, nothing is still going on, and everything could be looked at."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from robot.case.plan import ObjectState, Plan, PlannedObject, PlannedTask
from robot.case.verify import Verification, sentences, verify
from robot.ledger.followups import SettlementRow
from robot.time_zone import shown_at
from tests.unit.case.plans import plan_of, planned

NUMBER, DOMAIN = "phone_number:+15125550110", "domain:x.example"
BEFORE = plan_of(("phone-numbers", planned(NUMBER)), ("domain", planned(DOMAIN)))


def now(*tasks: tuple[str, PlannedObject], unread: str = "") -> Plan:
    """What is there afterwards; both tasks were looked at unless said otherwise."""
    found = plan_of(*tasks)
    there = {task.task: task for task in found.tasks}
    empty = [
        PlannedTask(task=name, title=name, procedure=("1",), objects=())
        for name in ("phone-numbers", "domain")
    ]
    whole = tuple(there.get(task.task, task) for task in empty)
    return replace(
        found,
        tasks=tuple(
            replace(task, objects=(), unread="it broke") if task.task == unread else task for task in whole
        ),
        surveyed_at="2026-11-26T10:00:00+00:00",
    )


def look(
    after: Plan,
    *,
    acted: tuple[str, ...] = (NUMBER, DOMAIN),
    pressed: tuple[str, ...] = (),
    settled: tuple[tuple[str, str], ...] = (),
) -> Verification:
    rows = {
        name: SettlementRow(
            number=1,
            case_id="case",
            object=name,
            how=how,
            reason="moved away",
            ticket="77",
            settled_by="Kim",
            settled_at="2026-11-26T09:00:00.000000+00:00",
        )
        for name, how in settled
    }
    return verify(
        BEFORE, after, acted=acted, pressed=dict.fromkeys(pressed, "2026-11-26 09:30"), settlements=rows
    )


def test_what_somebody_else_was_quicker_with_is_told() -> None:
    found = look(now(), acted=(DOMAIN,))
    assert [one.object for one in found.by_others] == [NUMBER]
    assert f"Gone or done already, and not by this case: {NUMBER}." in list(sentences(found))
    assert look(now()).by_others == ()


def test_what_goes_with_another_object_is_not_by_somebody_else() -> None:
    part = replace(planned("domain_product:x.example/1"), along=DOMAIN)
    before = plan_of(("domain", part), ("domain", planned(DOMAIN)))
    assert verify(before, now(), acted={DOMAIN}, pressed={}, settlements={}).by_others == ()
    both = verify(before, now(), acted=set(), pressed={}, settlements={}).by_others
    assert [one.object for one in both] == [part.object, DOMAIN]


def test_a_message_of_the_request_is_an_act_of_it() -> None:
    before = plan_of(("brand-campaign", planned("support_request:x/1")))
    found = verify(before, plan_of(), acted={"support_request:x/1#issue"}, pressed={}, settlements={})
    assert found.by_others == ()


def test_what_is_gone_or_so_already_is_done() -> None:
    found = look(now(("domain", planned(DOMAIN, ObjectState.DONE))))
    assert [one.object for one in found.done] == [NUMBER, DOMAIN]
    assert found.state == ("done", "")
    assert list(sentences(found))[-1] == "Nothing is left, and nothing goes on costing money."


@pytest.mark.parametrize(
    ("state", "why"), [(ObjectState.TODO, "is still there"), (ObjectState.BLOCKED, "in use")]
)
def test_what_is_still_there_is_left(state: ObjectState, why: str) -> None:
    found = look(now(("phone-numbers", planned(NUMBER, state))))
    [left] = found.left
    assert (left.object, left.why, left.is_new) == (NUMBER, why, False)
    assert found.state[0] == "needs a person"
    assert [one.object for one in found.done] == [DOMAIN]


def test_what_came_later_is_left_and_said_to_be_new() -> None:
    found = look(now(("phone-numbers", planned("phone_number:+15125550199"))))
    [left] = found.left
    assert (left.is_new, left.next) == (True, "plan anew")
    assert "was not there when the plan was made" in left.why


def test_what_was_not_found_again_is_not_done_where_that_says_nothing() -> None:
    contact = replace(planned("contact_tag:k1/tag"), is_gone_when_absent=False)
    before = plan_of(("academy", contact), ("domain", planned(DOMAIN)))
    after = replace(before, tasks=tuple(replace(task, objects=()) for task in before.tasks))
    found = verify(before, after, acted=set(), pressed={}, settlements={})
    assert [one.object for one in found.done] == [DOMAIN]
    assert [one.object for one in found.by_others] == [DOMAIN]
    assert [one.object for one in found.unverified] == ["contact_tag:k1/tag"]
    assert found.state[0] == "needs a person"
    assert found.state[1].startswith("could not be verified: contact_tag:k1/tag")
    said = "\n".join(sentences(found))
    assert "Could not be verified: contact_tag:k1/tag" in said
    assert "Nothing is left" not in said
    # A person has looked.
    by_hand = SettlementRow(
        number=1,
        case_id="c1",
        object="contact_tag:k1/tag",
        how="done-by-hand",
        reason="seen",
        ticket="",
        settled_by="ann",
        settled_at="2026-11-26T10:00:00+00:00",
    )
    settled = verify(before, after, acted=set(), pressed={}, settlements={by_hand.object: by_hand})
    assert settled.unverified == ()
    assert settled.state == ("done", "")


def test_a_thing_that_was_made_since_stands_for_what_was_planned() -> None:
    before = plan_of(("snapshot", replace(planned("snapshot:A (loc)"), is_gone_when_absent=False)))
    made = replace(planned("snapshot:s1", ObjectState.DONE), formerly="snapshot:A (loc)")
    found = verify(
        before, plan_of(("snapshot", made)), acted={"snapshot:A (loc)"}, pressed={}, settlements={}
    )
    assert [one.object for one in found.done] == ["snapshot:A (loc)"]
    assert found.state == ("done", "")


def test_times_are_told_in_the_agencys_zone() -> None:
    found = look(now(("phone-numbers", planned(NUMBER))))
    first = next(sentences(found, ZoneInfo("Pacific/Kiritimati")))
    assert first.endswith(shown_at(found.verified_at, ZoneInfo("Pacific/Kiritimati")))
    assert first.endswith("+14")
    assert next(sentences(found)).endswith("UTC")


def test_what_was_pressed_and_not_seen_to_end_is_waited_for() -> None:
    found = look(now(("phone-numbers", planned(NUMBER))), pressed=(NUMBER,))
    assert found.left == ()
    assert found.waiting == ((NUMBER, f"{NUMBER} was pressed at 2026-11-26 09:30 and is still there"),)
    assert found.state[0] == "waiting"


@pytest.mark.parametrize("state", [ObjectState.DONE, ObjectState.TODO])
def test_what_is_still_going_on_is_waited_for(state: ObjectState) -> None:
    going = replace(planned(DOMAIN, state), waits="support has not answered")
    found = look(now(("domain", going)))
    assert found.waiting == ((DOMAIN, "support has not answered"),)
    assert found.state == ("waiting", "support has not answered")


def test_what_could_not_be_looked_at_is_not_done() -> None:
    found = look(now(unread="domain"))
    assert [one.object for one in found.done] == [NUMBER]
    assert found.state == ("needs a person", "could not be looked at: domain: it broke")


@pytest.mark.parametrize("how", ["done-by-hand", "leave"])
def test_what_a_person_has_closed_closes_the_case_and_is_told(how: str) -> None:
    costly = replace(planned(NUMBER), costs=("it costs its fee",))
    found = look(now(("phone-numbers", costly)), settled=((NUMBER, how),))
    [settled] = found.settled
    assert (settled.how, settled.is_still_there) == (how, True)
    assert found.state == ("done", "")
    said = "\n".join(sentences(found))
    assert "by Kim: moved away, ticket 77" in said
    assert ("it is still there" in said) is (how == "done-by-hand")
    assert "May still cost money: it costs its fee." in said


def test_what_still_costs_money_is_told_whatever_the_state() -> None:
    costly = replace(planned(DOMAIN, ObjectState.DONE), costs=("the subscription goes on", "a fee"))
    found = look(now(("domain", costly)))
    assert found.costs == ("the subscription goes on", "a fee")
    assert found.state[0] == "done"
