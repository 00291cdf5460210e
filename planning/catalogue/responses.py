"""How a segment answers to a family of events: a concave curve, and the broken line over it that the optimiser sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp, expm1

import pandas as pd

from planning.book.rows import rows
from planning.policy.sections import Value

FIRST_ERROR = 0.005  # of the curve's ceiling, before tangents are added where the plan lands
ALIKE = 1e-5  # a tangent is left out where the one before errs by no more than this part of the uplift there


@dataclass(frozen=True)
class Curve:
    """U(A) = ceiling · (1 − e^(−rate·A/clients)), yuan over the horizon for A weighted touches."""

    ceiling_cny: float
    rate: float
    clients: int

    def at(self, touches: float) -> float:
        """Uplift in yuan for that many touches."""
        return -self.ceiling_cny * expm1(-self.rate * touches / self.clients)

    def slope(self, touches: float) -> float:
        """What one touch more brings there, yuan."""
        return self.ceiling_cny * self.rate / self.clients * exp(-self.rate * touches / self.clients)


@dataclass(frozen=True)
class Piece:
    """A straight piece of the broken line over the curve: `width` touches, `slope` yuan a touch. Slopes fall from piece to piece."""

    width: float
    slope: float


def horizon_factor(value: Value) -> float:
    """μ = Σ_{j<J} (kept / (1 + discount))^j: one yuan of yearly effect over the horizon."""
    kept = value.effect_kept / (1 + value.discount)
    return sum(kept**year for year in range(value.horizon_years))


def coefficients(responses: pd.DataFrame) -> Mapping[tuple[str, str, str], tuple[float, float]]:
    """(tier, kind, family) → (uplift share of contribution at saturation, rate a touch)."""
    return {(row.tier, row.kind, row.family): (float(row.uplift_share), float(row.rate)) for row in rows(responses)}


def first_points(curve: Curve, most_touches: float, error: float = FIRST_ERROR) -> tuple[float, ...]:
    """Touches at which tangents keep the broken line at most `error` · ceiling above the curve, from 0 to `most_touches`.

    With t = rate·A/clients two tangents s apart meet e^(−t)·excess(s) above 1 − e^(−t), t being the first: the widest s
    with e^(−t)·excess(s) ≤ error is taken each time.
    """
    end = curve.rate * most_touches / curve.clients
    if curve.ceiling_cny <= 0 or end <= 0:
        return ()
    points = [0.0]
    while points[-1] < end:
        points.append(points[-1] + min(_widest(error * exp(points[-1])), end))
    return tuple(point * curve.clients / curve.rate for point in (*points[:-1], end))


def tangents(curve: Curve, points: Iterable[float], most_touches: float) -> tuple[Piece, ...]:
    """The least of the curve's tangents at `points` as pieces from 0 to `most_touches`: never below the curve, so a bound stays a bound.

    The tangent at 0 is always among them, so that no touches bring nothing.
    """
    at = sorted({0.0, *(min(point, most_touches) for point in points)})
    kept = [0.0]
    for point in at[1:]:
        before = curve.at(kept[-1]) + curve.slope(kept[-1]) * (point - kept[-1])
        if curve.slope(point) < curve.slope(kept[-1]) and before - curve.at(point) > ALIKE * curve.at(point):
            kept.append(point)
    ends = [*(_meeting(curve, a, b) for a, b in pairwise(kept)), most_touches]
    starts = [0.0, *ends]
    return tuple(Piece(end - start, curve.slope(point)) for point, start, end in zip(kept, starts, ends, strict=False) if end > start)


def excess(step: float) -> float:
    """How far above 1 − e^(−t) its tangents at 0 and at `step` meet."""
    meeting = 1 - step / expm1(step)
    return meeting + expm1(-meeting)


def _meeting(curve: Curve, first: float, second: float) -> float:
    """The touches at which the tangents at `first` and `second` meet."""
    rise = curve.at(second) - curve.at(first) + curve.slope(first) * first - curve.slope(second) * second
    return rise / (curve.slope(first) - curve.slope(second))


def _widest(allowed: float) -> float:
    if allowed >= 1:
        return float("inf")
    low, high = 0.0, 1.0
    while excess(high) < allowed and high < 500:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) <= allowed else (low, middle)
    return low
