"""No count of few clients can be worked out from a table's other cells and its totals."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.report.cards.cells import Place, filled, unseen, unseen_in_sum
from tests.report.reader import Known, following, sums_of

MIN_CELL = 5


def hidden_from(counts: list[list[int]], hidden: frozenset[Place]) -> tuple[dict[object, float], list[Known]]:
    """The unseen cells, and what a reader knows of them who knows the totals and every cell that is shown."""
    unknown: dict[object, float] = {(r, c): counts[r][c] for r, c in sorted(hidden)}
    lines = [[at for at in hidden if at[side] == place] for side in (0, 1) for place in {at[side] for at in hidden}]
    return unknown, sums_of(unknown, lines)


def every_cell(counts: list[list[int]]) -> frozenset[Place]:
    return frozenset((r, c) for r, row in enumerate(counts) for c in range(len(row)))


TABLES = st.integers(2, 5).flatmap(lambda wide: st.lists(st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=2, max_size=5))


@given(TABLES)
@example([[3, 0], [0, 4]])
@settings(max_examples=60, deadline=None)
def test_no_small_count_follows_from_the_rest(counts: list[list[int]]) -> None:
    hidden = unseen(counts, MIN_CELL)
    small = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < MIN_CELL}
    assert small <= hidden
    told = set(following(*hidden_from(counts, hidden), sorted(small)))
    assert told <= set(following(*hidden_from(counts, every_cell(counts)), sorted(small))), "more than the totals alone tell"


@given(TABLES)
@settings(max_examples=60, deadline=None)
def test_where_it_is_seen_that_there_is_nobody_no_small_count_follows_either(counts: list[list[int]]) -> None:
    every = filled(counts)
    hidden = unseen_in_sum(every, MIN_CELL)
    small = {place for place, count in every.items() if count < MIN_CELL}
    assert small <= hidden <= set(every)
    assert hidden == set(every) or not following(*hidden_from(counts, hidden), sorted(small))


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
    hidden = unseen_in_sum(filled(counts), MIN_CELL)
    lines = [[(r, c) for c in range(len(row))] for r, row in enumerate(counts)] + [[(r, c) for r in range(len(counts))] for c in range(len(counts[0]))]
    for line in lines:
        together = sum(counts[r][c] for r, c in line if (r, c) in hidden)
        assert not 0 < together < MIN_CELL or all((r, c) in hidden for r, c in line if counts[r][c])
