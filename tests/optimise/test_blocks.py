"""A year's blocks solved one after the other, by threads, by processes: the same bound and the same sessions."""

import multiprocessing
import pickle
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import pytest

from planning.optimise import block, decompose
from planning.optimise.block import Block, Solved, solve_block, solve_blocks, solved_by
from planning.optimise.decompose import Blocks, cut, priced
from planning.optimise.duals import multipliers
from planning.optimise.model import Model
from tests.optimise.test_decompose import small, solved


@pytest.fixture
def linear(monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setattr(decompose, "MOST_SLOTS", 0)
    return solved(small(4))


def found(linear: Model) -> Blocks:
    return priced(linear, cut(linear), multipliers(linear, "highs"), 1e-6)


def test_threads_and_processes_find_what_one_after_the_other_finds(linear: Model) -> None:
    alone = found(linear)
    assert alone.bound < float("inf")
    with ThreadPoolExecutor(3) as pool, solved_by(pool.map):
        assert found(linear) == alone
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool, solved_by(pool.map):
        assert found(linear) == alone
    assert found(linear) == alone


def test_several_threads_of_the_solver_take_blocks_side_by_side_and_find_the_same(linear: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = found(linear)
    widths = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, width: int) -> None:
            widths.append(width)
            super().__init__(width)

    monkeypatch.setattr(block, "ThreadPoolExecutor", Pool)
    blocks: list[Sequence[Block]] = []

    def each(_: object, some: Sequence[Block]) -> Iterable[Solved]:
        blocks.append([pickle.loads(pickle.dumps(one)) for one in some])
        return map(solve_block, some)

    with solved_by(each):
        assert found(linear) == alone
    wide = [replace(one, solver=one.solver.model_copy(update={"threads": 2})) for one in blocks[0]]
    monkeypatch.setattr(block, "solve_block", lambda one: solve_block(replace(one, solver=one.solver.model_copy(update={"threads": 1}))))
    assert [one.bound for one in solve_blocks(wide)] == [solve_block(one).bound for one in blocks[0]]
    assert widths == [2]
    monkeypatch.undo()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:  # a solver keeps the first number of threads a process gives it
        by_threads = pool.submit(solve_blocks, wide).result()
    assert [one.bound for one in by_threads] == pytest.approx([solve_block(one).bound for one in blocks[0]], rel=1e-5, abs=1e-3)


def test_a_block_that_is_not_solved_leaves_the_year_without_a_bound(linear: Model) -> None:
    with solved_by(lambda _, blocks: [Solved(1.0, (0.0,) * len(blocks[0].columns)), Solved(0.0, ())]):
        assert found(linear) == Blocks(float("inf"), ())
