"""Draws the mark around the element a step acts on. Must not know of files or browsers."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from robot.run.events import Box

_RED = (240, 68, 56)
_WHITE = (255, 255, 255)
#: Space between the element and the mark, in CSS pixels.
_ROOM = 5


def draw_mark(image: bytes, mark: Box) -> bytes:
    """Returns the JPEG with a red frame around `mark`, and everything else a little darker.

    A mark outside the picture is drawn at its edge, so that it is never lost.
    """
    with Image.open(io.BytesIO(image)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    left = min(max(mark.x - _ROOM, 1), width - 8)
    top = min(max(mark.y - _ROOM, 1), height - 8)
    right = max(min(mark.x + mark.width + _ROOM, width - 2), left + 6)
    bottom = max(min(mark.y + mark.height + _ROOM, height - 2), top + 6)
    box = (left, top, right, bottom)
    veil = Image.new("L", picture.size, 26)
    ImageDraw.Draw(veil).rounded_rectangle(box, radius=7, fill=0)
    picture.paste((16, 24, 40), mask=veil)
    drawing = ImageDraw.Draw(picture)
    drawing.rounded_rectangle(box, radius=7, outline=_WHITE, width=5)
    drawing.rounded_rectangle(box, radius=7, outline=_RED, width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
