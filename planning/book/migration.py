"""How clients moved between tiers from one date to another: who rose, who fell, who came and who left, and what they bring."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planning.book.tiers import NO_TIER

ABSENT = "absent"  # not a client at that date


@dataclass(frozen=True)
class Moved:
    """Clients of one tier before and one now ("" = in no tier, ABSENT = no client); their contribution at either date, yuan a year, 0 while absent."""

    before: str
    now: str
    clients: int
    contribution_before_cny: float
    contribution_now_cny: float

    @property
    def change_cny(self) -> float:
        return self.contribution_now_cny - self.contribution_before_cny


@dataclass(frozen=True)
class Migration:
    """The matrix from tier to tier, only cells with clients, in the order of `order` (lowest first, with "" before and ABSENT after)."""

    order: tuple[str, ...]
    cells: tuple[Moved, ...]

    def cell(self, before: str, now: str) -> Moved:
        """One cell of the matrix; without clients where nobody moved so."""
        return next((one for one in self.cells if (one.before, one.now) == (before, now)), Moved(before, now, 0, 0.0, 0.0))

    @property
    def upgraded(self) -> Moved:
        """Everybody who was a client at both dates and is in a higher tier now."""
        return self._sum([one for one in self._both() if self._rank(one.now) > self._rank(one.before)])

    @property
    def downgraded(self) -> Moved:
        """Everybody who was a client at both dates and is in a lower tier, or none, now."""
        return self._sum([one for one in self._both() if self._rank(one.now) < self._rank(one.before)])

    @property
    def stayed(self) -> Moved:
        """Everybody who was a client at both dates and is in the same tier, or in none at both."""
        return self._sum([one for one in self._both() if one.now == one.before])

    @property
    def new(self) -> Moved:
        """Clients of now who were none before."""
        return self._sum([one for one in self.cells if one.before == ABSENT])

    @property
    def lost(self) -> Moved:
        """Clients of before who are none now."""
        return self._sum([one for one in self.cells if one.now == ABSENT])

    def _both(self) -> list[Moved]:
        return [one for one in self.cells if ABSENT not in (one.before, one.now)]

    def _rank(self, tier: str) -> int:
        return self.order.index(tier)

    @staticmethod
    def _sum(cells: Sequence[Moved]) -> Moved:
        befores, nows = {one.before for one in cells}, {one.now for one in cells}
        only = (befores.pop() if len(befores) == 1 else "*", nows.pop() if len(nows) == 1 else "*")
        return Moved(
            *only, sum(one.clients for one in cells), sum(one.contribution_before_cny for one in cells), sum(one.contribution_now_cny for one in cells)
        )


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
    return Migration(whole, tuple(sorted(cells, key=lambda one: (whole.index(one.before), whole.index(one.now)))))


def recorded(classified: pd.DataFrame) -> pd.DataFrame:
    """The former book as far as this one remembers it: tier_last, and last year's contribution, this year's where that is missing."""
    return pd.DataFrame(
        {
            "client": classified["client"],
            "tier": classified["tier_last"].fillna(NO_TIER),
            "contribution_cny": classified["contribution_last_cny"].fillna(classified["contribution_cny"]),
        }
    )


def _side(table: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    tier = table["tier"].where(table["tier"].isin(known), NO_TIER)
    return pd.DataFrame({"client": table["client"], "tier": tier, "contribution": table["contribution_cny"]})
