"""One check of one rule at one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from planning.judge.exact import HALF_FEN, ZERO

COUNTS = frozenset({"guests", "sessions", "attendances"})
EQUALITIES = frozenset({"level", "rows"})


class Line(NamedTuple):
    """What a rule finds at one place. `excess` ≤ 0 holds, in `unit`; `broken` allows for money being carried to the fen."""

    where: tuple[str, ...]
    value: Fraction
    limit: Fraction
    unit: str
    excess: Fraction
    broken: bool


@dataclass(frozen=True)
class Check:
    """A line with its rule. `number` is empty for rules of good form, `where` holds codes.

    `unit`: CNY, guests, sessions, hours, share, level, attendances or rows.
    """

    number: str
    rule: str
    where: tuple[str, ...]
    value: Fraction
    limit: Fraction
    unit: str
    excess: Fraction
    broken: bool

    @property
    def slack(self) -> Fraction:
        """Room left as a share of the limit; below 0 where the rule is broken."""
        return -self.excess / (abs(self.limit) or abs(self.value) or 1)

    @property
    def tight(self) -> bool:
        """Within a thousandth of the limit, or less than one unit of a count away from it; what must be equal is never tight."""
        if self.unit in EQUALITIES:
            return False
        if self.unit in COUNTS:
            return -self.excess < 1
        return -self.excess <= abs(self.limit) / 1000


def at_most(where: tuple[str, ...], value: Fraction, limit: Fraction, unit: str) -> Line:
    """value ≤ limit, to half a fen for money and exactly for everything else."""
    return Line(where, value, limit, unit, value - limit, value - limit > _tolerance(unit))


def at_least(where: tuple[str, ...], value: Fraction, limit: Fraction, unit: str) -> Line:
    """value ≥ limit, to half a fen for money and exactly for everything else."""
    return Line(where, value, limit, unit, limit - value, limit - value > _tolerance(unit))


def exactly(where: tuple[str, ...], value: Fraction, limit: Fraction, unit: str, within: Fraction = ZERO) -> Line:
    """value = limit, give or take `within`."""
    apart = abs(value - limit)
    return Line(where, value, limit, unit, apart if apart > within else ZERO, apart > within)


def share_at_most(where: tuple[str, ...], part: Fraction, total: Fraction, limit: Fraction) -> Line:
    """part ≤ limit · total, compared in yuan to half a fen, told as shares. `total` is positive."""
    return Line(where, part / total, limit, "share", part / total - limit, part - limit * total > HALF_FEN)


def share_at_least(where: tuple[str, ...], part: Fraction, total: Fraction, limit: Fraction) -> Line:
    """part ≥ limit · total, compared in yuan to half a fen, told as shares. `total` is positive."""
    return Line(where, part / total, limit, "share", limit - part / total, limit * total - part > HALF_FEN)


def none_of(table: str, bad: Iterable[tuple[str, ...]]) -> Iterable[Line]:
    """One broken line for each bad row of a table of the plan; one that holds where there is none."""
    found = [Line((table, *codes), Fraction(1), ZERO, "rows", Fraction(1), True) for codes in bad]
    return found or [Line((table,), ZERO, ZERO, "rows", ZERO, False)]


def _tolerance(unit: str) -> Fraction:
    return HALF_FEN if unit == "CNY" else ZERO
