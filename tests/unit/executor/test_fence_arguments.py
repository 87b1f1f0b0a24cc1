from __future__ import annotations

import re
from pathlib import Path

import pytest

from robot.executor.fence import fence_arguments, is_blocked
from robot.profile import Profile, load_profile

ROOT = Path(__file__).parents[3]


def profile_of(*hosts: str) -> Profile:
    return Profile(
        name="x",
        title="X",
        dashboard=f"https://{hosts[0]}",
        navigate=hosts[:1],
        load=hosts[1:],
        frames=(),
        words={},
        policies={},
    )


def rules_of(profile: Profile) -> list[str]:
    [rules] = [
        word.partition("=")[2]
        for word in fence_arguments(profile)
        if word.startswith("--host-resolver-rules=")
    ]
    return rules.split(" , ")


def test_public_hosts_are_let_out_by_name_and_all_else_fails() -> None:
    assert rules_of(profile_of("app.example", "cdn.example")) == [
        "MAP * ~NOTFOUND",
        "EXCLUDE app.example",
        "EXCLUDE cdn.example",
    ]


def test_all_hosts_below_a_suffix_are_let_out() -> None:
    assert "EXCLUDE *.storage.example" in rules_of(profile_of("app.example", ".storage.example"))


def test_loopback_is_exact_to_the_port() -> None:
    rules = rules_of(profile_of("app.localhost:8000", "127.0.0.1:8001"))
    assert rules == [
        "MAP app.localhost:8000 127.0.0.1:8000",
        "MAP 127.0.0.1:8001 127.0.0.1:8001",
        "MAP * ~NOTFOUND",
    ]
    assert not [rule for rule in rules if rule.startswith("EXCLUDE")]


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "127.0.0.1"])
def test_loopback_without_a_port_is_port_80_only(host: str) -> None:
    assert rules_of(profile_of(host)) == [f"MAP {host} 127.0.0.1:80", "MAP * ~NOTFOUND"]


def test_the_practice_dashboard_opens_its_three_hosts_and_not_its_oracle() -> None:
    folder = ROOT / "selectors/profiles"
    profile = load_profile("practice", folder=folder, dashboard="http://app.localhost:4711")
    rules = rules_of(profile)
    assert {rule.split()[1] for rule in rules[:-1]} == {
        f"{name}.localhost:4711" for name in ("app", "assets", "frames")
    }
    assert rules[-1] == "MAP * ~NOTFOUND"
    assert all(re.fullmatch(r"MAP \S+ (127\.0\.0\.1:4711|~NOTFOUND)", rule) for rule in rules)


def test_no_proxy_may_undo_the_rules() -> None:
    assert "--no-proxy-server" in fence_arguments(profile_of("app.example"))


@pytest.mark.parametrize(
    ("failure", "blocked"),
    [("net::ERR_NAME_NOT_RESOLVED", True), ("net::ERR_CONNECTION_REFUSED", False), ("", False)],
)
def test_what_the_fence_stopped_is_told_apart(failure: str, blocked: bool) -> None:
    assert is_blocked(failure) is blocked
