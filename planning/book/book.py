"""A bank's book as the rest of the workbench sees it: every table checked, complete in its columns, with a hash of its content."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from planning.book import arrow
from planning.book.contracts import CONTRACTS, Column, Contract

UNNAMED = ("本行", "The bank")
DTYPES = {"text": "str", "number": "float64", "integer": "float64", "yes_no": "bool", "list": "object", "months": "object", "date": "object"}
BETWEEN_CELLS = "\x1e"
NO_CELL = "\x00"


@dataclass(frozen=True)
class Book:
    """The tables of one bank. An optional table that is absent is an empty frame; every column of the contract is there."""

    tables: Mapping[str, pd.DataFrame]
    hashes: Mapping[str, str]
    borrowed: tuple[str, ...] = ()
    sample: bool = False
    names: tuple[str, str] = UNNAMED

    @property
    def data_hash(self) -> str:
        """One hash over all tables: the same rows give the same hash, whatever the file format or the order of rows."""
        lines = "\n".join(f"{name} {self.hashes[name]}" for name in sorted(self.hashes))
        return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def dtype(column: Column) -> str:
    """The pandas dtype a column has in a Book."""
    return "int64" if column.type == "integer" and column.required else DTYPES[column.type]


def empty(contract: Contract) -> pd.DataFrame:
    """The table without rows."""
    return pd.DataFrame({column.name: pd.Series(dtype=dtype(column)) for column in contract.columns})


def settled(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with defaults filled in, final types, and its rows in the order of its key, or of all columns where it has none."""
    key = list(contract.key or contract.names)
    keyed = pd.DataFrame({name: _sortable(_settled_column(contract.column(name), frame[name])) for name in key}).reset_index(drop=True)
    order = keyed.sort_values(key, kind="stable").index.to_numpy()
    columns = {column.name: _settled_column(column, frame[column.name]).take(order).reset_index(drop=True) for column in contract.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), copy=False)


def content_hash(contract: Contract, table: pd.DataFrame) -> str:
    """SHA-256 of a settled table's headings and cells, the same on every machine and from every file format."""
    digest = hashlib.sha256()
    for column in contract.columns:
        digest.update(f"{column.name}\n{len(table)}\n".encode())
        for piece in _cells(column, table[column.name]):
            digest.update(piece)
    return digest.hexdigest()


def book_of(frames: Mapping[str, pd.DataFrame], borrowed: tuple[str, ...] = (), sample: bool = False, names: tuple[str, str] = UNNAMED) -> Book:
    """A book from checked frames; tables that are not given are empty."""
    tables = {name: settled(contract, frames[name]) if name in frames else empty(contract) for name, contract in CONTRACTS.items()}
    hashes = {name: content_hash(contract, tables[name]) for name, contract in CONTRACTS.items()}
    return Book(tables, hashes, borrowed, sample, names)


def _sortable(cells: pd.Series) -> pd.Series:
    return cells.astype("str") if cells.dtype == "object" else cells


def _settled_column(column: Column, cells: pd.Series) -> pd.Series:
    if column.type in ("list", "months"):
        return pd.Series([cell if isinstance(cell, tuple) else () for cell in cells], index=cells.index, dtype="object")
    if column.type == "date":
        return pd.Series([cell if isinstance(cell, date) else None for cell in cells], index=cells.index, dtype="object")
    if column.default is not None:
        cells = cells.where(cells.notna(), column.default)
    typed: pd.Series = cells.astype(dtype(column))  # type: ignore[call-overload] # the stubs know only literal dtypes
    return typed


def _cells(column: Column, cells: pd.Series) -> Iterable[bytes]:
    if column.type in ("number", "integer"):
        numbers = cells.to_numpy("<f8") + 0.0
        return [np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes()]
    if column.type == "yes_no":
        return [cells.to_numpy("u1").tobytes()]
    if column.type in ("list", "months"):
        codes, distinct = pd.factorize(cells.to_numpy())
        written = pa.array(["|".join(map(str, cell)) for cell in distinct], pa.large_string())
        return arrow.joined(written.take(pa.array(codes)), BETWEEN_CELLS, NO_CELL)
    return arrow.joined(arrow.days(cells) if column.type == "date" else arrow.strings(cells), BETWEEN_CELLS, NO_CELL)
