"""The files of a plan made by hand: a workbook, CSV files, or a plan.json, as tables of text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from planning.book import files
from planning.book.contracts import PLAN_TABLES
from planning.errors import DataFaults, Fault

PLAN_JSON = "plan.json"
ESCAPED = r"^'(?=[=+\-@＝＋－＠])"  # how a CSV file keeps text that a spreadsheet would take for a formula

Raw = Mapping[str, files.RawTable]


def tables_in(path: Path) -> Raw:
    """The plan's tables found at `path`: .xlsx (a sheet a table), .csv or .parquet (sessions, unless named like another), .json, or a folder.

    DataFaults when there is no file, or none that holds sessions or a ladder.
    """
    if not path.exists():
        raise DataFaults(Fault("plan_file_missing", values={"file": path.name}))
    found = _of_folder(path) if path.is_dir() else _of_file(path)
    if not {"sessions", "ladder"} & found.keys():
        raise DataFaults(Fault("plan_file_without_tables", values={"file": path.name}))
    return {table: _unescaped(raw) for table, raw in found.items()}


def _of_folder(folder: Path) -> Raw:
    found = {table: files.table_files(folder, table) for table in PLAN_TABLES}
    twice = [Fault("table_twice", table, values={"files": ", ".join(path.name for path in paths)}) for table, paths in found.items() if len(paths) > 1]
    if twice:
        raise DataFaults(twice)
    named = {table: files.read_raw(paths[0], table) for table, paths in found.items() if paths}
    return named or (_of_json(folder / PLAN_JSON) if (folder / PLAN_JSON).is_file() else {})


def _of_file(path: Path) -> Raw:
    match path.suffix.lower():
        case ".xlsx" | ".xlsm" | ".xls":
            return _of_workbook(path)
        case ".csv" | ".parquet":
            table = path.stem if path.stem in PLAN_TABLES else "sessions"
            return {table: files.read_raw(path, table)}
        case ".json":
            return _of_json(path)
    raise DataFaults(Fault("plan_file_kind", values={"file": path.name}))


def _of_workbook(path: Path) -> Raw:
    """Sheets are known by a table's code name or heading; a workbook of one sheet holds sessions."""
    try:
        names = CalamineWorkbook.from_path(path).sheet_names
    except (CalamineError, OSError) as error:
        raise DataFaults(Fault("table_unreadable", "sessions", values={"file": path.name})) from error
    meant = {word.casefold(): table for table, contract in PLAN_TABLES.items() for word in (table, contract.zh, contract.en)}
    sheets = {meant[name.strip().casefold()]: name for name in names if name.strip().casefold() in meant}
    if not sheets and len(names) == 1:
        sheets = {"sessions": names[0]}
    return {table: files.read_workbook(path, table, sheet) for table, sheet in sheets.items()}


def _of_json(path: Path) -> Raw:
    """The rows of a plan.json; rows are numbered from 1."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {table: _rows(told[table], table) for table in PLAN_TABLES if told.get(table) is not None}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DataFaults(Fault("plan_json_unreadable", values={"file": path.name})) from error


def _rows(rows: Sequence[Mapping[str, Any]], table: str) -> files.RawTable:
    columns = PLAN_TABLES[table].columns
    given = [column.name for column in columns if column.required or any(column.name in row for row in rows)]
    index = pd.Index(range(1, len(rows) + 1))
    texts = {name: pd.Series([files.as_text(_shown(row.get(name))) for row in rows], index=index, dtype="str") for name in given}
    return files.RawTable(tuple(given), tuple(cells.where(cells != "") for cells in texts.values()))


def _shown(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _unescaped(raw: files.RawTable) -> files.RawTable:
    cells = (column if pd.api.types.is_numeric_dtype(column.dtype) else column.str.replace(ESCAPED, "", regex=True) for column in raw.cells)
    return files.RawTable(raw.headings, tuple(cells), raw.faults)
