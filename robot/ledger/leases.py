"""Who works on a customer, or with a login, now: one run at a time, in whatever process.

A lease is a row with a token. It is renewed while its run lives, and asked for again in the transaction that
arms a press, so that a run that was frozen and overtaken presses nothing. Must not know of pages.

Times in the rows are the wall clock's, since several machines share them; so a clock that is set must decide
nothing. Set forward on a machine that looks, it makes every lease look old, and set back where a run lives, it
makes that run's own look so; set forward there, it lets the lease of a run that has died look fresh for as
long. Therefore a time that is far off, in either direction, is a suspicion and no more: a lease is stale once
it was seen unchanged, by the clock of whoever looks that nobody sets, for longer than a living run takes to
renew it. A process of the same machine that has ended needs no clock.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import ApplicationError, GateError, Problem
from robot.ledger.database import Ledger, moment
from robot.ledger.tables import LEASES
from robot.run.model import Intent

#: How often a lease is renewed, in s.
RENEW_S = 10.0
#: One that was not renewed for so long may have no holder any more, in s.
STALE_S = 60.0
#: The same for one whose time lies so far ahead, in s: clocks of machines may differ by two minutes.
AHEAD_S = STALE_S + 120.0
#: It has none if nobody renews it while it is watched for so long, in s.
WATCH_S = 2.5 * RENEW_S
#: Pauses between attempts to give leases back, in s.
_GIVE_BACK_AFTER_S = (0.2, 0.5, 1.0, 2.0, 4.0)
#: Tokens of this process that are held. What it has left behind in the database holds nobody.
_LIVING: set[str] = set()


class HeldError(ApplicationError):
    """Another run holds what this one needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds leases."""

    host: str
    pid: int
    #: What tells it from a later process of the same number; empty where the system does not say.
    process_began: str


class Leases:
    """The leases of one run: taken, renewed in the background, given back at the end."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        dashboard: str,
        run_id: str,
        holder: Holder | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        renew_s: float = RENEW_S,
        watch_s: float = WATCH_S,
        worker: str = "",
    ) -> None:
        """watch_s: how long a lease that looks old is watched before it is taken.

        worker: id of the worker that the run belongs to; what is known to be dead gives its leases back."""
        self._ledger = ledger
        self._dashboard = dashboard
        self._run_id = run_id
        self._holder = holder or this_process()
        self._now = now
        self._renew_s = renew_s
        self._watch_s = watch_s
        #: Leases of others that look old: which and of when, and since when nothing has renewed them.
        self._watched: dict[str, tuple[tuple[str, str], float]] = {}
        self._worker = worker
        self._token = uuid4().hex
        self._is_lost = False
        self._keys: set[str] = set()
        self._is_over = threading.Event()
        self._renewer = threading.Thread(target=self._renew_until_over, name="leases", daemon=True)

    def __enter__(self) -> Leases:
        self._renewer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._renewer.join()
        _LIVING.discard(self._token)
        for pause_s in (*_GIVE_BACK_AFTER_S, None):
            try:
                with self._ledger.begin() as connection:
                    connection.execute(delete(LEASES).where(LEASES.c.token == self._token))
                return
            except SQLAlchemyError:
                # A database that is restarted is back soon. If it is not, the lease goes stale by itself.
                if pause_s is not None:
                    time.sleep(pause_s)

    def take_login(self, email: str) -> None:
        """Raises HeldError when another run works with this login."""
        self._take(_login(self._dashboard, email), f"the login {email} is at work in another run")

    def take_customer(self, location_id: str) -> None:
        """Raises HeldError when another run works on this customer."""
        self._take(
            _customer(self._dashboard, location_id), f"another run works on the customer {location_id}"
        )

    def take_worker(self) -> None:
        """Raises HeldError when another worker is at work on this dashboard, with the same file."""
        self._take(f"worker:{self._dashboard}", "another worker is at work on this dashboard")

    def take_alone(self, what: str) -> Problem | None:
        """Takes what only one run at a time may use on a dashboard; says why not where it cannot be had now."""
        key = self._alone(what)
        try:
            with self._ledger.begin() as connection:
                other = self._take_in(connection, key)
        except SQLAlchemyError as error:
            return Problem(
                what=f"nobody can say whether another run has the {what}: {str(error).partition(chr(10))[0]}"
            )
        if other is not None:
            return _held(f"another run has the {what}", other, "nothing was pressed")
        self._keys.add(key)
        return None

    def give_back_alone(self, what: str) -> None:
        """Lets others have it; while the database is away, it ends with the run."""
        key = self._alone(what)
        self._keys.discard(key)
        with suppress(SQLAlchemyError), self._ledger.begin() as connection:
            connection.execute(delete(LEASES).where(LEASES.c.token == self._token, LEASES.c.key == key))

    def _alone(self, what: str) -> str:
        return f"alone:{self._dashboard}/{what}"

    def is_lost(self) -> bool:
        """Whether a press was refused since another run has taken over."""
        return self._is_lost

    def assert_held(self, connection: Connection, intent: Intent) -> None:
        """A condition of the gate: every lease is still ours, and the intent's customer is nobody else's.

        Raises GateError. A customer whom nobody holds is taken in the same transaction.
        """
        key = _customer(self._dashboard, intent.location_id)
        if key not in self._keys:
            other = self._take_in(connection, key)
            if other is not None:
                raise GateError(
                    _held(
                        f"another run works on the customer {intent.location_id}",
                        other,
                        "nothing was pressed",
                    )
                )
            self._keys.add(key)
        held = connection.execute(select(LEASES.c.key).where(LEASES.c.token == self._token)).scalars().all()
        lost = sorted(self._keys - set(held))
        if lost:
            self._is_lost = True
            raise GateError(
                Problem(
                    what=f"this run was taken for dead, and another one has taken over ({lost[0]})",
                    done="nothing was pressed",
                    next="leave it to the other run",
                )
            )

    def _take(self, key: str, what: str) -> None:
        watched = None
        while True:
            with self._ledger.begin() as connection:
                other = self._take_in(connection, key)
            if other is None or not _is_stale(other, self._holder.host, self._now()):
                break
            if watched is not None and watched != (other.token, other.seen_at):
                # Renewed, or taken by somebody else: it lives, whatever its time says.
                break
            watched = (other.token, other.seen_at)
            self._is_over.wait(min(1.0, self._watch_s / 4))
        if other is not None:
            raise HeldError(_held(what, other, "nothing was started"))
        self._keys.add(key)

    def _take_in(self, connection: Connection, key: str) -> Row[Any] | None:
        """Takes a lease that nobody holds. Returns the row of whoever does."""
        row = connection.execute(select(LEASES).where(LEASES.c.key == key).with_for_update()).first()
        if (
            row is not None
            and row.token != self._token
            and not (_is_stale(row, self._holder.host, self._now()) and self._is_unchanged(row))
        ):
            return row
        self._watched.pop(key, None)
        connection.execute(delete(LEASES).where(LEASES.c.key == key))
        _LIVING.add(self._token)
        now = moment(self._now())
        connection.execute(
            insert(LEASES).values(
                key=key,
                token=self._token,
                run_id=self._run_id,
                host=self._holder.host,
                pid=self._holder.pid,
                process_began=self._holder.process_began,
                taken_at=now,
                seen_at=now,
                worker=self._worker,
            )
        )
        return None

    def _is_unchanged(self, row: Row[Any]) -> bool:
        """Whether a lease that looks old has no holder: they have ended here, or nobody has renewed it for long."""
        if _has_ended(row, self._holder.host):
            return True
        of = (str(row.token), str(row.seen_at))
        known, since = self._watched.get(row.key, (of, time.monotonic()))
        if known != of:
            since = time.monotonic()
        self._watched[row.key] = (of, since)
        return time.monotonic() - since >= self._watch_s

    def _renew_until_over(self) -> None:
        while not self._is_over.wait(self._renew_s):
            try:
                with self._ledger.begin() as connection:
                    connection.execute(
                        update(LEASES)
                        .where(LEASES.c.token == self._token)
                        .values(seen_at=moment(self._now()))
                    )
            except SQLAlchemyError:
                # Asked for again at the next press, which is not made then.
                continue


