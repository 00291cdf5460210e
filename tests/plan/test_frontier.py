"""The frontier: rising on both lines, each point as a solve of its own finds it, told where nothing is possible."""

from itertools import pairwise

import pytest

from planning.catalogue.offer import offer
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.plan.compose import Choice, totals
from planning.plan.frontier import LOOSER, Frontier, frontier, frontier_through, within
from tests.optimise.books import drawn, policy

pytestmark = pytest.mark.slow

GAP = 1e-3


def small(seed: int = 4, **sections: object) -> Problem:
    rules = policy(**{"solver": {"gap": GAP}, "budget": {"event_cny": 8_000.0, "concession_cny": 3_000.0}, **sections})
    return problem(offer(drawn(seed), rules), rules)


def rises_and_agrees_with_solves_of_its_own(p: Problem, found: Frontier, gap: float) -> None:
    for less, more in pairwise(found.points):
        assert less.share < more.share
        assert less.value_cny <= more.value_cny
        assert less.bound_cny <= more.bound_cny
    for point in found.points:
        alone = plan_months(within(p, point.event_limit_cny, point.concession_limit_cny))[0].outcome
        assert point.value_cny <= alone.bound + 0.02
        assert alone.objective <= point.bound_cny + 0.02
        assert point.bound_cny - point.value_cny <= gap * abs(point.value_cny) + 0.02


@pytest.mark.parametrize("scaled", ["both", "event", "concession"])
def test_more_budget_is_never_worth_less_and_a_solve_of_its_own_agrees(scaled: str) -> None:
    p = small()
    found = frontier(p, (5_000.0, 2_000.0), scaled)
    assert len(found.points) >= 10
    assert found.points[found.current].share == 1.0
    rises_and_agrees_with_solves_of_its_own(p, found, 3 * GAP)
    for point in found.points:
        assert point.event_cny <= point.event_limit_cny + 0.01
        assert point.concession_cny <= point.concession_limit_cny + 0.01
    assert found.last_year_cny == {"both": 7_000.0, "event": 5_000.0, "concession": 2_000.0}[scaled]
    assert found.points[-1].value_cny > found.points[0].value_cny


def test_a_budget_too_small_for_the_floors_is_told_and_not_fatal() -> None:
    p = small(3, floors={"branch_cny_per_client": 250.0}, budget={"event_cny": 12_000.0, "concession_cny": 3_000.0})
    found = frontier(p, None, shares=(0.1, 0.5, 1.0, 1.5))
    assert [point.feasible for point in found.points][:1] == [False]
    assert found.points[-1].feasible
    assert found.last_year_cny is None


def test_the_frontier_through_a_plan_keeps_its_figures_and_a_solve_of_its_own_agrees() -> None:
    p = small()
    year, placed = plan_months(p)
    found = frontier_through(p, (year, Choice(placed, year.levels)), None)
    assert len(found.points) >= 10
    own = found.points[found.current]
    assert own.share == 1.0
    assert own.value_cny == totals(p, Choice(placed, year.levels)).value_cny
    assert own.bound_cny >= own.value_cny
    rises_and_agrees_with_solves_of_its_own(p, found, 2 * LOOSER * GAP)
    assert found.points[0].value_cny < own.value_cny < found.points[-1].value_cny
