from __future__ import annotations

import pytest

from robot.errors import (
    ApplicationError,
    BadInputError,
    BlockedError,
    CancelledError,
    GateError,
    GuardError,
    OutcomeUnknownError,
    Problem,
    RobotError,
    SetupError,
    TargetMissingError,
    UnrecordableError,
    did_you_mean,
)
from robot.executor.stopping import status_of
from robot.flow.loader import parse_flow
from robot.run.model import Status
from robot.source import Position, Span

WHERE = Span("flows/f.yaml", Position(2, 3), Position(2, 7))


def test_a_problem_stands_alone_in_one_block() -> None:
    problem = Problem(
        what="target 'a.save' matched more than one element",
        where=WHERE,
        details=(("tried", "one\ntwo"), ("page", "/x")),
        done="nothing was pressed",
        next="narrow it",
    )
    assert problem.render(lambda path: "flow: f\n  stop: it\n") == (
        "flows/f.yaml:2:3: target 'a.save' matched more than one element\n"
        "    1 | flow: f\n"
        "  > 2 |   stop: it\n"
        "      |   ^^^^\n"
        "  tried: one\n"
        "         two\n"
        "  page:  /x\n"
        "  done:  nothing was pressed\n"
        "  next:  narrow it"
    )


def test_a_problem_without_a_file_is_told_without_one() -> None:
    assert Problem(what="no browser was found").render() == "no browser was found"
    assert Problem(what="w", where=WHERE).render(lambda path: None) == "flows/f.yaml:2:3: w"
    assert Problem(what="w", where=WHERE, is_warning=True).headline() == "flows/f.yaml:2:3: warning: w"
    assert Problem(what="w", details=(("empty", ""),)).render() == "w\n  empty: "


def test_an_error_leads_with_its_first_problem_and_keeps_all() -> None:
    error = BadInputError(Problem(what="one"), Problem(what="two"))
    assert error.problem.what == "one"
    assert str(error) == "one\ntwo"


def test_two_mistakes_of_one_file_are_both_told_in_its_order() -> None:
    text = (
        "flow: f\ntitle: A flow\nview: nowhere\nsteps:\n  - clik: a.save\n  - click: a.save\n    expct: {}\n"
    )
    with pytest.raises(BadInputError) as caught:
        parse_flow(text, "flows/f.yaml")
    told = [problem.render(lambda path: text) for problem in caught.value.problems]
    assert [block.split(": ")[0] for block in told] == [
        "flows/f.yaml:3:7",
        "flows/f.yaml:5:5",
        "flows/f.yaml:7:5",
    ]
    assert "did you mean 'click'?" in told[1]
    assert "> 7 |     expct: {}" in told[2]
    assert "did you mean 'expect'?" in told[2]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("phone-number", "did you mean 'phone-numbers'?"),
        ("usres", "did you mean 'users'?"),
        ("something else", ""),
        ("", ""),
    ],
)
def test_a_hint_is_given_for_a_near_miss_only(word: str, hint: str) -> None:
    assert did_you_mean(word, ["phone-numbers", "users"]) == hint


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CancelledError, Status.CANCELLED),
        (OutcomeUnknownError, Status.UNKNOWN),
        (GuardError, Status.BLOCKED),
        (BlockedError, Status.BLOCKED),
        (GateError, Status.BLOCKED),
        (UnrecordableError, Status.BLOCKED),
        (TargetMissingError, Status.FAILED),
        (ApplicationError, Status.FAILED),
        (SetupError, Status.FAILED),
    ],
)
def test_each_kind_of_error_ends_a_task_in_its_own_way(error: type[RobotError], status: Status) -> None:
    assert status_of(error(Problem(what="x"))) is status


@pytest.mark.parametrize(
    ("error", "first"),
    [
        (ApplicationError(Problem(what="not seen")), "nobody is let in"),
        (OutcomeUnknownError(Problem(what="not seen")), "not seen"),
        (BlockedError(Problem(what="not seen")), "not seen"),
    ],
)
def test_a_cause_leads_only_where_nothing_else_is_at_stake(error: RobotError, first: str) -> None:
    error.explain(ApplicationError(Problem(what="nobody is let in")))
    assert error.problem.what == first
    assert {problem.what for problem in error.problems} == {"not seen", "nobody is let in"}
