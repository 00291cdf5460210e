"""Year first, months second, against the full model with its months: the same value within the gaps, and a bound that is one."""

from collections.abc import Iterator
from math import inf

import pytest

from planning.errors import Infeasible, NotSolved
from planning.optimise.placement import plan_months
from tests.optimise.brute import best_value
from tests.optimise.instances import LEAST, Instance, Shape, instance
from tests.optimise.month_model import Judged, solve_months

BOOK = Shape(branches=(1, 2), clients=(6, 16), events=(2, 4), months=(2, 12), concessions=(1, 2), per_client=(1, 2))
SECONDS = 60.0
GAP = 1e-4
Chunks = [pytest.param(range(7)), *(pytest.param(range(at, at + 25), marks=pytest.mark.slow) for at in range(0, 250, 25))]


@pytest.mark.parametrize("seeds", Chunks, ids=str)
def test_months_placed_afterwards_are_worth_as_much(seeds: range) -> None:
    """Each seed names a book of its own, with one of its policies."""
    assert not [f"instance({one.seed}, BOOK): {fault}" for one in (instance(21 * seed, BOOK) for seed in seeds) for fault in _faults(one)]


def _faults(one: Instance) -> Iterator[str]:
    full = solve_months(one.problem, SECONDS, GAP)
    try:
        year, placed = plan_months(one.problem)
    except (Infeasible, NotSolved) as end:
        if full.possible:
            yield f"no plan told ({end!r}), though one is worth {full.value}"
        return
    told, asked = year.outcome, one.policy.solver.gap
    if not full.possible:
        yield f"a plan worth {told.objective}, though the months admit none: {sorted(placed.sessions)}"
    elif full.value > told.bound + _slack(full):
        yield f"a plan worth {full.value} lies above the bound {told.bound}"
    elif told.objective > full.bound + _slack(full):
        yield f"the plan is worth {told.objective}, beyond the bound of all plans {full.bound}"
    elif full.value > told.objective + asked * abs(told.objective) + _slack(full):
        yield f"the plan is worth {told.objective} (gap {told.gap} told, {asked} asked), though one is worth {full.value}"


def _slack(full: Judged) -> float:
    return 0.01 + 1e-6 * abs(full.value)


def test_the_month_model_is_right_itself() -> None:
    """On the smallest years it finds what trying every plan finds."""
    for seed in range(30):
        problem = instance(seed, LEAST).problem
        full = solve_months(problem, SECONDS, GAP)
        best = best_value(problem)
        assert full.possible == (best > -inf), seed
        assert full.value == pytest.approx(best, rel=GAP, abs=0.01) or not full.possible, seed
