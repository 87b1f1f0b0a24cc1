"""What the chosen scenarios do to requests: late, broken, stale and refused answers, data that changes.

Sits between the sockets and the dashboard's own applications, which know nothing of it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse

from robot.practice import auth
from robot.practice.change import apply_everywhere, apply_here
from robot.practice.scenario import Rule, Scenario
from robot.practice.store import Store

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOCATION = re.compile(r"/locations/([A-Za-z0-9]{20})(?:/|$)")
#: Two thirds of the way from the median to the 95th percentile is one standard deviation of the logarithm.
_P95 = 1.645


class Trouble:
    """The rules in force, and how often each has been met."""

    def __init__(self, store: Store, *, seed: int) -> None:
        self._store = store
        self._seed = seed
        self._rules: list[Rule] = []
        self._met: list[int] = []
        #: Names of the scenarios in force, in the order in which they were chosen.
        self.chosen: tuple[str, ...] = ()
        self._kept: dict[tuple[str, bytes], tuple[int, bytes]] = {}

    def choose(self, scenarios: Sequence[Scenario]) -> None:
        """Puts these in force, and no others: settings and data at once, rules from the next request on."""
        self.clear()
        self.chosen = tuple(one.name for one in scenarios)
        listed: set[str] = set()
        for scenario in scenarios:
            for name, value in scenario.settings.items():
                # Lists of several scenarios add up; what stood there before them does not.
                is_first = isinstance(value, list) and name not in listed
                listed.add(name)
                self._store.set_setting(
                    name, value if is_first else _joined(self._store.setting(name), value)
                )
            with self._store.together():
                apply_everywhere(self._store, scenario.data, self._rng(scenario.name))
            for rule in scenario.rules:
                self.add(rule)

    def clear(self) -> None:
        """Takes every rule out of force. Settings and data stay as they are; a reset of the store undoes those."""
        self.chosen = ()
        self._rules, self._met = [], []
        self._kept = {}

    def add(self, rule: Rule) -> None:
        """Puts one more rule in force."""
        self._rules.append(rule)
        self._met.append(0)

    def before(self, app: AsgiApp) -> AsgiApp:
        """The application with the trouble in front of it."""

        async def troubled(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope["path"]
            if not path.startswith(("/api/", "/v1/")):
                if not path.startswith(("/static/", "/vendor/")):
                    self._kept = {}
                await app(scope, receive, send)
                return
            await self._meet(self._due(scope), app, scope, receive, send)

        return troubled

    def _due(self, scope: Scope) -> list[tuple[str, Any]]:
        """The effects that this request meets, in the order of the rules."""
        page = Headers(scope=scope).get("x-page", "")
        due: list[tuple[str, Any]] = []
        for number, rule in enumerate(self._rules):
            if not re.search(rule.path, scope["path"]) or not re.search(rule.page, page):
                continue
            self._met[number] += 1
            met = self._met[number]
            if met < rule.nth or (rule.times is not None and met >= rule.nth + rule.times):
                continue
            if rule.chance < 1 and self._rng(f"{number}/{met}").random() >= rule.chance:
                continue
            due += rule.do.items()
        return due

    async def _meet(
        self, due: list[tuple[str, Any]], app: AsgiApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        for kind, value in due:
            match kind:
                case "delay":
                    await asyncio.sleep(self._delay_s(value, scope["path"]))
                case "expire":
                    auth.end(self._store) if value == "session" else auth.age_tokens(self._store)
                case "data":
                    self._change_here(value, scope["path"])
                case "status":
                    await PlainTextResponse("upstream error", status_code=value)(scope, receive, send)
                    return
                case "refuse":
                    said = value if isinstance(value, dict) else {"title": value}
                    answer = JSONResponse({"code": "forbidden", **said}, status_code=403)
                    await answer(scope, receive, send)
                    return
                case "drop":
                    if value == "after":
                        await app(scope, receive, _nowhere)
                    await _break_off(send)
                    return
        effects = dict(due)
        if "stale" not in effects and "reverse" not in effects:
            await app(scope, receive, send)
            return
        body = await _whole_body(receive)
        key = (scope["path"], body)
        if "stale" in effects and key in self._kept:
            status, content = self._kept[key]
        else:
            status, content = await _answer_of(app, scope, body)
            if status == 200:
                self._kept[key] = (status, content)
        if "reverse" in effects and status == 200:
            content = _reversed_rows(content)
        await PlainTextResponse(content, status_code=status, media_type="application/json")(
            scope, receive, send
        )

    def _change_here(self, changes: Any, path: str) -> None:
        place = _LOCATION.search(path)
        if place is not None:
            apply_here(self._store, changes, place[1], self._rng(f"{path}/{sum(self._met)}"))

    def _delay_s(self, value: dict[str, Any], path: str) -> float:
        rng = self._rng(f"{path}/{sum(self._met)}")
        if rng.random() < value.get("spike_chance", 0):
            return float(value["spike_ms"]) / 1000
        median, high = value["p50_ms"], max(value["p95_ms"], value["p50_ms"])
        return float(median * (high / median) ** (rng.gauss(0, 1) / _P95)) / 1000

    def _rng(self, name: str) -> random.Random:
        return random.Random(f"{self._seed}/{name}")  # noqa: S311 - decides what goes wrong, guards nothing


def _joined(old: Any, new: Any) -> Any:
    """Lists and mappings of several scenarios add up; of single values the last one counts."""
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *(one for one in new if one not in old)]
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **new}
    return new


def _reversed_rows(content: bytes) -> bytes:
    answer = json.loads(content)
    if isinstance(answer, dict) and isinstance(answer.get("rows"), list):
        answer["rows"].reverse()
    return json.dumps(answer).encode()


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def _answer_of(app: AsgiApp, scope: Scope, body: bytes) -> tuple[int, bytes]:
    """Status and content of the answer that `app` gives."""
    status, content = 500, b""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, content
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            content += message.get("body", b"")

    await app(scope, receive, send)
    return status, content


async def _nowhere(_: MutableMapping[str, Any]) -> None:
    """The answer is lost on the way."""


async def _break_off(send: Send) -> None:
    """Begins an answer and never ends it: the server then closes the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


def hush_broken_off(record: logging.LogRecord) -> bool:
    """A filter for the server's log: connections that were broken off on purpose are not told."""
    return "without completing response" not in record.getMessage()
