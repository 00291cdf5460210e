"""How far contribution rests on few clients: the pool of the top fifth with its true share, the Lorenz curve and the Gini coefficient."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.book.contribution import Fen, in_fen
from planning.book.tiers import POOL_SHARE, in_pool, places

POINTS = 100
HEADS = (0.01, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True)
class Head:
    """The clients that bring most: which share of all clients they are meant to be, how many that is, and their share of contribution."""

    share_of_clients: float
    clients: int
    contribution_cny: float
    share_of_contribution: float | None


@dataclass(frozen=True)
class Concentration:
    """Contribution of the whole book from the client that brings least to the one that brings most. Yuan a year.

    `lorenz` holds pairs (share of clients, their share of contribution) from (0, 0) to (1, 1). Clients that cost more than they bring
    draw the curve below 0 and may carry the Gini coefficient above 1. Shares, curve and coefficient are missing where the book brings
    nothing in all.
    """

    clients: int
    contribution_cny: float
    losing: int  # clients whose contribution is below 0
    losing_cny: float
    pool: Head
    heads: tuple[Head, ...]
    lorenz: tuple[tuple[float, float], ...]
    gini: float | None


def concentration(contribution: pd.Series, fewest: int = 1) -> Concentration:
    """The concentration of clients' contribution (yuan each). No step of the curve, and no head, describes fewer than `fewest` clients.

    Gini = Σ (2i − n − 1)·x[i] / (n·Σ x) with x rising (Cowell, Measuring Inequality).
    """
    rising = np.sort(in_fen(contribution))
    pool = in_fen(contribution)[in_pool(contribution).to_numpy()]
    total = int(rising.sum())
    heads = [_head(share, rising[len(rising) - places(share, len(rising)) :], total) for share in HEADS]
    return Concentration(
        clients=len(rising),
        contribution_cny=total / 100,
        losing=int((rising < 0).sum()),
        losing_cny=int(rising[rising < 0].sum()) / 100,
        pool=_head(POOL_SHARE, pool, total),
        heads=tuple(head for head in heads if head.clients >= max(fewest, 1)),
        lorenz=_lorenz(rising, total, max(fewest, 1)),
        gini=_gini(rising, total),
    )


def _head(share: float, fen: Fen, total: int) -> Head:
    own = int(fen.sum())
    return Head(share, len(fen), own / 100, own / total if total > 0 else None)


def _lorenz(rising: Fen, total: int, fewest: int) -> tuple[tuple[float, float], ...]:
    steps = min(POINTS, len(rising) // fewest)
    if total <= 0 or steps < 1:
        return ()
    summed = np.concatenate([[0], np.cumsum(rising)])
    cuts = [step * len(rising) // steps for step in range(steps + 1)]
    return tuple((cut / len(rising), int(summed[cut]) / total) for cut in cuts)


def _gini(rising: Fen, total: int) -> float | None:
    n = len(rising)
    if total <= 0:
        return None
    weights = 2 * np.arange(1, n + 1, dtype="float64") - n - 1
    return float(weights @ rising.astype("float64")) / (n * total)
