"""The judge puts every client in the tier the planner's tables put them in, by every standard and with the buffer, and sums the same contribution."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tiny_bank import bank

from planning.book.book import Book
from planning.book.segments import approachable, classify, segments
from planning.judge import Facts, gather
from planning.plan.judged import columns
from planning.policy import Policy
from tests.optimise.books import policy
from tests.optimise.tiered import SHARES, tiered

WAYS: tuple[dict[str, Any], ...] = (
    {"assign": "region"},
    {"assign": "national", "region_shares": SHARES},
    {"assign": "contribution_top20"},
    {"assign": "region", "region_shares": SHARES},
    {"assign": "contribution_top20", "region_shares": {"platinum": 0.4, "private": 0.1}},
)


def agree(book: Book, rules: Policy) -> None:
    """Segments, their clients and their contribution, worked out twice."""
    judged = gather(columns(book), rules.model_dump(mode="json"))
    ours = {segment.key: segment for segment in segments(approachable(classify(book, rules)))}
    assert {key: segment.clients for key, segment in ours.items()} == judged.clients
    for key, segment in ours.items():
        assert float(judged.contribution[key]) == pytest.approx(segment.contribution_cny, abs=1e-6)


@pytest.mark.parametrize("months", [0, 6])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_both_agree_on_random_books(way: dict[str, Any], months: int) -> None:
    for seed in range(4):
        agree(tiered(seed), policy(segments={**way, "downgrade_after_months": months}))


def test_both_agree_when_regions_have_no_standard_of_their_own() -> None:
    book = tiered(1)
    national = Book({**book.tables, "tiers": book.tables["tiers"][book.tables["tiers"]["region"] == "*"]}, book.hashes)
    for way in WAYS:
        agree(national, policy(segments=way))


def facts(settings: dict[str, Any], **clients: dict[int, Any]) -> Facts:
    """The tiny bank's facts under other settings, with some cells (column → row → value) changed."""
    tables, rules, _ = bank()
    for column, cells in clients.items():
        values = tables["clients"].setdefault(column, [None] * 17)
        for row, value in cells.items():
            values[row] = value
    rules["segments"] = {**rules["segments"], **settings}
    return gather(tables, rules)


def test_the_fifth_that_brings_most() -> None:
    """Three of seventeen clients are in the pool: c15 (90,000), who gave no consent, c09 (80,000) and c05 (60,000); the rest have no tier."""
    found = facts({"assign": "contribution_top20"})
    assert found.clients == {("n1", "private", "personal"): 1, ("n2", "private", "personal"): 1}
    poor = facts({"assign": "contribution_top20"}, deposit_avg_cny={8: 0.0}, invest_avg_cny={8: 0.0}, contribution_cny={8: 80_000.0})
    assert poor.clients["n2", "gold", "personal"] == 1, "in the pool the lowest tier is everybody's"


def test_places_in_a_region_and_ties() -> None:
    """South has c10, c11 and c12: of three clients 60 % is two places, which the two richest take."""
    rich = {9: 300_000.0, 10: 1_000_000.0, 11: 1_000_000.004}
    nothing = {9: 0.0, 10: 0.0, 11: 0.0}
    found = facts({"region_shares": {"gold": 0.6}}, deposit_avg_cny=rich, invest_avg_cny=nothing)
    assert found.clients["s1", "gold", "personal"] == 2
    one = facts({"region_shares": {"gold": 0.3}}, deposit_avg_cny=rich, invest_avg_cny=nothing)
    assert ("s1", "gold", "personal") not in one.clients, "both hold the same to the fen, so neither takes the single place"


@pytest.mark.parametrize(("below", "private"), [(date(2026, 5, 2), 2), ("2026-05-01", 1), (None, 2)])
def test_the_buffer(below: object, private: int) -> None:
    found = facts({"downgrade_after_months": 6}, tier_last={9: "private"}, below_since={9: below})
    assert found.clients["s1", "private", "personal"] == private


def test_a_capital_charge_is_subtracted_unless_the_total_is_given() -> None:
    charged = facts({}, capital_charge_cny={0: 100.5, 3: 900.0})
    assert charged.contribution["n1", "gold", "personal"] == Fraction("31199.5")  # c01; c04's total is given
