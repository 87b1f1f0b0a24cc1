"""A guard compares what the object names, as a whole; a "no" that proves nothing lets nothing be destroyed."""

from __future__ import annotations

import pytest

from robot.check.acts import check_acts
from robot.flow.loader import FlowLibrary, parse_flow
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore

STORE = SelectorStore(
    parse_page(
        """
source: seen
date: '2026-11'
targets:
  kill: {candidates: [{id: k}]}
  badge: {candidates: [{id: b}]}
  keep: {changes: true, candidates: [{id: s}]}
  body: {candidates: [{id: o}]}
  dialog: {kind: dialog, candidates: [{id: d}]}
  empty: {candidates: [{id: e}]}
  rows: {list: {rows: [{css: .r}], fields: {id: {css: .i}, name: {css: .n}}, key: id, empty: p.empty}}
""",
        "p.yaml",
    )
)
HEAD = """
flow: one
title: One flow
view: {view}
inputs:
  location_id: {{type: location_id, about: x}}
  company: {{type: name, about: x}}
  rows: {{type: list, about: x}}
steps:
"""
ACT = """
- for_each: {list: p.rows, as: row, object: "thing:${row.id}"}
  do:
    - click: p.kill
      irreversible: Kills it
      object: "thing:${row.id}"
      require: GUARD
      expect: {no_row: {list: p.rows, row: "${row.id}"}}
"""


def problems(steps: str, view: str = "sub-account") -> list[str]:
    body = "\n".join(f"  {line}" for line in steps.strip().splitlines())
    flow = parse_flow(HEAD.format(view=view) + body + "\n", "flows/one.yaml")
    found = check_acts(FlowLibrary(flows={"one": flow}), STORE)
    return [one.what for one in found]


def guard(text: str, view: str = "sub-account") -> list[str]:
    return problems(ACT.replace("GUARD", text), view)


UNTIED = "'object' names 'row', and 'require' compares nothing with it"
UNPROVEN = "this act is irreversible, and that 'text' says no proves nothing"
LONGER = "'contains_name' without 'among': a longer name would be taken for this one"
PART = "'contains' with a value: a longer one would be taken for this one"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{text: {of: p.body, equals: "${row.name}"}}', []),
        ('{text: {of: p.body, contains_name: "${row.name}", among: {of: "${rows}", field: name}}}', []),
        ('{text: {of: p.body, contains_name: "${row.name}"}}', [LONGER]),
        ('{text: {of: p.body, contains: "${row.name}"}}', [PART]),
        ('{text: {of: p.body, contains: "delete ${row.name}"}}', [PART]),
        ('{text: {of: p.body, contains: "delete ${row.name}?"}}', []),
        ('{text: {of: p.body, contains: "delete it"}}', [UNTIED]),
        ("{visible: p.body}", [UNTIED]),
        ('{holds: "row.name == company"}', [UNTIED]),
        ('{row: {list: p.rows, row: "${row.id}"}}', []),
        ('{not: {text: {of: p.body, equals: "${row.name}"}}}', [UNTIED, UNPROVEN]),
        ('{any: [{text: {of: p.body, equals: "${row.name}"}}, {visible: p.badge}]}', [UNTIED]),
        ('{any: [{text: {of: p.body, equals: "${row.name}"}}, {text: {of: p.badge, equals: "${row.id}"}}]}', []),
        ('{every: [{text: {of: p.body, equals: "${row.name}"}}, {visible: p.badge}]}', []),
    ],
)  # fmt: skip
def test_a_guard_is_tied_to_the_object(text: str, wanted: list[str]) -> None:
    assert sorted(guard(text)) == sorted(wanted)


