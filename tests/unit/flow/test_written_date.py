from __future__ import annotations

from datetime import UTC, datetime

import pytest

from robot.flow.template import Condition
from robot.flow.written_date import parse_written_date

THREE_PM = datetime(2026, 9, 14, 15, 0, tzinfo=UTC)
NOW = "2026-09-15T14:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "Sep 14, 2026, 03:00 PM",
        "Sep 14, 2026, 3:00\u202fPM",
        "September 14th 2026 at 15:00",
        "sep. 14 2026, 3:00:59 pm",
        "2026-09-14T15:00:00Z",
        "2026-09-14T17:00:00+02:00",
        "2026-09-14 15:00",
    ],
)
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert parse_written_date(text) == THREE_PM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "never",
        "09/10/2026, 03:00 PM",
        "Sep 14, 2026, 13:00 PM",
        "Feb 31, 2026, 03:00 PM",
        "Foo 14, 2026, 03:00 PM",
        "Sep 14, 2026, 03:00 PM (EDT)",
    ],
)
def test_a_text_that_could_mean_another_moment_is_no_date(text: str) -> None:
    assert parse_written_date(text) is None


@pytest.mark.parametrize("text", ["12:15 AM", "12:15 PM"])
def test_twelve_is_midnight_or_noon(text: str) -> None:
    read = parse_written_date(f"Sep 14, 2026, {text}")
    assert read is not None
    assert read.hour == (0 if text.endswith("AM") else 12)


@pytest.mark.parametrize(
    ("date", "age", "young"),
    [
        ("Sep 14, 2026, 03:00 PM", "24h", True),
        ("Sep 14, 2026, 03:00 PM", "23h", False),
        ("Sep 15, 2026, 02:00 PM", "0h", False),
        # Ahead of us by more than a minute: the page counts in another zone.
        ("Sep 15, 2026, 02:01 PM", "24h", True),
        ("Sep 15, 2026, 04:00 PM", "24h", False),
        ("yesterday", "24h", False),
        ("Sep 14, 2026, 03:00 PM", "a day", False),
    ],
)
def test_conditions_tell_whether_a_date_is_young(date: str, age: str, young: bool) -> None:
    condition = Condition("row.date is younger_than(max_age, now)")
    assert condition.decide({"row": {"date": date}, "max_age": age, "now": NOW}) is young
    assert condition.names == ("max_age", "now", "row")
