"""Which processes a run has left behind."""

from __future__ import annotations

import os
from pathlib import Path


def browsers_below() -> list[str]:
    """Names of browser processes below this one; always empty where there is no /proc."""
    return list(_browser_processes().values())


def renderers_below() -> list[int]:
    """Ids of the processes that draw the pages of browsers below this one."""
    return [
        number
        for number in _browser_processes()
        if b"--type=renderer" in (Path("/proc") / str(number) / "cmdline").read_bytes()
    ]


def _browser_processes() -> dict[int, str]:
    """Id and name of each browser process below this one."""
    below = {os.getpid()}
    found = {}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
        try:
            # name (in brackets, may hold blanks), state, parent
            name, _, rest = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if int(parent) in below and state != "Z":
            below.add(int(folder.name))
            if "chrom" in name:
                found[int(folder.name)] = name.split("(", 1)[1]
    return found
