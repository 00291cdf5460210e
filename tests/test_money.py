"""Rounding that keeps totals."""

from math import fsum

from hypothesis import given
from hypothesis import strategies as st

from planning.money import grid_in_steps, in_steps, nearest

AMOUNTS = st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=30)


def test_the_largest_remainders_are_rounded_up_of_equal_ones_the_earlier() -> None:
    assert in_steps([1.4, 1.4, 1.4], 1) == [2, 1, 1]
    assert in_steps([1.4, 2.7, 3.9], 1) == [1, 3, 4]
    assert in_steps([124_000.0, 253_000.0], 10_000) == [13, 25]
    assert in_steps([0.3333, 0.3333, 0.3334], 0.01) == [33, 33, 34]
    assert in_steps([], 1) == []


def test_halves_go_away_from_nought() -> None:
    assert [nearest(one) for one in (0.5, 1.5, 2.5, -0.5, -2.5, 0.49, 2.675 * 100 - 267)] == [1, 2, 3, -1, -3, 0, 1]


@given(AMOUNTS, st.sampled_from([0.01, 1.0, 1e3, 1e4, 1e6]))
def test_parts_add_up_and_none_is_more_than_a_step_away(amounts: list[float], step: float) -> None:
    steps = in_steps(amounts, step)
    assert sum(steps) == nearest(fsum(round(amount / step, 6) for amount in amounts))
    assert all(abs(whole - amount / step) < 1 + 1e-3 for whole, amount in zip(steps, amounts, strict=True))


GRIDS = st.integers(1, 7).flatmap(lambda width: st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=width, max_size=width), max_size=12))


@given(GRIDS, st.sampled_from([1, 100, 10_000, 1_000_000]))
def test_a_tables_cells_are_rounded_up_or_down_and_its_columns_and_all_of_it_add_up(rows: list[list[int]], step: int) -> None:
    grid = grid_in_steps(rows, step)
    assert [len(row) for row in grid] == [len(row) for row in rows]
    for whole, row in zip(grid, rows, strict=True):
        assert all(abs(cell * step - amount) < step for cell, amount in zip(whole, row, strict=True))
    columns = [sum(column) for column in zip(*rows, strict=True)]
    assert [sum(column) for column in zip(*grid, strict=True)] == in_steps(columns, step)
    assert sum(map(sum, grid)) == nearest(sum(columns) / step)


def test_a_rows_sum_stays_near_its_own_where_every_cell_would_be_rounded_the_same_way() -> None:
    grid = grid_in_steps([[140, 140, 140, 140, 140]] * 5, 100)
    assert [sum(row) for row in grid] == [7] * 5
    assert [sum(column) for column in zip(*grid, strict=True)] == [7] * 5
