"""Holds a table that was read against its contract with pandera: bounds, required cells, unique keys, all at once."""

from collections.abc import Mapping
from functools import cache

import pandas as pd
import pandera.pandas as pandera

from planning.book.contracts import EVERY_TABLE, Column
from planning.book.findings import found
from planning.errors import Fault, Value

MOST_CNY = 1e13  # of any amount, either way: beyond, sums in fen no longer fit their numbers


@cache
def schema(table: str) -> pandera.DataFrameSchema:
    """The table's contract as a pandera schema over columns already read (missing cells still missing)."""
    return pandera.DataFrameSchema({column.name: _column(column) for column in EVERY_TABLE[table].columns}, strict=True)


def _column(column: Column) -> pandera.Column:
    checks = []
    if column.least is not None and column.most is not None:
        checks.append(pandera.Check.in_range(column.least, column.most, error="range"))
    elif column.least is not None:
        checks.append(pandera.Check.ge(column.least, error="least"))
    if column.unit == "CNY":
        checks.append(pandera.Check.in_range(-MOST_CNY, MOST_CNY, error="most"))
    return pandera.Column(None, checks=checks, nullable=not column.required, required=False)


def breaches(table: str, frame: pd.DataFrame, unread: Mapping[str, pd.Index]) -> tuple[Fault, ...]:
    """Every breach of the contract. `unread` are the rows of each column already reported as unreadable."""
    try:
        schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        faults = [_fault(table, str(name), str(check), rows, unread) for (name, check), rows in cases.groupby(["column", "check"], sort=False)]
        return (*(fault for fault in faults if fault.count), *repeated_keys(table, frame))
    return repeated_keys(table, frame)


def _fault(table: str, name: str, check: str, cases: pd.DataFrame, unread: Mapping[str, pd.Index]) -> Fault:
    column = EVERY_TABLE[table].column(name)
    if check == "not_nullable":
        return found("value_missing", table, name, set(cases["index"]) - set(unread.get(name, ())))
    value = float(cases.sort_values("index")["failure_case"].iloc[0])
    limits = f"{-MOST_CNY:,.0f} … {MOST_CNY:,.0f}" if check == "most" else bound(column)
    return found(_bound_code(column, check), table, name, cases["index"], value=_short(value), bound=limits)


def _bound_code(column: Column, check: str) -> str:
    if column.unit == "share" and column.most == 1:
        return "not_a_share"
    return "negative" if check == "least" else "out_of_bounds"


def bound(column: Column) -> Value:
    """The bounds of a column as a planner reads them: `1 … 6`, `≥ 0`."""
    if column.least is None:
        return ""
    return f"≥ {_short(column.least)}" if column.most is None else f"{_short(column.least)} … {_short(column.most)}"


def _short(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def repeated_keys(table: str, frame: pd.DataFrame) -> tuple[Fault, ...]:
    """A fault naming the rows whose key is there more than once."""
    key = list(EVERY_TABLE[table].key)
    if not key or not set(key) <= set(frame.columns):
        return ()
    complete = frame[key].dropna()
    twice = complete.duplicated(keep=False)
    if not twice.any():
        return ()
    first = complete[twice].iloc[0]
    return (found("duplicate_key", table, key[0], complete.index[twice], key=" · ".join(str(part) for part in first if part != "")),)
