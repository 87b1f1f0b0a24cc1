"""Closes pop-ups that are known to be harmless, by Playwright's own locator handlers, before they are in the way.

Only what the selector store calls a popup is closed, and only by the target that it names.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce

from playwright.sync_api import Locator, Page

from robot.executor.resolver import Resolver, build_locator
from robot.flow.model import TargetUse
from robot.run.events import Event, PopupClosed
from robot.selector.store import SelectorStore, StoredTarget


def close_popups(
    page: Page, store: SelectorStore, resolver: Resolver, notice: Callable[[Event], None]
) -> None:
    """Registers a handler for every popup of the store; it runs when one shows up before an act."""
    for stored in store:
        if stored.target.kind == "popup":
            page.add_locator_handler(_any_of(page, stored, resolver), _closer(stored, resolver, notice))


def _any_of(page: Page, stored: StoredTarget, resolver: Resolver) -> Locator:
    """One locator for all candidates: which of them shows the popup does not matter for closing it."""
    names = {"words": resolver.words}
    locators = [build_locator(page.main_frame, one, names) for one in stored.target.candidates]
    return reduce(lambda one, other: one.or_(other), locators).filter(visible=True).first


def _closer(
    stored: StoredTarget, resolver: Resolver, notice: Callable[[Event], None]
) -> Callable[[Locator], None]:
    def close(popup: Locator) -> None:
        search = resolver.search(TargetUse(target=stored.target.close or ""), {})
        if search.found is not None:
            search.found.locator.click(timeout=3000)
            notice(PopupClosed(target=stored.name, at=datetime.now(UTC)))

    return close
