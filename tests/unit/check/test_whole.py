"""What goes into a message, a typed word or a name is taken whole, or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from robot.check.whole import check_whole, is_whole
from robot.flow.loader import FlowLibrary, load_flows, parse_flow
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore

ROOT = Path(__file__).parents[3]
READS = """flow: one
title: One flow
view: any
outputs: {rows: {type: list, about: Rows}}
steps:
  - read: {list: p.rows, into: rows}
"""


def store(field: str) -> SelectorStore:
    return SelectorStore(
        parse_page(
            "source: seen\ndate: '2026-11'\ntargets:\n"
            "  button: {candidates: [{id: b}]}\n  box: {candidates: [{id: i}]}\n"
            "  rows:\n    list:\n      rows: [{css: tr}]\n      key: id\n      empty: p.box\n"
            f"      fields: {{id: {{attribute: id}}, name: {field}}}\n",
            "p.yaml",
        )
    )


def problems(field: str, *flows: str) -> list[str]:
    parsed = [parse_flow(text, f"flows/{text[6:9]}.yaml") for text in flows]
    found = check_whole(FlowLibrary(flows={flow.flow: flow for flow in parsed}), store(field))
    return [f"{problem.where}: {problem.what}" for problem in found]


PIECE = "{css: td, pattern: '(\\S+)'}"
USES = {
    "types it": "  - for_each: {of: '${rows}', as: row}\n    do: [{fill: {target: p.box, value: '${row.name}'}}]\n",
    "names an object by it": (
        "  - for_each: {of: '${rows}', as: row}\n"
        "    do: [{click: p.button, irreversible: Goes, object: 'thing:${row.name}'}]\n"
    ),
    "says by it what cannot be undone": (
        "  - for_each: {list: p.rows, as: row}\n"
        "    do: [{click: p.button, irreversible: 'Ends ${row.name}', object: 'thing:${row.id}'}]\n"
    ),
}


@pytest.mark.parametrize("what", USES)
def test_a_piece_of_a_cell_is_not_written_typed_or_a_name(what: str) -> None:
    [said] = problems(PIECE, READS + USES[what])
    assert said.startswith("p.yaml:")
    assert said.endswith(
        f"the field 'name' of 'p.rows' takes a piece of what is shown, and the flow 'one' {what}"
    )


@pytest.mark.parametrize("what", USES)
@pytest.mark.parametrize(
    "field",
    [
        "{css: td}",
        "{css: td, pattern: '^\\s*(\\S+)\\s*$'}",
        "{css: td, pattern: '(?i)\\btype (delete|remove)\\b'}",
        "{css: td, attribute: href, pattern: '/contacts/(\\d+)'}",
        "{css: td, pattern: '(\\+?\\d{10,})', as: phone}",
    ],
)
def test_what_is_whole_or_has_a_form_of_its_own_is_taken(field: str, what: str) -> None:
    assert problems(field, READS + USES[what]) == []


def test_a_piece_may_be_compared() -> None:
    compared = "  - if: {holds: \"'x' in rows|map(attribute='name')|list\"}\n    then: [{goto: /}]\n"
    assert problems(PIECE, READS + compared) == []


def test_a_piece_is_followed_through_values_lists_and_other_flows() -> None:
    outer = READS + (
        "  - for_each: {of: '${rows}', as: row}\n    do:\n"
        "      - capture: {text: {filled: 'Delete ${row.name}.'}}\n"
        "      - collect: {into: texts, value: {said: '${text}'}}\n"
        "  - run: two\n    with: {texts: '${texts}'}\n"
    )
    inner = (
        "flow: two\ntitle: Another\nview: any\ninputs: {texts: {type: list, about: Texts}}\nsteps:\n"
        "  - for_each: {of: '${texts}', as: one}\n    do: [{fill: {target: p.box, value: '${one.said}'}}]\n"
    )
    [said] = problems(PIECE, outer, inner)
    assert "the flow 'two' types it" in said


def test_a_captured_piece_is_told_where_it_is_captured() -> None:
    flow = (
        "flow: one\ntitle: One\nview: any\nsteps:\n"
        "  - capture: {word: {text: p.button, pattern: 'for (\\S+)'}}\n"
        "  - fill: {target: p.box, value: '${word}'}\n"
    )
    [said] = problems("{css: td}", flow)
    assert said.startswith("flows/one.yaml:5:")
    assert "'word' takes a piece of what is shown" in said


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^(.*)$", True),
        (r"(?i)^\s*(\S+)\s*$", True),
        (r"(delete)", True),
        (r"(\S+)", False),
        (r"^(\S+)", False),
        (r"(\S+)$", False),
        (r"\d+ failed", False),
        (r"(\d+)", False),
        (r"(a)(b)", False),
    ],
)
def test_whole_means_from_the_beginning_to_the_end(pattern: str, expected: bool) -> None:
    assert is_whole(pattern) is expected


def test_the_first_word_of_a_brand_would_be_told_of_in_what_is_shipped() -> None:
    library, _ = load_flows(ROOT / "flows")
    text = (ROOT / "selectors/trust_center.yaml").read_text(encoding="utf-8")
    cut, number = re.subn(r"brand: \{css: (\S+)\}", r"brand: {css: \1, pattern: '(\\S+)'}", text)
    assert number == 1
    for shipped, told in ((text, []), (cut, ["the field 'brand' of 'trust_center.campaigns'"])):
        found = check_whole(library, SelectorStore(parse_page(shipped, "selectors/trust_center.yaml")))
        assert [problem.what.partition(" takes")[0] for problem in found] == told
