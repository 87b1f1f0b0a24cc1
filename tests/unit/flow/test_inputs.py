from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import BadInputError
from robot.flow.inputs import read_inputs
from robot.flow.loader import AnyFlow, parse_flow
from robot.flow.template import Secret

FLOW = """
flow: all-kinds
title: All kinds of inputs
view: any
inputs:
  id: {type: location_id, about: A sub-account's id, optional: true}
  mail: {type: email, about: A mail address, optional: true}
  count: {type: integer, about: A number, optional: true}
  sure: {type: boolean, about: Yes or no, optional: true}
  age: {type: duration, about: A length of time, default: 24h}
  names: {type: list, about: Some names, optional: true}
  name: {about: Any text, optional: true}
  code: {about: A code, secret: true, optional: true}
steps:
  - goto: /
"""

NEEDY = """
flow: needy
title: Needs what it needs
view: any
inputs:
  company: {about: The customer's name}
  id: {type: location_id, about: An id, optional: true}
  mail: {type: email, about: A mail address, optional: true}
at_least_one: [id, mail]
steps:
  - goto: /
"""


@pytest.fixture(scope="module")
def flow() -> AnyFlow:
    return parse_flow(FLOW, "flows/all-kinds.yaml")


@pytest.fixture(scope="module")
def needy() -> AnyFlow:
    return parse_flow(NEEDY, "flows/needy.yaml")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("id", " hK3vQ9mTz7LpX2cRb8Nd ", "hK3vQ9mTz7LpX2cRb8Nd"),
        ("mail", "a@b.example", "a@b.example"),
        ("count", "-12", -12),
        ("sure", "true", True),
        ("sure", "false", False),
        ("age", "90m", "90m"),
        ("names", "A, B ,,C", ["A", "B", "C"]),
        ("name", "Ünïcode & <b>", "Ünïcode & <b>"),
    ],
)
def test_each_type_is_read(flow: AnyFlow, name: str, text: str, value: object) -> None:
    read = read_inputs(flow, {name: text})
    assert read == {name: value}
    assert type(read[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("id", "short"),
        ("id", "hK3vQ9mTz7LpX2cRb8Nd/../x"),
        ("id", "hK3vQ9mTz7LpX2cRb8N\u0661"),
        ("mail", "nobody"),
        ("mail", "a b@c.example"),
        ("count", "1.5"),
        ("count", "1_000"),
        ("sure", "yes"),
        ("sure", "True"),
        ("age", "24"),
        ("age", "1.5h"),
    ],
)
def test_a_value_of_the_wrong_form_is_told_with_its_name(flow: AnyFlow, name: str, text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_inputs(flow, {name: text})
    assert f"input '{name}' = '{text}': " in caught.value.problem.what
    assert f"--input {name}=" in caught.value.problem.next


def test_a_name_is_composed_and_folded_and_holds_nothing_that_nobody_sees() -> None:
    text = NEEDY.replace("company: {about", "company: {type: name, about")
    flow = parse_flow(text, "flows/needy.yaml")
    given = {"id": "hK3vQ9mTz7LpX2cRb8Nd"}
    read = read_inputs(flow, {"company": " Cafe\N{COMBINING ACUTE ACCENT}  Bar", **given})
    assert read["company"] == "Caf\N{LATIN SMALL LETTER E WITH ACUTE} Bar"
    with pytest.raises(BadInputError) as caught:
        read_inputs(flow, {"company": "Ca\N{ZERO WIDTH SPACE}fé", **given})
    assert "holds ZERO WIDTH SPACE (U+200B), after 'Ca' (letter 3)" in caught.value.problem.what
    assert "location id" in caught.value.problem.next


def test_all_that_is_wrong_is_told_at_once(needy: AnyFlow) -> None:
    with pytest.raises(BadInputError) as caught:
        read_inputs(needy, {"compny": "X", "id": " "})
    assert [problem.what for problem in caught.value.problems] == [
        "flow 'needy' has no input 'compny'",
        "flow 'needy' needs the input 'company': The customer's name",
        "flow 'needy' needs at least one of the inputs id, mail",
    ]
    assert caught.value.problems[0].next.startswith("did you mean 'company'?")


@pytest.mark.parametrize("given_one", [{"id": "hK3vQ9mTz7LpX2cRb8Nd"}, {"mail": "a@b.example"}])
def test_one_of_several_is_enough(needy: AnyFlow, given_one: dict[str, str]) -> None:
    assert read_inputs(needy, {"company": "X", **given_one}) == {"company": "X", **given_one}


def test_what_is_optional_and_not_given_has_no_value(flow: AnyFlow) -> None:
    assert read_inputs(flow, {}) == {}
    assert read_inputs(flow, {"name": "  "}) == {}


def test_a_secret_is_kept_as_one_and_never_shown(flow: AnyFlow) -> None:
    value = read_inputs(flow, {"code": "123456"})["code"]
    assert isinstance(value, Secret)
    assert value.reveal() == "123456"


@given(name=st.text(min_size=1), text=st.text())
def test_any_words_are_read_or_refused(name: str, text: str) -> None:
    try:
        read_inputs(parse_flow(FLOW, "flows/all-kinds.yaml"), {name: text})
    except BadInputError as error:
        assert all(problem.what and problem.next for problem in error.problems)
