"""One book under three tier standards, side by side: who is in which tier, who moves, and what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from planning.book import tiers
from planning.book.book import Book
from planning.book.concentration import Concentration, concentration
from planning.book.segments import classify
from planning.book.tiers import NATIONAL, NO_TIER
from planning.policy import Policy

Standard = Literal["national", "region", "contribution_top20"]
STANDARDS: tuple[Standard, ...] = ("national", "region", "contribution_top20")


@dataclass(frozen=True)
class TierCount:
    """Clients of one region in one tier ("" = in none) and their contribution, yuan a year. All clients of the book, whether or not they may be approached."""

    region: str
    tier: str
    clients: int
    contribution_cny: float


@dataclass(frozen=True)
class Reach:
    """The clients of a region or branch, and how many of them are in each tier or a higher one, in the order of tiers, lowest first."""

    place: str
    clients: int
    reached: tuple[int, ...]

    def share(self, tier: int = 0) -> float:
        """The share of clients in that tier (0 = lowest) or a higher one; without a tier named, in any tier at all."""
        return self.reached[tier] / self.clients


@dataclass(frozen=True)
class Standing:
    """The book under one standard, before any buffer. `available` is false where there is no national standard; `counts` hold every region × tier."""

    standard: Standard
    available: bool
    counts: tuple[TierCount, ...]
    regions: tuple[Reach, ...]
    branches: tuple[Reach, ...]

    def spread(self, tier: int = 0) -> tuple[float, float]:
        """The least and the greatest share of a region's clients that are in that tier (0 = lowest) or a higher one."""
        shares = [one.share(tier) for one in self.regions]
        return min(shares), max(shares)

    @property
    def tiered(self) -> tuple[int, float]:
        """Clients in a tier and their contribution, yuan a year."""
        own = [one for one in self.counts if one.tier != NO_TIER]
        return sum(one.clients for one in own), sum(one.contribution_cny for one in own)


@dataclass(frozen=True)
class Move:
    """Clients that one standard puts in `tier` and another in `other` ("" = in none), and their contribution, yuan a year."""

    tier: str
    other: str
    clients: int
    contribution_cny: float


@dataclass(frozen=True)
class Comparison:
    """Two standards on the same clients: the matrix tier × tier, only cells with clients, in the order of `order` ("" first)."""

    standard: Standard
    other: Standard
    order: tuple[str, ...]
    moves: tuple[Move, ...]

    @property
    def higher(self) -> tuple[int, float]:
        """Clients in a higher tier by the other standard, and their contribution."""
        return self._sum([one for one in self.moves if self.order.index(one.other) > self.order.index(one.tier)])

    @property
    def lower(self) -> tuple[int, float]:
        """Clients in a lower tier, or in none, by the other standard, and their contribution."""
        return self._sum([one for one in self.moves if self.order.index(one.other) < self.order.index(one.tier)])

    @property
    def entering(self) -> tuple[int, float]:
        """Clients in no tier who are in one by the other standard, and their contribution."""
        return self._sum([one for one in self.moves if one.tier == NO_TIER != one.other])

    @property
    def leaving(self) -> tuple[int, float]:
        """Clients of a tier who are in none by the other standard, and their contribution."""
        return self._sum([one for one in self.moves if one.tier != NO_TIER == one.other])

    @property
    def difference_cny(self) -> float:
        """How much more contribution a year stands in tiers by the other standard."""
        return self.entering[1] - self.leaving[1]

    @staticmethod
    def _sum(moves: Sequence[Move]) -> tuple[int, float]:
        return sum(one.clients for one in moves), sum(one.contribution_cny for one in moves)


@dataclass(frozen=True)
class ThreeWays:
    """The three standards on one book. `order`: tiers, lowest first; `in_use`: the policy's standard. Comparisons go from national, then region."""

    in_use: Standard
    order: tuple[str, ...]
    regions: tuple[str, ...]
    standings: tuple[Standing, ...]
    comparisons: tuple[Comparison, ...]
    concentration: Concentration
    in_buffer: tuple[int, float]  # clients who keep a tier they no longer earn, and their contribution

    def standing(self, standard: Standard) -> Standing:
        """The book under that standard."""
        return next(one for one in self.standings if one.standard == standard)

    def comparison(self, standard: Standard, other: Standard) -> Comparison:
        """From one standard to another: national → region, national → contribution_top20, region → contribution_top20."""
        return next(one for one in self.comparisons if (one.standard, one.other) == (standard, other))


def three_ways(book: Book, policy: Policy) -> ThreeWays:
    """Every client of the book under the national, the regional and the contribution standard, none of them with a buffer.

    The concentration respects the policy's `min_cell`; counts are as they are, and whoever shows them hides small cells.
    """
    clients = classify(book, policy)
    in_force = tiers.in_force(book.tables["tiers"], policy.data_date)
    order = tiers.rank_order(in_force)
    has_national = bool((in_force["region"] == NATIONAL).any())
    found = {standard: tiers.earned(clients, in_force, policy.segments.model_copy(update={"assign": standard})) for standard in STANDARDS}
    kept = clients["tier"] != clients["earned"]
    pairs: Sequence[tuple[Standard, Standard]] = (("national", "region"), ("national", "contribution_top20"), ("region", "contribution_top20"))
    return ThreeWays(
        in_use=policy.segments.assign,
        order=order,
        regions=tuple(sorted(clients["region"].unique())),
        standings=tuple(_standing(standard, clients.assign(tier=tier), order, standard != "national" or has_national) for standard, tier in found.items()),
        comparisons=tuple(Comparison(one, other, (NO_TIER, *order), _moves(clients, found[one], found[other], order)) for one, other in pairs),
        concentration=concentration(clients["contribution_cny"], policy.privacy.min_cell),
        in_buffer=(int(kept.sum()), float(clients["contribution_cny"][kept].sum())),
    )


def _standing(standard: Standard, clients: pd.DataFrame, order: Sequence[str], available: bool) -> Standing:
    counted = _counted(clients, ["region", "tier"])
    grid = [(region, tier) for region in sorted(clients["region"].unique()) for tier in (NO_TIER, *order)]
    return Standing(
        standard,
        available,
        tuple(TierCount(region, tier, *counted.get((region, tier), (0, 0.0))) for region, tier in grid),
        *(_reach(clients, place, order) for place in ("region", "branch")),
    )


def _reach(clients: pd.DataFrame, place: str, order: Sequence[str]) -> tuple[Reach, ...]:
    counts = pd.crosstab(clients[place], clients["tier"]).reindex(columns=[NO_TIER, *order], fill_value=0)
    from_top = counts.to_numpy()[:, ::-1].cumsum(axis=1)[:, ::-1]
    return tuple(Reach(str(name), int(row[0]), tuple(int(count) for count in row[1:])) for name, row in zip(counts.index, from_top, strict=True))


def _moves(clients: pd.DataFrame, tier: pd.Series, other: pd.Series, order: Sequence[str]) -> tuple[Move, ...]:
    counted = _counted(clients.assign(tier=tier, other=other), ["tier", "other"])
    places = (NO_TIER, *order)
    return tuple(Move(one, two, *counted[one, two]) for one in places for two in places if (one, two) in counted)


def _counted(clients: pd.DataFrame, by: list[str]) -> dict[Any, tuple[int, float]]:
    grouped = clients.groupby(by, sort=True)["contribution_cny"].agg(["size", "sum"])
    return {key: (int(size), float(total)) for key, (size, total) in zip(grouped.index, grouped.to_numpy(), strict=True)}
