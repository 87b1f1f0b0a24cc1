"""Nights that schedules begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from robot.worker.night import night_id

AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def test_a_night_is_the_same_at_every_worker_and_another_for_every_dashboard_schedule_and_time() -> None:
    first = night_id("https://a.example", "nights", AT)
    assert first == night_id("https://a.example", "nights", AT)
    assert first.startswith("20261126-010000-nights-")
    others = {
        night_id("https://b.example", "nights", AT),
        night_id("https://a.example", "early", AT),
        night_id("https://a.example", "nights", AT + timedelta(days=1)),
    }
    assert len({first, *others}) == 4
