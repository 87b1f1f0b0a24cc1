"""Keys of rows and names of customers, on their way into patterns and CSS: they hold quotes and worse."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.executor.resolver import _css_string, css_values, key_pattern
from robot.selector.model import RowField

TEXT = RowField()
LOWER = RowField.model_validate({"as": "lower"})
PHONE = RowField.model_validate({"as": "phone"})

names = st.text(min_size=1).filter(lambda name: bool(name.split()))


@given(name=names)
def test_a_name_is_found_in_its_own_text(name: str) -> None:
    assert key_pattern(TEXT, name).search(f"\n  {name} ")


@given(name=names, more=st.text("abc+*.(", min_size=1))
def test_a_longer_name_is_another(name: str, more: str) -> None:
    longer = f"{name.strip()}{more}"
    assert not key_pattern(TEXT, name).search(longer)
    assert not key_pattern(TEXT, name).search(f"{more}{name.strip()}")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Fresh Home", "Fresh Home Services"),
        ("Adrianne's Housekeeping", "Adrianne's Housekeeping Plus"),
        ("Murphy's Maids", "Murphy\u2019s Maids"),
        ("a.c", "abc"),
        ("a|b", "a"),
        ("100% Soap; ${name} {{company}}", "100% Soap"),
        ("Case", "case"),
    ],
)
def test_look_alikes_are_told_apart(key: str, shown: str) -> None:
    assert key_pattern(TEXT, key).search(key)
    assert not key_pattern(TEXT, key).search(shown)


def test_line_breaks_in_a_cell_are_only_spaces() -> None:
    assert key_pattern(TEXT, "Free Estimate").search(" Free\n   Estimate\n")


def test_mail_addresses_are_compared_without_case_where_the_field_says_so() -> None:
    assert key_pattern(LOWER, "a.b@c.example").search("A.B@C.example")
    assert not key_pattern(LOWER, "a.b@c.example").search("aXb@c.example")


@pytest.mark.parametrize(
    "shown",
    [
        "+15125550110",
        "(512) 555-0110",
        "512-555-0110",
        "1 512.5550110",
        "+1 (512) 555 0110",
        "Tel 5125550110",
    ],
)
def test_a_number_is_found_however_it_is_written(shown: str) -> None:
    assert key_pattern(PHONE, "+15125550110").search(shown)


@pytest.mark.parametrize(
    "shown", ["+15125550111", "+151255501101", "+445125550110", "95125550110", "512555011"]
)
def test_another_number_is_not_taken_for_it(shown: str) -> None:
    assert not key_pattern(PHONE, "+15125550110").search(shown)


def test_a_number_of_another_country_needs_its_country() -> None:
    assert key_pattern(PHONE, "+442071838750").search("+44 20 7183 8750")
    assert not key_pattern(PHONE, "+442071838750").search("20 7183 8750")


# --- CSS -----------------------------------------------------------------------------------------


def parse_css_string(text: str) -> str:
    """What a browser reads in quotes: CSS Syntax Level 3, 4.3.5 and 4.3.7. Fails where the quotes would end."""
    read, index = "", 0
    while index < len(text):
        letter = text[index]
        assert letter not in "\"'\n\r\f", "the quotes end here"
        index += 1
        if letter != "\\":
            read += letter
            continue
        digits = re.match(r"[0-9a-fA-F]{1,6}", text[index:])
        if digits:
            index += digits.end()
            if text[index : index + 1] in (" ", "\t", "\n"):
                index += 1
            read += chr(int(digits[0], 16))
        else:
            assert index < len(text), "a backslash at the end escapes the quote"
            read += text[index]
            index += 1
    return read


@given(name=st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))))
def test_a_name_in_css_is_that_name_and_never_ends_its_quotes(name: str) -> None:
    assert parse_css_string(_css_string(name)) == name


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("O'Hara", "O\\'Hara"),
        ('"Bright"', '\\"Bright\\"'),
        ("back\\slash", "back\\\\slash"),
        ("two\nlines", "two\\a lines"),
        ('x"], script, [a="', 'x\\"], script, [a=\\"'),
    ],
)
def test_quotes_backslashes_and_line_breaks_are_escaped(name: str, escaped: str) -> None:
    assert _css_string(name) == escaped


def test_values_inside_mappings_are_escaped_too() -> None:
    assert css_values({"key": "a'b", "words": {"list": 'c"d'}, "n": 7}) == {
        "key": "a\\'b",
        "words": {"list": 'c\\"d'},
        "n": "7",
    }
