"""Reads a CSV file: its encoding, its separator and its quotes are found, confirmed by headings that are known, or refused."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
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
AT_ONCE, MOST_AT_ONCE = 1 << 20, (1 << 31) - 1  # bytes


def read_csv(path: Path, table: str, delimiter: str = "", encoding: str = "") -> RawTable:
    """A CSV file. What is not said of separator and encoding is found: , ; tab or |, UTF-8, UTF-16 or GB18030.

    Rows with too many or too few fields are faults. DataFaults when the file cannot be read at all.
    """
    content = _with_line_ends(decoded(path.read_bytes(), path.name, table, encoding))
    delimiter, names = outline(path, table, content, delimiter)
    plain = content.encode("utf-8")
    _refuse_loose_quotes(path, table, plain, delimiter)
    try:
        try:
            read, wrong = _parsed(plain, len(names), delimiter, AT_ONCE)
        except pa.ArrowInvalid:  # a row longer than what is read at once
            read, wrong = _parsed(plain, len(names), delimiter, min(len(plain), MOST_AT_ONCE))
    except pa.ArrowInvalid as error:
        raise DataFaults(Fault("table_unreadable", table, values={"file": path.name})) from error
    skipped = set(wrong)
    numbers = pd.Index([row for row in range(1, read.num_rows + len(wrong) + 1) if row not in skipped])
    cells = tuple(pd.Series(column.to_pandas(), dtype="str").set_axis(numbers).iloc[1:] for column in read.columns)
    faults = [Fault("row_width", table, "", tuple(wrong[:5]), len(wrong), {"file": path.name, "columns": len(names)})] if wrong else []
    last = read.num_rows + len(wrong)
    open_end = [] if content.endswith("\n") else [Fault("last_row_open", table, "", (last,), 1, {"file": path.name})]
    return RawTable(names, cells, tuple(faults), tuple(open_end))


def _parsed(plain: bytes, columns: int, delimiter: str, at_once: int) -> tuple[pa.Table, list[int]]:
    """The cells, headings among them, and the rows left out since they are too wide or too narrow."""
    wrong: list[int] = []

    def note(row: pa.csv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    places = [str(position) for position in range(columns)]
    read = pa.csv.read_csv(
        pa.BufferReader(plain),
        read_options=pa.csv.ReadOptions(use_threads=False, column_names=places, block_size=at_once),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
        convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=True, null_values=[""]),
    )
    return read, wrong


def outline(path: Path, table: str, beginning: str, delimiter: str = "") -> tuple[str, tuple[str, ...]]:
    """The separator, found unless given, and the headings of a CSV file whose text begins so. DataFaults when they cannot be told."""
    found = delimiter or _separator(path, table, beginning)
    return found, _headings(path, table, beginning, found)


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


def _refuse_loose_quotes(path: Path, table: str, content: bytes, delimiter: str) -> None:
    """DataFaults for a quote that is never closed, or that stands inside a cell: both swallow the cells behind them.

    Quotes open and close in turn: one that opens stands at the start of a cell, one that closes at its end, a pair inside is one sign.
    """
    signs = np.frombuffer(b"\n\n" + content + b"\n", np.uint8)
    places = np.flatnonzero(signs == ord('"'))
    if not len(places):
        return
    edge = np.isin(np.arange(256), list(b"\r\n" + delimiter.encode()))
    pairs = np.diff(places) == 1
    closes = edge[signs[places + 1]] | np.append(pairs, False)
    wrapped = (signs[places - 1] == ord("=")) & edge[signs[places - 2]]
    opens = edge[signs[places - 1]] | np.insert(pairs, 0, False) | wrapped
    turn = np.arange(len(places)) % 2
    wrong = np.flatnonzero(~np.where(turn, closes, opens))
    if len(wrong) or len(places) % 2:
        first = int(wrong[0]) if len(wrong) else len(places) - 1
        row = content.count(b"\n", 0, int(places[first - first % 2]) - 2) + 1
        raise DataFaults(Fault("quote_open" if len(places) % 2 else "quote_inside", table, "", (row,), 1, {"file": path.name}))
