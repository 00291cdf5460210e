"""Excel workbooks, new and old: typed cells, errors, formulas, merged cells, damage."""

import datetime
import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import old_excel
from malformed_case import Kind, Malformed, Refused, Right, grid, workbook, written
from old_excel import Shown
from openpyxl.worksheet.worksheet import Worksheet
from small_bank import TABLES


def put(place: str, value: object, number_format: str = "General", error: bool = False) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[place] = value
        sheet[place].number_format = number_format
        if error:
            sheet[place].data_type = "e"

    return change


def sheets() -> list[Malformed]:
    def xlsx(kind: Kind, name: str, change: Callable[[Worksheet], None], outcome: Refused | Right, **more: bool) -> Malformed:
        return Malformed(kind, name, "clients", workbook("clients", change, **more), outcome, ".xlsx")

    def numbered(sheet: Worksheet) -> None:
        for row in range(2, 10):
            sheet[f"A{row}"] = 100 + row

    def hidden_rows(sheet: Worksheet) -> None:
        sheet.insert_rows(4, 2)
        sheet.row_dimensions[4].hidden = True

    def titled(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "客户清单"
        sheet.merge_cells("A1:N1")

    clients = Right(TABLES["clients"])
    renumbered = grid(TABLES["clients"])
    for row, line in enumerate(renumbered[1:], 2):
        line[0] = str(100 + row)
    day = datetime.date(2019, 3, 1)
    return [
        xlsx("dates", "typed", put("N2", day, "yyyy-mm-dd"), clients),
        xlsx("dates", "typed, counted from 1904", put("N2", day, "yyyy-mm-dd"), clients, from_1904=True),
        xlsx("dates", "serial number not typed as a date", put("N2", 43525), Refused("date_serial", "since", (2,))),
        xlsx("dates", "typed in a column of money", put("D2", day, "yyyy-mm-dd"), Refused("not_a_number", "deposit_avg_cny", (2,))),
        xlsx("percent", "a cell shown as percent", put("E2", 0.015, "0.00%"), clients),
        xlsx("percent", "a cell shown as percent in money", put("D2", 6000, "0%"), Refused("unit_in_cell", "deposit_avg_cny", (2,))),
        xlsx("unit in format", "wan behind the number", put("D2", 60, '#,##0.00"万元"'), clients),
        xlsx("unit in format", "wan by the format's own dividing", put("D2", 600000, '0!.0,"万"'), clients),
        xlsx("unit in format", "dollars", put("D2", 600000, "[$$-409]#,##0"), Refused("not_a_number", "deposit_avg_cny", (2,))),
        xlsx("codes", "shown with zeros in front", put("A2", 123, "000000"), clients),
        xlsx("error cells", "#N/A", put("F3", "#N/A", error=True), Refused("error_cell", rows=(3,))),
        xlsx("error cells", "#REF! in a needed column", put("D3", "#REF!", error=True), Refused("error_cell", rows=(3,), also=("value_missing",))),
        xlsx("formulas", "never calculated", put("F3", "=50000+50000"), Refused("formula_uncalculated", rows=(3,))),
        Malformed("formulas", "with their result", "clients", calculated(), clients, ".xlsx"),
        xlsx("merged cells", "in a column", lambda sheet: sheet.merge_cells("B2:B3"), Refused("merged_cells", rows=(2, 3), also=("value_missing",))),
        xlsx(
            "merged cells",
            "a title above the headings",
            titled,
            Refused("merged_cells", rows=(1,), also=("column_missing", "column_missing_near", "column_without_heading")),
        ),
        xlsx("merged cells", "headings", lambda sheet: sheet.merge_cells("M1:N1"), Refused("merged_cells", rows=(1,), also=("column_without_heading",))),
        xlsx("hidden rows", "empty", hidden_rows, clients),
        xlsx("codes", "of 18 digits as numbers", put("A6", 330102199001011234), Refused("digits_lost", "client", (6,))),
        xlsx("codes", "as numbers beside 000123", put("A3", 123), Refused("zeros_lost", "client", (3,))),
        Malformed("codes", "all as numbers", "clients", workbook("clients", numbered), Right(written(renumbered), ("code_as_number",)), ".xlsx"),
        Malformed(
            "disguised", "a web page called xls", "caps", b"<html><table><tr><td>product</td></tr></table></html>", Refused("workbook_disguised"), ".xls"
        ),
        Malformed("disguised", "a new workbook called xls", "clients", workbook("clients"), clients, ".xls"),
        Malformed("disguised", "an old workbook called xlsx", "clients", old_excel.workbook(grid(TABLES["clients"])), clients, ".xlsx"),
        Malformed("disguised", "a damaged workbook", "caps", workbook("caps")[:700], Refused("table_unreadable"), ".xlsx"),
        xlsx("too large", "a stray cell in the last corner", put("XFD1048576", "x"), Refused("sheet_too_large")),
        xlsx("too large", "a stray cell far below and beside", put("CV1048576", "x"), Refused("sheet_too_large")),
        Malformed("macros", "xlsm", "clients", workbook("clients"), clients, ".xlsm"),
    ]


def calculated() -> bytes:
    """A workbook whose F3 is a formula with the result Excel keeps beside it."""
    plain = BytesIO(workbook("clients", put("F3", "=50000+50000")))
    out = BytesIO()
    with zipfile.ZipFile(plain) as package, zipfile.ZipFile(out, "w") as kept:
        for name in package.namelist():
            content = package.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content, count = re.subn(rb"(<f>50000[+]50000</f>)<v ?(?:></v>|/>)", rb"\1<v>100000</v>", content)
                assert count == 1
            kept.writestr(name, content)
    return out.getvalue()


def old_sheets() -> list[Malformed]:
    def xls(kind: Kind, name: str, outcome: Refused | Right, **cells: object) -> Malformed:
        rows: list[list[object]] = [list(row) for row in grid(TABLES["clients"])]
        for place, value in cells.items():
            rows[int(place[1:]) - 1][ord(place[0]) - 65] = value
        return Malformed(kind, name, "clients", old_excel.workbook(rows), outcome, ".xls")  # type: ignore[arg-type]

    clients = Right(TABLES["clients"])
    sound = old_excel.workbook(grid(TABLES["caps"]))
    size = struct.pack("<HHII", 0x200, 14, 0, 2)
    assert sound.count(size) == 1
    return [
        Malformed(
            "too large", "a sheet of damaged size", "caps", sound.replace(size, struct.pack("<HHII", 0x200, 14, 0, 2**31)), Refused("table_unreadable"), ".xls"
        ),
        Malformed("too large", "a damaged count of sectors", "caps", sound[:44] + b"\xff\xff\xff\x7f" + sound[48:], Refused("table_unreadable"), ".xls"),
        xls(
            "old workbook", "text, numbers, percent and dates", clients, D2=600000, E2=Shown(0.015, old_excel.PERCENT), I2=True, N2=Shown(43525, old_excel.DATE)
        ),
        xls("old workbook", "an error cell", Refused("error_cell", rows=(3,)), F3=Shown(error=True)),
        xls("old workbook", "serial number of a date", Refused("date_serial", "since", (2,)), N2=43525),
        xls("old workbook", "18 digits as a number", Refused("digits_lost", "client", (6,)), A6=330102199001011234),
        Malformed("old workbook", "cut off", "clients", old_excel.workbook(grid(TABLES["clients"]))[:2000], Refused("table_unreadable"), ".xls"),
    ]
