"""Signing in and out, and renewing the access token (dashboard-facts 2)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from robot.practice import auth
from robot.practice.api.call import Call, Json, RefusedError, post, refusal

_AGENCIES = (
    {"id": "woot-recruit-hub", "name": "Woot Recruit Hub"},
    {"id": "woot-staffing-lab", "name": "Woot Staffing Lab"},
)


async def log_in(request: Request) -> Response:
    """Check email and password; answers {challenge, accounts}; `accounts` is empty for one agency."""
    body = await request.json()
    store = request.app.state.store
    try:
        user = auth.check_password(store, email=body["email"], password=body["password"])
    except auth.SignInError as error:
        return refusal(RefusedError(str(error), status=401))
    return JSONResponse(
        {
            "challenge": auth.start_challenge(store, user),
            "accounts": _AGENCIES if store.setting("account_chooser") else [],
            "email": _masked(user.body["email"]),
        }
    )


async def choose(request: Request) -> Response:
    """Take the agency chosen; only the first one knows the user."""
    body = await request.json()
    if body["account"] != _AGENCIES[0]["id"]:
        return refusal(RefusedError("User does not exist in this Agency", status=401))
    return JSONResponse({})


async def send_code(request: Request) -> Response:
    """Pretend to send a code. Only the authenticator app works: there is no mail on loopback."""
    body = await request.json()
    if body["channel"] != "authenticator":
        return refusal(RefusedError("Not able to send the security code at this time", status=503))
    return JSONResponse({})


async def verify(request: Request) -> Response:
    """Check the six digits; answers the session: {userId, refreshToken, accessToken, expiresIn}."""
    body = await request.json()
    state = request.app.state
    try:
        session = auth.check_code(state.store, challenge=body["challenge"], code=body["code"])
    except auth.SignInError as error:
        return refusal(RefusedError(str(error), status=401))
    token = auth.renew(state.store, state.pace, refresh_token=session.refresh_token)
    return JSONResponse(
        {
            "userId": session.user.id,
            "refreshToken": session.refresh_token,
            "accessToken": token,
            "expiresIn": state.pace.token_s,
        }
    )


async def renew(request: Request) -> Response:
    """Exchange a refresh token for an access token. Answered on the assets host, across origins."""
    body: dict[str, Any] = await request.json()
    state = request.app.state
    token = auth.renew(state.store, state.pace, refresh_token=str(body.get("refreshToken", "")))
    if token is None:
        return refusal(RefusedError("Session expired", status=401, code="session"))
    return JSONResponse({"accessToken": token, "expiresIn": state.pace.token_s})


async def log_out(call: Call) -> Json:
    """End this session."""
    auth.end(call.store, session_id=call.session.id)
    return {}


def _masked(email: str) -> str:
    name, _, host = email.partition("@")
    return f"{name[:2]}{'*' * 6}@{host}"


#: Answered without a session.
open_routes = [
    Route("/api/session/login", log_in, methods=["POST"]),
    Route("/api/session/choose", choose, methods=["POST"]),
    Route("/api/session/code", send_code, methods=["POST"]),
    Route("/api/session/verify", verify, methods=["POST"]),
]
routes = [post("/session/logout", log_out)]
