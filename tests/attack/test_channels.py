"""No way out of the browser leads past the hosts of the profile: each is tried, with the fence and without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from time import monotonic

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.profile import Profile
from robot.run.events import Event, Noted
from tests.attack.channels import WAYS, Ear, ear, serving_ways
from tests.browser.small_run import Served, profile_of
from tests.in_thread import call_in_thread


@pytest.fixture(params=["headless", pytest.param("headed", marks=pytest.mark.matrix)])
def choice(request: pytest.FixtureRequest) -> BrowserChoice:
    """The browser for headless runs, and the one for headed ones: two programs, with switches of their own."""
    found: BrowserChoice = request.getfixturevalue(
        "browser_choice" if request.param == "headless" else "headed_choice"
    )
    return found


@pytest.fixture
def ears() -> Iterator[dict[str, Ear]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(ear()) for name in WAYS}


def go_all(page: Page, address: str, ears: dict[str, Ear], *, most_ms: float) -> None:
    """Opens each way until it was heard, for so long at most, and leaves it."""
    for number, (name, one) in enumerate(ears.items()):
        # Some ways lead away from their own page at once, which ends the navigation.
        with suppress(PlaywrightError):
            page.goto(f"{address}/{number}", wait_until="commit")
        assert not page.is_closed(), name
        until = monotonic() + most_ms / 1000
        while not one.heard and monotonic() < until:
            page.wait_for_timeout(50)


def test_nothing_leaves_the_fence(choice: BrowserChoice, ears: dict[str, Ear]) -> None:
    events: list[Event] = []

    def work(address: str, profile: Profile) -> None:
        with BrowserSession(BrowserOptions(choice=choice), profile, events.append) as session:
            go_all(session.page, address, ears, most_ms=500)
            session.page.wait_for_timeout(1_500)

    with serving_ways({name: one.port for name, one in ears.items()}) as address:
        profile = profile_of(Served(address=address, port=int(address.rsplit(":", 1)[1]), posts=[], gets=[]))
        call_in_thread(lambda: work(address, profile))
    assert {name: one.heard for name, one in ears.items() if one.heard} == {}
    noted = {event.text for event in events if isinstance(event, Noted) and event.kind == "blocked_host"}
    tried = {
        f"WebRTC stun:127.0.0.1:{ears['WebRTC to a STUN server'].port}",
        f"WebRTC stun:127.0.0.1:{ears['WebRTC of a frame'].port}",
        f"WebRTC stun:127.0.0.1:{ears['WebRTC of a frame with a document of its own'].port}",
        f"WebTransport https://127.0.0.1:{ears['WebTransport'].port}/",
        f"http://127.0.0.1:{ears['a beacon'].port}/",
    }
    assert tried - noted == set()


@pytest.mark.matrix
def test_each_way_is_one(choice: BrowserChoice, ears: dict[str, Ear]) -> None:
    """The check of the check: without the fence they are taken."""

    def work(address: str) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=choice.value or None)
            go_all(browser.new_page(), address, ears, most_ms=4_000)
            browser.close()

    with serving_ways({name: one.port for name, one in ears.items()}) as address:
        call_in_thread(lambda: work(address))
    unheard = [name for name, way in WAYS.items() if way.is_heard_unfenced and not ears[name].heard]
    assert unheard == []
