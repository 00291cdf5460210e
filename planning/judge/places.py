"""Places among many amounts, counted and not sorted, so that ten million of them take no more than eight bytes each."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import Any

HALF = Fraction(1, 2)
STEPS = 4096  # into which the amounts still in question are told apart at one going through


class Compact(Sequence[int]):
    """Whole numbers, eight bytes each while all of them fit."""

    def __init__(self) -> None:
        self._held: array[int] | list[int] = array("q")

    def append(self, amount: int) -> None:
        """One more at the end."""
        try:
            self._held.append(amount)
        except OverflowError:
            self._held = [*self._held, amount]

    def __len__(self) -> int:
        return len(self._held)

    def __getitem__(self, place: Any) -> Any:
        return self._held[place]

    def __iter__(self) -> Iterator[int]:
        return iter(self._held)


def fen(amount: int, unit: int) -> int:
    """Small units as whole fen, half a fen upwards."""
    return (200 * amount + unit) // (2 * unit)


def line(amounts: Sequence[int], share: Fraction) -> float:
    """The amount that those within share · all places (to the nearest whole) exceed; −∞ where all have a place. Ties that do not all fit have none."""
    room = (share * len(amounts) + HALF).__floor__()
    return placed(amounts, room + 1) if room < len(amounts) else -inf


def placed(amounts: Sequence[int], place: int) -> int:
    """The amount in that place, 1 = the greatest: each going through tells apart only those near it."""
    low, high = min(amounts), max(amounts)
    while low < high:
        step = (high - low) // STEPS + 1
        counts = Counter((amount - low) // step for amount in amounts if low <= amount <= high)
        bucket = max(counts)
        while counts[bucket] < place:
            place -= counts[bucket]
            bucket -= 1
        low, high = low + bucket * step, min(high, low + (bucket + 1) * step - 1)
    return low
