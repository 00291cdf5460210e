"""Near-equal plans: judged, within 1 %, farther apart than two runs of the solver; fewer where there are no more."""

from dataclasses import replace

import pytest

from planning.book.book import Book
from planning.catalogue.offer import Offer, offer
from planning.judge import Facts, gather, judge
from planning.optimise.apart import apart, money_on_lines
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.plan.alternatives import LEAST_APART, Found, alternatives
from planning.plan.compose import Choice, compose
from planning.plan.judged import columns, plain
from planning.plan.plan import Plan, Solve
from planning.policy import Policy
from tests.optimise.books import drawn, policy

Case = tuple[tuple[Offer, Problem, Facts], tuple[Plan, Choice]]
RULES = policy(budget={"event_cny": 20_000.0, "concession_cny": 9_000.0}, solver={"gap": 1e-3})


def case(book: Book, rules: Policy) -> Case:
    offered = offer(book, rules)
    p = problem(offered, rules)
    year, placed = plan_months(p)
    told = year.outcome
    choice = Choice(placed, year.levels)
    plan = compose(p, choice, ("base", book.data_hash), Solve("optimal", told.solver, told.objective, told.bound, told.gap, told.seconds))
    return (offered, p, gather(columns(book), plan.policy)), (plan, choice)


@pytest.fixture(scope="module")
def wide() -> Case:
    return case(drawn(7, branches=3, clients=60, events=5), RULES)


@pytest.fixture(scope="module")
def found(wide: Case) -> tuple[Found, ...]:
    return alternatives(*wide)


def test_three_plans_within_1_percent_that_the_second_judge_passes(wide: Case, found: tuple[Found, ...]) -> None:
    (_, _, facts), (plan, _) = wide
    assert len(found) == 3
    for one in found:
        assert judge(plain(one.plan), facts).passed
        assert one.line.value_cny >= 0.99 * plan.totals.value_cny - 0.01
        assert one.line.value_cny <= plan.solve.bound + 0.01
        assert one.plan.solve.gap >= (plan.solve.bound - one.line.value_cny) / plan.solve.bound - 1e-6


def test_they_differ_from_each_other_by_more_than_two_runs_of_the_solver(wide: Case, found: tuple[Found, ...]) -> None:
    (_, p, _), _ = wide
    runs = [plan_months(replace(p, policy=p.policy.with_parameters({"seed": seed})))[0] for seed in (1, 2)]
    between_runs = apart(*(money_on_lines(p, run) for run in runs))
    for one in found:
        assert one.line.nearest >= LEAST_APART
        assert one.line.nearest > between_runs
        assert one.line.apart >= one.line.nearest
    assert len({one.plan.sessions + one.plan.ladder for one in found}) == 3  # type: ignore[operator]


def test_each_says_what_it_does_differently_in_money_that_adds_up(found: tuple[Found, ...]) -> None:
    for one in found:
        assert one.line.changes
        assert [abs(change.more_cny) for change in one.line.changes] == sorted((abs(change.more_cny) for change in one.line.changes), reverse=True)
        assert {change.what for change in one.line.changes} <= {"family", "tier", "concession", "region"}


def test_where_nothing_can_be_done_otherwise_there_are_none() -> None:
    narrow = case(drawn(4), policy(budget={"event_cny": 0.0, "concession_cny": 0.0}))
    assert alternatives(*narrow) == ()


def test_distance_is_the_share_of_money_on_other_lines() -> None:
    one, other = {("event", "a"): 3.0, ("event", "b"): 1.0}, {("event", "b"): 10.0, ("event", "c"): 10.0}
    assert apart(one, other) == pytest.approx(0.75)
    assert apart(one, {line: 7 * amount for line, amount in one.items()}) == pytest.approx(0.0)
    assert apart(one, {}) == 1.0
    assert apart({}, {}) == 0.0
