"""Which product fits whom: the filter, and that nothing passes it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings

from planning import policy as policies
from planning.book.intake import read_book
from planning.book.segments import classify
from planning.catalogue.suitability import open_pairs, product_fit
from tests.catalogue.shelf import CLIENTS, PRODUCTS, Row, shelf, suits
from tests.optimise.books import policy

FUND = {"product": "fund", "risk_level": 3, "tiers": ("gold",), "kinds": ("personal",)}


@pytest.mark.parametrize(
    ("client", "where"),
    [
        ({"risk_level": 3}, "gaps"),
        ({"risk_level": 5}, "gaps"),
        ({"risk_level": 2}, "risk_too_high"),
        ({}, "risk_unknown"),
        ({"risk_level": 5, "kind": "corporate"}, "off_list"),
        ({"risk_level": 5, "deposit_avg_cny": 500.0}, "off_list"),
        ({"risk_level": 1, "products": ("fund",)}, "held"),
    ],
)
def test_a_client_stands_in_one_place_to_a_product(client: Row, where: str) -> None:
    (line,) = product_fit(shelf({"a": client}, [FUND]), policy()).bank
    places = {name: getattr(line, name) for name in ("held", "off_list", "risk_unknown", "risk_too_high", "gaps")}
    assert places == {**dict.fromkeys(places, 0), where: 1}


def test_a_gap_without_consent_is_a_gap_but_not_reachable() -> None:
    (line,) = product_fit(shelf({"a": {"risk_level": 4}, "b": {"risk_level": 4, "consent": False}}, [FUND]), policy()).bank
    assert (line.gaps, line.reachable) == (2, 1)


def test_holdings_above_the_clients_risk_level_are_counted() -> None:
    clients = {
        "below": {"products": ("fund",), "risk_level": 2},
        "unknown": {"products": ("fund",)},
        "fits": {"products": ("fund",), "risk_level": 3},
        "other": {"products": ("mystery",), "risk_level": 1},
    }
    found = product_fit(shelf(clients, [FUND]), policy())
    (line,) = found.bank
    assert (line.above_risk, line.unknown_risk, line.held, line.penetration) == (1, 1, 3, 3 / 4)
    assert found.unlisted == {"mystery": 1}


def test_a_product_that_names_no_tier_kind_or_risk_level_is_for_everyone() -> None:
    (line,) = product_fit(shelf({"a": {}, "b": {"kind": "corporate", "deposit_avg_cny": 200.0}}, [{"product": "account"}]), policy()).bank
    assert line.gaps == 2


@settings(max_examples=30, deadline=None)
@given(CLIENTS, PRODUCTS)
def test_the_filter_never_lets_a_breach_through(clients: dict[str, Row], products: list[Row]) -> None:
    nothing_passes(clients, products)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(CLIENTS, PRODUCTS)
def test_the_filter_never_lets_a_breach_through_a_thousand_books(clients: dict[str, Row], products: list[Row]) -> None:
    nothing_passes(clients, products)


def nothing_passes(clients: dict[str, Row], products: list[Row]) -> None:
    """The gaps are exactly the pairs that the rule allows, and the counts add up."""
    bank, rules = shelf(clients, products), policy()
    by_code = {row["product"]: row for row in products}
    found = product_fit(bank, rules)
    pairs = {(row.client, row.product) for row in open_pairs(bank, rules).itertuples()}
    expected = {
        (name, code) for name, client in clients.items() for code, product in by_code.items()
        if client["consent"] and code not in client["products"] and suits(client, product)
    }  # fmt: skip
    assert pairs == expected
    for line in (*found.bank, *found.by_tier, *found.by_tier_kind):
        assert line.held + line.off_list + line.blocked + line.gaps == line.clients
        assert line.reachable <= line.gaps
    for code in by_code:
        for lines in (found.by_tier, found.by_tier_kind):
            parts, whole = [one for one in lines if one.product == code], next(one for one in found.bank if one.product == code)
            assert [sum(getattr(one, name) for one in parts) for name in ("held", "gaps", "blocked", "above_risk")] == [
                getattr(whole, name) for name in ("held", "gaps", "blocked", "above_risk")
            ]


def test_the_made_up_bank_is_counted_as_its_files_say(small_bank: Path) -> None:
    rules = policies.read(small_bank / "policy.toml")
    book = read_book(small_bank, rules)
    tiers = dict(classify(book, rules)[["client", "tier"]].itertuples(index=False))
    read = {}
    for name in ("clients", "products"):
        with (small_bank / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read[name] = list(csv.DictReader(file))
    clients = [row for row in read["clients"] if tiers[row["client"]]]
    for product, line in zip(sorted(read["products"], key=lambda row: row["product"]), product_fit(book, rules).bank, strict=True):
        code, needed = product["product"], int(product["risk_level"] or 0)
        without = [row for row in clients if code not in row["products"].split("|")]
        meant = [
            row for row in without
            if tiers[row["client"]] in (product["tiers"] or tiers[row["client"]]).split("|") and row["kind"] in product["kinds"].split("|")
        ]  # fmt: skip
        fit = [row for row in meant if not needed or (row["risk_level"] and int(row["risk_level"]) >= needed)]
        assert (line.product, line.held, line.off_list) == (code, len(clients) - len(without), len(without) - len(meant))
        assert (line.gaps, line.blocked) == (len(fit), len(meant) - len(fit))