class OvertakenError(HeldError):
    """This run was taken for dead, and another one works on what it was made for."""


def release_leases_of(connection: Connection, worker: str) -> None:
    """Ends every lease of a worker that is dead: its runs, should they live after all, press nothing more."""
    connection.execute(delete(LEASES).where(LEASES.c.worker == worker))


def customers_at_work(connection: Connection, dashboard: str, now: datetime) -> set[str]:
    """Location ids of the customers on whom a living run works."""
    beginning = _customer(dashboard, "")
    rows = connection.execute(select(LEASES).where(LEASES.c.key.startswith(beginning, autoescape=True)))
    host = socket.gethostname()
    return {row.key.removeprefix(beginning) for row in rows if not _is_stale(row, host, now)}


def runs_at_work(connection: Connection, now: datetime) -> set[str]:
    """Ids of the runs that live, as seen from this machine."""
    host = socket.gethostname()
    return {row.run_id for row in connection.execute(select(LEASES)) if not _is_stale(row, host, now)}


def is_login_at_work(connection: Connection, dashboard: str, email: str, now: datetime) -> bool:
    """Whether a living run works with this login."""
    key = _login(dashboard, email)
    row = connection.execute(select(LEASES).where(LEASES.c.key == key)).first()
    return row is not None and not _is_stale(row, socket.gethostname(), now)


