"""Proposed thresholds: round, rising with rank, near the shares that were wanted, and accepted as a table of tiers."""

from itertools import pairwise

import numpy as np
import pytest

from planning.book.book import Book, book_of
from planning.book.contracts import CONTRACTS
from planning.book.proposals import propose, proposed_rows, wanted_shares
from planning.book.segments import classify
from planning.book.soundness import tiers_rise
from planning.book.tiers import rank_order
from tests.optimise.books import book, policy, table
from tests.optimise.tiered import SHARES, TIERS, tiered


def wealthy(clients: int = 800) -> Book:
    """Wealth with a long tail in two regions, the second three times as rich; thresholds on assets alone."""
    wealth = 200_000 * (1 - (np.arange(clients) + 0.5) / clients) ** -0.8
    people = [
        {
            "client": f"c{i}",
            "branch": f"b{i % 2}",
            "kind": "personal",
            "deposit_avg_cny": round(float(held) * (1 + 2 * (i % 2)), 2),
            "deposit_rate_pct": 1.0,
            "consent": True,
        }
        for i, held in enumerate(wealth)
    ]
    standards = [
        {"region": "*", "tier": tier, "rank": rank, "name_zh": tier, "name_en": tier, "min_assets_cny": least, "as_of": policy().data_date}
        for tier, rank, least, _ in TIERS
    ]
    places = [{"branch": f"b{i}", "region": f"r{i}", "name_zh": f"b{i}", "name_en": f"b{i}"} for i in range(2)]
    return book(branches=places, clients=people, tiers=standards)


def test_shares_come_near_what_is_wanted_with_round_numbers_that_rise() -> None:
    own = wealthy()
    proposals = propose(own, policy(), SHARES)
    assert [(one.region, one.tier) for one in proposals] == [(region, tier) for region in ("r0", "r1") for tier in SHARES]
    for one in proposals:
        assert one.least_cny is not None
        assert len(f"{one.least_cny:.0f}".rstrip("0")) <= 2
        assert one.share_then == pytest.approx(one.wanted, rel=0.11)
        assert one.least_contribution_cny is None
    for lower, higher in pairwise(one.least_cny for one in proposals if one.region == "r0"):
        assert lower < higher
    poor, rich = ([one.least_cny for one in proposals if one.region == region] for region in ("r0", "r1"))
    assert all(a < b for a, b in zip(poor, rich, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_the_shares_told_are_the_shares_reached(seed: int) -> None:
    """The proposal put into force, with what the standards ask of contribution, gives each region just the shares it promised."""
    own, rules = tiered(seed, clients=90), policy()
    order = ["", *rank_order(own.tables["tiers"])]
    proposals = propose(own, rules, SHARES)
    rows = proposed_rows(proposals, own, rules)
    written = rows.assign(
        **{name: [float(cell) if cell else None for cell in rows[name]] for name in ("min_assets_cny", "min_contribution_cny")}, as_of=rules.data_date
    )
    assert set(rows) == set(CONTRACTS["tiers"].names)
    assert tiers_rise({"tiers": written}, rules) == []
    then = classify(book_of({**own.tables, "tiers": table("tiers", written.to_dict("records"))}), rules)
    now = classify(own, rules)
    for one in proposals:
        for clients, share in ((now, one.share_now), (then, one.share_then)):
            here = clients[clients["region"] == one.region]
            assert share == pytest.approx(float((here["tier"].map(order.index) >= order.index(one.tier)).mean()))


def test_what_is_wanted_when_nobody_says_so() -> None:
    own = tiered(3)
    assert wanted_shares(own, policy(segments={"region_shares": {"gold": 0.3}})) == {"gold": 0.3}
    clients = classify(own, policy())
    wanted = wanted_shares(own, policy())
    assert wanted["gold"] == pytest.approx(float((clients["tier"] != "").mean()))
    assert wanted["private"] == pytest.approx(float((clients["tier"] == "private").mean()))


def test_a_tier_without_places_is_not_proposed() -> None:
    own, rules = wealthy(40), policy()
    proposals = propose(own, rules, {"gold": 0.5, "private": 0.0})
    assert [one.least_cny is None for one in proposals] == [False, True, False, True]
    assert proposed_rows(proposals, own, rules)["tier"].tolist() == ["gold", "gold"]


def test_the_order_of_clients_changes_nothing() -> None:
    own = tiered(4)
    turned = book_of({**own.tables, "clients": own.tables["clients"].iloc[::-1]})
    assert propose(turned, policy(), SHARES) == propose(own, policy(), SHARES)
