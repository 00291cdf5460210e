"""The made-up clients ten months earlier: what they had then, who has come since, who has gone. Drawn apart from today's."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planning.book.sample.clients import CORPORATE_PRODUCTS, DATA_DAY, PERSONAL_PRODUCTS, block, cuts, last_tier, least_assets, tier_by
from planning.book.sample.dates import last_contacts, maturities
from planning.book.sample.network import TIERS, Branch
from planning.book.sample.shapes import Draws, Flags, Floats, Ints, Words, words

BEFORE_DAY = np.datetime64("2026-01-01")
DATED = "data_date = 2026-01-01  # 上期客户表的日期 date of the former client table\n"
THEN, GONE = 21, 22  # streams of their own
GONE_SHARE = 0.012
NOT_SWITCHED = ("deposit", "mortgage", "working_loan")  # products that go with balances


def former_blocks(branches: tuple[Branch, ...], seed: int) -> Iterator[pd.DataFrame]:
    """Every client of BEFORE_DAY, block by block as today's are; those gone since are numbered after today's last."""
    first = sum(branch.clients for branch in branches) + 1
    for branch, draws, start, size in cuts(branches, seed):
        today = block(branch, draws, start, size)
        gone = int(np.rint(GONE_SHARE * size))
        if gone:
            left = block(branch, draws.apart(GONE), first, gone)
            today = pd.concat([today, left.assign(since=np.minimum(left["since"], BEFORE_DAY - 60))], ignore_index=True)
            first += gone
        known = today[today["since"] <= BEFORE_DAY].reset_index(drop=True)
        yield _before(known, branch, draws.apart(THEN))


def _before(today: pd.DataFrame, branch: Branch, draws: Draws) -> pd.DataFrame:
    """The same clients on BEFORE_DAY, in today's columns."""
    tier_then = today["tier_last"].map({code: rank for rank, code in enumerate(TIERS)}).fillna(-1)
    tier: Ints = np.asarray(tier_then, dtype=np.int64)
    staff = words(tuple(branch.manager(place) for place in range(branch.managers)), draws.whole(len(today), 0, branch.managers - 1))
    handed_over = draws.chance(len(today), 0.04) & today["manager"].notna().to_numpy()
    paid_off = draws.chance(len(today), 0.015) & (today["loan_avg_cny"] == 0).to_numpy()
    then: dict[str, object] = {
        **_deposits(today, tier, branch.region.code, draws),
        **_loans(today, paid_off, draws),
        "fee_income_cny": np.rint(today["fee_income_cny"] * np.where(draws.chance(len(today), 0.03), 2.5, draws.even(len(today), 0.8, 1.1))),
        "cost_to_serve_cny": np.rint(today["cost_to_serve_cny"] * draws.even(len(today), 0.9, 1.05)),
        "contribution_last_cny": np.rint(today["contribution_last_cny"] * draws.even(len(today), 0.9, 1.06)),
        "products": _products(today, paid_off, draws),
        "age": today["age"] - _had_a_birthday(today["birthday"]),
        "manager": today["manager"].where(~handed_over, staff),
        **last_tier(draws, tier, BEFORE_DAY),
        "deposit_matures": maturities(draws, BEFORE_DAY, today["deposit_tenure_months"].to_numpy()),
        "last_contact": last_contacts(draws, BEFORE_DAY, tier, today["since"].to_numpy()),
    }
    return pd.DataFrame({name: then.get(name, today[name]) for name in today.columns})


