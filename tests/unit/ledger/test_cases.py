"""A customer has one open case; a case is found by its id, its customer's id or name, and never by a guess."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from robot.errors import BadInputError
from robot.ledger.cases import CaseRow, Cases
from robot.ledger.database import open_ledger
from robot.ledger.leases import Holder, Leases, this_process


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        yield Cases(ledger, dashboard="https://app.example")


def opened(cases: Cases, location_id: str = "loc1", company: str = "X") -> CaseRow:
    return cases.open(profile="p", location_id=location_id, company=company, by="me")


def test_a_customer_has_one_open_case(cases: Cases) -> None:
    first = opened(cases)
    assert opened(cases) == first
    cases.set_state(first.id, "done", "", is_closed=True)
    assert opened(cases).id != first.id


def test_it_is_found_by_id_customer_and_name(cases: Cases) -> None:
    case = opened(cases)
    for word in (case.id, case.id[:12], "loc1", "X"):
        assert cases.find(word).id == case.id


@pytest.mark.parametrize("kept", ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"])
@pytest.mark.parametrize(
    "asked", ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"]
)
def test_a_name_finds_it_however_its_accents_are_written(cases: Cases, kept: str, asked: str) -> None:
    case = opened(cases, company=kept)
    assert cases.find(asked).id == case.id


def test_two_of_one_name_are_not_guessed(cases: Cases) -> None:
    ids = {opened(cases, "loc1").id, opened(cases, "loc2").id}
    with pytest.raises(BadInputError, match="several cases answer to 'X'") as caught:
        cases.find("X")
    assert {name for name, _ in caught.value.problem.details} == ids


def test_of_one_customers_cases_the_open_one_is_meant(cases: Cases) -> None:
    old = opened(cases)
    cases.set_state(old.id, "done", "", is_closed=True)
    new = opened(cases)
    assert cases.find("loc1").id == new.id
    assert cases.find(old.id).id == old.id


@pytest.mark.parametrize("word", ["nobody", "%", "_", ""])
def test_what_is_no_case_is_told(cases: Cases, word: str) -> None:
    opened(cases)
    with pytest.raises(BadInputError):
        cases.find(word)


def test_a_state_says_since_when_and_why(cases: Cases) -> None:
    case = opened(cases)
    cases.set_state(case.id, "waiting", "support has not answered")
    now = cases.find(case.id)
    assert (now.state, now.reason, now.closed_at) == ("waiting", "support has not answered", None)
    assert now.state_since >= case.state_since


def test_it_is_running_only_while_a_run_lives(tmp_path: Path) -> None:
    """A run that was killed leaves no case behind that seems to be at work."""
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        cases = Cases(ledger, dashboard="https://app.example")
        case = opened(cases)
        cases.set_state(case.id, "waiting", "for support")
        with Leases(ledger, dashboard="https://app.example", run_id="run1") as leases:
            leases.take_customer("loc1")
            assert [one.state for one in cases.all()] == ["running"]
            assert cases.find(case.id).state == "running"
        assert (cases.find(case.id).state, cases.find(case.id).reason) == ("waiting", "for support")
        dead = Leases(
            ledger,
            dashboard="https://app.example",
            run_id="run2",
            holder=Holder(host=this_process().host, pid=2**22 - 1, process_began="gone"),
        )
        dead.take_customer("loc1")
        assert cases.find(case.id).state == ("waiting" if sys.platform == "linux" else "running")


def test_a_closed_case_stays_as_it_is(cases: Cases) -> None:
    case = opened(cases)
    assert cases.set_state(case.id, "cancelled", "came back", is_closed=True)
    assert not cases.set_state(case.id, "waiting", "a run that ended later")
    assert not cases.set_state(case.id, "done", "", is_closed=True)
    kept = cases.find(case.id)
    assert (kept.state, kept.reason) == ("cancelled", "came back")
    assert kept.closed_at


def test_a_case_is_found_by_the_digest_of_any_of_its_plans(cases: Cases) -> None:
    case = opened(cases)
    other = opened(cases, "loc2", "Y")
    for number, mine in enumerate((case, case, other)):
        cases.save_plan(mine.id, digest=f"{number}{'ab' * 31}c", survey_run_id="s", content="{}")
    for number, mine in enumerate((case, case, other)):
        assert cases.find(f"{number}abababa").id == mine.id
        assert cases.find(f"{number}{'ab' * 31}c").id == mine.id
    for word in ("0ab", "3abababa", "0abababX"):
        with pytest.raises(BadInputError):
            cases.find(word)
