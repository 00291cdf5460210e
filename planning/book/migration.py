"""How clients moved between tiers from one date to another: who rose, who fell, who came and who left, and what they bring."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planning.book.tiers import NO_TIER

ABSENT = "absent"  # not a client at that date


@dataclass(frozen=True)
class Moved:
    """Clients of one tier before and one after ("" = in no tier, ABSENT = no client); their contribution at either date, yuan a year, 0 while absent."""

    before: str
    after: str
    clients: int
    contribution_before_cny: float
    contribution_now_cny: float


@dataclass(frozen=True)
class Flow:
    """Clients that moved alike, and their contribution at either date, yuan a year, 0 while absent."""

    clients: int
    contribution_before_cny: float
    contribution_now_cny: float


@dataclass(frozen=True)
class Migration:
    """The matrix from tier to tier, only cells with clients, in the order of `order` (lowest first, with "" before and ABSENT after)."""

    order: tuple[str, ...]
    cells: tuple[Moved, ...]

    def cell(self, before: str, now: str) -> Moved:
        """One cell of the matrix; without clients where nobody moved so."""
        return next((one for one in self.cells if (one.before, one.after) == (before, now)), Moved(before, now, 0, 0.0, 0.0))

    @property
    def upgraded(self) -> Flow:
        """Everybody who was a client at both dates and is in a higher tier now."""
        return self._sum([one for one in self._both() if self._rank(one.after) > self._rank(one.before)])

    @property
    def downgraded(self) -> Flow:
        """Everybody who was a client at both dates and is in a lower tier, or none, now."""
        return self._sum([one for one in self._both() if self._rank(one.after) < self._rank(one.before)])

    @property
    def stayed(self) -> Flow:
        """Everybody who was a client at both dates and is in the same tier, or in none at both."""
        return self._sum([one for one in self._both() if one.after == one.before])

    @property
    def new(self) -> Flow:
        """Clients of now who were none before."""
        return self._sum([one for one in self.cells if one.before == ABSENT])

    @property
    def lost(self) -> Flow:
        """Clients of before who are none now."""
        return self._sum([one for one in self.cells if one.after == ABSENT])

    def _both(self) -> list[Moved]:
        return [one for one in self.cells if ABSENT not in (one.before, one.after)]

    def _rank(self, tier: str) -> int:
        return self.order.index(tier)

    @staticmethod
    def _sum(cells: Sequence[Moved]) -> Flow:
        amounts = ((one.contribution_before_cny, one.contribution_now_cny) for one in cells)
        before, now = (sum(column, 0.0) for column in zip((0.0, 0.0), *amounts, strict=True))
        return Flow(sum(one.clients for one in cells), before, now)


def migration(before: pd.DataFrame, now: pd.DataFrame, order: Sequence[str]) -> Migration:
    """From the former book to this one: two classified tables of clients (columns client, tier, contribution_cny); `order` lists tiers, lowest first.

    A tier of the former book that is not in `order` counts as none.
    """
    known = [NO_TIER, *order]
    sides = [_side(table, known) for table in (before, now)]
    both = sides[0].merge(sides[1], on="client", how="outer", suffixes=("_before", "_now"))
    both = both.fillna({"tier_before": ABSENT, "tier_now": ABSENT, "contribution_before": 0.0, "contribution_now": 0.0})
    grouped = both.groupby(["tier_before", "tier_now"], sort=True)[["contribution_before", "contribution_now"]].agg(["size", "sum"])
    cells = [
        Moved(str(was), str(has), int(size), float(brought), float(brings))
        for (was, has), (size, brought, _, brings) in zip(grouped.index, grouped.to_numpy(), strict=True)
    ]
    whole = (*known, ABSENT)
    return Migration(whole, tuple(sorted(cells, key=lambda one: (whole.index(one.before), whole.index(one.after)))))


def since_last(classified: pd.DataFrame, order: Sequence[str]) -> Migration | None:
    """From what this book remembers of the former one: tier_last, and last year's contribution, this year's where that is missing.

    None where no client has a last tier. Nobody is new or lost, since the book knows only those who are clients now.
    """
    if classified["tier_last"].isna().all():
        return None
    contribution = classified["contribution_last_cny"].fillna(classified["contribution_cny"])
    before = pd.DataFrame({"client": classified["client"], "tier": classified["tier_last"].fillna(NO_TIER), "contribution_cny": contribution})
    return migration(before, classified, order)


def _side(table: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    tier = table["tier"].where(table["tier"].isin(known), NO_TIER)
    return pd.DataFrame({"client": table["client"], "tier": tier, "contribution": table["contribution_cny"]})
