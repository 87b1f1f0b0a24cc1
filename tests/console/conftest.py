"""The app on a ledger of its own, and somebody with a token."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from robot.console.app import build_app
from robot.console.desk import Desk
from robot.console.server import Limits, build_server
from robot.ledger.database import open_ledger
from robot.ledger.jobs import Jobs
from robot.ledger.tokens import CANCELLATIONS, METRICS, Tokens
from robot.profile import Profile

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DASHBOARD = "https://app.agency.example"


@dataclass(frozen=True)
class Caller:
    """Asks with a token."""

    client: httpx.Client
    desk: Desk
    token: str

    def post(self, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        given = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.client.post("/api/cancellations", headers=headers, **given, **more)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token}"})

    def jobs(self) -> Jobs:
        return Jobs(self.desk.ledger, dashboard=DASHBOARD, now=lambda: AT)


@contextmanager
def served(
    desk: Desk, *, most_a_minute: int = 10_000, limits: Limits | None = None
) -> Iterator[httpx.Client]:
    """The app on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = build_server(build_app(desk, most_a_minute=most_a_minute), limits=limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            # The socket listens already: what is asked early waits in its queue.
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=20) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    profile = Profile(
        name="agency",
        title="",
        dashboard=DASHBOARD,
        navigate=(),
        load=(),
        frames=(),
        words={},
        policies={},
        time_zone="America/Chicago",
    )
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        yield Desk(ledger=ledger, profile=profile, tokens=Tokens(ledger, now=lambda: AT), now=lambda: AT)


@pytest.fixture
def caller(desk: Desk) -> Iterator[Caller]:
    token = desk.tokens.make("crm", [CANCELLATIONS, METRICS], by="ann")
    with served(desk) as client:
        yield Caller(client, desk, token)
