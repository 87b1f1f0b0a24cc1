"""Sends a night's summary on: to a webhook, by e-mail, or through apprise where that is installed.

Addresses hold secrets and are shown by their host alone. Must not know what a summary holds.
"""

from __future__ import annotations

import http.client
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from robot.errors import ApplicationError, BadInputError, Problem

#: How long a server may take to answer, in s.
_ANSWER_S = 20.0
#: What is said to these never leaves the machine.
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent."""

    #: One line.
    title: str
    #: Markdown.
    text: str
    #: The same for programs: a JSON object.
    values: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One place that messages go to."""

    #: The address without its secrets.
    shown: str
    #: Raises OSError, or what the library raises.
    send: Callable[[Message], None] = field(repr=False)


def read_receivers(addresses: str, *, smtp: str) -> tuple[Receiver, ...]:
    """addresses: separated by blanks: `https://...` (a webhook), `mailto:...`, or any of apprise's.

    smtp: `smtp://user:password@host:port?from=address` or `smtps://...`, for mail.
    Raises BadInputError for any that could not be sent to.
    """
    return tuple(_receiver(address, smtp) for address in addresses.split())


def send_all(receivers: tuple[Receiver, ...], message: Message) -> list[ApplicationError]:
    """Sends to each. Returns what went wrong; one that fails keeps no other from being told."""
    failures = []
    for receiver in receivers:
        try:
            receiver.send(message)
        except Exception as error:  # the libraries raise what they like
            failures.append(
                ApplicationError(
                    Problem(
                        what=f"the summary could not be sent to {receiver.shown}: {error or type(error).__name__}",
                        done="it lies beside the evidence",
                        next="see OFFBOARD_NOTIFY and OFFBOARD_SMTP",
                    )
                )
            )
    return failures


def _receiver(address: str, smtp: str) -> Receiver:
    parts = urlsplit(address)
    match parts.scheme:
        case "http" | "https" if parts.hostname:
            return Receiver(shown=f"{parts.scheme}://{parts.hostname}", send=lambda one: _post(parts, one))
        case "mailto" if "@" in parts.path:
            server = _mail_server(smtp)
            return Receiver(shown=address, send=lambda one: _mail(server, unquote(parts.path), one))
    if parts.scheme and find_spec("apprise"):
        return _by_apprise(address, parts.scheme)
    raise BadInputError(
        Problem(
            what=f"nothing can be sent to an address that begins with '{(parts.scheme or address)[:20]}:'",
            done="nothing was started",
            next="give https://..., mailto:..., or install the extra: pip install 'offboard-robot[notify]'",
        )
    )


def _post(parts: SplitResult, message: Message) -> None:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_ANSWER_S)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = json.dumps(
        {"title": message.title, "text": message.text, "summary": message.values}, ensure_ascii=False
    )
    try:
        connection.request(
            "POST", path, body.encode(), {"Content-Type": "application/json", "User-Agent": "offboard"}
        )
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise OSError(f"it answers {status}")


def _mail_server(smtp: str) -> SplitResult:
    parts = urlsplit(smtp)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not parse_qs(parts.query).get("from"):
        raise BadInputError(
            Problem(
                what="mail can be sent through no server" if not smtp else "OFFBOARD_SMTP is not understood",
                done="nothing was started",
                next="set OFFBOARD_SMTP to smtps://user:password@host:465?from=robot@agency.example",
            )
        )
    return parts


def _mail(server: SplitResult, to: str, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"] = message.title
    mail["From"] = parse_qs(server.query)["from"][0]
    mail["To"] = to
    mail.set_content(message.text)
    context = ssl.create_default_context()
    host = server.hostname or ""
    connection = (
        smtplib.SMTP_SSL(host, server.port or 465, timeout=_ANSWER_S, context=context)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, server.port or 587, timeout=_ANSWER_S)
    )
    with connection:
        connection.ehlo()
        is_private = server.scheme == "smtps" or host in _HERE
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            is_private = True
        if server.username and not is_private:
            raise OSError("its mail server offers no TLS, and a password is not sent without")
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(mail)


def _by_apprise(address: str, scheme: str) -> Receiver:
    apprise = import_module("apprise")
    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None:
        raise BadInputError(
            Problem(
                what=f"the address that begins with '{scheme}:' is not understood",
                done="nothing was started",
                next="see apprise's page of services",
            )
        )

    def send(message: Message) -> None:
        if not service.notify(title=message.title, body=message.text, body_format="markdown"):
            raise OSError("it was not taken")

    return Receiver(shown=f"{scheme}:", send=send)
