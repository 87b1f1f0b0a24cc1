"""What a schedule ticks at, on days on which the clocks change too, and which words make none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.errors import BadInputError
from robot.time_zone import zone_of
from robot.worker.schedules import check, is_repeat, next_at

BERLIN = "Europe/Berlin"


def ticks(cron: str, zone: str, start: str, hours: int) -> list[str]:
    """What is told of a schedule for so many hours, in UTC: what the library ticks at, without its repeats."""
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    end, found = at + timedelta(hours=hours), []
    while (following := next_at(cron, zone, after=at)) is not None and following < end:
        found.append(f"{following:%d %H:%M}")
        at = following
    return found


def of_library(cron: str, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    them = croniter(cron, start.astimezone(zone_of(zone)))
    while (following := them.get_next(datetime)) < end:
        yield following


@pytest.mark.parametrize(
    ("cron", "zone", "start", "hours", "found"),
    [
        # The time is shown twice: the first one.
        ("30 2 * * *", BERLIN, "2027-10-30T12:00", 48, ["31 00:30", "01 01:30"]),
        ("30 1 * * *", "America/New_York", "2027-11-06T12:00", 48, ["07 05:30", "08 06:30"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2027-04-03T00:00", 48, ["03 14:45", "04 15:15"]),
        ("15 23 * * *", "Africa/Cairo", "2027-10-28T12:00", 48, ["28 20:15", "29 21:15"]),
        ("0,30 1-3 * * 0", BERLIN, "2027-10-30T12:00", 24, None),
        # It is skipped: once, at the moment of the skip.
        ("30 2 * * *", BERLIN, "2027-03-27T12:00", 48, ["28 01:00", "29 00:30"]),
        ("*/20 2 * * *", BERLIN, "2027-03-27T12:00", 24, ["28 01:00"]),
        ("0 0 * * *", "America/Santiago", "2027-09-04T12:00", 48, ["05 04:00", "06 03:00"]),
        # What comes each hour, or each few minutes, goes on coming.
        ("0 * * * *", BERLIN, "2027-10-30T23:30", 4, ["31 00:00", "31 01:00", "31 02:00", "31 03:00"]),
        ("0 * * * *", BERLIN, "2027-03-27T23:30", 4, ["28 00:00", "28 01:00", "28 02:00", "28 03:00"]),
        ("*/30 * * * *", BERLIN, "2027-10-31T00:15", 2, ["31 00:30", "31 01:00", "31 01:30", "31 02:00"]),
        ("*/30 * * * *", BERLIN, "2027-03-28T00:15", 2, ["28 00:30", "28 01:00", "28 01:30", "28 02:00"]),
        ("*/30 22-5 * * *", BERLIN, "2027-10-31T00:15", 2, ["31 00:30", "31 01:00", "31 01:30", "31 02:00"]),
        # Each second hour is three times of day more, and none of them twice.
        ("0 */2 * * *", BERLIN, "2027-10-30T21:30", 8, ["30 22:00", "31 00:00", "31 03:00", "31 05:00"]),
    ],
)
def test_it_ticks_by_the_clocks_of_its_zone(
    cron: str, zone: str, start: str, hours: int, found: list[str] | None
) -> None:
    told = ticks(cron, zone, start, hours)
    assert told == (found if found is not None else sorted(set(told)))


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(
        [BERLIN, "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Beirut"]
    ),
    month=st.integers(1, 12),
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
)
def test_a_time_of_day_ticks_once_on_every_day(zone: str, month: int, minute: int, hour: int) -> None:
    start = datetime(2027, month, 1, 12, tzinfo=zone_of(zone))
    cron = f"{minute} {hour} * * *"
    told = [
        at
        for at in of_library(cron, zone, start, start + timedelta(days=27))
        if not is_repeat(cron, zone, at)
    ]
    days = [at.astimezone(zone_of(zone)).date() for at in told]
    assert days == sorted(set(days))
    assert len(days) == 27


@pytest.mark.parametrize(
    ("cron", "told"),
    [
        (
            "*/90 * * * *",
            "'*/90' in the field of the minutes steps over all of 0 to 59: it would tick each hour",
        ),
        ("0,*/90 * * * *", "'*/90' in the field of the minutes"),
        ("*/45 * * * *", "'*/45' in the field of the minutes is not every 45"),
        ("*/7 * * * *", "is not every 7"),
        (
            "0 */36 * * *",
            "'*/36' in the field of the hours steps over all of 0 to 23: it would tick each day",
        ),
        ("0 */5 * * *", "'*/5' in the field of the hours is not every 5"),
        ("0 1 */2 * *", "'*/2' in the field of the days is not every 2"),
        ("0 1 1 */13 *", "'*/13' in the field of the months steps over"),
        ("0 1 1 */5 *", "'*/5' in the field of the months is not every 5"),
        ("0 1 * * */3", "'*/3' in the field of the days of the week is not every 3"),
        ("10-20/15 * * * *", "'10-20/15' in the field of the minutes steps over all of 10 to 20"),
        ("50/15 * * * *", "'50/15' in the field of the minutes steps over all of 50 to 59"),
        ("*/0 * * * *", "step '0'"),
        ("60 * * * *", "out of range"),
        ("0 24 * * *", "not acceptable"),
        ("0 0 31 4 *", "failed to find next date"),
    ],
)
def test_what_cron_cannot_mean_as_it_is_written_is_refused(cron: str, told: str) -> None:
    with pytest.raises(BadInputError) as caught:
        check(cron, "UTC")
    assert caught.value.problem.what.startswith("that is no schedule: ")
    assert told in caught.value.problem.what
    assert caught.value.problem.next.startswith("write ")
    assert caught.value.problem.done == "no schedule was changed"


@pytest.mark.parametrize(
    "cron",
    ["*/15 * * * *", "0 */6 * * *", "0 1 1-31/2 * *", "0 1 1 */3 *", "0,45 * * * *", "5-59/9 * * * *",
     "5/15 * * * *", "0 22-4/2 * * *", "*/1 * * * *", "0 1 * * 1-5"],
)  # fmt: skip
def test_what_cron_means_as_it_is_written_is_taken(cron: str) -> None:
    check(cron, BERLIN)
