"""Machines of the tests' own, on this one: each with a network, addresses and a name of its own.

Two links lead from each of them: one to the dashboard, and one to the database, which can be cut by itself. Needs
Linux, root and iproute2.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_FORWARD = Path(__file__).with_name("forward.py")
_DATABASE_PORT = 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One that may be cut off from the database."""

    #: Words that a command is begun with to run there.
    through: tuple[str, ...]
    #: Address of the database's server, as seen from there.
    database_host: str
    #: This machine's end of the link to the database.
    link: str

    def seen_from_there(self, address: str) -> str:
        """address: of a database on the server's socket. Returns its address over the link."""
        name = urlsplit(address).path.strip("/")
        return f"postgresql://postgres@{self.database_host}:{_DATABASE_PORT}/{name}"

    def cut_off(self) -> None:
        """What is sent to the database gets lost from now on."""
        _ip("link", "set", self.link, "down")

    def join(self) -> None:
        _ip("link", "set", self.link, "up")


def can_be_made() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and bool(shutil.which("ip"))


@contextmanager
def machines(number: int, *, dashboard: str, database: Path) -> Iterator[list[Machine]]:
    """dashboard: its address on this machine. database: the socket of its server."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(_machine(count, dashboard=dashboard, database=database))
            for count in range(1, number + 1)
        ]


@contextmanager
def _machine(count: int, *, dashboard: str, database: Path) -> Iterator[Machine]:
    name = f"offboard{count}"
    web, data = f"10.213.{count}", f"10.214.{count}"
    port = urlsplit(dashboard).port
    with ExitStack() as stack:
        _ip("netns", "add", name)
        stack.callback(_ip, "netns", "delete", name)
        _ip("-n", name, "link", "set", "lo", "up")
        for kind, net in (("web", web), ("db", data)):
            here, there = f"ob{kind}{count}", f"to{kind}{count}"
            _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
            _ip("address", "add", f"{net}.1/24", "dev", here)
            _ip("link", "set", here, "up")
            _ip("-n", name, "address", "add", f"{net}.2/24", "dev", there)
            _ip("-n", name, "link", "set", there, "up")
        inside = ("ip", "netns", "exec", name)
        # The dashboard's names always mean the machine that asks for them.
        stack.enter_context(
            _forward((), f"{web}.1:{port}", f"127.0.0.1:{port}", f"{data}.1:{_DATABASE_PORT}", str(database))
        )
        stack.enter_context(_forward(inside, f"127.0.0.1:{port}", f"{web}.1:{port}"))
        yield Machine(
            # A host name of its own, too: whether a process lives is asked on its own machine only.
            through=(*inside, "unshare", "--uts", "sh", "-c", f'hostname {name}; exec "$@"', "sh"),
            database_host=f"{data}.1",
            link=f"obdb{count}",
        )


@contextmanager
def _forward(inside: tuple[str, ...], *words: str) -> Iterator[None]:
    process = subprocess.Popen(
        [*inside, sys.executable, str(_FORWARD), *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n", words
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
