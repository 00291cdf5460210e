"""Sheets as files: an Excel workbook whose cells are typed, or CSV files. The same sheets give the same bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell as OneCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from planning.report.sheet import Cell, Figure, Kind, Paper, Sheet

DATED = datetime(2000, 1, 1)  # no clock in a file: the same sheets give the same bytes
DATED_TEXT = f"{DATED.isoformat()}Z".encode()
SAVED = re.compile(rb"(?<=xsi:type=\"dcterms:W3CDTF\">)[^<]+(?=</dcterms:modified>)")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
WIDEST = 60
WIDEST_HEADING = 14  # a longer one wraps
TEXT = "@"
FORMATS: Mapping[Kind, str] = {
    "text": TEXT, "count": "#,##0", "number": "General", "month": "0", "cny": "#,##0.00", "ratio": "0.00",
    "percent": "0.0%", "gap": "0.000%", "date": "yyyy-mm-dd",
}  # fmt: skip
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACED = "\ufffd"
BOLD, HEAD, NO_FILL = Font(bold=True), PatternFill("solid", fgColor="E8EEF2"), PatternFill()
WRAPPED, PLAIN = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
SUM_LINE, NO_LINE = Border(top=Side(style="thin")), Border()


def workbook(sheets: Sequence[Sheet], paper: Paper | None = None) -> bytes:
    """An .xlsx file of these sheets. Text is text, whatever it begins with, and columns of text stay so when a planner types into them.

    With `paper` every sheet is set up to be printed: A4 across, as wide as the paper, headings on every page.
    """
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        _fill(page, sheet)
        if paper is not None:
            _set_up(page, paper)
    book.properties.creator, book.properties.created = "planning", DATED
    book.properties.title = paper.title if paper else None
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
    last = len(sheet.rows) + 1
    for at, row in enumerate((sheet.headings, *sheet.rows), 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(at, column)
            _put(cell, value, "text" if at == 1 or not sheet.kinds else sheet.kinds[column - 1])
            if at == 1 or (sheet.total and at == last):
                cell.font = BOLD
            if sheet.kinds:
                cell.alignment, cell.border = _aligned(at, cell), SUM_LINE if sheet.total and at == last else NO_LINE
                cell.fill = HEAD if at == 1 else NO_FILL
    for column, heading in enumerate(sheet.headings, 1):
        letter = page.cell(1, column).column_letter
        if column - 1 in sheet.texts:
            page.column_dimensions[letter].number_format = TEXT
        widths = [_width(_shown(row[column - 1])) for row in sheet.rows if len(row) >= column]
        own = min(_width(heading), WIDEST_HEADING) if sheet.kinds else _width(heading)
        page.column_dimensions[letter].width = min(max(own, *widths, 0) + 3, WIDEST)
    page.freeze_panes = "B2" if sheet.kinds else "A2"
    if sheet.kinds:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{last - sheet.total}"


def _put(cell: OneCell, value: Cell, kind: Kind) -> None:
    """A value with its number format; text is never taken for a formula, an error or a number."""
    if not value and isinstance(value, str):
        return
    if isinstance(value, str):
        cell.value = NOT_IN_XML.sub(REPLACED, value)
        cell.data_type, cell.number_format = "s", TEXT
    elif isinstance(value, Figure):
        cell.value, cell.number_format = value.value, FORMATS[value.kind]
    elif value is not None:
        cell.value = value
        if kind != "text":
            cell.number_format = FORMATS[kind]


def _aligned(at: int, cell: OneCell) -> Alignment:
    """Headings and long words wrap; a heading stands over its column as its figures do."""
    return WRAPPED if at == 1 or isinstance(cell.value, str) else PLAIN


def _shown(cell: Cell) -> str:
    value: object = cell.value if isinstance(cell, Figure) else cell
    return "" if value is None else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _width(words: str) -> int:
    """Columns that words take up: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def _set_up(page: Worksheet, paper: Paper) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = page.ORIENTATION_LANDSCAPE, page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    page.oddHeader.left.text, page.oddHeader.center.text, page.oddHeader.right.text = (_plain_head(text) for text in (paper.title, page.title, paper.head))
    page.oddFooter.left.text = _plain_head(paper.foot)
    page.oddFooter.right.text = _plain_head(paper.page).format(number="&P", of="&N")


def _plain_head(text: str) -> str:
    return text.replace("&", "&&")


def _undated(content: bytes) -> bytes:
    """The same workbook with its parts in order and no time of day on or in them: openpyxl notes when it saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again:
        for name in sorted(parts.namelist()):
            again.writestr(zipfile.ZipInfo(name, DATED.timetuple()[:6]), SAVED.sub(DATED_TEXT, parts.read(name)), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
