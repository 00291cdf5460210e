"""Amounts, counts and shares in whole steps, rounded so that parts keep adding up to their total."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, fsum

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


def grid_in_steps(rows: Sequence[Sequence[int]], step: int) -> list[list[int]]:
    """A table's cells in whole steps: each is its amount rounded up or down, and each column adds up to its rounded sum.

    `rows` = whole amounts (fen), `step` = a step of as many. The columns' sums are those of `in_steps`, so all cells add up to the
    nearest to the sum of all. Controlled rounding of a two-way table (Cox, 1987), which also keeps every row's sum near its own.
    """
    if not rows:
        return []
    whole = [[amount // step for amount in row] for row in rows]
    left = [[Fraction(amount % step, step) for amount in row] for row in rows]
    sums = in_steps([sum(column) for column in zip(*rows, strict=True)], step)
    for place, total in enumerate(sums):
        _fit(left, place, total - sum(row[place] for row in whole))
    cells = [[*row, sum((-one for one in row), Fraction(ceil(sum(row))))] for row in left]  # the last rounds the row's sum
    _settle(cells)
    return [[base + int(up) for base, up in zip(own, ups[:-1], strict=True)] for own, ups in zip(whole, cells, strict=True)]


def _fit(left: Sequence[list[Fraction]], place: int, wanted: int) -> None:
    """Move a column's fractions of a step, each between nought and one, so that they sum to a whole number."""
    own = sum((row[place] for row in left), Fraction(0))
    loose = [row for row in left if row[place]]
    if wanted > own:
        by = (wanted - own) / sum(1 - row[place] for row in loose)
        for row in loose:
            row[place] += by * (1 - row[place])
    else:
        for row in loose:
            row[place] *= wanted / own


Vertex = tuple[int, int]  # (0, row) or (1, column)


def _settle(cells: Sequence[list[Fraction]]) -> None:
    """Every fraction to nought or one; the sums of rows and columns, whole numbers, stay."""
    ends: dict[Vertex, dict[int, None]] = {}
    for r, row in enumerate(cells):
        for c in (c for c, one in enumerate(row) if one.denominator > 1):
            ends.setdefault((0, r), {})[c] = None
            ends.setdefault((1, c), {})[r] = None
    for start in list(ends):
        while ends[start]:
            ring = _ring(ends, start)
            _shift(cells, ring[::2], ring[1::2])
            for r, c in ring:
                if cells[r][c].denominator == 1:
                    del ends[0, r][c], ends[1, c][r]


def _shift(cells: Sequence[list[Fraction]], some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> None:
    """Raise some cells and lower the others alike, or the other way round where that is the smaller move, until one is whole."""
    rise, fall = (min([1 - cells[r][c] for r, c in up] + [cells[r][c] for r, c in down]) for up, down in ((some, others), (others, some)))
    by = rise if rise <= fall else -fall
    for places, move in ((some, by), (others, -by)):
        for r, c in places:
            cells[r][c] += move


def _ring(ends: dict[Vertex, dict[int, None]], start: Vertex) -> list[tuple[int, int]]:
    """Cells that go round by turns along rows and columns. None has one open cell alone: the others of a whole sum are whole."""
    path, met = [start], {start: 0}
    while True:
        side, _ = here = path[-1]
        came = path[-2][1] if len(path) > 1 else -1
        there = (1 - side, next(end for end in ends[here] if end != came))
        path.append(there)
        if there in met:
            round_ = path[met[there] :]
            return [(one[1], other[1]) if one[0] == 0 else (other[1], one[1]) for one, other in pairwise(round_)]
        met[there] = len(path) - 1
