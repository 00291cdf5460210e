"""Plans before the second judge: what it is handed, and what its verdict means for a plan."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from planning.book.book import Book
from planning.errors import Fault, Refused
from planning.judge import Facts, Verdict, judge
from planning.plan.plan import Plan

STRETCH = 10_000  # rows of a long table that are plain values at one time


def passed(plan: Plan, facts: Facts) -> Verdict:
    """The second judge's verdict; Refused names every rule that is broken and by how much."""
    verdict = judge(plain(plan), facts)
    if not verdict.passed:
        raise Refused(broken_rules(verdict))
    return verdict


def broken_rules(verdict: Verdict) -> tuple[Fault, ...]:
    """A fault for each broken check: rule, place, amount."""
    broken = [check for check in verdict.checks if check.broken]
    return tuple(
        Fault(
            "rule_broken",
            values={"rule": check.rule, "number": check.number, "where": " · ".join(check.where), "amount": float(check.excess), "unit": check.unit},
        )
        for check in broken
    )


def plain(plan: Plan) -> Mapping[str, Any]:
    """The plan as parsed plan.json."""
    return json.loads(plan.to_json())  # type: ignore[no-any-return]


def columns(book: Book) -> Mapping[str, Mapping[str, Sequence[object]]]:
    """The tables as columns of plain values, missing = None: what the second judge reads."""
    return {name: {str(column): _plain_values(table[column]) for column in table.columns} for name, table in book.tables.items()}


class Stretched(Sequence[object]):
    """A long column as plain values, missing = None: one stretch of rows at a time, so that millions of clients are never all held."""

    def __init__(self, column: pd.Series) -> None:
        self._column = column
        self._start, self._held = -1, list[object]()

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, row: Any) -> Any:
        start = row - row % STRETCH
        if start != self._start:
            self._start, self._held = start, _values(self._column.iloc[start : start + STRETCH])
        return self._held[row - start]

    def __iter__(self) -> Iterator[object]:
        for start in range(0, len(self._column), STRETCH):
            yield from _values(self._column.iloc[start : start + STRETCH])


def _plain_values(column: pd.Series) -> Sequence[object]:
    return Stretched(column) if len(column) > STRETCH else _values(column)


def _values(column: pd.Series) -> list[object]:
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]