def _is_stale(row: Row[Any], host: str, now: datetime) -> bool:
    """Whether a lease looks as if it had no holder any more, as seen from this machine.

    Who only looks, and takes nothing, believes that: at worst a run is begun that is refused what it needs.
    """
    if row.host == host:
        me = this_process()
        if (row.pid, row.process_began) == (me.pid, me.process_began):
            return row.token not in _LIVING
        if not is_alive(row.pid, row.process_began):
            return True
    age_s = (now - datetime.fromisoformat(row.seen_at)).total_seconds()
    return age_s > STALE_S or age_s < -AHEAD_S


def _has_ended(row: Row[Any], host: str) -> bool:
    """Whether the holder of a lease was a process, or a run, of this machine that is no more."""
    if row.host != host:
        return False
    me = this_process()
    if (row.pid, row.process_began) == (me.pid, me.process_began):
        return str(row.token) not in _LIVING
    return not is_alive(row.pid, row.process_began)


def _login(dashboard: str, email: str) -> str:
    return f"login:{dashboard}/{email}"


def _customer(dashboard: str, location_id: str) -> str:
    return f"customer:{dashboard}/{location_id}"


def _held(what: str, row: Row[Any], done: str) -> Problem:
    return Problem(
        what=what,
        details=(
            ("run", f"{row.run_id}, process {row.pid} on {row.host}"),
            ("since", f"{datetime.fromisoformat(row.taken_at):%Y-%m-%d %H:%M:%S} UTC"),
        ),
        done=done,
        next="wait until it has ended; one that has died is overtaken",
    )


def this_process() -> Holder:
    return Holder(host=socket.gethostname(), pid=os.getpid(), process_began=_began(os.getpid()) or "")


def is_alive(pid: int, began: str) -> bool:
    """Whether a process of this machine still lives; True where that cannot be told."""
    if sys.platform != "linux":
        return True
    now = _began(pid)
    return now is not None and (not began or now == began)


def _began(pid: int) -> str | None:
    """When a process began, in ticks since the machine did, with the machine's own start; None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None if Path("/proc/self/stat").exists() else ""
    # The name of the program may hold anything, brackets too; the state and the 19 numbers after it do not.
    state, *rest = text.rpartition(")")[2].split()
    return None if state == "Z" else f"{boot}/{rest[18]}"
