"""Has a published model record counted again: its figures, from the plan it is of and from the tables."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isclose
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, Refused
from planning.judge import Verdict, differing_figures, gather, happened
from planning.plan.judged import columns, plain
from planning.run import params
from planning.run.channel import MODEL, PLAN
from planning.run.monitoring import outputs_of
from planning.run.verify import Verified, data_of, judged

NEEDED = {"plan": str, "plan_hash": str, "data_hash": str, "policy": dict, "figures": dict, "actuals": dict}
REALISED = "realised_"
BOUND = "certified_bound_cny"
YUAN = 1.0  # as the judge's other amounts


@dataclass(frozen=True)
class RecordVerified:
    """A model record that passes: the plan it is of, how many figures were counted again, and what verifying that plan found."""

    plan: str
    figures: int
    verified: Verified


def verify_record(folder: Path, data: str | None) -> RecordVerified:
    """Judge the plan that the record in `folder` is of, as it stands beside the record, and count the record's figures again.

    `data` = the tables' folder, None for the one the plan was made from. Refused where that plan is not to the byte the one the
    record was made from, does not pass, or gives other figures; DataFaults where there is no readable record or plan.
    """
    told = _read(folder)
    beside = params.plan_folder(told["plan"], Path.cwd(), outputs_of(folder))
    if sha256((beside / PLAN).read_bytes()).hexdigest() != told["plan_hash"]:
        raise Refused(Fault("record_of_other_plan", values={"folder": folder.name, "plan": told["plan"]}))
    plan, book, verified = judged(beside, params.data_folder(data or data_of(beside), Path.cwd()))
    made = plain(plan)
    since = actual_book(told["actuals"]["folder"], book)
    differing = (
        *counted_otherwise(told["figures"], made, (book, since), verified.verdict),
        *(() if since.data_hash == told["actuals"]["data_hash"] else (params.ACTUALS,)),
        *(() if _same(told["figures"].get(BOUND), verified.certified.bound_cny) else (BOUND,)),
        *(name for name in ("data_hash", "policy") if told[name] != made[name]),
    )
    if differing:
        raise Refused(Fault("record_figures_differ", values={"folder": folder.name, "figures": ", ".join(differing)}))
    return RecordVerified(told["plan"], len(told["figures"]), verified)


def actual_book(actuals: str, book: Book) -> Book:
    """The book that tells what happened since: of the folder named, read as its own policy dates it; the plan's own where none is named."""
    if not actuals:
        return book
    folder = params.data_folder(actuals, Path.cwd())
    return read_book(folder, policy.read(folder / "policy.toml"), os.environ)


def counted_otherwise(figures: Mapping[str, Any], plan: Mapping[str, Any], books: tuple[Book, Book], verdict: Verdict) -> tuple[str, ...]:
    """The figures of a record of a plan (parsed plan.json) that the second judge counts otherwise; `books` = the plan's own and the one that tells.

    What happened is counted again where the record tells of it: of few guests it tells nothing.
    """
    own, told = (columns(book) for book in books)
    facts = gather(own, plan["policy"])
    again = happened(own, told, plan, facts) if any(name.startswith(REALISED) for name in figures) else None
    return differing_figures(figures, plan, facts, verdict, again)


def _read(folder: Path) -> Mapping[str, Any]:
    try:
        told = json.loads((folder / MODEL).read_text(encoding="utf-8"))
        fit = isinstance(told, dict) and all(isinstance(told.get(name), kind) for name, kind in NEEDED.items())
        fit = fit and all(isinstance(told["actuals"].get(name), str) for name in ("folder", "data_hash"))
    except (OSError, ValueError):
        fit = False
    if not fit:
        raise DataFaults(Fault("record_unreadable", values={"folder": folder.name}))
    return told  # type: ignore[no-any-return]


def _same(stated: Any, found: float | None) -> bool:
    """Whether a certified bound is the one found; both may be none."""
    if stated is None or found is None:
        return stated is found
    return isinstance(stated, int | float) and isclose(stated, found, rel_tol=1e-12, abs_tol=YUAN)
