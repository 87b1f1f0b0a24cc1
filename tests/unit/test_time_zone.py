from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.time_zone import day_of, first_moment, midnight_of, shown_at, zone_names, zone_of

ZONES = st.sampled_from(
    ["Pacific/Kiritimati", "Pacific/Niue", "America/Chicago", "Africa/Cairo", "America/Santiago"]
)


@pytest.mark.parametrize(
    "name",
    ["", "Chicago", "america/chicago", "localtime", "Factory", "../UTC", "America", "CST", "UTC+1", "+01:00"],
)
def test_what_is_no_iana_name_is_no_zone(name: str) -> None:
    assert name not in zone_names()
    with pytest.raises(ValueError, match="no time zone"):
        zone_of(name)


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("America/Los_Angeles", "2026-12-01T03:00", date(2026, 11, 30)),
        ("Pacific/Kiritimati", "2026-11-30T10:00", date(2026, 12, 1)),
        ("UTC", "2026-12-01T00:00", date(2026, 12, 1)),
    ],
)
def test_a_day_is_that_of_the_zone(zone: str, at: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(at).replace(tzinfo=UTC), zone_of(zone)) == day


@given(zone=ZONES, day=st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_a_day_begins_with_its_first_moment(zone: str, day: date) -> None:
    begins = midnight_of(day, zone_of(zone))
    assert day_of(begins, zone_of(zone)) == day
    assert day_of(begins - timedelta(seconds=1), zone_of(zone)) == day - timedelta(days=1)


def test_a_time_that_the_clocks_skip_is_the_moment_of_the_skip() -> None:
    assert first_moment(datetime(2027, 3, 28, 2, 30), zone_of("Europe/Berlin")) == datetime(
        2027, 3, 28, 1, tzinfo=UTC
    )
    assert midnight_of(date(2027, 9, 5), zone_of("America/Santiago")) == datetime(2027, 9, 5, 4, tzinfo=UTC)


def test_a_time_that_the_clocks_show_twice_is_the_first_of_them() -> None:
    assert first_moment(datetime(2027, 10, 31, 2, 30), zone_of("Europe/Berlin")) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_a_moment_is_shown_with_the_zone_that_it_is_in() -> None:
    at = "2026-12-01T03:00:00.000000+00:00"
    assert shown_at(at, zone_of("America/Chicago")) == "2026-11-30 21:00 CST"
    assert shown_at(at, None) == "2026-12-01 03:00 UTC"
    assert shown_at(None, None) == ""
