"""Thousands of small random years: both solvers, the second judge and trying every plan say the same."""

from collections.abc import Iterator
from math import inf

import pytest

from planning.errors import Infeasible, NotSolved
from planning.judge import Facts, gather, judge
from planning.optimise.placement import plan_months
from planning.optimise.solve import Outcome, within
from planning.plan.compose import Choice, compose
from planning.plan.judged import plain
from planning.plan.plan import Solve
from tests.optimise.brute import best_value
from tests.optimise.instances import LEAST, SMALL, Instance, instance, with_solver

EACH = 100  # seeds a chunk, so that chunks spread over processes
SLACK = 1e-6  # of a sum of doubles
Chunks = [pytest.param(range(15)), *(pytest.param(range(at, at + EACH), marks=pytest.mark.slow) for at in range(0, 1_500, EACH))]
MoreChunks = [pytest.param(range(15)), *(pytest.param(range(at, at + EACH), marks=pytest.mark.slow) for at in range(0, 3_500, EACH))]


@pytest.mark.parametrize("seeds", Chunks, ids=str)
def test_no_plan_at_all_is_better(seeds: range) -> None:
    """Every plan of the smallest years is tried, months and ladder and all."""
    assert not [f"instance({seed}, LEAST): {fault}" for seed in seeds for fault in faults(instance(seed, LEAST), tried=True)]


@pytest.mark.parametrize("seeds", MoreChunks, ids=str)
def test_solvers_agree_and_every_plan_passes_the_judge(seeds: range) -> None:
    assert not [f"instance({seed}, SMALL): {fault}" for seed in seeds for fault in faults(instance(seed, SMALL), tried=False)]


def faults(one: Instance, tried: bool) -> Iterator[str]:
    """Everything that is wrong with what the two solvers make of one problem."""
    facts = gather(one.tables, one.policy.model_dump(mode="json"))
    told = {name: _told(one, name, facts) for name in ("highs", "cbc")}
    yield from (f"{name}: {fault}" for name, (_, faults) in told.items() for fault in faults)
    ends = {name: end for name, (end, _) in told.items()}
    if len({isinstance(end, Infeasible) for end in ends.values()}) > 1 or any(isinstance(end, NotSolved) for end in ends.values()):
        yield f"ends differ, or none was found: {ends}"
    plans = {name: end for name, end in ends.items() if isinstance(end, Outcome)}
    yield from (
        f"{a} finds {plans[a].objective}, beyond the bound {plans[b].bound} of {b}" for a in plans for b in plans if _beyond(plans[a].objective, plans[b].bound)
    )
    if tried:
        yield from _against_the_best(best_value(one.problem), ends)


def _told(one: Instance, name: str, facts: Facts) -> tuple[Outcome | Infeasible | NotSolved, list[str]]:
    """How planning ends with a solver, and what is wrong with its plan."""
    try:
        year, placed = plan_months(with_solver(one, name))
    except (Infeasible, NotSolved) as end:
        return end, [] if end.faults else ["no reason given"]
    told = year.outcome
    asked = one.policy.solver.gap
    solve = Solve(told.status, told.solver, told.objective, told.bound, told.gap, 0.0)
    plan = compose(one.problem, Choice(placed, year.levels), ("many", "-"), solve)
    faults = [f"breaks {check.number} {check.rule} at {check.where} by {check.excess}" for check in judge(plain(plan), facts).checks if check.broken]
    if told.status != ("optimal" if within(told.gap, asked) else "feasible"):
        faults.append(f"status {told.status} at a gap of {told.gap}, {asked} asked")
    if abs(told.objective - plan.totals.value_cny) > 0.02:
        faults.append(f"objective {told.objective}, but the plan is worth {plan.totals.value_cny}")
    return told, faults


def _against_the_best(best: float, ends: dict[str, Outcome | Infeasible | NotSolved]) -> Iterator[str]:
    for name, end in ends.items():
        if isinstance(end, Outcome):
            if _beyond(best, end.bound) or _beyond(end.objective, best):
                yield f"{name}: the best of all plans is worth {best}, told were {end.objective} and the bound {end.bound}"
        elif isinstance(end, Infeasible) and best > -inf:
            yield f"{name}: told infeasible, but a plan is worth {best}"


def _beyond(value: float, bound: float) -> bool:
    return value > bound + 0.01 + SLACK * abs(bound)
