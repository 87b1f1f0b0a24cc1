"""Listens, and keeps anybody without a token from holding the service up.

uvicorn waits as long as a peer likes for a request to come whole. Here a connection has a few seconds for that, one
peer has so many connections, and all together so many; what ends early is answered in the form of every refusal.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from robot.console.answer import refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What peers may take."""

    #: From the connection, or the first byte of the next request, until the request is there whole, in seconds.
    request_s: float = 10
    #: Connections of one peer, and of all.
    most_a_peer: int = 32
    most: int = 512
    #: What a request that is being answered gets when the service is to end, in seconds.
    ending_s: int = 5


def build_server(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, limits: Limits | None = None
) -> uvicorn.Server:
    """A server that is yet to be run."""
    limits = limits or Limits()
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=_protocol_with(limits),
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=limits.ending_s,
        )
    )


def _protocol_with(limits: Limits) -> type[asyncio.Protocol]:
    peers: Counter[str] = Counter()

    class LimitedProtocol(H11Protocol):
        """One connection."""

        _peer: str | None = None
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            peer = _peer_of(self.client)
            if peers[peer] >= limits.most_a_peer or peers.total() >= limits.most:
                self._end_with(503, "too many connections", "close some, and ask again in a minute")
                return
            self._peer = peer
            peers[peer] += 1
            self._set_timer()

        def connection_lost(self, exc: Exception | None) -> None:
            self._unset_timer()
            if self._peer is not None:
                peers[self._peer] -= 1
                if not peers[self._peer]:
                    # Peers are without number.
                    del peers[self._peer]
                self._peer = None
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._peer is None:
                return
            if self._timer is None and not self._is_answering():
                self._set_timer()
            super().data_received(data)
            if self._is_answering() and not self.cycle.more_body:
                self._unset_timer()

        def on_response_complete(self) -> None:
            self._unset_timer()
            super().on_response_complete()

        def send_400_response(self, msg: str) -> None:
            self._end_with(400, "this is no HTTP request", "see docs/api.md")

        def _is_answering(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

        def _set_timer(self) -> None:
            self._timer = self.loop.call_later(limits.request_s, self._end_late)

        def _unset_timer(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _end_late(self) -> None:
            self._timer = None
            if self._is_answering():
                if self.cycle.response_started or not self.cycle.more_body:
                    self.transport.close()
                    return
                # The application is told that nobody is there any more.
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self._end_with(408, f"no whole request came within {limits.request_s:.0f} s", "send it at once")

        def _end_with(self, status: int, what: str, next_: str) -> None:
            if not self.transport.is_closing():
                self.transport.write(_plain_answer(status, what, next_))
                self.transport.close()

    return LimitedProtocol


def _peer_of(client: Any) -> str:
    """Whoever has an IPv6 address has a whole network of them."""
    try:
        found = ip_address(client[0])
    except (TypeError, ValueError):
        return ""
    return str(found) if found.version == 4 else found.exploded[:19]


def _plain_answer(status: int, what: str, next_: str) -> bytes:
    reasons = {400: "Bad Request", 408: "Request Timeout", 503: "Service Unavailable"}
    body = (json.dumps(refusal(status, what, next_).body) + "\n").encode()
    more = "retry-after: 60\r\n" if status == 503 else ""
    head = (
        f"HTTP/1.1 {status} {reasons[status]}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
        f"{more}content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
