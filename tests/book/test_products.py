"""How many products clients hold, against a count by hand."""

import csv
from collections import Counter
from pathlib import Path

from planning import policy as policies
from planning.book.intake import read_book
from planning.book.products import Depth, product_depth
from planning.book.segments import classify
from tests.catalogue.shelf import shelf
from tests.optimise.books import policy


def test_depth_counts_each_product_once_and_only_clients_with_a_tier() -> None:
    clients = {
        "a": {"products": ("fund", "fund", "card")},
        "b": {"products": ()},
        "c": {"products": tuple("pqrstu"), "consent": False},
        "d": {"products": ("fund",), "kind": "corporate", "branch": "c"},
        "e": {"products": ("fund", "card", "loan"), "deposit_avg_cny": 200.0},
        "none": {"products": ("fund", "card"), "deposit_avg_cny": 0.0},
    }
    found = product_depth(shelf(clients), policy())
    assert found.bank == Depth("", "", "", clients=5, products=12, spread=(1, 1, 1, 1, 1))
    assert (found.bank.mean, found.bank.share_with(2), found.bank.share_with(3)) == (12 / 5, 3 / 5, 2 / 5)
    assert [(one.tier, one.kind, one.clients, one.products) for one in found.by_tier_kind] == [
        ("gold", "corporate", 1, 1), ("gold", "personal", 3, 8), ("private", "personal", 1, 3),
    ]  # fmt: skip
    assert [(one.branch, one.spread) for one in found.by_branch] == [("b", (1, 0, 1, 1, 1)), ("c", (0, 1, 0, 0, 0))]
    assert [(one.branch, one.tier, one.kind) for one in found.by_segment] == [
        ("b", "gold", "personal"), ("b", "private", "personal"), ("c", "gold", "corporate"),
    ]  # fmt: skip


def test_a_book_without_holdings_has_clients_with_none() -> None:
    found = product_depth(shelf({"a": {}, "b": {}}), policy())
    assert found.bank.spread == (2, 0, 0, 0, 0)
    assert found.bank.share_with(2) == 0


def test_the_made_up_bank_is_counted_as_its_file_says(small_bank: Path) -> None:
    rules = policies.read(small_bank / "policy.toml")
    book = read_book(small_bank, rules)
    tiers = dict(classify(book, rules)[["client", "tier"]].itertuples(index=False))
    with (small_bank / "clients.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if tiers[row["client"]]]
    held = [len(set(filter(None, row["products"].split("|")))) for row in rows]
    spread = Counter(min(count, 4) for count in held)
    found = product_depth(book, rules)
    assert (found.bank.clients, found.bank.products) == (len(rows), sum(held))
    assert found.bank.spread == tuple(spread[step] for step in range(5))
    branches = Counter(row["branch"] for row in rows)
    assert {one.branch: one.clients for one in found.by_branch} == branches
    for lines in (found.by_tier_kind, found.by_branch, found.by_segment):
        assert sum(one.products for one in lines) == found.bank.products
        assert tuple(map(sum, zip(*(one.spread for one in lines), strict=True))) == found.bank.spread
