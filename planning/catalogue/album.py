"""The product album 产品册: for each branch and segment a short list of products by fit. It names no client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.book.book import Book
from planning.book.names import branch_names, tier_names
from planning.book.products import with_tier
from planning.book.rows import rows
from planning.book.segments import classify
from planning.book.tiers import in_force, rank_order
from planning.catalogue.suitability import BLOCKED, Fit, Standings, listed_products, on_list, risk_met, standings
from planning.policy import Policy

Pair = tuple[str, str]
Key = tuple[str, str, str]  # branch, tier, kind


@dataclass(frozen=True)
class Entry:
    """One product of a segment's list, by place from 1.

    `fits` clients who may be approached do not hold it and may; `gap_share` is their share of the segment's `clients` who may be
    approached; `taken_up` the share of holders among the bank's clients of the tier and kind who may hold it (`peers`);
    `interested` the share of the `fits` who name one of the product's interests. score = gap_share · taken_up · (1 + interested).
    """

    branch: str
    tier: str
    kind: str
    place: int
    product: str
    clients: int
    fits: int
    peers: int
    gap_share: float
    taken_up: float
    interested: float
    score: float


@dataclass(frozen=True)
class Blocked:
    """Clients of a branch who may be approached and do not hold a product meant for their tier and kind, kept out by a rule.

    `rule` is risk_too_high or risk_unknown; a client may stand under several products.
    """

    branch: str
    product: str
    rule: str
    clients: int


@dataclass(frozen=True)
class Names:
    """The (Chinese, English) names of branches, tiers and products, in the order of the tables: branches by code, tiers by rank."""

    branches: Mapping[str, Pair]
    tiers: Mapping[str, Pair]
    products: Mapping[str, Pair]


@dataclass(frozen=True)
class Album:
    """The lists of all segments, what was blocked, and how many segments are too small to list.

    `data_date` and `min_cell` are the policy's: the day the book is of, and the fewest clients a figure may describe.
    """

    entries: tuple[Entry, ...]
    blocked: tuple[Blocked, ...]
    segments: int
    small_segments: int
    names: Names
    data_date: date
    min_cell: int


@dataclass(frozen=True)
class _Shelf:
    """What the lists are drawn from: clients who have a tier, products, and their standings; `peers` and `holders` by (tier, kind), a product each."""

    clients: pd.DataFrame
    products: pd.DataFrame
    standing: Standings
    peers: Mapping[tuple[str, str], npt.NDArray[np.int64]]
    holders: Mapping[tuple[str, str], npt.NDArray[np.int64]]


def album(book: Book, policy: Policy) -> Album:
    """At most `album_size` products for each segment (branch, tier, kind) of clients who may be approached.

    First the filter: a product counts only for clients of its tiers and kinds whose risk level reaches its own and who do not hold it.
    Then the order: score = gap share × taken up × (1 + interested), the share who would take it if as many did as among peers, up to
    doubled where all of them name a fitting interest; equal scores by the number it fits, then by code. Plain shares of counted
    clients, no learnt weight. A product that fits fewer than `min_cell` clients of the segment is left out.
    """
    shelf = _shelf(book, policy)
    least, most = policy.privacy.min_cell, policy.products.album_size
    reached = shelf.clients[shelf.clients["approachable"].astype(bool)]
    segments = [((str(branch), str(tier), str(kind)), own) for (branch, _, tier, kind), own in reached.groupby(["branch", "rank", "tier", "kind"])]
    return Album(
        entries=tuple(entry for key, own in segments for entry in _listed(key, own, shelf, least, most)),
        blocked=tuple(line for branch, own in reached.groupby("branch") for line in _blocked(str(branch), own, shelf)),
        segments=len(segments),
        small_segments=sum(len(own) < least for _, own in segments),
        names=_names(book, policy),
        data_date=policy.data_date,
        min_cell=least,
    )


def of_branch(whole: Album, branch: str) -> Album:
    """The same album, one branch alone; `segments` and `small_segments` stay the bank's."""
    return replace(
        whole, entries=tuple(one for one in whole.entries if one.branch == branch), blocked=tuple(one for one in whole.blocked if one.branch == branch)
    )


def _names(book: Book, policy: Policy) -> Names:
    tiers = in_force(book.tables["tiers"], policy.data_date)
    named = tier_names(tiers)
    products = {row.product: (row.name_zh, row.name_en) for row in rows(listed_products(book))}
    return Names(branch_names(book.tables["branches"]), {tier: named[tier] for tier in rank_order(tiers)}, products)


def _shelf(book: Book, policy: Policy) -> _Shelf:
    clients, products = with_tier(classify(book, policy)), listed_products(book)
    standing = standings(clients, products)
    may = standing == Fit.OPEN
    suited = standing == Fit.HELD
    for place, product in enumerate(rows(products)):
        suited[:, place] &= on_list(clients, product) & risk_met(clients, product)
    groups = {(str(tier), str(kind)): group.index.to_numpy() for (tier, kind), group in clients.groupby(["tier", "kind"])}
    holders = {key: suited[members].sum(axis=0) for key, members in groups.items()}
    peers = {key: holders[key] + may[members].sum(axis=0) for key, members in groups.items()}
    return _Shelf(clients, products, standing, peers, holders)


def _listed(key: Key, members: pd.DataFrame, shelf: _Shelf, least: int, most: int) -> Iterator[Entry]:
    """The segment's list, in its order."""
    candidates = _candidates(key, members, shelf, least)
    ranked = sorted(candidates, key=lambda one: (-one[0], -one[1].fits, one[1].product))
    yield from (replace(entry, place=place) for place, (_, entry) in enumerate(ranked[:most], 1))


def _candidates(key: Key, members: pd.DataFrame, shelf: _Shelf, min_cell: int) -> Iterator[tuple[Fraction, Entry]]:
    """Every product that fits enough of the members, with its exact score."""
    branch, tier, kind = key
    own = shelf.standing[members.index.to_numpy()]
    for place, product in enumerate(rows(shelf.products)):
        fitting = members[own[:, place] == Fit.OPEN]
        fits, clients, peers = len(fitting), len(members), int(shelf.peers[tier, kind][place])
        if fits < min_cell:
            continue
        wanted = frozenset(product.interests)
        named = sum(not wanted.isdisjoint(interests) for interests in fitting["interests"]) if wanted else 0
        gap_share, taken_up, interested = Fraction(fits, clients), Fraction(int(shelf.holders[tier, kind][place]), peers), Fraction(named, fits)
        score = gap_share * taken_up * (1 + interested)
        shares = (float(share) for share in (gap_share, taken_up, interested, score))
        yield score, Entry(branch, tier, kind, 0, product.product, clients, fits, peers, *shares)


def _blocked(branch: str, members: pd.DataFrame, shelf: _Shelf) -> Iterator[Blocked]:
    own = shelf.standing[members.index.to_numpy()]
    for place, product in enumerate(shelf.products["product"]):
        for fit, rule in BLOCKED.items():
            clients = int((own[:, place] == fit).sum())
            if clients:
                yield Blocked(branch, str(product), rule, clients)
