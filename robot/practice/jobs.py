"""Things that report "started" and finish later.

A job is a row with a time; due jobs are done before the next request is answered, so that nothing runs
by itself and a test can say when. Knows nothing of the web.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from robot.practice.pace import Pace
from robot.practice.store import Store

#: What a job of a kind does. `payload` is the JSON object it was scheduled with.
Work = Callable[[Store, Pace, dict[str, Any]], None]

_WORK: dict[str, Work] = {}


def job(kind: str) -> Callable[[Work], Work]:
    """Register the decorated function as the work of jobs of this kind."""

    def register(work: Work) -> Work:
        _WORK[kind] = work
        return work

    return register


def schedule(store: Store, pace: Pace, *, kind: str, payload: dict[str, Any], real_s: float) -> None:
    """Let a job come due after the pace's time, or what the setting `job_s` says.

    real_s: what the real dashboard takes, in seconds.
    """
    [row] = store.run("SELECT coalesce(max(seq), 0) + 1 AS number FROM sqlite_sequence WHERE name = 'job'")
    fixed_s = store.setting("job_s")
    after_s = pace.job_s(number=row["number"], real_s=real_s) if fixed_s is None else float(fixed_s)
    schedule_in(store, kind=kind, payload=payload, after_s=after_s)


def schedule_in(store: Store, *, kind: str, payload: dict[str, Any], after_s: float) -> None:
    """Let a job come due after so many seconds, whatever the pace."""
    due_at = time.time() + after_s
    store.run("INSERT INTO job (due_at, kind, payload) VALUES (?, ?, ?)", due_at, kind, json.dumps(payload))


def do_due(store: Store, pace: Pace) -> None:
    """Do every due job, oldest first, also those that a job schedules and that are due at once."""
    while rows := store.run("SELECT * FROM job WHERE due_at <= ? ORDER BY due_at, id LIMIT 1", time.time()):
        with store.together():
            store.run("DELETE FROM job WHERE id = ?", rows[0]["id"])
            _WORK[rows[0]["kind"]](store, pace, json.loads(rows[0]["payload"]))


def advance(store: Store, *, seconds: float) -> None:
    """Bring every waiting job nearer by `seconds`."""
    store.run("UPDATE job SET due_at = due_at - ?", seconds)
