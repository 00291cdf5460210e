"""Products held: how many a client has, and how that spreads over tiers, kinds and branches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.book.book import Book
from planning.book.segments import classify
from planning.book.tiers import NO_TIER
from planning.policy import Policy

Matrix = npt.NDArray[np.bool_]
DEEPEST = 4  # clients with so many products or more are counted together


@dataclass(frozen=True)
class Depth:
    """How many products the clients of one group hold; an empty code stands for all.

    `products` counts different products a client, added up; `spread` the clients with 0, 1, 2, 3 and 4 or more.
    """

    branch: str
    tier: str
    kind: str
    clients: int
    products: int
    spread: tuple[int, ...]

    @property
    def mean(self) -> float:
        """Products a client."""
        return self.products / self.clients if self.clients else 0.0

    def share_with(self, least: int) -> float:
        """Share of the group's clients with at least so many products, 0 … 4: the cross-sell rate at 2, the deep one at 3."""
        return sum(self.spread[least:]) / self.clients if self.clients else 0.0


@dataclass(frozen=True)
class Depths:
    """Product depth of the clients who have a tier: all of them, by tier (lowest first) and kind, by branch, and by segment."""

    bank: Depth
    by_tier_kind: tuple[Depth, ...]
    by_branch: tuple[Depth, ...]
    by_segment: tuple[Depth, ...]


def product_depth(book: Book, policy: Policy) -> Depths:
    """Product depth and cross-sell rate of every client who has a tier, whether or not the client may be approached.

    A product counts once a client, whether or not the products table lists it.
    """
    return depths(with_tier(classify(book, policy)))


def with_tier(classified: pd.DataFrame) -> pd.DataFrame:
    """The classified clients who have a tier, numbered anew in the order of their codes."""
    return classified[classified["tier"] != NO_TIER].sort_values("client", kind="stable", ignore_index=True)


def held(clients: pd.DataFrame, codes: Sequence[str]) -> Matrix:
    """Whether each client (rows numbered from 0) holds each product: clients × codes."""
    holdings = clients["products"].explode().dropna()
    places = pd.Index(codes).get_indexer(pd.Index(holdings))
    known = places >= 0
    matrix = np.zeros((len(clients), len(codes)), dtype=bool)
    matrix[holdings.index.to_numpy()[known], places[known]] = True
    return matrix


def codes_held(clients: pd.DataFrame) -> tuple[str, ...]:
    """Every product code that some client holds, sorted."""
    return tuple(sorted(clients["products"].explode().dropna().unique()))


def depths(clients: pd.DataFrame) -> Depths:
    """The depth of these clients (all with a tier, rows numbered from 0)."""
    counts = held(clients, codes_held(clients)).sum(axis=1)
    counted = clients[["branch", "rank", "tier", "kind"]].assign(held=counts, step=np.minimum(counts, DEEPEST))
    bank = _depth(counted, {})
    return Depths(
        bank,
        tuple(_depth(rows, {"tier": str(tier), "kind": str(kind)}) for (_, tier, kind), rows in counted.groupby(["rank", "tier", "kind"])),
        tuple(_depth(rows, {"branch": str(branch)}) for branch, rows in counted.groupby("branch")),
        tuple(
            _depth(rows, {"branch": str(branch), "tier": str(tier), "kind": str(kind)})
            for (branch, _, tier, kind), rows in counted.groupby(["branch", "rank", "tier", "kind"])
        ),
    )


def _depth(rows: pd.DataFrame, code: dict[str, str]) -> Depth:
    spread = np.bincount(rows["step"].to_numpy(), minlength=DEEPEST + 1)
    named = {"branch": "", "tier": "", "kind": "", **code}
    return Depth(**named, clients=len(rows), products=int(rows["held"].sum()), spread=tuple(int(clients) for clients in spread))
