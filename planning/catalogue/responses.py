"""How a segment answers to a family of events: a concave curve, and the straight pieces the optimiser sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp, expm1, log

import pandas as pd

from planning.book.rows import rows
from planning.policy import Value

CHORD_ERROR = 0.005  # of the curve's ceiling; 4-model.md, "Response of a segment"


@dataclass(frozen=True)
class Curve:
    """U(A) = ceiling · (1 − e^(−rate·A/clients)), yuan over the horizon for A weighted touches."""

    ceiling_cny: float
    rate: float
    clients: int

    def at(self, touches: float) -> float:
        """Uplift in yuan for that many touches."""
        return -self.ceiling_cny * expm1(-self.rate * touches / self.clients)


@dataclass(frozen=True)
class Piece:
    """A straight piece of the chord curve: `width` touches, `slope` yuan a touch. Slopes fall from piece to piece."""

    width: float
    slope: float


def horizon_factor(value: Value) -> float:
    """μ = Σ_{j<J} (kept / (1 + discount))^j: one yuan of yearly effect over the horizon."""
    kept = value.effect_kept / (1 + value.discount)
    return sum(kept**year for year in range(value.horizon_years))


def coefficients(responses: pd.DataFrame) -> Mapping[tuple[str, str, str], tuple[float, float]]:
    """(tier, kind, family) → (uplift share of contribution at saturation, rate a touch)."""
    return {(row.tier, row.kind, row.family): (float(row.uplift_share), float(row.rate)) for row in rows(responses)}


def chords(curve: Curve, most_touches: float, error: float = CHORD_ERROR) -> tuple[Piece, ...]:
    """Chords from 0 to `most_touches`, nowhere more than `error` · ceiling below the curve.

    With t = rate·A/clients a chord from t to t + s lies at most e^(−t)·gap(s) below 1 − e^(−t): the widest s with
    e^(−t)·gap(s) ≤ error is taken each time.
    """
    end = curve.rate * most_touches / curve.clients
    if curve.ceiling_cny <= 0 or end <= 0:
        return ()
    points = _breakpoints(end, error)
    touches = [point * curve.clients / curve.rate for point in points]
    return tuple(Piece(b - a, (curve.at(b) - curve.at(a)) / (b - a)) for a, b in pairwise(touches))


def gap_below(step: float) -> float:
    """Greatest distance of the chord of 1 − e^(−t) over [0, step] below the curve."""
    slope = -expm1(-step) / step
    touch = -log(slope)
    return -expm1(-touch) - slope * touch


def _breakpoints(end: float, error: float) -> list[float]:
    points = [0.0]
    while points[-1] < end:
        points.append(points[-1] + min(_widest(error * exp(points[-1])), end))
    return [*points[:-1], end]


def _widest(allowed: float) -> float:
    if allowed >= 1:
        return float("inf")
    low, high = 0.0, 1.0
    while gap_below(high) < allowed:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if gap_below(middle) <= allowed else (low, middle)
    return low
