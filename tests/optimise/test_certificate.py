"""Prices on limits bound every plan: whatever the prices, no plan that can be tried is worth more; at the solver's own the bound is its own."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import expm1, inf
from typing import Any

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible, NotSolved
from planning.judge import Facts, bound, gather, priced
from planning.judge.answer import Answer, read_answer
from planning.judge.bound import ROWS, curves, guest_prices, ladders, read, session_prices
from planning.judge.exact import exact
from planning.judge.priced import First, Price, Priced
from planning.judge.rooms import rooms
from planning.judge.value import totals
from planning.optimise.certificate import limit_prices
from planning.optimise.model import Model, build
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem
from planning.optimise.problem import problem as problem_of
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves
from planning.plan.compose import Choice, compose
from planning.plan.judged import columns, plain
from planning.plan.plan import Solve
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
Planned = [*range(30), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(30, 500))]
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


@pytest.mark.parametrize("seed", Planned)
def test_a_plan_keeps_every_limit_that_has_a_price(seed: int) -> None:
    """At a price on one limit alone, what a plan brings with it is its value and the room it leaves under the limit: never less than its value."""
    one = instance(seed, SMALL)
    facts = facts_of(one)
    answer = planned(one, facts)
    if answer is None:
        return
    room, draw, worth = rooms(facts), random.Random(seed), totals(facts, answer)["value_cny"]
    for row in build(one.problem, RULES).rows:
        at_prices = Priced(facts, room)
        width = Fraction(draw.choice([1, 5, 40]), 2) if row.rule == "no_answer_without_session" else Fraction(0)
        if row.sense != "==" and read(at_prices, Price(row.rule, row.where, row.sense, Fraction(1_000), width)):
            assert with_prices(at_prices, answer) >= worth - 1e-7 * max(abs(worth), 1), (row.rule, row.where, row.sense)


@pytest.mark.parametrize("seed", Planned)
def test_no_plan_brings_more_at_prices_than_the_bound(seed: int) -> None:
    one, draw = instance(seed, SMALL), random.Random(seed)
    facts = facts_of(one)
    answer = planned(one, facts)
    for prices in [found(one.problem), *(list(nonsense(one.problem, draw)) for _ in range(3))] if answer else []:
        at_prices = Priced(facts, rooms(facts))
        for price in prices:
            read(at_prices, price)
        brings = with_prices(at_prices, answer)
        assert totals(facts, answer)["value_cny"] <= brings + 1e-7 * max(abs(brings), 1)
        assert brings <= float(bound(prices, facts).cny) + 1e-7 * max(abs(brings), 1)


def planned(one: Instance, facts: Facts) -> Answer | None:
    """The best plan in months, as the judge reads it; None where there is none."""
    try:
        year, placed = plan_months(one.problem)
    except (Infeasible, NotSolved):
        return None
    return read_answer(plain(compose(one.problem, Choice(placed, year.levels), ("many", "-"), Solve("feasible", "", 0.0, 0.0, 0.0, 0.0))), facts)


def with_prices(p: Priced, answer: Answer) -> float:
    """What a plan brings where limits are not kept but paid for: worth of the limits, less prices, plus answers and ladders (yuan)."""
    sessions: Counter[tuple[str, str]] = Counter()
    for (event, host, _), count in answer.sessions.items():
        sessions[event, host] += int(count)
    touches: defaultdict[Any, Fraction] = defaultdict(Fraction)
    for (segment, event), seats in answer.seats.items():
        touches[segment, p.facts.events[event].family] += p.facts.events[event].touch * seats
    brings = p.limits - sum(price * sessions[place] for place, price in session_prices(p))
    brings -= sum(price * answer.seats.get(seat, 0) for seat, price in guest_prices(p))
    levels = {(row.cell, row.concession): row.level for row in answer.chosen}
    brings += sum(dict(worth)[levels[ladder]] for ladder, worth in ladders(p))
    uplift = 0.0
    for own, curve in curves(p):
        first = p.first.get(own, First(Fraction(0), Fraction(0)))
        brings -= p.touches[own] * touches[own] + first.price * min(first.width, touches[own])
        uplift -= float(curve.ceiling) * expm1(-float(curve.rate * touches[own]))
    return float(brings) + uplift


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


def test_a_price_above_that_of_an_hour_short_counts_as_that() -> None:
    book, rules = drawn(1), policy(contact={"rule": "target", "cost_per_hour_short": 2.0})
    book.tables["managers"]["hours_year"] = 1.0
    problem, facts = problem_of(offer(book, rules), rules), gather(columns(book), rules.model_dump(mode="json"))
    year, placed = plan_months(problem)
    answer = read_answer(plain(compose(problem, Choice(placed, year.levels), ("short", "-"), Solve("feasible", "", 0.0, 0.0, 0.0, 0.0))), facts)
    at = {price: Priced(facts, rooms(facts)) for price in (2, 1_000)}
    for price, prices in at.items():
        assert all(read(prices, Price("visits_kept", (branch,), "<=", Fraction(price))) for branch in problem.hours)
    dear, own = (with_prices(at[price], answer) for price in (1_000, 2))
    assert dear == own == pytest.approx(totals(facts, answer)["value_cny"])
    assert totals(facts, answer)["value_cny"] < sum(totals(facts, answer)[part] for part in ("uplift_cny", "gain_cny"))


def test_months_locked_beyond_those_open_only_loosen_the_bound() -> None:
    """A locked session takes place in a month that is closed to others; what may be held there counts."""
    for seed in range(20):
        one = instance(seed, SMALL)
        facts, own = facts_of(one), found(one.problem)
        lines = [{"event": slot.event.event, "host": slot.host, "month": month, "sessions": 1} for slot in one.problem.slots for month in (1, 12)]
        locked = replace(facts, policy={**facts.policy, "frozen": {"sessions": lines}})
        assert bound(own, locked).cny >= bound(own, facts).cny
        assert all({1, 12} <= rooms(locked).months[slot.key] for slot in one.problem.slots)
