from __future__ import annotations

from robot.check.names import check_names
from robot.flow.loader import FlowLibrary, parse_flow

HEAD = "flow: one\ntitle: One flow\nview: sub-account\n"


def _problems(text: str) -> list[str]:
    flow = parse_flow(HEAD + text, "flows/one.yaml")
    return [problem.what for problem in check_names(FlowLibrary(flows={"one": flow}))]


def test_an_output_that_is_a_list_has_a_value_from_the_start() -> None:
    steps = "steps:\n  - if: {holds: seen}\n    then: [{collect: {into: seen, value: one}}]\n"
    assert _problems("outputs: {seen: {type: list, about: Seen}}\n" + steps) == []
    assert _problems("outputs: {seen: {about: Seen}}\n" + steps) == ["'seen' has no value here"]


def test_an_output_that_nothing_sets_is_told_even_when_it_is_a_list() -> None:
    text = "outputs: {seen: {type: list, about: Seen}}\nsteps:\n  - wait_for: {holds: not seen}\n"
    assert _problems(text) == ["nothing in this flow sets the output 'seen'"]


def test_a_place_is_named_by_inputs() -> None:
    place = "place: {location_id: academy_id, company: academy}\n"
    inputs = "inputs: {academy_id: {about: Its id}, academy: {about: Its name}}\n"
    steps = "steps:\n  - wait_for: {holds: now}\n"
    assert _problems(place + inputs + steps) == []
    assert _problems(place + "inputs: {academy_id: {about: Its id}}\n" + steps) == [
        "the place is named by 'academy', which is no input of this flow"
    ]
