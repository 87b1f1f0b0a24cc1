"""What is relied on of the durable engine, on SQLite and on Postgres: a release that changes it fails here."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from robot.errors import BadInputError
from robot.ledger.database import open_ledger
from robot.worker.durable import MOST_TRIES, DurableEngine
from robot.worker.engine import Schedule, Ticket
from tests.acceptance.command import ROOT, poll
from tests.postgres import Postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of this module's own."""
    server = Postgres()
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.make()


@pytest.fixture
def engine(address: str) -> Iterator[DurableEngine]:
    opened = DurableEngine(address, space="here", executor_id="test", poll_s=0.1)
    yield opened
    opened.close(within_s=0)


class Workers:
    """Worker processes, and what they have written."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self.living: list[subprocess.Popen[str]] = []

    def start(
        self, executor: str, *, lanes: str = "login,other", ticks: str = "ticks", may_die: bool = False
    ) -> subprocess.Popen[str]:
        """may_die: what it works may kill it before it has said that it is up."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.contract.worker",
                self._address,
                executor,
                str(self._folder),
                lanes,
                ticks,
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.living.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() in (("up\n", "") if may_die else ("up\n",))
        return process

    def lines(self) -> list[tuple[str, ...]]:
        file = self._folder / "lines"
        return [tuple(line.split()) for line in file.read_text().splitlines()] if file.exists() else []

    def wait_for(self, *line: str, within_s: float = 30) -> None:
        assert poll(lambda: any(one[: len(line)] == line for one in self.lines()), within_s=within_s), (
            self.lines()
        )

    def let_go(self) -> None:
        (self._folder / "go").write_text("")

    def count(self, job: str, stage: str, what: str = "begin") -> int:
        return sum(one[0] == job and one[1] == stage and one[3] == what for one in self.lines())


@contextmanager
def _ended(workers: Workers) -> Iterator[Workers]:
    try:
        yield workers
    finally:
        for process in workers.living:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


@pytest.fixture
def workers(address: str, tmp_path: Path) -> Iterator[Workers]:
    with _ended(Workers(address, tmp_path)) as made:
        yield made


def ticket(job: str, **more: object) -> Ticket:
    return Ticket(**{"key": job.partition(":")[0], "job_id": job, "lane": "login", **more})  # type: ignore[arg-type]


def is_done(engine: DurableEngine, key: str, *, within_s: float = 30) -> bool:
    return poll(lambda: engine.state_of(key) == "done", within_s=within_s)


def test_a_key_is_taken_once_ever(engine: DurableEngine, workers: Workers) -> None:
    assert engine.put(ticket("one:a"))
    assert not engine.put(ticket("one:b"))
    workers.start("w1")
    assert is_done(engine, "one")
    assert not engine.put(ticket("one:c"))
    assert [line[1] for line in workers.lines()] == ["a", "a"]


def test_a_killed_worker_goes_on_at_the_stage_that_was_cut_off(
    engine: DurableEngine, workers: Workers
) -> None:
    engine.put(ticket("one:a,b!,c"))
    first = workers.start("w1")
    workers.wait_for("one", "b!", "w1", "begin")
    first.send_signal(signal.SIGKILL)
    first.wait()
    workers.let_go()
    workers.start("w1")
    assert is_done(engine, "one")
    assert [workers.count("one", stage) for stage in ("a", "b!", "c")] == [1, 2, 1]


def test_what_a_dead_worker_has_left_is_taken_over_by_another(
    engine: DurableEngine, workers: Workers, address: str
) -> None:
    engine.put(ticket("one:a,b!,c"))
    first = workers.start("w1")
    workers.wait_for("one", "b!", "w1", "begin")
    is_shared = address.startswith("postgresql")
    if is_shared:
        workers.start("w2")
    first.send_signal(signal.SIGKILL)
    first.wait()
    if not is_shared:
        # One worker at a time on SQLite.
        workers.start("w2")
    workers.wait_for("one", "b!", "w2", "begin")
    workers.let_go()
    assert is_done(engine, "one")
    assert [workers.count("one", stage) for stage in ("a", "b!", "c")] == [1, 2, 1]
    assert next(line for line in workers.lines() if line[1] == "c")[2] == "w2"


