"""What a task that began anew tells: the lists of its first attempt, since some of it is gone at the second."""

from __future__ import annotations

from typing import Any

import pytest

from robot.executor.scope import Scope
from robot.executor.starting_over import keep_first
from robot.flow.loader import parse_flow
from robot.flow.model import Flow

FLOW = """flow: numbers
title: Numbers
view: agency
outputs:
  numbers: {type: list, about: The numbers that were there}
  ticket: {about: What support called it}
steps:
  - goto: /
"""


def scope(**values: Any) -> Scope:
    flow = parse_flow(FLOW, "numbers.yaml")
    assert isinstance(flow, Flow)
    return Scope(flow=flow, values=values)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"numbers": ["1", "2"]}, {"numbers": ["2"]}, {"numbers": ["1", "2"]}),
        ({"numbers": []}, {"numbers": ["1"]}, {"numbers": ["1"]}),
        ({"numbers": ["1"]}, {"numbers": ["1", "2"]}, {"numbers": ["1", "2"]}),
        ({"numbers": ["1"]}, {}, {"numbers": ["1"]}),
        ({}, {"numbers": ["1"]}, {"numbers": ["1"]}),
        ({"ticket": "7"}, {"ticket": ""}, {"ticket": "7"}),
        ({"ticket": "7"}, {"ticket": "8"}, {"ticket": "8"}),
        ({"other": "7"}, {}, {}),
    ],
)
def test_what_is_told(first: dict[str, Any], second: dict[str, Any], kept: dict[str, Any]) -> None:
    now = scope(**second)
    keep_first(now, scope(**first))
    assert now.values == kept
