"""What the solver proved is told truly, by either solver, and agrees with trying every plan."""

from dataclasses import replace
from itertools import pairwise, product

import pulp
import pytest

from planning.catalogue.offer import offer
from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise import year
from planning.optimise.explain import conflicts
from planning.optimise.problem import Problem, problem
from planning.optimise.settings import eased
from planning.optimise.solve import Effort, solve
from planning.optimise.year import solve_year
from planning.policy.sections import Solver
from tests.optimise.books import drawn, policy
from tests.optimise.instances import SMALL, instance

SOLVERS = ["highs", "cbc"]


def knapsack(items: int = 4) -> pulp.LpProblem:
    lp = pulp.LpProblem("knapsack", pulp.LpMaximize)
    taken = [pulp.LpVariable(f"t{i}", 0, 1, pulp.LpInteger) for i in range(items)]
    weights = [7 + (i * 37) % 23 for i in range(items)]
    lp.setObjective(pulp.LpAffineExpression([(t, w + 1 + i % 3) for i, (t, w) in enumerate(zip(taken, weights, strict=True))]))
    lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(list(zip(taken, weights, strict=True))), pulp.LpConstraintLE, "room", sum(weights) // 2))
    return lp


@pytest.mark.parametrize("name", SOLVERS)
def test_an_optimum_is_proven(name: str) -> None:
    worth, weights = [8, 23, 9, 25], [7, 21, 12, 26]
    lp = pulp.LpProblem("knapsack", pulp.LpMaximize)
    taken = [pulp.LpVariable(f"t{i}", 0, 1, pulp.LpInteger) for i in range(4)]
    lp.setObjective(pulp.LpAffineExpression(list(zip(taken, worth, strict=True))))
    lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(list(zip(taken, weights, strict=True))), pulp.LpConstraintLE, "room", 40))
    found = solve(lp, Solver(name=name), Effort(0.0))
    assert (found.status, found.objective, found.bound) == ("optimal", pytest.approx(40), pytest.approx(40))  # 8 + 23 + 9, just full


@pytest.mark.parametrize("name", SOLVERS)
def test_no_plan_is_told_as_infeasible(name: str) -> None:
    lp = knapsack()
    lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression([(lp.variables()[0], 1.0)]), pulp.LpConstraintGE, "impossible", 2))
    assert solve(lp, Solver(name=name), Effort(0.0)).status == "infeasible"


@pytest.mark.parametrize("name", SOLVERS)
def test_a_plan_that_was_not_proven_is_feasible_with_its_gap(name: str) -> None:
    """Stopped at the first node: PuLP says Optimal, we say what was proven."""
    lp = hard()
    found = solve(lp, Solver(name=name, seconds=1), Effort(0.0))
    assert found.status in ("feasible", "none")
    if found.status == "feasible":
        assert found.gap > 0
        assert found.bound <= found.objective  # the split is a minimum
        assert found.objective == pytest.approx(pulp.value(lp.objective))


@pytest.mark.parametrize("name", SOLVERS)
def test_a_wide_gap_is_not_called_better_than_it_is(name: str) -> None:
    found = solve(knapsack(12), Solver(name=name), Effort(0.10))
    best = solve(knapsack(12), Solver(name=name), Effort(0.0)).objective
    assert found.status == "optimal"
    assert found.gap <= 0.10 + 1e-9
    assert found.objective <= best + 1e-6 <= found.bound + 2e-6


def hard() -> pulp.LpProblem:
    """A market split: no solver proves it in a second."""
    lp = pulp.LpProblem("split", pulp.LpMinimize)
    taken = [pulp.LpVariable(f"t{i}", 0, 1, pulp.LpInteger) for i in range(60)]
    over = [pulp.LpVariable(f"s{r}{sign}", 0) for r in range(6) for sign in "ab"]
    lp.setObjective(pulp.LpAffineExpression([(s, 1.0) for s in over]))
    for r in range(6):
        weights = [(i * i * (r + 3) * 7919 + r * 104729 + i * 31) % 997 for i in range(60)]
        terms = [*zip(taken, map(float, weights), strict=True), (over[2 * r], 1.0), (over[2 * r + 1], -1.0)]
        lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintEQ, f"row{r}", sum(weights) // 2))
    return lp


@pytest.mark.parametrize("seed", range(25))
def test_both_solvers_find_the_same_value(seed: int) -> None:
    values = [solve_year(small(seed, name)).outcome for name in SOLVERS]
    assert {outcome.status for outcome in values} == {"optimal"}
    assert values[0].objective == pytest.approx(values[1].objective, rel=2e-4)
    assert max(value.objective for value in values) <= min(value.bound for value in values) + 0.01