# One worker at a time on SQLite.
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
def test_what_a_living_worker_does_is_not_taken_over(engine: DurableEngine, workers: Workers) -> None:
    engine.put(ticket("one:a!,b"))
    workers.start("w1")
    workers.wait_for("one", "a!", "w1", "begin")
    workers.start("w2")
    engine.put(ticket("two:a", lane="other"))
    assert is_done(engine, "two")
    workers.let_go()
    assert is_done(engine, "one")
    assert workers.count("one", "a!") == 1
    assert {line[2] for line in workers.lines() if line[0] == "one"} == {"w1"}


def test_tickets_of_one_lane_are_worked_one_after_the_other_in_order(
    engine: DurableEngine, workers: Workers
) -> None:
    for number in range(4):
        engine.put(ticket(f"a{number}:x,y", lane="A"))
        engine.put(ticket(f"b{number}:x,y", lane="B"))
    workers.start("w1", lanes="A,B")
    assert all(is_done(engine, f"{lane}{number}") for lane in "ab" for number in range(4))
    for lane in "ab":
        jobs = [line[0] for line in workers.lines() if line[0].startswith(lane)]
        assert jobs == [f"{lane}{number}" for number in range(4) for _ in range(4)]


# One worker at a time on SQLite.
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
def test_a_lane_is_one_over_all_workers(engine: DurableEngine, workers: Workers) -> None:
    for number in range(12):
        engine.put(ticket(f"a{number}:x,y", lane="A"))
    workers.start("w1", lanes="A")
    workers.start("w2", lanes="A")
    assert all(is_done(engine, f"a{number}") for number in range(12))
    jobs = [line[0] for line in workers.lines()]
    assert jobs == [job for job in dict.fromkeys(jobs) for _ in range(4)]


def test_a_worker_takes_only_from_its_own_lanes(engine: DurableEngine, workers: Workers) -> None:
    engine.put(ticket("theirs:x", lane="A"))
    engine.put(ticket("mine:x", lane="B"))
    workers.start("w1", lanes="B")
    assert is_done(engine, "mine")
    assert engine.state_of("theirs") == "queued"


def test_a_dashboard_has_a_queue_of_its_own(engine: DurableEngine, address: str, workers: Workers) -> None:
    elsewhere = DurableEngine(address, space="elsewhere", executor_id="test2", poll_s=0.1)
    elsewhere.put(ticket("theirs:x"))
    engine.put(ticket("mine:x"))
    workers.start("w1")
    assert is_done(engine, "mine")
    assert elsewhere.state_of("theirs") == "queued"
    elsewhere.close(within_s=0)


def test_a_ticket_is_there_once_the_transaction_is_committed(
    engine: DurableEngine, address: str, workers: Workers
) -> None:
    workers.start("w1")
    ledger = open_ledger(address)
    with pytest.raises(ZeroDivisionError), ledger.begin() as connection:
        assert engine.put(ticket("never:x"), connection)
        raise ZeroDivisionError
    with ledger.begin() as connection:
        assert engine.put(ticket("one:x"), connection)
    with ledger.begin() as connection:
        assert not engine.put(ticket("one:x"), connection)
    ledger.close()
    assert is_done(engine, "one")
    assert engine.state_of("never") is None


# One worker at a time on SQLite.
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
def test_what_a_frozen_worker_holds_is_taken_over_and_it_finishes_nothing(
    engine: DurableEngine, workers: Workers
) -> None:
    engine.put(ticket("one:a!,b"))
    first = workers.start("w1")
    workers.wait_for("one", "a!", "w1", "begin")
    first.send_signal(signal.SIGSTOP)
    workers.start("w2")
    workers.wait_for("one", "a!", "w2", "begin")
    first.send_signal(signal.SIGCONT)
    workers.let_go()
    assert is_done(engine, "one")
    assert {line[2] for line in workers.lines() if line[:2] == ("one", "b")} == {"w2"}


