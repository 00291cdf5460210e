"""Any plan on the optimum's yardstick: what it is worth, what it breaks and by how much, how far it is from the best."""

from dataclasses import replace
from typing import Any

import pytest

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.plan.compose import Choice, compose
from planning.plan.hand_made import HandMade, Level
from planning.plan.plan import Plan, Sessions, Solve
from planning.plan.score import Scored, score
from planning.plan.seating import filled, locked_lines
from planning.policy import Policy
from tests.optimise.books import drawn, policy


def made(book: Book, rules: Policy) -> Plan:
    """The optimum."""
    p = problem(offer(book, rules), rules)
    year, placed = plan_months(p)
    told = year.outcome
    return compose(p, Choice(placed, year.levels), ("best", book.data_hash), Solve(told.status, told.solver, told.objective, told.bound, told.gap, 0.0))  # type: ignore[arg-type]


def by_hand(plan: Plan, with_guests: bool = True) -> HandMade:
    levels = tuple(Level(row.region, row.tier, row.kind, row.concession, row.level) for row in plan.ladder)
    return HandMade(plan.sessions, plan.attendances if with_guests else (), levels, (), (), ())


@pytest.fixture(scope="module")
def bank() -> tuple[Book, Policy, Plan]:
    book, rules = drawn(3), policy(budget={"event_cny": 20_000.0, "concession_cny": 8_000.0})
    return book, rules, made(book, rules)


def broken(scored: Scored) -> set[str]:
    return {breach.number or breach.rule for breach in scored.breaches}


