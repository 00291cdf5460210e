"""Finds and reads the files of a bank's export, joins them, and works out our tables from the map's expressions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planning.book import files
from planning.book.foreign.expressions import Scope, evaluate
from planning.book.foreign.functions import ExpressionError, texts
from planning.book.foreign.mapping import ColumnMap, Join, Source, TableMap
from planning.errors import DataFaults, Fault

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Mapped:
    """One of our tables as text; the index keeps the row numbers of the source it came from."""

    frame: pd.DataFrame
    file: str
    notes: tuple[Fault, ...]


def read_sources(places: Sequence[Path], column_map: ColumnMap) -> dict[str, pd.DataFrame]:
    """Every source of the map as a frame of text. DataFaults with all that is missing or unreadable."""
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, source in column_map.sources.items():
        try:
            raw = _read(_located(places, name, source), name, source)
        except DataFaults as error:
            faults += error.faults
            continue
        faults += raw.faults
        frames[name] = _kept(name, _frame(raw), source.keep, column_map)
    if faults:
        raise DataFaults(faults)
    return frames


def _frame(raw: files.RawTable) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for heading, cells in zip(raw.headings, raw.cells, strict=True):
        columns.setdefault(heading, texts(cells))
    frame = pd.DataFrame(columns)
    return frame[frame.notna().any(axis=1)]


def _kept(name: str, frame: pd.DataFrame, rule: str, column_map: ColumnMap) -> pd.DataFrame:
    if not rule:
        return frame
    return frame[_condition(name, rule, Scope({heading: frame[heading] for heading in frame.columns}, column_map.values, frame.index))]


def _located(places: Sequence[Path], name: str, source: Source) -> Path:
    """The source's file: one of the files given, or a file in one of the folders given."""
    for place in places:
        path = place / source.file if place.is_dir() else place
        if path.is_file() and path.name == source.file:
            return path
    raise DataFaults(Fault("source_missing", name, values={"file": source.file, "given": ", ".join(place.name for place in places)}))


def _read(path: Path, name: str, source: Source) -> files.RawTable:
    match path.suffix.lower():
        case ".xlsx" | ".xlsm" | ".xls":
            return files.read_workbook(path, name, source.sheet)
        case ".parquet":
            return files.read_parquet(path, name)
    return files.read_csv(path, name, source.separator, source.encoding)


def mapped_table(table: str, column_map: ColumnMap, frames: Frames) -> Mapped:
    """One of our tables: source, joins, rows kept, columns worked out. DataFaults names the column and expression that do not work."""
    wanted = column_map.tables[table]
    joined, notes = _joined(table, wanted, frames)
    scope = Scope(joined, column_map.values, next(iter(joined.values())).index)
    if wanted.keep:
        kept = _condition(table, wanted.keep, scope)
        scope = _narrowed(scope, kept)
        notes += [Fault("rows_not_kept", table, count=int((~kept).sum()), values={"rule": wanted.keep})]
    columns: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    for column, expression in wanted.columns.items():
        try:
            columns[column] = texts(_evaluated(table, column, expression, scope))
        except DataFaults as error:
            faults += error.faults
    if faults:
        raise DataFaults(faults)
    frame = pd.DataFrame(columns)
    shown = frame.drop_duplicates() if wanted.distinct else frame
    return Mapped(shown, column_map.sources[wanted.source].file, tuple(notes))


def written_table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A table that the map writes out row by row."""
    cells = [{name: str(cell).lower() if isinstance(cell, bool) else str(cell) for name, cell in row.items()} for row in rows]
    return pd.DataFrame(cells, index=pd.Index(range(2, len(cells) + 2)), dtype="str")


def _joined(table: str, wanted: TableMap, frames: Frames) -> tuple[dict[str, pd.Series], list[Fault]]:
    base = frames[wanted.source]
    columns = {heading: base[heading] for heading in base.columns}
    columns |= {f"{wanted.source}.{heading}": base[heading] for heading in base.columns}
    notes: list[Fault] = []
    for join in wanted.join:
        places = _places(table, join, columns, frames)
        if join.must_match and (places < 0).any():
            notes.append(Fault("rows_without_match", table, count=int((places < 0).sum()), values={"source": join.source}))
            columns = {name: cells[places >= 0] for name, cells in columns.items()}
            places = places[places >= 0]
        index = next(iter(columns.values())).index
        for heading in frames[join.source].columns:
            taken = frames[join.source][heading].reset_index(drop=True).reindex(places).set_axis(index)
            columns.setdefault(heading, taken)
            columns[f"{join.source}.{heading}"] = taken
    return columns, notes


def _places(table: str, join: Join, columns: Mapping[str, pd.Series], frames: Frames) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where each of our rows finds its row in the joined source, −1 where it has none."""
    ours, theirs = join.keys
    other = frames[join.source]
    for name, known in ((ours, list(columns)), (theirs, list(other.columns))):
        if name not in known:
            raise DataFaults(Fault("join_key_missing", table, values={"source": join.source, "name": name}))
    keys = other[theirs]
    twice = keys[keys.notna() & keys.duplicated(keep=False)]
    if len(twice):
        values = {"source": join.source, "name": theirs, "value": str(twice.iloc[0])}
        raise DataFaults(Fault("join_repeats", table, rows=tuple(int(row) for row in twice.index[:5]), count=len(twice), values=values))
    found = pd.Index(keys.where(keys.notna(), "")).get_indexer(pd.Index(columns[ours].where(columns[ours].notna(), "\x00")))
    return np.asarray(found, dtype=np.int64)


def _narrowed(scope: Scope, kept: pd.Series) -> Scope:
    return Scope({name: cells[kept] for name, cells in scope.columns.items()}, scope.lookups, scope.index[kept])


def _condition(table: str, rule: str, scope: Scope) -> pd.Series:
    """Which rows a rule keeps. DataFaults when it says no yes or no: a text or a number would keep every row."""
    kept = _evaluated(table, "keep", rule, scope)
    if kept.dtype != bool:
        raise DataFaults(Fault("expression_unreadable", table, "keep", values={"expression": rule, "part": rule}))
    return kept


def _evaluated(table: str, column: str, expression: str, scope: Scope) -> pd.Series:
    try:
        return evaluate(expression, scope)
    except ExpressionError as error:
        values = {"expression": expression, **error.values}
        code = f"{error.code}_near" if error.values.get("nearest") else error.code
        raise DataFaults(Fault(code, table, column, error.rows, error.count, values)) from error
