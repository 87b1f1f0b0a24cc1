"""Do flows and selector stores agree, and is every irreversible act guarded? Opens no browser."""

from __future__ import annotations

from robot.check.acts import check_acts
from robot.check.engine import check_engine
from robot.check.flows import check_flows
from robot.check.names import check_names
from robot.check.selectors import check_selectors
from robot.check.unused import check_unused
from robot.check.whole import check_whole
from robot.errors import Problem
from robot.flow.loader import FlowLibrary
from robot.selector.store import SelectorStore
from robot.source import Position


def check_all(library: FlowLibrary, store: SelectorStore) -> list[Problem]:
    """Returns every problem and warning, by file and line."""
    problems = [
        *check_selectors(store),
        *check_flows(library, store),
        *check_names(library),
        *check_acts(library, store),
        *check_engine(library, store),
        *check_unused(library, store),
        *check_whole(library, store),
    ]
    return sorted(dict.fromkeys(problems), key=_place)


def _place(problem: Problem) -> tuple[str, Position]:
    if problem.where is None:
        return ("", Position(0, 0))
    return (problem.where.path, problem.where.start)