def small(seed: int, name: str = "highs", **sections: object) -> Problem:
    rules = policy(solver={"gap": 1e-4, "name": name}, **sections)
    return problem(offer(drawn(seed), rules), rules)


@pytest.mark.parametrize("seed", range(8))
def test_trying_every_ladder_finds_nothing_better(seed: int) -> None:
    """Events aside (no event budget), every ladder of a region is tried by hand."""
    held = small(seed, budget={"event_cny": 0.0, "concession_cny": 6_000.0})
    found = solve_year(held).outcome
    best = best_ladder(held)
    assert found.objective == pytest.approx(best, rel=1e-4)
    assert found.objective <= best + 0.01
    assert found.bound >= best - 0.01


def best_ladder(p: Problem) -> float:
    """The best value of all ladders that keep K1–K3 and B2, cell by cell: (cost, value) pairs that no other pair beats."""
    fronts: list[list[tuple[float, float]]] = []
    groups: dict[tuple[str, str, str], list[int]] = {}
    for c, cell in enumerate(p.cells):
        for concession in cell.steps:
            groups.setdefault((cell.region, cell.kind, concession), []).append(c)
    assert p.policy.caps.concession_share_of_contribution == 1.0
    for (_, _, concession), own in sorted(groups.items()):
        ordered = sorted(own, key=lambda c: p.tiers.index(p.cells[c].tier))
        choices = product(*(p.cells[c].steps[concession] for c in ordered))
        rising = [steps for steps in choices if all(low.depth <= high.depth for low, high in pairwise(steps))]
        fronts.append([(sum(s.cost_cny for s in steps), sum(s.gain_cny - s.cost_cny for s in steps)) for steps in rising])
    best = [(0.0, 0.0)]
    for front in fronts:
        joined = sorted((cost + more, value + gain) for cost, value in best for more, gain in front if cost + more <= p.concession_limit_cny)
        best = []
        for cost, value in joined:
            if not best or value > best[-1][1]:
                best.append((cost, value))
    return best[-1][1]


def test_more_budget_never_lowers_the_value() -> None:
    worth = [solve_year(small(3, budget={"event_cny": money, "concession_cny": money / 2})).outcome.objective for money in (0, 2_000, 5_000, 20_000, 80_000)]
    assert all(more >= less * (1 - 1e-4) for less, more in pairwise(worth))
    assert worth[-1] > worth[0]


def test_floors_no_budget_can_pay_are_infeasible_and_named() -> None:
    held = small(3, budget={"event_cny": 1_000.0}, floors={"branch_cny_per_client": 400.0})
    with pytest.raises(Infeasible):
        solve_year(held)
    (conflict,) = conflicts(held)
    assert {way.setting.rule for way in conflict.ways} == {"within_event_budget", "branch_floor"}


def test_rules_that_conflict_only_for_whole_guests_are_named() -> None:
    """With parts of a guest every rule could be kept: with whole guests some must give way."""
    held = instance(24, SMALL).problem
    with pytest.raises(Infeasible):
        solve_year(held)
    found = conflicts(held)
    assert found
    for way in (way for conflict in found if len(found) == 1 for way in conflict.ways if way.value is not None):
        solve_year(eased(held, way.setting, way.value))


def test_visits_that_managers_cannot_make_are_named_with_the_hours() -> None:
    held = short_of_managers("required")
    with pytest.raises(Infeasible):
        solve_year(held)
    assert {conflict.ways[0].setting.rule for conflict in conflicts(held)} == {"visits_kept"}


def test_as_a_target_missed_visits_cost_their_price() -> None:
    held = short_of_managers("target")
    free = solve_year(small(3))
    assert solve_year(held).outcome.objective < free.outcome.objective


def test_a_further_round_that_finds_nothing_in_time_leaves_the_plan_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object) -> object:
        raise NotSolved(Fault("no_plan_in_time"))

    held = small(3)
    best = solve_year(held).outcome
    monkeypatch.setattr(year, "_in_whole_numbers", out_of_time)
    monkeypatch.setattr(year, "within", lambda *_: False)  # as if the asked gap were missed
    found = solve_year(held).outcome
    assert found.status == "feasible"
    assert found.objective <= best.bound + 0.01
    assert found.bound >= best.objective - 0.01


def short_of_managers(rule: str) -> Problem:
    held = small(3, contact={"rule": rule})
    return replace(held, hours=dict.fromkeys(held.hours, 40.0))
