"""Draws whose bytes are the same on every machine: only additions, products, quotients and square roots, no logarithms at run time."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Words = NDArray[np.object_]

STEPS = 2048
SIGMA = 1.25  # spread of the body of assets, on the scale of logarithms
TAIL_FROM = 0.90  # the richest tenth follows a Pareto law: clients above x fall with x^(−4/3)
TAIL_END = 0.0004  # the richest client stands here, so that no single one carries the bank


def _bell_table() -> Floats:
    bell = NormalDist()
    edge = 0.5 / STEPS
    return np.array([round(bell.inv_cdf(min(max(i / STEPS, edge), 1 - edge)), 9) for i in range(STEPS + 1)])


def _body_table() -> Floats:
    return np.array([round(float(np.exp(SIGMA * z)), 9) for z in _bell_table()])


_BELL = _bell_table()
_BODY = _body_table()


def between(table: Floats, u: Floats) -> Floats:
    """The table's value at u in [0, 1), straight lines between its entries."""
    place = u * (len(table) - 1)
    low = place.astype(np.int64)
    result: Floats = table[low] + (place - low) * (table[low + 1] - table[low])
    return result


def wealth(u: Floats) -> Floats:
    """Assets at rank u, as a multiple of the median: lognormal up to TAIL_FROM, Pareto above."""
    body = between(_BODY, np.minimum(u, TAIL_FROM))
    left = np.minimum(1.0, (1.0 - u) / (1 - TAIL_FROM))
    left = left + (1.0 - left) * (TAIL_END / (1 - TAIL_FROM))
    root = np.sqrt(left)
    multiple: Floats = body / (root * np.sqrt(root))  # left^(−3/4) by square roots
    return multiple


def rank_of(multiple: float) -> float:
    """The rank u at which `wealth` reaches that multiple of the median."""
    low, high = 0.0, 1.0 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if wealth(np.array([middle]))[0] < multiple else (low, middle)
    return low


class Draws:
    """Random numbers for `n` clients at a time, from one seed."""

    def __init__(self, *seed: int) -> None:
        self._seed = seed
        self._random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))

    def apart(self, stream: int) -> "Draws":
        """Draws of their own from the same seed (`stream` ≥ 1), so that a later column changes no earlier one."""
        return Draws(*self._seed, stream)

    def even(self, n: int, low: float = 0.0, high: float = 1.0) -> Floats:
        return low + self._random.random(n) * (high - low)

    def bell(self, n: int, mean: float = 0.0, spread: float = 1.0) -> Floats:
        return mean + spread * between(_BELL, self._random.random(n))

    def chance(self, n: int, share: float | Floats) -> Flags:
        return np.asarray(self._random.random(n) < share)

    def order(self, n: int) -> Ints:
        return self._random.permutation(n).astype(np.int64)

    def layered(self, n: int) -> Floats:
        """Ranks in [0, 1), one in each n-th part: a branch gets its fair share of rich and poor."""
        return (self.order(n) + self._random.random(n)) / max(n, 1)

    def pick(self, n: int, weights: Sequence[float]) -> Ints:
        """Indices drawn by weight."""
        edges = np.cumsum(np.array(weights, dtype=np.float64))
        places = np.searchsorted(edges, self._random.random(n) * edges[-1], side="right")
        return np.asarray(np.minimum(places, len(weights) - 1), dtype=np.int64)

    def whole(self, n: int, low: int, high: int) -> Ints:
        """Whole numbers from low to high, both included."""
        return self._random.integers(low, high, size=n, endpoint=True, dtype=np.int64)


def words(known: Sequence[str | None], places: Ints) -> Words:
    """The word at each place."""
    chosen: Words = np.array(known, dtype=object)[places]
    return chosen


def blank(cells: Words, where: Flags) -> Words:
    """The same cells, missing `where`."""
    left = cells.copy()
    left[where] = None
    return left
