"""Asks a dashboard for its first page, without a browser: whether it answers at all, and what time it is there."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

from robot.hosts import is_loopback

#: A dashboard answers within so long, in s.
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Message


def ask_first_page(dashboard: str) -> Answer:
    """Raises OSError or HTTPException when nothing comes back."""
    parts = urlsplit(dashboard)
    # Names below localhost are this machine, whatever its resolver says.
    host = "127.0.0.1" if is_loopback(parts.hostname or "") else parts.hostname or ""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, parts.port, timeout=_ANSWER_S)
    try:
        connection.request("GET", "/", headers={"Host": parts.netloc, "User-Agent": "offboard"})
        answer = connection.getresponse()
        return Answer(status=answer.status, headers=answer.headers)
    finally:
        connection.close()


def why_down(dashboard: str) -> str:
    """Why a dashboard does not answer; empty when it does."""
    name = urlsplit(dashboard).netloc
    try:
        status = ask_first_page(dashboard).status
    except (OSError, http.client.HTTPException) as error:
        return f"{name}: {error or type(error).__name__}"
    return f"{name} answers {status}" if status >= 500 else ""
