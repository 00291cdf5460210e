"""Tier thresholds proposed as round numbers, region by region, so that each tier has about the share of clients that is wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.book import tiers
from planning.book.book import Book
from planning.book.contribution import in_fen
from planning.book.names import tier_names
from planning.book.rows import Row, rows
from planning.book.segments import classify
from planning.book.tiers import NATIONAL, NO_TIER, places
from planning.policy import Policy

ROUNDEST = (10, 20, 25, 50)
NEAR_ENOUGH = 0.1  # of the wanted share: so far a rounder number may miss it

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Proposal:
    """One tier of one region. Shares are of the region's clients that reach the tier or a higher one.

    `now_cny` is the least assets in force (missing where the standard asks for none); `least_cny` is what is proposed, None where
    nobody of the region could reach the tier. `wanted` and the shares are fractions of 1; `clients` counts the region's clients.
    """

    region: str
    tier: str
    rank: int
    clients: int
    wanted: float
    now_cny: float | None
    share_now: float
    least_cny: float | None
    share_then: float
    least_contribution_cny: float | None


def propose(book: Book, policy: Policy, wanted: Mapping[str, float]) -> tuple[Proposal, ...]:
    """Least assets for every region and tier of `wanted` (tier → share that reaches it, falling with rank), by region and rank.

    Thresholds have one or two leading digits (1, 2, 2.5, 5 where that comes near), and rise with rank.
    What the standard in force asks of contribution stays and counts in the shares.
    """
    clients = classify(book, policy)
    in_force = tiers.in_force(book.tables["tiers"], policy.data_date)
    order = [tier for tier in tiers.rank_order(in_force) if tier in wanted]
    now = tiers.assign(clients, in_force, national=policy.segments.assign == "national")
    proposals: list[Proposal] = []
    for region, part in clients.assign(now=now).groupby("region", sort=True):
        standard = _standard(in_force, str(region), policy.segments.assign == "national")
        proposals += _for_region(part, order, standard, wanted)
    return tuple(proposals)


def wanted_shares(book: Book, policy: Policy) -> dict[str, float]:
    """The shares to aim at where nobody names any: the policy's region_shares, else what the standard in force gives the bank as a whole."""
    if policy.segments.region_shares:
        return dict(policy.segments.region_shares)
    clients = classify(book, policy)
    in_force = tiers.in_force(book.tables["tiers"], policy.data_date)
    order = (NO_TIER, *tiers.rank_order(in_force))
    rank = tiers.assign(clients, in_force, national=policy.segments.assign == "national").map(order.index)
    return {tier: float((rank >= place).mean()) for place, tier in enumerate(order) if place}


def proposed_rows(proposals: Sequence[Proposal], book: Book, policy: Policy) -> pd.DataFrame:
    """The proposals as rows of the table `tiers`, in force from the data date; tiers nobody could reach are left out."""
    named = tier_names(tiers.in_force(book.tables["tiers"], policy.data_date))
    return pd.DataFrame(
        [
            {
                "region": one.region,
                "tier": one.tier,
                "rank": one.rank,
                "name_zh": named[one.tier][0],
                "name_en": named[one.tier][1],
                "min_assets_cny": f"{one.least_cny:.0f}",
                "min_contribution_cny": "" if one.least_contribution_cny is None else f"{one.least_contribution_cny:.2f}".removesuffix(".00"),
                "as_of": policy.data_date.isoformat(),
            }
            for one in proposals
            if one.least_cny is not None
        ]
    )


def _standard(in_force: pd.DataFrame, region: str, national: bool) -> dict[str, Row]:
    own = in_force[in_force["region"] == region]
    chosen = in_force[in_force["region"] == NATIONAL] if national or own.empty else own
    return {row.tier: row for row in rows(chosen)}


def _for_region(part: pd.DataFrame, order: Sequence[str], standard: Mapping[str, Row], wanted: Mapping[str, float]) -> list[Proposal]:
    """Tier by tier from the lowest, each threshold above the one before."""
    proposals: list[Proposal] = []
    ranks = {tier: row.rank for tier, row in standard.items()}
    held = [ranks.get(tier, 0) for tier in part["now"]]
    below = 0
    for tier in (tier for tier in order if tier in standard):
        asked = standard[tier].min_contribution_cny
        able = part if np.isnan(asked) else part[part["contribution_cny"] >= asked]
        rising = np.sort(in_fen(able["assets_cny"]))
        least = _threshold(rising, places(wanted[tier], len(part)), below + 1)
        reached = len(rising) - int(np.searchsorted(rising, least * 100)) if least else 0
        now = standard[tier].min_assets_cny
        share_now = sum(rank >= ranks[tier] for rank in held) / len(part)
        proposals.append(
            Proposal(
                str(part["region"].iloc[0]), tier, int(ranks[tier]), len(part), wanted[tier], None if np.isnan(now) else float(now), share_now,
                float(least) if least else None, reached / len(part), None if np.isnan(asked) else float(asked),
            )
        )  # fmt: skip
        below = least or below
    return proposals


def _threshold(rising: Amounts, room: int, floor_cny: int) -> int:
    """A round threshold (yuan, at least `floor_cny`) that about `room` amounts (fen) reach; 0 where there is nobody to reach it."""
    if not len(rising) or not room:
        return 0
    at = max(int(rising[max(len(rising) - room, 0)]) / 100, 1.0)
    sought = max(at, float(floor_cny))
    candidates = [amount for amount in _round_near(sought) if amount >= floor_cny]
    missed: dict[int, int] = {amount: abs(len(rising) - int(np.searchsorted(rising, amount * 100)) - room) for amount in candidates}
    roundest = [amount for amount in candidates if _leading(amount) in ROUNDEST and missed[amount] <= NEAR_ENOUGH * room]
    return min(roundest or candidates, key=lambda amount: (missed[amount], abs(amount - sought), amount))


def _round_near(amount: float) -> list[int]:
    """Whole yuan of two leading digits from about half to twice an amount."""
    scale: int = 10 ** max(floor(log10(amount)) - 1, 0)
    first = floor(amount / scale)
    fine = range(max(first // 2, 1), 2 * first + 2)
    return sorted({_two_digits(digits * scale) for digits in fine})


def _two_digits(amount: int) -> int:
    scale: int = 10 ** max(len(str(amount)) - 2, 0)
    return -(-amount // scale) * scale


def _leading(amount: int) -> int:
    """The first two digits, as 10 … 99."""
    return int(f"{amount}0"[:2])
