"""A finished plan told again from plan.json and its tables: the same numbers as when it was made, nothing solved."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import Refused
from planning.plan import make
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.plan.retold import retold
from planning.plan.summary import Summary

ONLY_BY_SOLVING = {"rounding_loss_cny", "certified", "explained", "frontier", "alternatives", "ties_settled"}


@pytest.fixture(scope="module")
def made(small_bank: Path) -> tuple[Book, Summary]:
    rules = policy.read(small_bank / "policy.toml").with_parameters({"gap": 0.05, "event_cny": 400_000.0})
    book = read_book(small_bank, rules)
    return book, make_plan(book, rules, "annual-2027", lambda *_: None)


def test_every_number_is_that_of_the_plan_as_it_was_made(made: tuple[Book, Summary], monkeypatch: pytest.MonkeyPatch) -> None:
    book, first = made
    monkeypatch.setattr(make, "planned", None)  # nothing may be solved
    again = retold(book, Plan.from_json(first.plan.to_json()))
    assert [one.name for one in fields(first) if getattr(first, one.name) != getattr(again, one.name) and one.name not in ONLY_BY_SOLVING] == []
    assert (again.rounding_loss_cny, again.frontier, again.explained) == (None, None, None)
    assert again.certified is not None
    assert again.certified.absent == "not_made"


def test_a_plan_that_misstates_its_totals_is_refused(made: tuple[Book, Summary]) -> None:
    book, first = made
    wrong = replace(first.plan, totals=replace(first.plan.totals, event_cny=first.plan.totals.event_cny - 1_000))
    with pytest.raises(Refused) as told:
        retold(book, wrong)
    assert {fault.values["rule"] for fault in told.value.faults} == {"totals_add_up"}
