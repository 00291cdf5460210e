"""What a stopped solver says is told as it is: out of nodes, out of time, without a plan, within a wide gap."""

import random

import pulp
import pytest

from planning.catalogue.offer import offer
from planning.errors import Fault, NotSolved
from planning.optimise import goal, year
from planning.optimise.model import Model, build
from planning.optimise.placement import plan_months, settle_ties
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, Outcome, solve
from planning.optimise.year import solve_year
from planning.plan.compose import Choice, totals
from planning.policy.sections import Solver
from tests.optimise.books import drawn, policy
from tests.optimise.brute import best_value
from tests.optimise.instances import LEAST, SMALL, instance, with_solver
from tests.optimise.test_many import faults
from tests.optimise.test_solve import SOLVERS


def rooms(seed: int, items: int = 40, rows: int = 5) -> pulp.LpProblem:
    """A knapsack with several rooms: a second's work, but not one node's."""
    draw = random.Random(seed)
    lp = pulp.LpProblem("rooms", pulp.LpMaximize)
    taken = [pulp.LpVariable(f"t{i}", 0, 1, pulp.LpInteger) for i in range(items)]
    lp.setObjective(pulp.LpAffineExpression([(t, draw.randint(50, 150)) for t in taken]))
    for row in range(rows):
        weights = [draw.randint(20, 100) for _ in taken]
        lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(list(zip(taken, weights, strict=True))), pulp.LpConstraintLE, f"r{row}", sum(weights) // 3))
    return lp


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("seed", range(4))
def test_out_of_nodes_is_feasible_with_a_true_bound(name: str, seed: int) -> None:
    best = solve(rooms(seed), Solver(), Effort(0.0)).objective
    stopped = solve(rooms(seed), Solver(name=name), Effort(0.0, nodes=1))
    assert stopped.status in ("feasible", "none")
    if stopped.status == "feasible":
        assert stopped.objective <= best + 1e-6 <= stopped.bound + 2e-6
        assert stopped.gap > 0


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("lost", [1, 15, 40])
def test_a_bound_above_nothing_for_a_plan_worth_less_than_nothing_is_told_as_it_is(name: str, lost: int) -> None:
    lp = rooms(0)
    best = solve(rooms(0), Solver(), Effort(0.0)).objective
    lp.setObjective(pulp.LpAffineExpression([*lp.objective.items(), (pulp.LpVariable("once", 1, 1), -best - lost)]))
    stopped = solve(lp, Solver(name=name), Effort(0.0, nodes=1))
    assert stopped.status == "feasible"
    assert stopped.objective <= -lost + 1e-6 <= stopped.bound + 2e-6


@pytest.mark.parametrize("name", SOLVERS)
def test_out_of_time_without_a_plan_is_not_called_infeasible(name: str) -> None:
    """A market split without slack: neither a plan nor a proof that there is none can be found in a second."""
    draw = random.Random(1)
    lp = pulp.LpProblem("split", pulp.LpMinimize)
    taken = [pulp.LpVariable(f"t{i}", 0, 1, pulp.LpInteger) for i in range(50)]
    lp.setObjective(pulp.LpAffineExpression([(taken[0], 1.0)]))
    for row in range(6):
        weights = [draw.randint(1, 99) for _ in taken]
        lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(list(zip(taken, weights, strict=True))), pulp.LpConstraintEQ, f"r{row}", sum(weights) // 2))
    assert solve(lp, Solver(name=name, seconds=1), Effort(0.0)).status == "none"


def test_a_search_out_of_time_before_anything_is_proven_says_nothing() -> None:
    """Of the plan it began with nothing is known, and the last point of a linear model is no optimum."""
    no_time = Solver().model_copy(update={"seconds": 0.0})
    lp = rooms(0)
    assert solve(lp, no_time, Effort(0.0, start={variable.name: 0.0 for variable in lp.variables()})).status == "none"
    assert solve(rooms(0, 800, 200), no_time, Effort(0.0, relaxed=True)).status == "none"


def test_a_year_joined_from_blocks_stands_where_no_time_is_left_to_search_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_time(*_: object) -> None:
        raise NotSolved(Fault("no_plan_in_time"))

    rules = policy(solver={"gap": 0.0})
    p = problem(offer(drawn(4), rules), rules)
    best = solve_year(p).outcome
    monkeypatch.setattr(year, "large", lambda _: True)
    monkeypatch.setattr(year, "_searched", no_time)
    monkeypatch.setattr(year, "_closer", lambda _, found, __: found)
    joined = solve_year(p).outcome
    assert joined.status == "feasible"
    assert joined.objective <= best.bound + 0.01
    assert best.objective <= joined.bound + 0.01


