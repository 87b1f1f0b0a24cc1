"""What ends later is looked at again, ever more seldom, until it has ended or a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from robot.ledger.cases import CaseRow, Cases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.followups import LONGEST, Followups

DASHBOARD = "https://app.example"
START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture
def case(ledger: Ledger) -> CaseRow:
    return Cases(ledger, dashboard=DASHBOARD).open(profile="p", location_id="loc1", company="X", by="me")


@pytest.fixture
def followups(ledger: Ledger, clock: Clock) -> Followups:
    return Followups(ledger, dashboard=DASHBOARD, now=clock)


def test_it_is_due_after_ever_longer_pauses(followups: Followups, clock: Clock, case: CaseRow) -> None:
    followups.note(case.id, [("saas:loc1", "being disabled")])
    pauses = []
    for _ in range(5):
        [one] = followups.open(case.id)
        due = datetime.fromisoformat(one.due_at)
        pauses.append(due - clock.now)
        clock.now = due - timedelta(seconds=1)
        assert followups.due_cases() == []
        assert followups.due_cases(is_all=True) == [case.id]
        clock.now = due
        assert followups.due_cases() == [case.id]
        followups.note(case.id, [("saas:loc1", "still being disabled")])
    hours = [pause.total_seconds() / 3600 for pause in pauses]
    assert hours == [0.25, 1, 6, 24, 24]
    assert followups.open(case.id)[0].says == "still being disabled"


def test_what_is_no_longer_seen_has_ended(followups: Followups, case: CaseRow) -> None:
    followups.note(case.id, [("saas:loc1", "a"), ("user:u@loc1", "b")])
    followups.note(case.id, [("user:u@loc1", "b")])
    assert [one.object for one in followups.open(case.id)] == ["user:u@loc1"]
    followups.note(case.id, [])
    assert followups.due_cases(is_all=True) == []
    # It may begin again.
    followups.note(case.id, [("saas:loc1", "a")])
    assert [one.tries for one in followups.open(case.id)] == [0]


def test_after_so_long_a_person_is_told(followups: Followups, clock: Clock, case: CaseRow) -> None:
    followups.note(case.id, [("saas:loc1", "a")])
    [one] = followups.open(case.id)
    assert not one.is_overdue(START + LONGEST)
    assert one.is_overdue(START + LONGEST + timedelta(seconds=1))


def test_a_case_that_is_closed_is_not_looked_at_again(
    ledger: Ledger, followups: Followups, case: CaseRow
) -> None:
    followups.note(case.id, [("saas:loc1", "a")])
    Cases(ledger, dashboard=DASHBOARD).set_state(case.id, "cancelled", "", is_closed=True)
    assert followups.due_cases(is_all=True) == []


def test_another_dashboards_cases_are_not_ours(ledger: Ledger, followups: Followups, case: CaseRow) -> None:
    followups.note(case.id, [("saas:loc1", "a")])
    assert Followups(ledger, dashboard="https://b.example").due_cases(is_all=True) == []


def test_the_newest_settlement_of_an_object_counts(followups: Followups, case: CaseRow) -> None:
    for how in ("leave", "done-by-hand"):
        followups.settle(case.id, "domain:x", how=how, reason=how, ticket="", by="Kim")
    assert {name: row.how for name, row in followups.settlements(case.id).items()} == {
        "domain:x": "done-by-hand"
    }


def test_what_a_look_says_nothing_about_has_not_ended(
    followups: Followups, clock: Clock, case: CaseRow
) -> None:
    followups.note(case.id, [("saas:loc1", "being disabled"), ("user:a", "being removed")])
    began = [one.began_at for one in followups.open(case.id)]
    clock.now += timedelta(hours=1)
    followups.note(case.id, [], unknown={"saas:loc1"})
    [left] = followups.open(case.id)
    assert (left.object, left.says, left.began_at) == ("saas:loc1", "being disabled", began[0])
    assert datetime.fromisoformat(left.due_at) > clock.now


def test_a_case_that_could_not_be_looked_at_is_put_off(
    followups: Followups, clock: Clock, case: CaseRow
) -> None:
    followups.note(case.id, [("saas:loc1", "being disabled")])
    clock.now += timedelta(hours=1)
    assert followups.due_cases() == [case.id]
    followups.put_off(case.id)
    assert followups.due_cases() == []
    assert followups.due_cases(is_all=True) == [case.id]
