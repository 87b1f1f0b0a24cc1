"""Closes pop-ups that are known to be harmless, by Playwright's own locator handlers, before they are in the way.

Only what the selector store calls a popup is closed, and only by the target that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import reduce
from time import monotonic

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from robot.executor.resolver import Resolver, build_locator
from robot.flow.look import TargetUse
from robot.run.events import Event, PopupClosed
from robot.selector.store import SelectorStore, StoredTarget

#: How long a popup's button may take until it can be pressed, in ms.
_CLOSE_MS = 1500
#: One that could not be closed is left alone for this long, in s.
_TRY_AGAIN_S = 10.0


def close_popups(
    page: Page, store: SelectorStore, resolver: Resolver, notice: Callable[[Event], None]
) -> None:
    """Registers one handler for all popups of the store; it runs when one shows up before an act.

    One for all, because Playwright asks for each handler's locator before every act.
    """
    popups = [stored for stored in store if stored.target.kind == "popup"]
    if popups:
        # Not waited for afterwards: one that cannot be closed may cover nothing that is pressed.
        page.add_locator_handler(
            _any_of(page, popups, resolver), _closer(popups, resolver, notice), no_wait_after=True
        )


def _any_of(page: Page, popups: Sequence[StoredTarget], resolver: Resolver) -> Locator:
    """One locator for all candidates of all popups: which of them shows one does not matter here."""
    names = {"words": resolver.words}
    locators = [
        build_locator(page.main_frame, one, names) for stored in popups for one in stored.target.candidates
    ]
    return reduce(lambda one, other: one.or_(other), locators).filter(visible=True).first


def _closer(
    popups: Sequence[StoredTarget], resolver: Resolver, notice: Callable[[Event], None]
) -> Callable[[Locator], None]:
    #: Those that could not be closed, and since when.
    stuck: dict[str, float] = {}

    def close_all(_: Locator) -> None:
        left_alone = {name for name, since in stuck.items() if monotonic() - since < _TRY_AGAIN_S}
        # One may lie over the other's button: what could not be closed is tried again once the rest is gone.
        for stored in [*popups, *popups]:
            if stored.name in left_alone:
                continue
            shown = resolver.search(TargetUse(target=stored.name), {})
            if shown.decision.kind == "none":
                stuck.pop(stored.name, None)
                continue
            search = resolver.search(TargetUse(target=stored.target.close or ""), {})
            if search.found is None:
                continue
            try:
                search.found.locator.click(timeout=_CLOSE_MS)
            except PlaywrightTimeout:
                stuck[stored.name] = monotonic()
            else:
                stuck.pop(stored.name, None)
                notice(PopupClosed(target=stored.name, at=datetime.now(UTC)))

    return close_all
