"""Locked lines (R1): kept exactly, worth what the months admit, and told when they cannot be."""

import random
from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible, NotSolved
from planning.judge import gather, judge
from planning.optimise import placement, together, year
from planning.optimise.impossible import impossible
from planning.optimise.model import build
from planning.optimise.placement import Placed, plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.settings import eased, settings
from planning.optimise.solve import Effort, solve
from planning.optimise.year import Year
from planning.plan.compose import Choice, compose
from planning.plan.judged import columns, plain
from planning.plan.plan import Plan, Solve
from planning.policy import Policy
from tests.optimise.books import drawn, policy
from tests.optimise.brute import TooMany, best_value
from tests.optimise.instances import LEAST, Instance, Shape, instance, with_solver
from tests.optimise.month_model import solve_months

BOOK = Shape(branches=(1, 2), clients=(6, 14), events=(2, 3), months=(2, 8), concessions=(1, 2), per_client=(1, 2))
SECONDS = 60.0
Chunks = [pytest.param(range(5)), *(pytest.param(range(at, at + 25), marks=pytest.mark.slow) for at in range(5, 205, 25))]


def locked(one: Instance, lines: dict[str, Any]) -> Instance:
    """The same bank under the same policy with these lines of [frozen]."""
    rules = one.policy.with_parameters({f"frozen_{name}": value for name, value in lines.items()})
    return replace(one, policy=rules, problem=problem(offer(one.book, rules), rules))


def some_lines(one: Instance, draw: random.Random) -> dict[str, Any]:
    """A few sessions and levels that could be, drawn at random; now and then with months past."""
    p = one.problem
    able = [(slot, month) for slot in p.slots if slot.most_sessions for month in slot.event.own_months]
    sessions = [
        {"host": slot.host, "event": slot.event.event, "month": month, "sessions": draw.choice([0, 1, 1, slot.most_sessions])}
        for slot, month in draw.sample(able, min(len(able), draw.randint(0, 2)))
    ]
    steps = [(cell, step) for cell in p.cells for own in cell.steps.values() for step in own]
    ladder = [
        {"region": cell.region, "tier": cell.tier, "kind": cell.kind, "concession": step.concession, "level": step.level}
        for cell, step in draw.sample(steps, min(len(steps), draw.randint(0, 1)))
    ]
    return {"sessions": sessions, "ladder": ladder, "through_month": draw.choice([0, 0, 3, 6])}


@pytest.mark.parametrize("seeds", Chunks, ids=str)
def test_a_locked_year_is_worth_what_the_months_admit(seeds: range) -> None:
    """Against the model with its months, for both solvers, before the second judge."""
    assert not [f"seed {seed}: {fault}" for seed in seeds for fault in _faults(seed, BOOK)]


@pytest.mark.parametrize("seeds", Chunks, ids=str)
def test_a_locked_year_is_worth_what_trying_every_plan_finds(seeds: range) -> None:
    assert not [f"seed {seed}: {fault}" for seed in seeds for fault in _faults(1_000 + seed, LEAST)]


def _faults(seed: int, shape: Shape) -> Iterator[str]:
    free = instance(21 * seed, shape)
    one = locked(free, some_lines(free, random.Random(f"locked {seed}")))
    best = _best(one.problem, shape)
    for solver in ("highs", "cbc"):
        p = with_solver(one, solver)
        facts = gather(columns(one.book), p.policy.model_dump(mode="json"))
        try:
            found, placed = plan_months(p)
        except (Infeasible, NotSolved) as end:
            if best > -inf:
                yield f"{solver}: no plan told ({end!r}), though one is worth {best}"
            continue
        broken = [(check.rule, check.where) for check in judge(plain(plan_of(p, found, placed)), facts).broken]
        if broken:
            yield f"{solver}: {broken}"
        slack = 0.01 + 1e-4 * abs(best)
        if best == -inf or not best - slack <= found.outcome.bound or not found.outcome.objective <= best + slack:
            yield f"{solver}: a plan worth {found.outcome.objective}, bound {found.outcome.bound}, though the best is worth {best}"
        elif found.outcome.objective < best - slack - one.policy.solver.gap * abs(best):
            yield f"{solver}: a plan worth {found.outcome.objective}, though one is worth {best}"


