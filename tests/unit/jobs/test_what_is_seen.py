"""A table holds what a person sees in it: what is hidden, wrong, uncomputed or of another type is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table

from robot.errors import BadInputError, Problem
from robot.jobs.request import Request
from robot.jobs.table import open_table, read_table

ID, OTHER = "hK3vQ9mTz7LpX2cRb8Nd", "28eDt8K7avTmHUGUhkPT"
TABLES = Path(__file__).parent / "tables"


def requests(file: Path) -> list[Request]:
    return [row.request for row in read_table(file)]


def refused(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadInputError) as caught:
        read_table(file)
    assert all(problem.next and problem.done == "nothing was taken" for problem in caught.value.problems)
    return caught.value.problems


def problems(file: Path) -> list[str]:
    return [re.sub(rf"^{re.escape(str(file))}(, |: | )", "", problem.what) for problem in refused(file)]


def sheet_of(folder: Path, fill: Callable[[object], None]) -> Path:
    """A workbook with two customers, changed by `fill`."""
    book = Workbook()
    sheet = book.active
    sheet.append(["company", "location id", "not before", "priority"])
    sheet.append(["Adrianne's", ID, date(2026, 12, 1), 2])
    sheet.append(["Café Crème", OTHER, None, None])
    fill(sheet)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


# --- as LibreOffice writes it: the files in `tables/` were saved by the program ---------------------------------


@pytest.mark.parametrize("name", ["plain.xlsx", "plain.csv", "semicolons.csv", "utf-16.csv"])
def test_what_libreoffice_saves_is_read(name: str) -> None:
    first, second = requests(TABLES / name)
    assert first == Request(
        company="Adrianne's Housekeeping", location_id=ID, not_before=date(2026, 12, 1), priority=2
    )
    assert second == Request(company="Café Crème", location_id=OTHER)


def test_days_counted_from_1904_are_the_days_that_are_shown() -> None:
    assert [one.not_before for one in requests(TABLES / "from-1904.xlsx")] == [date(2026, 12, 1)]


def test_formulas_that_libreoffice_computed_are_their_values() -> None:
    assert requests(TABLES / "computed.xlsx") == [Request(company="Adrianne's", priority=2)]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (
            "filtered.xlsx",
            [
                "a filter is set on A1:D3",
                "row 2: is hidden, with a filter set on A1:D3, and holds 'Adrianne's Housekeeping'",
            ],
        ),
        ("hidden-row.xlsx", ["row 3: is hidden, and holds 'Café Crème'"]),
        ("folded-group.xlsx", ["row 3: is folded away in a group, and holds 'Café Crème'"]),
        ("hidden-column.xlsx", ["row 1, column 'not before': is hidden (C)"]),
        ("hidden-sheet.xlsx", ["the sheet 'Old' is hidden, and holds something"]),
        ("merged.xlsx", ["row 2, column 'company': is merged (A2:A3)"]),
        ("struck.xlsx", ["row 3, column 'company': 'Gone already' is struck through"]),
        (
            "errors.xlsx",
            [
                "row 2, column 'company': holds the error #N/A, not a value",
                "row 3, column 'not before': holds the error #VALUE!, not a value",
                "row 4, column 'not before': holds the error #DIV/0!, not a value",
                "row 5, column 'not before': holds the error #NAME?, not a value",
                "row 6, column 'not before': holds the error #VALUE!, not a value",
            ],
        ),
        (
            "types.xlsx",
            [
                "row 2, column 'company': holds the day 2026-07-24, not text",
                "row 3, column 'location id': holds the number 12345678901234599936, of which a spreadsheet "
                "program keeps 15 digits, not text",
                "row 4, column 'company': holds the number 1, not text",
                "row 5, column 'not before': holds the number 46357, not a day",
                "row 6, column 'not before': holds a time of day: 2026-12-01 17:30",
                "row 7, column 'priority': holds the day 2026-12-01, not a priority",
            ],
        ),
        ("windows.csv", ["is not UTF-8: the byte \\xe9 in line 3 is of another encoding"]),
    ],
)
def test_what_is_not_to_be_seen_in_libreoffice_is_refused(name: str, what: list[str]) -> None:
    assert problems(TABLES / name) == what


# --- as Excel writes it: made by openpyxl and XlsxWriter -------------------------------------------------------


def hide_row(sheet: object) -> None:
    sheet.row_dimensions[3].hidden = True


def flatten_row(sheet: object) -> None:
    sheet.row_dimensions[3].height = 0.75


def fold_rows(sheet: object) -> None:
    sheet.row_dimensions.group(2, 3, hidden=True)


def set_filter(sheet: object) -> None:
    sheet.auto_filter.ref = "A1:D3"
    sheet.auto_filter.add_filter_column(0, ["Café Crème"])


def filter_table(sheet: object) -> None:
    table = Table(displayName="Gone", ref="A1:D3")
    sheet.add_table(table)
    table._initialise_columns()
    chosen = FilterColumn(colId=0, filters=Filters(filter=["Café Crème"]))
    table.autoFilter.filterColumn = [chosen]
    sheet.row_dimensions[2].hidden = True


def total_table(sheet: object) -> None:
    sheet.append(["Total", None, None, None])
    table = Table(displayName="Gone", ref="A1:D4", totalsRowCount=1)
    sheet.add_table(table)


def hide_columns(sheet: object) -> None:
    sheet.column_dimensions.group("B", "C", hidden=True)


def narrow_column(sheet: object) -> None:
    sheet.column_dimensions["C"].width = 0.1


def merge(sheet: object) -> None:
    sheet.merge_cells("A2:A3")


def merge_title(sheet: object) -> None:
    sheet.merge_cells("A1:B1")


def hide_by_format(sheet: object) -> None:
    sheet["A3"].number_format = ";;;"


def show_otherwise(sheet: object) -> None:
    sheet["A3"].number_format = '@" Ltd."'


def strike(sheet: object) -> None:
    sheet["A3"].font = Font(strike=True)


def put(place: str, value: object) -> Callable[[object], None]:
    def fill(sheet: object) -> None:
        sheet[place] = value

    return fill


def text_in(place: str, value: str) -> Callable[[object], None]:
    def fill(sheet: object) -> None:
        sheet[place] = value
        sheet[place].data_type = "s"

    return fill


@pytest.mark.parametrize(
    ("fill", "what"),
    [
        (hide_row, ["row 3: is hidden, and holds 'Café Crème'"]),
        (flatten_row, ["row 3: is hidden: it is 0.75 points high, and holds 'Café Crème'"]),
        (
            fold_rows,
            [
                "row 2: is folded away in a group, and holds 'Adrianne's'",
                "row 3: is folded away in a group, and holds 'Café Crème'",
            ],
        ),
        (set_filter, ["a filter is set on A1:D3"]),
        (
            filter_table,
            [
                "a filter is set on A1:D3",
                "row 2: is hidden, with a filter set on A1:D3, and holds 'Adrianne's'",
            ],
        ),
        (total_table, ["row 4: is the row of totals of the table 'Gone', and holds 'Total'"]),
        (
            hide_columns,
            [
                "row 1, column 'location id': is folded away in a group (B)",
                "row 1, column 'not before': is folded away in a group (C)",
            ],
        ),
        (narrow_column, ["row 1, column 'not before': has no width (C)"]),
        (merge, ["row 2, column 'company': is merged (A2:A3)"]),
        (hide_by_format, ["row 3, column 'company': holds 'Café Crème', and its number format hides it"]),
        (
            show_otherwise,
            [
                "row 3, column 'company': holds 'Café Crème', and its number format '@\" Ltd.\"' shows "
                "something else"
            ],
        ),
        (strike, ["row 3, column 'company': 'Café Crème' is struck through"]),
        (put("A3", "=B3"), ["row 3, column 'company': holds a formula that was never computed: =B3"]),
        (put("C3", "=TODAY()"), ["row 3, column 'not before': holds a formula that was never computed: =TODAY()"]),
        (text_in("A3", "=B3"), ["row 3, column 'company': holds the formula '=B3', not its value"]),
        (put("C3", "#REF!"), ["row 3, column 'not before': holds the error #REF!, not a value"]),
        (put("A3", "#VALUE!"), ["row 3, column 'company': holds the error #VALUE!, not a value"]),
        (text_in("A3", "#SPILL!"), ["row 3, column 'company': holds the error #SPILL!, not a value"]),
        (put("A3", datetime(2026, 7, 24)), ["row 3, column 'company': holds the day 2026-07-24, not text"]),
        (put("A3", time(9, 30)), ["row 3, column 'company': holds the time 09:30:00, not text"]),
        (put("A3", True), ["row 3, column 'company': holds the truth value TRUE, not text"]),
        (put("A3", 365), ["row 3, column 'company': holds the number 365, not text"]),
        (
            put("B3", 12345678901234567168),
            [
                "row 3, column 'location id': holds the number 12345678901234569216, of which a spreadsheet "
                "program keeps 15 digits, not text"
            ],
        ),
        (put("B3", 1234567890), ["row 3, column 'location id': holds the number 1234567890, not text"]),
        (put("C3", 46357), ["row 3, column 'not before': holds the number 46357, not a day"]),
        (put("C3", False), ["row 3, column 'not before': holds the truth value FALSE, not a day"]),
        (put("C3", timedelta(days=2)), ["row 3, column 'not before': holds the time 2 days, 0:00:00, not a day"]),
        (put("C3", datetime(2026, 12, 1, 9)), ["row 3, column 'not before': holds a time of day: 2026-12-01 09:00"]),
        (put("C3", date(1926, 12, 1)), ["row 3, column 'not before': '1926-12-01' is in the year 1926"]),
        (put("D3", True), ["row 3, column 'priority': 'True' is not a priority"]),
        (put("D3", 2.5), ["row 3, column 'priority': '2.5' is not a priority"]),
        (put("A3", "24-Jul"), [
            "row 3, column 'company': '24-Jul' looks like a day; spreadsheet programs make days of names such as 24/7"
        ]),
        (put("A3", "Café\nCrème"), ["row 3, column 'company': holds 2 lines: 'Café / Crème'"]),
        (put("F3", "x"), ["row 3: holds more values than there are columns: 'x'"]),
    ],
)  # fmt: skip
def test_what_a_person_does_not_see_as_it_is_is_refused(
    tmp_path: Path, fill: Callable[[object], None], what: list[str]
) -> None:
    assert problems(sheet_of(tmp_path, fill)) == what


@pytest.mark.parametrize("kind", ["24/7", "7-Eleven", "May Flowers", "365", "24 Karat", "#1 Cleaning", "A=B"])
def test_names_that_only_begin_like_something_else_are_names(tmp_path: Path, kind: str) -> None:
    assert requests(sheet_of(tmp_path, text_in("A3", kind)))[1].company == kind


def test_a_filter_without_a_condition_hides_nothing(tmp_path: Path) -> None:
    def fill(sheet: object) -> None:
        sheet.auto_filter.ref = "A1:D3"

    assert len(requests(sheet_of(tmp_path, fill))) == 2


def test_a_title_merged_over_the_headings_is_told(tmp_path: Path) -> None:
    assert "row 1, column 'company': is merged (A1:B1)" in problems(sheet_of(tmp_path, merge_title))


def test_everything_that_is_wrong_in_a_workbook_is_told_at_once(tmp_path: Path) -> None:
    def fill(sheet: object) -> None:
        hide_row(sheet)
        narrow_column(sheet)
        sheet["D2"] = "#N/A"

    assert problems(sheet_of(tmp_path, fill)) == [
        "row 1, column 'not before': has no width (C)",
        "row 2, column 'priority': holds the error #N/A, not a value",
        "row 3: is hidden, and holds 'Café Crème'",
    ]


def test_hidden_rows_and_columns_without_anything_in_them_are_no_matter(tmp_path: Path) -> None:
    def fill(sheet: object) -> None:
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["H"].hidden = True

    assert len(requests(sheet_of(tmp_path, fill))) == 2


def test_a_column_without_a_name_is_not_passed_over(tmp_path: Path) -> None:
    def fill(sheet: object) -> None:
        sheet["C1"] = None

    assert problems(sheet_of(tmp_path, fill)) == [
        "row 2, column '3': holds '2026-12-01 00:00:00', and the column has no name"
    ]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_customers_on_a_hidden_sheet_are_not_taken_nor_passed_over(tmp_path: Path, state: str) -> None:
    book = Workbook()
    book.active.append(["company"])
    book.active.append(["A"])
    sheet = book.create_sheet("Old")
    sheet["B2"] = "B"
    sheet.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == ["the sheet 'Old' is hidden, and holds something"]


@pytest.mark.parametrize("value", [0, "A customer"])
def test_a_program_that_does_not_compute_has_no_values_of_formulas(tmp_path: Path, value: object) -> None:
    """XlsxWriter writes 0, or what it is told, and asks the reader to compute."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["company", "location id"])
        sheet.write_formula("A2", "=C9", None, value)
        sheet.write("B2", ID)
    assert problems(tmp_path / "a.xlsx") == [
        "row 2, column 'company': holds a formula that was never computed: =C9"
    ]


