"""One block of a year in plain values, so that it can be solved in another thread, in another process, or on another machine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pulp

from planning.optimise.solve import Effort, solve
from planning.policy.sections import Solver


@dataclass(frozen=True)
class Column:
    """A variable of a block: its name, bounds (None = open), kind, and what a unit of it is worth at the prices."""

    name: str
    low: float | None
    high: float | None
    kind: str
    value: float


@dataclass(frozen=True)
class BlockRow:
    """A row of a block: Σ coefficient·variable against a limit, by the variables' places; `sense` as PuLP counts it (−1 ≤, 0 =, 1 ≥)."""

    terms: tuple[tuple[int, float], ...]
    sense: int
    limit: float


@dataclass(frozen=True)
class Block:
    """The block's own problem, and how closely to solve it."""

    columns: tuple[Column, ...]
    rows: tuple[BlockRow, ...]
    solver: Solver
    gap: float


@dataclass(frozen=True)
class Solved:
    """What a solver proved of a block: a bound (yuan), and a value for each variable; no values where none were found."""

    bound: float
    values: tuple[float, ...]


Each = Callable[[Callable[[Block], Solved], Sequence[Block]], Iterable[Solved]]
"""Solves blocks and gives what was found in their order, as `map` does, and as an Executor's `map` does side by side."""

_EACH: ContextVar[Each | None] = ContextVar("each", default=None)


@contextmanager
def solved_by(each: Each) -> Iterator[None]:
    """Within the block of code, a year's blocks are solved by `each`; what they come to is the same."""
    token = _EACH.set(each)
    try:
        yield
    finally:
        _EACH.reset(token)


def solve_blocks(blocks: Sequence[Block]) -> list[Solved]:
    """Every block, in order: by `solved_by`, else by as many threads as the solver is given. A list cut short ends with a block without values."""
    each, threads = _EACH.get(), min(blocks[0].solver.threads, len(blocks)) if blocks else 1
    if each is not None:
        return _until_unsolved(each(solve_block, blocks))
    if threads == 1:
        return _until_unsolved(map(solve_block, blocks))
    with ThreadPoolExecutor(threads) as pool:
        return _until_unsolved(pool.map(solve_block, blocks))


def _until_unsolved(found: Iterable[Solved]) -> list[Solved]:
    kept = []
    for one in found:
        kept.append(one)
        if not one.values:
            break
    return kept


def solve_block(block: Block) -> Solved:
    """The best of one block."""
    lp = pulp.LpProblem("block", pulp.LpMaximize)
    variables = [pulp.LpVariable(one.name, one.low, one.high, one.kind) for one in block.columns]
    lp.addVariables(variables)
    lp.setObjective(pulp.LpAffineExpression([(variable, one.value) for variable, one in zip(variables, block.columns, strict=True)]))
    for number, row in enumerate(block.rows):
        terms = pulp.LpAffineExpression([(variables[place], coefficient) for place, coefficient in row.terms])
        lp.addConstraint(pulp.LpConstraint(terms, row.sense, f"r{number}", row.limit))
    told = solve(lp, block.solver, Effort(block.gap))
    if told.status not in ("optimal", "feasible"):
        return Solved(told.bound, ())
    return Solved(told.bound, tuple(variable.value() for variable in variables))
