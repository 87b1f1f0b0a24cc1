"""A ledger is moved from its file to Postgres whole, or not at all, and the file is closed then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from robot.errors import BlockedError, SetupError
from robot.jobs.intake import add_one
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import Cases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.followups import Followups
from robot.ledger.jobs import Jobs
from robot.ledger.move import move
from robot.ledger.stops import Stops
from robot.ledger.tables import INTENTS, METADATA
from robot.ledger.tokens import Tokens
from robot.ledger.turns import Turns
from tests.postgres import Postgres

HERE = "https://app.agency.example"
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.end()


@pytest.fixture
def target(postgres: Postgres) -> Iterator[Ledger]:
    with closing(open_ledger(postgres.make())) as ledger:
        yield ledger


def fill(ledger: Ledger, company: str, *, dashboard: str = HERE) -> None:
    """A little of everything."""
    cases = Cases(ledger, dashboard=dashboard, now=lambda: AT)
    case = cases.open(profile="p", location_id=f"loc{company}", company=company, by="ann")
    cases.save_plan(case.id, digest="d" * 64, survey_run_id="r", content="{}")
    cases.approve(case.id, digest="d" * 64, mode=ApprovalMode.PLAN, by="ann", length=timedelta(hours=1))
    Followups(ledger, dashboard=dashboard, now=lambda: AT).note(case.id, [("user:1", "goes on")])
    jobs = Jobs(ledger, dashboard=dashboard, now=lambda: AT)
    add_one(jobs, {"company": company}, profile="p", by="ann", source="test")
    turns = Turns(ledger, dashboard=dashboard, now=lambda: AT)
    job = turns.claim("robot", worker="w", on_claim=lambda job, connection: None)
    assert job is not None
    assert turns.begin(job.id, job.turn, worker="w")
    assert turns.end(job, "done", "", worker="w")
    Stops(ledger, dashboard=dashboard, now=lambda: AT).stop("queue", "it failed")
    Tokens(ledger, now=lambda: AT).make("crm", ["cancellations"], by="ann")
    with ledger.begin() as connection:
        for number in range(1_200):
            connection.execute(
                insert(INTENTS).values(
                    dashboard=dashboard,
                    object=f"user:{number}",
                    location_id="x",
                    task="users",
                    run_id="r",
                    sentence="Żółw 'delete' \u2028",
                    page_url="https://x",
                    state="passed",
                    armed_at="2026",
                )
            )


def counts(ledger: Ledger) -> dict[str, int]:
    with ledger.begin() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def test_everything_arrives_and_the_file_is_closed(tmp_path: Path, target: Ledger) -> None:
    file = tmp_path / "ledger.db"
    with closing(open_ledger(file)) as source:
        fill(source, "A")
        before = counts(source)
        moved = move(source, target)
    assert counts(target) == before
    assert moved.rows["intents"] == 1_200
    with target.begin() as connection:
        objects = list(connection.execute(select(INTENTS.c.object).order_by(INTENTS.c.number)).scalars())
    assert objects == [f"user:{number}" for number in range(1_200)]
    [case] = Cases(target, dashboard=HERE).all()
    assert [one.given_by for one in Cases(target, dashboard=HERE).approvals(case.id)] == ["ann"]
    with pytest.raises(SetupError, match="was moved to"):
        open_ledger(file)


def test_two_files_may_be_moved_to_one_database(tmp_path: Path, target: Ledger) -> None:
    for name in ("A", "B"):
        with closing(open_ledger(tmp_path / f"{name}.db")) as source:
            fill(source, name, dashboard=f"https://{name}.example")
            move(source, target)
    assert counts(target)["intents"] == 2_400
    assert [one.company for one in Cases(target, dashboard="https://B.example").all()] == ["B"]


def test_nothing_is_moved_while_somebody_works(tmp_path: Path, target: Ledger) -> None:
    with closing(open_ledger(tmp_path / "ledger.db")) as source:
        fill(source, "A")
        add_one(Jobs(source, dashboard=HERE), {"company": "B"}, profile="p", by="ann", source="test")
        assert Turns(source, dashboard=HERE).claim("robot", worker="w", on_claim=lambda job, connection: None)
        with pytest.raises(BlockedError, match="somebody works"):
            move(source, target)
        assert sum(counts(target).values()) == 0
    # And the file is as good as before.
    open_ledger(tmp_path / "ledger.db").close()


def test_what_is_there_already_is_not_moved_again(tmp_path: Path, target: Ledger) -> None:
    file, copy = tmp_path / "ledger.db", tmp_path / "copy.db"
    with closing(open_ledger(file)) as source:
        fill(source, "A")
    copy.write_bytes(file.read_bytes())
    with closing(open_ledger(file)) as source:
        move(source, target)
    before = counts(target)
    with closing(open_ledger(copy)) as again, pytest.raises(BlockedError, match="already"):
        move(again, target)
    assert counts(target) == before
