"""What a run would refuse in its middle is refused before it begins."""

from __future__ import annotations

import pytest

from robot.check import check_all
from robot.check.engine import check_sign_in
from robot.flow.loader import FlowLibrary, parse_flow
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore

PAGE = """
source: seen
date: '2026-11'
targets:
  button: {candidates: [{id: b}]}
  message: {candidates: [{id: m}]}
  dialog: {kind: dialog, candidates: [{id: d}]}
  things:
    list:
      rows: [{css: li}]
      fields: {id: {css: b}}
      key: id
      empty: p.message
"""
LANDMARK = "source: seen\ndate: '2026-11'\ntargets:\n  location_name: {candidates: [{id: n}]}\n"
PRESS = """
  - click: p.button
    irreversible: Deletes it
    object: thing:${location_id}
    require: {text: {of: p.dialog, equals: "${location_id}"}}
    expect: {no_row: {list: p.things, row: "${location_id}"}}
"""
INPUTS = "  location_id: {type: location_id, about: An id}\n  company: {type: name, about: A name}\n"


def problems(
    steps: str = "  - click: p.button\n", *, inputs: str = INPUTS, view: str = "agency", landmark: bool = True
) -> list[str]:
    text = f"flow: one\ntitle: One flow\nview: {view}\nprocedure: ['1']\ninputs:\n{inputs}steps:\n{steps}"
    targets = parse_page(PAGE, "p.yaml") | (parse_page(LANDMARK, "shell.yaml") if landmark else {})
    library = FlowLibrary(flows={"one": parse_flow(text, "flows/one.yaml")})
    return [item.what for item in check_all(library, SelectorStore(targets)) if not item.is_warning]


def test_what_is_written_well_has_no_problem() -> None:
    assert problems(PRESS) == []
    assert problems(PRESS, view="sub-account") == []


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ("{type: integer, about: x, default: '5'}", "the default of 'a' is text, and its type is integer"),
        ("{type: integer, about: x, default: true}", "the default of 'a' is true or false, and its type is integer"),
        ("{type: boolean, about: x, default: 'yes'}", "the default of 'a' is text, and its type is boolean"),
        ("{about: x, default: 5}", "the default of 'a' is a number, and its type is text"),
        ("{type: name, about: x, default: true}", "the default of 'a' is true or false, and its type is name"),
        ("{type: name, about: x, default: 'A  B'}", "the default of 'a' is not written as it is compared"),
        ("{type: duration, about: x, default: soon}", "the default of 'a' is 'soon': must be a whole number with a unit: 500ms, 20s, 5m, 24h"),
        ("{type: email, about: x, default: nobody}", "the default of 'a' is 'nobody': not an e-mail address"),
        ("{type: location_id, about: x, default: short}", "the default of 'a' is 'short': a location id is 10 to 40 letters and digits, as in the address after /location/"),
        ("{type: list, about: x, default: 'a, b'}", "the list 'a' has a default, which is no list"),
        ("{about: x, secret: true, default: hunter2}", "the secret 'a' has a default, which stands in this file"),
    ],
)  # fmt: skip
def test_a_default_of_the_wrong_type_is_told(item: str, what: str) -> None:
    assert problems(inputs=f"{INPUTS}  a: {item}\n") == [what]


@pytest.mark.parametrize(
    "item",
    [
        "{type: integer, about: x, default: 5}",
        "{type: boolean, about: x, default: false}",
        "{type: duration, about: x, default: 24h}",
        "{about: x, default: ''}",
        "{type: name, about: x, default: Café}",
    ],
)
def test_a_default_of_the_right_type_is_good(item: str) -> None:
    assert problems(inputs=f"{INPUTS}  a: {item}\n") == []


@pytest.mark.parametrize("name", ["words", "policy", "today", "now", "user", "conversation"])
def test_an_input_that_is_named_like_a_value_of_every_run_is_told(name: str) -> None:
    assert problems(inputs=f"{INPUTS}  {name}: {{about: x, optional: true}}\n") == [
        f"the input '{name}' has the name of a value that every run has"
    ]


@pytest.mark.parametrize("name", ["not", "in", "self", "row"])
def test_an_input_that_no_condition_could_name_is_told(name: str) -> None:
    assert problems(inputs=f"{INPUTS}  {name}: {{about: x, optional: true}}\n") == [
        f"the input '{name}' has the name of a word of conditions"
    ]


