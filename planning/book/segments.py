"""Segments: the clients of one branch, tier and kind who may be approached."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from planning.book import tiers as standards
from planning.book.book import Book
from planning.book.buffer import buffered
from planning.book.contribution import contribution
from planning.book.interests import known_interests
from planning.policy import Policy

KEY = ["branch", "tier", "kind"]


@dataclass(frozen=True)
class Segment:
    """g = (branch, tier, kind): n[g] clients who may be approached and their contribution, yuan a year."""

    branch: str
    region: str
    tier: str
    kind: str
    clients: int
    contribution_cny: float

    @property
    def key(self) -> tuple[str, str, str]:
        return self.branch, self.tier, self.kind

    @property
    def mean_contribution_cny(self) -> float:
        """v[g]: never below 0."""
        return max(self.contribution_cny / self.clients, 0.0)


def segment_key(key: Any) -> tuple[str, str, str]:
    """The (branch, tier, kind) of a group formed by KEY."""
    branch, tier, kind = key
    return branch, tier, kind


def classify(book: Book, policy: Policy) -> pd.DataFrame:
    """The client table with region, assets, contribution, tier earned, tier had (after the buffer), its rank, and whether the client may be approached."""
    clients = _with_interests(book, policy)
    regions = book.tables["branches"].set_index("branch")["region"]
    in_force = standards.in_force(book.tables["tiers"], policy.data_date)
    known = clients.assign(
        region=clients["branch"].map(regions),
        assets_cny=clients["deposit_avg_cny"].fillna(0) + clients["invest_avg_cny"].fillna(0),
        contribution_cny=contribution(clients, policy.bank),
        approachable=clients["consent"].astype(bool) & ~clients["opt_out"].astype(bool),
    )
    earned = standards.earned(known, in_force, policy.segments)
    order = standards.rank_order(in_force)
    tier = buffered(known, earned, order, policy.segments.downgrade_after_months, policy.data_date)
    ranks = {code: rank for rank, code in enumerate(order, start=1)}
    return known.assign(earned=earned, tier=tier, rank=tier.map(ranks).fillna(0).astype("int64"))


def _with_interests(book: Book, policy: Policy) -> pd.DataFrame:
    """The client table; with the interests of survey answers where the policy wants them."""
    clients = book.tables["clients"]
    if not policy.segments.survey_interests:
        return clients
    return clients.assign(interests=known_interests(clients, book.tables["surveys"], policy.data_date))


def approachable(classified: pd.DataFrame) -> pd.DataFrame:
    """The clients who have a tier and may be approached, in the order of segments."""
    kept = classified[classified["approachable"] & (classified["tier"] != standards.NO_TIER)]
    return kept.sort_values(["branch", "rank", "kind", "client"], kind="stable")


def segments(kept: pd.DataFrame) -> tuple[Segment, ...]:
    """All segments with at least one client who may be approached, by branch, tier rank and kind."""
    grouped = kept.groupby(["branch", "region", "rank", "tier", "kind"], sort=True)["contribution_cny"].agg(["size", "sum"])
    return tuple(
        Segment(branch, region, tier, kind, int(size), float(total))
        for (branch, region, _, tier, kind), (size, total) in zip(grouped.index, grouped.to_numpy(), strict=True)
    )
