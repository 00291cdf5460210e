"""Changes a scenario makes to the bank's tables, checked as the tables themselves are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from planning.book import cells, schema
from planning.book.book import Book, content_hash, settled
from planning.book.contracts import CONTRACTS, Column
from planning.book.findings import nearest
from planning.book.references import unknown_in_policy, unknown_references
from planning.book.soundness import unsound
from planning.errors import DataFaults, Fault
from planning.policy import Policy

NUMBERS = ("number", "integer")


@dataclass(frozen=True)
class TableChange:
    """In the rows of `table` where every column of `where` has one of its values: `put` sets columns, `times` multiplies them."""

    table: str
    where: Mapping[str, tuple[Any, ...]]
    put: Mapping[str, Any]
    times: Mapping[str, float]


def changed(book: Book, policy: Policy, changes: Sequence[TableChange]) -> Book:
    """The book with the changes made, in their order. DataFaults lists everything that is wrong with them."""
    frames, faults = dict(book.tables), []
    for change in changes:
        faults += _unknown(change)
    if faults:
        raise DataFaults(faults)
    for change in changes:
        frames[change.table], misread = _applied(frames[change.table], change)
        faults += misread
    touched = list(dict.fromkeys(change.table for change in changes))
    for table in () if faults else touched:
        faults += schema.breaches(table, frames[table], {})
    if not faults:
        there = {name: frame for name, frame in frames.items() if len(frame) or CONTRACTS[name].required}
        faults = [*unknown_references(there, set()), *unknown_in_policy(there, policy), *unsound(there, policy)]
    if faults:
        raise DataFaults([replace(fault, rows=()) for fault in faults])
    tables = {name: settled(CONTRACTS[name], frames[name]) for name in touched}
    hashes = {name: content_hash(CONTRACTS[name], table) for name, table in tables.items()}
    return replace(book, tables={**book.tables, **tables}, hashes={**book.hashes, **hashes})


def _unknown(change: TableChange) -> list[Fault]:
    contract = CONTRACTS.get(change.table)
    if contract is None:
        return [_near("scenario_table_unknown", change.table, change.table, tuple(CONTRACTS))]
    named = [*change.where, *change.put, *change.times]
    faults = [_near("scenario_column_unknown", change.table, name, contract.names) for name in named if name not in contract.names]
    no_number = [name for name in change.times if name in contract.names and contract.column(name).type not in NUMBERS]
    return [*faults, *(Fault("scenario_factor_of_words", change.table, name) for name in no_number)]


def _near(code: str, table: str, value: str, known: Sequence[str]) -> Fault:
    return Fault(code, table, value, values={"value": value, "nearest": nearest(value, known) or ", ".join(known)})


def _applied(frame: pd.DataFrame, change: TableChange) -> tuple[pd.DataFrame, list[Fault]]:
    """The table with the change made, and what could not be understood."""
    contract = CONTRACTS[change.table]
    rows = pd.Series(True, index=frame.index)
    for name, wanted in change.where.items():
        rows &= frame[name].map(lambda cell, wanted=wanted: _is_one(cell, wanted))
    if not rows.any():
        where = ", ".join(f"{name} = {' | '.join(map(str, wanted))}" for name, wanted in change.where.items())
        return frame, [Fault("scenario_no_rows", change.table, values={"where": where})]
    frame, faults = frame.copy(), []
    for name, value in change.put.items():
        read = cells.understand(contract.column(name), change.table, pd.Series([_text(value)], dtype="str"))
        faults += [replace(fault, rows=(), count=int(rows.sum())) for fault in read.faults]
        if not read.faults:
            frame[name] = _put(contract.column(name), frame[name], rows, read.values.iloc[0])
    for name, factor in change.times.items():
        frame[name] = frame[name].where(~rows, frame[name] * factor)
    return frame, faults


def _put(column: Column, cells_: pd.Series, rows: pd.Series, value: Any) -> pd.Series:
    filled = [value if hit else cell for cell, hit in zip(cells_, rows, strict=True)]
    dtype = "float64" if column.type in NUMBERS else "bool" if column.type == "yes_no" else "object"
    return pd.Series(filled, index=cells_.index, dtype=dtype)


def _is_one(cell: Any, wanted: tuple[Any, ...]) -> bool:
    own = cell if isinstance(cell, tuple) else (cell,)
    return any(one == other or str(one) == str(other) for one in own for other in wanted)


def _text(value: Any) -> str:
    """A value of TOML as a cell of a table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "|".join(_text(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)
