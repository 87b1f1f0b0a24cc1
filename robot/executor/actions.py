"""One function per verb that changes the page. Each acts once; looking before and after is the executor's."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page

from robot.flow.template import Secret

#: How long Playwright may wait until an element that was found can be acted on, in ms.
ACT_MS = 10_000


def do_goto(page: Page, dashboard: str, path: str, timeout_ms: int) -> None:
    """Opens a path of the dashboard and waits for its document."""
    page.goto(urljoin(f"{dashboard}/", path.lstrip("/")), timeout=timeout_ms, wait_until="domcontentloaded")


def do_click(element: Locator) -> None:
    element.click(timeout=ACT_MS)


def try_click(element: Locator) -> None:
    """Waits until the element could be clicked, and does not click it."""
    element.click(timeout=ACT_MS, trial=True)


def do_hover(element: Locator) -> None:
    element.hover(timeout=ACT_MS)


def do_fill(element: Locator, value: Any) -> None:
    """Replaces what an input holds."""
    element.fill(value.reveal() if isinstance(value, Secret) else str(value), timeout=ACT_MS)


def do_type(element: Locator, value: Any) -> None:
    """Types key by key into an input, and whatever input the page moves on to."""
    text = value.reveal() if isinstance(value, Secret) else str(value)
    element.press_sequentially(text, timeout=ACT_MS)


def do_press(element: Locator, key: str) -> None:
    element.press(key, timeout=ACT_MS)


def do_select(element: Locator, option: str) -> None:
    element.select_option(label=option, timeout=ACT_MS)


def do_tick(element: Locator, kind: Literal["check", "uncheck"]) -> None:
    """Ticks or unticks a box, a plain one or one that only has the role; one that is so is left alone."""
    element.set_checked(kind == "check", timeout=ACT_MS)
