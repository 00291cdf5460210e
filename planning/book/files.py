"""Reads one table's file into cells of text: CSV, Excel or Parquet. Row labels are the row numbers the file shows (heading = row 1)."""

import csv
import datetime
import decimal
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from python_calamine import CalamineError, CalamineWorkbook

from planning.book import arrow
from planning.errors import DataFaults, Fault

SUFFIXES = (".csv", ".xlsx", ".parquet")
EXACT_DIGITS = 1e15


@dataclass(frozen=True)
class RawTable:
    """What a file holds before it is understood: headings as written, cells as text (numbers where Parquet has numbers)."""

    headings: tuple[str, ...]
    cells: Sequence[pd.Series]
    faults: tuple[Fault, ...] = ()


def table_files(folder: Path, table: str) -> tuple[Path, ...]:
    """The files in a folder that are named like the table."""
    return tuple(sorted(path for path in folder.iterdir() if path.is_file() and path.stem == table and path.suffix.lower() in SUFFIXES))


def read_raw(path: Path, table: str) -> RawTable:
    """The file's headings and cells. DataFaults when it cannot be read at all."""
    match path.suffix.lower():
        case ".xlsx":
            return read_xlsx(path, table)
        case ".parquet":
            return read_parquet(path, table)
    return read_csv(path, table)


def read_csv(path: Path, table: str, delimiter: str = ",", encoding: str = "utf-8-sig") -> RawTable:
    """A CSV file, UTF-8 with or without byte order mark unless said. Rows with too many or too few fields are faults."""
    content = _decoded(path, table, encoding)
    headings = _csv_headings(path, table, content, delimiter)
    wrong: list[int] = []

    def note(row: pa.csv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    names = [str(position) for position in range(len(headings))]
    try:
        read = pa.csv.read_csv(
            pa.BufferReader(content.encode("utf-8")),
            read_options=pa.csv.ReadOptions(use_threads=False, column_names=names),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
            convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]),
        )
    except pa.ArrowInvalid as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    skipped = set(wrong)
    numbers = pd.Index([row for row in range(1, read.num_rows + len(wrong) + 1) if row not in skipped])
    cells = tuple(pd.Series(column.to_pandas(), dtype="str").set_axis(numbers).iloc[1:] for column in read.columns)
    faults = [Fault("row_width", table, "", tuple(wrong[:5]), len(wrong), {"file": path.name, "columns": len(headings)})] if wrong else []
    return RawTable(headings, cells, tuple(faults))


def _decoded(path: Path, table: str, encoding: str) -> str:
    try:
        content = path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        raise DataFaults(Fault("not_utf8", table, values={"file": path.name})) from error
    if content.count('"') % 2:
        raise DataFaults(Fault("quote_open", table, values={"file": path.name}))
    return content


def _csv_headings(path: Path, table: str, content: str, delimiter: str) -> tuple[str, ...]:
    headings = next(csv.reader(content[:100_000].splitlines(), delimiter=delimiter), [])
    if not any(heading.strip() for heading in headings):
        raise DataFaults(Fault("table_without_heading", table, values={"file": path.name}))
    return tuple(heading.strip() for heading in headings)


def read_xlsx(path: Path, table: str, sheet: str = "") -> RawTable:
    """One sheet of an Excel workbook: the one named, else the one named like the table, else the only one."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        names = workbook.sheet_names
        wanted = sheet or (table if table in names else names[0] if len(names) == 1 else "")
        if wanted not in names:
            raise DataFaults(Fault("sheet_unclear", table, values={"file": path.name, "sheet": sheet or table, "sheets": ", ".join(names)}))
        rows = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    if not rows or not any(as_text(cell).strip() for cell in rows[0]):
        raise DataFaults(Fault("table_without_heading", table, values={"file": path.name}))
    numbers = pd.Index(range(2, len(rows) + 1))
    columns = zip(*rows, strict=True)
    texts = [[as_text(cell) for cell in column] for column in columns]
    cells = tuple(_text_series(column[1:], numbers) for column in texts)
    return RawTable(tuple(column[0].strip() for column in texts), cells)


def read_parquet(path: Path, table: str) -> RawTable:
    """A Parquet file; numbers stay numbers, everything else becomes text."""
    try:
        shape = pa.parquet.read_schema(path)
        rows = pa.parquet.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    return RawTable(tuple(shape.names), ParquetCells(path, table, tuple(shape.names), rows))


class ParquetCells(Sequence[pd.Series]):
    """The columns of a Parquet file, each read when it is asked for and kept by nobody here."""

    def __init__(self, path: Path, table: str, headings: tuple[str, ...], rows: int) -> None:
        self._path, self._table, self._headings = path, table, headings
        self._numbers = pd.RangeIndex(2, rows + 2)

    def __len__(self) -> int:
        return len(self._headings)

    def __getitem__(self, place: Any) -> Any:
        heading = self._headings[place]
        before = self._headings[:place].count(heading)
        try:
            with pa.parquet.ParquetFile(self._path) as file:
                column = file.read(columns=[heading]).column(before)
        except (pa.ArrowInvalid, OSError) as error:
            raise DataFaults(Fault("table_unreadable", self._table, values={"file": self._path.name})) from error
        return arrow.cells(column, self._numbers, as_text)


def _text_series(texts: Sequence[str] | pd.Series, numbers: pd.Index) -> pd.Series:
    cells = pd.Series(list(texts), index=numbers, dtype="str")
    return cells.where(cells != "", math.nan)


def as_text(cell: object) -> str:
    """A cell as a planner would type it in a CSV file: 123 for the number 123.0, 2026-01-31 for a date, a|b for a list."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time(0) else cell.isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, list):
        return "|".join(as_text(part) for part in cell)
    return str(cell.normalize()) if isinstance(cell, decimal.Decimal) else str(cell)


def _number_text(number: float) -> str:
    """Whole numbers without a point; those beyond 15 digits in powers of ten, as Excel shows them, since their last digits are lost."""
    if not math.isfinite(number):
        return str(number)
    if abs(number) >= EXACT_DIGITS:
        return f"{number:.15e}"
    return str(int(number)) if number == int(number) else repr(number)