def test_what_fails_is_told_and_holds_nobody_up(engine: DurableEngine, workers: Workers) -> None:
    engine.put(ticket("bad:fails"))
    engine.put(ticket("good:x"))
    workers.start("w1")
    assert is_done(engine, "good")
    assert engine.state_of("bad") == "failed"


def test_what_kills_its_worker_again_and_again_is_given_up(engine: DurableEngine, workers: Workers) -> None:
    engine.put(ticket("poison:dies"))
    for _ in range(MOST_TRIES + 3):
        if engine.state_of("poison") == "failed":
            break
        process = workers.start("w1", may_die=True)
        poll(lambda: process.poll() is not None or engine.state_of("poison") == "failed", within_s=30)  # noqa: B023
        process.kill()
        process.wait()
    assert engine.state_of("poison") == "failed"
    assert workers.count("poison", "dies") <= MOST_TRIES + 1


def test_a_worker_that_is_told_to_end_finishes_what_it_has_begun(
    engine: DurableEngine, workers: Workers
) -> None:
    engine.put(ticket("one:a,b!,c"))
    engine.put(ticket("two:a"))
    process = workers.start("w1")
    workers.wait_for("one", "b!", "w1", "begin")
    process.terminate()
    workers.let_go()
    assert process.wait(timeout=60) == 0
    assert engine.state_of("one") == "done"
    assert engine.state_of("two") in ("queued", "done")


# SQLite is a file.
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
def test_what_was_begun_goes_on_when_the_database_comes_back(
    engine: DurableEngine, workers: Workers, postgres: Postgres
) -> None:
    engine.put(ticket("one:a,b!,c"))
    workers.start("w1")
    workers.wait_for("one", "b!", "w1", "begin")
    postgres.restart()
    workers.let_go()
    assert poll(lambda: _is_done_or_away(engine, "one"), within_s=60)
    assert workers.count("one", "a") == 1
    assert workers.count("one", "c", "end") == 1


def _is_done_or_away(engine: DurableEngine, key: str) -> bool:
    try:
        return engine.state_of(key) == "done"
    except SQLAlchemyError:
        return False


