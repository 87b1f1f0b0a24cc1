from __future__ import annotations

from robot.check.flows import check_flows
from robot.flow.loader import FlowLibrary, parse_flow
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore

HEAD = "flow: one\ntitle: One flow\nview: any\nsteps:\n"
STORE = SelectorStore(
    parse_page(
        "source: seen\ndate: '2026-11'\ntargets:\n"
        "  button: {candidates: [{id: b}]}\n  message: {kind: dialog, candidates: [{id: m}]}\n",
        "p.yaml",
    )
)


def _problems(steps: str) -> list[str]:
    flow = parse_flow(HEAD + steps, "flows/one.yaml")
    found = check_flows(FlowLibrary(flows={"one": flow}), STORE)
    return [problem.what for problem in found if "appeared" in problem.what]


def test_an_act_may_expect_and_be_refused_by_what_is_new() -> None:
    refusals = "    refusals: [{when: {any: [{appeared: p.message}]}, says: no}]\n"
    assert _problems("  - click: p.button\n    expect: {appeared: p.message}\n" + refusals) == []


def test_nothing_is_new_where_nothing_was_pressed() -> None:
    wanted = ["'appeared' is for the 'expect' and the 'refusals' of an act: new since its press"]
    assert _problems("  - wait_for: {appeared: p.message}\n") == wanted
    assert _problems("  - click: p.button\n    require: {appeared: p.message}\n") == wanted
