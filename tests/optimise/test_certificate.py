"""Prices on limits bound every plan: whatever the prices, no plan that can be tried is worth more; at the solver's own the bound is its own."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.catalogue.offer import offer
from planning.judge import Facts, bound, gather, priced
from planning.judge.bound import ROWS
from planning.judge.exact import exact
from planning.judge.priced import Price
from planning.optimise.certificate import limit_prices
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem
from planning.optimise.problem import problem as problem_of
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves
from planning.plan.judged import columns
from tests.optimise.books import drawn, policy
from tests.optimise.brute import TooMany, best_value
from tests.optimise.instances import LEAST, SMALL, Instance, instance, with_solver

FEN = 0.01
NONE_SHORT = {("managers", "hours_year"): 150.0}
BINDING: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {  # None = instance(seed, SMALL), else drawn(seed) under such a policy
    ("guests_fit_the_room", "<="): (24, None),
    ("once_is_enough", "<="): (24, None),
    ("not_too_often", "<="): (0, None),
    ("gifts_within_cap", "<="): (1, {"caps": {"gift_cny_client_year": 100.0}}),
    ("touches_answer", "<="): (1, {"value": {"objective": "gross"}, "budget": {"event_cny": 2_000.0}}),
    ("no_answer_without_session", "<="): (24, None),
    ("visits_kept", "<="): (1, {"tables": NONE_SHORT, "contact": {"rule": "target"}}),
    ("concession_bearable", "<="): (0, {"caps": {"concession_share_of_contribution": 0.05}, "budget": {"concession_cny": 1e6}}),
    ("within_event_budget", "<="): (24, None),
    ("within_concession_budget", "<="): (0, {"budget": {"event_cny": 3_000.0, "concession_cny": 1_500.0, "transfer_share": 0.5}}),
    ("spend_phased", "<="): (3, {"phasing": {"q1": [0.0, 0.2], "q2": [0.0, 0.3], "q3": [0.0, 0.3], "q4": [0.0, 0.3]}}),
    ("tier_cap", "<="): (1, {"caps": {"tier": {"private": 0.3}}}),
    ("branch_cap", "<="): (0, {"caps": {"branch_share": 0.52}}),
    ("partner_within_cap", "<="): (0, {}),
    ("enough_guests", ">="): (1, None),
    ("sessions_within_the_year", ">="): (2, {"tables": {("events", "min_sessions"): 3}}),
    ("club_every_month", ">="): (1, {"events": 5, "calendar": {"club_every_month": True}}),
    ("must_hold", ">="): (46, None),
    ("ladder_rises_with_tier", ">="): (0, {"budget": {"concession_cny": 3_000.0}}),
    ("spend_phased", ">="): (1, None),
    ("tier_floor", ">="): (1, {"floors": {"tier": {"gold": 0.6}}}),
    ("branch_floor", ">="): (5, {"floors": {"branch_cny_per_client": 150.0}, "budget": {"event_cny": 4_000.0}}),
}
Tried = [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 900))]
Likened = [*range(24), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(24, 600))]


def facts_of(one: Instance) -> Facts:
    return gather(one.tables, one.policy.model_dump(mode="json"))


def solved(problem: Problem) -> Model | None:
    """The linear model as the certificate has it; None where no plan keeps the rules."""
    model = build(follow_curves(problem), RULES)
    return model if solve(model.lp, problem.policy.solver, Effort(0.0, relaxed=True)).status == "optimal" else None


def found(problem: Problem) -> list[Price]:
    """The solver's own prices."""
    return [Price(one.rule, one.where, one.sense, exact(one.price), exact(one.width)) for one in limit_prices(problem) or ()]


def nonsense(problem: Problem, draw: random.Random) -> Iterator[Price]:
    """A price of any size on some limits of the year, drawn without thought."""
    rows = [row for row in build(problem, RULES).rows if row.sense != "=="]
    chosen = draw.sample(rows, draw.choice([1, min(3, len(rows)), len(rows)]))
    for row in chosen:
        price, width = (Fraction(round(10 ** draw.uniform(-3, 5) * 1000), 1000) for _ in range(2))
        yield Price(row.rule, row.where, row.sense, price, width if row.rule == "no_answer_without_session" else Fraction(0))


def together(prices: Sequence[Price], further: Sequence[Price]) -> list[Price]:
    """Both prices on each limit; the first's width where it has one."""
    sums = {(one.rule, one.where, one.sense): one for one in prices}
    for one in further:
        own = sums.get((one.rule, one.where, one.sense))
        sums[one.rule, one.where, one.sense] = own._replace(price=own.price + one.price) if own else one
    return list(sums.values())


