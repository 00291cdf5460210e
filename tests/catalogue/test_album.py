"""The product album: few products, only those that fit, in an order that can be worked out by hand."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from planning.book.book import Book
from planning.catalogue.album import Album, album, of_branch
from planning.policy import Policy
from tests.catalogue.shelf import CLIENTS, PRODUCTS, Row, shelf, suits
from tests.optimise.books import policy

PRODUCT_ROWS = [
    {"product": "fund", "risk_level": 3, "tiers": (), "kinds": (), "interests": ("finance",)},
    {"product": "card", "risk_level": None, "tiers": (), "kinds": ("personal",), "interests": ()},
    {"product": "loan", "risk_level": None, "tiers": (), "kinds": (), "interests": ()},
]


def people(n: int, **row: Any) -> dict[str, Row]:
    """`n` clients alike, named after what they are."""
    return {f"{row}{i}": row for i in range(n)}


def rules(**given: Any) -> Policy:
    return policy().with_parameters(given)


@pytest.fixture
def bank() -> Book:
    """Branch b: 6 bold (2 of them like finance), 4 shy; branch c: 8 who hold fund and card, one of them below fund's risk level."""
    return shelf(
        {
            **people(2, risk_level=4, interests=("finance",), products=("loan",)), **people(4, risk_level=4), **people(4, risk_level=1),
            **people(7, branch="c", risk_level=5, products=("fund", "card")), **people(1, branch="c", risk_level=1, products=("fund", "card")),
        },
        PRODUCT_ROWS,
    )  # fmt: skip


def test_the_score_is_gap_share_times_take_up_times_interest(bank: Book) -> None:
    here = {one.product: one for one in of_branch(album(bank, rules()), "b").entries}
    fund, card, loan = here["fund"], here["card"], here["loan"]
    assert (fund.clients, fund.fits, fund.peers) == (10, 6, 13)
    assert fund.score == pytest.approx(6 / 10 * 7 / 13 * (1 + 2 / 6))
    assert card.score == pytest.approx(10 / 10 * 8 / 18)
    assert loan.score == pytest.approx(8 / 10 * 2 / 18)
    assert [one.product for one in sorted(here.values(), key=lambda one: one.place)] == ["card", "fund", "loan"]


def test_what_the_risk_rule_keeps_out_is_listed_as_blocked(bank: Book) -> None:
    blocked = album(bank, rules()).blocked
    assert [(one.branch, one.product, one.rule, one.clients) for one in blocked] == [("b", "fund", "risk_too_high", 4)]


def test_the_policy_says_how_many_products_and_how_few_clients(bank: Book) -> None:
    assert max(Counter((one.branch, one.tier, one.kind) for one in album(bank, rules()).entries).values()) == 3
    assert [one.product for one in album(bank, rules(album_size=1)).entries] == ["card", "loan"]
    assert "fund" not in {one.product for one in album(bank, rules(min_cell=7)).entries}


def test_a_client_below_a_products_risk_level_never_counts_even_as_a_holder(bank: Book) -> None:
    fund = next(one for one in album(bank, rules()).entries if one.product == "fund")
    assert fund.taken_up == pytest.approx(7 / 13)


def test_equal_scores_stand_by_the_number_they_fit_then_by_code() -> None:
    products = [{"product": code, "risk_level": risk} for code, risk in (("a", 4), ("c", None), ("b", None))]
    found = album(shelf({**people(5, risk_level=4), **people(5, risk_level=1)}, products), rules())
    assert {one.score for one in found.entries} == {0.0}
    assert [(one.place, one.product) for one in found.entries] == [(1, "b"), (2, "c"), (3, "a")]


def breaches(found: Album, clients: dict[str, Row], products: list[Row]) -> list[str]:
    """Entries that count other clients than those who have consented, do not hold the product and may."""
    by_code = {row["product"]: row for row in products}
    tier = {10.0: "gold", 500.0: "private", 0.0: ""}
    wrong = []
    for one in found.entries:
        members = [row for row in clients.values() if (row["branch"], tier[row["deposit_avg_cny"]], row["kind"]) == (one.branch, one.tier, one.kind)]
        fit = [row for row in members if row["consent"] and one.product not in row["products"] and suits(row, by_code[one.product])]
        if one.fits != len(fit) or one.clients != sum(row["consent"] for row in members):
            wrong.append(one.product)
    return wrong


@settings(max_examples=20, deadline=None)
@given(CLIENTS, PRODUCTS)
def test_the_album_lists_only_what_fits_whatever_the_order_of_rows(clients: dict[str, Row], products: list[Row]) -> None:
    lists_what_fits(clients, products)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(CLIENTS, PRODUCTS)
def test_five_hundred_albums_list_only_what_fits(clients: dict[str, Row], products: list[Row]) -> None:
    lists_what_fits(clients, products)


def lists_what_fits(clients: dict[str, Row], products: list[Row]) -> None:
    """No entry breaks the filter, and the same rows in another order give the same album."""
    small = rules(min_cell=2, album_size=2)
    bank = shelf(clients, products)
    found = album(bank, small)
    assert not breaches(found, clients, products)
    assert all(one.fits >= 2 for one in found.entries)
    turned = replace(bank, tables={name: table.iloc[::-1].reset_index(drop=True) for name, table in bank.tables.items()})
    assert album(turned, small) == found
