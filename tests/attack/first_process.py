"""Run as the first process of a namespace: ends a driver, and counts the zombies that its browser leaves."""

from __future__ import annotations

import os
import signal
import sys
from time import monotonic, sleep

import psutil

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.executor.watchdog import reap_orphans
from robot.profile import Profile


def zombies() -> list[str]:
    return [one.name() for one in psutil.process_iter() if one.status() == psutil.STATUS_ZOMBIE]


def main() -> int:
    assert os.getpid() == 1
    choice = BrowserChoice(kind="path", value=sys.argv[1], version="", source="")
    profile = Profile(
        name="x", title="", dashboard="http://app.localhost:1", navigate=("app.localhost:1",), load=(), frames=(),
        words={}, policies={},
    )  # fmt: skip
    session = BrowserSession(BrowserOptions(choice=choice), profile, lambda event: None)
    session.__enter__()
    [driver] = psutil.Process().children()
    os.kill(driver.pid, signal.SIGKILL)
    until = monotonic() + 15
    while len(psutil.pids()) - len(zombies()) > 1 and monotonic() < until:
        sleep(0.1)
    before = zombies()
    session.close()
    until = monotonic() + 10
    while zombies() and monotonic() < until:
        reap_orphans()
        sleep(0.1)
    sys.stdout.write(f"{len(before)} {len(zombies())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