@pytest.mark.parametrize("seed", Tried)
def test_no_plan_is_worth_more_than_the_bound_at_any_prices(seed: int) -> None:
    """Every plan of the smallest years is tried, months and ladder and all."""
    one, draw = instance(seed, LEAST), random.Random(seed)
    try:
        best = best_value(one.problem)
    except TooMany:
        best = -inf
    facts, own = facts_of(one), found(one.problem)
    for further in [[], *(list(nonsense(one.problem, draw)) for _ in range(6))]:
        for prices in (further, together(own, further)):
            assert best <= float(bound(prices, facts).cny) + FEN, prices


@given(seed=st.integers(0, 10**6), draw=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_prices_of_the_solver_moved_at_will_bound_its_own_best(seed: int, draw: random.Random) -> None:
    one = instance(seed, SMALL)
    whole = build(one.problem, RULES)
    whole.whole_guests()
    outcome = solve(whole.lp, one.policy.solver, Effort(0.01, nodes=200))
    if outcome.status in ("infeasible", "none"):
        return
    touches = [sum(one.problem.event(one.problem.seats[i]).touch_weight * whole.seats[i].value() for i in response.seats) for response in one.problem.responses]
    value = outcome.objective - sum(response.above_curve(at) for response, at in zip(one.problem.responses, touches, strict=True))
    moved = [price._replace(price=price.price * Fraction(round(draw.uniform(0, 2), 3))) for price in found(one.problem)]
    assert value <= float(bound(moved, facts_of(one)).cny) + FEN


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("seed", Likened)
def test_at_the_solvers_prices_the_bound_is_the_linear_models(seed: int, solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the half fens by which a plan may miss a limit of money, and lower where tangents lie above the curve."""
    monkeypatch.setattr(priced, "HALF_FEN", Fraction(0))
    one = instance(seed, SMALL)
    problem = with_solver(one, solver)
    model = solved(problem)
    if model is not None:
        again = bound(found(problem), facts_of(one))
        assert not again.unread
        assert float(again.cny) <= model.worth() + 1e-6 * abs(model.worth()) + 2 * FEN


@pytest.mark.parametrize("limit", ROWS, ids="".join)
def test_a_limit_that_binds_has_a_price_and_the_bound_is_the_linear_models(limit: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priced, "HALF_FEN", Fraction(0))
    problem, facts = binding(limit)
    model, prices = solved(problem), found(problem)
    assert model is not None
    assert limit in {(price.rule, price.sense) for price in prices}
    assert float(bound(prices, facts).cny) == pytest.approx(model.worth(), rel=0.01)
    assert float(bound(prices, facts).cny) <= model.worth() + 1e-6 * abs(model.worth()) + 2 * FEN


def binding(limit: tuple[str, str]) -> tuple[Problem, Facts]:
    """A year in which the limit binds."""
    seed, sections = BINDING[limit]
    if sections is None:
        one = instance(seed, SMALL)
        return one.problem, facts_of(one)
    fields = {**sections}
    book, columns_ = drawn(seed, events=fields.pop("events", 3)), fields.pop("tables", {})
    for (table, column), value in columns_.items():
        book.tables[table][column] = value
    rules = policy(**fields)
    return problem_of(offer(book, rules), rules), gather(columns(book), rules.model_dump(mode="json"))


@pytest.mark.parametrize("seed", range(0, 200, 7))
def test_every_limit_of_the_model_is_one_the_judge_states(seed: int) -> None:
    one = instance(seed, SMALL)
    rows = build(one.problem, RULES).rows
    names = [(row.rule, row.where, row.sense) for row in rows]
    assert len(set(names)) == len(names)
    prices = [Price(*name, Fraction(1), Fraction(1)) for name in names if name[2] != "=="]
    unread = [price for price in bound(prices, facts_of(one)).unread if solved(one.problem)]
    assert not unread


def test_prices_that_are_no_prices_count_for_nothing() -> None:
    one = next(one for one in map(lambda seed: instance(seed, SMALL), range(50)) if found(one.problem))
    facts, own = facts_of(one), found(one.problem)
    strange = [
        *(price._replace(price=-price.price) for price in own),
        *(price._replace(sense={"<=": ">=", ">=": "<="}[price.sense]) for price in own if price.rule not in ("spend_phased",)),
        *(price._replace(where=("nowhere",) * max(len(price.where), 1)) for price in own),
        *(price._replace(where=(*price.where, "further", "codes")) for price in own if price.rule != "within_event_budget"),
        Price("no_such_rule", (), "<=", Fraction(1)),
    ]
    told = bound(strange, facts)
    assert told.cny == bound([], facts).cny
    assert set(told.unread) == set(strange)


def test_looser_limits_never_lower_the_bound() -> None:
    for seed in range(40):
        one = instance(seed, SMALL)
        own = found(one.problem)
        looser = one.policy.with_parameters({"event_cny": one.policy.budget.event_cny + 1_000, "attendances_client_month": 12})
        richer = replace(one, policy=looser)
        assert bound(own, facts_of(richer)).cny >= bound(own, facts_of(one)).cny
