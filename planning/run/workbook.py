"""Sheets as files: an Excel workbook whose cells are typed, or CSV files. The same sheets give the same bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from planning.report.template import Cell, Sheet

DATED = datetime(2000, 1, 1)  # no clock in a file: the same sheets give the same bytes
DATED_TEXT = f"{DATED.isoformat()}Z".encode()
SAVED = re.compile(rb"(?<=xsi:type=\"dcterms:W3CDTF\">)[^<]+(?=</dcterms:modified>)")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
WIDEST = 60
TEXT = "@"


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx file of these sheets. Text is text, whatever it begins with, and columns of text stay so when a planner types into them."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.properties.created = DATED
    written = io.BytesIO()
    book.save(written)
    return _undated(written.getvalue())


def csv_text(sheet: Sheet) -> str:
    """A CSV file of one sheet; text that a spreadsheet would take for a formula carries an apostrophe."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([sheet.headings, *([_plain(cell) for cell in row] for row in sheet.rows)])
    return written.getvalue()


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for at, row in enumerate((sheet.headings, *sheet.rows), 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", TEXT
            if at == 1:
                cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    for column, heading in enumerate(sheet.headings, 1):
        words = [str(row[column - 1]) for row in sheet.rows if len(row) >= column]
        letter = page.cell(1, column).column_letter
        if column - 1 in sheet.texts:
            page.column_dimensions[letter].number_format = TEXT
        page.column_dimensions[letter].width = min(max(len(word) for word in (heading, *words)) * 1.3 + 4, WIDEST)


def _undated(content: bytes) -> bytes:
    """The same workbook with its parts in order and no time of day on or in them: openpyxl notes when it saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again:
        for name in sorted(parts.namelist()):
            again.writestr(zipfile.ZipInfo(name, DATED.timetuple()[:6]), SAVED.sub(DATED_TEXT, parts.read(name)), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
