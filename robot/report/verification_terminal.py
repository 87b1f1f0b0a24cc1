"""What is left of a case, in the terminal. Must not know of files or pages."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.table import Table

from robot.case.verify import Verification, sentences
from robot.screen import PlainText

_STYLES = {
    "Left": ("!", "magenta"),
    "Not looked at": ("?", "yellow"),
    "Could not be verified": ("?", "yellow"),
    "Still going on": ("~", "blue"),
    "May still cost money": ("$", "yellow"),
}


def print_verification(found: Verification, console: Console, *, zone: tzinfo | None = None) -> None:
    """A line each, in words that may be sent on."""
    first, *rest = sentences(found, zone)
    console.print()
    console.print(PlainText(first, style="bold"))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for line in rest:
        sign, style = _STYLES.get(line.split(":")[0], ("=", "cyan"))
        grid.add_row(PlainText(sign, style=style), PlainText(line))
    console.print(grid)
