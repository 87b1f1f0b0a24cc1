"""Two workers that wake, claim and end at the same moment, and a person who cancels: each turn has one owner."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, select

from robot.errors import BlockedError
from robot.jobs.intake import add_one
from robot.ledger.cases import Cases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.jobs import Jobs
from robot.ledger.tables import TURNS
from robot.ledger.turns import FOLLOWUP, Turns
from tests.contract.test_figures import wanted
from tests.postgres import Postgres

HERE = "https://app.agency.example"


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    server = Postgres()
    with closing(open_ledger(server.make())) as opened:
        yield opened
    server.end()


def at_once(*works: object) -> None:
    """Runs all of them side by side, and raises what any of them has raised."""
    failures: list[BaseException] = []

    def run(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:  # raised below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_a_claim_sorts_nothing_right_after_a_large_import(ledger: Ledger) -> None:
    """Before the database has looked at what was added, too."""
    there = "https://many.agency.example"
    jobs, turns = Jobs(ledger, dashboard=there), Turns(ledger, dashboard=there)
    jobs.add(wanted(0, 2000), profile="p", by="ann")
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *more: object) -> None:
        if "ORDER BY jobs.priority" in statement:
            asked.append((statement, parameters))

    event.listen(ledger.engine, "before_cursor_execute", note)
    assert turns.claim("robot@x", worker="w", on_claim=lambda job, connection: None)
    event.remove(ledger.engine, "before_cursor_execute", note)
    [(statement, parameters)] = asked
    with ledger.begin() as connection:
        steps = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
        # Which of two that begin alike it takes is a matter of chance.
        named = connection.exec_driver_sql(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'jobs'"
        ).scalars()
        assert len([one for one in named if "(dashboard, state" in one]) == 1
        # Nor is a plan kept that was made for a short queue: the driver would prepare what it has asked five times.
        for _ in range(10):
            connection.execute(select(TURNS.c.number).where(TURNS.c.job_id == "x"))
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
    assert any("Index Scan using jobs_in_order" in step for step in steps), steps
    assert not any("Sort" in step for step in steps), steps


def test_a_job_is_worked_by_one_at_a_time(ledger: Ledger) -> None:
    jobs, turns = Jobs(ledger, dashboard=HERE), Turns(ledger, dashboard=HERE)
    for name in "AB":
        case = Cases(ledger, dashboard=HERE).open(profile="p", location_id=name, company=name, by="ann")
        job = add_one(jobs, {"company": name}, profile="p", by="ann", source="test").job
        turns.note_case(job, case.id)

    def work(worker: str) -> None:
        mine = Turns(ledger, dashboard=HERE)
        for _ in range(150):
            mine.wake()
            job = mine.claim(worker, worker=worker, on_claim=lambda job, connection: None)
            if job is None:
                continue
            assert mine.begin(job.id, job.turn, worker=worker) is not None
            # Nothing is awaited, so it is woken at once.
            assert mine.end(job, "waiting", "", worker=worker, waits_for=FOLLOWUP)

    at_once(*(lambda name=name: work(name) for name in ("w1", "w2", "w3")))
    with ledger.begin() as connection:
        rows = connection.execute(select(TURNS).order_by(TURNS.c.job_id, TURNS.c.number)).all()
    assert len(rows) > 50
    overlaps = [
        (before.number, after.number)
        for before, after in pairwise(rows)
        if before.job_id == after.job_id and (before.ended_at is None or before.ended_at > after.claimed_at)
    ]
    assert overlaps == []


def test_a_job_that_is_cancelled_is_not_begun(ledger: Ledger) -> None:
    dashboard = f"{HERE}/cancelled"
    jobs, turns = Jobs(ledger, dashboard=dashboard), Turns(ledger, dashboard=dashboard)
    for number in range(60):
        job = add_one(jobs, {"company": f"C{number}"}, profile="p", by="ann", source="test").job
        claimed, cancelled = [], []

        def claim() -> None:
            claimed.append(turns.claim("login", worker="w", on_claim=lambda job, connection: None))  # noqa: B023

        def cancel() -> None:
            try:
                cancelled.append(jobs.cancel(job, reason="a mistake"))  # noqa: B023
            except BlockedError:
                cancelled.append(None)  # noqa: B023

        at_once(claim, cancel)
        now = jobs.find(job.id)
        assert (claimed[0] is None) == (cancelled[0] is not None)
        assert now.state == ("cancelled" if cancelled[0] else "working")
        if claimed[0] is not None:
            turns.begin(job.id, claimed[0].turn, worker="w")
            turns.end(claimed[0], "done", "", worker="w")
