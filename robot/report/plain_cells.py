"""Tables whose text is shown as it is: names of customers hold brackets, which rich takes for markup."""

from __future__ import annotations

from rich.table import Table

from robot.harmless import harmless
from robot.screen import PlainText


def plain_table(*titles: str) -> Table:
    """A table without lines; cells are folded where they are too wide."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def add_plain_row(table: Table, *cells: str | PlainText) -> None:
    """A string is one line, whatever it holds; a cell of several lines is given as PlainText."""
    table.add_row(*(PlainText(harmless(cell)) if isinstance(cell, str) else cell for cell in cells))
