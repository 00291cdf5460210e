"""Which product fits which client: tier, kind and risk level decide, and what does not pass is counted as blocked, by rule.

Suitability is a filter, never a score: no interest, return or gap lets a product through.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.book.book import Book
from planning.book.products import codes_held, held, with_tier
from planning.book.rows import Row, rows
from planning.book.segments import classify
from planning.policy import Policy

Standings = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


class Fit(IntEnum):
    """How a client stands to a product: exactly one of these holds."""

    HELD = 0
    OFF_LIST = 1  # the product is not for that tier or kind
    RISK_UNKNOWN = 2
    RISK_TOO_HIGH = 3  # the product's risk level is above the client's
    OPEN = 4  # a gap: fits and is not held


BLOCKED = {Fit.RISK_UNKNOWN: "risk_unknown", Fit.RISK_TOO_HIGH: "risk_too_high"}


@dataclass(frozen=True)
class ProductLine:
    """One product among the clients of a group, counts of clients; an empty tier or kind stands for all.

    held + off_list + risk_unknown + risk_too_high + gaps = clients. `reachable` are those of the gaps who may be approached.
    `above_risk` and `unknown_risk` are holders whose risk level is below the product's, or not known.
    """

    product: str
    tier: str
    kind: str
    clients: int
    held: int
    off_list: int
    risk_unknown: int
    risk_too_high: int
    gaps: int
    reachable: int
    above_risk: int
    unknown_risk: int

    @property
    def penetration(self) -> float:
        """Share of the group's clients who hold the product."""
        return self.held / self.clients if self.clients else 0.0

    @property
    def blocked(self) -> int:
        """Clients of the right tier and kind whom the risk rule keeps out."""
        return self.risk_unknown + self.risk_too_high


@dataclass(frozen=True)
class ProductFit:
    """Holdings, gaps and blocks of the clients who have a tier.

    `bank` has one line a product, `by_tier` one a product and tier (lowest first), `by_tier_kind` one a product, tier and kind.
    `unlisted` counts the holders of each code that the products table does not know.
    """

    names: Mapping[str, tuple[str, str]]
    bank: tuple[ProductLine, ...]
    by_tier: tuple[ProductLine, ...]
    by_tier_kind: tuple[ProductLine, ...]
    unlisted: Mapping[str, int]


def product_fit(book: Book, policy: Policy) -> ProductFit:
    """For every product of the table: who holds it, for whom it is a gap, and whom which rule keeps out.

    A product without tiers or kinds is for every tier or kind; one without a risk level asks for none.
    A missing risk level of a client suits no product that asks for one, as with events.
    """
    clients = with_tier(classify(book, policy))
    products = listed_products(book)
    standing = standings(clients, products)
    strangers = [code for code in codes_held(clients) if code not in set(products["product"])]
    holders = held(clients, strangers).sum(axis=0)
    return ProductFit(
        names={row.product: (row.name_zh, row.name_en) for row in rows(products)},
        bank=_lines(clients, products, standing, []),
        by_tier=_lines(clients, products, standing, ["rank", "tier"]),
        by_tier_kind=_lines(clients, products, standing, ["rank", "tier", "kind"]),
        unlisted={code: int(count) for code, count in zip(strangers, holders, strict=True)},
    )


def listed_products(book: Book) -> pd.DataFrame:
    """The products table by code."""
    return book.tables["products"].sort_values("product", kind="stable", ignore_index=True)


def standings(clients: pd.DataFrame, products: pd.DataFrame) -> Standings:
    """The Fit of each client (rows numbered from 0) to each product: clients × products."""
    owned = held(clients, list(products["product"]))
    standing = np.full(owned.shape, Fit.OFF_LIST, dtype=np.int8)
    for place, product in enumerate(rows(products)):
        standing[:, place] = _unheld(clients, product)
    standing[owned] = Fit.HELD
    return standing


def open_pairs(book: Book, policy: Policy) -> pd.DataFrame:
    """The gaps client by client, of those who may be approached: columns client, branch, manager, product. Not for leadership's pages."""
    clients = with_tier(classify(book, policy))
    products = listed_products(book)
    gap = (standings(clients, products) == Fit.OPEN) & clients["approachable"].to_numpy(dtype=bool)[:, None]
    who, what = np.nonzero(gap)
    return clients.loc[who, ["client", "branch", "manager"]].assign(product=products["product"].to_numpy()[what]).reset_index(drop=True)


def on_list(clients: pd.DataFrame, product: Row) -> Flags:
    """Whether the product is for each client's tier and kind."""
    fits = np.ones(len(clients), dtype=bool)
    for column, wanted in (("tier", product.tiers), ("kind", product.kinds)):
        if wanted:
            fits &= clients[column].isin(wanted).to_numpy(dtype=bool)
    return fits


def risk_met(clients: pd.DataFrame, product: Row) -> Flags:
    """Whether each client's risk level is known and reaches the product's; a product without one asks for none."""
    if product.risk_level != product.risk_level:
        return np.ones(len(clients), dtype=bool)
    met: Flags = (clients["risk_level"] >= product.risk_level).to_numpy(dtype=bool)
    return met


def _unheld(clients: pd.DataFrame, product: Row) -> Standings:
    """The Fit of clients who do not hold the product."""
    kept_out = np.where(clients["risk_level"].isna(), Fit.RISK_UNKNOWN, Fit.RISK_TOO_HIGH)
    fit = np.where(risk_met(clients, product), Fit.OPEN, kept_out)
    return np.where(on_list(clients, product), fit, Fit.OFF_LIST).astype(np.int8)


def _lines(clients: pd.DataFrame, products: pd.DataFrame, standing: Standings, by: list[str]) -> tuple[ProductLine, ...]:
    groups = [(members.index.to_numpy(), dict(zip(by, map(str, key), strict=True))) for key, members in clients.groupby(by)] if by else []
    return tuple(
        _line(clients.loc[members], product, standing[members, place], group)
        for place, product in enumerate(rows(products))
        for members, group in groups or [(clients.index.to_numpy(), {})]
    )


def _line(clients: pd.DataFrame, product: Row, standing: Standings, group: Mapping[str, str]) -> ProductLine:
    holds, gap = standing == Fit.HELD, standing == Fit.OPEN
    below = holds & ~risk_met(clients, product)
    unknown = below & clients["risk_level"].isna().to_numpy(dtype=bool)
    return ProductLine(
        product.product, group.get("tier", ""), group.get("kind", ""), len(clients),
        held=int(holds.sum()), off_list=_count(standing, Fit.OFF_LIST), risk_unknown=_count(standing, Fit.RISK_UNKNOWN),
        risk_too_high=_count(standing, Fit.RISK_TOO_HIGH), gaps=int(gap.sum()),
        reachable=int((gap & clients["approachable"].to_numpy(dtype=bool)).sum()),
        above_risk=int((below & ~unknown).sum()), unknown_risk=int(unknown.sum()),
    )  # fmt: skip


def _count(standing: Standings, fit: Fit) -> int:
    return int((standing == fit).sum())
