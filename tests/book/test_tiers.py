"""Tiers by each standard against the same rules written out client by client; the buffer over three dates; ties and the order of rows."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from planning.book.book import Book, book_of
from planning.book.buffer import buffered, months_after, record
from planning.book.concentration import concentration
from planning.book.migration import ABSENT, migration, since_last
from planning.book.segments import classify
from planning.book.three_ways import STANDARDS, three_ways
from planning.book.tiers import in_force, in_pool, places, rank_order
from planning.policy import Policy
from tests.optimise.books import book, policy
from tests.optimise.tiered import SHARES, tiered

WAYS: tuple[dict[str, Any], ...] = (
    {"assign": "region"},
    {"assign": "national"},
    {"assign": "contribution_top20"},
    {"assign": "region", "region_shares": SHARES},
    {"assign": "contribution_top20", "region_shares": {"gold": 0.4, "private": 0.1}},
)


def fen(amount: float) -> int:
    return int((Decimal(str(round(amount, 9))) * 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))


def plainly(own: Book, rules: Policy) -> list[str]:
    """The tier each client earns, in the order of the book, by counting over rows."""
    clients = classify(own, rules).to_dict("records")
    rows = in_force(own.tables["tiers"], rules.data_date).to_dict("records")
    settings = rules.segments

    def by_thresholds(one: dict[str, Any], region: str) -> str:
        standard = [row for row in rows if row["region"] == region] or [row for row in rows if row["region"] == "*"]
        best = ""
        for row in sorted(standard, key=lambda row: row["rank"]):
            enough = [
                row[need] != row[need] or one[has] >= row[need]
                for need, has in (("min_assets_cny", "assets_cny"), ("min_contribution_cny", "contribution_cny"))
            ]
            best = row["tier"] if all(enough) else best
        return best

    def by_places(one: dict[str, Any]) -> str:
        region = [other for other in clients if other["region"] == one["region"]]
        as_rich = len([other for other in region if fen(other["assets_cny"]) >= fen(one["assets_cny"])])
        best = ""
        for tier, share in settings.region_shares.items():  # written lowest first
            best = tier if as_rich <= int(Decimal(str(share)) * len(region) + Decimal("0.5")) else best
        return best

    found = []
    for one in clients:
        tier = by_places(one) if settings.region_shares else by_thresholds(one, "*" if settings.assign == "national" else one["region"])
        if settings.assign == "contribution_top20":
            as_good = len([other for other in clients if fen(other["contribution_cny"]) >= fen(one["contribution_cny"])])
            tier = (tier or "gold") if as_good <= int(len(clients) / Decimal(5) + Decimal("0.5")) else ""
        found.append(tier)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_earns_the_tier_counted_out_by_hand(way: dict[str, Any], seed: int) -> None:
    own, rules = tiered(seed), policy(segments=way)
    classified = classify(own, rules)
    assert classified["earned"].tolist() == plainly(own, rules)
    assert classified["tier"].tolist() == classified["earned"].tolist()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_order_of_rows_changes_nobodys_tier(way: dict[str, Any]) -> None:
    own, rules = tiered(5), policy(segments={**way, "downgrade_after_months": 6})
    clients = classify(own, rules)
    shuffled = classify(book_of({**own.tables, "clients": own.tables["clients"].sample(frac=1, random_state=1)}), rules)
    assert dict(zip(clients["client"], clients["tier"], strict=True)) == dict(zip(shuffled["client"], shuffled["tier"], strict=True))
    assert three_ways(own, rules) == three_ways(book_of({**own.tables, "clients": own.tables["clients"].iloc[::-1]}), rules)


def test_the_pool_is_a_fifth_and_a_tie_across_its_edge_stays_outside() -> None:
    assert in_pool(pd.Series([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 0])).tolist() == [True, True] + [False] * 8
    assert in_pool(pd.Series([9.0, 8, 8, 6, 5, 4, 3, 2, 1, 0])).tolist() == [True] + [False] * 9
    assert in_pool(pd.Series([9.0, 8.004, 7.996, 6, 5, 4, 3, 2, 1, 0])).tolist() == [True] + [False] * 9  # both are 8.00
    assert [places(share, n) for share, n in ((0.29, 100), (0.2, 12), (0.2, 13), (0.5, 1), (0.0, 9))] == [29, 2, 3, 1, 0]


def test_in_the_pool_everybody_has_a_tier_and_outside_nobody() -> None:
    rules = policy(segments={"assign": "contribution_top20"})
    clients = classify(tiered(2), rules)
    pool = in_pool(clients["contribution_cny"])
    assert ((clients["tier"] != "") == pool).all()
    assert (clients["assets_cny"][~pool] >= 4_000_000).any(), "somebody rich brings little"


def test_each_region_has_the_wanted_share_of_clients() -> None:
    own, rules = tiered(7, clients=400), policy(segments={"region_shares": SHARES})
    clients = classify(own, rules)
    order = ["", *rank_order(own.tables["tiers"])]
    for _, region in clients.groupby("region"):
        for tier, share in SHARES.items():
            reached = int((region["tier"].map(order.index) >= order.index(tier)).sum())
            tied = int(region["assets_cny"].duplicated(keep=False).sum())
            assert places(share, len(region)) - tied <= reached <= places(share, len(region))


DATES = (date(2026, 1, 31), date(2026, 5, 31), date(2026, 11, 30))


def rich(*deposits: float) -> list[dict[str, Any]]:
    return [
        {"client": f"c{place}", "branch": "b0", "kind": "personal", "deposit_avg_cny": deposit, "deposit_rate_pct": 1.0, "consent": True}
        for place, deposit in enumerate(deposits)
    ]


def at(day: date, deposits: tuple[float, ...], before: pd.DataFrame | None, months: int) -> pd.DataFrame:
    """The clients classified at a date, with what the book before recorded."""
    tiers = [
        {"region": "*", "tier": tier, "rank": rank, "name_zh": tier, "name_en": tier, "min_assets_cny": least, "as_of": date(2025, 1, 1)}
        for rank, (tier, least) in enumerate((("gold", 100.0), ("private", 1_000.0)), 1)
    ]
    known = [{**row, **(before.set_index("client").loc[row["client"]].to_dict() if before is not None else {})} for row in rich(*deposits)]
    branches = [{"branch": "b0", "region": "r0", "name_zh": "支行", "name_en": "Branch"}]
    return classify(book(branches=branches, tiers=tiers, clients=known), policy(data_date=day, segments={"downgrade_after_months": months}))


@pytest.mark.parametrize(
    ("months", "expected"), [(0, ("private", "gold", "gold")), (6, ("private", "private", "gold")), (7, ("private", "private", "private"))]
)
def test_a_fall_counts_after_the_buffer_over_three_dates(months: int, expected: tuple[str, str, str]) -> None:
    seen, before = [], None
    for day, deposit in zip(DATES, (2_000.0, 500.0, 500.0), strict=True):
        classified = at(day, (deposit,), before, months)
        seen.append(classified["tier"].iloc[0])
        before = record(classified, day)
    assert tuple(seen) == expected


def test_a_rise_counts_at_once_and_ends_a_fall() -> None:
    """c0 falls and recovers before the buffer ends; c1 rises; c2 falls out of all tiers; each keeps the dates that go with it."""
    first = at(DATES[0], (2_000.0, 50.0, 200.0), None, 6)
    second = at(DATES[1], (500.0, 2_000.0, 10.0), record(first, DATES[0]), 6)
    assert second["tier"].tolist() == ["private", "private", "gold"]
    kept = record(second, DATES[1])
    assert kept["tier_since"].tolist() == [DATES[0], DATES[1], DATES[0]]
    assert kept["below_since"].tolist() == [DATES[1], None, DATES[1]]
    third = at(DATES[2], (1_000.0, 2_000.0, 10.0), kept, 6)
    assert third["tier"].tolist() == ["private", "private", ""]
    last = record(third, DATES[2])
    assert last["tier_since"].tolist() == [DATES[0], DATES[1], None]
    assert last["below_since"].tolist() == [None, None, None]
    assert last["tier_last"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("below", "since", "kept"),
    [
        (None, date(2020, 1, 1), True),  # first seen below on the date of the data
        (date(2026, 5, 2), date(2020, 1, 1), True),
        (date(2026, 5, 1), date(2020, 1, 1), False),  # six months are over on the date of the data
        (date(2026, 1, 1), date(2026, 6, 1), True),  # the fall on record is from before the tier
        (date(2026, 1, 1), None, False),
    ],
)
def test_when_the_buffer_ends(below: date | None, since: date | None, kept: bool) -> None:
    clients = pd.DataFrame({"tier_last": ["private"], "tier_since": [since], "below_since": [below]})
    tier = buffered(clients, pd.Series(["gold"]), ("gold", "private"), 6, date(2026, 11, 1))
    assert tier.tolist() == ["private" if kept else "gold"]
    assert buffered(clients, pd.Series(["gold"]), ("gold",), 6, date(2026, 11, 1)).tolist() == ["gold"], "a tier no longer in force is not kept"


def test_months_end_where_the_month_is_shorter() -> None:
    assert [months_after(date(2026, 8, 31), months) for months in (1, 4, 6, 18)] == [
        date(2026, 9, 30),
        date(2026, 12, 31),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_three_ways_count_everybody_once() -> None:
    own, rules = tiered(3), policy(segments={"downgrade_after_months": 6})
    ways, clients = three_ways(own, rules), classify(own, rules)
    for standard in STANDARDS:
        standing = ways.standing(standard)
        tiers = plainly(own, policy(segments={"assign": standard}))
        for one in standing.counts:
            there = [
                brings
                for region, tier, brings in zip(clients["region"], tiers, clients["contribution_cny"], strict=True)
                if (region, tier) == (one.region, one.tier)
            ]
            assert one.clients == len(there)
            assert one.contribution_cny == pytest.approx(sum(there))
        assert sum(one.clients for one in standing.counts) == len(clients)
        assert {one.place: one.reached[0] for one in standing.regions} == {
            region: sum(tier != "" for where, tier in zip(clients["region"], tiers, strict=True) if where == region) for region in ways.regions
        }
        assert sum(one.clients for one in standing.branches) == len(clients)
    for compared in ways.comparisons:
        assert sum(move.clients for move in compared.moves) == len(clients)
        same = sum(move.clients for move in compared.moves if move.tier == move.other)
        assert compared.higher[0] + compared.lower[0] + same == len(clients)
        before, after = (ways.standing(one).tiered for one in (compared.standard, compared.other))
        assert compared.entering[0] - compared.leaving[0] == after[0] - before[0]
        assert compared.difference_cny == pytest.approx(after[1] - before[1], abs=1e-6)
    assert ways.in_buffer[0] == int((clients["tier"] != clients["earned"]).sum()) > 0


def test_concentration_by_hand() -> None:
    found = concentration(pd.Series([1.0, 1, 1, 1, 6]))
    assert (found.pool.clients, found.pool.share_of_contribution) == (1, 0.6)
    assert found.gini == pytest.approx(0.4)
    assert found.lorenz == ((0.0, 0.0), (0.2, 0.1), (0.4, 0.2), (0.6, 0.3), (0.8, 0.4), (1.0, 1.0))
    assert concentration(pd.Series([5.0] * 10)).gini == 0


def test_concentration_with_losses_and_with_nothing_to_share() -> None:
    found = concentration(pd.Series([-10.0, 0.0, 30.0]))
    assert (found.losing, found.losing_cny) == (1, -10)
    assert found.lorenz[1][1] == -0.5
    assert found.gini is not None
    assert found.gini > 1
    nothing = concentration(pd.Series([-1.0, 1.0]))
    assert (nothing.gini, nothing.lorenz, nothing.pool.share_of_contribution) == (None, (), None)


def test_no_step_of_the_curve_describes_fewer_clients_than_may_be_shown() -> None:
    found = concentration(pd.Series(range(1, 48)).astype(float), fewest=5)
    cuts = [round(share * 47) for share, _ in found.lorenz]
    assert min(after - before for before, after in pairwise(cuts)) >= 5
    assert all(head.clients >= 5 for head in found.heads)
    assert len(concentration(pd.Series(range(1_000)).astype(float)).lorenz) == 101


def table(**tiers: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame([{"client": client, "tier": tier, "contribution_cny": money} for client, (tier, money) in tiers.items()])


def test_migration_between_two_books() -> None:
    before = table(a=("gold", 10.0), b=("gold", 20.0), c=("private", 90.0), d=("", 1.0), e=("gold", 5.0), g=("dropped", 3.0))
    now = table(a=("private", 40.0), b=("gold", 25.0), c=("", 8.0), d=("gold", 9.0), f=("private", 70.0), g=("gold", 4.0))
    found = migration(before, now, ("gold", "private"))
    assert [(one.before, one.after, one.clients) for one in found.cells] == [
        ("", "gold", 2), ("gold", "gold", 1), ("gold", "private", 1), ("gold", ABSENT, 1), ("private", "", 1), (ABSENT, "private", 1),
    ]  # fmt: skip
    assert tuple(asdict(found.upgraded).values()) == (3, 14.0, 53.0)
    assert tuple(asdict(found.downgraded).values()) == (1, 90.0, 8.0)
    assert tuple(asdict(found.stayed).values()) == (1, 20.0, 25.0)
    assert tuple(asdict(found.new).values()) == (1, 0.0, 70.0)
    assert tuple(asdict(found.lost).values()) == (1, 5.0, 0.0)
    assert migration(before.iloc[::-1], now.iloc[::-1], ("gold", "private")) == found


def test_migration_from_the_last_tiers_of_one_book() -> None:
    own, rules = tiered(1), policy()
    clients = classify(own, rules)
    found = since_last(clients, rank_order(own.tables["tiers"]))
    assert found is not None
    pairs = list(zip(clients["tier_last"].fillna(""), clients["tier"], strict=True))
    assert {(one.before, one.after): one.clients for one in found.cells} == {pair: pairs.count(pair) for pair in pairs}
    assert found.new.clients == found.lost.clients == 0
    assert since_last(clients.assign(tier_last=None), ("gold",)) is None
