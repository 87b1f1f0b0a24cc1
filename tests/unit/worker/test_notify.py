"""Summaries are sent on; what cannot be sent to is told before the night, and one that fails stops no other."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from robot.errors import BadInputError
from robot.worker.notify import Message, read_receivers, send_all

MESSAGE = Message(title="Offboarding: 2 done", text="# 2 done\n\n- **Café**\n", values={"done": 2})


class Hook:
    """A server that takes what is posted to it."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.status = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, json.loads(body)))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


class MailServer:
    """Takes one mail, speaking as little SMTP as is needed."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.mail = ""
        #: The verbs that it was told.
        self.heard: list[str] = []
        self._listener = socket.create_server((host, 0))
        self.port = self._listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rwb") as stream:

            def say(text: str) -> None:
                stream.write(f"{text}\r\n".encode())
                stream.flush()

            say("220 here")
            for line in stream:
                self.heard.append(line.split()[0].upper().decode())
                match line.split()[0].upper():
                    case b"DATA":
                        say("354 go on")
                        self.mail = b"".join(iter(stream.readline, b".\r\n")).decode()
                        say("250 taken")
                    case b"QUIT":
                        say("221 bye")
                        return
                    case _:
                        say("250 ok")

    def end(self) -> None:
        self._listener.close()
        self.thread.join(5)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.end()


def test_a_webhook_gets_title_text_and_values(hook: Hook) -> None:
    assert send_all(read_receivers(f"{hook.address}/in?key=s3cret", smtp=""), MESSAGE) == []
    wanted = {"title": MESSAGE.title, "text": MESSAGE.text, "summary": {"done": 2}}
    assert hook.got == [("/in?key=s3cret", wanted)]


def test_mail_goes_through_the_server(mail_server: MailServer) -> None:
    smtp = f"smtp://127.0.0.1:{mail_server.port}?from=robot@agency.example"
    assert send_all(read_receivers("mailto:ops@agency.example", smtp=smtp), MESSAGE) == []
    mail_server.thread.join(10)
    for line in ("From: robot@agency.example", "To: ops@agency.example", "Subject: Offboarding: 2 done"):
        assert line in mail_server.mail


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one address of their own only")
def test_a_password_is_not_sent_to_another_machine_without_tls() -> None:
    server = MailServer("127.0.0.2")
    smtp = f"smtp://robot:s3cret@127.0.0.2:{server.port}?from=robot@agency.example"
    [failure] = send_all(read_receivers("mailto:ops@agency.example", smtp=smtp), MESSAGE)
    server.end()
    assert "its mail server offers no TLS, and a password is not sent without" in failure.problem.what
    assert "AUTH" not in server.heard
    assert server.mail == ""


def test_one_that_fails_keeps_no_other_from_being_told_and_its_secret_is_not_told(hook: Hook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    receivers = read_receivers(f"http://127.0.0.1:{port}/t0ken {hook.address}/in", smtp="")
    [failure] = send_all(receivers, MESSAGE)
    assert "could not be sent to http://127.0.0.1" in failure.problem.what
    assert "t0ken" not in str(failure) + repr(receivers)
    assert len(hook.got) == 1


def test_an_answer_that_is_no_success_is_told(hook: Hook) -> None:
    hook.status = 500
    [failure] = send_all(read_receivers(hook.address, smtp=""), MESSAGE)
    assert "it answers 500" in failure.problem.what


@pytest.mark.parametrize(
    ("address", "smtp", "what"),
    [
        ("carrier-pigeon://roof", "", "begins with 'carrier-pigeon:'"),
        ("nonsense", "", "begins with 'nonsense:'"),
        ("https://", "", "begins with 'https:'"),
        ("mailto:ops@agency.example", "", "mail can be sent through no server"),
        ("mailto:ops@agency.example", "smtp://host:25", "OFFBOARD_SMTP is not understood"),
        ("mailto:ops@agency.example", "http://host?from=a@b", "OFFBOARD_SMTP is not understood"),
    ],
)
def test_what_could_not_be_sent_to_is_told_before_the_night(address: str, smtp: str, what: str) -> None:
    with pytest.raises(BadInputError) as raised:
        read_receivers(address, smtp=smtp)
    assert what in raised.value.problem.what
