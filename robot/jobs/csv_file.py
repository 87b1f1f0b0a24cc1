"""CSV as spreadsheet programs write it, to a grid."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from robot.errors import BadInputError, Problem
from robot.jobs.grid import LONGEST_TEXT, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, Line, text_cell

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Files that are tables, and of other programs, by how they begin.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "is an Excel file of the old kind (.xls), or one with a password",
    b"%PDF": "is a PDF",
    b"{\\rtf": "is a text document",
    b"<": "is a web page or XML",
}
_NOT_TAKEN = "nothing was taken"


def read_csv(file: Path, content: bytes) -> Grid:
    """Raises BadInputError for what is no CSV."""
    for beginning, what in _OTHERS.items():
        if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(beginning):
            raise _refused(file, what, "open it, and save it as 'CSV UTF-8', or as XLSX without a password")
    text, encoding = _decoded(file, content)
    # Old programs end lines with a carriage return alone.
    text = re.sub(r"\r\n?", "\n", text)
    separator, text = _separator(text)
    lines = []
    for number, row in enumerate(_rows(file, text, separator), start=1):
        cells = {place: cell for place, text in enumerate(row) if (cell := text_cell(text)) is not None}
        if cells:
            lines.append(Line(number=number, cells=cells))
    return Grid(lines=lines, read_as=f"CSV in {encoding}, {_SEPARATORS[separator]} between values")


def _rows(file: Path, text: str, separator: str) -> Iterator[list[str]]:
    """Raises BadInputError for what is no CSV, and for more of anything than a table holds."""
    number = held = 0
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            advice = "put values that hold separators or line ends into double quotes"
            raise _refused(file, f"is not CSV: {error}", advice) from None
        if row is None:
            return
        number += 1
        held += len(row)
        place = f"has in row {number}"
        if len(row) > MOST_COLUMNS:
            raise _refused(
                file, f"{place} {len(row)} values; no table has more than {MOST_COLUMNS} columns", _SPLIT
            )
        if any(len(value) > LONGEST_TEXT for value in row):
            raise _refused(file, f"{place} a value of more than {LONGEST_TEXT} letters", _SPLIT)
        if held > MOST_CELLS:
            raise _refused(file, f"holds more than {MOST_CELLS} values", _SPLIT)
        if number > MOST_ROWS + 1 and row:
            raise _refused(file, f"has more than {MOST_ROWS} rows", _SPLIT)
        yield row


_SPLIT = "split it, or save the customers alone"


def _decoded(file: Path, content: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding."""
    encoding = "UTF-16" if content.startswith(_UTF_16) else "UTF-8"
    if encoding == "UTF-8" and content.count(b"\0") * 3 > len(content):
        raise _refused(file, "is UTF-16 without its mark", "save it as 'CSV UTF-8', or as XLSX")
    try:
        text = content.decode("utf-16" if encoding == "UTF-16" else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        shown = repr(content[error.start : error.start + 1])[2:-1]
        what = f"is not {encoding}: the byte {shown} in line {line} is of another encoding"
        if encoding == "UTF-16":
            what = f"is not {encoding}, as it says that it is"
        raise _refused(file, what, "save it as 'CSV UTF-8', or as XLSX") from None
    if "\0" in text:
        raise _refused(file, "is no table", "give a CSV or XLSX file")
    return text, encoding


def _separator(text: str) -> tuple[str, str]:
    """What stands between values, and the text without the line `sep=;` that some programs begin with."""
    said = re.match(r"sep=([,;\t])\n", text)
    if said:
        # The line is kept, empty: rows are counted as programs show them.
        return said[1], text[said.end() - 1 :]
    heading = next((line for line in text.split("\n") if line.strip(" ,;\t")), "")
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(_SEPARATORS, key=bare.count), text


def _refused(file: Path, what: str, advice: str) -> BadInputError:
    return BadInputError(Problem(what=f"{file} {what}", done=_NOT_TAKEN, next=advice))
