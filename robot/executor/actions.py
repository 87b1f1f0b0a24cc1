"""One function per verb that changes the page. Each acts once; looking before and after is the executor's."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, Position
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from robot.flow.template import Secret

#: How long Playwright may wait until an element that was found can be acted on, in ms.
ACT_MS = 10_000


#: How long something may lie over an element's middle until another part of it is looked for, in ms. Messages over
#: the page are gone by then.
_COVERED_MS = 5_000
_COVERED, _CLICKED = "intercepts pointer events", "click action done"
#: A point of the element, from its corner, that nothing lies over; null where there is none.
_FREE_PLACE = """element => {
  const box = element.getBoundingClientRect();
  for (const down of [0.5, 0.9, 0.1, 0.7, 0.3]) for (const right of [0.5, 0.1, 0.9, 0.3, 0.7]) {
    const place = {x: box.width * right, y: box.height * down};
    const hit = element.ownerDocument.elementFromPoint(box.left + place.x, box.top + place.y);
    if (hit && element.contains(hit)) return place;
  }
  return null;
}"""


def do_goto(page: Page, dashboard: str, path: str, timeout_ms: int) -> None:
    """Opens a path of the dashboard and waits for its document."""
    page.goto(urljoin(f"{dashboard}/", path.lstrip("/")), timeout=timeout_ms, wait_until="domcontentloaded")


def do_click(element: Locator) -> None:
    """Clicks, beside what lies over the element's middle for good if need be."""
    _click(element, is_trial=False)


def do_click_at(element: Locator, place: Position | None) -> None:
    """Clicks where `try_click` said, and only there."""
    element.click(timeout=ACT_MS, position=place)


def try_click(element: Locator) -> Position | None:
    """Waits until the element could be clicked, and does not click it. Returns where, if not in its middle."""
    return _click(element, is_trial=True)


def _click(element: Locator, *, is_trial: bool) -> Position | None:
    place: Position | None = None
    try:
        element.click(timeout=min(_COVERED_MS, ACT_MS), trial=is_trial)
    except PlaywrightTimeout as error:
        left_ms = ACT_MS - _COVERED_MS
        if left_ms <= 0 or _CLICKED in error.message:
            raise
        if _COVERED in error.message:
            place = element.evaluate(_FREE_PLACE, timeout=left_ms)
        element.click(timeout=left_ms, trial=is_trial, position=place)
    return place


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
