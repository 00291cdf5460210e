"""The most a segment's answer can bring at prices on its touches, never told too low.

U(A) = ceiling · (1 − e^(−rate·A)) is concave, so each of its tangents lies above it: the bound holds wherever the tangent
is laid, and is tight where the best A lies. e^(−x) is taken between two exact decimals.
"""

from decimal import Context, Decimal
from fractions import Fraction
from math import log
from typing import NamedTuple

from planning.judge.exact import ZERO
from planning.judge.priced import First

_FINE = Context(prec=40)
_OFF = Fraction(1, 10**38)  # more than the last digit of such a decimal can be wrong, as a part of it
FARTHEST = 60.0  # rate·touches at which a tangent is laid at most: what is left of the ceiling there is 10^−26 of it


class Curve(NamedTuple):
    """Yuan over the horizon that all touches in the world bring, the rate a touch, and the most touches there can be."""

    ceiling: Fraction
    rate: Fraction
    most: Fraction


def most_at_prices(curve: Curve, price: Fraction, first: First) -> Fraction:
    """At least max { U(A) − price·A − first·min(A, width) : 0 ≤ A ≤ most }."""
    if first.price == 0:
        return _most_between(curve, price, (ZERO, curve.most))
    turn = min(first.width, curve.most)
    near = _most_between(curve, price + first.price, (ZERO, turn))
    return max(near, _most_between(curve, price, (turn, curve.most)) - first.price * turn)


def _most_between(curve: Curve, price: Fraction, ends: tuple[Fraction, Fraction]) -> Fraction:
    """At least max { U(A) − price·A : A between the ends }: the larger of what the tangent is worth at either end."""
    at = _laid_at(curve, price, ends)
    low, high = _exp_of_minus(at)
    left = curve.ceiling
    rises = (curve.rate * end - Fraction(at) - 1 for end in ends)
    return max(left + left * rise * (high if rise > 0 else low) - price * end for rise, end in zip(rises, ends, strict=True))


def _laid_at(curve: Curve, price: Fraction, ends: tuple[Fraction, Fraction]) -> Decimal:
    """rate·A where U'(A) = price, or at the nearer end, to twelve digits."""
    steepest = float(curve.ceiling * curve.rate)
    best = log(steepest / float(price)) if float(price) > 0 and steepest > 0 else FARTHEST
    low, high = (float(curve.rate * end) for end in ends)
    return Decimal(repr(round(min(max(best, low), high, FARTHEST), 12)))


def _exp_of_minus(x: Decimal) -> tuple[Fraction, Fraction]:
    value = Fraction(_FINE.exp(-x))
    return value * (1 - _OFF), value * (1 + _OFF)
