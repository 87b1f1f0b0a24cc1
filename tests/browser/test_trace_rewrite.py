"""A real trace of a page full of secrets comes out without them, and still opens."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from robot.run.events import TraceSaved
from robot.run.evidence import EvidenceRecorder
from robot.run.manifest import verify_bundle
from robot.run.redact import Redactor
from tests import sample_run

PASSWORD = "corréct hörse/battery+staple"
TYPED = "never told to the redactor"
CODE = "849302"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
COOKIE = "cookie-value-81aa"
API_ANSWER = "only the API says this"
API_QUESTION = "only the request says this"
IMAGE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

PAGE = """<!doctype html><title>Sign in</title><link rel="stylesheet" href="/style.css"><img src="/dot.png">
<form><input id="email"><input id="password" type="password"><input id="typed" type="password">
<input class="box" maxlength="1"><input class="box" maxlength="1"><input id="otp-code"></form>
<button onclick="send()">Send</button><p id="said"></p>
<script>async function send() {
  const value = document.getElementById('password').value
  const headers = {Authorization: 'Bearer ' + btoa('x' + escape(value))}
  const answer = await fetch('/api?token=abc123', {method: 'POST', headers, body: JSON.stringify({
    password: value, question: ['only the request', 'says this'].join(' ')})})
  const data = await answer.json()
  console.log('token', data.token, encodeURIComponent(value))
  document.cookie = 'session=' + encodeURIComponent(value)
  document.getElementById('said').textContent = 'sent ' + value + ' ' + data.token
}</script>"""


class _Pages(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        kinds = {"/style.css": "text/css", "/dot.png": "image/png"}
        body = {"/style.css": b"body { background: rgb(1, 2, 3) }", "/dot.png": IMAGE}.get(
            self.path, PAGE.encode()
        )
        self._send(kinds.get(self.path, "text/html; charset=utf-8"), body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send("application/json", json.dumps({"token": JWT, "note": API_ANSWER}).encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", f"server={COOKIE}")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def raw_trace(own_browser: Browser, site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace of everything that must not be kept."""
    path = tmp_path_factory.mktemp("raw") / "trace.zip"
    context = own_browser.new_context(extra_http_headers={"X-Key": quote(PASSWORD)})
    context.add_cookies([{"name": "kept", "value": COOKIE, "url": site}])
    context.tracing.start(screenshots=True, snapshots=True, sources=True)
    page = context.new_page()
    page.goto(site)
    page.fill("#email", "operator@woot.example")
    page.fill("#password", PASSWORD)
    page.locator("#typed").press_sequentially(TYPED)
    page.locator(".box").nth(0).fill("8")
    page.fill("#otp-code", CODE)
    page.focus("#otp-code")
    page.keyboard.type(CODE)
    page.get_by_role("button").click()
    page.get_by_text("sent").wait_for()
    page.evaluate(
        "value => value", {"secret": PASSWORD, "base64": base64.b64encode(PASSWORD.encode()).decode()}
    )
    page.screenshot()
    context.tracing.stop(path=path)
    context.close()
    return path


@pytest.fixture(scope="module")
def bundle(raw_trace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence that took the trace over."""
    copy = tmp_path_factory.mktemp("copy") / "trace.zip"
    copy.write_bytes(raw_trace.read_bytes())
    with EvidenceRecorder(
        tmp_path_factory.mktemp("recordings"), "traced", Redactor([PASSWORD, CODE])
    ) as recorder:
        recorder.notice(TraceSaved(path=copy, at=sample_run.START))
    assert not copy.exists()
    return recorder.folder


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forms(secret: str) -> set[bytes]:
    """The secret as a file may spell it; of base64 what does not depend on what stands around it."""
    octets = secret.encode()
    found = {
        octets,
        quote(secret).encode(),
        quote(secret, safe="").encode(),
        json.dumps(secret)[1:-1].encode(),
    }
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + octets)
        found.add(encoded[-(-8 * shift // 6) : 8 * (shift + len(octets)) // 6])
    return found


PLANTED = [PASSWORD, TYPED, CODE, JWT, COOKIE, API_ANSWER, API_QUESTION]


def found_in(files: dict[str, bytes]) -> set[str]:
    return {
        text for text in PLANTED for form in forms(text) if any(form in content for content in files.values())
    }


def test_the_raw_trace_holds_all_of_it(raw_trace: Path) -> None:
    assert found_in(unpacked(raw_trace)) == set(PLANTED)


def test_no_file_of_the_bundle_holds_any_of_it(bundle: Path) -> None:
    files = {path.name: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    assert "trace.zip" in files
    assert found_in(files | unpacked(bundle / "trace.zip")) == set()
    assert verify_bundle(bundle).is_intact


def test_no_header_cookie_or_stack_is_left(bundle: Path) -> None:
    files = unpacked(bundle / "trace.zip")
    assert not [name for name in files if name.endswith(".stacks")]
    assert str(Path(__file__)).encode() not in b"".join(files.values())
    for line in files["trace.network"].splitlines():
        snapshot = json.loads(line)["snapshot"]
        for side in (snapshot["request"], snapshot["response"]):
            assert side["headers"] == [] and side["cookies"] == []
        assert "postData" not in snapshot["request"]


def test_what_draws_the_page_is_kept(bundle: Path) -> None:
    files = unpacked(bundle / "trace.zip")
    kept = {name.rpartition(".")[2] for name in files if name.startswith("resources/")}
    assert {"css", "png", "html"} <= kept
    assert "json" not in kept
    assert any(name.startswith("screencast/") for name in files)


def test_secret_boxes_are_empty_and_others_are_not(bundle: Path) -> None:
    text = unpacked(bundle / "trace.zip")["trace.trace"].decode()
    assert '"__playwright_value_":"operator@woot.example"' in text
    assert '"__playwright_value_":"8"' not in text
    assert '"value":"8"' not in text


def test_the_clean_trace_is_a_trace(raw_trace: Path, bundle: Path) -> None:
    """Line by line the same events as the raw one, and every file that a line names is there."""
    raw, clean = unpacked(raw_trace), unpacked(bundle / "trace.zip")
    for name in ("trace.trace", "trace.network"):
        before = [json.loads(line) for line in raw[name].splitlines()]
        after = [json.loads(line) for line in clean[name].splitlines()]
        assert [event["type"] for event in after] == [event["type"] for event in before]
        for event in after:
            named = event.get("file") or event.get("snapshot", {}).get("response", {}).get("content", {}).get(
                "_file"
            )
            assert named is None or named in clean


def test_playwrights_viewer_opens_the_clean_trace(own_browser: Browser, bundle: Path) -> None:
    """The viewer that comes with Playwright lists the actions and draws the page with its styles."""
    words = [sys.executable, "-m", "playwright", "show-trace", "--host", "127.0.0.1", "--port", "0"]
    # A group of its own: the viewer is a child of the command.
    child = subprocess.Popen(
        [*words, str(bundle / "trace.zip")], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    try:
        address = next(found[0] for line in child.stdout if (found := re.search(r"http://\S+", line)))
        page = own_browser.new_page()
        page.goto(address)
        page.get_by_text("Click", exact=False).first.click()
        drawn = page.frame_locator("iframe:visible").locator("body")
        drawn.get_by_role("button", name="Send").wait_for()
        assert drawn.evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(1, 2, 3)"
        page.close()
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()
        child.stdout.close()
