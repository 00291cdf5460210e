"""Reads one sheet of an Excel workbook (.xlsx, .xlsm, .xls) into cells of text: what its cells show, or it is refused; hidden rows are rows."""

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from planning.book import old_workbook, workbook_marks
from planning.book.findings import found
from planning.book.raw import RawTable, as_text, text_series
from planning.book.workbook_marks import PERCENT, Marks, Place, TooLargeError
from planning.errors import DataFaults, Fault

SPREADSHEETS = (".xlsx", ".xlsm", ".xls")
ZIPPED, COMPOUND = b"PK", b"\xd0\xcf\x11\xe0"
UNSOUND = (CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, IndexError, StopIteration, struct.error, OSError)
PANIC = "PanicException"  # how the reader's own failures on a damaged file arrive; it is no Exception
Rows = list[list[Any]]


def read_workbook(path: Path, table: str, sheet: str = "") -> RawTable:
    """One sheet of a workbook: the one named, else the one named like the table, else the only one.

    Errors, formulas without a result and merged cells are faults. A number is read with what its format adds: "3.5%", "60万元", "$5", "000123".
    DataFaults when the file is no workbook, is locked, or has no such sheet.
    """
    try:
        told, opened = _opened(path, table, sheet)
        rows = opened.to_python(skip_empty_area=False)
    except BaseException as error:
        if isinstance(error, UNSOUND) or type(error).__name__ == PANIC:
            raise DataFaults(Fault(_why(path, error), table, values={"file": path.name})) from error
        raise
    if not rows or not any(as_text(cell).strip() for cell in rows[0]):
        raise DataFaults(Fault("table_without_heading", table, values={"file": path.name}))
    headings = tuple(as_text(cell).strip() for cell in rows[0])
    faults = [*_unusable(table, told, headings), *_merged(table, opened, path.name)]
    _show(rows, told.shown)
    numbers = pd.Index(range(2, len(rows) + 1))
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(headings)
    cells = tuple(text_series([as_text(cell) for cell in column], numbers) for column in columns)
    numbered = tuple(numbers[[isinstance(cell, float | int) and not isinstance(cell, bool) for cell in column]] for column in columns)
    return RawTable(headings, cells, tuple(faults), (), numbered)


def _opened(path: Path, table: str, sheet: str) -> tuple[Marks, CalamineSheet]:
    """The sheet and its marks. The marks come first: they refuse a damaged size, for which the reader would ask for all memory there is."""
    old = _head(path) == COMPOUND
    if old:
        old_workbook.refuse_wrong_sizes(path.read_bytes())
    named_right = old == (path.suffix.lower() == ".xls")
    workbook = CalamineWorkbook.from_path(path) if named_right else CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    names = workbook.sheet_names
    wanted = sheet or (table if table in names else names[0] if len(names) == 1 else "")
    if wanted not in names:
        raise DataFaults(Fault("sheet_unclear", table, values={"file": path.name, "sheet": sheet or table, "sheets": ", ".join(names)}))
    told = (old_workbook if old else workbook_marks).marks(path, wanted)
    return told, workbook.get_sheet_by_name(wanted)


def _why(path: Path, error: BaseException) -> str:
    """What kept the file from being read: a password, its size, another kind of file under its name, or damage."""
    if isinstance(error, PasswordError):
        return "workbook_locked"
    if isinstance(error, TooLargeError):
        return "sheet_too_large"
    head = _head(path)
    return "table_unreadable" if not head or head.startswith(ZIPPED) or head == COMPOUND else "workbook_disguised"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _unusable(table: str, told: Marks, headings: Sequence[str]) -> list[Fault]:
    """A fault a column with error cells, and one a column with formulas that were never calculated."""
    faults = []
    for code, places in (("error_cell", told.errors), ("formula_uncalculated", told.uncalculated)):
        for column in sorted({column for _, column in places}):
            heading = headings[column] if column < len(headings) else ""
            rows = [row for row, at in places if at == column]
            faults.append(found(code, table, "", rows, heading=heading or _letters(column)))
    return faults


def _merged(table: str, sheet: CalamineSheet, file: str) -> list[Fault]:
    rows = sorted({row + 1 for (top, _), (bottom, _) in sheet.merged_cell_ranges or () for row in range(top, bottom + 1)})
    return [found("merged_cells", table, "", rows, file=file)] if rows else []


def _show(rows: Rows, shown: Mapping[Place, str]) -> None:
    for (row, column), sign in shown.items():
        if row <= len(rows) and column < len(rows[row - 1]):
            cell = rows[row - 1][column]
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                rows[row - 1][column] = _as_shown(cell, sign)


def _as_shown(number: float, sign: str) -> str:
    if sign == PERCENT:
        return f"{_plain(Decimal(repr(number)) * 100)}%"
    text = as_text(number)
    if sign.strip("0"):
        return text + sign
    return text.zfill(len(sign)) if text.isdigit() else text


def _plain(number: Decimal) -> str:
    return re.sub(r"\.0*$|(\.[0-9]*?)0+$", r"\1", f"{number:f}")


def _letters(column: int) -> str:
    """The column's letters, as Excel shows them above the sheet."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
