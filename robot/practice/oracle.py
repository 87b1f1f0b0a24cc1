"""What tests ask and tell the dashboard behind its back. Not linked from any page.

GET  /state                 every table as JSON
GET  /mutations             what users did, oldest first
GET  /settings              see `setting.py`
POST /reset                 the state of the start
POST /reseed   {"seed": 7}  other sample data
POST /advance  {"seconds": 600}   waiting jobs come nearer
POST /entity   {"action": "put"|"delete", "kind", "id", "location_id", "position", "body"}
POST /settings {"name": value, ...}
POST /faults   {"path": "<regular expression>", "kind": "error"|"drop"|"forbidden", "times": 1}
POST /expire   {}           every session ends now
"""

from __future__ import annotations

import re
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from robot.practice import auth, jobs
from robot.practice.entity import Entity
from robot.practice.pace import Pace
from robot.practice.seed import build
from robot.practice.setting import problem_of
from robot.practice.store import Store

_FAULT_KINDS = ("error", "drop", "forbidden")


async def _state(request: Request) -> Response:
    store: Store = request.app.state.store
    return JSONResponse({"seed": request.app.state.seed, "settings": store.settings(), **store.dump()})


async def _mutations(request: Request) -> Response:
    return JSONResponse(request.app.state.store.mutations())


async def _settings(request: Request) -> Response:
    return JSONResponse(request.app.state.store.settings())


async def _set_settings(request: Request) -> Response:
    store: Store = request.app.state.store
    wanted = await request.json()
    problems = [found for name, value in sorted(wanted.items()) if (found := problem_of(name, value))]
    if problems:
        return JSONResponse({"error": "; ".join(problems)}, status_code=400)
    for name, value in wanted.items():
        store.set_setting(name, value)
    return JSONResponse(store.settings())


async def _reset(request: Request) -> Response:
    state = request.app.state
    state.store.replace_all(build(state.seed))
    if state.release is not None:
        state.store.set_setting("release", state.release)
    return JSONResponse({"seed": request.app.state.seed})


async def _reseed(request: Request) -> Response:
    request.app.state.seed = int((await request.json())["seed"])
    return await _reset(request)


async def _advance(request: Request) -> Response:
    state = request.app.state
    jobs.advance(state.store, seconds=float((await request.json())["seconds"]))
    jobs.do_due(state.store, state.pace)
    [row] = state.store.run("SELECT count(*) AS waiting FROM job")
    return JSONResponse({"waiting": row["waiting"]})


async def _entity(request: Request) -> Response:
    store: Store = request.app.state.store
    body = await request.json()
    entity = Entity(
        kind=body["kind"],
        id=body["id"],
        location_id=body.get("location_id"),
        position=body.get("position", 0),
        body=body.get("body", {}),
    )
    match body["action"]:
        case "put":
            store.put(entity)
        case "delete":
            store.take(entity)
        case other:
            return JSONResponse({"error": f"no such action: {other}"}, status_code=400)
    store.run(
        "INSERT INTO oracle_change (at, action, object) VALUES (?, ?, ?)",
        time.time(),
        body["action"],
        f"{entity.kind}:{entity.id}",
    )
    return JSONResponse({})


async def _faults(request: Request) -> Response:
    body = await request.json()
    re.compile(body["path"])
    if body["kind"] not in _FAULT_KINDS:
        return JSONResponse({"error": f"kind is one of {', '.join(_FAULT_KINDS)}"}, status_code=400)
    request.app.state.store.run(
        "INSERT INTO fault (path, kind, left_over) VALUES (?, ?, ?)",
        body["path"],
        body["kind"],
        int(body.get("times", 1)),
    )
    return JSONResponse({})


async def _expire(request: Request) -> Response:
    store: Store = request.app.state.store
    if (await _body(request)).get("tokens"):
        auth.age_tokens(store)
    else:
        auth.end(store)
    return JSONResponse({})


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent; an empty one for an empty body."""
    body: dict[str, Any] = await request.json() if await request.body() else {}
    return body


class _DueJobs:
    """Do the due jobs before a request is answered."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        if scope["type"] == "http":
            jobs.do_due(self._app.state.store, self._app.state.pace)
        await self._app(scope, receive, send)


def oracle_app(store: Store, pace: Pace, *, release: str | None = None) -> _DueJobs:
    """Return the oracle for this store; `release` is the one shown after a reset, None the usual one."""
    app = Starlette(
        routes=[
            Route("/state", _state),
            Route("/mutations", _mutations),
            Route("/settings", _settings),
            Route("/settings", _set_settings, methods=["POST"]),
            Route("/reset", _reset, methods=["POST"]),
            Route("/reseed", _reseed, methods=["POST"]),
            Route("/advance", _advance, methods=["POST"]),
            Route("/entity", _entity, methods=["POST"]),
            Route("/faults", _faults, methods=["POST"]),
            Route("/expire", _expire, methods=["POST"]),
        ]
    )
    app.state.store = store
    app.state.pace = pace
    app.state.seed = pace.seed
    app.state.release = release
    return _DueJobs(app)
