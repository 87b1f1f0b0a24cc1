"""Who is signed in: password, six-digit code, session, access tokens.

Knows nothing of the web. Source of the flow: dashboard-facts 2.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from dataclasses import dataclass

from robot.practice.entity import Entity
from robot.practice.pace import Pace
from robot.practice.store import Store

_STEP_S = 30
_CHALLENGE_S = 600.0
_MOST_FAILURES = 5


class SignInError(Exception):
    """The sign-in was refused; the message is what the page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in user."""

    id: str
    #: The `login_user`; its id is the user's.
    user: Entity
    refresh_token: str


def totp(secret: str, *, at: float) -> str:
    """Return the six digits of RFC 6238 (SHA-1, 30 s) for a base32 secret at `at`, in seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // _STEP_S), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    [number] = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def check_password(store: Store, *, email: str, password: str) -> Entity:
    """Return the `login_user`. Raises SignInError."""
    email = email.strip().lower()
    known = next((one for one in store.all_of("login_user") if one.body["email"] == email), None)
    if known is None:
        raise SignInError("User does not exist in this Agency")
    if not hmac.compare_digest(password.encode(), known.body["password"].encode()):
        raise SignInError("Unable to log you in at this time")
    return known


def start_challenge(store: Store, known: Entity) -> str:
    """Return the id under which the code may be given."""
    challenge = secrets.token_urlsafe(16)
    store.run("INSERT INTO challenge VALUES (?, ?, ?, 0)", challenge, known.id, time.time() + _CHALLENGE_S)
    return challenge


def check_code(store: Store, *, challenge: str, code: str) -> Session:
    """Return a new session. A step of the clock either side is accepted. Raises SignInError."""
    rows = store.run("SELECT * FROM challenge WHERE id = ? AND expires_at > ?", challenge, time.time())
    if not rows:
        raise SignInError("Unable to log you in at this time")
    known = store.get("login_user", rows[0]["user_id"])
    secret = known.body["totp_secret"]
    now = time.time()
    is_right = code in {totp(secret, at=now + shift) for shift in (-_STEP_S, 0, _STEP_S)}
    if not is_right or _is_refused(store, code, now):
        store.run("UPDATE challenge SET failures = failures + 1 WHERE id = ?", challenge)
        store.run("DELETE FROM challenge WHERE failures >= ?", _MOST_FAILURES)
        raise SignInError("The security code is incorrect. Please try again.")
    store.run("DELETE FROM challenge WHERE id = ?", challenge)
    session = Session(id=secrets.token_urlsafe(12), user=known, refresh_token=secrets.token_urlsafe(32))
    store.run("INSERT INTO session VALUES (?, ?, ?, ?)", session.id, known.id, session.refresh_token, now)
    return session


def _is_refused(store: Store, code: str, now: float) -> bool:
    """Whether a right code is refused all the same, as the settings say: one used before, or the first few."""
    step = int(now) // _STEP_S
    given = store.run("SELECT * FROM given_code WHERE code = ? AND step >= ?", code, step - 2)
    if store.setting("codes_once") and given:
        return True
    [refused] = store.run("SELECT count(DISTINCT code) AS number FROM given_code WHERE was_refused")
    most = store.setting("codes_refused")
    is_refused = most < 0 or refused["number"] < most or any(one["was_refused"] for one in given)
    store.run("INSERT INTO given_code VALUES (?, ?, ?)", code, step, is_refused)
    return is_refused


def renew(store: Store, pace: Pace, *, refresh_token: str) -> str | None:
    """Return a fresh access token, or None when the session is over."""
    rows = store.run("SELECT * FROM session WHERE refresh_token = ?", refresh_token)
    timeout_s = store.setting("session_timeout_s")
    if not rows or (timeout_s is not None and rows[0]["started_at"] + timeout_s < time.time()):
        return None
    token = secrets.token_urlsafe(32)
    store.run("DELETE FROM access_token WHERE expires_at < ?", time.time())
    store.run("INSERT INTO access_token VALUES (?, ?, ?)", token, rows[0]["id"], time.time() + pace.token_s)
    return token


def session_of(store: Store, *, access_token: str) -> Session | None:
    """Return whose token this is, or None when it is unknown or too old."""
    rows = store.run(
        "SELECT session.* FROM access_token JOIN session ON session.id = access_token.session_id"
        " WHERE token = ? AND expires_at > ?",
        access_token,
        time.time(),
    )
    if not rows:
        return None
    user = store.find("login_user", rows[0]["user_id"])
    if user is None:
        return None
    return Session(id=rows[0]["id"], user=user, refresh_token=rows[0]["refresh_token"])


def end(store: Store, *, session_id: str | None = None) -> None:
    """End one session, or all of them."""
    for table, column in (("access_token", "session_id"), ("session", "id")):
        store.run(f"DELETE FROM {table} WHERE ?1 IS NULL OR {column} = ?1", session_id)  # noqa: S608


def age_tokens(store: Store) -> None:
    """Let every access token be too old; the sessions stay."""
    store.run("UPDATE access_token SET expires_at = 0")
