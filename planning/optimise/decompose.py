"""The year cut into blocks: at prices on what they share, each is solved alone, and together they bound the year.

With λ on the rows that several blocks share (4-model.md, "Solving it fast"):

    year ≤ Σ_shared λ·limit + Σ_blocks max { (value − Σ_shared λ·row) of the block's own variables : the block's own rows }

for any λ of the right sign. Whole numbers stay whole within a block, so the bound is better than the linear model's. The
ladders are a block, what the bank sums up (cash, standard cost) another, then a block a region, or a branch where a region is large.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulp

from planning.optimise.block import Block, BlockRow, Column, solve_blocks
from planning.optimise.model import Model, Row
from planning.optimise.problem import Problem
from planning.policy.sections import Solver

MOST_SLOTS = 60  # of a region that is solved as one block
SUMS, LADDERS, CENTRE = "sums", "ladders", "centre"


@dataclass(frozen=True)
class Blocks:
    """The bound at some prices (yuan; infinite where a block was not solved), and the sessions each block would hold at them."""

    bound: float
    sessions: tuple[float, ...]


@dataclass(frozen=True)
class Cut:
    """Which block owns each variable; the rows of each block; the rows that are shared."""

    owner: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]
    shared: tuple[int, ...]


def cut(model: Model) -> Cut:
    """The model cut by region, or by branch in regions of more than MOST_SLOTS slots."""
    owner = dict(_owners(model))
    rows: dict[str, list[Row]] = {}
    shared = []
    for index, row in enumerate(model.rows):
        owners = {owner[variable.name] for variable in row.constraint}
        if len(owners) == 1:
            rows.setdefault(owners.pop(), []).append(row)
        elif owners:
            shared.append(index)
    return Cut(owner, {name: tuple(own) for name, own in rows.items()}, tuple(shared))


def priced(model: Model, pieces: Cut, prices: Sequence[float], gap: float) -> Blocks:
    """The blocks' best at `prices` (λ a row of the model), each solved to `gap`."""
    values = {variable.name: coefficient for variable, coefficient in model.lp.objective.items()}
    bound = 0.0
    for index in pieces.shared:
        constraint, price = model.rows[index].constraint, prices[index]
        if price:
            bound -= price * constraint.constant
            for variable, coefficient in constraint.items():
                values[variable.name] = values.get(variable.name, 0.0) - price * coefficient
    grouped = _by_owner(model, pieces)
    blocks = [_block(variables, pieces.rows.get(name, ()), values, (model.problem.policy.solver, gap)) for name, variables in grouped.items()]
    found: dict[str, float] = {}
    for block, solved in zip(blocks, solve_blocks(blocks), strict=False):
        if not solved.values:
            return Blocks(float("inf"), ())
        bound += solved.bound
        found |= {column.name: value for column, value in zip(block.columns, solved.values, strict=True)}
    return Blocks(bound, tuple(found.get(session.name, 0.0) for session in model.sessions))


def _block(variables: Sequence[pulp.LpVariable], rows: Sequence[Row], values: Mapping[str, float], how: tuple[Solver, float]) -> Block:
    places = {variable.name: place for place, variable in enumerate(variables)}
    columns = tuple(Column(one.name, one.lowBound, one.upBound, one.cat, values.get(one.name, 0.0)) for one in variables)
    own = (
        BlockRow(tuple((places[one.name], coefficient) for one, coefficient in row.constraint.items()), row.constraint.sense, -row.constraint.constant)
        for row in rows
    )
    return Block(columns, tuple(own), *how)


def _by_owner(model: Model, pieces: Cut) -> dict[str, list[pulp.LpVariable]]:
    grouped: dict[str, list[pulp.LpVariable]] = {}
    for variable in model.lp.variables():
        grouped.setdefault(pieces.owner[variable.name], []).append(variable)
    return grouped


def _owners(model: Model) -> Iterator[tuple[str, str]]:
    p = model.problem
    of_branch = block_of_branch(p)
    for slot, session in zip(p.slots, model.sessions, strict=True):
        level = slot.event.host_level
        yield session.name, of_branch[slot.host] if level == "branch" else slot.host if level == "region" else CENTRE
    for seat, guests in zip(p.seats, model.seats, strict=True):
        yield guests.name, of_branch[p.segments[seat.segment].branch]
    for response, touches in zip(p.responses, model.pieces, strict=True):
        yield from ((piece.name, of_branch[p.segments[response.segment].branch]) for piece in touches)
    yield from ((step.name, LADDERS) for step in model.steps.values())
    yield from ((short.name, of_branch[branch]) for branch, short in model.short.items())
    yield from ((total.name, SUMS) for total in (*model.tier_spend.values(), *model.cash.values()))
    if model.tail is not None:
        yield from ((one.name, SUMS) for one in (*model.tail.totals.values(), model.tail.worst, *model.tail.short))


def block_of_branch(problem: Problem) -> dict[str, str]:
    """The block a branch belongs to: its region, or itself where the region is large."""
    large = {block.region for block in problem.blocks if len(block.slots) > MOST_SLOTS}
    return {branch: f"{block.region}/{branch}" if block.region in large else block.region for block in problem.blocks for branch in block.branches}
