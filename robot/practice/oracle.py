"""What tests ask and tell the dashboard behind its back. Not linked from any page.

GET  /state                 every table as JSON
GET  /mutations             what users did, oldest first
GET  /settings              see `setting.py`
POST /reset                 the state of the start
POST /reseed   {"seed": 7}  other sample data
POST /advance  {"seconds": 600}   waiting jobs come nearer
POST /entity   {"action": "put"|"delete", "kind", "id", "location_id", "position", "body"}
POST /settings {"name": value, ...}
GET  /scenarios             those in force, and all there are
POST /scenarios {"names": [...]}  these are put in force, no others; a reset takes all out of force
POST /rules    {"path": "<pattern>", "times": 1, "do": {"status": 500}}  one rule more, see scenario.py
POST /expire   {}           every session ends now
"""

from __future__ import annotations

import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from robot.practice import auth, jobs
from robot.practice.entity import Entity
from robot.practice.pace import Pace
from robot.practice.scenario import ScenarioError, all_scenarios, find_scenarios, parse_rule
from robot.practice.seed import build
from robot.practice.setting import problem_of
from robot.practice.store import Store
from robot.practice.trouble import Trouble


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
    state.trouble.clear()
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


async def _scenarios(request: Request) -> Response:
    known = all_scenarios()
    return JSONResponse(
        {
            "chosen": request.app.state.trouble.chosen,
            "all": {one.name: {"group": one.group, "title": one.title} for one in known.values()},
        }
    )


async def _choose_scenarios(request: Request) -> Response:
    try:
        scenarios = find_scenarios((await request.json())["names"])
    except ScenarioError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    request.app.state.trouble.choose(scenarios)
    return JSONResponse({"chosen": request.app.state.trouble.chosen})


async def _rules(request: Request) -> Response:
    try:
        request.app.state.trouble.add(parse_rule(await request.json()))
    except ScenarioError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
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


def oracle_app(store: Store, pace: Pace, trouble: Trouble, *, release: str | None = None) -> _DueJobs:
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
            Route("/scenarios", _scenarios),
            Route("/scenarios", _choose_scenarios, methods=["POST"]),
            Route("/rules", _rules, methods=["POST"]),
            Route("/expire", _expire, methods=["POST"]),
        ]
    )
    app.state.store = store
    app.state.pace = pace
    app.state.trouble = trouble
    app.state.seed = pace.seed
    app.state.release = release
    return _DueJobs(app)
