"""The same book gives the same plan, whatever the order of the rows of its tables."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from planning.book.book import Book, book_of
from planning.catalogue.offer import offer
from planning.optimise.problem import problem
from planning.optimise.year import large
from planning.plan.make import make_plan
from planning.plan.summary import Summary
from planning.policy import Policy
from tests.optimise.books import drawn, policy, table

FULL = policy(
    budget={"event_cny": 12_000.0, "concession_cny": 9_000.0, "transfer_share": 0.2},
    phasing={"q4": [0.1, 0.6]},
    caps={"tier": {"gold": 0.7}, "branch_share": 0.8},
    floors={"tier": {"gold": 0.1}},
    calendar={"approved_on": "2027-01-15", "blackout": [8]},
)
JOINED = policy(budget={"event_cny": 60_000.0, "concession_cny": 20_000.0}, solver={"gap": 0.01})


def with_history(book: Book) -> Book:
    """The book with last year's sessions and levels, two lines alike, and a ledger: tables without a key."""
    draw = Random(5)
    branches, events = list(book.tables["branches"]["branch"]), list(book.tables["events"]["event"])
    held = [
        {
            "year": 2026,
            "branch": draw.choice(branches),
            "event": draw.choice(events),
            "month": draw.randint(1, 12),
            "sessions": 1,
            "attendances": draw.randint(1, 9),
            "cost_cny": draw.random() * 1e4,
        }
        for _ in range(9)
    ]
    granted = [
        {"year": 2026, "region": "r0", "concession": "fee_waiver", "tier": tier, "kind": "personal", "level": 1, "cost_cny": 0.1}
        for tier in ("gold", "private")
    ]
    booked = [{"date": date(2027, month, 1), "line": "venue", "branch": None, "committed_cny": 100.0 / month} for month in (3, 1, 2)]
    return book_of({**book.tables, "history": table("history", [*held, held[0], *granted]), "ledger": table("ledger", booked)})


def shuffled(book: Book, seed: int) -> Book:
    return book_of({name: rows.sample(frac=1, random_state=seed) for name, rows in book.tables.items()})


def planned(book: Book, rules: Policy) -> Summary:
    """The plan with all its numbers, but for the seconds it took."""
    summary = make_plan(book, rules, "annual-2027", lambda *_: None)
    return replace(summary, plan=replace(summary.plan, solve=replace(summary.plan.solve, seconds=0.0)))


@pytest.mark.parametrize("seed", [0, 2, 7])
def test_the_order_of_rows_changes_nothing_at_all(seed: int) -> None:
    book = with_history(drawn(seed, branches=2 + seed % 2, clients=40, events=4))
    again = shuffled(book, seed + 1)
    assert again.hashes == book.hashes
    assert planned(again, FULL) == planned(book, FULL)


def test_nor_does_it_where_the_year_is_joined_from_blocks() -> None:
    book = with_history(drawn(6, branches=9, clients=240, events=9))
    assert large(problem(offer(book, JOINED), JOINED))
    assert planned(shuffled(book, 1), JOINED) == planned(book, JOINED)
