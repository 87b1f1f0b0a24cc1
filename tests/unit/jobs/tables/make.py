"""Makes the files of this folder again, with LibreOffice: `python tests/unit/jobs/tables/make.py`.

Each is drawn up as a flat document and saved by the program itself, so that it holds what the program writes. The tests
read the files that are here; they need no LibreOffice.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ID, OTHER = "hK3vQ9mTz7LpX2cRb8Nd", "28eDt8K7avTmHUGUhkPT"

FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
 <number:date-style style:name="N1"><number:year number:style="long"/><number:text>-</number:text>
  <number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
 <number:date-style style:name="N2"><number:day/><number:text>-</number:text>
  <number:month number:textual="true"/></number:date-style>
 <number:number-style style:name="N3"><number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>
 <style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>
 <style:style style:name="short" style:family="table-cell" style:data-style-name="N2"/>
 <style:style style:name="whole" style:family="table-cell" style:data-style-name="N3"/>
 <style:style style:name="struck" style:family="table-cell"><style:text-properties
  style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>
 <style:style style:name="unseen" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>{settings}{sheets}{ranges}</office:spreadsheet></office:body></office:document>
"""


def text(value: str, style: str = "", more: str = "") -> str:
    named = f' table:style-name="{style}"' if style else ""
    lines = f"<text:p>{value}</text:p>" if value else ""
    kind = ' office:value-type="string"' if value else ""
    return f"<table:table-cell{named}{kind}{more}>{lines}</table:table-cell>"


def day(value: str, style: str = "day") -> str:
    kind = f'office:value-type="date" office:date-value="{value}"'
    return f'<table:table-cell table:style-name="{style}" {kind}/>'


def number(value: str) -> str:
    kind = f'office:value-type="float" office:value="{value}"'
    return f'<table:table-cell table:style-name="whole" {kind}/>'


def truth() -> str:
    return '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'


def formula(value: str) -> str:
    return f'<table:table-cell table:formula="of:={value}"/>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def sheet(*rows: str, name: str = "Cancelled", style: str = "", columns: str = "") -> str:
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{named}>{columns}{"".join(rows)}</table:table>'


HEADING = row(*(text(word) for word in ("company", "location id", "not before", "priority")))
FIRST = row(text("Adrianne's Housekeeping"), text(ID), day("2026-12-01"), number("2"))
SECOND = row(text("Café Crème"), text(OTHER), text(""), text(""))
FILTERED = ' table:visibility="filter"'
COLLAPSED = ' table:visibility="collapse"'
RANGE = """<table:database-ranges><table:database-range table:name="__Anonymous_Sheet_DB__0"
 table:target-range-address="Cancelled.A1:Cancelled.D3" table:display-filter-buttons="true">
 <table:filter><table:filter-condition table:field-number="0" table:value="Café Crème" table:operator="="/></table:filter>
</table:database-range></table:database-ranges>"""

#: Name of the file: the sheets, what stands before them, and the ranges behind them.
FILES: dict[str, tuple[str, str, str]] = {
    "plain": (sheet(HEADING, FIRST, SECOND), "", ""),
    "filtered": (
        sheet(HEADING, FIRST.replace("<table:table-row", f"<table:table-row{FILTERED}", 1), SECOND),
        "",
        RANGE,
    ),
    "hidden-row": (
        sheet(HEADING, FIRST, SECOND.replace("<table:table-row", f"<table:table-row{COLLAPSED}", 1)),
        "",
        "",
    ),
    "folded-group": (
        sheet(
            HEADING,
            FIRST,
            '<table:table-row-group table:display="false">'
            + SECOND.replace("<table:table-row", f"<table:table-row{COLLAPSED}", 1)
            + "</table:table-row-group>",
        ),
        "",
        "",
    ),
    "hidden-column": (
        sheet(
            HEADING,
            FIRST,
            SECOND,
            columns='<table:table-column table:number-columns-repeated="2"/>'
            '<table:table-column table:visibility="collapse"/><table:table-column/>',
        ),
        "",
        "",
    ),
    "hidden-sheet": (
        sheet(HEADING, FIRST) + sheet(HEADING, SECOND, name="Old", style="unseen"),
        "",
        "",
    ),
    "merged": (
        sheet(
            HEADING,
            row(text("Adrianne's", more=' table:number-rows-spanned="2"'), text(ID)),
            row("<table:covered-table-cell/>", text(OTHER)),
        ),
        "",
        "",
    ),
    "errors": (
        sheet(
            row(text("company"), text("not before")),
            row(formula("VLOOKUP(&quot;x&quot;;[.D1:.E2];2;0)"), text("")),
            row(text("B"), formula("&quot;a&quot;+1")),
            row(text("C"), formula("1/0")),
            row(text("D"), formula("NOSUCHFUNCTION(1)")),
            row(text("E"), formula("SQRT(-1)")),
        ),
        "",
        "",
    ),
    "computed": (
        sheet(
            row(text("company"), text("requested by"), text("priority")),
            row(formula("&quot;Adrianne&quot;&amp;&quot;'s&quot;"), formula("IF(1=2;&quot;x&quot;;&quot;&quot;)"), formula("1+1")),
        ),
        "",
        "",
    ),
    "types": (
        sheet(
            row(text("company"), text("location id"), text("not before"), text("priority")),
            row(day("2026-07-24", "short"), text(ID), text(""), text("")),
            row(text("B"), number("12345678901234567890"), text(""), text("")),
            row(truth(), text(OTHER), text(""), text("")),
            row(text("D"), text(""), number("46357"), text("")),
            row(text("E"), text(""), day("2026-12-01T17:30:00"), text("")),
            row(text("F"), text(""), text(""), day("2026-12-01")),
        ),
        "",
        "",
    ),
    "struck": (sheet(HEADING, FIRST, row(text("Gone already", "struck"))), "", ""),
    "from-1904": (
        sheet(HEADING, FIRST),
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>',
        "",
    ),
}  # fmt: skip
#: The same sheet as CSV: name, and the program's own words for separator, quotes, and encoding.
CSVS = {
    "plain.csv": "44,34,76,1",
    "semicolons.csv": "59,34,76,1",
    "utf-16.csv": "9,34,65535,1",
    "windows.csv": "44,34,1,1",
}


def save(folder: Path, document: Path, kind: str, wanted: Path) -> None:
    """Lets LibreOffice save one document."""
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            *("--convert-to", kind, "--outdir", str(folder), str(document)),
        ],
        check=True,
        capture_output=True,
    )
    suffix = kind.split(":", maxsplit=1)[0]
    wanted.write_bytes((folder / document.with_suffix(f".{suffix}").name).read_bytes())
    sys.stdout.write(f"{wanted.name}\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stem, (sheets, settings, ranges) in FILES.items():
            document = folder / f"{stem}.fods"
            document.write_text(
                FRAME.format(sheets=sheets, settings=settings, ranges=ranges), encoding="utf-8"
            )
            save(folder, document, "xlsx", HERE / f"{stem}.xlsx")
        for file, words in CSVS.items():
            save(
                folder,
                folder / "plain.fods",
                f"csv:Text - txt - csv (StarCalc):{words}",
                HERE / file,
            )


if __name__ == "__main__":
    main()
