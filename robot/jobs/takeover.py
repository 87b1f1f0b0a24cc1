"""Who goes on with what a dead worker has left; the library never does that by itself.

On Postgres every worker holds a session lock on its own id: whoever can take the lock of another one knows that it
is gone. No clock is asked. On SQLite there is one worker, so what others have left is left by the dead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

#: How often it is looked for the dead, in s.
_EVERY_S = 1.0

#: Gives the ids of other processes that hold tickets, dead or alive.
Others = Callable[[], set[str]]
#: Puts what these processes have left back into the queue.
TakeOver = Callable[[list[str]], None]


class Takeover(Protocol):
    """Of one worker."""

    def hold(self) -> None:
        """Before the worker begins to work: nobody takes it for dead. Raises SQLAlchemyError."""

    def begin(self) -> None:
        """Once it works."""

    def end(self) -> None: ...


class AtStart:
    """Once, when a worker starts."""

    def __init__(self, others: Others, take_over: TakeOver) -> None:
        self._others = others
        self._take_over = take_over

    def hold(self) -> None:
        """There is nobody else."""

    def begin(self) -> None:
        self._take_over(sorted(self._others()))

    def end(self) -> None:
        """Nothing was begun."""


class ByLock:
    """For as long as a worker works."""

    def __init__(self, address: str, executor_id: str, others: Others, take_over: TakeOver) -> None:
        self._engine = create_engine(
            address.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
        )
        self._executor_id = executor_id
        self._others = others
        self._take_over = take_over
        self._session: Connection | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="takeover", daemon=True)

    def hold(self) -> None:
        self._session = self._open()

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
        self._engine.dispose()

    def _open(self) -> Connection:
        """A session that holds our own lock for as long as it lives."""
        session = self._engine.connect()
        session.execute(text("SELECT pg_advisory_lock(hashtextextended(:id, 0))"), {"id": self._executor_id})
        return session

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            try:
                self._session = self._session or self._open()
                self._look(self._session)
            except SQLAlchemyError:
                # The database is away: others take our tickets over, and each press asks for its lease.
                self._session = None

    def _look(self, session: Connection) -> None:
        session.execute(text("SELECT 1"))
        for other in sorted(self._others()):
            held = {"id": other}
            if session.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:id, 0))"), held).scalar():
                self._take_over([other])
                session.execute(text("SELECT pg_advisory_unlock(hashtextextended(:id, 0))"), held)
