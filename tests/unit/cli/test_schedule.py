"""Whatever the words of a schedule are: they make a schedule or are refused, and nothing is half taken."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from robot.case.office import Office
from robot.cli import schedule as commands
from robot.errors import BadInputError
from robot.settings import Settings, read_settings

FIELD = st.one_of(
    st.sampled_from(
        ["*", "0", "1-5", "*/15", "L", "5#3", "mon", "jan-mar", "?", "H", "R", "60", "31", "-1", "1,2,3"]
    ),
    st.text("0123456789*/,-#LWHRJANMON ?@", max_size=6),
    st.text(max_size=4),
)
CRON = st.one_of(
    st.lists(FIELD, min_size=4, max_size=7).map(" ".join),
    st.tuples(st.sampled_from(["0", "30"]), st.sampled_from(["1", "23"]), FIELD, FIELD, FIELD).map(" ".join),
    st.sampled_from(["@hourly", "@reboot", "", "0 0 31 2 *", "0 0 30 2 *", "0 1 * * 1-5", "* * * * *"]),
)
ZONE = st.one_of(
    st.sampled_from([*sorted(zoneinfo.available_timezones())[:40], "Europe/Berlin", "UTC"]),
    st.sampled_from(
        ["", "../../etc/passwd", "/etc/localtime", "Mars/Base", "localtime", "Europe", "europe/berlin", "."]
    ),
    st.text(max_size=12),
)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return read_settings({"OFFBOARD_DATA": str(tmp_path)}, root=Path())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cron=CRON, zone=ZONE)
@example(cron="0 0 31 2 *", zone="UTC")
@example(cron="0 1 * * 1-5", zone="../../etc/passwd")
@example(cron="H H * * *", zone="UTC")
@example(cron="R R * * *", zone="UTC")
@example(cron="0 1 * MAR FRI", zone="UTC")
def test_any_words_make_a_schedule_or_are_refused(
    office: Office, here: Settings, capsys: pytest.CaptureFixture[str], cron: str, zone: str
) -> None:
    before = listed(office, here, capsys)
    try:
        commands.add(office, here, cron=cron, time_zone=zone, hours=5, name="nights", is_json=True)
    except BadInputError as error:
        assert error.problem.next
        assert listed(office, here, capsys) == before
        return
    made = json.loads(capsys.readouterr().out)
    assert datetime.fromisoformat(made["next_at"]) > datetime.now(UTC)
    assert listed(office, here, capsys) == [made]


def listed(office: Office, here: Settings, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    commands.list_schedules(office, here, is_json=True)
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["schedules"]
    return found


def test_a_schedule_goes_by_the_agencys_time_zone_unless_another_one_is_given(
    office: Office, here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for zone, name in ((None, "nights"), ("Europe/Berlin", "berlin")):
        commands.add(office, here, cron="0 1 * * *", time_zone=zone, hours=5, name=name, is_json=True)
    found = {one["name"]: one["time_zone"] for one in listed(office, here, capsys)}
    assert found == {"nights": office.profile.time_zone, "berlin": "Europe/Berlin"}


def test_a_profile_without_a_time_zone_gets_no_schedule(office: Office, here: Settings) -> None:
    nowhere = replace(office, profile=replace(office.profile, time_zone=""))
    with pytest.raises(BadInputError, match="names no time zone, and a schedule needs one"):
        commands.add(nowhere, here, cron="0 1 * * *", time_zone="UTC", hours=5, name="nights", is_json=True)
