"""Plans made although rules conflict: what was relaxed is said in the plan, on the page and in words, and nothing else is."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from planning.errors import Infeasible, NotSolved
from planning.plan import relaxed
from planning.plan.make import make_plan
from planning.plan.plan import Plan, Relaxed
from planning.plan.summary import Summary
from planning.policy import checked, differing
from planning.report import cards
from planning.run.told import relaxed_lines, sentences
from tests.optimise.books import policy
from tests.optimise.test_conflicts import CASES, FLOOR, Case, bank

IN_POLICY = {
    "branch floor, event budget": {"within_event_budget", "branch_floor"},
    "must hold, event budget": {"within_event_budget", "must_hold"},
    "club, managers' hours": {"visits_as_target", "club_every_month"},
    "least sessions, gifts": {"gifts_within_cap"},
    "branch floor, quarters": {"spend_phased", "branch_floor"},
}
BY_ITSELF: dict[str, tuple[Mapping[str, Any], set[str]]] = {
    "floors above all": ({"floors": {"tier": {"gold": 0.7, "private": 0.5}}}, {"tier_floor"}),
    "floor above cap": ({"floors": {"tier": {"gold": 0.6}}, "caps": {"tier": {"gold": 0.5}}}, {"tier_floor", "tier_cap"}),
    "quarters above all": ({"phasing": {"q1": [0.6, 1.0], "q2": [0.5, 1.0]}}, {"spend_phased"}),
    "a closed month": ({"calendar": {"must_hold": [{"event": "e0", "month": 2}], "blackout": [2]}}, {"must_hold"}),
    "too late for a club": ({"calendar": {"club_every_month": True, "approved_on": "2027-03-20"}}, {"club_every_month"}),
}


def made(case: Case, relax: bool = True) -> Summary:
    return make_plan(bank(case), policy(**case.sections), "t", lambda *_: None, relax=relax)


@cache
def example() -> Summary:
    return made(CASES["branch floor, event budget"])


@pytest.mark.parametrize("name", IN_POLICY)
def test_a_plan_is_made_that_says_what_it_relaxes_and_by_what_it_is_judged(name: str) -> None:
    case = CASES[name]
    asked, plan = policy(**case.sections), made(case).plan
    assert plan.relaxed
    assert {line.rule for line in plan.relaxed} <= IN_POLICY[name]
    assert len(differing(asked, checked(plan.policy))) >= 1
    assert all(line.asked != line.relaxed_to for line in plan.relaxed)
    with pytest.raises(Infeasible):
        made(case, relax=False)


@pytest.mark.parametrize("name", BY_ITSELF)
def test_what_is_impossible_by_itself_can_be_relaxed_too(name: str) -> None:
    sections, rules = BY_ITSELF[name]
    plan = made(Case(set(), sections)).plan
    assert {line.rule for line in plan.relaxed} <= rules
    assert plan.relaxed


def test_hours_that_fall_short_become_a_target_and_stay_the_tables() -> None:
    plan = made(Case(set(), hours=40.0)).plan
    assert [line.rule for line in plan.relaxed] == ["visits_as_target"]
    assert plan.policy["contact"]["rule"] == "target"


def test_what_only_a_table_can_mend_is_told_with_the_cell() -> None:
    case = Case(set(), only={"min_sessions": 3, "min_guests": 8, "max_guests": 8, "max_per_client": 1.0, "host": "branch"})
    with pytest.raises(Infeasible) as refused:
        made(case)
    assert refused.value.faults[-1].code == "relax_not_by_policy"
    assert ("events", "min_sessions") in {(fault.table, fault.column) for fault in refused.value.faults}


def test_rules_that_can_be_kept_are_not_relaxed() -> None:
    case = Case(set(), {"floors": {"branch_cny_per_client": 20.0}})
    plan = made(case).plan
    assert plan.relaxed == ()
    assert plan.policy == policy(**case.sections).model_dump(mode="json")


def test_plan_json_keeps_what_was_relaxed() -> None:
    plan = example().plan
    text = plan.to_json()
    assert json.loads(text)["relaxed"] == [{**asdict(line), "where": list(line.where)} for line in plan.relaxed]
    assert Plan.from_json(text) == plan


@pytest.mark.parametrize(("lang", "words"), [("zh", ("须专门决定", "已放宽", "原定")), ("en", ("decision of its own", "relaxed", "set at"))])
def test_page_and_command_line_say_it_at_the_top_and_beside_the_rules(lang: str, words: tuple[str, str, str]) -> None:
    summary = example()
    (line,) = summary.plan.relaxed
    head, rules = (card(summary, lang).html(lang) for card in (cards.headline, cards.rules))
    figures = f"{line.asked:,.0f}", f"{line.relaxed_to:,.0f}"
    assert head.index('class="relaxed"') < head.index("<h1>")
    assert words[0] in head
    assert words[1] in rules
    for text in (head, rules, *relaxed_lines([asdict(line)], lang)):
        assert all(figure in text for figure in figures)
    assert words[2] in relaxed_lines([asdict(line)], lang)[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_relaxed_rule_can_be_said(lang: str) -> None:
    kinds = [
        Relaxed("tier_floor", ("gold",), "least", "share", 0.25, 0.183),
        Relaxed("spend_phased", ("q2",), "most", "share", 0.3, 0.4),
        Relaxed("not_too_often", (), "most", "attendances", 0.6, 1.0),
        Relaxed("must_hold", ("e0", "12"), "least", "yes", 1.0, 0.0),
        Relaxed("visits_as_target", (), "least", "yes", 1.0, 0.0),
        Relaxed("club_every_month", (), "least", "yes", 1.0, 0.0),
    ]
    told = relaxed_lines([asdict(line) for line in kinds], lang)
    assert len(set(told)) == len(kinds)
    assert "18.3%" in told[0]
    assert not [line for line in told if "{" in line]


def test_values_too_tight_to_plan_with_in_time_are_eased_a_little_more(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[float] = []
    plan_months = relaxed.plan_months

    def slow_at_first(posed: Any, *heard: Any) -> Any:
        tries.append(posed.event_limit_cny)
        if len(tries) == 2:
            raise NotSolved(relaxed.Fault("no_plan_in_time"))
        return plan_months(posed, *heard)

    monkeypatch.setattr(relaxed, "plan_months", slow_at_first)
    plan = made(Case(set(), {"budget": {"event_cny": 2_000.0}, "floors": FLOOR, "caps": {"gift_cny_client_year": 0.0}})).plan
    assert len(tries) == 3
    assert plan.relaxed


def test_the_refusal_without_relax_says_every_way_out() -> None:
    for lang in ("zh", "en"):
        with pytest.raises(Infeasible) as refused:
            made(CASES["branch floor, event budget"], relax=False)
        told = sentences(refused.value, lang)
        assert len(told) == 4  # a head, the conflict, and its two ways out
        assert not [line for line in told if "{" in line]
