from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.source import Position, Span, render_snippet

TEXT = "first\n  second: line\nthird\n"


def span(start: tuple[int, int], end: tuple[int, int]) -> Span:
    return Span("flows/f.yaml", Position(*start), Position(*end))


def test_a_span_prints_as_editors_take_it() -> None:
    assert str(span((2, 3), (2, 9))) == "flows/f.yaml:2:3"


def test_the_caret_stands_below_what_is_meant() -> None:
    assert render_snippet(TEXT, span((2, 3), (2, 9))) == [
        "  1 | first",
        "> 2 |   second: line",
        "    |   ^^^^^^",
    ]


def test_the_first_line_has_none_above_it() -> None:
    assert render_snippet(TEXT, span((1, 1), (1, 1))) == ["> 1 | first", "    | ^"]


def test_a_span_over_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert render_snippet(TEXT, span((2, 11), (3, 3)))[-1] == "    |           ^^^^"


def test_numbers_are_as_wide_as_the_largest() -> None:
    text = "\n".join(f"line {number}" for number in range(1, 11))
    assert render_snippet(text, span((10, 1), (10, 5))) == ["   9 | line 9", "> 10 | line 10", "     | ^^^^"]


@pytest.mark.parametrize("line", [0, 4, 99])
def test_a_line_that_is_not_there_shows_nothing(line: int) -> None:
    assert render_snippet(TEXT, span((line, 1), (line, 2))) == []


numbers = st.integers(min_value=1, max_value=20)


@given(text=st.text(), start=st.tuples(numbers, numbers), end=st.tuples(numbers, numbers))
def test_no_text_and_no_span_is_too_much(text: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    lines = render_snippet(text, span(start, end))
    assert all("\n" not in line for line in lines)
    assert not lines or lines[-1].endswith("^")
