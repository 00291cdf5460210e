"""The made-up clients, a few thousand at a time: every block has its own seed, so the bytes do not depend on how it is cut for writing."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.book.sample.dates import birthdays, last_contacts, maturities
from planning.book.sample.network import TIERS, Branch, standard
from planning.book.sample.shapes import Draws, Flags, Floats, Ints, Words, blank, wealth, words

BLOCK = 2000  # clients drawn together; part of the seed's meaning, so changing it changes the bank
KEY_DATES = 20  # a stream of its own
FTP_DEPOSIT_PCT = 2.3
FTP_LOAN_PCT = 2.9
DATA_DAY = np.datetime64("2026-11-01")

OCCUPATIONS = ("executive", "entrepreneur", "professional", "public_service", "finance", "retired", "homemaker", "freelance")
OCCUPATION_WEIGHTS = (18, 17, 20, 7, 9, 15, 6, 8)
INDUSTRIES = ("manufacturing", "trade", "construction", "technology", "logistics", "healthcare", "agriculture", "public_utility")
INDUSTRY_WEIGHTS = (24, 22, 12, 14, 9, 7, 6, 6)
INTERESTS = ("art", "sport", "finance", "family", "health", "travel", "golf", "food")
INTEREST_SHARES = (0.28, 0.30, 0.46, 0.38, 0.36, 0.34, 0.12, 0.30)
PERSONAL_PRODUCTS = ("deposit", "wealth", "fund", "insurance", "mortgage", "card")
CORPORATE_PRODUCTS = ("deposit", "settlement", "working_loan", "payroll", "wealth")
COST_OF_TIER = (700.0, 1_100.0, 2_600.0, 7_000.0, 15_000.0, 42_000.0)  # below gold, gold … supreme


def blocks(branches: tuple[Branch, ...], seed: int) -> Iterator[pd.DataFrame]:
    """Every client, in blocks of at most BLOCK clients of one branch, numbered through the bank."""
    return (block(branch, draws, first, size) for branch, draws, first, size in cuts(branches, seed))


def cuts(branches: tuple[Branch, ...], seed: int) -> Iterator[tuple[Branch, Draws, int, int]]:
    """What each block is made of: its branch, its draws, the number of its first client and how many there are."""
    first = 1
    for branch in branches:
        for number, start in enumerate(range(0, branch.clients, BLOCK)):
            size = min(BLOCK, branch.clients - start)
            yield branch, Draws(seed, branch.index, number), first, size
            first += size


def block(branch: Branch, draws: Draws, first: int, n: int) -> pd.DataFrame:
    """`n` clients of one branch, numbered from `first`."""
    corporate, rank = _kinds_and_ranks(branch, draws, n)
    median = np.where(corporate, branch.region.median_cny["corporate"], branch.region.median_cny["personal"])
    assets = median * wealth(rank)
    money = _money(draws, corporate, rank, assets, tier_by(assets, branch.region.code))
    tier = tier_by(money["deposit_avg_cny"] + money["invest_avg_cny"], branch.region.code)
    contribution = _contribution(money)
    columns: dict[str, object] = {
        "client": [f"C{number:08d}" for number in range(first, first + n)],
        "branch": np.full(n, branch.code, dtype=object),
        "kind": words(("personal", "corporate"), corporate.astype(np.int64)),
        **money,
        "capital_charge_cny": np.full(n, np.nan),
        "contribution_cny": np.full(n, np.nan),
        "contribution_last_cny": np.rint(contribution * draws.even(n, 0.88, 1.06)),
        **_person(draws, corporate, money),
        "manager": _manager(draws, branch, tier),
        **_flags(draws, corporate),
        **last_tier(draws, tier, DATA_DAY),
    }
    table = pd.DataFrame(columns)
    dates, since = draws.apart(KEY_DATES), table["since"].to_numpy()
    return table.assign(
        birthday=birthdays(dates, DATA_DAY, table["age"].to_numpy()),
        deposit_matures=maturities(dates, DATA_DAY, money["deposit_tenure_months"]),
        last_contact=last_contacts(dates, DATA_DAY, tier, since),
    )


def _kinds_and_ranks(branch: Branch, draws: Draws, n: int) -> tuple[Flags, Floats]:
    companies = int(np.rint(branch.region.corporate_share * n))
    corporate = draws.order(n) < companies
    rank = np.empty(n)
    rank[corporate] = draws.layered(companies)
    rank[~corporate] = draws.layered(n - companies)
    return corporate, rank


def _money(draws: Draws, corporate: Flags, rank: Floats, assets: Floats, tier: Ints) -> dict[str, Floats]:
    """Balances, rates and costs: deposits' share, negotiated rates, loans and service differ from client to client, whatever the assets."""
    n = len(assets)
    share = np.where(corporate, draws.even(n, 0.65, 1.0), np.clip(0.70 - 0.32 * rank + draws.bell(n, 0, 0.22), 0.04, 0.98))
    deposit = np.rint(assets * share)
    invest = np.rint(assets - deposit)
    bargained = np.where(draws.chance(n, 0.10), 0.40, 0.0) + np.where(rank > 0.97, 0.16, 0.0)
    rate = np.where(corporate, 0.75 + 0.45 * rank + draws.bell(n, 0, 0.28), 1.15 + 0.48 * rank + draws.bell(n, 0, 0.20)) + bargained
    borrows = draws.chance(n, np.where(corporate, 0.52, 0.27))
    size = np.where(corporate, draws.even(n, 0.2, 1.9), draws.even(n, 0.1, 1.1))
    loan = np.rint(np.where(borrows, np.minimum(assets * size, np.where(corporate, 90e6, 12e6)), 0.0) / 1000) * 1000
    loan_rate = np.where(corporate, 3.95, 4.25) - 0.45 * rank + draws.bell(n, 0, 0.32)
    pd_ = np.where(corporate, 0.011, 0.008) * (0.25 + 2.2 * draws.even(n) * draws.even(n))
    fees = np.where(corporate, assets * draws.even(n) * draws.even(n) * 0.011, invest * (0.0012 + 0.0085 * draws.even(n) * draws.even(n)))
    cost = np.array(COST_OF_TIER)[tier + 1] * draws.even(n, 0.45, 1.75)
    lends = loan > 0
    return {
        "deposit_avg_cny": deposit,
        "deposit_rate_pct": _hundredths(np.clip(rate, 0.2, 2.75)),
        "deposit_tenure_months": np.array([0.0, 3, 6, 12, 24, 36])[draws.pick(n, (24, 12, 17, 23, 14, 10))],
        "loan_avg_cny": loan,
        "loan_rate_pct": np.where(lends, _hundredths(np.clip(loan_rate, 2.95, 5.6)), np.nan),
        "pd": np.where(lends, np.rint(pd_ * 1e4) / 1e4, np.nan),
        "lgd": np.where(lends, _hundredths(draws.even(n, 0.30, 0.55)), np.nan),
        "invest_avg_cny": invest,
        "fee_income_cny": np.rint(fees),
        "cost_to_serve_cny": np.rint(cost),
    }


