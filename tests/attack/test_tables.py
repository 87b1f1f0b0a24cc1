"""Tables that ask for more memory, time or patience than any table is worth."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path
from time import monotonic

import psutil
import pytest
from openpyxl import Workbook

from robot.errors import BadInputError
from robot.jobs.apart import MOST_PROBLEMS, open_table_apart

HEAD = "location id,company\n"
ROW = "hK3vQ9mTz7LpX2cRb8Nd,Adrianne's Housekeeping\n"


SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: str, *, spaces: str = f"xmlns='{SPACE}'") -> bytes:
    """A workbook of one sheet, whose rows are written as they are given."""
    made = io.BytesIO()
    book = Workbook()
    book.save(made)
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = f"<?xml version='1.0'?><worksheet {spaces}>".encode()
                text += f"<sheetData>{sheet}</sheetData></worksheet>".encode()
            new.writestr(name, text)
    return changed.getvalue()


NAMED = '<c r="A1" t="inlineStr"><is><t>location id</t></is></c>'
FAR = {
    "far": f'<row r="1">{NAMED}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "far, in other quotes": f"<row r='1'>{NAMED}</row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "far, in small letters": f'<row r="1">{NAMED}</row><row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "far beyond any program": f'<row r="1">{NAMED}</row><row r="1"><c r="ZZZZZZ999999999"><v>1</v></c></row>',
    "a row that is far": f'<row r="1">{NAMED}</row><row r="999999999"><c><v>1</v></c></row>',
    "blanks around the place": f'<row r="1">{NAMED}</row><row r="2"><c  r = "XFD1048576" ><v>1</v></c></row>',
    "a far column without end": f'<cols><col min="1" max="999999999"/></cols><row r="1">{NAMED}</row>',
}


def refused(file: Path, content: bytes, **limits: int) -> BadInputError:
    file.write_bytes(content)
    before = psutil.Process().memory_info().rss
    began = monotonic()
    with pytest.raises(BadInputError) as caught:
        open_table_apart(file, **limits)
    assert monotonic() - began < 40
    assert psutil.Process().memory_info().rss - before < 300 * 1024**2
    for problem in caught.value.problems:
        assert problem.done == "nothing was taken"
        assert problem.next
    return caught.value


@pytest.mark.parametrize("sheet", FAR.values(), ids=FAR)
def test_a_cell_far_away_is_not_gone_to(tmp_path: Path, sheet: str) -> None:
    refused(tmp_path / "far.xlsx", workbook(sheet))


def test_a_cell_of_another_prefix_is_a_cell(tmp_path: Path) -> None:
    named = NAMED.replace("<c ", "<x:c ").replace("</c>", "</x:c>").replace("<is>", "<x:is>")
    named = named.replace("</is>", "</x:is>").replace("<t>", "<x:t>").replace("</t>", "</x:t>")
    sheet = f'<x:row r="1">{named}</x:row><x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    text = workbook(sheet, spaces=f"xmlns:x='{SPACE}'")
    refused(tmp_path / "prefix.xlsx", text)


def test_cells_without_a_place_are_counted(tmp_path: Path) -> None:
    cells = "<c><v>1</v></c>" * 900_000
    error = refused(tmp_path / "many.xlsx", workbook(f'<row r="1">{NAMED}{cells}</row>'))
    assert len(error.problems) == 1


def test_what_needs_too_much_memory_ends_its_reader_alone(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}">{"<c><v>1</v></c>" * 20}</row>' for number in range(2, 20_000))
    error = refused(
        tmp_path / "big.xlsx", workbook(f'<row r="1">{NAMED}</row>{rows}'), most_memory=150 * 1024**2
    )
    assert "needs more than 150 MB of memory to read" in error.problem.what


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}">{"<c><v>1</v></c>" * 20}</row>' for number in range(2, 20_000))
    error = refused(tmp_path / "long.xlsx", workbook(f'<row r="1">{NAMED}</row>{rows}'), most_s=1)
    assert "1 s to read" in error.problem.what


@pytest.mark.parametrize(
    "text",
    [
        "location id" + ",x" * 900_000,
        HEAD + ROW.strip() + ",x" * 900_000,
        HEAD + "x" * 5_000_000 + ",y\n",
        HEAD + "a,b\n" * 300_000,
        HEAD + '"' + "\n" * 3_000_000,
        HEAD + "," * 10_000_000,
    ],
    ids=["columns", "values", "a long value", "rows", "a quote without end", "separators"],
)
def test_more_of_anything_than_a_table_holds_is_one_problem(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path / "wide.csv", text.encode())
    assert len(error.problems) == 1


def test_so_many_problems_are_told_and_how_many_more_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path / "wrong.csv", (HEAD + "short,\n" * 15_000).encode())
    assert len(error.problems) == MOST_PROBLEMS + 1
    assert "has 14800 more problems" in error.problems[-1].what


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for place in (tmp_path / "pipe.csv", tmp_path / "loop.csv", Path("/dev/zero"), tmp_path):
        with pytest.raises(BadInputError):
            open_table_apart(place)


def test_a_table_that_is_one_is_read_as_before(tmp_path: Path) -> None:
    file = tmp_path / "good.csv"
    file.write_text(HEAD + ROW)
    [row] = open_table_apart(file).rows
    assert (row.number, row.request.company) == (2, "Adrianne's Housekeeping")


def test_twenty_thousand_rows_are_within_the_limits(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["location id", "company", "requested by", "priority"])
    for number in range(19_999):
        sheet.append([f"L{number:019d}", f"Customer {number}", "somebody", 5])
    book.save(tmp_path / "many.xlsx")
    assert len(open_table_apart(tmp_path / "many.xlsx").rows) == 19_999
