"""Every rule of the model does something: without it the second judge finds the plan breaking just that rule."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planning import judge
from planning.book.book import Book
from planning.catalogue import compliance
from planning.catalogue.offer import Offer, offer
from planning.errors import Infeasible, Refused
from planning.optimise import placement, risk, rules, ties, year
from planning.optimise.explain import conflicts
from planning.optimise.model import Model
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.plan import make
from planning.plan.make import make_plan
from planning.policy import Policy
from planning.report.i18n import LANGS, say
from tests.optimise.books import drawn, policy

Switch = Callable[[pytest.MonkeyPatch], object]


@dataclass(frozen=True)
class Binding:
    """A book and a policy under which a rule binds, and how the optimiser is made to forget the rule."""

    number: str
    seed: int
    sections: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)  # columns of the events table
    hours: float | None = None
    without: Switch | None = None  # besides leaving the function out of RULES


def unplaced(*names: str) -> Switch:
    """Placement without these monthly rules, and without the check that they are kept."""

    def switch(patch: pytest.MonkeyPatch) -> None:
        for name in names:
            patch.setattr(placement, name, lambda _: None)
        patch.setattr(placement, "monthly_rules_kept", lambda *_: True)

    return switch


def three_times_each(patch: pytest.MonkeyPatch) -> None:
    """Every seat may be taken three times as often (E3 is the bound of a variable)."""

    def wider(offered: Offer, rules_: Policy) -> Problem:
        true = problem(offered, rules_)
        return replace(true, seats=tuple(replace(seat, most=3 * seat.most, most_a_session=3 * seat.most_a_session) for seat in true.seats))

    patch.setattr(make, "problem", wider)


def nothing_forbidden(patch: pytest.MonkeyPatch) -> None:
    """The catalogue offers every event, whatever it gives and for what."""
    patch.setattr(compliance, "forbidden", lambda *_: {})


ALL_MONTHS = {"months": tuple(range(1, 13)), "host": "centre", "interests": ()}
BINDING = {
    "guests_fit_the_room": Binding("E1", 0),
    "enough_guests": Binding("E2", 0, events={"min_guests": 6, "max_guests": 14, "guest_cost_cny": 2_000.0}),
    "once_is_enough": Binding("E3", 0, events={"max_per_client": 1.0}, without=three_times_each),
    "not_too_often": Binding("E4", 0, {"caps": {"attendances_client_month": 0.5}}, {"months": (6,)}, without=unplaced("_not_too_often")),
    "sessions_within_the_year": Binding("E5", 0, {"budget": {"event_cny": 1e5}}, {"min_sessions": 1, "fixed_cost_cny": 9_000.0, "partner_share": 0.0}),
    "club_every_month": Binding(
        "E6", 0, {"calendar": {"club_every_month": True}, "budget": {"event_cny": 1e5}},
        {**ALL_MONTHS, "max_sessions": 12, "min_guests": 1, "fixed_cost_cny": 3_000.0}, without=unplaced("_club_every_month"),
    ),
    "must_hold": Binding("E7", 1, {"calendar": {"must_hold": [{"event": "e0", "month": 5}]}}, without=unplaced("_must_hold")),
    "gifts_within_cap": Binding("E8", 2, {"caps": {"gift_cny_client_year": 100.0}}),
    "ladder_rises_with_tier": Binding("K2", 0, {"budget": {"concession_cny": 3_000.0}}),
    "concession_bearable": Binding("K3", 1, {"caps": {"concession_share_of_contribution": 0.05}, "budget": {"concession_cny": 1e6}}),
    "within_event_budget": Binding("B1", 1, {"budget": {"event_cny": 2_000.0}}),
    "within_concession_budget": Binding("B2", 1, {"budget": {"concession_cny": 3_000.0}}),
    "spend_phased": Binding("B3", 0, {"phasing": {"q1": [0.4, 0.5]}}, without=unplaced("_quarters_phased")),
    "tier_floor": Binding("B4", 1, {"floors": {"tier": {"gold": 0.6}}}),
    "tier_cap": Binding("B4", 1, {"caps": {"tier": {"private": 0.3}}}),
    "branch_floor": Binding("B5", 5, {"floors": {"branch_cny_per_client": 150.0}, "budget": {"event_cny": 4_000.0}}),
    "branch_cap": Binding("B6", 0, {"caps": {"branch_share": 0.52}}),
    "partner_within_cap": Binding("B7", 0),
    "visits_kept": Binding("N1", 3, hours=150.0),
    "no_reward_for_deposits": Binding("L1", 0, events={"benefit": "points", "trigger": "deposit"}, without=nothing_forbidden),
    "gift_within_cap_per_guest": Binding("L2", 2, {"caps": {"gift_cny_guest": 50.0}}, without=nothing_forbidden),
}  # fmt: skip
BY_ITSELF = {"one_level": "K1", "frozen": "R1"}  # K1 below; what is committed is tested where it is locked


@pytest.mark.parametrize("rule", BINDING)
def test_without_the_rule_the_judge_refuses(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    binding = BINDING[rule]
    book, with_rule = bound(binding), policy(**binding.sections)
    make_plan(book, with_rule, "kept", lambda *_: None)
    for forgetful in (year, ties):
        monkeypatch.setattr(forgetful, "RULES", tuple(other for other in RULES if other.__name__ != rule))
    if binding.without:
        binding.without(monkeypatch)
    with pytest.raises(Refused) as told:
        make_plan(book, with_rule, "broken", lambda *_: None)
    assert {fault.values["number"] for fault in told.value.faults} == {binding.number}


def bound(binding: Binding) -> Book:
    book = drawn(binding.seed)
    columns = {
        name: pd.Series([value] * len(book.tables["events"]), dtype=object if isinstance(value, tuple) else None) for name, value in binding.events.items()
    }
    managers = book.tables["managers"] if binding.hours is None else book.tables["managers"].assign(hours_year=binding.hours)
    return replace(book, tables={**book.tables, "events": book.tables["events"].assign(**columns), "managers": managers})


def test_two_levels_at_once_would_be_worth_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """K1 binds: were two levels of a concession granted together, more would be had."""
    wide = policy(budget={"concession_cny": 1e6})
    asked = problem(offer(drawn(1), wide), wide)

    def up_to_two(m: Model) -> None:
        for c, cell in enumerate(asked.cells):
            for kind, steps in cell.steps.items():
                m.require([(m.steps[c, kind, step.level], 1.0) for step in steps], "<=", 2, "up_to_two")

    best = year.solve_year(asked).outcome.objective
    monkeypatch.setattr(year, "RULES", tuple(up_to_two if rule is rules.one_level else rule for rule in RULES if rule is not rules.ladder_rises_with_tier))
    both = year.build(asked, year.RULES)
    assert solve(both.lp, wide.solver, Effort(1e-4)).status == "optimal"
    assert both.worth() > best + 1


def test_every_rule_of_the_judge_binds_somewhere_and_is_told_in_both_languages() -> None:
    judged = {rule.__name__: number for number, rule in judge.RULES if number}
    cases = {rule: binding.number for rule, binding in BINDING.items()} | BY_ITSELF
    assert judged.items() <= cases.items()
    assert cases.keys() - judged.keys() <= {"frozen"}
    for rule in judged:
        for lang in LANGS:
            assert say(f"rules.{rule}", lang) != say(f"rules.means.{rule}", lang)


def test_every_rule_of_the_model_is_one_of_the_judges_or_no_policy_at_all() -> None:
    judged = {rule.__name__ for number, rule in judge.RULES if number}
    strengthening = {"no_seat_without_session", "no_answer_without_session", "touches_answer", "event_cash", "tier_standard_cost"}
    measuring = {"answers_summed", "worst_tenth"}
    assert {rule.__name__ for rule in RULES} - strengthening - measuring <= judged


def test_numbers_of_the_rules_stand_in_their_docstrings_in_order() -> None:
    table = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "K1", "K2", "K3", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "N1", "R1"]
    told = [number for rule in RULES for number in re.findall(r"\b([EKBNR]\d)\b", (rule.__doc__ or "").split(")")[0])]
    assert sorted(set(told)) == sorted(table)
    assert list(dict.fromkeys(told)) == sorted(dict.fromkeys(told), key=table.index)


def test_every_function_that_adds_rows_is_on_the_list() -> None:
    source = "".join(Path(file).read_text(encoding="utf-8") for file in (rules.__file__, risk.__file__))
    defined = re.findall(r"^def ([a-z]\w*)\(m: Model\) -> None:", source, re.MULTILINE)
    assert defined
    assert set(defined) == {rule.__name__ for rule in RULES}


def test_a_rule_that_must_hold_in_a_closed_month_is_named() -> None:
    held = policy(calendar={"must_hold": [{"event": "e0", "month": 1}], "blackout": [1]})
    closed = problem(offer(drawn(1), held), held)
    with pytest.raises(Infeasible):
        year.solve_year(closed)
    assert [conflict.ways[0].setting.where for conflict in conflicts(closed)] == [("e0", "1")]


def test_months_that_do_not_fit_are_sought_together_with_the_guests() -> None:
    """A book of few clients: mean guests cannot keep the monthly limit, whole guests can."""
    held = policy(caps={"attendances_client_month": 1.0})
    for seed in range(6):
        book = drawn(seed)
        found, placed = placement.plan_months(problem(offer(book, held), held))
        assert placement.monthly_rules_kept(problem(offer(book, held), held), placed)
        assert sum(placed.sessions.values()) == sum(found.sessions)
        assert sum(placed.guests.values()) == sum(found.guests)
