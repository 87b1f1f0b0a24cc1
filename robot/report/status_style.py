"""How a status looks in a terminal: one word, one sign, one colour. The signs are ASCII where they must be."""

from __future__ import annotations

from robot.run.model import Status
from robot.screen import PlainText

#: Sign and rich style of each status.
SIGNS = {
    Status.PASSED: ("✓", "green"),
    Status.NOOP: ("=", "cyan"),
    Status.FAILED: ("✕", "red"),
    Status.UNKNOWN: ("?", "yellow"),
    Status.BLOCKED: ("!", "magenta"),
    Status.CANCELLED: ("x", "bright_black"),
    Status.SKIPPED: ("-", "bright_black"),
}


def status_text(status: Status, *, goes_on: bool = False) -> PlainText:
    """Returns sign and word, coloured. goes_on: it was seen to begin, and ends later."""
    sign, style = SIGNS[status]
    return PlainText(f"{sign} {'goes on' if goes_on else status.value}", style=style)
