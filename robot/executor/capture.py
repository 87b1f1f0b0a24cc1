"""Page to bytes: pictures and the place of an element in them. Writes no file, and never fails an act."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

from robot.run.events import Box

#: A picture that takes longer is recorded as missing, in ms. Measured: right after a press that navigates,
#: screenshots hung for 30 s.
PICTURE_MS = 3000
QUALITY = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """JPEG bytes, or why there are none."""

    image: bytes
    mark: Box | None
    missing: str = ""


def take_picture(page: Page, *, element: Locator | None, masks: list[Locator]) -> Picture:
    """Takes the viewport as it is now. `masks` are painted over; `element` is measured, not changed."""
    mark = locate_mark(element) if element is not None else None
    try:
        image = page.screenshot(
            type="jpeg",
            quality=QUALITY,
            timeout=PICTURE_MS,
            mask=masks,
            mask_color="#101828",
            animations="allow",
            caret="initial",
            scale="css",
        )
    except PlaywrightError as error:
        return Picture(image=b"", mark=None, missing=error.message.splitlines()[0])
    return Picture(image=image, mark=mark)


def locate_mark(element: Locator) -> Box | None:
    """The element's rectangle in the viewport, in CSS pixels; None when it has none."""
    try:
        box = element.bounding_box(timeout=500)
    except PlaywrightError:
        return None
    if box is None:
        return None
    return Box(x=box["x"], y=box["y"], width=box["width"], height=box["height"])
