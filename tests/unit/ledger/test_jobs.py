"""A customer is asked for once, ever; jobs are worked by priority, due day and age."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from robot.errors import BadInputError, BlockedError
from robot.jobs.intake import add_one
from robot.ledger.database import open_ledger
from robot.ledger.jobs import CANCELLED, QUEUED, Jobs

ID, OTHER = "hK3vQ9mTz7LpX2cRb8Nd", "28eDt8K7avTmHUGUhkPT"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        yield Jobs(ledger, dashboard="https://app.example", now=Clock())


def add(jobs: Jobs, **given: Any) -> str:
    return add_one(jobs, given, profile="p", by="me", source="here").job.id


def test_jobs_come_by_priority_due_day_and_age(jobs: Jobs) -> None:
    add(jobs, company="old")
    add(jobs, company="due later", due_on="2026-12-05")
    add(jobs, company="due", due_on="2026-12-01")
    add(jobs, company="first", priority=1)
    add(jobs, company="new")
    assert [job.company for job in jobs.all()] == ["first", "due", "due later", "old", "new"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"location_id": ID}, {"location_id": ID, "company": "other name"}),
        ({"company": "A"}, {"company": " A "}),
        ({"company": "A"}, {"company": "A", "location_id": ID}),
        ({"company": "A", "location_id": ID}, {"company": "A"}),
    ],
)
def test_the_same_customer_is_refused_with_a_pointer_to_the_first(
    jobs: Jobs, first: dict[str, str], second: dict[str, str]
) -> None:
    job_id = add(jobs, **first)
    with pytest.raises(BlockedError, match=f"was asked for before: the job {job_id} is queued") as caught:
        add(jobs, **second)
    assert job_id in caught.value.problem.next
    assert len(jobs.all()) == 1


def test_even_when_the_first_has_ended(jobs: Jobs) -> None:
    job_id = add(jobs, location_id=ID)
    jobs.cancel(jobs.find(job_id), reason="a mistake")
    with pytest.raises(BlockedError, match="is cancelled"):
        add(jobs, location_id=ID)


def test_customers_of_one_name_and_two_ids_are_two(jobs: Jobs) -> None:
    assert add(jobs, location_id=ID, company="A") != add(jobs, location_id=OTHER, company="A")


def test_another_dashboard_has_jobs_of_its_own(jobs: Jobs, tmp_path: Path) -> None:
    first = add(jobs, location_id=ID)
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        others = Jobs(ledger, dashboard="https://other.example")
        second = add(others, location_id=ID)
        assert [job.id for job in others.all()] == [second]
    assert [job.id for job in jobs.all()] == [first]


def test_a_job_is_found_by_id_and_customer_and_never_by_a_guess(jobs: Jobs) -> None:
    job_id = add(jobs, location_id=ID, company="A")
    add(jobs, location_id=OTHER, company="A")
    for word in (job_id, ID, job_id[:-1]):
        assert jobs.find(word).id == job_id
    with pytest.raises(BadInputError, match="several jobs answer to 'A'"):
        jobs.find("A")
    for word in ("", "%", "nobody"):
        with pytest.raises(BadInputError, match="there is no job"):
            jobs.find(word)


def test_a_cancelled_job_is_put_back_and_a_queued_one_is_not(jobs: Jobs) -> None:
    job = jobs.find(add(jobs, company="A"))
    with pytest.raises(BlockedError, match="is queued"):
        jobs.retry(job)
    cancelled = jobs.cancel(job, reason="a mistake")
    assert (cancelled.state, cancelled.reason) == (CANCELLED, "a mistake")
    assert cancelled.ended_at
    with pytest.raises(BlockedError, match="is cancelled"):
        jobs.cancel(cancelled, reason="again")
    back = jobs.retry(cancelled)
    assert (back.state, back.ended_at) == (QUEUED, None)


def test_the_queue_is_open_until_it_is_paused(jobs: Jobs) -> None:
    assert not jobs.is_paused()
    jobs.set_paused(True, by="me")
    jobs.set_paused(True, by="me")
    assert jobs.is_paused()
    jobs.set_paused(False, by="me")
    assert not jobs.is_paused()


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "the request: names no customer"),
        ({"company": "A", "due_on": "tomorrow"}, "due on: 'tomorrow' is not a day"),
        ({"company": "A", "priority": 10}, "priority: '10' is not a priority"),
        ({"company": "A", "priority": "9" * 400}, "is not a priority"),
        ({"company": "A", "priority": True}, "priority: 'True' is not a priority"),
        ({"company": "A" * 300}, "is longer than 200 letters"),
        ({"company": "A", "policies": {"users_shared": 1}}, "policy 'users_shared': '1' is not allowed"),
        ({"company": "A", "policies": "remove"}, "'remove' is not a policy"),
    ],
)
def test_a_request_that_is_wrong_is_told_and_not_queued(jobs: Jobs, given: dict[str, Any], what: str) -> None:
    with pytest.raises(BadInputError) as caught:
        add(jobs, **given)
    assert what in caught.value.problem.what
    assert jobs.all() == []
