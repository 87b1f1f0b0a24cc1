"""Knows whether the page is waiting for an answer of the dashboard. Listens only."""

from __future__ import annotations

from time import monotonic

from playwright.sync_api import Page, Request

#: Kinds of requests whose answers change what a page shows.
_KINDS = frozenset({"document", "fetch", "script", "xhr"})
#: A request that goes on for longer is a stream, or one whose end was never told, in s.
_LONGEST_S = 10.0


class Traffic:
    """The requests of one page and its frames that have no answer yet."""

    def __init__(self, page: Page) -> None:
        self._open: dict[Request, float] = {}
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def is_quiet(self) -> bool:
        """Whether nothing is being waited for, as of the last call to the browser."""
        now = monotonic()
        return not any(now - since < _LONGEST_S for since in self._open.values())

    def _begin(self, request: Request) -> None:
        if request.resource_type in _KINDS:
            self._open[request] = monotonic()

    def _end(self, request: Request) -> None:
        self._open.pop(request, None)
