"""The host fence: which hosts the robot's browser can reach at all.

Rules for Chromium's own resolver, port-exact on loopback. Measured on Chromium 156: a plain
`EXCLUDE 127.0.0.1` opens every loopback port, and a proxy variable voids the rules, hence
`--no-proxy-server`.
"""

from __future__ import annotations

from robot.profile import Profile, is_loopback


def fence_arguments(profile: Profile) -> list[str]:
    """Returns the browser's arguments; every host but those of the profile fails to resolve."""
    maps, excludes = [], []
    for host in profile.hosts:
        name, _, port = host.partition(":")
        if is_loopback(name.lstrip(".")):
            maps.append(f"MAP {host} 127.0.0.1:{port}" if port else f"MAP {name} 127.0.0.1:80")
        else:
            excludes.append(f"EXCLUDE *{host}" if host.startswith(".") else f"EXCLUDE {name}")
    rules = " , ".join([*maps, "MAP * ~NOTFOUND", *excludes])
    return [f"--host-resolver-rules={rules}", "--no-proxy-server"]


def is_blocked(failure: str) -> bool:
    """Whether a request's failure text is the fence's doing."""
    return "ERR_NAME_NOT_RESOLVED" in failure
