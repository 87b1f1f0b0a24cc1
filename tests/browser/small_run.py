"""Runs a small flow with small selectors on a small page, in a real browser, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from textwrap import dedent
from time import sleep
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from robot.errors import GateError, InDoubtError, Problem
from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.executor.executor import Executor
from robot.executor.timeouts import Timeouts
from robot.flow.loader import FlowLibrary, parse_flow
from robot.flow.model import Flow
from robot.profile import Profile
from robot.run.events import Event, Noted
from robot.run.model import Intent, Status, TaskResult
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore
from tests.in_thread import call_in_thread

#: Short, since nothing here is slow: a look that fails must not take the suite's time.
SHORT = Timeouts(
    require=1500,
    target=1500,
    expect=1500,
    goal=2500,
    ambiguous=300,
    drift=100,
    look_again=400,
    unheard=600,
    drawn=1500,
)


@dataclass
class RecordingGate:
    """A real gate that keeps what it was asked in memory, and refuses when told to."""

    refuses: bool = False
    #: Objects that nobody has planned.
    unplanned: tuple[str, ...] = ()
    armed: list[Intent] = field(default_factory=list)
    settled: list[tuple[str, Status]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    #: Tasks that an earlier run has pressed something for which may still take effect.
    awaited: set[str] = field(default_factory=set)
    #: Objects that an earlier run has pressed, and until when that may still take effect.
    in_doubt: dict[str, datetime] = field(default_factory=dict)
    #: What happens while an intent is written down.
    meanwhile: Callable[[], None] = lambda: None
    #: Who is asked before the last looks; returns whether it is let be done.
    person: Callable[[Intent], bool] = lambda intent: True

    def ask(self, intent: Intent) -> None:
        if not self.person(intent):
            raise GateError(Problem(what="they said no", done="nothing was pressed"))

    def arm(self, intent: Intent, *, settle_after_ms: int | None) -> None:
        if self.refuses:
            raise GateError(Problem(what="the gate is closed", done="nothing was pressed"))
        until = self.in_doubt.get(intent.object)
        if until is not None and datetime.now(UTC) < until:
            raise InDoubtError(
                Problem(what=f"{intent.object} is in doubt", done="nothing was pressed"), until=until
            )
        self.armed.append(intent)
        self.meanwhile()

    def objection(self, task: str, object_key: str) -> Problem | None:
        return Problem(what=f"{object_key} is not planned") if object_key in self.unplanned else None

    def settle(self, intent: Intent, status: Status) -> None:
        self.settled.append((intent.object, status))

    def confirm(self, *, task: str, location_id: str) -> None:
        self.confirmed.append(task)

    def is_awaited(self, *, task: str, location_id: str) -> bool:
        return task in self.awaited


@dataclass
class Served:
    """A page that is being served, and what was asked of it."""

    address: str
    port: int
    posts: list[str] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)


@contextmanager
def serving(
    pages: dict[str, str],
    broken: tuple[str, ...] = (),
    slow: dict[str, float] | None = None,
    refused: dict[str, int] | None = None,
    endless: str = "",
) -> Iterator[Served]:
    """Serves pages by path on a free loopback port; POSTs are answered with 204 and remembered by path.

    broken: paths that are answered with 503. slow: paths that are answered after so many s.
    refused: paths that are answered with this status. endless: a path whose answer has no end.
    """
    posts: list[str] = []
    gets: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            gets.append(self.path)
            sleep((slow or {}).get(self.path.split("?")[0], 0))
            if endless and self.path == endless:
                self._answer_without_end()
                return
            text = pages.get(self.path.split("?")[0])
            body = (text or "").encode()
            known = 503 if self.path in broken else 200 if text is not None else 404
            self.send_response((refused or {}).get(self.path, known))
            self.send_header("content-type", "text/javascript" if self.path.endswith(".js") else "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer_without_end(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/octet-stream")
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65_536)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            posts.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_DELETE = do_PUT = do_PATCH = do_POST  # noqa: N815 - the names that the server looks for

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(
            address=f"http://app.localhost:{server.server_port}",
            port=server.server_port,
            posts=posts,
            gets=gets,
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def profile_of(served: Served, background: tuple[str, ...] = (), time_zone: str = "UTC") -> Profile:
    """A profile that knows only the served page."""
    return Profile(
        name="small",
        title="Small pages",
        dashboard=served.address,
        navigate=(f"app.localhost:{served.port}",),
        load=(),
        frames=(f"frames.localhost:{served.port}",),
        words={},
        policies={},
        background=background,
        time_zone=time_zone,
    )


@dataclass
class SmallRun:
    """What a run left."""

    result: TaskResult
    events: list[Event]
    gate: RecordingGate
    posts: list[str]
    #: What the last look at the page gave: `document.body.innerText`.
    text: str

    def of_noted(self, kind: str) -> list[Noted]:
        return [event for event in self.events if isinstance(event, Noted) and event.kind == kind]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def run_small(
    choice: BrowserChoice,
    *,
    page: str,
    selectors: str,
    steps: str,
    before: str = "",
    pages: dict[str, str] | None = None,
    inputs: dict[str, Any] | None = None,
    gate: RecordingGate | None = None,
    view: str = "agency",
    head: str = "",
    is_stopped: Callable[[], bool] = lambda: False,
    is_dry: bool = False,
    broken: tuple[str, ...] = (),
    slow: dict[str, float] | None = None,
    refused: dict[str, int] | None = None,
    background: tuple[str, ...] = (),
    timeouts: Timeouts | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_zone: str = "UTC",
    most_memory: int = 0,
    endless: str = "",
) -> SmallRun:
    """page: HTML of `/`. selectors: the `targets:` of one file `p.yaml`. steps: the `steps:` of one flow.

    before: the steps of a task that is run first; what is returned is the second one's result, and events of both.
    endless: a path whose answer has no end. most_memory: of the browser, in bytes.
    broken: paths that are answered with 503. background: what tells nothing about lists, by the profile.
    """
    store = SelectorStore(parse_page(page_file(selectors), "p.yaml"))
    flow = parse_flow(flow_file(steps, view, head), "small.yaml")
    assert isinstance(flow, Flow)
    gate = gate or RecordingGate()
    events: list[Event] = []
    with serving({"/": page, **(pages or {})}, broken, slow, refused, endless) as served:
        profile = profile_of(served, background, time_zone)

        def work() -> tuple[TaskResult, str]:
            options = BrowserOptions(choice=choice, most_memory=most_memory)
            with BrowserSession(options, profile, events.append, is_stopped=is_stopped) as session:
                executor = Executor(
                    session=session,
                    store=store,
                    library=FlowLibrary(flows={"small": flow}),
                    profile=profile,
                    gate=gate,
                    notice=events.append,
                    run_id="small",
                    timeouts=timeouts or SHORT,
                    is_stopped=is_stopped,
                    is_dry=is_dry,
                    now=now,
                )
                if before:
                    first = parse_flow(flow_file(before, view, head), "small.yaml")
                    assert isinstance(first, Flow)
                    executor.run_task("before", first, inputs or {})
                result = executor.run_task("small", flow, inputs or {})
                with suppress(PlaywrightError):
                    return result, session.page.inner_text("body", timeout=2_000)
                return result, ""

        result, text = call_in_thread(work)
    return SmallRun(result=result, events=events, gate=gate, posts=served.posts, text=text)


def page_file(selectors: str) -> str:
    body = "\n".join(f"  {line}" for line in dedent(selectors).strip().splitlines())
    return f"source: inferred\ndate: '2026-11'\ntargets:\n{body}\n"


def flow_file(steps: str, view: str, head: str) -> str:
    body = "\n".join(f"  {line}" for line in dedent(steps).strip().splitlines())
    return f"flow: small\ntitle: A small flow\nview: {view}\n{dedent(head)}\nsteps:\n{body}\n"