def _contribution(money: dict[str, Floats]) -> Floats:
    deposits = money["deposit_avg_cny"] * (FTP_DEPOSIT_PCT - money["deposit_rate_pct"]) / 100
    loans = money["loan_avg_cny"] * (np.nan_to_num(money["loan_rate_pct"] - FTP_LOAN_PCT) / 100 - np.nan_to_num(money["pd"] * money["lgd"]))
    result: Floats = deposits + loans + money["fee_income_cny"] - money["cost_to_serve_cny"]
    return result


def _person(draws: Draws, corporate: Flags, money: dict[str, Floats]) -> dict[str, object]:
    n = len(corporate)
    age = np.rint(np.clip(draws.bell(n, 50, 12), 24, 88))
    sex = words(("female", "male"), draws.chance(n, 0.52).astype(np.int64))
    occupation = words(OCCUPATIONS, draws.pick(n, OCCUPATION_WEIGHTS))
    industry = words(INDUSTRIES, draws.pick(n, INDUSTRY_WEIGHTS))
    return {
        "products": _products(draws, corporate, money),
        "since": (DATA_DAY - draws.whole(n, 200, 9000)).astype("datetime64[D]"),
        "age": np.where(corporate, np.nan, age),
        "sex": blank(sex, corporate),
        "occupation": blank(occupation, corporate),
        "industry": blank(industry, ~corporate),
        "interests": _joined(INTERESTS, np.stack([draws.chance(n, share) for share in INTEREST_SHARES])),
        "risk_level": draws.pick(n, (9, 22, 36, 23, 10)) + 1,
    }


