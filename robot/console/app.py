"""The routes, and what all of them share: who asks, how often, how much, and how a refusal is told."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Collection
from ipaddress import ip_address
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from robot.console import cancellations, metrics
from robot.console.answer import Answer, refusal
from robot.console.desk import Desk
from robot.console.openapi import DOCUMENT
from robot.console.rate import Rate
from robot.hosts import is_loopback
from robot.ledger.tokens import CANCELLATIONS, METRICS, TokenRow

#: A request for one customer takes a hundredth of it, in bytes.
MOST_BYTES = 16 * 1024
#: Requests of one token in a minute.
MOST_A_MINUTE = 60


Handle = Callable[[Desk, TokenRow, Request, bytes], Answer]


def build_app(desk: Desk, *, most_a_minute: int = MOST_A_MINUTE, names: Collection[str] = ()) -> Starlette:
    """most_a_minute: requests of one token. names: hosts that it answers to, besides this machine's own."""
    rate = Rate(most_a_minute)

    def guarded(scope: str, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await decide(request)
            except SQLAlchemyError:
                return _shown(
                    refusal(503, "the database is away", "ask again in a minute"), {"Retry-After": "60"}
                )
            except ClientDisconnect:
                # Nobody is there to read it.
                return _shown(refusal(400, "the request did not come whole", "send it again"))

        async def decide(request: Request) -> Response:
            token = await run_in_threadpool(_token_of, desk, request)
            if token is None:
                return _shown(
                    refusal(401, "no token that is good", "send 'Authorization: Bearer TOKEN'"),
                    {"WWW-Authenticate": "Bearer"},
                )
            wait_s = rate.wait_s(token.name)
            if wait_s:
                told = refusal(429, f"more than {most_a_minute} requests in a minute", f"wait {wait_s} s")
                return _shown(told, {"Retry-After": str(wait_s)})
            if scope not in token.scopes:
                return _shown(
                    refusal(403, f"the token '{token.name}' is not for {scope}", "make one that is")
                )
            body = await _read(request)
            if body is None:
                return _shown(refusal(413, f"more than {MOST_BYTES} bytes", "send one customer a request"))
            return _shown(await run_in_threadpool(handle, desk, token, request, body))

        return answer

    return Starlette(
        routes=[
            Route("/api/cancellations", guarded(CANCELLATIONS, cancellations.ask), methods=["POST"]),
            Route("/api/cancellations/{job}", guarded(CANCELLATIONS, cancellations.show), methods=["GET"]),
            Route("/metrics", guarded(METRICS, metrics.show), methods=["GET"]),
            Route("/health", _health, methods=["GET"]),
            Route("/api/openapi.json", _document, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refuse, Exception: _fail},
        middleware=[Middleware(_NamedHosts, names=frozenset(name.lower() for name in names))],
    )


class _NamedHosts:
    """Answers under names that are this service's: a page of another site may have its own name lead here.

    An address is nobody's name; programs on this machine and probes ask by it.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).getlist("host")):
            told = refusal(400, "this host is not served here", "ask by the address, or see --name of serve")
            await _shown(told)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name = re.sub(r":[0-9]{1,5}$", "", hosts[0].lower())
        if name in self._names or is_loopback(name):
            return True
        try:
            ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True


async def _health(_: Request) -> Response:
    """That this process answers; says nothing about anything else, and asks for no token."""
    return PlainTextResponse("ok\n")


async def _document(_: Request) -> Response:
    """What may be asked; asks for no token."""
    return _Json(DOCUMENT)


async def _refuse(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _shown(
        refusal(error.status_code, error.detail.lower(), "see docs/api.md"), dict(error.headers or {})
    )


async def _fail(_: Request, error: Exception) -> Response:
    return _shown(refusal(500, "a fault in the program", "see the log of this process"))


def _token_of(desk: Desk, request: Request) -> TokenRow | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return desk.tokens.find(token.strip()) if kind.lower() == "bearer" and token.strip() else None


async def _read(request: Request) -> bytes | None:
    """The body; None for one that is too long, of which no more is read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _shown(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if isinstance(answer.body, str):
        return PlainTextResponse(answer.body, answer.status, headers)
    return _Json(answer.body, answer.status, headers)


class _Json(JSONResponse):
    def render(self, content: Any) -> bytes:
        # What came in with half a letter goes out without it.
        return (json.dumps(content, ensure_ascii=False) + "\n").encode("utf-8", "replace")
