"""Whether a text names a thing, and not another one whose name holds that of the thing."""

from __future__ import annotations

import pytest

from robot.executor.checks import matches_text, names
from robot.flow.look import NamesOf, TargetUse, TextMatch
from robot.flow.template import Template, UnknownNameError

DIALOG = "People cannot book {} any more. Deactivate?"


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("Delete x.example?", "x.example", True),
        ("Delete mail.x.example?", "x.example", False),
        ("Delete x.example.au?", "x.example", False),
        ("Delete 'Free Estimate'.", "Free Estimate", True),
        ("Delete Free Estimates", "Free Estimate", False),
        ("anything", "", False),
    ],
)
def test_a_name_is_no_part_of_a_word(text: str, name: str, holds: bool) -> None:
    assert names(text, name) is holds


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("Free Estimate", True),
        ("Free Estimate Plus", False),
        ("free estimate plus", False),
        ("Free Estimate Plus or Free Estimate", True),
    ],
)
def test_a_longer_name_among_those_known_is_another_thing(said: str, holds: bool) -> None:
    known = ["Free Estimate", "Free Estimate Plus", "Estimate"]
    assert names(DIALOG.format(said), "Free Estimate", among=known) is holds


def match(field: str) -> TextMatch:
    return TextMatch(
        of=TargetUse(target="p.dialog"),
        contains_name=Template("${row.name}"),
        among=NamesOf(of=Template("${rows}"), field=field),
    )


def test_names_come_from_rows_that_were_read() -> None:
    values = {"row": {"name": "Free Estimate"}, "rows": [{"name": "Free  Estimate Plus"}, {"name": "Other"}]}
    assert matches_text(match("name"), "Deactivate Free Estimate?", values)
    assert not matches_text(match("name"), "Deactivate Free Estimate Plus?", values)


def test_a_field_that_rows_lack_is_no_empty_guard() -> None:
    values = {"row": {"name": "Free Estimate"}, "rows": [{"name": "Free Estimate Plus"}]}
    with pytest.raises(UnknownNameError):
        matches_text(match("nam"), "Deactivate Free Estimate?", values)


@pytest.mark.parametrize("kind", ["equals", "contains", "contains_name"])
def test_an_accent_is_the_same_however_it_is_written(kind: str) -> None:
    composed, apart = "Caf\N{LATIN SMALL LETTER E WITH ACUTE} Bar", "Cafe\N{COMBINING ACUTE ACCENT} Bar"
    match = TextMatch.model_validate({"of": "p.name", kind: "${company}"})
    assert matches_text(match, composed, {"company": apart})
    assert matches_text(match, apart, {"company": composed})
    assert not matches_text(match, composed, {"company": "Cafe Bar"})
