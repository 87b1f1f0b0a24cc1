"""Requests from a table, CSV or XLSX: columns by their names, every row checked, all that is wrong told at once."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from robot.errors import BadInputError, Problem, did_you_mean
from robot.jobs.request import FIELDS, Request, read_request

#: What the columns may be called, without regard to case, blanks and signs.
_NAMES = {
    "location_id": ("location id", "location", "account id", "sub account id", "subaccount id"),
    "company": ("company", "company name", "customer", "account", "account name", "sub account", "name"),
    "requested_by": ("requested by", "who asked", "asked by", "requester", "owner"),
    "due_on": ("due on", "due", "due date"),
    "not_before": ("not before", "start", "start date"),
    "priority": ("priority",),
    "policies": ("policies", "policy"),
}
#: More rows are a mistake.
MOST_ROWS = 20_000
#: And so is a larger file, in bytes.
_LARGEST = 20 * 1024 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
#: Where a cell of a workbook stands; columns beyond `ZZ` belong to no table of customers.
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,7})([0-9]{1,9})"')
_LONGEST_COLUMN = 2
_XLSX = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request, and where it stands."""

    #: As a table counts: the headings are row 1.
    number: int
    request: Request


def read_table(file: Path) -> list[Row]:
    """Raises BadInputError with every problem of every row, named by row and column; then nothing may be taken."""
    cells = _cells(file)
    heading = next(((number, row) for number, row in cells if any(_shown(cell) for cell in row)), None)
    if heading is None:
        raise BadInputError(Problem(what=f"{file} is empty", next="its first row names the columns"))
    columns = _columns(file, heading[1])
    rows: list[Row] = []
    problems: list[tuple[int, Problem]] = []
    blank = 0
    for number, row in cells:
        if not any(_shown(cell) for cell in row):
            blank = blank or number
            continue
        if blank and (rows or problems):
            # A formula that went wrong is read as an empty cell: an empty row may be a customer.
            what = "is empty, and rows follow it"
            problems.append((blank, _problem(file, blank, "", what, "fill it in, or delete the row")))
        blank = 0
        given = {name: row[place] if place < len(row) else None for name, place in columns.items()}
        extra = [_shown(cell) for cell in row[len(heading[1]) :] if _shown(cell)]
        if extra:
            what = f"holds more values than there are columns: '{extra[0]}'"
            advice = "put values that hold the separator into double quotes"
            problems.append((number, _problem(file, number, "", what, advice)))
        request, faults = read_request(given)
        problems += [
            (
                number,
                _problem(file, number, _heading(fault.name, columns, heading[1]), fault.what, fault.next),
            )
            for fault in faults
        ]
        if request is not None:
            rows.append(Row(number=number, request=request))
    problems += _twice(file, rows)
    if problems:
        raise BadInputError(*(problem for _, problem in sorted(problems, key=lambda pair: pair[0])))
    if not rows:
        raise BadInputError(
            Problem(what=f"{file} has no rows", done="nothing was taken", next="add one row a customer")
        )
    return rows


def _twice(file: Path, rows: list[Row]) -> Iterator[tuple[int, Problem]]:
    """Rows of one customer, with their numbers: of one id, or of one name where one of them gives nothing else."""
    by_id: dict[str, Row] = {}
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        request = row.request
        other = by_id.get(request.location_id) if request.location_id else None
        advice = "leave one of the two"
        if other is None and request.company:
            same = by_name[request.company]
            other = next((one for one in same if not (one.request.location_id and request.location_id)), None)
            advice = "leave one of the two, or give both their location ids"
        if other is not None:
            what = f"names '{request.shown}', as row {other.number} does"
            yield row.number, _problem(file, row.number, "", what, advice)
        if request.location_id:
            by_id.setdefault(request.location_id, row)
        if request.company:
            by_name[request.company].append(row)


