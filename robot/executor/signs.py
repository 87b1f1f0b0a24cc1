"""Which targets say that something went wrong, or is not there yet: errors, loading, refusals of the dashboard.

One that is shown where nothing is wrong, and says something, is no sign: an alert box that is always there, a word
of the page's frame. Where a read-only task has read a list whole, nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from robot.executor.page_text import read_text
from robot.executor.resolver import Resolver
from robot.flow.loader import FlowLibrary
from robot.flow.look import AnyLook, EveryLook, Look, TargetUse, VisibleLook
from robot.flow.step import ActBase, GoalStep
from robot.flow.walk import each_flow, each_step
from robot.selector.store import SelectorStore


class Signs:
    """The signs of trouble of a project, by page."""

    def __init__(self, library: FlowLibrary, store: SelectorStore) -> None:
        self._by_page: dict[str, list[str]] = {}
        for name in dict.fromkeys([*_of_lists(store), *_of_refusals(library)]):
            target = store.find(name).target if name in store else None
            # What needs a row or parameters belongs to one thing, and is no sign of the page.
            if target is not None and not target.params and target.row_of is None:
                self._by_page.setdefault(_page(name), []).append(name)

    def shown(self, name: str, resolver: Resolver, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """The signs of the page of target `name` that are shown now, each with what it says."""
        with resolver.glance():
            signs = self._by_page.get(_page(name), [])
            if not signs or not resolver.is_any_shown(signs, values):
                return ()
            found = []
            for sign in signs:
                for _, locator in resolver.visible_locators(TargetUse(target=sign), values):
                    texts = [" ".join(read_text(one).split()) for one in locator.all()]
                    found += [(sign, text) for text in texts if text]
        return tuple(dict.fromkeys(found))


def _page(name: str) -> str:
    return name.partition(".")[0]


def _of_lists(store: SelectorStore) -> Iterator[str]:
    for stored in store:
        if stored.target.list is not None:
            yield from (*stored.target.list.errors, *stored.target.list.loading)


def _of_refusals(library: FlowLibrary) -> Iterator[str]:
    for flow in each_flow(library):
        for step in each_step(flow.steps):
            if isinstance(step, ActBase | GoalStep):
                for refusal in step.refusals:
                    # Of several looks each may hold by itself on any page.
                    if len(refusal.when) == 1:
                        yield from _visible(refusal.when[0])


def _visible(look: Look) -> Iterator[str]:
    match look:
        case VisibleLook():
            yield look.visible.target
        case AnyLook():
            for one in look.any:
                yield from _visible(one)
        case EveryLook() if len(look.every) == 1:
            yield from _visible(look.every[0])