def _products(draws: Draws, corporate: Flags, money: dict[str, Floats]) -> Words:
    n = len(corporate)
    invests, lends = money["invest_avg_cny"] > 0, money["loan_avg_cny"] > 0
    always = np.ones(n, dtype=bool)
    wealth_held = invests & draws.chance(n, 0.8)
    own = _joined(PERSONAL_PRODUCTS, np.stack([always, wealth_held, invests & draws.chance(n, 0.4), draws.chance(n, 0.3), lends, draws.chance(n, 0.7)]))
    firm = _joined(CORPORATE_PRODUCTS, np.stack([always, draws.chance(n, 0.8), lends, draws.chance(n, 0.45), wealth_held]))
    firm[~corporate] = own[~corporate]
    return firm


def _manager(draws: Draws, branch: Branch, tier: Ints) -> Words:
    """Higher tiers are served by the upper half of the managers, the others by the lower three fifths or by nobody."""
    n, staff = len(tier), branch.managers
    upper, lower = staff // 2, max(1, (3 * staff + 4) // 5)
    place = np.where(tier >= 2, upper + draws.whole(n, 0, staff - upper - 1), draws.whole(n, 0, lower - 1))
    names = words(tuple(branch.manager(each) for each in range(staff)), place)
    return blank(names, draws.chance(n, 0.2) & (tier < 1))


def _flags(draws: Draws, corporate: Flags) -> dict[str, object]:
    n = len(corporate)
    return {
        "public_official": draws.chance(n, 0.025) & ~corporate,
        "state_owned_contact": draws.chance(n, 0.14) & corporate,
        "consent": ~draws.chance(n, 0.07),
        "opt_out": draws.chance(n, 0.015),
    }


def last_tier(draws: Draws, tier: Ints, day: np.datetime64) -> dict[str, object]:
    """Last tiers and since when, as seen on `day`; and, of those whose assets no longer reach it, since when they do not: up to thirteen months ago."""
    n = len(tier)
    moved = draws.pick(n, (5, 88, 7)) - 1
    before = np.clip(tier - moved, -1, len(TIERS) - 1)
    days = draws.whole(n, 30, 1800)
    below = np.minimum(days, draws.whole(n, 1, 400))
    return {
        "tier_last": words((None, *TIERS), before + 1),
        "tier_since": np.where(before >= 0, _days_ago(day, days), np.datetime64("NaT")),
        "below_since": np.where(before > tier, _days_ago(day, below), np.datetime64("NaT")),
    }


def _days_ago(day: np.datetime64, days: Ints) -> NDArray[np.datetime64]:
    return (day - days).astype("datetime64[D]")


@cache
def least_assets(region: str) -> Floats:
    """Least assets of each tier in a region, lowest tier first, yuan."""
    return np.array([float(amount) for amount in standard(region)["min_assets_cny"]])


def tier_by(assets: Floats, region: str) -> Ints:
    """Place among the tiers by assets alone: −1 below the lowest."""
    return (np.searchsorted(least_assets(region), assets, side="right") - 1).astype(np.int64)


def _hundredths(values: Floats) -> Floats:
    result: Floats = np.rint(values * 100) / 100
    return result


def _joined(known: tuple[str, ...], held: NDArray[np.bool_]) -> Words:
    """Lists as cells: the held words of each client joined by `|`; missing when none is held."""
    codes = sum((row.astype(np.int64) << bit for bit, row in enumerate(held)), np.zeros(held.shape[1], dtype=np.int64))
    return words(_patterns(known), codes)


@cache
def _patterns(known: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple("|".join(word for bit, word in enumerate(known) if code >> bit & 1) or None for code in range(1 << len(known)))
