"""Reads a CSV file: its encoding, its separator and its quotes are found, confirmed by headings that are known, or refused."""

import csv
import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from planning.book import headings
from planning.book.contracts import EVERY_TABLE
from planning.book.encodings import decoded, garbled
from planning.book.raw import RawTable
from planning.errors import DataFaults, Fault

SEPARATORS = (",", ";", "\t", "|")
LONGEST_HEADING = 100_000


def read_csv(path: Path, table: str, delimiter: str = "", encoding: str = "") -> RawTable:
    """A CSV file. What is not said of separator and encoding is found: , ; tab or |, UTF-8, UTF-16 or GB18030.

    Rows with too many or too few fields are faults. DataFaults when the file cannot be read at all.
    """
    content = _with_line_ends(decoded(path.read_bytes(), path.name, table, encoding))
    delimiter = delimiter or _separator(path, table, content)
    names = _headings(path, table, content, delimiter)
    _refuse_loose_quotes(path, table, content, delimiter)
    wrong: list[int] = []

    def note(row: pa.csv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    places = [str(position) for position in range(len(names))]
    try:
        read = pa.csv.read_csv(
            pa.BufferReader(content.encode("utf-8")),
            read_options=pa.csv.ReadOptions(use_threads=False, column_names=places),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
            convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=True, null_values=[""]),
        )
    except pa.ArrowInvalid as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    skipped = set(wrong)
    numbers = pd.Index([row for row in range(1, read.num_rows + len(wrong) + 1) if row not in skipped])
    cells = tuple(pd.Series(column.to_pandas(), dtype="str").set_axis(numbers).iloc[1:] for column in read.columns)
    faults = [Fault("row_width", table, "", tuple(wrong[:5]), len(wrong), {"file": path.name, "columns": len(names)})] if wrong else []
    last = read.num_rows + len(wrong)
    open_end = [] if content.endswith("\n") else [Fault("last_row_open", table, "", (last,), 1, {"file": path.name})]
    return RawTable(names, cells, tuple(faults), tuple(open_end))


def _with_line_ends(content: str) -> str:
    """Lines of old Macs end in a bare carriage return."""
    return content if "\n" in content else content.replace("\r", "\n")


def _first_record(content: str, delimiter: str) -> list[str]:
    try:
        return [heading.strip() for heading in next(csv.reader(StringIO(content[:LONGEST_HEADING], newline=""), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _separator(path: Path, table: str, content: str) -> str:
    """The separator under which most headings are known. DataFaults when none is, or when two do equally well."""
    first = content[:LONGEST_HEADING].split("\n", 1)[0]
    contract = EVERY_TABLE.get(table)
    there = [separator for separator in SEPARATORS if separator in first]
    if contract is None or not first.strip(" \t\r,;|"):
        return ","
    counts = {separator: headings.known(contract, _first_record(content, separator)) for separator in there or SEPARATORS[:1]}
    most = max(counts.values())
    best = [separator for separator, count in counts.items() if count == most]
    if not most:
        code = "garbled_headings" if garbled(first) else "headings_unknown"
        raise DataFaults(Fault(code, table, "", (1,), 1, {"file": path.name, "heading": first.strip()[:40]}))
    if len(best) > 1:
        raise DataFaults(Fault("separator_unclear", table, "", (1,), 1, {"file": path.name}))
    return best[0]


def _headings(path: Path, table: str, content: str, delimiter: str) -> tuple[str, ...]:
    names = _first_record(content, delimiter)
    if not any(names):
        raise DataFaults(Fault("table_without_heading", table, values={"file": path.name}))
    return tuple(names)


def _refuse_loose_quotes(path: Path, table: str, content: str, delimiter: str) -> None:
    """DataFaults for a quote that is never closed, or that stands inside a cell: both swallow the cells behind them."""
    if '"' not in content:
        return
    between = re.escape(delimiter)
    cells = re.compile(rf'(?:(?<=[{between}\n\r])|^)(?:"[^"]*(?:""[^"]*)*"|="[^"\n]*")(?=[{between}\r\n]|\Z)')
    rest = cells.sub(lambda cell: "\n" * cell[0].count("\n"), content)
    if '"' in rest:
        row = rest.count("\n", 0, rest.index('"')) + 1
        code = "quote_open" if content.count('"') % 2 else "quote_inside"
        raise DataFaults(Fault(code, table, "", (row,), 1, {"file": path.name}))
