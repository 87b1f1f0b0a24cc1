"""The host fence: which hosts the robot's browser can reach at all.

Rules for Chromium's own resolver, port-exact on loopback. Measured on Chromium 156: a plain
`EXCLUDE 127.0.0.1` opens every loopback port, and a proxy variable voids the rules, hence
`--no-proxy-server`.

WebRTC asks that resolver only for names; an address it reaches by itself, over UDP. What keeps it from that has one
name in Chrome and Chromium and another one in the browser without windows, and neither heeds the other's.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, ConsoleMessage

from robot.executor.scripts import script
from robot.hosts import parse_host
from robot.profile import Profile

#: What `channels.js` begins its lines with.
_MARK = "offboard.channel "


def fence_arguments(profile: Profile) -> list[str]:
    """Returns the browser's arguments; every host but those of the profile fails to resolve."""
    maps, excludes = [], []
    for host in map(parse_host, profile.hosts):
        if host.is_loopback:
            maps.append(f"MAP {host} 127.0.0.1:{host.port or 80}")
        elif host.is_below:
            excludes.append(f"EXCLUDE *.{host.name}")
        elif host.port:
            # Onto itself: the rules are gone through once, and this one holds for no other port.
            maps.append(f"MAP {host} {host}")
        else:
            excludes.append(f"EXCLUDE {host.name}")
    rules = " , ".join([*maps, "MAP * ~NOTFOUND", *excludes])
    return [
        f"--host-resolver-rules={rules}",
        "--no-proxy-server",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    ]


def watch_channels(context: BrowserContext, note: Callable[[str], None]) -> None:
    """Tells of each try to connect by what is no request, such as `WebRTC stun:192.0.2.1:3478`.

    To be called before a page is opened. What a worker tries is stopped, and not told.
    """

    def take(message: ConsoleMessage) -> None:
        if message.text.startswith(_MARK):
            note(message.text.removeprefix(_MARK))

    context.add_init_script(script("channels"))
    context.on("console", take)


def is_told_by_us(text: str) -> bool:
    """Whether a line of the console comes from `watch_channels`."""
    return text.startswith(_MARK)


def is_blocked(failure: str) -> bool:
    """Whether a request's failure text is the fence's doing."""
    return "ERR_NAME_NOT_RESOLVED" in failure
