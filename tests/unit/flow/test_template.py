from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from robot.flow.template import Condition, ConditionError, Secret, Template, UnknownNameError, Verbatim

TEMPLATE: TypeAdapter[Template] = TypeAdapter(Template)
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


# --- filling -------------------------------------------------------------------------------------


@given(value=plain_values)
def test_one_hole_gives_the_value_itself(value: Any) -> None:
    assert Template("${ x }").fill({"x": value}) is value


@given(value=st.text())
def test_a_filled_value_is_not_filled_again(value: str) -> None:
    """Customers are called `${name}`, too."""
    assert Template("<${x}>").fill({"x": value, "name": "wrong"}) == f"<{value}>"


@given(text=st.text())
def test_what_is_said_as_it_is_has_no_holes(text: str) -> None:
    said = Verbatim(f"{text}${{name}}")
    assert said.fill({"name": "wrong"}) == f"{text}${{name}}"
    assert said.names == ()
    assert TEMPLATE.validate_python(said) is said


@given(text=st.text().filter(lambda text: "${" not in text))
def test_a_text_without_holes_stays_as_it_is(text: str) -> None:
    assert Template(text).fill({}) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (True, "true"), (False, "false"), (7, "7"), (["a", True, 2], "a, true, 2")],
)
def test_values_inside_a_text(value: object, shown: str) -> None:
    assert Template("is ${x}.").fill({"x": value}) == f"is {shown}."


def test_dotted_names_lead_into_mappings() -> None:
    assert Template("${row.name} ${words.list}").fill({"row": {"name": "A"}, "words": {"list": "B"}}) == "A B"


@pytest.mark.parametrize("text", ["${nobody}", "a ${nobody} b", "${row.nobody}", "${row.name.first}"])
def test_a_name_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        Template(text).fill({"row": {"name": "A"}})
    assert str(caught.value) == f"'{Template(text).names[0]}' has no value"


def test_attributes_of_values_are_out_of_reach() -> None:
    with pytest.raises(UnknownNameError):
        Template("${x.__class__}").fill({"x": "text"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${}", "holds no name"),
        ("${Name}", "holds no name"),
        ("${a b}", "holds no name"),
        ("${x.__class__.}", "holds no name"),
        ("${1x}", "holds no name"),
        ("${x()}", "holds no name"),
        ("${open", "is not closed"),
        ("${a} ${open", "is not closed"),
        (7, "must be text"),
        (None, "must be text"),
    ],
)
def test_what_is_no_template_is_told(text: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        TEMPLATE.validate_python(text)


# --- secrets -------------------------------------------------------------------------------------


@given(value=st.text(min_size=6))
def test_a_secret_prints_as_nothing_but_its_mask(value: str) -> None:
    secret = Secret(value)
    assert str(secret) == repr(secret) == f"{secret}" == "(secret)"
    assert secret.reveal() == value
    assert not hasattr(secret, "__dict__")


def test_a_text_with_a_secret_in_it_is_a_secret() -> None:
    filled = Template("Bearer ${token} ${x}").fill({"token": Secret("s3cret"), "x": 1})
    assert isinstance(filled, Secret)
    assert filled.reveal() == "Bearer s3cret 1"
    assert Template("Bearer ${token}").fill_text({"token": Secret("s3cret")}) == "(secret)"
    assert Template("${token}").fill_text({"token": Secret("s3cret")}) == "(secret)"


# --- conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("row.status != 'Inactive'", True),
        ("not company and location_id", False),
        ("company == 'A & B'", True),
        ("places|length > 1", True),
        ("'b' in places", True),
        ("company|lower == 'a & b'", True),
        ("count + 1 == 4", True),
        ("phone|phone == '+15125550198'", True),
        ("row is defined", True),
        ("'' or []", False),
        (True, True),
        (False, False),
    ],
)
def test_conditions_are_decided(text: object, holds: bool) -> None:
    values = {
        "row": {"status": "Active"},
        "company": "A & B",
        "location_id": "",
        "places": ["a", "b"],
        "count": 3,
        "phone": "(512) 555-0198",
    }
    assert CONDITION.validate_python(text).decide(values) is holds


@pytest.mark.parametrize(
    "text",
    [
        "nobody",
        "row.nobody == 1",
        "x.__class__",
        "x['__class__']",
        "''.__class__.__mro__",
        "x.upper()",
        "x.format(1)",
        "items.append(1)",
        "range(999999999)",
        "dict()",
        "cycler('a')",
        "lipsum()",
        "namespace()",
        "secret.reveal()",
        "'a' * 999999999 == x",
        "9 ** 9 ** 9",
        "'%999999999d' % 1",
        "1 / 0",
        "x < 1",
        "items|sort",
        "{}[[]]",
    ],
)
def test_conditions_reach_nothing_but_values_and_end_soon(text: str) -> None:
    started = time.monotonic()
    condition = CONDITION.validate_python(text)
    items: list[object] = [1, "a"]
    with pytest.raises(ConditionError):
        condition.decide({"row": {}, "x": "text", "items": items, "secret": Secret("s3cret")})
    assert items == [1, "a"]
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "a ==",
        "{{ a }}",
        "{% if a %}",
        "a }} {{ b",
        "a|attr('__class__')",
        "a|tojson",
        "a|format(1)",
        "lambda: 1",
        "a = 1",
        "import os",
        "9" * 5000,
        "",
    ],
)
def test_what_is_no_condition_is_told(text: str) -> None:
    with pytest.raises(ValidationError, match="is not a condition"):
        CONDITION.validate_python(text)


def test_a_secret_in_a_condition_is_only_there_or_not() -> None:
    assert Condition("not code").decide({"code": ""}) is True
    assert Condition("not code").decide({"code": Secret("123456")}) is False
    assert Condition("code == '123456'").decide({"code": Secret("123456")}) is False


_pieces = st.sampled_from(
    ["x", "y.z", "'a'", "1", "(", ")", "[", "]", "{", "}", "==", "<", "not ", " and ", " in ", "|length", "|first",
     "|join", "|map('lower')", ".__init__", "()", "*", "%", "-", "~", "is defined", ":", ",", " if ", " else "]
)  # fmt: skip


@given(pieces=st.lists(_pieces, max_size=8))
def test_any_text_is_decided_or_refused(pieces: list[str]) -> None:
    try:
        condition = CONDITION.validate_python("".join(pieces))
        decided = condition.decide({"x": "text", "y": {"z": [1]}})
    except (ValidationError, ConditionError) as error:
        assert str(error)
    else:
        assert decided in (True, False)


@given(text=st.text(max_size=30))
def test_any_text_at_all_is_a_condition_or_refused(text: str) -> None:
    try:
        condition = CONDITION.validate_python(text)
    except ValidationError as error:
        assert error.error_count() == 1
    else:
        assert condition.text == text
