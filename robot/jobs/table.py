"""Requests from a table, CSV or XLSX: columns by their names, every row checked, all that is wrong told at once.

A table holds what a person sees in it: what is hidden, went wrong or was not computed is refused, never left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from robot.errors import BadInputError, Problem, did_you_mean
from robot.jobs.csv_file import read_csv
from robot.jobs.grid import MOST_ROWS, Cell, Grid, Line, Refusal
from robot.jobs.request import FIELDS, Fault, Request, read_request
from robot.names import difference, is_same_name, skeleton

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
#: A larger file is a mistake, in bytes.
_LARGEST = 20 * 1024 * 1024
_XLSX = b"PK\x03\x04"
#: Months as programs write them in the languages of the Americas and Western Europe, short and long.
_MONTHS = (
    "jan(?:uary|uar|vier|eiro)?|janv|ene(?:ro)?|gen(?:naio)?|feb(?:ruary|ruar|rero|braio)?|f[eé]v(?:r|rier)?|mar(?:ch|s|zo)?|"
    "m(?:ä|ae|a)rz|mrz|mrt|maart|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|mei|mag(?:gio)?|june?|juni|juin|junio|"
    "giu(?:gno)?|july?|juli|juil(?:let)?|julio|lug(?:lio)?|aug(?:ust|ustus)?|ao[uû]t|ago(?:sto)?|sept?(?:ember|embre|iembre)?|"
    "set(?:tembre|embro)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|out(?:ubro)?|nov(?:ember|embre|iembre)?|"
    "dec(?:ember)?|dez(?:ember|embro)?|d[eé]c(?:embre)?|dic(?:iembre|embre)?"
)
#: A day as programs write it where somebody typed `24/7`, and with its year.
_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?: .*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?: .*)?|"
    rf"\d{{1,2}}[-. ]{{1,2}}(?:{_MONTHS})\.?(?:[- ]\d{{2,4}})?|(?:{_MONTHS})\.?[- ]\d{{1,4}}",
    re.IGNORECASE,
)
#: Other years are slips: two digits that a program has filled up, or a day counted from another one.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
#: Digits that a spreadsheet program keeps of a number; it fills up with noughts, or writes a power of ten.
_KEPT = 15
_ROUNDED = re.compile(r"[1-9]\d{14}0+|\d(?:[.,]\d+)?[eE]\+?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request, and where it stands."""

    #: As a table counts: the headings are row 1.
    number: int
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A whole table, and how it was read."""

    rows: list[Row]
    read_as: str


def read_table(file: Path) -> list[Row]:
    """The rows of `open_table`."""
    return open_table(file).rows


def open_table(file: Path) -> Table:
    """Raises BadInputError with every problem of every row, named by row and column; then nothing may be taken."""
    grid = _grid(file)
    if not grid.lines:
        raise BadInputError(
            Problem(what=f"{file} is empty", done=_NOT_TAKEN, next="its first row names the columns")
        )
    reader = _Reader(file, grid)
    return Table(rows=reader.rows(), read_as=grid.read_as)


_NOT_TAKEN = "nothing was taken"


class _Reader:
    """One table on the way to its requests."""

    def __init__(self, file: Path, grid: Grid) -> None:
        self._file = file
        self._heading, *self._lines = grid.lines
        self._grid = grid
        #: With the number of its row, by which they are told in order.
        self._problems: list[tuple[int, Problem]] = []

    def rows(self) -> list[Row]:
        for one in self._grid.refusals:
            what = f"{self._file}: {one.what}"
            self._problems.append((0, Problem(what=what, done=_NOT_TAKEN, next=one.next)))
        columns = self._columns()
        rows: list[Row] = []
        last = None
        for line in self._lines:
            if last is not None and line.number > last + 1:
                # A formula that went wrong may be read as an empty cell: an empty row may be a customer.
                self._add(last + 1, "", "is empty, and rows follow it", "fill it in, or delete the row")
            last = line.number
            row = self._row(line, columns)
            if row is not None:
                rows.append(row)
        for number, what, advice in _twice(rows):
            self._add(number, "", what, advice)
        self._raise()
        if not rows:
            raise BadInputError(
                Problem(what=f"{self._file} has no rows", done=_NOT_TAKEN, next="add one row a customer")
            )
        return rows

    def _add(self, number: int, column: str, what: str, advice: str) -> None:
        place = f"{self._file}, row {number}" + (f", column '{column}'" if column else "")
        self._problems.append((number, Problem(what=f"{place}: {what}", done=_NOT_TAKEN, next=advice)))

    def _raise(self) -> None:
        if self._problems:
            raise BadInputError(*(problem for _, problem in sorted(self._problems, key=lambda pair: pair[0])))

    def _columns(self) -> dict[int, str]:
        """The field of each column. Raises BadInputError for headings that are unknown or stand twice."""
        known = {word: name for name, words in _NAMES.items() for word in (*words, name.replace("_", " "))}
        heading = self._heading
        number = heading.number
        if heading.refusal is not None:
            self._add(number, "", heading.refusal.what, heading.refusal.next)
        for place, why in self._grid.hidden.items():
            self._add(number, self._name(place), why.what, why.next)
        told = len(self._problems)
        columns: dict[int, str] = {}
        advice = f"columns: {', '.join(_shown_names())}"
        for place, cell in heading.cells.items():
            word = re.sub(r"[\W_]+", " ", cell.shown).strip().lower()
            name = known.get(word)
            if cell.refusal is not None:
                self._add(number, cell.shown, cell.refusal.what, cell.refusal.next)
            elif name is None:
                hint = f"{did_you_mean(word, list(known))} {advice[0].upper()}{advice[1:]}".strip()
                self._add(number, cell.shown, "is no column that is known", hint)
            elif name in columns.values():
                self._add(number, cell.shown, "stands twice", "leave one of the two")
            else:
                columns[place] = name
        if len(self._problems) > told:
            # What stands in a column of another name is not judged.
            self._raise()
        if not {"location_id", "company"} & set(columns.values()):
            raise BadInputError(
                Problem(
                    what=f"{self._file} has no column that names the customer",
                    done=_NOT_TAKEN,
                    next=f"{advice}; 'location id' or 'company' must be there",
                )
            )
        return columns

    def _name(self, place: int) -> str:
        """The heading of a column, or its number where it has none."""
        cell = self._heading.cells.get(place)
        return cell.shown if cell is not None else str(place + 1)

    def _row(self, line: Line, columns: dict[int, str]) -> Row | None:
        """The request of one row, or what is wrong with it."""
        if line.refusal is not None:
            first = next(iter(line.cells.values())).shown
            self._add(line.number, "", f"{line.refusal.what}, and holds '{first[:60]}'", line.refusal.next)
            return None
        faults: list[Fault] = []
        given: dict[str, object] = {}
        for place, cell in line.cells.items():
            name = columns.get(place)
            refusal = cell.refusal or (_unfit(name, cell) if name else None)
            if name is None and refusal is None:
                if place > max(columns):
                    what = f"holds more values than there are columns: '{cell.shown[:60]}'"
                    refusal = Refusal(what, "put values that hold the separator into double quotes")
                else:
                    what = f"holds '{cell.shown[:60]}', and the column has no name"
                    refusal = Refusal(what, "name the column, or empty it")
                self._add(line.number, "" if place > max(columns) else self._name(place), *_pair(refusal))
            elif refusal is not None:
                self._add(line.number, self._name(place), *_pair(refusal))
            if name is not None:
                faults += [Fault(name=name, what="")] if refusal is not None else []
                given[name] = cell.value
        # What is told already is not judged again.
        told = {fault.name for fault in faults}
        request, found = read_request({name: value for name, value in given.items() if name not in told})
        headings = {name: self._name(place) for place, name in columns.items()}
        for fault in found:
            if fault.name or not told:
                self._add(line.number, headings.get(fault.name, ""), fault.what, fault.next)
        return Row(number=line.number, request=request) if request is not None and not told else None


def _pair(refusal: Refusal) -> tuple[str, str]:
    return refusal.what, refusal.next


def _unfit(name: str, cell: Cell) -> Refusal | None:
    """Why a value does not fit its column, though it is one that a request may hold."""
    value = cell.value
    if name in ("due_on", "not_before"):
        day = value.date().isoformat() if isinstance(value, datetime) else str(value).strip()
        year = re.fullmatch(r"(\d{4})-\d\d-\d\d", day)
        if year and not _FIRST_YEAR <= int(year[1]) <= _LAST_YEAR:
            return Refusal(f"'{day}' is in the year {year[1]}", "write the year with its four digits")
    if not isinstance(value, str):
        return None
    text = value.strip()
    if name == "location_id" and _ROUNDED.fullmatch(text):
        what = f"'{text}' is a number that a spreadsheet program has rounded: it keeps {_KEPT} digits"
        return Refusal(what, "format the column as text, and copy the id again")
    if name == "company" and _DAY.fullmatch(text):
        what = f"'{text}' looks like a day; spreadsheet programs make days of names such as 24/7"
        return Refusal(
            what, "format the column as text and type the name again, or give the location id alone"
        )
    if name in ("company", "location_id") and len(text.splitlines()) > 1:
        what = f"holds {len(text.splitlines())} lines: '{' / '.join(text.split())[:60]}'"
        return Refusal(what, "one row a customer; write the name in one line")
    return None


def _twice(rows: list[Row]) -> Iterator[tuple[int, str, str]]:
    """Rows of one customer: of one id, or of one name where one of them gives nothing else.

    Names that only look the same are told too: nobody knows whether two customers are meant.
    """
    by_id: dict[str, Row] = {}
    by_look: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        request = row.request
        other = by_id.get(request.location_id) if request.location_id else None
        advice = "leave one of the two"
        if other is None and request.company:
            alike = by_look[skeleton(request.company)]
            other = next(
                (one for one in alike if not (one.request.location_id and request.location_id)), None
            )
            advice = "leave one of the two, or give both their location ids"
        if other is not None:
            what = f"names '{request.shown}', as row {other.number} does"
            theirs = other.request.company
            if skeleton(theirs) == skeleton(request.company) and not is_same_name(theirs, request.company):
                what = f"names '{request.company}', which looks like '{theirs}' in row {other.number}"
                what += f" and is spelled otherwise: {difference(request.company, theirs)}"
            yield row.number, what, advice
        if request.location_id:
            by_id.setdefault(request.location_id, row)
        if request.company:
            by_look[skeleton(request.company)].append(row)


def _shown_names() -> list[str]:
    return [name.replace("_", " ") for name in FIELDS]


def _grid(file: Path) -> Grid:
    """What the file holds. Raises BadInputError for one that is no table."""
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInputError(
                Problem(
                    what=f"{file} is larger than {_LARGEST // 1024**2} MB", done=_NOT_TAKEN, next="split it"
                )
            )
        content = file.read_bytes()
    except OSError as error:
        raise BadInputError(
            Problem(what=f"{file} cannot be read: {error.strerror}", done=_NOT_TAKEN, next="check the path")
        ) from None
    if content.startswith(_XLSX):
        # The library is large, and most commands read no workbook.
        from robot.jobs.workbook import read_workbook  # noqa: PLC0415

        grid = read_workbook(file, content)
    else:
        grid = read_csv(file, content)
    if grid.lines and grid.lines[-1].number > MOST_ROWS:
        raise BadInputError(
            Problem(what=f"{file} has more than {MOST_ROWS} rows", done=_NOT_TAKEN, next="split it")
        )
    return grid
