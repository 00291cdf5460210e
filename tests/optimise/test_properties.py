"""What must hold of every plan whatever the bank: more money, fewer rules, other prices, other orders."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import fsum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.book.book import settled
from planning.book.contracts import CONTRACTS
from planning.catalogue.concessions import Step
from planning.catalogue.offer import Offer
from planning.errors import Infeasible, NotSolved
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.solve import Outcome
from planning.optimise.year import solve_year
from planning.plan import groups, lines
from planning.plan.compose import Choice, compose, short_hours
from planning.plan.plan import Solve
from planning.policy import Policy
from tests.optimise.books import drawn, policy
from tests.optimise.offers import further_rule, joined, offers, settings_of, times, whole

book_of_seed = cache(drawn)
EXAMPLES = [15, pytest.param(1_000, marks=pytest.mark.slow)]
Property = Callable[..., None]


def holds(examples: int, check: Property, *drawn_from: st.SearchStrategy[Any]) -> None:
    """The property holds on that many examples, the same ones every time."""
    quiet = settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    quiet(given(*drawn_from)(check))()


def worth(of: Problem) -> Outcome | None:
    """What the year was proven to be worth; None where no plan keeps the rules."""
    try:
        return solve_year(of).outcome
    except Infeasible:
        return None


def not_less(more: Outcome | None, less: Outcome | None) -> bool:
    """Whether the first is proven to be worth as much as the second, within its own gap."""
    if less is None:
        return True
    return more is not None and more.status == "optimal" and more.bound >= less.objective - 0.01 - 1e-6 * abs(less.objective)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_more_budget_never_lowers_the_value(examples: int) -> None:
    def check(bank: Offer, sections: dict[str, Any], events: float, concessions: float) -> None:
        budget = sections["budget"]
        richer = {"event_cny": budget["event_cny"] + events, "concession_cny": budget["concession_cny"] + concessions}
        assert not_less(worth(problem(bank, joined(sections, {"budget": richer}))), worth(problem(bank, policy(**sections))))

    holds(examples, check, offers(), settings_of(), whole(0, 10, 300.0), whole(0, 10, 300.0))


@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_further_rule_never_raises_the_value(examples: int) -> None:
    def check(bank: Offer, sections: dict[str, Any], rule: dict[str, Any]) -> None:
        free = {name: fields for name, fields in sections.items() if name in ("budget", "value", "contact", "solver")}
        assert not_less(worth(problem(bank, policy(**free))), worth(problem(bank, joined(free, rule))))

    holds(examples, check, offers(), settings_of(), further_rule())


@pytest.mark.parametrize("examples", EXAMPLES)
def test_scaling_money_scales_the_plan(examples: int) -> None:
    def check(bank: Offer, sections: dict[str, Any], by: float) -> None:
        once, scaled = worth(problem(bank, policy(**sections))), worth(problem(times(bank, by), _dearer(policy(**sections), by)))
        assert (once is None) == (scaled is None)
        if once is not None and scaled is not None:
            assert not_less(scaled, replace(once, objective=once.objective * by))
            assert not_less(replace(once, bound=once.bound * by), scaled)

    holds(examples, check, offers(), settings_of(), st.sampled_from([0.5, 3.0, 10.0]))


def _dearer(rules: Policy, by: float) -> Policy:
    prices = ("event_cny", "concession_cny", "branch_cny_per_client", "gift_cny_client_year", "gift_cny_guest", "cost_per_hour_short")
    plain = rules.model_dump(mode="json")
    sections = [fields for fields in plain.values() if isinstance(fields, dict)]
    for fields in sections:
        fields |= {name: fields[name] * by for name in prices if name in fields}
    return Policy.model_validate(plain)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_neither_order_nor_names_matter(examples: int) -> None:
    def check(bank: Offer, sections: dict[str, Any], shuffle: random.Random) -> None:
        again = shuffled(bank, shuffle)
        one, other = worth(problem(bank, policy(**sections))), worth(problem(again, policy(**sections)))
        assert not_less(one, other)
        assert not_less(other, one)

    holds(examples, check, offers(), settings_of(), st.randoms(use_true_random=False))


def shuffled(bank: Offer, shuffle: random.Random) -> Offer:
    """The same bank in another order, its branches and regions under names that sort the other way round."""

    def name(code: str) -> str:
        return code[0] + str(9 - int(code[1:]))

    def renamed(step: Step) -> Step:
        return replace(step, branch_shares={name(branch): part for branch, part in step.branch_shares.items()})

    segments = [replace(segment, branch=name(segment.branch), region=name(segment.region)) for segment in bank.segments]
    cells = [replace(cell, region=name(cell.region), steps={kind: tuple(map(renamed, own)) for kind, own in cell.steps.items()}) for cell in bank.cells]
    events = list(bank.events)
    for rows in (segments, cells, events):
        shuffle.shuffle(rows)
    return replace(
        bank,
        branches={name(branch): name(region) for branch, region in bank.branches.items()},
        segments=tuple(segments),
        cells=tuple(cells),
        events=tuple(events),
        eligible={((name(branch), tier, kind), event): count for ((branch, tier, kind), event), count in bank.eligible.items()},
        hours={name(branch): hours for branch, hours in bank.hours.items()},
    )


@pytest.mark.parametrize("examples", EXAMPLES)
def test_rows_in_another_order_are_the_same_book(examples: int) -> None:
    def check(seed: int, name: str, order: int) -> None:
        table = book_of_seed(seed).tables[name]
        again = settled(CONTRACTS[name], table.sample(frac=1, random_state=order))
        assert again.equals(table)

    holds(examples, check, st.integers(0, 9), st.sampled_from(sorted(CONTRACTS)), st.integers(0, 10_000))


@pytest.mark.parametrize("examples", EXAMPLES)
def test_an_event_nobody_may_attend_changes_nothing(examples: int) -> None:
    def check(bank: Offer, sections: dict[str, Any], cost: float) -> None:
        useless = replace(bank.events[0], event="a_useless_one", fixed_cost_cny=cost, min_sessions=1)
        wider = replace(bank, events=(useless, *bank.events))
        assert problem(wider, policy(**sections)) == problem(bank, policy(**sections))

    holds(examples, check, offers(), settings_of(), whole(0, 10, 100.0))


@pytest.mark.parametrize("examples", EXAMPLES)
def test_an_event_that_brings_nothing_is_not_worth_its_money(examples: int) -> None:
    """Where no rule asks for sessions or for shares of spending, an event without response leaves the value as it is."""

    def check(bank: Offer, sections: dict[str, Any], cost: float) -> None:
        free = {name: fields for name, fields in sections.items() if name in ("budget", "value", "contact", "solver")}
        useless = replace(bank.events[0], event="a_useless_one", family="none", fixed_cost_cny=cost)
        open_to = {(segment.key, useless.event): segment.clients for segment in bank.segments}
        wider = replace(bank, events=(useless, *bank.events), eligible={**bank.eligible, **open_to})
        one, other = worth(problem(bank, policy(**free))), worth(problem(wider, policy(**free)))
        assert not_less(one, other)
        assert not_less(other, one)

    holds(examples, check, offers(), settings_of(), whole(1, 10, 100.0))


@pytest.mark.parametrize("examples", EXAMPLES)
def test_parts_sum_to_totals(examples: int) -> None:
    """Tiers, regions, branches, quarters, sessions and ladder each make up the plan's totals, to the fen."""

    def check(bank: Offer, sections: dict[str, Any]) -> None:
        held = problem(bank, policy(**sections))
        try:
            year, placed = plan_months(held)
        except (Infeasible, NotSolved):
            return
        choice = Choice(placed, year.levels)
        plan = compose(held, choice, ("parts", "-"), Solve("feasible", "", 0.0, 0.0, 0.0, 0.0))
        totals, found = plan.totals, groups.parts(held, choice)
        for grouped in (groups.tier_lines(bank, held, found), groups.region_lines(bank, held, found), groups.branch_lines(bank, held, found)):
            for name in ("event_cny", "concession_cny", "uplift_cny", "gain_cny"):
                assert abs(fsum(getattr(line, name) for line in grouped) - getattr(totals, name)) < 0.01
        for cash in (lines.quarter_lines(held, choice), lines.session_lines(bank, held, choice)):
            assert abs(fsum(line.cash_cny for line in cash) - totals.event_cny) < 0.01
        assert abs(fsum(step.cost_cny for step in plan.ladder) - totals.concession_cny) < 0.005
        assert abs(fsum(step.gain_cny for step in plan.ladder) - totals.gain_cny) < 0.005
        costs = totals.event_cny + totals.concession_cny if held.net else 0.0
        assert abs(totals.uplift_cny + totals.gain_cny - costs - _missed(held, choice) - totals.value_cny) < 0.0051

    holds(examples, check, offers(), settings_of())


def _missed(held: Problem, choice: Choice) -> float:
    return sum(short_hours(held, choice.placed).values()) * held.policy.contact.cost_per_hour_short
