"""Which processes a run has left behind."""

from __future__ import annotations

import os
from pathlib import Path


def browsers_below() -> list[str]:
    """Names of browser processes below this one; always empty where there is no /proc."""
    below = {os.getpid()}
    names = []
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
                names.append(name.split("(", 1)[1])
    return names
