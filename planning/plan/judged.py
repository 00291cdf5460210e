"""Plans before the second judge: what it is handed, and what its verdict means for a plan."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planning.book.book import Book
from planning.errors import Fault, Refused
from planning.judge import Facts, Verdict, judge
from planning.plan.plan import Plan


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
    return {name: {str(column): _values(table[column]) for column in table.columns} for name, table in book.tables.items()}


def _values(column: pd.Series) -> list[object]:
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]
