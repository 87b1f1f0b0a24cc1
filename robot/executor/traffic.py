"""Knows what the page has asked the dashboard for and was not given, and whether it has answered to what was typed.

Listens only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Page, Request, Response

from robot.executor.fence import is_blocked

#: Kinds of requests whose answers change what a page shows.
_KINDS = frozenset({"document", "fetch", "script", "xhr"})
#: Of these, the kinds that a search sends.
_ASKING = frozenset({"fetch", "xhr"})
#: An answer that goes on for longer is a stream, and a request like one that was answered before and stays open for
#: longer waits for news, in s.
_LONGEST_S = 10.0
#: A page that has asked for nothing this long after something was typed finds by itself, in s. Pages wait until the
#: typing is over, most often for 0.3 to 0.5 s.
_ASKS_WITHIN_S = 2.0
#: What a page asked for this long before it went to another one was for itself, in s. Some ask first for what the
#: next one needs.
_ASKS_AHEAD_S = 1.0
#: A page that the run goes to by a press is asked for within this time, in s.
_GOES_WITHIN_S = 5.0
#: Methods that change something, and words in a path that say so.
_CHANGING = frozenset({"PUT", "PATCH", "DELETE"})
_CHANGING_WORDS = re.compile(
    r"(?<![a-z])(delete|remove|release|cancel|disable|deactivate|terminate|purge|revoke)(?![a-z])",
    re.IGNORECASE,
)
#: The last part of a path to which something is only asked.
_ASKING_WORDS = re.compile(r"/(search|list|query|filter|find|lookup|count)/?$", re.IGNORECASE)
_MOST_KEPT = 200
_SERVER_ERROR, _CLIENT_ERROR = 500, 400
#: Answers by which the dashboard does not let somebody see, or not now.
_NOT_LET_IN = frozenset({401, 403, 407, 408, 425, 429})
#: Kinds of answers that tell news for as long as they are open.
_STREAMS = frozenset({"text/event-stream", "application/x-ndjson", "application/stream+json"})


class Traffic:
    """The requests of one page and its frames, and what was typed into its search boxes."""

    def __init__(self, page: Page, *, is_background: Callable[[str], bool] = lambda _: False) -> None:
        """is_background: whether what is asked for at this address tells nothing about lists."""
        self._page = page
        self.is_background = is_background
        #: What is open, by when it was begun.
        self._open: dict[Request, float] = {}
        #: When the answer to what is open has begun, and whether it is a stream of news.
        self._answering: dict[Request, tuple[float, bool]] = {}
        #: What was answered before, by method and place.
        self._answered: set[tuple[str, str]] = set()
        self._asked_at = 0.0
        self._typed_at: dict[str, float] = {}
        page.on("request", self._begin)
        self._is_loading = False
        #: When the page was last loaded anew by itself, or by something that was pressed.
        self._replaced_at = 0.0
        #: What was asked for and lost, and has not been asked for again with success: where a page shows nothing
        #: then, it may be that it knows nothing.
        self._lost: dict[tuple[str, str], _Lost] = {}
        #: When the page was last gone to, within its document or not.
        self._gone_to_at = 0.0
        #: When an answer was last lost, or was an error of the machines behind the product.
        self._failed_at = 0.0
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._fail)
        page.on("response", self._judge)
        page.on("framenavigated", self._leave)
        page.on("framedetached", self._drop)
        #: When the run last touched the page, and whether by a button of a dialog.
        self._acted_at, self._is_confirming = 0.0, False
        #: What was sent that changes something: when, by which method, and where to.
        self._changing: list[tuple[float, str, str]] = []
        #: When the page last asked for anything that changes what it shows.
        self._begun_at = 0.0

    def is_quiet(self) -> bool:
        """Whether nothing is being waited for, as of the last call to the browser."""
        return self.open_request() is None

    def open_request(self) -> str | None:
        """What the page has asked for and waits for, if anything, as a method, a host and a path.

        What tells news for as long as the page is there is no such thing.
        """
        return next(
            (
                f"{request.method} {_place(request.url)}"
                for request, since in self._open.items()
                if not self.is_background(request.url) and not self._is_channel(request, since)
            ),
            None,
        )

    def channel(self) -> str | None:
        """An open request by which the dashboard tells the page news, if there is one."""
        return next(
            (
                _place(request.url)
                for request, since in self._open.items()
                if not self.is_background(request.url) and self._is_channel(request, since)
            ),
            None,
        )

    def _is_channel(self, request: Request, since: float) -> bool:
        answering_since, is_stream = self._answering.get(request, (None, False))
        if answering_since is not None:
            return is_stream or monotonic() - answering_since > _LONGEST_S
        was_answered = (request.method, _place(request.url)) in self._answered
        return was_answered and monotonic() - since > _LONGEST_S

    def has_failed_since(self, moment: float) -> bool:
        """Whether the dashboard's machines failed to answer since `moment`, in the clock of `time.monotonic`."""
        return self._failed_at > moment

    def lost_answer(self) -> str | None:
        """What the page asked for and was not given since it was gone to: it may show less than there is.

        As a method, a host and a path. What was asked for again, and then came, is not lost.
        """
        return self._lost_where(is_refused=False)

    def refused_answer(self) -> str | None:
        """The same, for what the dashboard said not to have or not to understand: it may be of no importance."""
        return self._lost_where(is_refused=True)

    def _lost_where(self, *, is_refused: bool) -> str | None:
        return next(
            (
                f"{method} {_place(url)}"
                for (method, url), one in self._lost.items()
                if one.is_refused is is_refused
            ),
            None,
        )

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While entered, the page is loaded by the run itself."""
        self._is_loading = True
        try:
            yield
        finally:
            self._is_loading = False

    def was_replaced_since(self, moment: float) -> bool:
        """Whether the page's document was replaced since `moment`, and not by the run itself."""
        return self._replaced_at > moment

    def note_act(self, *, is_confirming: bool = False) -> None:
        """To be told right before the run touches the page. is_confirming: by a button of a dialog."""
        self._acted_at = monotonic()
        self._is_confirming = is_confirming

    def changes_since(self, moment: float) -> list[str]:
        """What was sent since `moment` that changes something, each as a method, a host and a path."""
        return [f"{method} {place}" for at, method, place in self._changing if at >= moment]

    def note_typing(self, target: str) -> None:
        """To be told right before something is typed into `target`."""
        self._typed_at[target] = monotonic()

    def has_answered(self, target: str) -> bool:
        """Whether a list may show what was last typed into its search box `target`.

        So it is once the page has asked for something since, and was answered; or has asked for nothing for long.
        """
        typed_at = self._typed_at.get(target)
        if typed_at is None:
            return True
        is_answered = self._asked_at > typed_at and self.is_quiet()
        if is_answered or monotonic() - typed_at > _ASKS_WITHIN_S:
            del self._typed_at[target]
            return True
        return False

    def has_asked_since(self, moment: float) -> bool:
        """Whether the page has asked for anything since `moment`, in the clock of `time.monotonic`."""
        return self._begun_at > moment

    def _begin(self, request: Request) -> None:
        if request.resource_type in _KINDS:
            self._open[request] = self._begun_at = monotonic()
        if request.resource_type in _ASKING:
            self._asked_at = monotonic()
        is_new_page = request.is_navigation_request() and request.frame == self._page.main_frame
        if is_new_page:
            self._lost.clear()
            if not self._is_loading and not self._is_own(request):
                self._replaced_at = monotonic()
        if self._changes(request, is_form=is_new_page):
            self._changing.append((monotonic(), request.method, _place(request.url)))
            del self._changing[:-_MOST_KEPT]

    def _is_own(self, request: Request) -> bool:
        """Whether the run itself has gone to another page, by what it did just now.

        A page that loads itself anew does so at the same address.
        """
        is_same = request.method == "GET" and _plain(request.url) == _plain(self._page.url)
        return monotonic() - self._acted_at < _GOES_WITHIN_S and not is_same

    def _changes(self, request: Request, *, is_form: bool) -> bool:
        """Whether a request changes something, by how it is made. Many a POST only asks."""
        if self.is_background(request.url) or request.redirected_from is not None:
            return False
        if request.method in _CHANGING or (is_form and request.method == "POST"):
            return True
        is_confirmed = self._is_confirming and monotonic() - self._acted_at < _GOES_WITHIN_S
        path = urlsplit(request.url).path
        is_confirmed = is_confirmed and _ASKING_WORDS.search(path) is None
        return request.method == "POST" and (is_confirmed or _CHANGING_WORDS.search(path) is not None)

    def _fail(self, request: Request) -> None:
        # What the page itself gave up, or the fence stopped, is no failure of the dashboard.
        failure = request.failure or ""
        if request.resource_type in _KINDS and "ERR_ABORTED" not in failure and not is_blocked(failure):
            self._lose(request)
        self._end(request)

    def _judge(self, response: Response) -> None:
        request, status = response.request, response.status
        if request in self._open:
            kind = (response.headers.get("content-type") or "").partition(";")[0].strip().lower()
            self._answering[request] = (monotonic(), kind in _STREAMS)
        if status >= _SERVER_ERROR and request.resource_type in _KINDS:
            self._lose(request)
        elif status in _NOT_LET_IN and request.resource_type in _ASKING:
            self._miss(request, is_refused=False)
        elif status >= _CLIENT_ERROR and request.resource_type in _ASKING:
            self._miss(request, is_refused=True)
        else:
            self._lost.pop(_asked_for(request), None)

    def _lose(self, request: Request) -> None:
        self._failed_at = monotonic()
        self._miss(request, is_refused=False)

    def _miss(self, request: Request, *, is_refused: bool) -> None:
        if not self.is_background(request.url):
            begun_at = self._open.get(request, monotonic())
            self._lost[_asked_for(request)] = _Lost(
                begun_at=begun_at, frame=request.frame, is_refused=is_refused
            )

    def _leave(self, frame: Frame) -> None:
        """A page was gone to, within its document too: what another one lacked is not missed on this one."""
        if frame != self._page.main_frame:
            self._forget(frame)
            return
        # What was asked for on the page before the last one is not asked for ahead, however short the stay was.
        since = max(self._gone_to_at, monotonic() - _ASKS_AHEAD_S)
        self._lost = {key: one for key, one in self._lost.items() if one.begun_at > since}
        self._gone_to_at = monotonic()

    def _drop(self, frame: Frame) -> None:
        self._forget(frame)
        self._open = {request: since for request, since in self._open.items() if request.frame != frame}

    def _forget(self, frame: Frame) -> None:
        self._lost = {key: one for key, one in self._lost.items() if one.frame != frame}

    def _end(self, request: Request) -> None:
        self._open.pop(request, None)
        if self._answering.pop(request, None) is not None:
            self._answered.add((request.method, _place(request.url)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lost:
    """A request that was not answered."""

    begun_at: float
    frame: Frame
    #: The dashboard answered, and did not give it.
    is_refused: bool


def _asked_for(request: Request) -> tuple[str, str]:
    return request.method, request.url


def _plain(url: str) -> str:
    """Without its fragment, which stays within a document."""
    return url.partition("#")[0]


def _place(url: str) -> str:
    """Host and path; what comes after may hold anything."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"
