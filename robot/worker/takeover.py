"""Who goes on with what a dead worker has left; the library never does that by itself.

On Postgres every worker holds a session lock on its own id and says something every second: whoever can take the
lock of another one knows that it is gone, and one that has said nothing for long has its session ended. Only the
server's clock is asked. On SQLite there is one worker, so what others have left is left by the dead.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection, create_engine, text

from robot.ledger.database import POSTGRES_TIMEOUTS, with_driver

LOG = logging.getLogger("offboard.worker")

#: How often it is looked for the dead, in s.
_EVERY_S = 1.0
#: A worker that has said nothing for so long is frozen, in s: its session is ended.
FROZEN_S = 30.0
#: After the database was away, others get so long to come back before they count as dead, in s.
_GRACE_S = 5.0

#: Notices within seconds that the other side of a session is gone; the server's own default is hours.
_KEEP_ALIVE = (
    "SET tcp_keepalives_idle = 3",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 10000",
)
_LOCK = text("SELECT pg_advisory_lock(hashtextextended(:id, 0))")
_TRY_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended(:id, 0))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended(:id, 0))")
_END_FROZEN = text(
    """
    SELECT pg_terminate_backend(activity.pid)
    FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((held.classid::bigint << 32) | held.objid::bigint) = hashtextextended(:id, 0)
        AND now() - activity.query_start > make_interval(secs => :seconds)
    """
)

#: Gives the ids of other processes that hold tickets, dead or alive.
Others = Callable[[], set[str]]
#: Puts what these processes have left back into the queue.
TakeOver = Callable[[list[str]], None]


class Takeover(Protocol):
    """Of one worker."""

    def hold(self) -> None:
        """From now on nobody takes this worker for dead. Raises SQLAlchemyError."""

    def begin(self) -> None:
        """From now on it takes over what the dead have left."""

    def is_held(self) -> bool:
        """Whether nobody can take this worker for dead."""

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

    def is_held(self) -> bool:
        return True

    def end(self) -> None:
        """Nothing was begun."""


class ByLock:
    """For as long as a worker works."""

    def __init__(
        self,
        address: str,
        executor_id: str,
        others: Others,
        take_over: TakeOver,
        *,
        frozen_s: float = FROZEN_S,
    ) -> None:
        self._engine = create_engine(
            with_driver(address), isolation_level="AUTOCOMMIT", connect_args=POSTGRES_TIMEOUTS
        )
        self._executor_id = executor_id
        self._others = others
        self._take_over = take_over
        self._frozen_s = frozen_s
        self._session: Connection | None = None
        self._patient_until = 0.0
        self._has_begun = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="takeover", daemon=True)

    def hold(self) -> None:
        self._session = self._open()
        self._thread.start()

    def begin(self) -> None:
        self._has_begun.set()

    def is_held(self) -> bool:
        return self._session is not None

    def end(self) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._drop()
        self._engine.dispose()

    def _open(self) -> Connection:
        """A session that holds our own lock for as long as it lives."""
        session = self._engine.connect()
        for statement in _KEEP_ALIVE:
            session.exec_driver_sql(statement)
        session.execute(_LOCK, {"id": self._executor_id})
        return session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.invalidate()
            session.close()

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            try:
                if self._session is None:
                    self._session = self._open()
                    self._patient_until = time.monotonic() + _GRACE_S
                self._session.execute(text("SELECT 1"))
                if self._has_begun.is_set() and time.monotonic() >= self._patient_until:
                    self._look(self._session)
            except Exception as error:  # whatever the database or the library raises while it is away
                LOG.warning("the hold on the queue is lost: %s", str(error).partition("\n")[0])
                # Others take our tickets over, and each press asks for its lease.
                self._drop()

    def _look(self, session: Connection) -> None:
        for other in sorted(self._others()):
            held = {"id": other}
            if session.execute(_TRY_LOCK, held).scalar():
                try:
                    self._take_over([other])
                finally:
                    session.execute(_UNLOCK, held)
            else:
                session.execute(_END_FROZEN, {**held, "seconds": self._frozen_s})