def test_a_goal_is_not_called_out_of_reach_because_time_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first search finds a year; no further one finds anything."""
    ran: list[bool] = []

    def stopped(lp: pulp.LpProblem, options: Solver, effort: Effort) -> Outcome:
        told = Outcome("none", "HiGHS", 0.0, 0.0, 1.0) if True in ran else solve(lp, options, effort)
        ran.append(not effort.relaxed)
        return told

    monkeypatch.setattr(goal, "solve", stopped)
    with pytest.raises(NotSolved) as told:
        goal.least_budget(instance(0, SMALL).problem, goal.Goal("reached", 1.0))
    assert [fault.code for fault in told.value.faults] == ["no_plan_in_time"]


def test_a_goal_that_more_and_more_is_asked_for_in_vain_is_not_called_out_of_reach() -> None:
    """On the curves every year lacks a hundred clients: that proves nothing of years that were not tried."""
    p = instance(0, SMALL).problem

    def purpose(one: Problem, raised: float) -> Model:
        model = build(one, (*RULES, *goal.goal_rules(goal.Goal("reached", 1.0 + raised))))
        model.set_objective([(variable, -amount) for variable, amount in goal.spent(model, "both")])
        return model

    with pytest.raises(NotSolved):
        goal.steered(p, purpose, lambda *_: 100.0, amount=1.0)


def test_a_year_without_a_plan_in_time_is_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year, "solve", lambda *_: Outcome("none", "HiGHS", 0.0, 0.0, 1.0))
    with pytest.raises(NotSolved) as told:
        plan_months(instance(0, LEAST).problem)
    assert [fault.code for fault in told.value.faults] == ["no_plan_in_time"]


@pytest.mark.parametrize("name", SOLVERS)
def test_a_plan_within_ten_percent_says_how_far_the_best_may_lie(name: str) -> None:
    wide = [one for one in (instance(seed, LEAST) for seed in range(40)) if one.policy.solver.gap == 0.1 and best_value(one.problem) > 0]
    assert len(wide) >= 3
    for one in wide:
        told, best = plan_months(with_solver(one, name))[0].outcome, best_value(one.problem)
        assert told.objective <= best + 0.01 <= told.bound + 0.02
        assert told.status == ("optimal" if told.gap <= 0.1 + 1e-9 else "feasible")


def test_a_solver_that_breaks_off_is_told_and_ties_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    p = problem(offer(drawn(4), policy(solver={"name": "cbc", "gap": 0.01})), policy(solver={"name": "cbc", "gap": 0.01}))
    found = plan_months(p)

    def breaks(*_: object, **__: object) -> None:
        raise pulp.PulpSolverError("ended by a signal")

    monkeypatch.setattr(pulp.PULP_CBC_CMD, "actualSolve", breaks)
    with pytest.raises(NotSolved) as told:
        plan_months(p)
    assert told.value.faults[0].code == "solver_broke"
    assert settle_ties(p, found) == (*found, False)


def test_cbc_loses_no_plan_by_reducing_whole_numbers() -> None:
    """Years on which CBC's own reduction of whole-number models proved a bound below a plan that keeps every rule."""
    for seed in (629, 636, 1545, 2454):
        ends = {name: plan_months(with_solver(instance(seed, SMALL), name))[0].outcome for name in ("highs", "cbc")}
        assert ends["highs"].objective <= ends["cbc"].bound + 0.02, seed
        assert ends["cbc"].objective <= ends["highs"].bound + 0.02, seed


def test_a_plan_found_within_a_wide_gap_is_worth_what_its_decisions_bring() -> None:
    one = instance(2231, SMALL)
    year, placed = plan_months(with_solver(one, "highs"))
    assert year.outcome.objective == pytest.approx(totals(one.problem, Choice(placed, year.levels)).value_cny, abs=0.02)


@pytest.mark.parametrize("seed", [24, 1036, 1781, 2657])
def test_cbc_sees_what_is_impossible_and_tells_tiny_years_truly(seed: int) -> None:
    """Years in which CBC ends without an answer on finding a step impossible, and years worth next to nothing."""
    assert list(faults(instance(seed, SMALL), tried=False)) == []


def test_a_family_whose_events_weigh_nothing_as_touches_brings_nothing() -> None:
    book, rules = drawn(3), policy()
    book.tables["events"]["touch_weight"] = [0.0 if family == "health" else 1.0 for family in book.tables["events"]["family"]]
    p = problem(offer(book, rules), rules)
    assert {response.family for response in p.responses} == {"knowledge"}
    assert plan_months(p)[0].outcome.objective > 0


def test_where_nobody_may_be_approached_no_club_is_asked_for() -> None:
    one = instance(21 * 1085, LEAST)
    assert one.problem.policy.calendar.club_every_month
    assert not one.problem.segments
    assert plan_months(one.problem)[0].outcome.objective == 0.0
