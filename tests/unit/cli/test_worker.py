"""A batch goes on until the next time that the clock of this machine shows what was asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from robot.cli.worker import A_NIGHT, read_until
from robot.errors import BadInputError


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What the clock of this machine goes by."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def here(text: str) -> datetime:
    """A time by this machine's clock."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        ("06:00", "2026-11-26T22:15", "2026-11-27T06:00"),
        ("06:00", "2026-11-26T05:59:59.999999", "2026-11-26T06:00"),
        # It shows six now; the next time is tomorrow.
        ("06:00", "2026-11-26T06:00", "2026-11-27T06:00"),
        ("06:00", "2026-11-26T06:00:00.000001", "2026-11-27T06:00"),
        ("6:00", "2026-11-26T22:15", "2026-11-27T06:00"),
        (" 06:00 ", "2026-11-26T22:15", "2026-11-27T06:00"),
        ("23:59", "2026-11-26T22:15", "2026-11-26T23:59"),
        ("00:00", "2026-11-26T22:15", "2026-11-27T00:00"),
        ("0:05", "2026-12-31T23:00", "2027-01-01T00:05"),
    ],
)
def test_it_is_the_next_time_the_clock_shows_that(text: str, now: str, until: str) -> None:
    found = read_until(text, here(now))
    assert found == here(until)
    assert found.utcoffset() == timedelta(0)
    assert here(now) < found <= here(now) + timedelta(days=1)


def test_without_one_it_is_a_night() -> None:
    now = datetime(2026, 11, 26, 22, 15, 30, tzinfo=UTC)
    assert read_until(None, now) == now + A_NIGHT
    assert timedelta(hours=6) <= A_NIGHT <= timedelta(hours=12)


@pytest.mark.parametrize(
    "text",
    ["", "6", "24:00", "06:60", "6am", "06:00:00", "-1:00", "006:00", "06.00", "tomorrow", "06:0", "٠٦:٠٠"],
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_until(text, datetime(2026, 11, 26, tzinfo=UTC))
    assert caught.value.problem.what == f"'{text}' is not a time of day"
    assert "06:00" in caught.value.problem.next


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can be set on Unix only")
@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 10, 24, 20, 15, tzinfo=UTC), datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 21, 15, tzinfo=UTC), datetime(2026, 3, 29, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_night_in_which_the_clocks_change_ends_by_the_new_time(
    monkeypatch: pytest.MonkeyPatch, now: datetime, until: datetime
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert read_until("06:00", now) == until
    finally:
        monkeypatch.undo()
        time.tzset()
