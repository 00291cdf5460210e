"""Reads one table's file into cells of text: CSV, Excel or Parquet. Row labels are the row numbers the file shows (heading = row 1)."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet

from planning.book.delimited import read_csv
from planning.book.raw import RawTable, as_text, text_series
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
        read = pa.parquet.read_table(path, partitioning=None)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    numbers = pd.Index(range(2, read.num_rows + 2))
    return RawTable(tuple(read.column_names), tuple(_parquet_cells(column, numbers) for column in read.columns))


def _parquet_cells(column: pa.ChunkedArray, numbers: pd.Index) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return text_series(column.to_pandas(), numbers)
    if pa.types.is_integer(kind):
        return pd.Series(column.cast(pa.string()).to_pandas(), dtype="str").set_axis(numbers)
    if pa.types.is_floating(kind) and compute.all(compute.is_finite(column)).as_py() is not False:
        return pd.Series(column.cast(pa.float64()).to_numpy(), index=numbers, dtype="float64")
    return text_series([as_text(cell) for cell in column.to_pylist()], numbers)
