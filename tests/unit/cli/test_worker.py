"""A batch goes on until the next time that the agency's clocks show what was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from robot.cli.worker import A_NIGHT, read_until
from robot.errors import BadInputError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    """What the agency's clocks go by."""
    return ZoneInfo(request.param)


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
def test_it_is_the_next_time_the_agencys_clocks_show_that(
    zone: ZoneInfo, text: str, now: str, until: str
) -> None:
    def there(shown: str) -> datetime:
        return datetime.fromisoformat(shown).replace(tzinfo=zone).astimezone(UTC)

    found = read_until(text, there(now), zone)
    assert found == there(until)
    assert found.utcoffset() == timedelta(0)
    assert there(now) < found <= there(now) + timedelta(days=1)


def test_without_one_it_is_a_night() -> None:
    now = datetime(2026, 11, 26, 22, 15, 30, tzinfo=UTC)
    assert read_until(None, now, BERLIN) == now + A_NIGHT
    assert timedelta(hours=6) <= A_NIGHT <= timedelta(hours=12)


@pytest.mark.parametrize(
    "text",
    ["", "6", "24:00", "06:60", "6am", "06:00:00", "-1:00", "006:00", "06.00", "tomorrow", "06:0", "٠٦:٠٠"],
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_until(text, datetime(2026, 11, 26, tzinfo=UTC), BERLIN)
    assert caught.value.problem.what == f"'{text}' is not a time of day"
    assert "06:00" in caught.value.problem.next


@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        ("06:00", "2026-10-24T20:15", "2026-10-25T05:00"),
        ("06:00", "2026-03-28T21:15", "2026-03-29T04:00"),
        # 02:30 is shown twice: the first of the two that is to come.
        ("02:30", "2027-10-30T20:00", "2027-10-31T00:30"),
        ("02:30", "2027-10-31T00:30", "2027-10-31T01:30"),
        ("02:30", "2027-10-31T01:30", "2027-11-01T01:30"),
        # 02:30 is skipped: the moment of the skip.
        ("02:30", "2027-03-27T20:00", "2027-03-28T01:00"),
        ("02:30", "2027-03-28T01:00", "2027-03-29T00:30"),
    ],
)
def test_a_night_in_which_the_clocks_change_ends_by_what_they_show(text: str, now: str, until: str) -> None:
    found = read_until(text, datetime.fromisoformat(now).replace(tzinfo=UTC), BERLIN)
    assert found == datetime.fromisoformat(until).replace(tzinfo=UTC)
