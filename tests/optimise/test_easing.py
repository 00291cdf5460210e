"""What a rule costs, confirmed by solving again: one unit more with the integers held, more money, another event."""

from dataclasses import replace
from typing import Any

import pytest

from planning.catalogue.offer import Offer, offer
from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.easing import Eased, change, easing, holding, with_more
from planning.optimise.goal import cash_of
from planning.optimise.model import build
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import SPREAD, near, touches_of
from planning.optimise.year import Year, solve_year
from planning.plan import explained as why
from planning.plan.explained import explained, stop_of
from tests.optimise.books import drawn, policy

TIGHT = {"budget": {"event_cny": 6_000.0, "concession_cny": 3_000.0}, "floors": {"tier": {"gold": 0.5}}}


def case(seed: int, events: int = 3, **sections: Any) -> tuple[Offer, Problem]:
    rules = policy(solver={"gap": 1e-5}, **sections)
    offered = offer(drawn(seed, events=events), rules)
    return offered, problem(offered, rules)


def held(p: Problem, year: Year) -> float:
    """The linear model's worth with the year's sessions and ladder held, its tangents as `easing` lays them."""
    model = build(p, RULES)
    for session, count in zip(model.sessions, year.sessions, strict=True):
        session.lowBound = session.upBound = count
    for (c, concession, level), step in model.steps.items():
        step.lowBound = step.upBound = float(year.levels[c, concession] == level)
    assert solve(model.lp, p.policy.solver, Effort(0.0, relaxed=True)).status == "optimal"
    return model.worth()


def worth(eased: tuple[Eased, ...], rule: str) -> float:
    return sum(one.worth_cny for one in eased if one.rule == rule)


@pytest.mark.parametrize("seed", range(6))
def test_easing_the_event_budget_by_a_yuan_is_worth_its_multiplier(seed: int) -> None:
    _, p = case(seed, budget={"event_cny": 2_000.0})
    year = solve_year(p)
    laid = near(p, touches_of(p, year.guests), SPREAD)
    told = worth(easing(p, year), "within_event_budget")
    more = held(replace(laid, event_limit_cny=p.event_limit_cny + 0.01), year) - held(laid, year)
    less = held(laid, year) - held(replace(laid, event_limit_cny=p.event_limit_cny - 0.01), year)
    assert more * 100 - 0.01 <= told <= less * 100 + 0.01  # a multiplier lies between what a little more brings and a little less takes


def test_a_floors_multiplier_is_told_for_a_percentage_point() -> None:
    _, p = case(1, **TIGHT)
    year = solve_year(p)
    laid = near(p, touches_of(p, year.guests), SPREAD)
    (told,) = [one for one in easing(p, year) if one.rule == "tier_floor"]
    assert told.unit == "point"
    lower = replace(laid, policy=policy(solver={"gap": 1e-5}, **{**TIGHT, "floors": {"tier": {"gold": 0.4999}}}))
    assert (held(lower, year) - held(laid, year)) * 100 == pytest.approx(told.worth_cny, rel=0.05)


@pytest.mark.parametrize("budget", ["event", "concession"])
@pytest.mark.parametrize("seed", range(5))
def test_what_more_money_brings_lies_in_the_range_told(seed: int, budget: str) -> None:
    _, p = case(seed, budget={"event_cny": 2_000.0, "concession_cny": 1_500.0})
    loose = replace(p, policy=policy(solver={"gap": 0.02}, budget={"event_cny": 2_000.0, "concession_cny": 1_500.0}))
    told = with_more(loose, solve_year(loose), **{f"{budget}_cny": 300.0})
    richer = replace(p, **{f"{budget}_limit_cny": getattr(p, f"{budget}_limit_cny") + 300.0})
    before, after = solve_year(p).outcome, solve_year(richer).outcome
    assert told.least_cny - 0.01 <= after.bound - before.objective
    assert after.objective - before.bound <= told.most_cny + 0.01
    assert 0 <= told.least_cny <= told.most_cny


