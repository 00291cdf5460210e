"""Has a finished plan judged once more, from its plan.json and the tables alone."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, Refused
from planning.judge import Verdict, gather, judge
from planning.plan.certified import recertified
from planning.plan.judged import broken_rules, columns, plain
from planning.plan.plan import Plan
from planning.plan.summary import Certified
from planning.policy.plain import shown
from planning.run.channel import CERTIFICATE, CLIENTS, PLAN, RECORD


@dataclass(frozen=True)
class Verified:
    """A plan that passes: the places checked, the gap its solver states, and what its certificate proves."""

    places: int
    solver_gap: float
    certified: Certified
    verdict: Verdict


def confirmed(plan: Mapping[str, Any], certificate: str | None, book: Book) -> Verified:
    """A plan (parsed plan.json) before the judge once more, with the text of its certificate.json, None where it has none.

    Refused names every broken rule with its amount, or what is wrong with the certificate.
    """
    facts = gather(columns(book), plan["policy"])
    verdict = judge(plan, facts)
    if not verdict.passed:
        raise Refused(broken_rules(verdict))
    return Verified(len(verdict.checks), float(plan["solve"]["gap"]), recertified(certificate, plan, facts, verdict), verdict)


def data_of(folder: Path) -> str:
    """The data folder a published plan was made from, as its run.json names it; the sample bank where it names none."""
    try:
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return "sample"


def verify(folder: Path, data: Path) -> Verified:
    """Judge the plan in a published folder by the tables in `data`, and its bound by the certificate beside it, if there is one.

    Raises Refused when the plan breaks a rule, misstates its numbers, or was made from other tables, or when its certificate
    does not prove what it states; DataFaults when there is no readable plan or the tables are not fit.
    """
    return judged(folder, data)[2]


def judged(folder: Path, data: Path) -> tuple[Plan, Book, Verified]:
    """The plan in a published folder and the book it was made from, after `verify`."""
    if not (folder / PLAN).is_file():
        raise DataFaults(_no_plan(folder))
    try:
        found = Plan.from_json((folder / PLAN).read_text(encoding="utf-8"))
        plan = plain(found)
        rules = policy.checked(plan["policy"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": folder.name})) from error
    book = read_book(data, rules, os.environ)
    if book.data_hash != plan["data_hash"]:
        raise Refused(Fault("plan_of_other_data", values={"folder": folder.name}))
    kept = folder / CERTIFICATE
    return found, book, confirmed(plan, kept.read_text(encoding="utf-8", errors="replace") if kept.is_file() else None, book)


def _no_plan(folder: Path) -> Fault:
    """What is wrong with a folder without a plan: other published pages are named for what they are, with what to do instead."""
    values = {"folder": folder.name}
    if (folder / CLIENTS).is_file():
        return Fault("verify_client_book", values=values)
    try:
        plan = json.loads((folder / RECORD).read_text(encoding="utf-8"))["parameters"]["plan"]
    except (OSError, ValueError, KeyError, TypeError):
        return Fault("plan_unreadable", values=values)
    return Fault("verify_branch_pages", values={**values, "plan": shown(plan)})
