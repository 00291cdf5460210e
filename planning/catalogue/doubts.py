"""How uncertain each coefficient is, and how it may turn out instead: draws by a stated formula, the same on every machine.

A coefficient is how strongly clients of a tier and kind answer to a family of events (`responses`) or to a concession
(`elasticities`: growth, and retention with it). In draw s of S it is its expected value times

    m[i,s] = max(0, 1 + se[i] · z[i,s])      rounded to six decimals

with se the relative standard error and z = Φ⁻¹((p + ½)/S), p the place of s when the draws are ordered by
SHA-256("seed|S|key|s"): each coefficient takes every S-quantile once, in an order of its own. What was judged was judged
by the same people: there z[i,s] = √½ · z[judgement,s] + √½ · z[own,s], half of the variance shared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.book.rows import rows

Key = tuple[str, str, str, str]  # responses | elasticities, tier, kind, family | concession
Multipliers = npt.NDArray[np.float64]  # a row a coefficient, a column a draw

ERROR_OF_SOURCE = {"trial": 0.2, "history": 0.35, "judgement": 0.5}  # where the bank states none: a judgement of ours
JUDGED = "judgement"
SHARED = 0.5  # part of the variance that judged coefficients have in common: a judgement of ours
DIGITS = 6


@dataclass(frozen=True)
class Doubt:
    """How far a coefficient may be off: its relative standard error, and where the coefficient comes from."""

    error: float
    source: str  # trial | history | judgement

    def at(self, z: float) -> float:
        """What the expected value is multiplied by, `z` standard errors from it; never below 0."""
        return max(0.0, 1.0 + self.error * z)


def doubts(tables: Mapping[str, pd.DataFrame]) -> dict[Key, Doubt]:
    """The doubt about every row of responses and elasticities; a missing standard error is that of its source."""
    names = {"responses": "family", "elasticities": "concession"}
    return {
        (table, row.tier, row.kind, getattr(row, name)): Doubt(_error(row.se_share, row.source), row.source)
        for table, name in names.items()
        for row in rows(tables[table])
    }


def multipliers(doubted: Sequence[tuple[Key, Doubt]], seed: int, draws: int) -> Multipliers:
    """m[i,s] of each coefficient (row) in each draw (column)."""
    return _multipliers(tuple(doubted), seed, draws)


@cache
def _multipliers(doubted: tuple[tuple[Key, Doubt], ...], seed: int, draws: int) -> Multipliers:
    quantiles = [NormalDist().inv_cdf((place + 0.5) / draws) for place in range(draws)]
    common = [quantiles[place] for place in _places(JUDGED, seed, draws)]
    found = np.ones((len(doubted), draws))
    for i, (key, doubt) in enumerate(doubted):
        own = [quantiles[place] for place in _places("|".join(key), seed, draws)]
        if doubt.source == JUDGED:
            own = [sqrt(SHARED) * shared + sqrt(1 - SHARED) * z for shared, z in zip(common, own, strict=True)]
        found[i] = [round(doubt.at(z), DIGITS) for z in own]
    found.setflags(write=False)
    return found


def _places(key: str, seed: int, draws: int) -> list[int]:
    order = sorted(range(draws), key=lambda s: sha256(f"{seed}|{draws}|{key}|{s}".encode()).digest())
    places = [0] * draws
    for place, s in enumerate(order):
        places[s] = place
    return places


def _error(stated: float | None, source: str) -> float:
    return ERROR_OF_SOURCE[source] if stated is None or stated != stated else float(stated)