@pytest.mark.parametrize(
    ("dialog", "wanted"),
    [
        ("accept", ["an irreversible act that answers a dialog of the browser, whatever it says", UNTIED]),
        ("{answer: accept, says: Sure?}", [UNTIED]),
        ('{answer: accept, says: "Delete ${row.name}?"}', []),
    ],
)
def test_a_dialog_of_the_browser_is_guarded_by_what_it_says(dialog: str, wanted: list[str]) -> None:
    steps = ACT.replace("GUARD", "{visible: p.kill}\n      dialog: " + dialog)
    assert sorted(problems(steps)) == sorted(wanted)


@pytest.mark.parametrize("view", ["agency", "any"])
def test_outside_the_sub_account_the_customer_is_compared_too(view: str) -> None:
    wanted = "outside the sub-account view nothing here makes sure that it is the right customer's"
    assert guard('{text: {of: p.body, equals: "${row.name}"}}', view) == [wanted]
    both = '[{text: {of: p.body, equals: "${row.name}"}}, {address: "/accounts/${location_id}"}]'
    assert guard(both, view) == []


KILL = """
    - click: p.kill
      irreversible: Kills it
      object: "thing:${location_id}"
      require: {text: {of: p.body, equals: "${location_id}"}}
      expect: {text: {of: p.body, equals: gone}}
"""
STEP = """
- if: LOOK
  then:
    - click: p.badge
  else:
"""


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        ("{visible: p.badge}", "visible"),
        ("{text: {of: p.badge, equals: x}}", "text"),
        ("{any: [{visible: p.badge}, {holds: location_id}]}", "any"),
        ("[{holds: location_id}, {enabled: p.badge}]", "enabled"),
        ("{holds: location_id}", ""),
        ("{none: p.rows}", ""),
        ("{row: {list: p.rows, row: one}}", ""),
        ("{closed: p.dialog}", ""),
    ],
)
def test_nothing_is_destroyed_on_a_no_that_proves_nothing(look: str, kind: str) -> None:
    wanted = [f"'else' holds an irreversible act, and that '{kind}' says no proves nothing"] if kind else []
    assert problems(STEP.replace("LOOK", look).rstrip() + KILL) == wanted


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        ("{not: {visible: p.badge}}", "visible"),
        ("{any: [{not: {value: {of: p.badge, equals: x}}}]}", "value"),
        ("{not: {some: p.rows}}", ""),
        ("{not: {not: {visible: p.badge}}}", "visible"),
        ("{visible: p.badge}", ""),
    ],
)
def test_not_is_held_to_the_same(look: str, kind: str) -> None:
    steps = STEP.replace("LOOK", look).replace("    - click: p.badge\n  else:\n", "").rstrip() + KILL
    wanted = [f"'then' holds an irreversible act, and that '{kind}' says no proves nothing"] if kind else []
    assert problems(steps) == wanted


# --- what is known to change the dashboard -----------------------------------------------------------

SEEN = (
    "pressing 'p.keep' changes the dashboard ('changes: true' at p.yaml:7:3), and this step does not say so"
)
MARKED = (
    "pressing 'p.kill' changes the dashboard ('one' marks it as irreversible), and this step does not say so"
)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("- click: p.keep", [SEEN]),
        ("- press: {target: p.keep, key: Enter}", [SEEN]),
        ("- click: p.keep\n  reversible: true", []),
        ("- click: p.keep\n  expect: {visible: p.dialog}", []),
        ("- click: p.badge", []),
        ("- click: p.kill", [MARKED]),
        ("- hover: p.keep", []),
    ],
)
def test_an_act_that_is_known_to_change_something_says_so(step: str, found: list[str]) -> None:
    guarded = ACT.replace("GUARD", '{row: {list: p.rows, row: "${row.id}"}}')
    assert [one for one in problems(guarded + step) if one.startswith("pressing")] == found


def test_signing_in_need_not_say_so() -> None:
    head = HEAD.format(view="any").replace("view: any", "view: any\nprivate: true")
    flow = parse_flow(f"{head}  - click: p.keep\n", "flows/one.yaml")
    assert [one.what for one in check_acts(FlowLibrary(flows={"one": flow}), STORE)] == []
