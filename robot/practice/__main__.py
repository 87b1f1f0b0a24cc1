"""Starts the practice dashboard: `python -m robot.practice --help`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence

import uvicorn

from robot.practice.oracle import oracle_app
from robot.practice.pace import Pace
from robot.practice.scenario import all_scenarios, find_scenarios
from robot.practice.seed import build
from robot.practice.server import DEFAULT_HOSTS, Hosts, dashboard_app, listen
from robot.practice.setting import RELEASES
from robot.practice.store import Store
from robot.practice.trouble import AsgiApp, Trouble, hush_broken_off

_PARENT_LOOK_S = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    """Listen, say where, and serve until told to stop."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.list:
        sys.stdout.write(_listed())
        return 0
    try:
        hosts = Hosts.parse(options.hosts) if options.hosts else DEFAULT_HOSTS
        scenarios = find_scenarios([name for name in options.scenario.split(",") if name])
    except ValueError as error:
        parser.error(str(error))
    store = Store(options.data or ":memory:")
    pace = Pace(name=options.pace, seed=options.seed)
    if store.is_empty():
        store.put_all(build(options.seed))
    if options.release:
        store.set_setting("release", options.release)
    trouble = Trouble(store, seed=options.seed)
    trouble.choose(scenarios)
    with contextlib.closing(store), listen(options.port) as app, listen(options.oracle_port) as oracle:
        port = app.getsockname()[1]
        addresses = {
            "dashboard": f"http://{hosts.app}:{port}",
            "oracle": f"http://127.0.0.1:{oracle.getsockname()[1]}",
        }
        line = json.dumps(addresses) if options.json else _sentence(addresses)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        logging.getLogger("uvicorn.error").addFilter(hush_broken_off)
        apps = (
            (dashboard_app(store, pace, trouble, port=port, hosts=hosts), app),
            (oracle_app(store, pace, trouble, release=options.release), oracle),
        )
        asyncio.run(_serve(apps, parent=options.with_parent))
    return 0


def _sentence(addresses: dict[str, str]) -> str:
    return f"practice dashboard at {addresses['dashboard']} (oracle, for tests: {addresses['oracle']})"


def _listed() -> str:
    """All scenarios by group, one a line."""
    lines = []
    group = ""
    for one in all_scenarios().values():
        if one.group != group:
            lines += ["", one.group] if group else [one.group]
            group = one.group
        lines.append(f"  {one.name:<30} {one.title}")
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m robot.practice", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="app port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--oracle-port", type=int, default=0, help="port of the oracle, for tests")
    parser.add_argument(
        "--hosts", metavar="APP,FRAMES,ASSETS", default="", help="other host names, all below .localhost"
    )
    parser.add_argument("--pace", choices=("fast", "demo", "real"), default="fast", help="how long jobs take")
    parser.add_argument("--seed", type=int, default=1, help="which sample data")
    parser.add_argument("--scenario", metavar="A,B", default="", help="what is nasty about it, see --list")
    parser.add_argument("--list", action="store_true", help="name all scenarios and end")
    parser.add_argument("--data", metavar="FILE", help="keep the state in this file instead of in memory")
    parser.add_argument(
        "--release", choices=RELEASES, help="which user interface; the first is the usual one"
    )
    parser.add_argument("--json", action="store_true", help="say the addresses as one JSON object")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="end when this process has ended")
    return parser


class _Server(uvicorn.Server):
    """A server that leaves signals to `_serve`, which stops all of them together."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


async def _serve(apps: Sequence[tuple[AsgiApp, socket.socket]], *, parent: int | None) -> None:
    servers = [
        _Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        for app, _ in apps
    ]

    def stop(*_: object) -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    watcher = asyncio.create_task(_watch(parent, stop)) if parent is not None else None
    await asyncio.gather(
        *(server.serve(sockets=[listener]) for server, (_, listener) in zip(servers, apps, strict=True))
    )
    if watcher is not None:
        watcher.cancel()


async def _watch(parent: int, stop: Callable[[], None]) -> None:
    """Call `stop` when the process `parent` has ended."""
    while _is_alive(parent):
        await asyncio.sleep(_PARENT_LOOK_S)
    stop()


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        # Windows keeps the parent's number after its end only while someone holds it.
        import ctypes  # noqa: PLC0415

        handle = ctypes.windll.kernel32.OpenProcess(0x100000, False, pid)
        if not handle:
            return False
        waited = ctypes.windll.kernel32.WaitForSingleObject(handle, 0)
        ctypes.windll.kernel32.CloseHandle(handle)
        return bool(waited == 0x102)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(main())
