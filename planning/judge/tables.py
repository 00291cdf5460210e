"""The raw tables, as columns of plain values, read row by row."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

Table = Mapping[str, Sequence[Any]]
Tables = Mapping[str, Table]
Row = dict[str, Any]


class Absent(Sequence[None]):
    """A column the table does not have: missing in every row."""

    def __init__(self, length: int) -> None:
        self._rows = range(length)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: Any) -> Any:
        self._rows[row]  # IndexError beyond the last row
        return None

    def __iter__(self) -> Iterator[None]:
        return repeat(None, len(self._rows))


def rows(tables: Tables, name: str) -> Iterator[Row]:
    """Each row of a table as column → value, None where it is missing; no rows where the table is absent."""
    table = tables.get(name, {})
    for values in zip(*table.values(), strict=True):
        yield {column: None if value != value else value for column, value in zip(table, values, strict=True)}


def column(tables: Tables, name: str, wanted: str) -> Sequence[Any]:
    """One column of a table; all missing where the table has no such column."""
    table = tables.get(name, {})
    if wanted in table:
        return table[wanted]
    return Absent(len(next(iter(table.values()), ())))


def listed(value: Any) -> tuple[Any, ...]:
    """A cell that holds a list; empty where it is missing."""
    return () if value is None or value != value else tuple(value)


def flag(value: Any) -> bool:
    """A yes/no cell; no where it is missing."""
    return value is not None and value == value and bool(value)
