"""Rows of tables whose text is shown as it is: names of customers hold brackets, which rich takes for markup."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text


def add_plain_row(table: Table, *cells: str | Text) -> None:
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
