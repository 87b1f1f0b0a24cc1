"""A practice dashboard for one test module, spoken to over HTTP, with its oracle.

Host names are told by the Host header, so that nothing depends on how *.localhost is resolved.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

DEMO = "hK3vQ9mTz7LpX2cRb8Nd"
_SIGN_IN = {"email": "operator@woot.example", "password": "practice-makes-perfect"}
_TOTP_SECRET = "JBSWY3DPEHPK3PXP"


class Served:
    """A running dashboard in which the operator is signed in."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses
        port = addresses["dashboard"].rpartition(":")[2]
        self._app = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"host": f"app.localhost:{port}"}, trust_env=False
        )
        self._oracle = httpx.Client(base_url=addresses["oracle"], trust_env=False)
        challenge = self._plain("/api/session/login", _SIGN_IN)["challenge"]
        session = self._plain("/api/session/verify", {"challenge": challenge, "code": _code()})
        self._app.headers["authorization"] = f"Bearer {session['accessToken']}"

    def close(self) -> None:
        """Close the connections."""
        self._app.close()
        self._oracle.close()

    def _plain(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._app.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of an API that accepts the call."""
        return self._plain(f"/api{path}", body or {})

    def refused(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The refusal {code, title, message} of an API that does not."""
        answer = self._app.post(f"/api{path}", json=body or {})
        assert answer.status_code >= 400, answer.text
        refusal: dict[str, Any] = answer.json()
        return refusal

    def mutations(self) -> list[str]:
        """What users did, as "action object", oldest first."""
        rows = self._oracle.get("/mutations").json()
        return [f"{row['action']} {row['object']}" for row in rows]

    def advance(self, seconds: float = 3600) -> None:
        """Let waiting jobs come due."""
        assert self._oracle.post("/advance", json={"seconds": seconds}).status_code == 200

    def reset(self) -> None:
        """Back to the sample data; settings and mutations are forgotten."""
        assert self._oracle.post("/reset").status_code == 200

    def set(self, **settings: Any) -> None:
        """Switch settings of the dashboard."""
        assert self._oracle.post("/settings", json=settings).status_code == 200

    def account(self, name: str) -> str:
        """Location id of the one sub-account of this name."""
        [row] = [r for r in self.post("/sub-accounts/search")["rows"] if r["name"] == name]
        return str(row["id"])


def _code() -> str:
    digest = hmac.new(
        base64.b32decode(_TOTP_SECRET), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    number: int = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@contextmanager
def serve(*options: str) -> Iterator[Served]:
    """Start a dashboard of its own, end it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "robot.practice", "--json", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        served = Served(json.loads(process.stdout.readline()))
        try:
            yield served
        finally:
            served.close()
    finally:
        process.terminate()
        process.communicate(timeout=10)