def test_a_step_that_hides_a_value_of_every_run_is_told() -> None:
    assert problems("  - capture: {today: {filled: x}}\n") == [
        "this step sets 'today', a value that every run has"
    ]


def test_a_sub_account_without_its_landmark_is_told() -> None:
    assert problems(view="sub-account", landmark=False) == [
        "'view: sub-account' needs the target 'shell.location_name', which is not there"
    ]
    assert problems(view="agency", landmark=False) == []


def test_a_press_in_a_sub_account_that_nobody_could_tell_is_told() -> None:
    inputs = "  location_id: {type: location_id, about: An id}\n"
    assert problems(PRESS, view="sub-account", inputs=inputs) == [
        "nothing in this flow has the value 'company', and without it nothing is pressed in a sub-account"
    ]


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ('{text: {of: p.dialog, equals: "${location_id}"}}', "what this act expects is required before it, and so is no proof of its effect"),
        ("{text: {of: p.message, matches: '.*'}}", "'.*' matches any text, and so proves nothing"),
        ("{address: {matches: 'x?'}}", "'x?' matches any text, and so proves nothing"),
        ("{text: {of: p.message, matches: '(gone'}}", "'(gone' is no pattern: missing ), unterminated subpattern at position 0"),
        ("{closed: p.dialog}", "a dialog that closes is no proof that an irreversible act took effect"),
        ("{holds: location_id != ''}", "a dialog that closes is no proof that an irreversible act took effect"),
        ("{appeared: p.message}", "a dialog that closes is no proof that an irreversible act took effect"),
        ("{every: [{closed: p.dialog}, {holds: company}]}", "a dialog that closes is no proof that an irreversible act took effect"),
    ],
)  # fmt: skip
def test_an_effect_that_proves_nothing_is_told(expect: str, what: str) -> None:
    head, _ = PRESS.rsplit("    expect:", 1)
    assert what in problems(f"{head}    expect: {expect}\n")


@pytest.mark.parametrize(
    "steps",
    [
        "  - goal: {appeared: p.message}\n    do: [{click: p.button}]\n",
        "  - goal: {visible: p.message}\n    not_yet: {appeared: p.message}\n    do: [{click: p.button}]\n",
        "  - if: {appeared: p.message}\n    then: [{click: p.button}]\n",
        "  - if: {any: [{visible: p.button}, {appeared: p.message}]}\n    then: [{click: p.button}]\n",
        "  - click: p.button\n    require: {appeared: p.message}\n",
        "  - wait_for: {appeared: p.message}\n",
        "  - wait_for: {visible: p.button}\n    refusals: [{when: {appeared: p.message}, says: no}]\n",
        "  - goal: {visible: p.message}\n    do: [{click: p.button, require: {every: [{appeared: p.message}]}}]\n",
        "  - click: p.button\n    irreversible: x\n    object: thing:${company}\n    require: {visible: p.dialog}\n"
        "    expect: {visible: p.message}\n    asks_again: {appeared: p.message}\n",
    ],
)
def test_appeared_is_told_wherever_nothing_was_pressed(steps: str) -> None:
    what = "'appeared' is for the 'expect' and the 'refusals' of an act: new since its press"
    assert what in problems(steps)


def test_a_policy_that_there_is_not_is_told() -> None:
    for steps in ("  - if: {holds: policy.user_shared == 'block'}\n    then: [{click: p.button}]\n",
                  "  - fill: {target: p.button, value: '${policy.user_shared}'}\n"):  # fmt: skip
        assert problems(steps) == ["there is no policy 'user_shared'"]


def test_a_sign_in_that_needs_what_no_run_gives_is_told() -> None:
    text = "flow: sign-in\ntitle: Sign in\nview: any\ninputs:\n  realm: {about: x}\nsteps:\n  - click: p.button\n"
    library = FlowLibrary(flows={"sign-in": parse_flow(text, "flows/sign-in.yaml")})
    assert [item.what for item in check_sign_in(library)] == [
        "'sign-in' needs the input 'realm', which no run gives it",
        "'sign-in' does not say how a session that has ended looks: no run signs in again",
    ]
    said = text.replace("steps:", "signed_out: p.button\nsteps:").replace(
        "{about: x}", "{about: x, optional: true}"
    )
    assert not list(check_sign_in(FlowLibrary(flows={"sign-in": parse_flow(said, "flows/sign-in.yaml")})))
    [missing] = check_sign_in(FlowLibrary())
    assert missing.what == "there is no flow 'sign-in', and every run begins with it"
