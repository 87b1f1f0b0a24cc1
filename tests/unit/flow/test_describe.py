from __future__ import annotations

import pytest

from robot.flow.describe import describe_step, short_name
from robot.flow.loader import parse_flow
from robot.flow.model import Flow
from robot.flow.step import StepBase
from robot.flow.template import Secret

VALUES = {
    "company": "A & B",
    "row": {"number": "+15125550110"},
    "code": Secret("123456"),
    "accounts": ["x"],
}


def step_of(text: str) -> StepBase:
    """The one step that `text` is, written as in a flow."""
    inputs = "inputs: {code: {about: A code, secret: true, optional: true}}"
    flow = parse_flow(f"flow: f\ntitle: A flow\nview: any\n{inputs}\nsteps:\n  - {text}\n", "f.yaml")
    assert isinstance(flow, Flow)
    return flow.steps[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("goto: /x", "open /x"),
        ("click: a.save", "click a.save"),
        ("{name: save it, click: a.save}", "save it: click a.save"),
        (
            "click: {target: a.menu, row: '${row.number}'}",
            "click a.menu of '+15125550110'",
        ),
        ("fill: {target: a.name, value: '${company}'}", "fill a.name with 'A & B'"),
        ("fill: {target: a.code, value: '${code}'}", "fill a.code with '(secret)'"),
        ("fill: {target: a.code, value: 'code ${code}'}", "fill a.code with '(secret)'"),
        ("fill: {target: a.name, value: '${later}'}", "fill a.name with '${later}'"),
        ("press: {target: a.name, key: Enter}", "press Enter in a.name"),
        ("wait_for: {visible: a.save}", "wait for visible a.save"),
        (
            "wait_for: [{visible: a.save}, {address: '/x/${company}'}]",
            "wait for visible a.save and address contains '/x/A & B'",
        ),
        ("if: {holds: not code}\n    then: [{click: a.save}]", "if holds (not code)"),
        ("read: {list: a.rows, into: found}", "read the list a.rows"),
        ("run: to-agency", "run to-agency"),
        (
            "for_each: {list: a.rows, as: row}\n    do: [{click: a.save}]",
            "for each row of a.rows",
        ),
        (
            "for_each: {of: '${accounts}', as: one}\n    do: [{click: a.save}]",
            "for each one of x",
        ),
        (
            "goal: {none: {list: a.rows, where: \"row.status != 'Off'\"}}\n    do: [{click: a.save}]",
            "goal: none a.rows where (row.status != 'Off')",
        ),
    ],
)
def test_a_step_as_a_sentence(text: str, sentence: str) -> None:
    assert describe_step(step_of(text), VALUES) == sentence


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{name: save it, click: a.save}", "save it"),
        ("click: a.save", "click a.save"),
        ("fill: {target: a.name, value: x}", "fill a.name"),
        ("goto: /x", "goto"),
        ("run: to-agency", "run"),
    ],
)
def test_a_step_has_a_short_name(text: str, name: str) -> None:
    assert short_name(step_of(text)) == name
