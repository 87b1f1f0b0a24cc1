"""One comparison for all names: what is the same, what looks the same, and what nobody can see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.flow.template import Condition
from robot.names import (
    INVISIBLE,
    assert_visible,
    difference,
    is_invisible,
    is_same_name,
    looks_like,
    name_key,
    skeleton,
    spellings,
)

TEXT = st.text(max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "Cafe\N{COMBINING ACUTE ACCENT}"),
        ("Ångström", "A\N{COMBINING RING ABOVE}ngstro\N{COMBINING DIAERESIS}m"),
        ("\N{ANGSTROM SIGN}", "Å"),
        ("각", "\N{HANGUL CHOSEONG KIYEOK}\N{HANGUL JUNGSEONG A}\N{HANGUL JONGSEONG KIYEOK}"),
        ("Tidy Nest", " Tidy \t\n\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}Nest "),
        (
            "e\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
            "e\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}",
        ),
    ],
)
def test_spellings_of_one_name_are_one_name(one: str, other: str) -> None:
    assert is_same_name(one, other)
    assert looks_like(one, other)
    assert name_key(one) in spellings(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Adrianne's", "Adrianne\N{RIGHT SINGLE QUOTATION MARK}s"),
        ("Adrianne's", "Adrianne\N{ACUTE ACCENT}s"),
        ("Adrianne's", "Adrianne`s"),
        ("Soap", "S\N{CYRILLIC SMALL LETTER O}ap"),
        ("Soap", "S\N{GREEK SMALL LETTER OMICRON}ap"),
        ("SOAP", "ＳＯＡＰ"),
        ("Tidy Nest", "Tidy\N{ZERO WIDTH SPACE} Nest"),
        ("Tidy Nest", "\N{LEFT-TO-RIGHT OVERRIDE}Tidy Nest\N{POP DIRECTIONAL FORMATTING}"),
        ("Tidy", "Ti\N{SOFT HYPHEN}dy"),
        ("A-1", "A\N{EN DASH}1"),
        ("A-1", "A\N{EM DASH}1"),
        ("A-1", "A\N{NON-BREAKING HYPHEN}1"),
        ("Illinois", "lllinois"),
        ("A1", "Al"),
        ("100%", "1OO%"),
        ("Burns", "Bums"),
        ("fine", "\N{LATIN SMALL LIGATURE FI}ne"),
        ("Area 51²", "Area 512"),
        ("Wait...", "Wait\N{HORIZONTAL ELLIPSIS}"),
        ('"Best"', "\N{LEFT DOUBLE QUOTATION MARK}Best\N{RIGHT DOUBLE QUOTATION MARK}"),
    ],
)
def test_names_that_look_the_same_are_not_one_name(one: str, other: str) -> None:
    assert looks_like(one, other)
    assert looks_like(other, one)
    assert not is_same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cafe", "Café"),
        ("Adrianne's", "ADRIANNE'S"),
        ("Hammer", "Hammer 2"),
        ("Tidy Nest", "TidyNest"),
        ("Smith & Sons", "Smith and Sons"),
        ("Чистый Дом", "Chistyy Dom"),
        ("明洋", "明祥"),
        ("A.B.", "AB"),
    ],
)
def test_names_that_differ_to_the_eye_do_not_look_the_same(one: str, other: str) -> None:
    assert not looks_like(one, other)


@given(TEXT, TEXT)
def test_the_comparisons_agree_with_each_other(one: str, other: str) -> None:
    assert looks_like(one, one)
    assert looks_like(one, other) == looks_like(other, one)
    if is_same_name(one, other):
        assert looks_like(one, other)
    for form in ("NFC", "NFD"):
        assert is_same_name(one, unicodedata.normalize(form, one))
    assert name_key(name_key(one)) == name_key(one)
    assert skeleton(skeleton(one)) == skeleton(one)


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("\u200c", "ZERO WIDTH NON-JOINER (U+200C)"),
        ("\u200d", "ZERO WIDTH JOINER (U+200D)"),
        ("\u200e", "LEFT-TO-RIGHT MARK (U+200E)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\u2060", "WORD JOINER (U+2060)"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066)"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE (U+FEFF)"),
        ("\u00ad", "SOFT HYPHEN (U+00AD)"),
        ("\u034f", "COMBINING GRAPHEME JOINER (U+034F)"),
        ("\u3164", "HANGUL FILLER (U+3164)"),
        ("\u180e", "MONGOLIAN VOWEL SEPARATOR (U+180E)"),
        ("\ufe0f", "VARIATION SELECTOR-16 (U+FE0F)"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A (U+E0041)"),
        ("\ufffd", "REPLACEMENT CHARACTER (U+FFFD)"),
        ("\x00", "a control character (U+0000)"),
        ("\x1b", "a control character (U+001B)"),
        ("\x85", "a control character (U+0085)"),
        ("\ue123", "a letter without a name (U+E123)"),
    ],
)
def test_a_letter_that_nobody_sees_is_told_by_name_and_place(letter: str, name: str) -> None:
    for text, place in (
        (f"Tidy{letter} Nest", "after 'Tidy' (letter 5)"),
        (f"{letter}Tidy", "at its beginning (letter 1)"),
    ):
        with pytest.raises(ValueError, match="which nobody sees") as caught:
            assert_visible(text)
        what, advice = str(caught.value).split("\n")
        assert what == f"holds {name}, {place}, which nobody sees"
        assert "location id" in advice


@pytest.mark.parametrize(
    "name",
    [
        "Café",
        "Cafe\N{COMBINING ACUTE ACCENT}",
        "☕\ufe0f Bar",
        "👩\u200d🍳 Kitchen",
        "A\tB\nC",
        "بيت نظيف",
        "  x  ",
    ],
)
def test_what_is_seen_may_stand_in_a_name(name: str) -> None:
    assert_visible(name)


def test_every_letter_without_a_shape_is_known() -> None:
    """By Unicode's own categories: controls, format, private, surrogates; but for tabs and line ends."""
    unseen = {
        point for point in range(0x110000) if unicodedata.category(chr(point)) in ("Cc", "Cf", "Co", "Cs")
    }
    known = {point for first, last in INVISIBLE for point in range(first, last + 1)}
    assert unseen - known == set(map(ord, "\t\n\v\f\r"))
    assert not any(is_invisible(chr(point)) for point in range(0x20, 0x7F))


def test_where_two_names_differ_is_told() -> None:
    assert (
        difference("S\N{CYRILLIC SMALL LETTER O}ap", "Soap") == "CYRILLIC SMALL LETTER O (U+043E) at letter 2"
    )
    assert difference("Soap", "Soaps") == "the end at letter 5"


def test_a_condition_of_a_flow_compares_names() -> None:
    values = {"row": {"name": "Cafe\N{COMBINING ACUTE ACCENT}"}, "company": "Café", "other": "Саfé"}
    assert Condition("row.name is same_name(company)").decide(values)
    assert not Condition("row.name == company").decide(values)
    assert Condition("row.name is looks_like(other)").decide(values)
    assert Condition("row.name is not same_name(other)").decide(values)
