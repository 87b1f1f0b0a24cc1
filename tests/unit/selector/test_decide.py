from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.selector.decide import Count, Decision, decide


def counts(*visible: int) -> list[Count]:
    return [Count(candidate=index, visible=number) for index, number in enumerate(visible)]


@pytest.mark.parametrize(
    ("visible", "kind", "candidate"),
    [
        ((1,), "matched", 0),
        ((1, 5), "matched", 0),
        ((0, 1), "drifted", 1),
        ((0, 0, 1), "drifted", 2),
        ((2,), "ambiguous", 0),
        ((0, 3), "ambiguous", 1),
        ((0, 0), "none", None),
        ((), "none", None),
    ],
)
def test_the_first_candidate_that_matches_anything_decides(
    visible: tuple[int, ...], kind: str, candidate: int | None
) -> None:
    assert decide(counts(*visible)) == Decision(kind=kind, candidate=candidate)  # type: ignore[arg-type]


def test_a_narrower_later_candidate_does_not_rescue_two_matches() -> None:
    assert decide(counts(2, 1)).kind == "ambiguous"


def test_hidden_elements_decide_nothing() -> None:
    hidden = [Count(candidate=0, visible=0, hidden=1), Count(candidate=1, visible=0, hidden=9)]
    assert decide(hidden).kind == "none"


@given(visible=st.lists(st.integers(min_value=0, max_value=4)))
def test_whatever_is_counted_only_one_match_is_taken(visible: list[int]) -> None:
    decision = decide(counts(*visible))
    if decision.candidate is None:
        assert not any(visible)
        return
    assert not any(visible[: decision.candidate])
    assert (visible[decision.candidate] == 1) == (decision.kind in ("matched", "drifted"))
    assert (decision.kind == "matched") == (visible[decision.candidate] == 1 and decision.candidate == 0)
