"""The ledger under many rows, under others' writing, and with its file emptied, exchanged or taken away."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from robot.errors import RobotError, SetupError
from robot.ledger import database
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.jobs import Jobs, NewJob
from robot.ledger.stamp import stamp_of

ROWS = 20_000
#: What one transaction may hold the ledger for, in seconds, on a busy machine; it took 50 s before.
MOST_S = 15


def job(location_id: str, company: str) -> NewJob:
    return NewJob(
        location_id=location_id,
        company=company,
        requested_by="",
        due_on=None,
        not_before=None,
        priority=5,
        policies={},
        source="a table",
    )


def jobs_of(ledger: Ledger) -> Jobs:
    return Jobs(ledger, dashboard="https://app.example")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


@pytest.mark.parametrize("name", ["a name each", "one name for all"])
def test_twenty_thousand_rows_hold_nobody_up(file: Path, name: str) -> None:
    rows = [
        job(f"L{number:019d}", "The same" if name == "one name for all" else f"Customer {number}")
        for number in range(ROWS)
    ]
    with closing(open_ledger(file)) as ledger:
        began = monotonic()
        added = jobs_of(ledger).add(rows, profile="x", by="somebody")
        assert monotonic() - began < MOST_S
        assert [one.is_new for one in added] == [True] * ROWS
        assert len({one.job.id for one in added}) == ROWS
        # And all of it was taken, in its order.
        assert [one.is_new for one in jobs_of(ledger).add(rows, profile="x", by="somebody")] == [False] * ROWS
        assert len(jobs_of(ledger).all()) == ROWS


def test_others_write_while_an_import_goes_on(file: Path) -> None:
    waits: list[float] = []
    is_over = threading.Event()
    with closing(open_ledger(file)) as ledger, closing(open_ledger(file)) as other:

        def write() -> None:
            while not is_over.is_set():
                began = monotonic()
                jobs_of(other).set_paused(False, by="another")
                waits.append(monotonic() - began)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            jobs_of(ledger).add(
                [job(f"L{number:019d}", f"C {number}") for number in range(ROWS)], profile="x", by="me"
            )
        finally:
            is_over.set()
            thread.join()
    assert max(waits) < database.BUSY_S


def test_a_row_that_cannot_be_kept_takes_all_others_with_it(file: Path) -> None:
    rows = [job(f"L{number:019d}", f"Customer {number}") for number in range(300)]
    with closing(open_ledger(file)) as ledger:
        broken = [*rows, job("last", None)]  # type: ignore[arg-type]
        with pytest.raises(Exception, match=r".+"):
            jobs_of(ledger).add(broken, profile="x", by="me")
        assert jobs_of(ledger).all() == []


def test_a_busy_ledger_is_told_as_busy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_ledger(file)):
        pass
    monkeypatch.setattr(database, "BUSY_S", 0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(SetupError) as caught:
            open_ledger(file)
    assert "is busy: another process" in caught.value.problem.what
    assert "writable" not in caught.value.problem.next


def empty(file: Path) -> None:
    file.write_bytes(b"")


def remove(file: Path) -> None:
    file.unlink()


def remove_all_of_it(file: Path) -> None:
    for one in file.parent.glob("ledger.db*"):
        if one != stamp_of(file):
            one.unlink()


def exchange(file: Path) -> None:
    another = file.with_name("another.db")
    with closing(open_ledger(another)):
        pass
    shutil.copy(another, file)


def exchange_for_tables_of_another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE jobs (id TEXT)")
        made.commit()


def exchange_for_no_database(file: Path) -> None:
    file.write_bytes(b"no database, but bytes of some length " * 40)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


@pytest.mark.parametrize(
    "attack",
    [empty, remove, remove_all_of_it, exchange, exchange_for_tables_of_another_program,
     exchange_for_no_database, cut_off],
)  # fmt: skip
def test_a_ledger_that_is_not_the_one_kept_there_is_not_opened(
    file: Path, attack: Callable[[Path], None]
) -> None:
    with closing(open_ledger(file)) as ledger:
        jobs_of(ledger).add([job("L1", "Customer")], profile="x", by="me")
    attack(file)
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(RobotError) as caught:
        open_ledger(file)
    assert str(file) in caught.value.problem.what
    assert caught.value.problem.done.startswith("nothing was started")
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_ledger_of_before_the_stamp_gets_one(file: Path) -> None:
    with closing(open_ledger(file)):
        pass
    stamp_of(file).unlink()
    with closing(open_ledger(file)):
        assert stamp_of(file).exists()


def test_a_new_one_is_begun_on_purpose_by_moving_both_away(file: Path) -> None:
    with closing(open_ledger(file)):
        pass
    remove_all_of_it(file)
    stamp_of(file).unlink()
    with closing(open_ledger(file)) as ledger:
        assert jobs_of(ledger).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hidden-word@127.0.0.1:9/x?connect_timeout=1",
        "postgresql://127.0.0.1:9/x?user=me&password=hidden-word&connect_timeout=1",
        "postgresql://127.0.0.1:9/x?sslpassword=hidden-word&connect_timeout=1",
        "postgresql://me:hidden-word@[bad/x",
        "postgresql://me:hidden-word@host:port/x",
        "postgres://me:hidden-word@127.0.0.1:9/x?options=hidden-word",
        "mysql://me:hidden-word@host/x?password=hidden-word",
        "hidden-word",
        "postgresql+nothing://me:hidden-word@host/x",
    ],
)
def test_no_message_holds_the_password_of_the_database(address: str) -> None:
    with pytest.raises(SetupError) as caught:
        open_ledger(address)
    assert "hidden-word" not in repr(caught.value.problem) + str(caught.value)