def test_the_optimum_scores_what_it_is_worth(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    scored = score(book, rules, by_hand(plan), plan)
    assert (scored.breaches, scored.seating, scored.best and scored.best.source) == ((), "given", "published")
    assert scored.totals.event_cny == plan.totals.event_cny
    assert scored.totals.value_cny == pytest.approx(plan.totals.value_cny, abs=1)
    assert abs(scored.behind_cny or 0.0) <= 1
    assert scored.at_most_behind_cny == pytest.approx(plan.solve.bound - plan.totals.value_cny, abs=1)


def test_guests_left_out_are_seated_as_well_as_the_optimum_seats_them(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    scored = score(book, rules, by_hand(plan, with_guests=False), plan)
    assert (scored.seating, scored.breaches) == ("best", ())
    assert scored.totals.value_cny == pytest.approx(plan.totals.value_cny, rel=2 * rules.solver.gap)


def worse(plan: Plan) -> HandMade:
    """The plan without its last line of sessions and with nothing granted to one tier."""
    hand = by_hand(plan, with_guests=False)
    return replace(hand, sessions=hand.sessions[:-1], ladder=tuple(replace(row, level=0) if row.tier == "gold" else row for row in hand.ladder))


def test_a_plan_all_of_whose_lines_are_locked_is_worth_its_score(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    hand = worse(plan)
    scored = score(book, rules, hand, plan)
    assert (scored.seating, scored.breaches) == ("best", ())
    none = [Sessions(slot.host, "", slot.event.event, month, 0) for slot in problem(offer(book, rules), rules).slots for month in slot.event.months]
    kept = {(row.event, row.host, row.month) for row in hand.sessions}
    lines = locked_lines([*hand.sessions, *(row for row in none if (row.event, row.host, row.month) not in kept)], hand.ladder)
    locked = made(book, rules.with_parameters(lines))
    assert locked.sessions == tuple(sorted(hand.sessions, key=lambda row: (row.host_level, row.host, row.event, row.month)))
    assert scored.totals.value_cny == pytest.approx(locked.totals.value_cny, rel=2 * rules.solver.gap)
    assert 0 < (scored.behind_cny or 0.0) <= (scored.at_most_behind_cny or 0.0)


def test_a_plan_that_breaks_rules_is_scored_with_each_breach_and_its_amount(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    poor = rules.with_parameters({"event_cny": plan.totals.event_cny / 2, "caps_tier": {}})
    scored = score(book, poor, by_hand(plan), plan)
    (breach,) = scored.breaches
    assert (breach.number, breach.unit, breach.where) == ("B1", "CNY", ("event",))
    assert breach.amount == pytest.approx(plan.totals.event_cny / 2, abs=0.01)
    assert scored.totals.value_cny == pytest.approx(plan.totals.value_cny, abs=1)
    assert scored.best
    assert scored.best.source == "other_policy"
    assert (scored.behind_cny or 0.0) < 0
    unseated = score(book, poor, by_hand(plan, with_guests=False), plan)
    assert unseated.seating == "filled"
    assert broken(unseated) <= {"B1"}
    assert unseated.guests > 0


def test_closed_months_and_levels_not_offered_are_breaches_and_still_scored(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    hand = by_hand(plan)
    row = hand.sessions[0]
    closed = rules.with_parameters({"blackout": [row.month]})
    assert "only_open_months" in broken(score(book, closed, hand, plan))
    capped = book.tables["caps"].assign(cap_bp=1.0)
    tight = replace(book, tables={**book.tables, "caps": capped}, hashes={**book.hashes, "caps": "other"})
    scored = score(tight, rules, hand, plan)
    assert "only_offered_levels" in broken(scored)
    assert scored.best
    assert scored.best.source == "other_data"


def test_ladder_cells_left_out_grant_nothing(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    scored = score(book, rules, replace(by_hand(plan), ladder=()), plan)
    assert (scored.granted, scored.totals.concession_cny, scored.levels_assumed) == (0, 0.0, len(plan.ladder))
    assert "K1" not in broken(scored)


def test_where_the_rules_allow_no_plan_the_score_stands_alone(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    none = rules.with_parameters({"floors_tier": {"gold": 0.7, "private": 0.7}})
    scored = score(book, none, by_hand(plan))
    assert scored.best is None
    assert [fault.code for fault in scored.why] == ["impossible_floors"]
    assert scored.behind_cny is None
    assert scored.totals.value_cny == pytest.approx(plan.totals.value_cny, abs=1)


def test_without_a_published_plan_the_year_is_solved(bank: tuple[Book, Policy, Plan]) -> None:
    book, rules, plan = bank
    scored = score(book, rules, HandMade((), (), (), (), (), ()))
    assert scored.best
    assert scored.best.source == "unasked"
    assert scored.seating == "none"
    assert scored.best.totals.value_cny == pytest.approx(plan.totals.value_cny, rel=2 * rules.solver.gap)
    assert scored.behind_cny == pytest.approx(scored.best.totals.value_cny, abs=0.01)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 20))])
def test_filling_seats_keeps_rooms_clients_and_gifts_and_is_never_better_than_the_best(seed: int) -> None:
    rules = policy(caps={"attendances_client_month": 1.0, "gift_cny_client_year": 160.0})
    book = drawn(seed)
    plan = made(book, rules)
    tied = rules.with_parameters({**locked_lines(plan.sessions, ()), "frozen_through_month": 12})
    p = problem(offer(book, tied), tied)
    guests = filled(p)
    _within_limits(p, guests)
    levels = [Level(row.region, row.tier, row.kind, row.concession, row.level) for row in plan.ladder]
    hand = HandMade(plan.sessions, (), tuple(levels), (), (), ())
    best = score(book, rules, hand, plan)
    assert best.seating == "best"
    assert best.totals.value_cny >= plan.totals.value_cny * (1 - 2 * rules.solver.gap)


def test_filling_seats_in_a_half_keeps_half_the_years_gifts() -> None:
    rules = policy(period="second_half", caps={"gift_cny_client_year": 80.0})
    book = drawn(3)
    book.tables["events"]["gift_cny"] = 80.0
    slots = [slot for slot in problem(offer(book, rules), rules).slots if slot.most_sessions]
    sessions = tuple(Sessions(slot.host, slot.event.host_level, slot.event.event, slot.event.months[0], 1) for slot in slots)
    tied = rules.with_parameters({**locked_lines(sessions, ()), "frozen_through_month": 12})
    p = problem(offer(book, tied), tied)
    guests = filled(p)
    assert guests
    _within_limits(p, guests)


def _within_limits(p: Problem, guests: dict[tuple[int, int], int]) -> None:
    of_slot: dict[tuple[int, int], int] = {}
    of_segment: dict[tuple[int, int], int] = {}
    gifts: dict[int, float] = {}
    for (i, month), count in guests.items():
        seat: Any = p.seats[i]
        of_slot[seat.slot, month] = of_slot.get((seat.slot, month), 0) + count
        of_segment[seat.segment, month] = of_segment.get((seat.segment, month), 0) + count
        gifts[seat.segment] = gifts.get(seat.segment, 0.0) + count * p.event(seat).gift_cny
        assert sum(other for (j, _), other in guests.items() if j == i) <= seat.most
    assert all(count <= p.slots[s].event.max_guests * p.locked[s, month] for (s, month), count in of_slot.items())
    assert all(count <= p.policy.caps.attendances_client_month * p.segments[g].clients for (g, _), count in of_segment.items())
    assert all(amount <= p.policy.caps.gift_cny_client_year * p.policy.part_of_year * p.segments[g].clients for g, amount in gifts.items())
