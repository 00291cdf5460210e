"""A year cut into blocks: any prices give a bound, good prices a close one, and the joined year keeps every rule."""

import random
from dataclasses import replace

import pulp
import pytest

from planning.catalogue.offer import offer
from planning.optimise import decompose, year
from planning.optimise.decompose import cut, priced
from planning.optimise.duals import multipliers
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.year import solve_year
from planning.plan.make import make_plan
from planning.policy.sections import Solver
from tests.optimise.books import drawn, policy

FULL = {"budget": {"event_cny": 15_000.0, "concession_cny": 4_000.0}, "caps": {"tier": {"gold": 0.7}}, "floors": {"tier": {"private": 0.2}}}


def small(seed: int, name: str = "highs") -> Problem:
    rules = policy(solver={"gap": 1e-4, "name": name}, **FULL)
    return problem(offer(drawn(seed, branches=3, clients=30, events=4), rules), rules)


def solved(p: Problem) -> Model:
    model = build(p, RULES)
    assert solve(model.lp, p.policy.solver, Effort(0.0, relaxed=True)).status == "optimal"
    return model


@pytest.mark.parametrize("most_slots", [0, 60], ids=["by branch", "by region"])
@pytest.mark.parametrize("seed", [1, 4, 6])
def test_the_blocks_bound_the_year(seed: int, most_slots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompose, "MOST_SLOTS", most_slots)
    p = small(seed)
    best = solve_year(p).outcome
    linear = solved(p)
    prices = multipliers(linear, "highs")
    found = priced(linear, cut(linear), prices, 1e-6).bound
    assert best.objective - 0.01 <= found <= linear.worth() + 0.01
    draw = random.Random(seed)
    shaken = [price * draw.uniform(0.3, 2.0) for price in prices]
    assert priced(linear, cut(linear), shaken, 1e-6).bound >= best.objective - 0.01


@pytest.mark.parametrize("most_slots", [0, 60], ids=["by branch", "by region"])
@pytest.mark.parametrize("seed", range(5))
def test_a_year_joined_from_blocks_is_as_good_and_keeps_every_rule(seed: int, most_slots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    p = small(seed)
    whole = solve_year(p).outcome
    monkeypatch.setattr(decompose, "MOST_SLOTS", most_slots)
    monkeypatch.setattr(year, "MOST_WHOLE", 0)
    joined = solve_year(p).outcome
    assert joined.objective == pytest.approx(whole.objective, rel=2.1e-4)
    assert max(joined.objective, whole.objective) <= min(joined.bound, whole.bound) + 0.01
    make_plan(drawn(seed, branches=3, clients=30, events=4), p.policy, "joined", lambda *_: None)


def test_a_joined_year_that_misses_the_gap_is_searched_from_its_own_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tangents have grown since that plan was found: the search begins with the columns the plan has values for."""
    p = small(1)
    whole = solve_year(p).outcome
    join = year.join_blocks
    monkeypatch.setattr(year, "MOST_WHOLE", 0)
    monkeypatch.setattr(year, "JOINED_ROUNDS", 1)
    monkeypatch.setattr(year, "join_blocks", lambda *given: replace(join(*given), bound=1.05 * whole.bound))
    assert solve_year(p).outcome.objective == pytest.approx(whole.objective, rel=2.1e-4)


def test_every_row_stands_once_with_one_block_or_shared() -> None:
    model = build(small(1), RULES)
    pieces = cut(model)
    assert set(pieces.owner) == {variable.name for variable in model.lp.variables()} | {session.name for session in model.sessions}
    own = [row for rows in pieces.rows.values() for row in rows]
    empty = [row for row in model.rows if not row.constraint]
    assert len(own) + len(pieces.shared) + len(empty) == len(model.rows)
    assert {model.rows[index].rule for index in pieces.shared} >= {"event_cash", "tier_standard_cost"}


def test_a_year_like_another_is_no_worse_for_it() -> None:
    p = small(4)
    once = solve_year(p)
    assert solve_year(p, like=once).outcome.objective >= once.outcome.bound * (1 - 2.1e-4)


@pytest.mark.parametrize("name", ["highs", "cbc"])
def test_multipliers_have_one_sign_for_every_solver(name: str) -> None:
    """max 3a + 2b − 5c with a + b ≤ 4, b − a = 2, c ≥ 2, b ≥ 1: a = 1, b = 3, c = 2."""
    toy = Model(small(1))
    toy.lp = pulp.LpProblem("toy", pulp.LpMaximize)
    a, b, c = (pulp.LpVariable(letter, 0) for letter in "abc")
    toy.require([(a, 1.0), (b, 1.0)], "<=", 4, "together")
    toy.require([(b, 1.0), (a, -1.0)], "==", 2, "apart")
    toy.require([(c, 1.0)], ">=", 2, "dear")
    toy.require([(b, 1.0)], ">=", 1, "slack")
    toy.set_objective([(a, 3.0), (b, 2.0), (c, -5.0)])
    assert solve(toy.lp, Solver(name=name), Effort(0.0, relaxed=True)).objective == pytest.approx(-1)
    assert multipliers(toy, name) == pytest.approx([2.5, -0.5, -5, 0])
