"""Segments: the clients of one branch, tier and kind, or of a part of them, who may be approached."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planning.book import tiers as standards
from planning.book.book import Book
from planning.book.buffer import buffered
from planning.book.contribution import contribution
from planning.book.interests import known_interests
from planning.book.parts import WHOLE, part_codes
from planning.policy import Policy

KEY = ["branch", "tier", "kind", "part"]
SegmentKey = tuple[str, ...]  # branch, tier, kind, and the part where the segment is refined


@dataclass(frozen=True)
class Segment:
    """g = (branch, tier, kind), or a part of it: n[g] clients who may be approached and their contribution, yuan a year."""

    branch: str
    region: str
    tier: str
    kind: str
    clients: int
    contribution_cny: float
    part: str = WHOLE

    @property
    def key(self) -> SegmentKey:
        return segment_key((self.branch, self.tier, self.kind, self.part))

    @property
    def mean_contribution_cny(self) -> float:
        """v[g]: never below 0."""
        return max(self.contribution_cny / self.clients, 0.0)


def segment_key(key: Any) -> SegmentKey:
    """The key of a group formed by KEY; a segment that is not refined has no part in it."""
    branch, tier, kind, part = key
    return (branch, tier, kind, part) if part else (branch, tier, kind)


def classify(book: Book, policy: Policy) -> pd.DataFrame:
    """The client table with region, assets, contribution, tier earned, tier had (after the buffer), rank, whether it may be approached, and its part."""
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
    tiered = known.assign(earned=earned, tier=tier, rank=tier.map(ranks).fillna(0).astype("int64"), part=pd.Series(WHOLE, index=known.index, dtype="str"))
    return tiered.assign(part=part_codes(approachable(tiered), policy).reindex(tiered.index, fill_value=WHOLE)) if policy.segments.refined_by else tiered


def classify_former(book: Book, clients: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The client table of an earlier date, classified by today's standards."""
    return classify(replace(book, tables={**book.tables, "clients": clients}), policy)


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
    """All segments with at least one client who may be approached, by branch, tier rank, kind and part."""
    grouped = kept.groupby(["branch", "region", "rank", "tier", "kind", "part"], sort=True)["contribution_cny"].agg(["size", "sum"])
    return tuple(
        Segment(branch, region, tier, kind, int(size), float(total), part)
        for (branch, region, _, tier, kind, part), (size, total) in zip(grouped.index, grouped.to_numpy(), strict=True)
    )