def _columns(file: Path, heading: list[object]) -> dict[str, int]:
    """Place of each field. Raises BadInputError for headings that are unknown or stand twice."""
    known = {word: name for name, words in _NAMES.items() for word in (*words, name.replace("_", " "))}
    columns: dict[str, int] = {}
    problems = []
    for place, cell in enumerate(heading):
        word = re.sub(r"[\W_]+", " ", _shown(cell)).strip().lower()
        name = known.get(word)
        if not word:
            continue
        if name is None:
            advice = f"{did_you_mean(word, list(known))} Columns: {', '.join(_shown_names())}".strip()
            problems.append(_problem(file, 1, _shown(cell), "is no column that is known", advice))
        elif name in columns:
            problems.append(_problem(file, 1, _shown(cell), "stands twice", "leave one of the two"))
        else:
            columns[name] = place
    if not problems and not {"location_id", "company"} & set(columns):
        problems.append(
            Problem(
                what=f"{file} has no column that names the customer",
                done="nothing was taken",
                next=f"columns: {', '.join(_shown_names())}; 'location id' or 'company' must be there",
            )
        )
    if problems:
        raise BadInputError(*problems)
    return columns


def _shown_names() -> list[str]:
    return [name.replace("_", " ") for name in FIELDS]


def _heading(name: str, columns: Mapping[str, int], heading: list[object]) -> str:
    return _shown(heading[columns[name]]) if name in columns else ""


def _problem(file: Path, number: int, column: str, what: str, advice: str) -> Problem:
    place = f"{file}, row {number}" + (f", column '{column}'" if column else "")
    return Problem(what=f"{place}: {what}", done="nothing was taken", next=advice)


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


# --- files -------------------------------------------------------------------------------------------


def _cells(file: Path) -> Iterator[tuple[int, list[object]]]:
    """Every row with its number. Raises BadInputError for a file that is no table."""
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInputError(
                Problem(what=f"{file} is larger than {_LARGEST // 1024**2} MB", next="split it")
            )
        content = file.read_bytes()
    except OSError as error:
        raise BadInputError(
            Problem(what=f"{file} cannot be read: {error.strerror}", next="check the path")
        ) from None
    rows = _of_workbook(file, content) if content.startswith(_XLSX) else _of_csv(file, content)
    if len(rows) > MOST_ROWS:
        raise BadInputError(Problem(what=f"{file} has more than {MOST_ROWS} rows", next="split it"))
    return iter(enumerate(rows, start=1))


def _of_csv(file: Path, content: bytes) -> list[list[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInputError(
            Problem(
                what=f"{file}, line {line}: is not UTF-8",
                done="nothing was taken",
                next="save it as 'CSV UTF-8', or as XLSX",
            )
        ) from None
    if "\0" in text:
        raise BadInputError(Problem(what=f"{file} is no table", next="give a CSV or XLSX file"))
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        ]
    except csv.Error as error:
        raise BadInputError(
            Problem(
                what=f"{file} is not CSV: {error}",
                done="nothing was taken",
                next="put values that hold separators or line ends into double quotes",
            )
        ) from None


def _of_workbook(file: Path, content: bytes) -> list[list[object]]:
    """The one sheet that holds anything."""
    try:
        _assert_small(file, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError) as error:
        raise BadInputError(
            Problem(
                what=f"{file} cannot be read as XLSX: {error}",
                done="nothing was taken",
                next="save it again, or as 'CSV UTF-8'",
            )
        ) from None
    filled = [name for name, rows in sheets.items() if any(_shown(cell) for row in rows for cell in row)]
    if len(filled) > 1:
        raise BadInputError(
            Problem(
                what=f"{file} has several sheets that hold something: {', '.join(filled)}",
                done="nothing was taken",
                next="leave the one with the customers, or save that as 'CSV UTF-8'",
            )
        )
    return [list(row) for row in sheets[filled[0]]] if filled else []


def _assert_small(file: Path, content: bytes) -> None:
    """Raises BadInputError for a workbook whose cells lie so far out that reading them would fill the memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if sum(entry.file_size for entry in book.infolist()) > _LARGEST_UNPACKED:
            raise BadInputError(
                Problem(
                    what=f"{file} unpacks to more than {_LARGEST_UNPACKED // 1024**2} MB", next="split it"
                )
            )
        for name in book.namelist():
            if not name.endswith(".xml"):
                continue
            for column, row in _CELL.findall(book.read(name)):
                if len(column) > _LONGEST_COLUMN or int(row) > MOST_ROWS:
                    where = f"{column.decode()}{row.decode()}"
                    raise BadInputError(
                        Problem(
                            what=f"{file} holds something at {where}, far beside any table",
                            done="nothing was taken",
                            next="delete it, or save the customers as 'CSV UTF-8'",
                        )
                    )
