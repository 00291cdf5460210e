"""Reads one table's file into cells of text: CSV, Excel or Parquet. Row labels are the row numbers the file shows (heading = row 1)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from planning.book import arrow
from planning.book.delimited import read_csv
from planning.book.raw import RawTable, as_text
from planning.book.workbooks import SPREADSHEETS, read_workbook
from planning.errors import DataFaults, Fault

SUFFIXES = (".csv", *SPREADSHEETS, ".parquet")

__all__ = ["SPREADSHEETS", "SUFFIXES", "RawTable", "as_text", "read_csv", "read_parquet", "read_raw", "read_workbook", "table_files"]


def table_files(folder: Path, table: str) -> tuple[Path, ...]:
    """The files in a folder that are named like the table."""
    return tuple(sorted(path for path in folder.iterdir() if path.is_file() and path.stem == table and path.suffix.lower() in SUFFIXES))


def read_raw(path: Path, table: str) -> RawTable:
    """The file's headings and cells. DataFaults when it cannot be read at all."""
    suffix = path.suffix.lower()
    if suffix in SPREADSHEETS:
        return read_workbook(path, table)
    return read_parquet(path, table) if suffix == ".parquet" else read_csv(path, table)


def read_parquet(path: Path, table: str) -> RawTable:
    """A Parquet file; numbers stay numbers, everything else becomes text."""
    try:
        shape = pa.parquet.read_schema(path)
        rows = pa.parquet.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    if not shape.names:
        raise DataFaults(Fault("table_without_heading", table, values={"file": path.name}))
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
