"""Least budgets: with that money the goal is reached, with a little less it is not; a goal out of reach is told with the most."""

from dataclasses import replace

import pytest

from planning.catalogue.offer import offer
from planning.optimise.goal import Goal, Kind, Steered, attained, cash_of, goal_rules, goal_terms, least_budget, most_of
from planning.optimise.model import build
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.year import solve_year
from tests.optimise.books import drawn, policy

pytestmark = pytest.mark.slow

KINDS: tuple[Kind, ...] = ("value", "added", "retention", "reached")
GAP = 1e-3


def small(seed: int = 3, **sections: object) -> Problem:
    rules = policy(solver={"gap": GAP}, evaluation={"holdout_share": 0.1}, **sections)
    return problem(offer(drawn(seed), rules), rules)


def cost(p: Problem, found: Steered) -> tuple[float, float]:
    """Event cash and concession cost, yuan."""
    steps = [next(step for step in p.cells[c].steps[kind] if step.level == level) for (c, kind), level in found.year.levels.items()]
    return cash_of(p, found.year), sum(step.cost_cny for step in steps)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [3, 5])
def test_with_the_least_budget_the_goal_is_reached_and_with_less_it_is_not(kind: Kind, seed: int) -> None:
    p = small(seed)
    most = most_of(p, kind)
    assert most is not None
    goal = Goal(kind, 0.6 * attained(p, kind, most.year))
    found = least_budget(p, goal)
    assert found is not None
    assert attained(p, kind, found.year) >= goal.amount * (1 - 1e-6)
    money = sum(cost(p, found))
    assert found.bound <= money + 0.01
    assert money <= found.bound * (1 + 2 * GAP) + 0.01
    assert most_within(p, kind, money) >= goal.amount * (1 - 1e-6)
    assert most_within(p, kind, found.bound * (1 - GAP) - 0.01) < goal.amount


def most_within(p: Problem, kind: Kind, money: float) -> float:
    """The most of a goal that both budgets together can buy, by a bound or a plan of a solve of its own."""
    held = replace(p, event_limit_cny=money, concession_limit_cny=0.0, policy=p.policy.with_parameters({"transfer_share": 1.0}))
    if kind == "value":
        return solve_year(held).outcome.objective
    model = build(held, (*RULES, *goal_rules(Goal(kind, 0.0))[1:]))
    model.whole_guests()
    model.set_objective(goal_terms(model, kind))
    assert solve(model.lp, held.policy.solver, Effort(1e-4)).status == "optimal"
    return model.worth()


def test_a_goal_out_of_reach_is_none_and_the_most_is_told() -> None:
    p = small()
    most = most_of(p, "reached")
    assert most is not None
    reached = attained(p, "reached", most.year)
    assert reached <= most.bound + 1e-6
    assert least_budget(p, Goal("reached", most.bound + 1)) is None
    assert least_budget(p, Goal("reached", reached)) is not None


def test_the_most_value_is_the_plans_where_no_budget_binds() -> None:
    p = small(3, budget={"event_cny": 1e6, "concession_cny": 1e6})
    most, (best, _) = most_of(p, "value"), plan_months(p)
    assert most is not None
    assert attained(p, "value", most.year) == pytest.approx(best.outcome.objective, rel=2 * GAP)


def test_one_of_the_budgets_alone_can_be_the_least() -> None:
    p = small()
    goal = Goal("added", 0.5 * attained(p, "added", most_of(p, "added").year))  # type: ignore[union-attr]
    events, both = (least_budget(p, goal, spend) for spend in ("event", "both"))  # type: ignore[arg-type]
    assert events is not None
    assert both is not None
    assert cost(p, events)[0] <= cost(p, both)[0] + 0.01
    assert sum(cost(p, both)) <= sum(cost(p, events)) * (1 + GAP) + 0.01
