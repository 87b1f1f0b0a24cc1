"""What an element says, as its document holds it and not as CSS paints it. Looks only."""

from __future__ import annotations

from playwright.sync_api import Locator

from robot.executor.scripts import script

_TEXT_OF = f"element => {{ {script('text')} return textOf(element); }}"
#: How long reading one element that is there may take, in ms.
READ_MS = 1000


def read_text(element: Locator) -> str:
    """The visible text of one element, line breaks kept. Raises PlaywrightTimeout when it has gone."""
    return str(element.evaluate(_TEXT_OF, timeout=READ_MS))
