"""No count of few clients can be worked out from a table's other cells and its totals."""

from fractions import Fraction

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.report.cards.cells import Place, unseen, unseen_in_sum

MIN_CELL = 5


def interval(counts: list[list[int]], hidden: frozenset[Place], place: Place) -> tuple[float, float]:
    """Between what a reader who knows the totals and every cell that is shown can place a hidden one."""
    ends = []
    for sense in (pulp.LpMinimize, pulp.LpMaximize):
        lp = pulp.LpProblem("reader", sense)
        cells = {(r, c): pulp.LpVariable(f"n_{r}_{c}", 0) for r, c in hidden}
        lp += cells[place]
        for r, row in enumerate(counts):
            if own := [cells[r, c] for c in range(len(row)) if (r, c) in hidden]:
                lp += pulp.lpSum(own) == sum(row[c] for c in range(len(row)) if (r, c) in hidden)
        for c in range(len(counts[0])):
            if own := [cells[r, c] for r in range(len(counts)) if (r, c) in hidden]:
                lp += pulp.lpSum(own) == sum(counts[r][c] for r in range(len(counts)) if (r, c) in hidden)
        assert lp.solve(pulp.HiGHS(msg=False, threads=1)) == pulp.LpStatusOptimal
        ends.append(pulp.value(lp.objective))
    return ends[0], ends[1]


@given(st.integers(2, 5).flatmap(lambda wide: st.lists(st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=2, max_size=5)))
@settings(max_examples=60, deadline=None)
def test_no_small_count_follows_from_the_rest(counts: list[list[int]]) -> None:
    hidden = unseen(counts, MIN_CELL)
    small = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < MIN_CELL}
    every = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if count > 0}
    assert small <= hidden <= every
    for place in small:
        low, high = interval(counts, hidden, place)
        assert high > low + Fraction(1, 2) or hidden == every


@pytest.mark.parametrize(
    ("counts", "hidden"), [([[9, 20], [30, 40]], set()), ([[3, 20], [30, 40]], {(0, 0), (0, 1), (1, 0), (1, 1)}), ([[0, 0], [7, 8]], set())]
)
def test_only_what_must_be_is_hidden(counts: list[list[int]], hidden: set[Place]) -> None:
    assert unseen(counts, MIN_CELL) == hidden


def test_the_ring_takes_the_fewest_clients() -> None:
    counts = [[3, 900, 10], [800, 700, 600], [8, 500, 9]]
    assert unseen(counts, MIN_CELL) == {(0, 0), (0, 2), (2, 0), (2, 2)}


@given(st.integers(1, 5).flatmap(lambda wide: st.lists(st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=1, max_size=6)))
@settings(max_examples=100, deadline=None)
def test_what_is_hidden_in_a_row_or_column_is_enough_together_or_all_there_is(counts: list[list[int]]) -> None:
    hidden = unseen_in_sum(counts, MIN_CELL)
    assert unseen(counts, MIN_CELL) <= hidden
    lines = [[(r, c) for c in range(len(row))] for r, row in enumerate(counts)] + [[(r, c) for r in range(len(counts))] for c in range(len(counts[0]))]
    for line in lines:
        together = sum(counts[r][c] for r, c in line if (r, c) in hidden)
        assert not 0 < together < MIN_CELL or all((r, c) in hidden for r, c in line if counts[r][c])
