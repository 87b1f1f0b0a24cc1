"""What an API handler is given and may answer.

A handler is `async def handler(call: Call) -> dict`; `post(path, handler)` makes it a route under `/api`.
It answers with a JSON object, or raises RefusedError.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from robot.practice.auth import Session, session_of
from robot.practice.entity import Entity
from robot.practice.pace import Pace
from robot.practice.store import Act, MissingEntityError, Store

Json = dict[str, Any]


class RefusedError(Exception):
    """The dashboard says no; the page shows `title` and `message` in a toast or a notice."""

    def __init__(self, title: str, message: str = "", *, status: int = 422, code: str = "refused") -> None:
        super().__init__(title)
        self.title = title
        self.message = message
        self.status = status
        #: A word by which the page tells refusals apart.
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One signed-in request."""

    store: Store
    pace: Pace
    session: Session
    #: Path of the page that asks, as the page says.
    route: str
    #: Parts of the address: `{location_id}` and the like.
    path: dict[str, str]
    #: The JSON object that was sent.
    body: Json

    @property
    def location_id(self) -> str:
        """The sub-account in the address; it exists."""
        return self.path["location_id"]

    def owned(self, kind: str, id_: str) -> Entity:
        """Return an entity of this sub-account. Raises RefusedError when it is not one."""
        found = self.store.find(kind, id_)
        if found is None or found.location_id != self.location_id:
            raise RefusedError("Not found", status=404, code="missing")
        return found

    def act(self, action: str, object_: str, **detail: Any) -> Act:
        """Describe what this call does to `object_` (`<kind>:<identity>`), in the address's sub-account."""
        return Act(
            actor=self.session.user.id,
            action=action,
            object=object_,
            location_id=self.path.get("location_id"),
            route=self.route,
            detail=detail,
        )


Handler = Callable[[Call], Awaitable[Json]]


def post(path: str, handler: Handler) -> Route:
    """Make `handler` answer POST `/api{path}` for signed-in users."""

    async def endpoint(request: Request) -> Response:
        store: Store = request.app.state.store
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        session = session_of(store, access_token=token)
        if session is None:
            return refusal(RefusedError("Unauthorized", status=401, code="token"))
        try:
            body = await request.json() if await request.body() else {}
        except ClientDisconnect:
            # The page has left while it was still asking; nobody reads the answer.
            return refusal(RefusedError("Gone", status=499, code="gone"))
        call = Call(
            store=store,
            pace=request.app.state.pace,
            session=session,
            route=request.headers.get("x-page", ""),
            path=dict(request.path_params),
            body=body,
        )
        try:
            if "location_id" in call.path and store.find("sub_account", call.location_id) is None:
                raise RefusedError("Location not found", status=404, code="missing")
            return JSONResponse(await handler(call))
        except RefusedError as error:
            return refusal(error)
        except MissingEntityError:
            return refusal(RefusedError("Not found", status=404, code="missing"))

    return Route(f"/api{path}", endpoint, methods=["POST"])


def refusal(error: RefusedError) -> JSONResponse:
    """Return the answer that carries a refusal."""
    return JSONResponse(
        {"code": error.code, "title": error.title, "message": error.message}, status_code=error.status
    )


def page_of(rows: list[Json], body: Json, *, size: int = 20) -> Json:
    """Return {rows, total, page, size}, one page of `rows`; `body` may hold `page` (from 1) and `size`."""
    size = int(body.get("size", size))
    page = max(1, int(body.get("page", 1)))
    return {
        "rows": rows[(page - 1) * size : page * size],
        "total": len(rows),
        "page": page,
        "size": size,
    }


def matches(query: str, *texts: str | None) -> bool:
    """Say whether `query`, whatever its case, is part of one of the texts. An empty query matches all."""
    wanted = query.strip().casefold()
    return any(wanted in (text or "").casefold() for text in texts)