def test_what_xlsxwriter_writes_is_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["company", "not before"])
        sheet.write("A2", "Smith & <Sons>")
        sheet.write_datetime("B2", datetime(2026, 12, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
    assert requests(tmp_path / "a.xlsx") == [Request(company="Smith & <Sons>", not_before=date(2026, 12, 1))]


def test_a_part_of_a_name_that_is_struck_through_is_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "company")
        sheet.write_rich_string(
            "A2", "Adrianne's ", book.add_format({"font_strikeout": True}), "Cleaning", " Co."
        )
        sheet.write_rich_string("A3", "Smith ", book.add_format({"bold": True}), "& Sons")
    assert problems(tmp_path / "a.xlsx") == [
        "row 2, column 'company': 'Adrianne's Cleaning Co.' is struck through"
    ]


# --- as Google Sheets and Numbers write it: imitated, from the parts that they are known to write -----------------


def test_a_sheet_without_calculation_settings_is_believed(tmp_path: Path) -> None:
    """Google Sheets writes no `calcPr`, texts in the cells, and the values that it computed."""
    content = {
        "xl/worksheets/sheet1.xml": '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>company</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B9</f><v>Adrianne&apos;s</v></c></row></sheetData>'
    }
    assert requests(bare_workbook(tmp_path, content)) == [Request(company="Adrianne's")]


def test_a_summary_that_numbers_adds_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Export Summary"
    book.active["B2"] = "This document was exported from Numbers."
    sheet = book.create_sheet("Sheet 1 - Table 1")
    sheet.append(["company"])
    sheet.append(["A"])
    book.save(tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == [
        "has several sheets that hold something: Export Summary, Sheet 1 - Table 1"
    ]


def bare_workbook(folder: Path, parts: dict[str, str], *, first: bytes = b"") -> Path:
    """The least that is a workbook; `parts` are put into the elements that they belong in."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="A" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    for name, text in parts.items():
        texts[name] = f'<worksheet xmlns="{main}">{text}</worksheet>'
    with zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in texts.items():
            book.writestr(name, (first if name in parts else b"") + text.encode())
    return folder / "a.xlsx"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ('ht="0" customHeight="1"', "row 2: is hidden: it is 0 points high, and holds 'A'"),
        ('hidden="1"', "row 2: is hidden, and holds 'A'"),
        ('hidden="true" outlineLevel="1"', "row 2: is folded away in a group, and holds 'A'"),
    ],
)
def test_a_row_without_height_is_hidden(tmp_path: Path, row: str, what: str) -> None:
    def cell(place: str, text: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    content = f'<sheetData><row r="1">{cell("A1", "company")}</row><row r="2" {row}>{cell("A2", "A")}</row></sheetData>'
    assert problems(bare_workbook(tmp_path, {"xl/worksheets/sheet1.xml": content})) == [what]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="A2"><f>B9</f></c>', "holds a formula that was never computed: =B9"),
        ('<c r="A2"><f>B9</f><v></v></c>', "holds a formula that was never computed: =B9"),
        ('<c r="A2" t="e"><f>B9</f><v>#N/A</v></c>', "holds the error #N/A, not a value"),
        ('<c r="A2" t="e"><v>OOPS</v></c>', "holds the error OOPS, not a value"),
        ('<c r="A2" t="b"><v>1</v></c>', "holds the truth value TRUE, not text"),
    ],
)
def test_a_cell_without_a_value_is_refused_whatever_wrote_it(tmp_path: Path, cell: str, what: str) -> None:
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>company</t></is></c></row><row r="2">{cell}</row>'
    file = bare_workbook(tmp_path, {"xl/worksheets/sheet1.xml": f"<sheetData>{rows}</sheetData>"})
    assert problems(file) == [f"row 2, column 'company': {what}"]


def test_a_formula_that_gives_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>company</t></is></c><c r="B1" t="inlineStr"><is><t>due</t></is></c></row>'
    rows += '<row r="2"><c r="A2" t="str"><f>"A"</f><v>A</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    file = bare_workbook(tmp_path, {"xl/worksheets/sheet1.xml": f"<sheetData>{rows}</sheetData>"})
    assert requests(file) == [Request(company="A")]


# --- what would fill the memory, or is something else -----------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ('<row r="1048576"><c><v>1</v></c></row>', "holds something at A1048576"),
        ("<row r='9'><c r='XFD9'><v>1</v></c></row>", "holds something at XFD9"),
        ('<row r="1">' + "<c><v>1</v></c>" * 500_001 + "</row>", "holds more than 500000 cells"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "cannot be read as XLSX"),
    ],
)
def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, row: str, what: str) -> None:
    [problem] = problems(
        bare_workbook(tmp_path, {"xl/worksheets/sheet1.xml": f"<sheetData>{row}</sheetData>"})
    )
    assert what in problem


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    first = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    file = bare_workbook(tmp_path, {"xl/worksheets/sheet1.xml": "<sheetData/>"}, first=first)
    assert problems(file) == ["holds xl/worksheets/sheet1.xml in a form that no program writes"]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("xl/workbook.bin", "is a workbook of the kind XLSB"),
        ("content.xml", "is no XLSX file"),
        ("Index/Document.iwa", "is no XLSX file"),
    ],
)
def test_other_kinds_of_documents_are_told(tmp_path: Path, name: str, what: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr(name, "x")
    (tmp_path / "a.xlsx").write_bytes(content.getvalue())
    assert problems(tmp_path / "a.xlsx") == [what]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel file of the old kind (.xls), or one with a password"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<html><table>", "is a web page or XML"),
        ("company\nCafé\n".encode("utf-16-le"), "is UTF-16 without its mark"),
        (b"\xff\xfec", "is not UTF-16, as it says that it is"),
        ("company\rCafé\r".encode("mac-roman"), "is not UTF-8: the byte \\x8e in line 2 is of another encoding"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_told_for_the_right_reason(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    [problem] = problems(tmp_path / "a.csv")
    assert problem == what


# --- CSV ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_line_end_and_marked_encoding_is_read(tmp_path: Path, end: str, encoding: str) -> None:
    text = end.join(["company,location id", f'"Smith, Jones",{ID}', f"Café Crème,{OTHER}", ""])
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert [(one.company, one.location_id) for one in requests(tmp_path / "a.csv")] == [
        ("Smith, Jones", ID),
        ("Café Crème", OTHER),
    ]


def test_the_line_that_names_the_separator_is_no_heading(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\r\ncompany;priority\r\nSmith, Jones, Sons;2\r\n")
    [row] = read_table(tmp_path / "a.csv")
    assert (row.number, row.request.company) == (3, "Smith, Jones, Sons")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("A,12345678901234500000,", "column 'location id': '12345678901234500000' is a number that a spreadsheet "
                                    "program has rounded: it keeps 15 digits"),
        ("A,1.23457E+19,", "column 'location id': '1.23457E+19' is a number that a spreadsheet program has rounded: "
                           "it keeps 15 digits"),
        ("2026-07-24,,", "column 'company': '2026-07-24' looks like a day; spreadsheet programs make days of names "
                         "such as 24/7"),
        ("24. Juli,,", "column 'company': '24. Juli' looks like a day; spreadsheet programs make days of names such "
                       "as 24/7"),
        ("#WERT!,,", "column 'company': holds the error #WERT!, not a value"),
        ("A,,#NV", "column 'not before': holds the error #NV, not a value"),
        ("A,,Err:502", "column 'not before': holds the error Err:502, not a value"),
        ("A,,########", "column 'not before': holds only '#': the column was too narrow to show its value"),
        ("=B2,,", "column 'company': holds the formula '=B2', not its value"),
        ('"A\nB",,', "column 'company': holds 2 lines: 'A / B'"),
        ("A,,2026-12-01 09:00", "column 'not before': '2026-12-01 09:00' is not a day"),
    ],
)  # fmt: skip
def test_what_a_program_made_of_a_value_is_refused_in_csv_too(tmp_path: Path, row: str, what: str) -> None:
    (tmp_path / "a.csv").write_text(f"company,location id,not before\n{row}\n", encoding="utf-8")
    assert problems(tmp_path / "a.csv") == [f"row 2, {what}"]


# --- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("Café", "Cafe\u0301", "row 3: names 'Café', as row 2 does"),
        ("Tidy Nest", "Tidy\N{NO-BREAK SPACE} Nest", "row 3: names 'Tidy Nest', as row 2 does"),
        (
            "Adrianne's",
            "Adrianne’s",
            "row 3: names 'Adrianne’s', which looks like 'Adrianne's' in row 2 and is spelled otherwise: "
            "RIGHT SINGLE QUOTATION MARK (U+2019) at letter 9",
        ),
        (
            "Soap",
            "S\N{CYRILLIC SMALL LETTER O}ap",
            "row 3: names 'Sоap', which looks like 'Soap' in row 2 and is spelled otherwise: "
            "CYRILLIC SMALL LETTER O (U+043E) at letter 2",
        ),
    ],
)
def test_a_name_that_looks_like_another_is_told(tmp_path: Path, one: str, other: str, what: str) -> None:
    (tmp_path / "a.csv").write_text(f"company\n{one}\n{other}\n", encoding="utf-8")
    assert problems(tmp_path / "a.csv") == [what]
    (tmp_path / "b.csv").write_text(f"company,location id\n{one},{ID}\n{other},{OTHER}\n", encoding="utf-8")
    assert len(requests(tmp_path / "b.csv")) == 2


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Adrianne\N{ZERO WIDTH SPACE}'s", "holds ZERO WIDTH SPACE (U+200B), after 'Adrianne' (letter 9)"),
        ("\N{RIGHT-TO-LEFT MARK}Soap", "holds RIGHT-TO-LEFT MARK (U+200F), at its beginning (letter 1)"),
        ("So\N{SOFT HYPHEN}ap", "holds SOFT HYPHEN (U+00AD), after 'So' (letter 3)"),
        ("Soap\N{ZERO WIDTH NO-BREAK SPACE}", "holds ZERO WIDTH NO-BREAK SPACE (U+FEFF), after 'Soap' (letter 5)"),
        ("Soap\x07", "holds a control character (U+0007), after 'Soap' (letter 5)"),
    ],
)  # fmt: skip
def test_what_nobody_sees_in_a_name_is_refused_by_its_name(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "a.csv").write_text(f"company\n{name}\n", encoding="utf-8")
    assert problems(tmp_path / "a.csv") == [f"row 2, column 'company': {what}, which nobody sees"]


def test_how_a_table_was_read_is_known(tmp_path: Path) -> None:
    assert open_table(TABLES / "semicolons.csv").read_as == "CSV in UTF-8, semicolon between values"
    assert open_table(TABLES / "plain.xlsx").read_as == "the sheet 'Cancelled'"
