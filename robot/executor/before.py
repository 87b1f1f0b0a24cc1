"""What was on the page right before a press, so that a message of this press is told from an older one's.

Looks only, and leaves no mark on the page: the elements themselves are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playwright.sync_api import ElementHandle, Frame, Locator
from playwright.sync_api import Error as PlaywrightError

from robot.executor.resolver import Resolver
from robot.flow.look import TargetUse

_COUNT_NEW = "(elements, known) => elements.filter(element => !known.includes(element)).length"


class Before:
    """The elements that were shown before the last press."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._shown: list[tuple[Frame, ElementHandle]] = []

    def remember(self, uses: Iterable[TargetUse], values: Mapping[str, Any]) -> None:
        """Remembers every visible element that any of `uses` matches now; forgets what was known before."""
        self._shown = [
            (frame, element)
            for use in uses
            for frame, locator in self._resolver.visible_locators(use, values)
            for element in _elements(locator)
        ]

    def count_new(self, use: TargetUse, values: Mapping[str, Any]) -> int:
        """How many elements are shown now that were not remembered."""
        return sum(
            self._count_new(frame, locator) for frame, locator in self._resolver.visible_locators(use, values)
        )

    def _count_new(self, frame: Frame, locator: Locator) -> int:
        known = [element for place, element in self._shown if place == frame]
        try:
            return int(locator.evaluate_all(_COUNT_NEW, known))
        except PlaywrightError:
            # The document was replaced since, so that nothing of it was there before.
            return locator.count() if known else 0


def _elements(locator: Locator) -> list[ElementHandle]:
    try:
        return locator.element_handles()
    except PlaywrightError:
        # The document is being replaced, and what comes is new.
        return []
