"""A plan's quantities at prices on the limits: what all limits are worth, and what a unit of each quantity costs.

A row Σ coefficient·quantity ≤ limit at price λ ≥ 0 adds λ·limit to the worth of the limits and λ·coefficient to the price
of each quantity; a row with ≥ does so with −λ. The value of a plan is at most the limits' worth plus what its quantities
bring beyond their prices, so the sum of the most that each quantity can bring bounds every plan.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from planning.judge.exact import HALF_FEN, ZERO
from planning.judge.facts import Facts
from planning.judge.rooms import Rooms

Sums = defaultdict[Any, Fraction]
ANY = ""


class Price(NamedTuple):
    """What easing one limit by one unit is worth, yuan: the rule, the place and the sense of its row. `width` where the row has one, else 0."""

    rule: str
    where: tuple[str, ...]
    sense: str  # <= | >=
    price: Fraction
    width: Fraction = ZERO

    @property
    def signed(self) -> Fraction:
        """λ of the row: at least 0 with ≤, at most 0 with ≥."""
        return self.price if self.sense == "<=" else -self.price


class First(NamedTuple):
    """A further price on the first `width` touches."""

    price: Fraction
    width: Fraction


def _sums() -> Sums:
    return defaultdict(Fraction)


@dataclass
class Priced:
    """Prices, yuan a unit, by codes; ANY = whichever. Cash is after partners' shares, standard cost (a full room's, a guest) before them."""

    facts: Facts
    rooms: Rooms
    limits: Fraction = ZERO
    sessions: Sums = field(default_factory=_sums)  # (event, host)
    at_slot: Sums = field(default_factory=_sums)  # (event, host): each guest there
    guests: Sums = field(default_factory=_sums)  # (segment, event)
    gifts: Sums = field(default_factory=_sums)  # segment: a yuan of gifts
    touches: Sums = field(default_factory=_sums)  # (segment, family): what a touch earns its guest and costs the answer
    first: dict[Any, First] = field(default_factory=dict)  # (segment, family)
    hours: Sums = field(default_factory=_sums)  # branch: an hour of its managers
    cash: Sums = field(default_factory=_sums)  # (event, host) or ANY: a yuan of cash
    borne: Sums = field(default_factory=_sums)  # family: a yuan that partners bear
    standard: Sums = field(default_factory=_sums)  # branch: a yuan of standard cost of its attendances
    spent: Sums = field(default_factory=_sums)  # tier or ANY: a yuan of standard cost or concessions
    granted: Sums = field(default_factory=_sums)  # cell or ANY: a yuan of concessions
    granted_in: Sums = field(default_factory=_sums)  # branch: its part of a yuan of concessions
    depths: Sums = field(default_factory=_sums)  # (cell, concession): a unit of depth

    def limit(self, price: Fraction, amount: Fraction, half_fens: int = 0) -> None:
        """Count a row's limit. A plan may miss a limit of money by half a fen, so that much more counts."""
        self.limits += price * amount + abs(price) * half_fens * HALF_FEN