def _deposits(today: pd.DataFrame, tier: Ints, region: str, draws: Draws) -> dict[str, Floats]:
    """Assets that have grown or flowed out since; a client whose tier has changed had assets of the former tier."""
    n, deposits = len(today), today["deposit_avg_cny"].to_numpy()
    assets = deposits + today["invest_avg_cny"].to_numpy()
    flowed_out = draws.chance(n, 0.02)
    grown = assets / np.where(flowed_out, draws.even(n, 0.35, 0.65), np.clip(draws.bell(n, 1.05, 0.10), 0.75, 1.5))
    edges = np.array([0.0, *least_assets(region), np.inf])
    low, high, now = edges[tier + 1], edges[tier + 2], tier_by(assets, region)
    fell_short = np.minimum(low * draws.even(n, 1.01, 1.2), high - 2)
    had = np.where(now > tier, np.where(np.isinf(high), grown, high * draws.even(n, 0.8, 0.995)), np.where(now < tier, fell_short, grown))
    former = np.where(flowed_out & (now == tier), grown, np.clip(had, low + 2, high - 2))
    deposit = np.rint(former * np.divide(deposits, assets, out=np.ones(n), where=assets > 0))
    rate = np.clip(today["deposit_rate_pct"].to_numpy() + np.where(draws.chance(n, 0.5), 0.05, 0.0), 0.2, 2.75)
    return {"deposit_avg_cny": deposit, "invest_avg_cny": np.rint(former - deposit), "deposit_rate_pct": np.rint(rate * 100) / 100}


def _loans(today: pd.DataFrame, paid_off: Flags, draws: Draws) -> dict[str, Floats]:
    """Loans repaid as agreed, some drawn up or paid off since; a few repriced, a few graded down since."""
    n, loan = len(today), today["loan_avg_cny"].to_numpy()
    since = np.where(draws.chance(n, 0.04), draws.even(n, 0.3, 0.6), draws.even(n, 1.0, 1.1))
    size = np.where(paid_off, np.maximum(today["invest_avg_cny"].to_numpy() * 0.3, 50_000), loan * since)
    had = size > 0
    repriced = np.where(draws.chance(n, 0.05), draws.even(n, -0.6, 0.6), 0.0)
    rate = np.where(paid_off, 4.1, np.clip(today["loan_rate_pct"].to_numpy() + repriced, 2.95, 5.6))
    graded = np.where(draws.chance(n, 0.03), 0.3, draws.even(n, 0.9, 1.05))
    pd_ = np.where(paid_off, 0.006, today["pd"].to_numpy() * graded)
    return {
        "loan_avg_cny": np.rint(size / 1000) * 1000,
        "loan_rate_pct": np.where(had, np.rint(rate * 100) / 100, np.nan),
        "pd": np.where(had, np.rint(pd_ * 1e4) / 1e4, np.nan),
        "lgd": np.where(had, np.where(paid_off, 0.4, today["lgd"].to_numpy()), np.nan),
    }


def _products(today: pd.DataFrame, paid_off: Flags, draws: Draws) -> Words:
    """What was held: some products closed since, some opened since, and the loans that are paid off."""
    n = len(today)
    closed, opened, which = draws.chance(n, 0.03), draws.chance(n, 0.05), draws.even(n)
    held: Words = np.array([cell if isinstance(cell, str) else None for cell in today["products"]], dtype=object)
    for row in np.flatnonzero(closed | opened | paid_off):
        known = PERSONAL_PRODUCTS if today["kind"].iloc[row] == "personal" else CORPORATE_PRODUCTS
        switched = [product for product in known if product not in NOT_SWITCHED]
        product = {switched[int(which[row] * len(switched))]}
        now = set(held[row].split("|")) if held[row] else set()
        then = (now | product if closed[row] else now - product if opened[row] else now) | (set(NOT_SWITCHED) & set(known) if paid_off[row] else set())
        held[row] = "|".join(one for one in known if one in then) or None
    return held


def _had_a_birthday(birthday: pd.Series) -> Ints:
    """1 where a birthday lies between BEFORE_DAY and the day of today's tables, else 0."""
    month_day = birthday.dt.month * 100 + birthday.dt.day
    then, now = (pd.Timestamp(day) for day in (BEFORE_DAY, DATA_DAY))
    between = (month_day > then.month * 100 + then.day) & (month_day <= now.month * 100 + now.day)
    return np.asarray(between, dtype=np.int64)
