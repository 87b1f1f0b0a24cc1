"""One practice dashboard for a test module, spoken to over HTTP, and a browser for the few tests that need it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from robot.executor.browser_finder import BrowserChoice

EMAIL = "operator@woot.example"
PASSWORD = "practice-makes-perfect"
SECRET = "JBSWY3DPEHPK3PXP"
DEMO = "hK3vQ9mTz7LpX2cRb8Nd"
AGENCY = "wR5tYp2QeL8sKd4VnJ6x"

T = TypeVar("T")


def code_at(moment: float) -> str:
    """The six digits an authenticator app shows at `moment`, in seconds."""
    digest = hmac.new(base64.b32decode(SECRET), struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@dataclass(kw_only=True)
class Dashboard:
    """A running practice dashboard."""

    url: str
    oracle: str
    http: httpx.Client = field(default_factory=httpx.Client)
    token: str = ""

    @property
    def port(self) -> int:
        return httpx.URL(self.url).port or 0

    def send(
        self, path: str, body: Any = None, *, host: str = "app", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST to one of the three hosts; names are not looked up."""
        return self.http.post(
            f"http://127.0.0.1:{self.port}{path}",
            json=body or {},
            headers={"host": f"{host}.localhost:{self.port}", **(headers or {})},
        )

    def call(self, path: str, body: Any = None) -> httpx.Response:
        """Call a page API as the signed-in operator."""
        if not self.token:
            self.sign_in()
        headers = {"authorization": f"Bearer {self.token}", "x-page": "/somewhere"}
        return self.send(f"/api{path}", body, headers=headers)

    def sign_in(self) -> dict[str, Any]:
        """Sign in with password and code; returns the session."""
        first = self.send("/api/session/login", {"email": EMAIL, "password": PASSWORD}).json()
        session: dict[str, Any] = self.send(
            "/api/session/verify", {"challenge": first["challenge"], "code": code_at(time.time())}
        ).json()
        self.token = session["accessToken"]
        return session

    def ask(self, path: str) -> Any:
        """Read from the oracle."""
        return self.http.get(f"{self.oracle}{path}").json()

    def tell(self, path: str, body: Any = None) -> Any:
        """Tell the oracle something."""
        answer = self.http.post(f"{self.oracle}{path}", json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def entities(self, kind: str, location_id: str | None = None) -> list[dict[str, Any]]:
        """Entities of a kind, from the oracle."""
        return [
            row
            for row in self.ask("/state")["entity"]
            if row["kind"] == kind and location_id in (None, row["location_id"])
        ]


@pytest.fixture(scope="module")
def server() -> Iterator[Dashboard]:
    """The module's dashboard process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "robot.practice", "--json", "--with-parent", str(os.getpid())],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    addresses = json.loads(process.stdout.readline())
    running = Dashboard(url=addresses["dashboard"], oracle=addresses["oracle"])
    yield running
    running.http.close()
    process.terminate()
    assert process.wait(timeout=10) == 0
    process.stdout.close()


@pytest.fixture
def dashboard(server: Dashboard) -> Dashboard:
    """The module's dashboard, as it was at the start."""
    server.tell("/reset")
    return server


def sign_in(page: Page, dashboard: Dashboard, path: str) -> None:
    """Sign in on the page, on the way to `path`."""
    page.goto(dashboard.url + path)
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send Security Code").click()
    page.locator('input[maxlength="1"]').first.click()
    page.keyboard.type(code_at(time.time()))
    page.locator("#sidebar-v2").wait_for()


class BrowserThread:
    """A browser in a thread of its own, so that no other test's Playwright is in its way."""

    def __init__(self, choice: BrowserChoice) -> None:
        self._choice = choice
        self._state: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._thread.submit(self._open).result()

    def _open(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self._choice.value if self._choice.kind == "path" else None,
            channel=self._choice.value if self._choice.kind == "channel" else None,
        )

    def run(self, act: Callable[[Page], T], *, signed_in: Dashboard | None = None) -> T:
        """Do `act` with a fresh page, and return what it returns.

        signed_in: the dashboard in which the page is signed in already; all such pages share a session.
        """

        def work() -> T:
            if signed_in is not None and self._state is None:
                with self._context(None) as context:
                    sign_in(context.new_page(), signed_in, "/")
                    self._state = context.storage_state(indexed_db=True)
            with self._context(self._state if signed_in else None) as context:
                return act(context.new_page())

        return self._thread.submit(work).result()

    def forget_session(self) -> None:
        """Sign in anew for the next page: the session has ended."""
        self._state = None

    def _context(self, state: Any) -> BrowserContext:
        context = self._browser.new_context(viewport={"width": 1360, "height": 850}, storage_state=state)
        context.set_default_timeout(10_000)
        return context

    def close(self) -> None:
        def work() -> None:
            self._browser.close()
            self._playwright.stop()

        self._thread.submit(work).result()
        self._thread.shutdown()


@pytest.fixture(scope="module")
def browser_thread(browser_choice: BrowserChoice) -> Iterator[BrowserThread]:
    """A browser for the module."""
    browser = BrowserThread(browser_choice)
    yield browser
    browser.close()
