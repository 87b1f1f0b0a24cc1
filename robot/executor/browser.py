"""Opens and closes the browser of one run: fence, session state, screencast, trace.

A run owns its browser; nothing here crosses threads.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Download, Page, Playwright, Request, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from robot.errors import ApplicationError, Problem
from robot.executor.activity import watch_documents
from robot.executor.browser_finder import BrowserChoice
from robot.executor.dialogs import Dialogs
from robot.executor.fence import fence_arguments, is_blocked, is_told_by_us, watch_channels
from robot.executor.motion import hasten_animations
from robot.executor.watchdog import Watchdog, reap_orphans
from robot.profile import Profile
from robot.run.events import Event, Noted, VideoFrame
from robot.steady import SteadyTime

#: Size of the page, in CSS pixels. Everything of the dashboard's settings fits without scrolling sideways.
VIEWPORT = {"width": 1360, "height": 850}

#: Size of the screencast. Measured: at the page's own size it doubles the time of a run on two cores.
FILM = {"width": 960, "height": 600}

#: Why a run stops whose window was closed by hand, or whose browser was ended from outside.
BROWSER_GONE = "the browser is gone: it was closed, or it crashed"

#: What a call may take while driver and browser start, and while a trace is packed, in seconds.
_START_S, _PACK_S = 50.0, 110.0
#: Until a browser that is being closed is ended, in seconds.
_CLOSE_S = 8.0

#: So many different tries to connect by what is no request are noted.
_MOST_CHANNELS = 50

_RESTORE_SESSION_STORAGE = """(kept) => {
  const mine = kept[location.origin];
  if (mine && sessionStorage.length === 0) for (const [k, v] of Object.entries(mine)) sessionStorage.setItem(k, v);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserOptions:
    """How the browser is opened."""

    choice: BrowserChoice
    headed: bool = False
    #: Slows every action down, in ms.
    slow_ms: int = 0
    #: Takes the screencast.
    video: bool = True
    #: Keeps a copy of the page's document at every call in the trace. Measured: a run takes twice as long.
    full_trace: bool = False
    #: Keeps the signed-in session between runs; not kept when absent.
    session_path: Path | None = None
    #: Whether trace and screencast are made, after sign-in.
    is_recorded: bool = True
    #: What the browser's processes may take together, in bytes; 0: see `watchdog.usual_memory`.
    most_memory: int = 0


class BrowserSession:
    """The one page of a run. Use as a context manager."""

    def __init__(
        self,
        options: BrowserOptions,
        profile: Profile,
        notice: Callable[[Event], None],
        *,
        is_stopped: Callable[[], bool] = lambda: False,
        scratch: Path | None = None,
    ) -> None:
        """is_stopped: whether the run is to end; a page that does not answer then is ended, too.

        scratch: where raw traces are written; nothing is traced where there is none.
        """
        self._scratch = scratch
        self._options = options
        self._profile = profile
        self._notice = notice
        #: What the browser asks by itself.
        self.dialogs = Dialogs(lambda text: self._note("remark", text))
        self._is_tracing = False
        #: The trace up to a second sign-in, in a folder of its own.
        self._early_trace: Path | None = None
        self._is_filming = False
        self._is_lost = False
        #: Frames of the film are put in order by it.
        self._film_time = SteadyTime()
        #: Connections without requests that were tried.
        self._channels: set[str] = set()
        #: Whether the page, and only it, has crashed; another one can be opened then.
        self.has_crashed = False
        self._manager = sync_playwright()
        self._playwright: Playwright | None = None
        #: Sees to it that no call waits for ever.
        self.watchdog = Watchdog(self._manager, is_stopped=is_stopped, most_memory=options.most_memory)
        self._browser: Browser
        self._context: BrowserContext
        self.page: Page

    def __enter__(self) -> BrowserSession:
        self.watchdog.__enter__()
        try:
            with self.watchdog.allowing(_START_S):
                self._start()
        except PlaywrightError as error:
            self.close()
            why = self.watchdog.problem
            raise ApplicationError(
                Problem(
                    what=f"the browser could not be started: {why.what if why else error.message.splitlines()[0]}",
                    details=(("browser", f"{self._options.choice.source} {self._options.choice.version}"),),
                    done="nothing was done on the dashboard",
                    next="run 'offboard doctor', or name another browser with OFFBOARD_BROWSER",
                )
            ) from None
        except BaseException:
            self.close()
            raise
        self._prepare(self.page)
        self._context.on("page", self._close_stray_page)
        return self

    def _start(self) -> None:
        self._playwright = self._manager.start()
        self._browser = self._launch(self._playwright)
        self._context = self._browser.new_context(
            viewport=VIEWPORT,  # type: ignore[arg-type]
            storage_state=self._stored_state(),
            service_workers="allow",
            locale="en-US",
            # What a page writes in the zone of its reader is then read as what it is.
            timezone_id="UTC",
            # No flow needs one, and one without end fills the disk.
            accept_downloads=False,
        )
        watch_documents(self._context)
        watch_channels(self._context, self._note_channel)
        self._restore_session_storage()
        self.page = self._context.new_page()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, PlaywrightError):
            self.note_error(error)
        self.close()
        if isinstance(error, PlaywrightError):
            # Between two steps: a step tells itself what became of it.
            raise ApplicationError(self.why_gone(error)) from error

    def why_gone(self, error: PlaywrightError) -> Problem:
        """What a run says when its browser is not there any more."""
        if self.watchdog.problem is not None:
            return self.watchdog.problem
        return Problem(
            what=BROWSER_GONE,
            details=(("browser", error.message.splitlines()[0]),),
            next="run again: what took effect is not done twice",
        )

    def _prepare(self, page: Page) -> None:
        page.set_default_timeout(10_000)
        self._watch(page)
        if not self._options.headed:
            hasten_animations(page)

    def renew_page(self) -> None:
        """Opens another page in the place of one that has crashed. Raises PlaywrightError."""
        was_filmed, self._is_filming = self._is_filming, False
        crashed = self.page
        # Every page that is not the run's own is closed as it comes, so this one must not be taken for one.
        self._context.remove_listener("page", self._close_stray_page)
        self.page = self._context.new_page()
        self._context.on("page", self._close_stray_page)
        self.has_crashed = False
        crashed.close()
        self._prepare(self.page)
        if was_filmed:
            self.film()

    @property
    def is_open(self) -> bool:
        """Whether browser and page are still there: neither closed by hand, nor crashed, nor ended with us."""
        return (
            not self._is_lost
            and self.watchdog.problem is None
            and not self.has_crashed
            and self._browser.is_connected()
            and not self.page.is_closed()
        )

    def note_error(self, error: PlaywrightError) -> None:
        """Remembers an error that says that Playwright's driver is gone: it tells so to nothing but calls."""
        if "connection closed" in error.message.lower() and not self._is_lost:
            self._is_lost = True
            # A future that nobody can await any more would be told as never retrieved.
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    @property
    def description(self) -> str:
        """Name and version of the browser, for the record."""
        return f"Chromium {self._browser.version} ({self._options.choice.source})"

    def _launch(self, playwright: Playwright) -> Browser:
        choice = self._options.choice
        arguments: dict[str, Any] = {
            "headless": not self._options.headed,
            "slow_mo": self._options.slow_ms,
            "args": fence_arguments(self._profile),
            # Interrupts are ours: the run ends in order and its evidence is sealed before the browser goes.
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        }
        if self._scratch is not None:
            arguments["traces_dir"] = self._scratch / "traces"
        if choice.kind == "path":
            arguments["executable_path"] = choice.value
        elif choice.kind == "channel":
            arguments["channel"] = choice.value
        return playwright.chromium.launch(**arguments)

    # --- session ---------------------------------------------------------------------------------

    def _stored_state(self) -> Any:
        path = self._options.session_path
        if path is None or not path.is_file():
            return None
        try:
            return json.loads(path.read_text(encoding="utf-8"))["storage"]
        except (ValueError, KeyError, OSError):
            return None

    def _restore_session_storage(self) -> None:
        path = self._options.session_path
        if path is None or not path.is_file():
            return
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))["session_storage"]
        except (ValueError, KeyError, OSError):
            return
        self._context.add_init_script(f"({_RESTORE_SESSION_STORAGE})({json.dumps(kept)})")

    def save_session(self) -> None:
        """Keeps cookies, local and session storage and IndexedDB, readable by this user only."""
        path = self._options.session_path
        if path is None:
            return
        state = {
            "storage": self._context.storage_state(indexed_db=True),
            "session_storage": {
                self.page.evaluate("location.origin"): self.page.evaluate(
                    "Object.fromEntries(Object.entries(sessionStorage))"
                )
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".part")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file)
        fresh.replace(path)

    # --- recording -------------------------------------------------------------------------------

    def start_recording(self) -> None:
        """Starts trace and screencast, where wanted; called once signed in, never before."""
        if not self._options.is_recorded:
            return
        if not self._is_tracing and self._scratch is not None:
            self._context.tracing.start(screenshots=False, snapshots=self._options.full_trace, sources=False)
            self._is_tracing = True
        self.film()

    def film(self) -> None:
        """Starts the screencast, unless it runs."""
        if self._is_filming or not self._options.video:
            return
        self.page.screencast.start(on_frame=self._on_frame, quality=45, size=FILM)  # type: ignore[arg-type]
        self._is_filming = True

    def stop_filming(self) -> None:
        """Stops the screencast, so that nothing of what follows is filmed."""
        if self._is_filming:
            self._is_filming = False
            if self.is_open:
                self.page.screencast.stop()

    def pause_recording(self) -> bool:
        """Stops the screencast, and the trace for good: a sign-in is traced by nothing, and a trace has no gaps.

        Returns whether there was a screencast.
        """
        was_filmed = self._is_filming
        self.stop_filming()
        if self._is_tracing and self._early_trace is None and self._scratch is not None:
            self._is_tracing = False
            self._early_trace = self._scratch / "early-trace.zip"
            with self.watchdog.allowing(_PACK_S):
                self._context.tracing.stop(path=self._early_trace)
            self._note("remark", "the trace ends here, before the second sign-in")
        return was_filmed

    def stop_recording(self, trace_path: Path) -> bool:
        """Stops both. Returns whether a raw trace was left at `trace_path`: none is, when the browser is gone."""
        self.stop_filming()
        if self._early_trace is not None:
            shutil.move(self._early_trace, trace_path)
            return True
        if not self._is_tracing:
            return False
        self._is_tracing = False
        if not self.is_open:
            self._note("remark", "no trace was left: it went with the browser")
            return False
        with self.watchdog.allowing(_PACK_S):
            self._context.tracing.stop(path=trace_path)
        return True

    def trace_group(self, title: str) -> AbstractContextManager[object]:
        """Names what follows in the trace."""
        if not self._is_tracing:
            return nullcontext()
        return self._context.tracing.group(title)

    def _on_frame(self, frame: Any) -> None:
        self._notice(VideoFrame(image=frame["data"], at=self._film_time()))

    # --- what the page says by itself -------------------------------------------------------------

    def _watch(self, page: Page) -> None:
        page.on("dialog", self.dialogs.answer)
        page.on("crash", self._note_crash)
        page.on("download", self._note_download)
        page.on("requestfailed", self._note_failed_request)
        page.on("pageerror", lambda error: self._note("page_error", str(error.message)))
        page.on(
            "console",
            lambda message: (
                self._note("console", message.text)
                if message.type == "error" and not is_told_by_us(message.text)
                else None
            ),
        )

    def _note_crash(self, page: Page) -> None:
        self.has_crashed = page == self.page

    def _note_failed_request(self, request: Request) -> None:
        if is_blocked(request.failure or ""):
            self._note("blocked_host", request.url.split("?")[0])

    def _note_channel(self, what: str) -> None:
        # A page may try without end, and each try is a line of the evidence.
        if what not in self._channels and len(self._channels) < _MOST_CHANNELS:
            self._channels.add(what)
            self._note("blocked_host", what)

    def _note_download(self, download: Download) -> None:
        self._note("remark", f"a download was refused: {download.suggested_filename}")

    def _close_stray_page(self, page: Page) -> None:
        """Links that open a tab are not followed: the run has one page."""
        if page != self.page:
            self.dialogs.note_window(page.url)
            page.close()

    def _note(self, kind: Any, text: str) -> None:
        self._notice(Noted(kind=kind, text=text[:2000], page_url=self.page.url, at=datetime.now(UTC)))

    def close(self) -> None:
        """Ends browser and driver; never raises."""
        playwright, self._playwright = self._playwright, None
        self.watchdog.end_within(_CLOSE_S)
        try:
            if playwright is not None and hasattr(self, "_browser") and not self._is_lost:
                self._browser.close()
        except PlaywrightError:
            # The browser is gone already, which is what was wanted.
            pass
        finally:
            if playwright is not None:
                playwright.stop()
            self.watchdog.__exit__()
            reap_orphans()
