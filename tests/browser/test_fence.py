"""The browser reaches the hosts of the profile and nothing else, port by port."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Error as PlaywrightError

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Event, Noted
from tests.browser.small_run import Served, profile_of, serving
from tests.in_thread import call_in_thread

WORKER = """self.addEventListener('message', async event => {
  try { await fetch(event.data, {mode: 'no-cors'}); event.source.postMessage('reached'); }
  catch (error) { event.source.postMessage('stopped'); }
});"""

#: Each returns 'reached' or 'stopped' for the address it is given.
WAYS = {
    "fetch": "async url => fetch(url, {mode: 'no-cors'}).then(() => 'reached', () => 'stopped')",
    "frame": """async url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame);
        await new Promise(done => frame.onload = done);
        try { frame.contentWindow.document.title; return 'stopped' } catch { return 'looks' } }""",
    "web socket": """url => new Promise(done => { const socket = new WebSocket(url.replace('http', 'ws'));
        const started = performance.now(); socket.onopen = () => done('reached');
        socket.onerror = () => done('stopped') })""",
    "service worker": """async url => { await navigator.serviceWorker.register('/worker.js');
        const ready = await navigator.serviceWorker.ready;
        return new Promise(done => { navigator.serviceWorker.onmessage = event => done(event.data); ready.active.postMessage(url) }) }""",
}


def in_fenced_browser(
    choice: BrowserChoice, served: Served, script: str, address: str
) -> tuple[str, list[Event]]:
    events: list[Event] = []

    def work() -> str:
        with BrowserSession(BrowserOptions(choice=choice), profile_of(served), events.append) as session:
            session.page.goto(served.address)
            return str(session.page.evaluate(script, address))

    return call_in_thread(work), events


@pytest.fixture(params=["headless", "headed"])
def either_choice(request: pytest.FixtureRequest) -> BrowserChoice:
    """The browser that is taken for headless runs, and the one for headed ones: two programs on most machines."""
    choice: BrowserChoice = request.getfixturevalue(
        "browser_choice" if request.param == "headless" else "headed_choice"
    )
    return choice


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "oracle.localhost", "app.localhost"])
def test_another_port_of_this_machine_is_out_of_reach(
    browser_choice: BrowserChoice, way: str, host: str
) -> None:
    assert_out_of_reach(browser_choice, way, host)


@pytest.mark.parametrize("way", [pytest.param(way, marks=pytest.mark.matrix) for way in WAYS])
def test_nor_is_it_in_reach_of_the_one_for_headed_runs(headed_choice: BrowserChoice, way: str) -> None:
    assert_out_of_reach(headed_choice, way, "127.0.0.1")


def assert_out_of_reach(choice: BrowserChoice, way: str, host: str) -> None:
    with (
        serving({"/": "<title>app</title>", "/worker.js": WORKER}) as served,
        serving({"/": "secret"}) as oracle,
    ):
        result, events = in_fenced_browser(choice, served, WAYS[way], f"http://{host}:{oracle.port}/")
    if way == "frame":
        # A frame that could not load shows the browser's own error page, which nobody may look into either.
        assert any(isinstance(event, Noted) and event.kind == "blocked_host" for event in events)
    else:
        assert result == "stopped"
    assert oracle.posts == oracle.gets == []


def test_the_way_in_is_open(either_choice: BrowserChoice) -> None:
    with serving({"/": "<title>app</title>", "/worker.js": WORKER}) as served:
        for way in ("fetch", "service worker"):
            result, _ = in_fenced_browser(either_choice, served, WAYS[way], served.address)
            assert result == "reached", way


def test_going_there_fails_and_the_host_is_noted(
    either_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy in the environment would void the rules; the browser is told to use none.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert os.environ["http_proxy"]
    events: list[Event] = []
    with serving({"/": "<title>app</title>"}) as served, serving({"/": "secret"}) as oracle:

        def work() -> None:
            with BrowserSession(
                BrowserOptions(choice=either_choice), profile_of(served), events.append
            ) as session:
                session.page.goto(served.address)
                with pytest.raises(PlaywrightError, match="ERR_NAME_NOT_RESOLVED"):
                    session.page.goto(f"http://127.0.0.1:{oracle.port}/")

        call_in_thread(work)
    assert oracle.gets == []
    blocked = [event for event in events if isinstance(event, Noted) and event.kind == "blocked_host"]
    assert [event.text for event in blocked] == [f"http://127.0.0.1:{oracle.port}/"]