def _best(p: Problem, shape: Shape) -> float:
    if shape is LEAST:
        try:
            return best_value(p)
        except TooMany:
            pass
    return solve_months(p, SECONDS).value


def plan_of(p: Problem, found: Year, placed: Placed) -> Plan:
    told = found.outcome
    solve = Solve(told.status, told.solver, told.objective, told.bound, told.gap, 0.0)  # type: ignore[arg-type]
    return compose(p, Choice(placed, found.levels), ("locked", "-"), solve)


def made(rules: Policy, seed: int = 3) -> tuple[Problem, Year, Placed]:
    p = problem(offer(drawn(seed), rules), rules)
    return p, *plan_months(p)


def lines_of(plan: Plan) -> dict[str, Any]:
    """Every session and level of a plan as locked lines."""
    return {
        "frozen_sessions": [{"host": row.host, "event": row.event, "month": row.month, "sessions": row.sessions} for row in plan.sessions],
        "frozen_ladder": [{"region": row.region, "tier": row.tier, "kind": row.kind, "concession": row.concession, "level": row.level} for row in plan.ladder],
    }


@pytest.mark.parametrize("through", [0, 12])
def test_locking_the_optimums_own_lines_changes_nothing_in_value(through: int) -> None:
    rules = policy()
    free = made(rules)
    plan = plan_of(*free)
    again = plan_of(*made(rules.with_parameters({**lines_of(plan), "frozen_through_month": through})))
    assert (again.sessions, [row.level for row in again.ladder]) == (plan.sessions, [row.level for row in plan.ladder])
    assert again.totals.value_cny == pytest.approx(plan.totals.value_cny, rel=rules.solver.gap)


def test_a_bad_line_lowers_the_value_and_is_kept_exactly() -> None:
    rules = policy()
    free = made(rules)
    p = free[0]
    held = {p.slots[s].key for s, _ in free[2].sessions}
    slot = next(slot for slot in p.slots if slot.most_sessions and slot.key not in held)
    line = {"host": slot.host, "event": slot.event.event, "month": slot.event.months[-1], "sessions": 1}
    kept = made(rules.with_parameters({"frozen_sessions": [line]}))
    assert {(p.slots[s].key, month): count for (s, month), count in kept[2].sessions.items()}[slot.key, slot.event.months[-1]] == 1
    assert kept[1].outcome.objective < free[1].outcome.objective
    assert kept[1].outcome.bound <= free[1].outcome.bound + 0.01


def test_nothing_is_added_in_months_past_and_what_is_locked_there_needs_no_notice() -> None:
    rules = policy(calendar={"approved_on": "2027-06-30"})
    p, _, placed = made(rules, seed=2)
    assert min(month for _, month in placed.sessions) >= 6
    slot = next(slot for slot in p.slots if min(slot.event.own_months) < 6 and slot.most_sessions)
    early = min(slot.event.own_months)
    line = {"host": slot.host, "event": slot.event.event, "month": early, "sessions": 1}
    p, _, placed = made(rules.with_parameters({"frozen_sessions": [line], "frozen_through_month": 7}), seed=2)
    assert {(p.slots[s].key, month) for s, month in placed.sessions if month <= 7} == {(slot.key, early)}


def test_what_past_quarters_have_spent_breaks_no_quarters_limit() -> None:
    """Sessions took place in a half-year in which, as it turns out, nothing was to be spent: the rest of the year is planned all the same."""
    plan = plan_of(*made(policy()))
    held = [line for line in lines_of(plan)["frozen_sessions"] if line["month"] <= 6]
    assert held
    rules = policy(phasing={"q1": [0.0, 0.0], "q2": [0.0, 0.0], "q4": [0.1, 0.9]}).with_parameters({"frozen_sessions": held, "frozen_through_month": 6})
    again = plan_of(*made(rules))
    assert judge(plain(again), gather(columns(drawn(3)), rules.model_dump(mode="json"))).passed


