"""Control totals 总分核对: the bank's clients added up by branch, tier and kind in whole fen, and two such additions set side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.book.book import Book
from planning.book.contribution import PARTS, in_fen, parts, parts_in_fen
from planning.book.segments import classify
from planning.policy import Policy

COUNTS = ("clients", "approachable", "given")
BALANCES = ("deposit", "loan", "invest")
CONTRIBUTIONS = ("contribution", "contribution_last", "approachable_contribution")
AMOUNTS = (*BALANCES, *PARTS, *CONTRIBUTIONS)
FIGURES = (*COUNTS, *AMOUNTS)
KEY = ["branch", "tier", "kind"]


@dataclass(frozen=True)
class Group:
    """The clients of one branch, tier ("" = in none) and kind, or of several together ("" where they differ). `figures` in the order of FIGURES.

    Clients, those who may be approached, and those whose contribution was given, are counted; the amounts are in fen, each client's
    rounded to the fen before it is added. Balances are yearly averages, the others a year; the parts are signed and add up to
    the contribution; last year's contribution stands in with this year's where it is missing.
    """

    branch: str
    tier: str
    kind: str
    figures: tuple[int, ...]

    def figure(self, name: str) -> int:
        """One of FIGURES."""
        return self.figures[FIGURES.index(name)]


@dataclass(frozen=True)
class Difference:
    """A figure of one group that two additions have differently: straight from the clients' table, and on the other side. Counts, or fen."""

    branch: str
    tier: str
    kind: str
    figure: str
    ours: int
    theirs: int

    @property
    def difference(self) -> int:
        return self.ours - self.theirs


def book_totals(book: Book, policy: Policy) -> tuple[Group, ...]:
    """The same groups from the book that plans are made of, client by client: every group with a client, by branch, tier and kind."""
    clients = classify(book, policy)
    tables = book.tables["clients"].loc[clients.index]
    total = in_fen(clients["contribution_cny"])
    in_parts = parts(tables, policy.bank)
    kept = clients["approachable"].to_numpy("int64")
    balances = [in_fen(clients[f"{name}_avg_cny"].fillna(0)) for name in BALANCES]
    last = in_fen(clients["contribution_last_cny"].fillna(clients["contribution_cny"]))
    counts = [np.ones(len(clients), dtype="int64"), kept, in_parts["given"].to_numpy("int64")]
    counted = np.column_stack([*counts, *balances, parts_in_fen(in_parts, total), total, last, total * kept])
    by_group = pd.DataFrame(counted, columns=list(FIGURES)).groupby([clients[name].to_numpy() for name in KEY], sort=True).sum()
    return tuple(
        Group(str(branch), str(tier), str(kind), tuple(int(one) for one in row))
        for (branch, tier, kind), row in zip(by_group.index, by_group.to_numpy(), strict=True)
    )


def together(groups: Iterable[Group], *kept: str) -> tuple[Group, ...]:
    """Groups added up over whatever of branch, tier and kind is not kept, in order; without a name, the whole bank as one."""
    sums: dict[tuple[str, str, str], tuple[int, ...]] = {} if kept else {("", "", ""): (0,) * len(FIGURES)}
    for group in groups:
        branch, tier, kind = (getattr(group, name) if name in kept else "" for name in KEY)
        before = sums.get((branch, tier, kind), (0,) * len(FIGURES))
        sums[branch, tier, kind] = tuple(one + more for one, more in zip(before, group.figures, strict=True))
    return tuple(Group(*key, figures) for key, figures in sorted(sums.items()))


def differences(ours: Sequence[Group], theirs: Sequence[Group]) -> tuple[Difference, ...]:
    """Every figure that is not the same on both sides, group by group; a group that one side lacks has nothing there."""
    nothing = (0,) * len(FIGURES)
    own, other = ({(group.branch, group.tier, group.kind): group.figures for group in side} for side in (ours, theirs))
    return tuple(
        Difference(*key, name, mine, yours)
        for key in sorted({*own, *other})
        for name, mine, yours in zip(FIGURES, own.get(key, nothing), other.get(key, nothing), strict=True)
        if mine != yours
    )
