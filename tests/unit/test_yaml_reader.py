from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import BadInputError
from robot.yaml_reader import parse_yaml, span_at


def test_values_know_where_they_stand() -> None:
    root = parse_yaml("a: word\nlist:\n  - x\n  - {b: y}\n", "f.yaml")
    assert root == {"a": "word", "list": ["x", {"b": "y"}]}
    assert str(root.key_spans["list"]) == "f.yaml:2:1"
    assert str(root["a"].span) == "f.yaml:1:4"
    assert str(root["list"].span) == "f.yaml:3:3"
    assert str(root["list"][1].key_spans["b"]) == "f.yaml:4:6"
    assert str(span_at(root, ("list", 1, "b"), "f.yaml")[0]) == "f.yaml:4:9"
    assert span_at(root, ("list", 7), "f.yaml")[1] is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-09-14", "2026-09-14"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_words_are_read_as_yaml_1_2_reads_them(text: str, value: object) -> None:
    read = parse_yaml(f"x: {text}\n", "f.yaml")["x"]
    assert read == value
    assert isinstance(read, type(value))


def test_every_key_that_stands_twice_is_told() -> None:
    with pytest.raises(BadInputError) as caught:
        parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 2\n", "f.yaml")
    told = [(str(problem.where), problem.what) for problem in caught.value.problems]
    assert told == [
        ("f.yaml:2:11", "key 'c' stands twice in one mapping"),
        ("f.yaml:3:1", "key 'a' stands twice in one mapping"),
    ]
    assert caught.value.problems[1].details == (("first", "line 1, column 1"),)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: &x 1\nb: *x\n", "anchors and aliases are not allowed", 1),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "python/object/apply:os.system' is not", 2),
        ("a: 1\nb: !!set {x}\n", "set' is not allowed", 2),
        ("a: 1\nb: !secret x\n", "tag '!secret' is not allowed", 2),
        ("a: [1\nb: 2\n", "not YAML", 2),
        ("a: 1\n---\nb: 2\n", "not YAML", 2),
        ("a: 1\n\tb: 2\n", "not YAML", 2),
        ("? [a, b]\n: 1\n", "a key must be a word", 1),
        ("a: \x00\n", "control character", 1),
    ],
)
def test_what_is_not_allowed_is_told_with_its_place(text: str, what: str, line: int) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_yaml(text, "f.yaml")
    assert what in caught.value.problem.what
    assert caught.value.problem.where is not None
    assert caught.value.problem.where.start.line == line


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(BadInputError, match="anchors and aliases"):
        parse_yaml(bomb, "f.yaml")


printable = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | printable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printable, inner, max_size=4),
    max_leaves=8,
)


@given(value=st.dictionaries(printable, plain, max_size=4))
def test_json_is_read_as_what_it_is(value: dict[str, Any]) -> None:
    assert parse_yaml(json.dumps(value, ensure_ascii=False), "f.yaml") == value


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_numbers(number: float) -> None:
    read = parse_yaml(f"x: {number!r}", "f.yaml")["x"]
    # '1e+16' has no point: YAML 1.2 takes it for a number, and this reader for a word, which no model accepts.
    assert isinstance(read, str) or math.isclose(read, number)


@given(text=st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_yaml(text, "f.yaml")
    except BadInputError as error:
        assert all(problem.what and problem.where for problem in error.problems)