class Ticks:
    """What workers have been told of schedules."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ticks"

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self._file.read_text().splitlines()] if self._file.exists() else []

    def seconds(self) -> list[int]:
        """Since 1970, in order."""
        return sorted(int(second) for _, second, _, _ in self.lines())

    def are_all_there(self, since: int, until: int) -> bool:
        """Whether each second from one to the other was told."""
        return set(range(since, until + 1)) <= set(self.seconds())


@pytest.fixture
def ticks(tmp_path: Path) -> Ticks:
    return Ticks(tmp_path)


#: Six fields, with seconds, are for the tests alone.
OFTEN = Schedule(name="often", cron="* * * * * *", time_zone="Europe/Berlin", hours=2.5)


def test_a_tick_of_a_schedule_is_told_once_over_all_workers(
    engine: DurableEngine, workers: Workers, ticks: Ticks, address: str
) -> None:
    engine.schedule(OFTEN)
    [known] = engine.schedules()
    assert (known.name, known.hours) == ("often", 2.5)
    workers.start("w1")
    if address.startswith("postgresql"):
        workers.start("w2")
    assert poll(lambda: len(ticks.lines()) >= 6, within_s=30)
    engine.unschedule("often")
    assert engine.schedules() == []
    first, *_, last = ticks.seconds()
    assert poll(lambda: ticks.are_all_there(first, last), within_s=30), ticks.seconds()
    assert len(ticks.seconds()) == len(set(ticks.seconds()))
    assert {hours for _, _, hours, _ in ticks.lines()} == {"2.5"}


def test_ticks_that_nobody_was_there_for_are_made_up(
    engine: DurableEngine, workers: Workers, ticks: Ticks
) -> None:
    added = int(time.time())
    engine.schedule(OFTEN)
    # Nobody was there when it was added; then somebody; then nobody again.
    first = workers.start("w1")
    assert poll(lambda: len(ticks.lines()) >= 3, within_s=30)
    first.terminate()
    first.wait()
    workers.start("w2")
    here = int(time.time())
    assert poll(lambda: ticks.are_all_there(added + 1, here + 2), within_s=30), ticks.seconds()
    assert len(ticks.seconds()) == len(set(ticks.seconds()))
    assert {executor for *_, executor in ticks.lines()} == {"w1", "w2"}


# SQLite is a file.
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
def test_ticks_that_came_while_the_database_was_away_are_made_up(
    engine: DurableEngine, workers: Workers, ticks: Ticks, postgres: Postgres
) -> None:
    engine.schedule(OFTEN)
    workers.start("w1")
    assert poll(lambda: len(ticks.lines()) >= 2, within_s=30)
    gone = int(time.time())
    postgres.restart(away=lambda: poll(lambda: time.time() > gone + 4, within_s=10))
    assert poll(lambda: ticks.are_all_there(gone, gone + 6), within_s=60), ticks.seconds()
    assert len(ticks.seconds()) == len(set(ticks.seconds()))


def test_a_schedule_that_is_changed_ticks_as_it_is_now_from_now_on(
    engine: DurableEngine, workers: Workers, ticks: Ticks
) -> None:
    engine.schedule(OFTEN)
    first = workers.start("w1")
    assert poll(lambda: len(ticks.lines()) >= 2, within_s=30)
    first.terminate()
    first.wait()
    ended = int(time.time())
    assert poll(lambda: time.time() > ended + 2, within_s=10)
    changed = int(time.time())
    engine.schedule(replace(OFTEN, hours=7.5))
    workers.start("w2")
    assert poll(lambda: ticks.are_all_there(changed + 1, changed + 4), within_s=30), ticks.seconds()
    assert min(int(second) for _, second, hours, _ in ticks.lines() if hours == "7.5") >= changed


@pytest.mark.parametrize(
    ("cron", "zone"),
    [("never", "UTC"), ("61 * * * *", "UTC"), ("* * * *", "UTC"), ("0 1 * * *", "Mars/Olympus")],
)
def test_what_is_no_schedule_is_refused(engine: DurableEngine, cron: str, zone: str) -> None:
    with pytest.raises(BadInputError):
        engine.schedule(Schedule(name="odd", cron=cron, time_zone=zone, hours=1))
    assert engine.schedules() == []


def test_a_time_that_the_clocks_show_twice_is_told_once(
    engine: DurableEngine, workers: Workers, ticks: Ticks
) -> None:
    engine.schedule(Schedule(name="autumn", cron="30 2 31 10 *", time_zone="Europe/Berlin", hours=1))
    workers.start("w1")
    name = engine._queue_of("autumn")
    # The library queues both.
    made = engine._client.backfill_schedule(
        name, datetime(2027, 10, 1, tzinfo=UTC), datetime(2028, 11, 1, tzinfo=UTC)
    )
    assert len(made) == 3
    assert poll(lambda: all(one.get_status().status == "SUCCESS" for one in made), within_s=30)
    assert [datetime.fromtimestamp(second, UTC) for second in ticks.seconds()] == [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2028, 10, 31, 1, 30, tzinfo=UTC),
    ]


def test_a_worker_that_keeps_no_schedules_leaves_their_ticks_to_others(
    engine: DurableEngine, workers: Workers, ticks: Ticks
) -> None:
    engine.schedule(Schedule(name="often", cron="* * * * * *", time_zone="UTC", hours=1))
    first = workers.start("w1", ticks="none")
    for number in range(3):
        engine.put(ticket(f"t{number}:x"))
        assert is_done(engine, f"t{number}")
    assert ticks.lines() == []
    first.terminate()
    assert first.wait(timeout=60) == 0
    workers.start("w2")
    assert poll(lambda: ticks.lines() != [], within_s=30)
    assert {line[3] for line in ticks.lines()} == {"w2"}
