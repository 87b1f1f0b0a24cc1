"""What the queue costs with many customers in it: figures, and that none of them grows with the queue.

Only with `--matrix`; the figures are printed with `-s`, and noted with `--junitxml=FILE`.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from robot.ledger.database import Ledger, open_ledger
from robot.ledger.jobs import Jobs, NewJob
from robot.ledger.turns import Turns
from robot.worker.durable import DurableEngine
from robot.worker.engine import Ticket
from tests.acceptance.command import poll
from tests.contract.test_engine import Workers
from tests.postgres import Postgres

pytestmark = pytest.mark.matrix

HERE = "https://app.agency.example"
Note = Callable[[str, object], None]


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server = Postgres()
    yield server.make()
    server.end()


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    with closing(open_ledger(address)) as opened:
        yield opened


@pytest.fixture
def engine(address: str) -> Iterator[DurableEngine]:
    opened = DurableEngine(address, space="here", executor_id="figures", poll_s=0.1)
    yield opened
    opened.close(within_s=0)


@pytest.fixture
def note(request: pytest.FixtureRequest, record_property: Note) -> Note:
    def tell(name: str, value: object) -> None:
        record_property(name, value)
        sys.stdout.write(f"\n{request.node.name}: {name}: {value}")

    return tell


def wanted(first: int, number: int) -> list[NewJob]:
    return [
        NewJob(
            location_id=f"Zz9{index:017d}",
            company=f"Customer {index}",
            requested_by="billing",
            due_on=f"2026-12-{1 + index % 28:02d}" if index % 3 else None,
            not_before=None,
            priority=1 + index % 9,
            policies={},
            source="figures",
        )
        for index in range(first, first + number)
    ]


def test_a_claim_costs_the_same_with_a_hundred_and_with_ten_thousand(
    ledger: Ledger, engine: DurableEngine, note: Note
) -> None:
    jobs, turns = Jobs(ledger, dashboard=HERE), Turns(ledger, dashboard=HERE)
    medians = {}
    for size in (100, 1_000, 10_000):
        missing = size - len(jobs.all(states=("queued",)))
        started = time.perf_counter()
        jobs.add(wanted(10_000_000 * size, missing), profile="p", by="ann")
        if size == 10_000:
            note("added at once, a second", round(missing / (time.perf_counter() - started)))
        costs = []
        for number in range(60):
            started = time.perf_counter()
            job = turns.claim(
                f"login{size}-{number}",
                worker="w",
                on_claim=lambda job, connection: (
                    engine.put(Ticket(key=f"{job.id}/{job.turn}", job_id=job.id, lane=job.lane), connection)
                    and None
                ),
            )
            costs.append((time.perf_counter() - started) * 1000)
            assert job is not None
        medians[size] = statistics.median(costs)
        p95 = statistics.quantiles(costs, n=20)[-1]
        note(f"a claim among {size}, ms", f"median {medians[size]:.1f}, p95 {p95:.1f}")
    started = time.perf_counter()
    for one in wanted(1, 200):
        jobs.add([one], profile="p", by="ann")
    note("added one by one, a second", round(200 / (time.perf_counter() - started)))
    started = time.perf_counter()
    assert jobs.counts()["queued"] > 9_000
    note("counted, ms", round((time.perf_counter() - started) * 1000, 1))
    # Flat, within what two cores of a shared machine allow.
    assert medians[10_000] < 5 * medians[100]


def test_how_soon_a_ticket_is_begun_and_what_an_idle_worker_costs(
    engine: DurableEngine, address: str, tmp_path: Path, note: Note
) -> None:
    workers = Workers(address, tmp_path)
    process = workers.start("w1", lanes=",".join(f"lane{number}" for number in range(4)))
    try:
        waits = []
        for number in range(40):
            started = time.perf_counter()
            engine.put(Ticket(key=f"t{number}", job_id=f"t{number}:x", lane=f"lane{number % 4}"))
            assert poll(lambda: any(line[0] == f"t{number}" for line in workers.lines()), within_s=30)  # noqa: B023
            waits.append((time.perf_counter() - started) * 1000)
        p95 = statistics.quantiles(waits, n=20)[-1]
        note(
            "from put to begun, polled every 100 ms, ms",
            f"median {statistics.median(waits):.0f}, p95 {p95:.0f}",
        )
        if Path("/proc").is_dir():
            before = _cpu_s(process.pid)
            threading.Event().wait(20)
            share = (_cpu_s(process.pid) - before) / 20
            note("idle, four lanes polled every 100 ms, share of a core", f"{share:.1%}")
            note("idle, MB", _resident_mb(process.pid))
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1024**2)
