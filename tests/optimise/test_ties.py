"""The tie rule: books made of twins, on which two solvers take the same plan, months and all, or it is said that they need not."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from planning.book.book import Book, book_of
from planning.catalogue.offer import offer
from planning.errors import Infeasible
from planning.optimise import ties
from planning.optimise.placement import Placed, place, plan_months, settle_ties
from planning.optimise.problem import Problem, problem
from planning.optimise.year import Year, solve_year
from planning.plan.compose import Choice, totals
from planning.plan.make import make_plan
from planning.policy import Policy
from tests.optimise.books import drawn, policy
from tests.report.assembled import assembled

MOSTLY = 0.9  # of the books with a plan are settled with both solvers
Plan = tuple[Year, Placed, bool]
Chunks = [pytest.param(range(4)), *(pytest.param(range(at, at + 40), marks=pytest.mark.slow) for at in range(4, 244, 40))]


def twins(seed: int) -> Book:
    """Two branches of one region with clients alike, and an event that stands under two codes."""
    base = drawn(seed, branches=2, clients=10, events=2)
    events, clients = base.tables["events"], base.tables["clients"]
    own = clients[clients["branch"] == "b0"]
    others = own.assign(branch="b1", client=["d" + client for client in own["client"]])
    return book_of({
        **base.tables,
        "branches": base.tables["branches"].assign(region="r0"),
        "managers": base.tables["managers"].assign(grade=3),
        "events": pd.concat([events, events.iloc[[0]].assign(event="e0b")]),
        "clients": pd.concat([own, others]),
    })  # fmt: skip


def rules(seed: int, solver: str) -> Policy:
    budget = {"event_cny": 2_000.0 + seed * 137 % 6_000, "concession_cny": 600.0 + seed * 31 % 1_500}
    return policy(budget=budget, contact={"rule": "target"}, solver={"name": solver, "gap": 1e-3})


def asked(seed: int, solver: str = "highs") -> Problem:
    return problem(offer(twins(seed), rules(seed, solver)), rules(seed, solver))


def planned(seed: int, solver: str) -> Plan:
    one = asked(seed, solver)
    return settle_ties(one, plan_months(one))


def both(seeds: range) -> Iterator[tuple[int, Plan, Plan]]:
    for seed in seeds:
        try:
            yield seed, planned(seed, "highs"), planned(seed, "cbc")
        except Infeasible:
            continue


@pytest.mark.parametrize("seeds", Chunks, ids=str)
def test_two_solvers_take_the_same_plan_where_ties_are_settled(seeds: range) -> None:
    found = list(both(seeds))
    settled = [(seed, one, other) for seed, one, other in found if one[2] and other[2]]
    unlike = [seed for seed, one, other in settled if (chosen(one[0]), one[1]) != (chosen(other[0]), other[1])]
    assert not unlike
    assert len(settled) >= MOSTLY * len(found) > 0


def chosen(year: Year) -> tuple[object, ...]:
    return year.sessions, year.guests, year.levels


def test_of_plans_worth_the_same_none_is_cheaper() -> None:
    """What the tie rule takes is within a yuan of the best, and no plan found without it is as good and a yuan cheaper."""
    for seed in range(3):
        one = asked(seed)
        first = solve_year(one)
        taken = ties.settled(one, first)
        assert taken is not None
        assert first.outcome.objective - ties.TIE_CNY - 0.01 <= taken.outcome.objective <= first.outcome.bound + 0.01
        placed = Choice(place(one, taken), taken.levels)
        assert taken.outcome.objective == pytest.approx(totals(one, placed).value_cny, abs=0.02)
        assert taken.outcome.bound <= first.outcome.bound
        assert taken.outcome.status == "optimal"
        if first.outcome.objective >= taken.outcome.objective:
            assert spent(one, taken) <= spent(one, first) + ties.TIE_CNY


def spent(one: Problem, year: Year) -> float:
    events = sum(slot.event.fixed_cost_cny * slot.event.bank_share * count for slot, count in zip(one.slots, year.sessions, strict=True))
    guests = sum(one.event(seat).guest_cost_cny * one.event(seat).bank_share * count for seat, count in zip(one.seats, year.guests, strict=True))
    return events + guests + sum(next(s.cost_cny for s in one.cells[c].steps[kind] if s.level == level) for (c, kind), level in year.levels.items())


@pytest.mark.parametrize(("name", "least"), [("MOST_POINTS", 3), ("NODES", 0)])
def test_what_cannot_be_settled_is_kept_and_said(name: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ties, name, least)
    one = next(one for one in map(asked, range(20)) if ties.settled(one, solve_year(one)) is None)
    found = plan_months(one)
    assert settle_ties(one, found) == (*found, False)


def test_a_large_year_is_not_settled() -> None:
    held = policy()
    one = problem(offer(drawn(6, branches=9, clients=240, events=9), held), held)
    assert ties.settled(one, solve_year(asked(0))) is None


def test_the_page_says_whether_ties_were_settled() -> None:
    summary = make_plan(twins(0), rules(0, "highs"), "tied", lambda *_: None)
    assert summary.ties_settled
    for lang, settled, unsettled in (("zh", "换一个求解器得到同一方案", "可能得到价值相差在"), ("en", "another solver gives the same plan", "Not settled")):
        assert settled in assembled(summary, lang)
        assert unsettled in assembled(replace(summary, ties_settled=False), lang)
