"""Has a finished plan judged once more, from its plan.json and the tables alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, Refused
from planning.judge import gather, judge
from planning.plan.judged import broken_rules, columns, plain
from planning.plan.plan import Plan


def confirmed(plan: Mapping[str, Any], book: Book) -> int:
    """The number of places the judge checked, for a plan that passes. Refused names every broken rule with its amount."""
    verdict = judge(plan, gather(columns(book), plan["policy"]))
    if not verdict.passed:
        raise Refused(broken_rules(verdict))
    return len(verdict.checks)


def data_of(folder: Path) -> str:
    """The data folder a published plan was made from, as its run.json names it; the sample bank where it names none."""
    try:
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return "sample"


def verify(folder: Path, data: Path) -> int:
    """Judge the plan in a published folder by the tables in `data`.

    Returns the number of places checked. Raises Refused when the plan breaks a rule, misstates its numbers, or was made
    from other tables; DataFaults when there is no readable plan or the tables are not fit.
    """
    try:
        text = (folder / "plan.json").read_text(encoding="utf-8")
        plan = plain(Plan.from_json(text))
        rules = policy.checked(plan["policy"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": folder.name})) from error
    book = read_book(data, rules)
    if book.data_hash != plan["data_hash"]:
        raise Refused(Fault("plan_of_other_data", values={"folder": folder.name}))
    return confirmed(plan, book)
