"""Amounts, counts and shares in whole steps, rounded so that parts keep adding up to their total."""

from collections.abc import Sequence
from math import floor, fsum

DIGITS = 6  # of a step: what is nearer than this to a half is one


def in_steps(amounts: Sequence[float], step: float, total: int | None = None) -> list[int]:
    """Each amount in whole steps, so that they sum to the total: the largest remainders are rounded up, of equal ones the earlier.

    `step` = size of a step in the unit of the amounts: 0.01 for yuan in fen, 10,000 for yuan in 万元. `total` = steps of their
    sum; the nearest to it where none is given.
    """
    exact = [round(amount / step, DIGITS) for amount in amounts]
    whole = [floor(one) for one in exact]
    left = (nearest(fsum(exact)) if total is None else total) - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[: max(left, 0)]:
        whole[place] += 1
    return whole


def nearest(steps: float) -> int:
    """The nearest whole number; halves away from nought, as a bank rounds (四舍五入)."""
    size = floor(round(abs(steps), DIGITS) + 0.5)
    return size if steps >= 0 else -size
