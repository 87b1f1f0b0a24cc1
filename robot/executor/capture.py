"""Page to bytes: pictures and the place of an element in them. Writes no file, and never fails an act."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

from robot.executor.resolver import Found
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


def take_picture(page: Page, *, marked: Found | None, masks: list[Locator]) -> Picture:
    """Takes the viewport as it is now. `masks` are painted over; what is `marked` is measured, not changed."""
    mark = locate_mark(marked) if marked is not None else None
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


#: In one call, where Playwright's own `bounding_box` makes four: a picture is taken at every act.
_RECTANGLES = """(elements) => elements.map(element => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return {x, y, width, height};
})"""


def locate_mark(found: Found) -> Box | None:
    """The element's rectangle in the page's viewport, in CSS pixels; None when it has none."""
    try:
        if found.frame == found.frame.page.main_frame:
            boxes = found.locator.evaluate_all(_RECTANGLES)
        else:
            # Only Playwright knows where a frame of another origin stands in the page.
            boxes = [found.locator.bounding_box(timeout=500)]
    except PlaywrightError:
        return None
    if len(boxes) != 1 or boxes[0] is None or not boxes[0]["width"] or not boxes[0]["height"]:
        return None
    return Box(**boxes[0])
