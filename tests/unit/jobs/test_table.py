"""A table is taken whole or not at all, and all that is wrong with it is told by row and column."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from robot.errors import BadInputError
from robot.jobs.intake import import_table
from robot.jobs.request import Request
from robot.jobs.table import read_table
from robot.ledger.database import open_ledger
from robot.ledger.jobs import Jobs
from robot.names import is_invisible, skeleton

ID, OTHER = "hK3vQ9mTz7LpX2cRb8Nd", "28eDt8K7avTmHUGUhkPT"


def table(folder: Path, text: str | bytes, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def requests(file: Path) -> list[Request]:
    return [row.request for row in read_table(file)]


def problems(file: Path) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        read_table(file)
    assert all(problem.next for problem in caught.value.problems)
    return [problem.what.removeprefix(f"{file}, ") for problem in caught.value.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_are_told_by_their_names(tmp_path: Path, separator: str, mark: str) -> None:
    heading = separator.join(["Priority", "Due Date", "Sub-Account", "ACCOUNT_ID", "who asked", "Policies"])
    row = separator.join(["2", "2026-12-01", '"Smith, Jones;  & Sons"', ID, "Ann", "users_shared=block"])
    [request] = requests(table(tmp_path, f"{mark}{heading}\r\n\r\n{row}\r\n\r\n"))
    assert request == Request(
        location_id=ID,
        company="Smith, Jones; & Sons",
        requested_by="Ann",
        due_on=date(2026, 12, 1),
        priority=2,
        policies={"users_shared": "block"},
    )


def test_a_workbook_is_read_like_any_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["company", "due", "priority", "location id"])
    sheet.append(["Café Crème", datetime(2026, 12, 1), 3, ID])
    sheet.append(["明洋清洁服务", "2026-12-02", None, OTHER])
    sheet.append(["365", None, 7.0, None])
    book.create_sheet("empty")
    book.save(tmp_path / "a.xlsx")
    rows = read_table(tmp_path / "a.xlsx")
    assert [row.number for row in rows] == [2, 3, 4]
    assert [row.request.due_on for row in rows] == [date(2026, 12, 1), date(2026, 12, 2), None]
    assert [row.request.priority for row in rows] == [3, 5, 7]
    assert rows[2].request.company == "365"


def test_an_empty_row_may_be_a_customer_that_was_lost(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for value in ("company", "A", "=VLOOKUP(1,2,3)", "B"):
        sheet.append([value])
    sheet["A3"] = None
    book.save(tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == ["row 3: is empty, and rows follow it"]


def test_customers_on_a_second_sheet_are_not_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["company"])
    book.create_sheet("more").append(["company"])
    book.save(tmp_path / "a.xlsx")
    [problem] = problems(tmp_path / "a.xlsx")
    assert "has several sheets that hold something: Sheet, more" in problem


def test_a_cell_far_beside_the_table_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "company"
    sheet["XFD1048576"] = "stray"
    book.save(tmp_path / "a.xlsx")
    [problem] = problems(tmp_path / "a.xlsx")
    assert "holds something at XFD1048576" in problem


def test_everything_that_is_wrong_is_told_at_once_in_order(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        f"location id,company,due,priority,policies\nx,A,1.12.2026,0,users=1\n,,,,\n,,2026-12-01,,\n{ID},B,,,\n"
        f"{ID},C,,,\n,B,,,users_shared=keep\n,A,,,,surplus\n",
    )
    assert problems(file) == [
        "row 2, column 'location id': 'x' is not a location id",
        "row 2, column 'due': '1.12.2026' is not a day",
        "row 2, column 'priority': '0' is not a priority",
        "row 2, column 'policies': there is no policy 'users'",
        "row 3: is empty, and rows follow it",
        "row 4: names no customer",
        "row 6: names 'C', as row 5 does",
        "row 7, column 'policies': policy 'users_shared': 'keep' is not allowed",
        "row 8: holds more values than there are columns: 'surplus'",
    ]


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("compny", "row 1, column 'compny': is no column that is known"),
        ("company,Customer", "row 1, column 'Customer': stands twice"),
    ],
)
def test_headings_that_are_wrong_are_told(tmp_path: Path, heading: str, what: str) -> None:
    assert problems(table(tmp_path, f"{heading}\nA,B\n")) == [what]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n\n,,\n", "is empty"),
        (b"company\n", "has no rows"),
        (b"due,priority\n2026-12-01,2\n", "has no column that names the customer"),
        ("company\nCafé\n".encode("latin-1"), "is not UTF-8"),
        (b'company\n"A\n', "is not CSV"),
        (b"PK\x03\x04nothing", "cannot be read as XLSX"),
        (b"company\n\0\n", "is no table"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, what: str) -> None:
    [problem] = problems(table(tmp_path, content))
    assert what in problem


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path / "none.csv")[0]


def test_two_of_one_name_with_ids_of_their_own_are_two_customers(tmp_path: Path) -> None:
    assert len(requests(table(tmp_path, f"location id,company\n{ID},A\n{OTHER},A\n"))) == 2


def test_the_same_table_twice_adds_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, f"location id,company\n{ID},A\n,B\n")
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        jobs = Jobs(ledger, dashboard="https://app.example")
        first = import_table(jobs, file, profile="p", by="me")
        second = import_table(jobs, file, profile="p", by="me")
        assert [one.is_new for one in first + second] == [True, True, False, False]
        assert [one.job.id for one in first] == [one.job.id for one in second]
        assert first[0].job.source == "a.csv, row 2"
        assert len(jobs.all()) == 2


def test_a_table_with_one_wrong_row_adds_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, f"location id,company\n{ID},A\nx,B\n")
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        jobs = Jobs(ledger, dashboard="https://app.example")
        with pytest.raises(BadInputError):
            import_table(jobs, file, profile="p", by="me")
        assert jobs.all() == []


FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@FUZZ
@given(
    content=st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: f"company\n{text}".encode("utf-8", "replace"))
)
def test_whatever_a_file_holds_it_is_read_or_told(tmp_path: Path, content: bytes) -> None:
    try:
        rows = read_table(table(tmp_path, content))
    except BadInputError as error:
        assert error.problems
    else:
        assert rows
        assert all(row.request.company or row.request.location_id for row in rows)


#: Names without what is refused: what nobody sees, formulas, errors and days.
CELL = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u2800\ufffc\ufffd"),
    min_size=1,
    max_size=30,
).filter(
    lambda text: (
        text.strip()
        and text.strip()[0] not in "=#"
        and not re.search(r"\d[-/.]\d", text)
        and not any(is_invisible(letter) for letter in text)
    )
)


@FUZZ
@given(names=st.lists(CELL, min_size=1, max_size=8, unique_by=skeleton))
def test_any_name_comes_through_as_it_is(tmp_path: Path, names: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["company", "priority"], *([name, 4] for name in names)])
    assert [request.company for request in requests(table(tmp_path, out.getvalue()))] == [
        " ".join(unicodedata.normalize("NFC", name).split()) for name in names
    ]
