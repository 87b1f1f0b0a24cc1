"""The dashboard's sockets: one app port with three host names, and the oracle's port.

The first name, `app.localhost` unless another is chosen, serves the app and its APIs, the second the pages in
frames, the third libraries, fonts and the renewal of tokens. Whatever other name is asked for gets 421.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import socket
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from robot.practice import jobs
from robot.practice.api import AREAS
from robot.practice.api.session import open_routes, renew
from robot.practice.pace import Pace
from robot.practice.store import Store
from robot.practice.trouble import AsgiApp, Receive, Scope, Send, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The three names, which differ; all mean this machine."""

    app: str = "app.localhost"
    frames: str = "frames.localhost"
    assets: str = "assets.localhost"

    @classmethod
    def parse(cls, text: str) -> Hosts:
        """From `app,frames,assets`. Raises ValueError."""
        names = text.lower().split(",")
        if len(set(names)) != len(fields(cls)) or len(names) != len(fields(cls)):
            raise ValueError("three different names are needed: APP,FRAMES,ASSETS")
        strange = [name for name in names if not _LOOPBACK_NAME.fullmatch(name)]
        if strange:
            raise ValueError(f"'{strange[0]}' must end in .localhost, which always means this machine")
        return cls(app=names[0], frames=names[1], assets=names[2])


# What the system thinks of these endings (Windows: the registry) must not matter: browsers refuse modules of
# another type.
for _type, _ending in (("text/javascript", ".js"), ("text/css", ".css"), ("font/woff2", ".woff2")):
    mimetypes.add_type(_type, _ending)

_LOOPBACK_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+localhost")
_STATIC = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"


DEFAULT_HOSTS = Hosts()


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def dashboard_app(
    store: Store, pace: Pace, trouble: Trouble, *, port: int, hosts: Hosts = DEFAULT_HOSTS
) -> AsgiApp:
    """Return the application for all three host names; `port` is the one it is reached on."""
    build = _build_of(_STATIC / "app")
    origins = {name: f"http://{host}:{port}" for name, host in asdict(hosts).items()}
    api: list[BaseRoute] = [*open_routes, *(route for area in AREAS for route in area.routes)]
    modules = _files(f"/static/{build}", _STATIC / "app")

    app = Starlette(routes=[modules, *api, *_pages("index.html", build=build, origins=origins)])
    frames = Starlette(routes=[modules, *api, *_pages("frame.html", build=build, origins=origins)])
    assets = Starlette(
        routes=[
            Route("/v1/token", renew, methods=["POST"]),
            _files("/vendor", _STATIC / "vendor"),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[origins["app"], origins["frames"]],
                allow_methods=["GET", "POST"],
                allow_headers=["content-type"],
            )
        ],
    )
    for one in (app, frames, assets):
        one.state.store = store
        one.state.pace = pace
    by_host = {hosts.app: app, hosts.frames: frames, hosts.assets: assets}
    return _ByHost({host: trouble.before(one) for host, one in by_host.items()}, store, pace)


def _files(prefix: str, folder: Path) -> Route:
    """Answer `prefix` with the folder's files, from memory; they never change under their address."""
    kept = {
        path.relative_to(folder).as_posix(): (path.read_bytes(), mimetypes.guess_type(path.name)[0])
        for path in folder.rglob("*")
        if path.is_file()
    }

    async def file(request: Request) -> Response:
        found = kept.get(request.path_params["path"])
        if found is None:
            return PlainTextResponse("Not found", status_code=404)
        return Response(found[0], media_type=found[1], headers={"cache-control": _FOREVER})

    return Route(f"{prefix}/{{path:path}}", file)


class _ByHost:
    """Send a request to the app its Host header names, after due jobs."""

    def __init__(self, apps: dict[str, AsgiApp], store: Store, pace: Pace) -> None:
        self._apps = apps
        self._store = store
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # The lifespan is uvicorn's; there is nothing to start or stop.
            return
        host = Request(scope).headers.get("host", "").rpartition(":")[0]
        app = self._apps.get(host)
        if app is None:
            await PlainTextResponse("Misdirected request", status_code=421)(scope, receive, send)
            return
        jobs.do_due(self._store, self._pace)
        await app(scope, receive, send)


def _pages(name: str, *, build: str, origins: dict[str, str]) -> list[BaseRoute]:
    """Answer every other address with the page that starts the app."""
    text = (_STATIC / name).read_text(encoding="utf-8")
    for key, value in {"build": build, **origins}.items():
        text = text.replace("{{" + key + "}}", value)
    own = origins["app"] if name == "index.html" else origins["frames"]
    policy = (
        f"default-src 'none'; script-src {own} {origins['assets']} 'unsafe-eval' 'unsafe-inline';"
        f" style-src {own} {origins['assets']} 'unsafe-inline'; img-src {own} data:;"
        f" font-src {origins['assets']}; connect-src {own} {origins['assets']};"
        f" frame-src {origins['frames']}; base-uri 'none'; form-action 'none'; frame-ancestors "
        + ("'none'" if name == "index.html" else origins["app"])
    )

    async def page(request: Request) -> Response:
        shown = text.replace("{{release}}", request.app.state.store.setting("release"))
        return HTMLResponse(shown, headers={"content-security-policy": policy, "cache-control": "no-store"})

    async def no_api(_: Request) -> Response:
        return JSONResponse({"code": "missing", "title": "Not found"}, status_code=404)

    async def no_file(_: Request) -> Response:
        return PlainTextResponse("Not found", status_code=404)

    return [
        Route("/api/{rest:path}", no_api, methods=["GET", "POST"]),
        Route("/static/{rest:path}", no_file),
        Route("/favicon.ico", no_file),
        Route("/{rest:path}", page),
    ]


def _build_of(folder: Path) -> str:
    """Return a short name that changes when a file of the app does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