def test_an_event_left_out_costs_what_a_year_that_must_hold_it_loses() -> None:
    tried = 0
    for seed in (1, 2, 5, 6, 7, 9, 10, 11):
        offered, p = case(seed, budget={"event_cny": 2_500.0}, events=5)
        year = solve_year(p)
        for line in explained(offered, p, year).not_held:
            slots = [slot for slot in p.slots if slot.event.event == line.event and slot.most_sessions]
            years = [_least_one(p, slot.key) for slot in slots]
            possible = [one for one in years if one is not None]
            if line.likely_cny is None:
                assert not possible
                continue
            best = max(possible, key=lambda one: one.outcome.objective)
            true = change(year, best)
            assert line.least_cny is not None
            assert line.most_cny is not None
            assert line.least_cny - 0.1 <= -true.least_cny
            assert -true.most_cny <= line.most_cny + 0.1
            assert line.likely_cny >= -0.001 * abs(year.outcome.objective)
            tried += 1
    assert tried >= 5, tried


def _least_one(p: Problem, key: tuple[str, str]) -> Year | None:
    """The best year with one session at least in one slot, asked through the event's own minimum."""
    slots = tuple(replace(slot, event=replace(slot.event, min_sessions=1)) if slot.key == key else slot for slot in p.slots)
    try:
        return solve_year(replace(p, slots=slots))
    except Infeasible:
        return None


def test_an_event_no_year_can_hold_is_told_so() -> None:
    _, p = case(3, budget={"event_cny": 0.0})
    year = solve_year(p)
    assert all(holding(p, year, slot.event.event) is None for slot in p.slots if slot.event.fixed_cost_cny * slot.event.bank_share > 0)


@pytest.mark.parametrize("seed", range(8))
def test_without_the_reason_a_ladder_would_go_further(seed: int) -> None:
    """Each reason that names a limit: with that limit away, the next level is allowed and worth more; not worth it: it is worth less."""
    _, p = case(seed, budget={"concession_cny": 900.0}, caps={"concession_share_of_contribution": 0.02})
    year = solve_year(p)
    seen = set()
    for (c, concession), level in year.levels.items():
        reason, gain, cost = stop_of(p, year, (c, concession), level)
        seen.add(reason)
        if reason == "not_worth_it":
            assert gain <= cost + 0.01
        if reason == "last":
            assert level == max(step.level for step in p.cells[c].steps[concession])
        if reason == "budget":
            richer = replace(p, concession_limit_cny=p.concession_limit_cny + cost)
            levels = {**year.levels, (c, concession): min(s.level for s in p.cells[c].steps[concession] if s.level > level)}
            raised = held(near(richer, touches_of(richer, year.guests), SPREAD), replace(year, levels=levels))
            same = held(near(p, touches_of(p, year.guests), SPREAD), year)
            assert raised - same == pytest.approx(gain - cost, abs=0.1)
            assert gain > cost
    assert seen


def test_money_that_may_move_but_is_spent_on_events_stops_a_ladder() -> None:
    _, p = case(0, budget={"concession_cny": 900.0})
    year = solve_year(p)
    stopped = {where: stop_of(p, year, where, level)[0] for where, level in year.levels.items()}
    assert "budget" in stopped.values()
    lending = replace(p, policy=p.policy.with_parameters({"transfer_share": 1.0}), event_limit_cny=cash_of(p, year))
    assert {where: stop_of(lending, year, where, level)[0] for where, level in year.levels.items()} == stopped


def test_what_was_not_found_in_time_is_left_out_and_no_event_told_as_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_time(*_: object, **__: object) -> None:
        raise NotSolved(Fault("no_plan_in_time"))

    offered, p = case(3, budget={"event_cny": 1_500.0})
    year = solve_year(p)
    tried = explained(offered, p, year).not_held
    assert tried
    for search in ("holding", "with_more"):
        monkeypatch.setattr(why, search, no_time)
    found = explained(offered, p, year)
    assert (found.more_money, found.not_held, found.not_tried) == ((), (), len(tried))


def test_nothing_is_said_of_events_when_all_are_held() -> None:
    offered, p = case(3)
    year = solve_year(p)
    everything = {slot.event.event for slot in p.slots if slot.most_sessions}
    heldings = {p.slots[s].event.event for s, count in enumerate(year.sessions) if count}
    found = explained(offered, p, year)
    assert len(found.not_held) + found.not_tried == len(everything - heldings)
    assert {one.budget for one in found.more_money} == {"event", "concession"}
