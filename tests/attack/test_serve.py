"""`offboard serve` against peers without a token, databases that are away, and bodies that no program means."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from time import monotonic

import httpx
import pytest
from sqlalchemy import event

from robot.console.desk import Desk
from robot.console.server import Limits
from robot.ledger.tokens import CANCELLATIONS, METRICS
from tests.acceptance.command import Going
from tests.console.conftest import Caller, caller, desk, served

__all__ = ["caller", "desk"]

QUICK = Limits(request_s=1, most_a_peer=8, most=20, ending_s=2)
GOOD = {"location_id": "hK3vQ9mTz7LpX2cRb8Nd"}


@contextmanager
def connected(port: int, sent: bytes = b"", *, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(address, 0)) as one:
        one.sendall(sent)
        yield one


def port_of(client: httpx.Client) -> int:
    port = client.base_url.port
    assert port is not None
    return port


def assert_refusal(answer: httpx.Response, *statuses: int) -> None:
    """In the form of every refusal."""
    assert answer.status_code in statuses, answer.text
    assert set(answer.json()["error"]) >= {"what", "next"}
    assert answer.headers["content-type"] == "application/json"
    assert "Traceback" not in answer.text


HALVES = {
    "nothing": b"",
    "half a line": b"POST /api/canc",
    "half the headers": b"POST /api/cancellations HTTP/1.1\r\nHost: localhost\r\n",
    "half a body": b"POST /api/cancellations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
    "a body in parts without end": b"POST /api/cancellations HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
}


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_who_sends_half_a_request_is_sent_away(desk: Desk, sent: bytes) -> None:
    token = desk.tokens.make("crm", [CANCELLATIONS], by="ann").encode()
    sent = sent.replace(
        b"Host: localhost\r\n", b"Host: localhost\r\nAuthorization: Bearer " + token + b"\r\n"
    )
    with served(desk, limits=QUICK) as client, connected(port_of(client), sent) as one:
        began = monotonic()
        said = b""
        while part := one.recv(4096):
            said += part
        assert monotonic() - began < 5
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert set(json.loads(body)["error"]) == {"what", "next"}


def test_a_byte_a_moment_does_not_keep_a_connection(desk: Desk) -> None:
    with served(desk, limits=QUICK) as client, connected(port_of(client), b"GET /health HTTP/1.1\r\n") as one:
        began = monotonic()
        one.settimeout(0.1)
        with suppress(ConnectionError):
            while monotonic() - began < 8:
                one.sendall(b"X")
                try:
                    if not one.recv(4096):
                        raise ConnectionResetError
                except TimeoutError:
                    continue
        assert monotonic() - began < 5


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_others_are_answered_whatever_one_peer_holds(desk: Desk, sent: bytes) -> None:
    limits = Limits(request_s=30, most_a_peer=8, most=40)
    with served(desk, limits=limits) as client, ExitStack() as stack:
        for _ in range(64):
            # Those beyond its own are turned away at once.
            with suppress(ConnectionError):
                stack.enter_context(connected(port_of(client), sent, address="127.0.0.2"))
        assert client.get("/health").text == "ok\n"


def test_even_many_peers_hold_it_up_for_no_longer_than_a_request_may_take(desk: Desk) -> None:
    with served(desk, limits=QUICK) as client, ExitStack() as stack:
        for number in range(40):
            stack.enter_context(connected(port_of(client), address=f"127.0.0.{10 + number}"))
        until = monotonic() + 10
        while True:
            try:
                if client.get("/health").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            assert monotonic() < until


def test_what_is_no_http_is_told_in_the_same_form(desk: Desk) -> None:
    with served(desk) as client:
        for sent in (
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"GET\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"\0" * 70_000,
        ):
            with connected(port_of(client)) as one:
                one.sendall(sent)
                said = one.recv(65_536)
            assert said.startswith(b"HTTP/1.1 400"), said[:80]
            assert set(json.loads(said.partition(b"\r\n\r\n")[2])["error"]) == {"what", "next"}


FOREIGN = [
    "evil.example",
    "evil.example:8787",
    "localhost.evil.example",
    "",
    "app.localhost@x",
    "127.0.0.1.nip.example",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_another_hosts_name_is_not_answered(caller: Caller, host: str) -> None:
    for path in ("/health", "/metrics", "/api/cancellations/x"):
        assert_refusal(caller.client.get(path, headers={"Host": host}), 400)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8787", "127.0.0.1:1", "[::1]:8787", "10.0.0.7:8787"]
)
def test_addresses_and_this_machines_names_are(caller: Caller, host: str) -> None:
    assert caller.client.get("/health", headers={"Host": host}).status_code == 200


BODIES = {
    "half a letter, as an escape": rb'{"company": "\ud800"}',
    "half a letter in a name": rb'{"\udfff": "x"}',
    "half a letter inside": rb'{"company": "x", "policies": {"a": "\ud800"}}',
    "half a letter, as bytes": b'{"company": "\xed\xa0\x80"}',
    "no UTF-8": b'{"company": "\xff"}',
    "a name twice": b'{"company": "One", "company": "Another"}',
    "a name twice inside": b'{"company": "One", "policies": {"users_shared": "block", "users_shared": "remove"}}',
    "brackets": b"[" * 16_000,
    "braces": b'{"a":' * 3_000,
    "a number of 5,000 digits": b'{"company": "x", "priority": ' + b"9" * 5_000 + b"}",
    "a number of 400 digits": b'{"company": ' + b"9" * 400 + b"}",
    "a number beyond all": b'{"company": "x", "priority": 1e999}',
    "no number": b'{"company": "x", "priority": NaN}',
    "a day of the year 1": b'{"company": "x", "due_on": "0001-01-01"}',
    "a day of the year 9999": b'{"company": "x", "not_before": "9999-12-31"}',
    "a NUL": rb'{"company": "x\u0000y"}',
    "a mark of direction": rb'{"company": "x\u202ey"}',
    "a priority of a half": b'{"company": "x", "priority": 4.5}',
    "a priority that is true": b'{"company": "x", "priority": true}',
    "two bodies": b'{"company": "x"}{"company": "y"}',
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_no_program_means_is_refused_and_queues_nothing(caller: Caller, body: bytes) -> None:
    assert_refusal(caller.post(body), 400, 422)
    assert caller.jobs().all() == []


PATHS = [
    "/api/cancellations/%ed%a0%80",
    "/api/cancellations/%00",
    "/api/cancellations/%ff",
    "/api/cancellations/..%2f..",
    "/api/cancellations/" + "x" * 5_000,
    "/nothing",
]


@pytest.mark.parametrize("path", PATHS)
def test_paths_that_lead_nowhere(caller: Caller, path: str) -> None:
    assert_refusal(caller.get(path), 404, 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PATCH", "NONSENSE"])
def test_methods_that_are_not_for_it(caller: Caller, method: str) -> None:
    assert_refusal(caller.client.request(method, "/api/cancellations"), 405)


def test_a_database_that_is_locked_is_503(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event.listen(
        caller.desk.ledger.engine, "begin", lambda opened: opened.exec_driver_sql("PRAGMA busy_timeout = 200")
    )
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        answers = [caller.post(GOOD), caller.get("/api/cancellations/x"), caller.get("/metrics")]
        holder.execute("ROLLBACK")
    for answer in answers:
        assert_refusal(answer, 503)
        assert int(answer.headers["retry-after"]) > 0
    assert caller.post(GOOD).status_code == 201


def test_a_database_that_is_broken_is_503(caller: Caller, tmp_path: Path) -> None:
    caller.desk.ledger.engine.dispose()
    for file in tmp_path.glob("ledger.db-*"):
        file.unlink()
    (tmp_path / "ledger.db").write_bytes(b"no database" * 500)
    for answer in (caller.post(GOOD), caller.get("/api/cancellations/x"), caller.get("/metrics")):
        assert_refusal(answer, 503)
    assert caller.client.get("/health").status_code == 200
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def service(tmp_path: Path, port: int) -> Iterator[Going]:
    profile = tmp_path / "agency.yaml"
    profile.write_text(
        "profile: agency\ntitle: An agency\ndashboard: https://app.agency.example\ntime_zone: UTC\n"
        "hosts: {navigate: [app.agency.example]}\n"
        "policies: {saas_cancel_subscription: false, users_shared: block, snapshot_assets: keep}\n"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OFFBOARD_")}
    environ |= {"OFFBOARD_DATA": str(tmp_path / "data"), "PYTHONPATH": str(Path(__file__).parents[2])}
    about = ("--profile", str(profile))
    made = Going(("token", "add", "crm", "--scope", METRICS, *about), cwd=tmp_path, environ=environ).end()
    assert made.code == 0, made.err
    going = Going(("serve", "--port", str(port), *about), cwd=tmp_path, environ=environ)
    going.wait_for("answers at")
    yield going
    with suppress(ProcessLookupError):
        going.interrupt(by=signal.SIGKILL)
    going.end()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_whatever_peers_hold(service: Going, port: int, by: signal.Signals) -> None:
    until = monotonic() + 20
    while True:
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
            break
        except httpx.TransportError:
            assert monotonic() < until
    with ExitStack() as stack:
        for sent in HALVES.values():
            for _ in range(5):
                stack.enter_context(connected(port, sent))
        began = monotonic()
        service.interrupt(by=by)
        service.end(within_s=10)
        assert monotonic() - began < 10
    assert "Traceback" not in service.text()


def test_requests_side_by_side_are_all_answered(caller: Caller) -> None:
    answers: list[int] = []

    def ask(number: int) -> None:
        answers.append(caller.post({"company": f"Customer {number}"}).status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 16
