"""XLSX to a grid: what a person sees on its one sheet, and what is not to be seen there, or is no value yet."""

from __future__ import annotations

import codecs
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from robot.errors import BadInputError, Problem
from robot.jobs.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Grid, Line, Refusal, text_cell

_LARGEST_UNPACKED = 200 * 1024 * 1024
#: Where a cell of a workbook stands; columns beyond `ZZ` belong to no table of customers.
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])(?:[^>]*?\sr\s*=\s*[\"']([A-Z]{1,7})([0-9]{1,9})[\"'])?")
_LONGEST_COLUMN = 2
#: A workbook that was written by a program that does not compute says so.
_NOT_COMPUTED = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
#: Rows lower than this, in points, and columns narrower than this, in letters, are not to be seen.
_LOWEST, _NARROWEST = 2.0, 0.5
#: In a number format: what is shown as it is written, colours and conditions, and places left for a letter's width.
_QUOTED = re.compile(r'"[^"]*"|\\.')
_DECORATION = re.compile(r"\[[^\]]*\]|_.|\*.")
_FILTERS = ("filters", "top10", "customFilters", "dynamicFilter", "colorFilter", "iconFilter")


def read_workbook(file: Path, content: bytes) -> Grid:
    """Raises BadInputError for what is no workbook, or one that does not say by itself what is meant."""
    try:
        is_computed = _assert_small(file, content)
        with warnings.catch_warnings():
            # Of what it does not keep when it writes.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            written = load_workbook(io.BytesIO(content), rich_text=True, keep_links=False)
        sheet = _the_one_sheet(file, book)
    except (BadInputError, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever it stumbles over.
        raise _refused(
            file, f"cannot be read as XLSX: {_said(error)}", "save it again as XLSX, or as 'CSV UTF-8'"
        ) from None
    if sheet is None:
        return Grid(lines=[], read_as="a workbook that holds nothing")
    return _Sheet(sheet, written[sheet.title], is_computed=is_computed).grid()


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _refused(file: Path, what: str, advice: str) -> BadInputError:
    return BadInputError(Problem(what=f"{file} {what}", done="nothing was taken", next=advice))


# --- the file ----------------------------------------------------------------------------------------


def _assert_small(file: Path, content: bytes) -> bool:
    """Returns whether its formulas are computed.

    Raises BadInputError for a workbook that would fill the memory, or is of another kind.
    """
    is_computed = True
    number = 0
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if sum(entry.file_size for entry in book.infolist()) > _LARGEST_UNPACKED:
            raise _refused(file, f"unpacks to more than {_LARGEST_UNPACKED // 1024**2} MB", "split it")
        names = book.namelist()
        if "xl/workbook.bin" in names or not any(name.endswith("workbook.xml") for name in names):
            kind = "is a workbook of the kind XLSB" if "xl/workbook.bin" in names else "is no XLSX file"
            raise _refused(file, kind, "open it, and save it as XLSX, or as 'CSV UTF-8'")
        for name in names:
            part = book.read(name)
            if b"<!DOCTYPE" in part[:4096] or (name.endswith(".xml") and part.startswith(_UTF_16)):
                raise _refused(file, f"holds {name} in a form that no program writes", "save it again")
            if _NOT_COMPUTED.search(part):
                is_computed = False
            if _STRICT in part[:4096]:
                advice = "save it as 'Excel Workbook (.xlsx)', or as 'CSV UTF-8'"
                raise _refused(file, "is a workbook of the kind 'Strict Open XML'", advice)
            for cell in _CELL.finditer(part):
                number += 1
                if cell[1] and (len(cell[1]) > _LONGEST_COLUMN or int(cell[2]) > MOST_ROWS):
                    raise _far(file, f"{cell[1].decode()}{cell[2].decode()}")
            if number > MOST_CELLS:
                raise _refused(file, f"holds more than {MOST_CELLS} cells", "split it")
    return is_computed


def _far(file: Path, where: str) -> BadInputError:
    advice = "delete it, or save the customers as 'CSV UTF-8'"
    return _refused(file, f"holds something at {where}, far beside any table", advice)


def _the_one_sheet(file: Path, book: Any) -> Any:
    """The one that holds anything, or None. Raises BadInputError for several, and for one that is not shown."""
    filled = []
    for sheet in book.worksheets:
        # Cells are kept by their place, and only those that there are; the library's own rows fill the gaps.
        held = [place for place, cell in sheet._cells.items() if _is_filled(cell)]
        for row, column in held:
            if row > MOST_ROWS or column > MOST_COLUMNS:
                raise _far(file, f"{get_column_letter(column)}{row}")
        if held:
            filled.append(sheet)
    hidden = [sheet.title for sheet in filled if sheet.sheet_state != "visible"]
    problems = [
        Problem(
            what=f"{file}: the sheet '{title}' is hidden, and holds something",
            done="nothing was taken",
            next="show it and see what it holds; then delete it, or save the customers as 'CSV UTF-8'",
        )
        for title in hidden
    ]
    seen = [sheet.title for sheet in filled if sheet.title not in hidden]
    if len(seen) > 1:
        what = f"{file} has several sheets that hold something: {', '.join(seen)}"
        advice = "leave the one with the customers, or save that as 'CSV UTF-8'"
        problems.append(Problem(what=what, done="nothing was taken", next=advice))
    if problems:
        raise BadInputError(*problems)
    return filled[0] if filled else None


def _is_filled(cell: Any) -> bool:
    return cell.value is not None and bool(str(cell.value).strip())


# --- the sheet ---------------------------------------------------------------------------------------


class _Sheet:
    """One sheet, read twice: with the values that were computed last, and with what was written."""

    def __init__(self, values: Any, written: Any, *, is_computed: bool) -> None:
        self._values = values
        self._written = written
        self._is_computed = is_computed
        #: Place by row and column, of cells in a merged range that holds something, at its first cell.
        self._merged: dict[tuple[int, int], Any] = {}
        #: Ranges with a filter that is set.
        self._filters: list[str] = []
        #: Rows of totals, with the name of their table.
        self._totals: dict[int, str] = {}

    def grid(self) -> Grid:
        self._find_merged()
        self._find_filters()
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), written in sorted(self._written._cells.items()):
            cell = self._cell(row, column, written)
            if cell is not None:
                rows.setdefault(row, {})[column - 1] = cell
        lines = [
            Line(number=number, cells=cells, refusal=self._why_not(number)) for number, cells in rows.items()
        ]
        held = {column for line in lines for column in line.cells}
        return Grid(
            lines=lines,
            read_as=f"the sheet '{self._values.title}'",
            hidden={column: why for column in sorted(held) if (why := self._why_hidden(column + 1))},
            refusals=[
                Refusal(f"a filter is set on {place}", _SHOW.format("rows")) for place in self._filters
            ],
        )

    def _find_merged(self) -> None:
        for one in self._values.merged_cells.ranges:
            first = self._written._cells.get((one.min_row, one.min_col))
            if first is not None and first.value is not None:
                self._merged[one.min_row, one.min_col] = one

    def _find_filters(self) -> None:
        filters = [self._values.auto_filter, *(one.autoFilter for one in self._values.tables.values())]
        for one in filters:
            columns = one.filterColumn if one is not None else ()
            if any(getattr(column, kind) is not None for column in columns for kind in _FILTERS):
                self._filters.append(str(one.ref))
        for table in self._values.tables.values():
            if table.totalsRowCount:
                last = int(re.sub(r".*\D", "", table.ref))
                self._totals |= {last - up: table.displayName for up in range(table.totalsRowCount)}

    def _why_not(self, number: int) -> Refusal | None:
        """Why a row is not taken as it is."""
        row = self._values.row_dimensions.get(number)
        if row is not None and (row.hidden or (row.height is not None and row.height < _LOWEST)):
            if self._filters:
                return Refusal(f"is hidden, with a filter set on {self._filters[0]}", _SHOW.format("rows"))
            if row.outlineLevel:
                return Refusal("is folded away in a group", _SHOW.format("rows"))
            how = "" if row.hidden else f": it is {row.height:g} points high"
            return Refusal(f"is hidden{how}", _SHOW.format("rows"))
        if number in self._totals:
            advice = "switch the row of totals off, and save it again"
            return Refusal(f"is the row of totals of the table '{self._totals[number]}'", advice)
        return None

    def _why_hidden(self, number: int) -> Refusal | None:
        """Why a column is not to be seen."""
        for one in self._values.column_dimensions.values():
            if (one.min or 0) <= number <= (one.max or 0):
                letter = get_column_letter(number)
                if one.hidden:
                    what = "is folded away in a group" if one.outlineLevel else "is hidden"
                    return Refusal(f"{what} ({letter})", _SHOW.format("columns"))
                if one.width < _NARROWEST:
                    return Refusal(f"has no width ({letter})", _SHOW.format("columns"))
        return None

    def _cell(self, row: int, column: int, written: Any) -> Cell | None:
        """What a cell holds; None for an empty one."""
        held = self._values._cells.get((row, column))
        kind, value = (held.data_type, held.value) if held is not None else ("n", None)
        merged = self._merged.get((row, column))
        if merged is not None:
            return Cell(value, Refusal(f"is merged ({merged.coord})", _UNMERGE))
        # A formula that gives an empty text was computed: its type says that it is text.
        is_empty = value is None and kind not in ("s", "str")
        if written.data_type == "f" and (is_empty or not self._is_computed):
            text = str(getattr(written.value, "text", written.value))[:40]
            return Cell(text, Refusal(f"holds a formula that was never computed: {text}", _COMPUTE))
        if value is None or kind == "str":
            return None
        if kind == "e":
            return Cell(value, Refusal(f"holds the error {value}, not a value", _MEND))
        if isinstance(value, str):
            value = unescape(value)
            cell = text_cell(value)
            if cell is None:
                return None
        else:
            cell = Cell(value.replace(microsecond=0) if isinstance(value, datetime) else value)
        why = next(self._why_not_seen(value, written), None)
        return Cell(cell.value, why) if why is not None and cell.refusal is None else cell

    def _why_not_seen(self, value: object, written: Any) -> Iterator[Refusal]:
        """Why a person sees something else than the value."""
        sections = _QUOTED.sub("#", written.number_format).split(";")
        if len(sections) > 1 and not any(part.strip() for part in sections):
            yield Refusal(f"holds '{value}', and its number format hides it", _GENERAL)
        elif isinstance(value, str):
            plain = [_DECORATION.sub("", part) for part in sections]
            section = plain[3] if len(plain) > 3 else next((part for part in plain if "@" in part), "@")
            if section != "@":
                what = (
                    f"holds '{value}', and its number format '{written.number_format}' shows something else"
                )
                yield Refusal(what, _GENERAL)
        if _is_struck(written):
            yield Refusal(
                f"'{value}' is struck through", "delete what is not meant, or take the line through it away"
            )


def _is_struck(written: Any) -> bool:
    if written.font is not None and written.font.strike:
        return True
    runs = written.value if isinstance(written.value, CellRichText) else ()
    return any(isinstance(run, TextBlock) and run.font.strike and run.text.strip() for run in runs)


_SHOW = "show all {}: clear the filter, unfold groups, unhide; delete what is not meant, and save it again"
_UNMERGE = "unmerge it, and fill each of its cells in"
_COMPUTE = "open it in a spreadsheet program and save it there, or type the value"
_MEND = "mend the formula, or type the value; leave the cell empty if nothing is meant"
_GENERAL = "set the format of the cell to 'General', see what it holds, and save it again"
