"""The durable engine: the one module that knows the library (DBOS).

What it is relied on for is written down as tests, `tests/contract/`, so that a release that changes it is seen.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import Problem, SetupError
from robot.worker.engine import OnTick, Schedule, Stage, Ticket, Work
from robot.worker.schedules import MakingUp, Seen, check, is_repeat, next_at, no_schedule
from robot.worker.takeover import FROZEN_S, AtStart, ByLock, Takeover

#: Raised by hand, and only when the stages of a job change so that a job that is cut off could not go on.
_VERSION = "offboard-1"
_NAME = "offboard"
_WORKFLOW, _TICK = "work", "tick"
#: The lane on which ticks of schedules are told.
_TICKS = "ticks"
#: A job that ends its process so often is given up.
MOST_TRIES = 5
_STATES = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "working",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "withdrawn",
}


class DurableEngine:
    """One process on one database: `sqlite:///file` or `postgresql://...`."""

    def __init__(
        self,
        address: str,
        *,
        space: str,
        executor_id: str,
        on_dead: Callable[[str], None] = lambda executor_id: None,
        poll_s: float = 1.0,
        frozen_s: float = FROZEN_S,
    ) -> None:
        """space: what sets the tickets of this engine apart from others in the same database: the dashboard.

        executor_id: unique for each start of a process. on_dead: told of a process that is dead, or has lost its
        hold, before what it has left is given to others. frozen_s: see `takeover.FROZEN_S`.
        Raises SetupError when the database cannot be had.
        """
        for name in [name for name in os.environ if name.startswith("DBOS__")]:
            # The vendor's cloud mode.
            del os.environ[name]
        self._address = address
        self._space = space
        self._executor_id = executor_id
        self._on_dead = on_dead
        self._poll_s = poll_s
        self._is_launched = False
        self._is_closed = False
        is_sqlite = address.startswith("sqlite:///")
        try:
            if is_sqlite:
                _set_wal(Path(address.removeprefix("sqlite:///")))
            DBOS.migrate(address)
            self._client = DBOSClient(
                system_database_url=address,
                serializer=DBOSPortableJSONSerializer(),
                application_name=_NAME,
            )
        except Exception as error:  # the library raises whatever its database raises
            raise SetupError(_unreachable(error)) from None
        self._making_up = MakingUp(ticked=self._ticked, make_up=self._make_up, every_s=10 * poll_s)
        others = self._executors_at_work
        self._takeover: Takeover = (
            AtStart(others, self._take_over)
            if is_sqlite
            else ByLock(address, executor_id, others, self._take_over, frozen_s=frozen_s)
        )

    def _executors_at_work(self) -> set[str]:
        """Ids of the other processes that hold tickets, dead or alive."""
        found = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {one.executor_id for one in found if one.executor_id} - {self._executor_id}

    def put(self, ticket: Ticket, within: Any = None) -> bool:
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOW,
            "queue_name": self._queue_of(ticket.lane),
            "workflow_id": ticket.key,
            "workflow_id_reuse_policy": "reject",
            "app_version": _VERSION,
        }
        try:
            if within is None:
                self._client.enqueue(options, ticket.job_id)
            else:
                self._client.enqueue_in_transaction(within, options, ticket.job_id)
        except dbos_error.DBOSWorkflowIDInUseError:
            return False
        return True

    def _queue_of(self, lane: str) -> str:
        """Each lane is a queue of its own, so that a worker takes only what it has the login for."""
        return f"{self._space}/{lane}"

    def state_of(self, key: str) -> str | None:
        found = self._client.list_workflows(workflow_ids=[key], load_input=False, load_output=False)
        return _STATES[found[0].status] if found else None

    def hold(self) -> None:
        try:
            self._takeover.hold()
        except SQLAlchemyError as error:
            raise SetupError(_unreachable(error)) from None

    def launch(self, work: Work, *, lanes: Sequence[str], on_tick: OnTick | None = None) -> None:
        config: DBOSConfig = {
            "name": _NAME,
            "system_database_url": self._address,
            "application_version": _VERSION,
            "executor_id": self._executor_id,
            "log_level": "WARNING",
            "serializer": DBOSPortableJSONSerializer(),
        }
        DBOS(config=config)
        _register(work, on_tick)
        lanes = (*lanes, *((_TICKS,) if on_tick else ()))
        DBOS.listen_queues([self._queue_of(lane) for lane in lanes])
        if on_tick:
            # Before the library says that there was a tick.
            self._making_up.prepare()
        DBOS.launch()
        self._is_launched = True
        self._takeover.begin()
        for lane in lanes:
            DBOS.register_queue(
                self._queue_of(lane),
                # Over all workers.
                global_concurrency=1,
                polling_interval_sec=self._poll_s,
                on_conflict="always_update",
            )
        if on_tick:
            self._making_up.begin()

    def schedule(self, schedule: Schedule) -> None:
        check(schedule.cron, schedule.time_zone)
        context = {
            "name": schedule.name,
            "hours": schedule.hours,
            "since": datetime.now(UTC).isoformat(),
            "cron": schedule.cron,
            "time_zone": schedule.time_zone,
        }
        try:
            self._client.apply_schedules(
                [
                    {
                        "schedule_name": self._queue_of(schedule.name),
                        "workflow_name": _TICK,
                        "schedule": schedule.cron,
                        "context": context,
                        # The library's would look back to before the schedule was changed.
                        "automatic_backfill": False,
                        "cron_timezone": schedule.time_zone,
                        "queue_name": self._queue_of(_TICKS),
                    }
                ]
            )
        except dbos_error.DBOSException as error:
            raise no_schedule(str(error).partition(":")[2].strip() or str(error)) from None

    def schedules(self) -> list[Schedule]:
        return sorted((_schedule(one) for one in self._found_schedules()), key=lambda one: one.name)

    def _found_schedules(self) -> list[Any]:
        mine = self._queue_of("")
        return [one for one in self._client.list_schedules() if one["schedule_name"].startswith(mine)]

    def unschedule(self, name: str) -> None:
        self._client.delete_schedule(self._queue_of(name))

    def _ticked(self) -> Seen:
        return {
            str(one["schedule_name"]): datetime.fromisoformat(one["last_fired_at"])
            for one in self._found_schedules()
            if one["last_fired_at"]
        }

    def _make_up(self, seen: Seen, now: datetime) -> Seen:
        found = {}
        for one in self._found_schedules():
            if _schedule(one).next_at is None:
                continue
            name = str(one["schedule_name"])
            # Those that were added by an earlier release have it not.
            since = datetime.fromisoformat(one["context"].get("since") or now.isoformat())
            start = max(since, seen[name]) if name in seen else since
            if start < now:
                self._client.backfill_schedule(name, start, now)
            found[name] = now
        return found

    def is_connected(self) -> bool:
        return self._takeover.is_held()

    def _take_over(self, executor_ids: list[str]) -> None:
        for executor_id in executor_ids:
            self._on_dead(executor_id)
        # Private since the library's release 3.0. The public way forgets how often a ticket was tried.
        DBOS._recover_pending_workflows(executor_ids)

    def close(self, *, within_s: float) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._making_up.end()
        self._takeover.end()
        if self._is_launched:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=round(within_s))
        self._client.destroy()


def _register(work: Work, on_tick: OnTick | None) -> None:
    @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=MOST_TRIES)
    def run(job_id: str) -> str:
        return work(job_id, _stage)

    if on_tick is None:
        return

    @DBOS.workflow(name=_TICK, max_recovery_attempts=MOST_TRIES)
    def tick(due_at: datetime, context: dict[str, Any]) -> None:
        # Those that were added by an earlier release have no cron with them, and tick as the library has it.
        if "cron" in context and is_repeat(context["cron"], context["time_zone"], due_at):
            return
        on_tick(str(context["name"]), due_at.astimezone(UTC), float(context["hours"]))


def _unreachable(error: Exception) -> Problem:
    # What the library says may hold the address of the database, and with it the password.
    cause = getattr(error, "orig", None)
    why = str(cause).splitlines()[0] if cause is not None else type(error).__name__
    return Problem(
        what=f"the queue cannot be opened: {why}", done="nothing was started", next="check the database"
    )


def _schedule(found: Any) -> Schedule:
    cron, time_zone = str(found["schedule"]), str(found["cron_timezone"] or "UTC")
    return Schedule(
        name=str(found["context"]["name"]),
        cron=cron,
        time_zone=time_zone,
        hours=float(found["context"]["hours"]),
        next_at=next_at(cron, time_zone),
    )


def _stage(name: str, do: Stage) -> str:
    step: Callable[..., str] = DBOS.run_step
    return step({"name": name}, do)


def _set_wal(file: Path) -> None:
    """The library leaves the journal as it finds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
