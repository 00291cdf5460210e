"""Every rule of the model does something: without it the second judge finds the plan breaking just that rule."""

import re
from pathlib import Path

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible, Refused
from planning.optimise import placement, rules, year
from planning.optimise.problem import problem
from planning.optimise.rules import RULES
from planning.plan.make import make_plan
from tests.optimise.books import drawn, policy

# Policies under which the rule binds on the book of that seed, and the monthly rules that go with it.
LADDER_SEED = 0
BINDING = {
    "within_event_budget": ("B1", 1, {"budget": {"event_cny": 2_000.0}}),
    "within_concession_budget": ("B2", 1, {"budget": {"concession_cny": 3_000.0}}),
    "concession_bearable": ("K3", 1, {"caps": {"concession_share_of_contribution": 0.05}, "budget": {"concession_cny": 1e6}}),
    "tier_floor": ("B4", 1, {"floors": {"tier": {"gold": 0.6}}}),
    "tier_cap": ("B4", 1, {"caps": {"tier": {"private": 0.3}}}),
    "branch_floor": ("B5", 5, {"floors": {"branch_cny_per_client": 150.0}, "budget": {"event_cny": 4_000.0}}),
    "branch_cap": ("B6", 0, {"caps": {"branch_share": 0.52}}),
    "gifts_within_cap": ("E8", 2, {"caps": {"gift_cny_client_year": 100.0}}),
    "visits_kept": ("N1", 3, {}),
    "partner_within_cap": ("B7", 0, {}),
}


@pytest.mark.parametrize("rule", BINDING)
def test_without_the_rule_the_judge_refuses(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, seed, sections = BINDING[rule]
    book, with_rule = drawn(seed), policy(**sections)
    if rule == "visits_kept":
        book.tables["managers"]["hours_year"] = 150.0
    make_plan(book, with_rule, "kept", lambda *_: None)
    monkeypatch.setattr(year, "RULES", tuple(other for other in RULES if other.__name__ != rule))
    with pytest.raises(Refused) as told:
        make_plan(book, with_rule, "broken", lambda *_: None)
    assert {fault.values["number"] for fault in told.value.faults} == {number}


def test_the_ladder_rises_because_a_rule_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year, "RULES", tuple(rule for rule in RULES if rule is not rules.ladder_rises_with_tier))
    with pytest.raises(Refused) as told:
        make_plan(drawn(LADDER_SEED), policy(budget={"concession_cny": 3_000.0}), "t", lambda *_: None)
    assert {fault.values["number"] for fault in told.value.faults} == {"K2"}


def test_numbers_of_the_rules_stand_in_their_docstrings_in_order() -> None:
    table = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "K1", "K2", "K3", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "N1", "R1"]
    told = [number for rule in RULES for number in re.findall(r"\b([EKBNR]\d)\b", (rule.__doc__ or "").split(")")[0])]
    assert sorted(set(told)) == sorted(table)
    assert list(dict.fromkeys(told)) == sorted(dict.fromkeys(told), key=table.index)


def test_every_function_that_adds_rows_is_on_the_list() -> None:
    source = Path(rules.__file__).read_text(encoding="utf-8")
    defined = re.findall(r"^def ([a-z]\w*)\(m: Model\) -> None:", source, re.MULTILINE)
    assert defined
    assert set(defined) == {rule.__name__ for rule in RULES}


def test_a_rule_that_must_hold_in_a_closed_month_is_named() -> None:
    held = policy(calendar={"must_hold": [{"event": "e0", "month": 1}], "blackout": [1]})
    with pytest.raises(Infeasible) as told:
        year.solve_year(problem(offer(drawn(1), held), held))
    assert ("conflict_relieve", "must_hold") in {(fault.code, fault.values["rule"]) for fault in told.value.faults}


def test_months_that_do_not_fit_are_sought_together_with_the_guests() -> None:
    """A book of few clients: mean guests cannot keep the monthly limit, whole guests can."""
    held = policy(caps={"attendances_client_month": 1.0})
    for seed in range(6):
        book = drawn(seed)
        found, placed = placement.plan_months(problem(offer(book, held), held))
        assert placement.monthly_rules_kept(problem(offer(book, held), held), placed)
        assert sum(placed.sessions.values()) == sum(found.sessions)
        assert sum(placed.guests.values()) == sum(found.guests)
