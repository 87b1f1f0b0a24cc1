"""What a file of a table holds, cell by cell: values, and what is refused in their place.

Must not know what the columns mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

#: More rows, columns and cells are a mistake; so is a longer text, which no spreadsheet program keeps in a cell.
MOST_ROWS = 20_000
MOST_COLUMNS = 26 * 27
MOST_CELLS = 500_000
LONGEST_TEXT = 32_767

#: How programs say that a formula went wrong, in their languages: `#N/A`, `#NV`, `#WERT!`, `#¿NOMBRE?`.
_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_][^\s#]*[!?]|#N/?[A-Z]{1,3}|#(?:DIV|ДЕЛ)/0!?|#[A-ZÀ-ÝА-Я_]{3,}|Err:\d{3}|#{2,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not taken, and what to do about it."""

    what: str
    next: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty."""

    value: Any
    refusal: Refusal | None = None

    @property
    def shown(self) -> str:
        return shown(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row that is not empty."""

    #: As the program shows it: the first is 1.
    number: int
    #: By the number of the column, from 0.
    cells: dict[int, Cell]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as a person sees it when it is opened."""

    #: In order; rows that hold nothing are left out.
    lines: list[Line]
    #: What was read, for people: `the sheet 'Cancelled'`.
    read_as: str
    #: Columns that hold something and are not shown.
    hidden: dict[int, Refusal] = field(default_factory=dict)
    #: Of the table as a whole.
    refusals: list[Refusal] = field(default_factory=list)


def shown(value: object) -> str:
    """A value in one line."""
    return "" if value is None else " ".join(str(value).split())


def text_cell(text: str) -> Cell | None:
    """A cell of plain text; None for one that is empty."""
    bare = text.strip()
    if not bare:
        return None
    if _ERROR.fullmatch(bare):
        if set(bare) == {"#"}:
            return Cell(text, Refusal("holds only '#': the column was too narrow to show its value", _WIDER))
        return Cell(text, Refusal(f"holds the error {bare}, not a value", _MEND))
    if bare.startswith("="):
        return Cell(text, Refusal(f"holds the formula '{bare[:40]}', not its value", _TYPE_VALUE))
    return Cell(text)


_MEND = "mend the formula, or type the value; leave the cell empty if nothing is meant"
_WIDER = "widen the column, and save it again"
_TYPE_VALUE = "type the value itself"
