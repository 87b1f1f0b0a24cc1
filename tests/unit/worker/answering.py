"""A dashboard that answers, and nothing more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answering(BaseHTTPRequestHandler):
    status = 200
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Host"])
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def answering(port: int, status: int) -> Iterator[list[str]]:
    """A dashboard that answers. Gives whom it was asked for."""
    asked: list[str] = []
    handler = type("Handler", (Answering,), {"status": status, "asked": asked})
    with HTTPServer(("127.0.0.1", port), handler) as server:
        # Looked for the end of it often: each test waits for that.
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()
