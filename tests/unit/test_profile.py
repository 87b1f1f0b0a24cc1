from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import BadInputError, SelectorError
from robot.hosts import is_loopback
from robot.profile import lacking, load_profile, matches_host, parse_profile

PROFILE = """
profile: agency
title: An agency's dashboard
hosts:
  navigate: ["app.agency.example"]
  load: ["cdn.example", ".storage.example"]
  frames: ["frames.example:{port}"]
words: {academy_account: Woot Recruit}
policies:
  saas_cancel_subscription: false
  users_shared: block
  snapshot_assets: all
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agency.yaml").write_text(PROFILE)
    return tmp_path


@pytest.mark.parametrize(
    ("url", "hosts", "matches"),
    [
        ("https://app.example/x", ("app.example",), True),
        ("https://APP.example/x", ("app.example",), True),
        ("https://app.example:8443/x", ("app.example",), False),
        ("http://app.localhost:8000/", ("app.localhost:8000",), True),
        ("http://app.localhost:8001/", ("app.localhost:8000",), False),
        ("http://app.localhost/", ("app.localhost:8000",), False),
        ("https://a.storage.example/", (".storage.example",), True),
        ("https://a.b.storage.example/", (".storage.example",), True),
        ("https://storage.example/", (".storage.example",), False),
        ("https://evilstorage.example/", (".storage.example",), False),
        ("https://app.example.evil.example/", ("app.example",), False),
        ("https://app.example@evil.example/", ("app.example",), False),
        ("https://evil.example/app.example", ("app.example",), False),
        ("https://evil.example#app.example", ("app.example",), False),
        ("https://evil.example?app.example", ("app.example",), False),
        ("about:blank", ("app.example",), False),
        ("", ("app.example",), False),
        ("data:text/html,app.example", ("app.example",), False),
    ],
)
def test_a_host_is_one_of_those_named_or_not(url: str, hosts: tuple[str, ...], matches: bool) -> None:
    assert matches_host(url, hosts) is matches


labels = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)


@given(name=st.lists(labels, min_size=1, max_size=4).map(".".join))
def test_below_a_suffix_means_after_its_dot(name: str) -> None:
    assert matches_host(f"https://{name}.agency.example/", (".agency.example",))
    assert not matches_host(f"https://{name}agency.example/", (".agency.example",))
    assert not matches_host(f"https://agency.example.{name}/", (".agency.example",)) or name.endswith(
        "agency.example"
    )


@pytest.mark.parametrize(
    ("address", "dashboard", "frames"),
    [
        ("https://app.agency.example", "https://app.agency.example", "frames.example:443"),
        ("app.agency.example/", "https://app.agency.example", "frames.example:443"),
        ("http://app.agency.example/location/x?y=1", "http://app.agency.example", "frames.example:80"),
    ],
)
def test_the_address_is_settled_and_its_port_filled_in(
    folder: Path, address: str, dashboard: str, frames: str
) -> None:
    profile = load_profile("agency", folder=folder, dashboard=address)
    assert (profile.dashboard, profile.frames) == (dashboard, (frames,))
    assert profile.hosts == ("app.agency.example", "cdn.example", ".storage.example", frames)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        (None, "profile 'agency' names no dashboard"),
        ("https://other.example", "is not among the hosts of profile 'agency'"),
        ("https://app.agency.example:8443", "is not among the hosts of profile 'agency'"),
        ("https://app.agency.example.evil.example", "is not among the hosts"),
        ("https://app.agency.example@evil.example", "is not among the hosts"),
        ("https://app.agency.example:99999", "has no valid port"),
        ("https://app.agency.example:port", "has no valid port"),
        ("ftp://app.agency.example", "is not the address of a dashboard"),
        ("javascript:alert(1)//", "is not the address of a dashboard"),
        ("https://", "is not the address of a dashboard"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(folder: Path, address: str | None, what: str) -> None:
    with pytest.raises(BadInputError) as caught:
        load_profile("agency", folder=folder, dashboard=address)
    assert what in caught.value.problem.what
    assert caught.value.problem.next


def test_the_file_itself_may_be_named(folder: Path) -> None:
    (folder / "agency.yaml").write_text(PROFILE + "dashboard: https://app.agency.example\n")
    profile = load_profile(str(folder / "agency.yaml"), folder=folder / "elsewhere", dashboard=None)
    assert profile.dashboard == "https://app.agency.example"


def test_an_unknown_profile_is_told_with_those_there_are(folder: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        load_profile("agenci", folder=folder, dashboard=None)
    assert caught.value.problem.next == "did you mean 'agency'? Profiles here: agency"


@pytest.mark.parametrize("policy", ["saas_cancel_subscription", "users_shared", "snapshot_assets"])
def test_what_costs_money_or_data_has_no_default(policy: str) -> None:
    lines = [line for line in PROFILE.splitlines() if policy not in line]
    with pytest.raises(SelectorError, match=f"key '{policy}' is missing"):
        parse_profile("\n".join(lines), "agency.yaml")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("localhost", True), ("app.localhost", True), ("localhost.x", False), ("xlocalhost", False)],
)  # fmt: skip
def test_loopback_is_known_by_name(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours


@pytest.mark.parametrize("name", ["Chicago", "america/chicago", "CST", "UTC+5", "localtime", "../UTC"])
def test_a_time_zone_is_an_iana_name_or_refused_at_its_line(name: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_profile(f"{PROFILE}time_zone: {name}\n", "agency.yaml")
    [problem] = caught.value.problems
    assert problem.what.startswith(f"'time_zone': '{name}' is no time zone; ")
    assert problem.where is not None
    assert problem.where.start.line == PROFILE.count("\n") + 1


def test_days_are_those_of_the_profiles_time_zone(folder: Path) -> None:
    at = datetime(2026, 12, 1, 3, tzinfo=UTC)
    (folder / "agency.yaml").write_text(PROFILE + "time_zone: America/Los_Angeles\n")
    profile = load_profile("agency", folder=folder, dashboard="app.agency.example")
    assert profile.day_of(at) == date(2026, 11, 30)
    assert profile.zone_for("the queue") == ZoneInfo("America/Los_Angeles")


def test_nothing_stands_in_for_a_time_zone_that_is_not_named(folder: Path) -> None:
    profile = load_profile("agency", folder=folder, dashboard="app.agency.example")
    assert profile.day_of(datetime(2026, 12, 1, tzinfo=UTC)) is None
    with pytest.raises(
        BadInputError, match="profile 'agency' names no time zone, and the queue needs one"
    ) as caught:
        profile.zone_for("the queue")
    assert "time_zone: America/Chicago" in caught.value.problem.next


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PROFILE, ["profile 'agency' names no 'time_zone', and its dashboard is a live one"]),
        (PROFILE + "time_zone: Europe/Berlin\n", []),
        (PROFILE.replace("app.agency.example", "app.localhost:{port}"), []),
    ],
)
def test_a_live_profile_without_a_time_zone_is_told_of(text: str, said: list[str]) -> None:
    found = lacking(parse_profile(text, "agency.yaml"))
    assert [problem.what for problem in found] == said
    assert all(problem.is_warning and problem.where for problem in found)
