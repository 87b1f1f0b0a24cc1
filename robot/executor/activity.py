"""Whether what a page shows may still change by itself: requests, timers, channels of news, changes just made.

Looks only. What is asked in the page itself is `scripts/watch.js`, which begins with each document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Frame
from playwright.sync_api import Error as PlaywrightError

from robot.executor.gone import is_gone
from robot.executor.scripts import script
from robot.executor.traffic import Traffic

#: For how long nothing may have changed before a list counts as drawn, in ms.
STILL_MS = 120
#: The same, where news may come at any time, since the page began or since the last news came.
UNTOLD_MS = 4_000

#: What `watch.js` says of a part of a page; None where it does not run.
Watched = Mapping[str, Any] | None


def watch_documents(context: BrowserContext) -> None:
    """Watches every document of the context from its beginning; to be called before a page is opened."""
    context.add_init_script(script("watch"))


class Activity:
    """What one page may still do by itself."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def open_request(self, watched: Watched) -> str:
        """What the page waits for; empty where it waits for nothing."""
        asked = self._traffic.open_request()
        if asked is None and watched is not None:
            inside = [url for url in watched["asked"] if not self._traffic.is_background(url)]
            asked = _place(inside[0]) if inside else None
        return f"the page waits for the answer to {asked}" if asked else ""

    def unsettled(self, watched: Watched, *, still_ms: float = STILL_MS) -> str:
        """Why what is shown may still change, in words; empty where nothing speaks for it.

        still_ms: for how long it may not have been changed.
        """
        waits = self.open_request(watched)
        if waits:
            return waits
        if watched is None:
            return "the page has only just come"
        if watched["is_loading"]:
            return "the page's document is still loading"
        if watched["due_ms"] is not None:
            return f"the page has set itself a time, in {watched['due_ms'] / 1000:.1f} s, to go on"
        if watched["still_ms"] < still_ms:
            return f"the page changed it {watched['still_ms']:.0f} ms ago"
        channel = self._channel(watched)
        if channel and watched["untold_ms"] < UNTOLD_MS:
            return (
                f"{channel} may tell the page more: nothing came for {watched['untold_ms'] / 1000:.1f} s, "
                f"and {UNTOLD_MS / 1000:g} s are waited for"
            )
        return ""

    def documents_unsettled(self, frames: Sequence[Frame]) -> str:
        """Why any of these documents may still change, in words; empty once all have come to rest."""
        for frame in frames:
            try:
                why = self.unsettled(frame.evaluate(script("state")))
            except PlaywrightError as error:
                if not is_gone(error):
                    raise
                why = "the page is being replaced"
            if why:
                return why
        return ""

    def _channel(self, watched: Mapping[str, Any]) -> str:
        """A channel by which the page may be told more, as host and path; empty where there is none."""
        channels = [_place(url) for url in watched["channels"] if not self._traffic.is_background(url)]
        told = self._traffic.channel()
        return channels[0] if channels else told or ""


def _place(url: str) -> str:
    """Host and path; what comes after may hold anything."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"