def test_without_the_rule_the_judge_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule binds: a model that leaves it out grants another level."""
    free = made(policy())
    plan = plan_of(*free)
    row = next(row for row in plan.ladder if row.level)
    line = {"region": row.region, "tier": row.tier, "kind": row.kind, "concession": row.concession, "level": 0}
    rules = policy().with_parameters({"frozen_ladder": [line]})
    facts = gather(columns(drawn(3)), rules.model_dump(mode="json"))
    assert judge(plain(plan_of(*made(rules))), facts).passed
    for module in (year, together):
        monkeypatch.setattr(module, "RULES", tuple(rule for rule in RULES if rule.__name__ != "frozen"))
    assert {check.rule for check in judge(plain(plan_of(*made(rules))), facts).broken} == {"frozen"}


def test_where_all_months_are_locked_no_session_is_added_by_easing_how_often_clients_may_come() -> None:
    rules = policy(caps={"attendances_client_month": 0.5})
    free = problem(offer(drawn(3), rules), rules)
    slot = next(slot for slot in free.slots if slot.most_sessions > 1)
    line = {"host": slot.host, "event": slot.event.event, "month": slot.event.months[0], "sessions": 1}
    past = rules.with_parameters({"frozen_sessions": [line], "frozen_through_month": 12})
    for p in (free, problem(offer(drawn(3), past), past)):
        often = next(one for one in settings(p) if one.rule == "not_too_often")
        assert [one.most_sessions for one in eased(p, often, often.after(1)).slots] == [one.most_sessions for one in p.slots]


def test_where_no_month_is_left_a_tighter_year_asks_for_no_club_session() -> None:
    rules = policy(calendar={"club_every_month": True}).with_parameters({"frozen_through_month": 12})
    p = replace(problem(offer(drawn(3), rules), rules), tightened=0.1)
    assert solve(build(p, RULES).lp, rules.solver, Effort(0.0)).status == "optimal"


IMPOSSIBLE = {
    "impossible_lock_host": {"sessions": [{"host": "nowhere", "event": "e0", "month": 3, "sessions": 1}]},
    "impossible_lock_level": {"ladder": [{"region": "r0", "tier": "gold", "kind": "personal", "concession": "fee_waiver", "level": 9}]},
}


def held(**lines: Any) -> Problem:
    rules = policy().with_parameters({f"frozen_{name}": value for name, value in lines.items()})
    return problem(offer(drawn(3), rules), rules)


def codes(**lines: Any) -> list[str]:
    return [fault.code for fault in impossible(held(**lines))]


@pytest.mark.parametrize("code", IMPOSSIBLE)
def test_a_lock_that_cannot_be_is_told_before_solving(code: str) -> None:
    assert codes(**IMPOSSIBLE[code]) == [code]


def test_locks_beyond_month_number_room_and_order_are_told() -> None:
    p = held()
    slot = next(slot for slot in p.slots if slot.most_sessions and len(slot.event.own_months) < 12)
    line = {"host": slot.host, "event": slot.event.event, "month": slot.event.months[0], "sessions": 1}
    closed = next(month for month in range(1, 13) if month not in slot.event.own_months)
    assert codes(sessions=[line]) == []
    assert codes(sessions=[{**line, "month": closed}]) == ["impossible_lock_month"]
    assert codes(sessions=[{**line, "sessions": slot.event.max_sessions + 1}]) == ["impossible_lock_sessions"]
    assert codes(sessions=[line, {**line, "sessions": 2}]) == ["impossible_lock_twice"]
    few = replace(p.slots[0], event=replace(p.slots[0].event, min_guests=10_000))
    crowded = replace(p, slots=(few, *p.slots[1:]), locked={(0, few.event.months[0]): 1})
    assert [fault.code for fault in impossible(crowded)] == ["impossible_lock_guests"]


def test_locked_levels_out_of_order_are_told() -> None:
    p = held()
    low, high = next(
        (a, b) for a in p.cells for b in p.cells if (a.region, a.kind) == (b.region, b.kind) and p.tiers.index(a.tier) < p.tiers.index(b.tier) and _deep(a)
    )
    kind, level = _deep(low)[0]
    lines = [{"region": cell.region, "tier": cell.tier, "kind": cell.kind, "concession": kind, "level": at} for cell, at in ((low, level), (high, 0))]
    assert codes(ladder=lines) == ["impossible_lock_order"]
    assert placement.plan_months(held(ladder=lines[1:]))


def _deep(cell: Any) -> list[tuple[str, int]]:
    return [(kind, step.level) for kind, steps in cell.steps.items() for step in steps if step.depth > 0]
