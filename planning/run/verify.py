"""Has a finished plan judged once more, from its plan.json and the tables alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, Refused
from planning.judge import Verdict, gather, judge


def judged(plan: Mapping[str, Any], book: Book) -> Verdict:
    """The second judge's verdict on a parsed plan.json, by the tables of `book`."""
    return judge(plan, gather(plain(book), plan["policy"]))


def plain(book: Book) -> dict[str, dict[str, list[object]]]:
    """The tables as columns of plain Python values, missing ones as None."""
    tables = {}
    for name, frame in book.tables.items():
        columns = {str(column): frame[column].astype(object) for column in frame.columns}
        tables[name] = {column: values.where(values.notna(), None).tolist() for column, values in columns.items()}
    return tables


def confirmed(plan: Mapping[str, Any], book: Book) -> int:
    """The number of places the judge checked, for a plan that passes. Refused names every broken rule with its amount."""
    raise NotImplementedError


def data_of(folder: Path) -> str:
    """The data folder a published plan was made from, as its run.json names it; the sample bank where it names none."""
    try:
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["data"])
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        return "sample"


def verify(folder: Path, data: Path) -> int:
    """Judge the plan in a published folder by the tables in `data`.

    Returns the number of places checked. Raises Refused when the plan breaks a rule, misstates its numbers, or was made
    from other tables; DataFaults when there is no readable plan or the tables are not fit.
    """
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        rules = policy.checked(plan["policy"])
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": folder.name})) from error
    book = read_book(data, rules)
    if book.data_hash != plan.get("data_hash"):
        raise Refused(Fault("plan_of_other_data", values={"folder": folder.name}))
    return confirmed(plan, book)
