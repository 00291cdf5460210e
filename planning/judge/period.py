"""The plan's period: a year, or half of one. A year's limits count in the half as far as the half may use them."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

FIRST, SECOND = frozenset(range(1, 7)), frozenset(range(7, 13))
MONTHS = {"year": FIRST | SECOND, "first_half": FIRST, "second_half": SECOND}
HALF = Fraction(1, 2)


def name(policy: Mapping[str, Any]) -> str:
    """year, first_half or second_half; a policy that does not say plans the year."""
    return str(policy.get("period", "year"))


def months(policy: Mapping[str, Any]) -> frozenset[int]:
    """The months of the period."""
    return MONTHS[name(policy)]


def part(policy: Mapping[str, Any]) -> Fraction:
    """The period as a share of the year."""
    return Fraction(1) if name(policy) == "year" else HALF


def event_part(policy: Mapping[str, Any], held_in: Collection[int]) -> Fraction:
    """The share of an event's yearly limits that is the period's: all of it if it cannot be held outside."""
    return Fraction(1) if months(policy).issuperset(held_in) else part(policy)


def most_sessions(policy: Mapping[str, Any], held_in: Collection[int], in_a_year: int) -> int:
    """The period's sessions out of a year's: of an event that belongs to both halves the odd one goes where it has more months, or to the first."""
    if name(policy) == "year" or months(policy).issuperset(held_in):
        return in_a_year
    first, second = len(FIRST.intersection(held_in)), len(SECOND.intersection(held_in))
    own, other = (first, second) if name(policy) == "first_half" else (second, first)
    if own == 0:
        return 0
    odd = own > other or (own == other and name(policy) == "first_half")
    return in_a_year // 2 + (in_a_year % 2 if odd else 0)


def quarter_limits(policy: Mapping[str, Any], bands: Mapping[int, tuple[Fraction, Fraction]]) -> dict[int, tuple[Fraction, Fraction]]:
    """Least and greatest share of the period's spending for each of its quarters.

    A quarter with at least l and at most h of the year, beside one with at least l* and at most h*, has between l/(l + h*) and h/(h + l*) of their half.
    """
    own = [quarter for quarter in bands if 3 * quarter in months(policy)]
    if len(own) == len(bands):
        return dict(bands)
    limits = {}
    for quarter in own:
        (low, high), (low_other, high_other) = bands[quarter], bands[sum(own) - quarter]
        limits[quarter] = (_share(low, high_other), _share(high, low_other))
    return limits


def _share(amount: Fraction, other: Fraction) -> Fraction:
    return amount / (amount + other) if amount else Fraction(0)
