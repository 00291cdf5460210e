"""Rules that conflict: the true culprits are named, each amount applied as told gives a plan, and a noticeably smaller one does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import Infeasible
from planning.optimise.explain import Conflict, Way, conflicts, told
from planning.optimise.impossible import impossible
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import bands
from planning.optimise.settings import Setting, eased, settings
from planning.policy import Policy, parsed
from planning.run.told import sentences
from tests.optimise.books import drawn, policy

ALL_YEAR = tuple(range(1, 13))
NOTICEABLE = 0.9  # of the change that is told


@dataclass(frozen=True)
class Case:
    """Sections of the policy and columns of tables that together admit no plan, and the rules that are to blame."""

    culprits: set[str]
    sections: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, Any] = field(default_factory=dict)  # of every event
    only: Mapping[str, Any] = field(default_factory=dict)  # of the first event
    hours: float = 540.0
    ladder: bool = True  # whether concessions may be granted
    alone: bool = False  # whether the first event is the only one


def phasing(most: float) -> dict[str, Any]:
    return {f"q{quarter}": [0.0, most] for quarter in range(1, 5)}


FLOOR = {"branch_cny_per_client": 150.0}
CASES = {
    "branch floor, event budget": Case({"branch_floor", "within_event_budget"}, {"budget": {"event_cny": 2_000.0}, "floors": FLOOR}),
    "must hold, event budget": Case(
        {"must_hold", "within_event_budget"}, {"budget": {"event_cny": 900.0}, "calendar": {"must_hold": [{"event": "e0", "month": 6}]}}
    ),
    "least sessions, event budget": Case({"sessions_within_the_year", "within_event_budget"}, {"budget": {"event_cny": 2_300.0}}, only={"min_sessions": 2}),
    "club, managers' hours": Case(
        {"club_every_month", "visits_kept"},
        {"calendar": {"club_every_month": True}},
        {"manager_hours_session": 9.0, "max_sessions": 12, "max_per_client": 12.0, "host": "branch"},
        hours=200.0,
    ),
    "least sessions, gifts": Case(
        {"sessions_within_the_year", "gifts_within_cap"},
        {"caps": {"gift_cny_client_year": 20.0}},
        only={"min_sessions": 2, "gift_cny": 80.0, "min_guests": 4, "host": "branch"},
    ),
    "least sessions, partner": Case(
        {"sessions_within_the_year", "partner_within_cap"}, only={"min_sessions": 3, "partner_share": 0.9, "fixed_cost_cny": 2_000.0}
    ),
    "branch floor, branch cap": Case(
        {"branch_floor", "branch_cap"},
        {"floors": {"branch_cny_per_client": 300.0}, "caps": {"branch_share": 0.5}},
        {"max_per_client": 1.0},
        ladder=False,
    ),
    "branch floor, attendances": Case(
        {"branch_floor", "not_too_often"}, {"floors": {"branch_cny_per_client": 400.0}, "caps": {"attendances_client_month": 0.6}}, {"months": (5, 6)}
    ),
    "branch floor, quarters": Case({"branch_floor", "spend_phased"}, {"floors": FLOOR, "phasing": {"q2": [0.0, 0.3]}}, {"months": (4, 5, 6)}),
    "tier floor, concession budget": Case(
        {"tier_floor", "within_concession_budget", "branch_floor"},
        {"floors": {"tier": {"gold": 0.5}, **FLOOR}, "budget": {"concession_cny": 100.0}},
        {"tiers": ("private",)},
    ),
    "tier floor, bearable concessions": Case(
        {"tier_floor", "concession_bearable", "branch_floor"},
        {"floors": {"tier": {"gold": 0.5}, **FLOOR}, "caps": {"concession_share_of_contribution": 0.001}},
        {"tiers": ("private",)},
    ),
    "tier cap, branch floor": Case(
        {"tier_cap", "branch_floor", "within_concession_budget"},
        {"caps": {"tier": {"private": 0.6}}, "floors": FLOOR, "budget": {"concession_cny": 100.0}},
        {"tiers": ("private",)},
    ),
    "one session, quarters": Case(
        {"sessions_within_the_year", "spend_phased"}, {"phasing": phasing(0.9)}, {"min_sessions": 1, "max_sessions": 1, "months": (2, 5)}, alone=True
    ),
}


def bank(case: Case) -> Book:
    book = drawn(3, clients=20, events=2)
    events = book.tables["events"].assign(
        host=["centre", "branch"], fixed_cost_cny=1_000.0, guest_cost_cny=100.0, min_guests=2, max_guests=8, max_per_client=2.0, interests=[()] * 2,
        risk_level=float("nan"), gift_cny=0.0, partner_share=0.0, months=[ALL_YEAR] * 2,
    )  # fmt: skip
    for column, value in case.events.items():
        events[column] = [value] * len(events)
    for column, value in case.only.items():
        events[column] = [value, *events[column][1:]]
    events = events[:1] if case.alone else events
    managers = book.tables["managers"].assign(hours_year=case.hours)
    concessions = book.tables["concessions"] if case.ladder else book.tables["concessions"][:0]
    return replace(book, tables={**book.tables, "events": events, "managers": managers, "concessions": concessions})


def posed(book: Book, rules: Policy) -> Problem:
    return problem(offer(book, rules), rules)


def has_plan(book: Book, rules: Policy) -> bool:
    try:
        posed_ = posed(book, rules)
        if impossible(posed_):
            return False
        plan_months(posed_)
    except Infeasible:
        return False
    return True


def applied(book: Book, rules: Policy, way: Way) -> tuple[Book, Policy]:
    """Book and policy with the change made as the sentence says: parameters as typed after -p, cells by table and column."""
    if not way.setting.table:
        return book, rules.with_parameters({name: parsed(name, text) for name, text in way.parameters})
    key = {"managers": "branch", "events": "event", "partners": "partner"}[way.setting.table]
    table = book.tables[way.setting.table]
    column = table[way.setting.column].where(table[key] != way.setting.where[0], way.value)
    return replace(book, tables={**book.tables, way.setting.table: table.assign(**{way.setting.column: column})}), rules


@pytest.mark.parametrize("name", CASES)
def test_the_culprits_are_named_and_each_amount_is_right(name: str) -> None:
    case = CASES[name]
    book, rules = bank(case), policy(**case.sections)
    assert not has_plan(book, rules)
    (conflict,) = conflicts(posed(book, rules))
    assert conflict.narrowed
    assert {way.setting.rule for way in conflict.ways} == case.culprits
    assert conflict.ways[0].value is not None
    for way in conflict.ways:
        if way.value is not None:
            assert has_plan(*applied(book, rules, way)), way
            assert not _with_less(posed(book, rules), way), way


@pytest.mark.parametrize("months", [ALL_YEAR, ALL_YEAR[6:]], ids=["both halves", "one half"])
@pytest.mark.parametrize("name", ["club, managers' hours", "least sessions, partner"])
def test_what_a_half_asks_of_a_table_is_told_as_the_table_has_it(name: str, months: tuple[int, ...]) -> None:
    """Hours, caps and sessions are a year's in the tables: what is told is what to write there, for a half too."""
    case = CASES[name]
    rules = policy(period="second_half", **case.sections)
    book = bank(replace(case, events={**case.events, "months": months}))
    (conflict,) = conflicts(posed(book, rules))
    ways = [way for way in conflict.ways if way.setting.table and way.value is not None]
    assert {way.setting.column for way in ways} == ({"hours_year"} if "hours" in name else {"cap_cny", "min_sessions"})
    for way in ways:
        assert way.setting.asked == book.tables[way.setting.table][way.setting.column][0]
        assert has_plan(*applied(book, rules, way))
        assert not _with_less(posed(book, rules), way)


def _with_less(posed_: Problem, way: Way) -> bool:
    """Whether a noticeably smaller change is enough too."""
    setting, steps = way.setting, way.setting.reaching(way.value or 0.0)
    fewer = min(int(NOTICEABLE * steps), steps - 1)
    less = eased(posed_, setting, setting.after(fewer))
    if impossible(less):
        return False
    try:
        plan_months(less)
    except Infeasible:
        return False
    return True


def test_two_conflicts_are_told_apart_and_both_mended_by_their_first_ways() -> None:
    case = Case(set(), only={"min_sessions": 2, "gift_cny": 80.0, "min_guests": 4, "host": "branch"}, hours=160.0)
    rules = policy(caps={"gift_cny_client_year": 20.0}, calendar={"must_hold": [{"event": "e1", "month": 3}]}, budget={"event_cny": 3_600.0})
    book = bank(case)
    found = conflicts(posed(book, rules))
    assert len(found) > 1
    for conflict in found:
        book, rules = applied(book, rules, conflict.ways[0])
    assert has_plan(book, rules)


def test_a_rule_that_facts_alone_forbid_stands_alone() -> None:
    """Three sessions of eight guests where fourteen clients may come twice: no other rule is to blame."""
    case = Case(set(), only={"min_sessions": 3, "min_guests": 8, "max_guests": 8, "max_per_client": 1.0, "host": "branch"})
    (conflict,) = conflicts(posed(bank(case), policy()))
    assert [way.setting.where for way in conflict.ways] == [("e0",)]
    assert [fault.code for fault in told((conflict,))] == ["conflict_alone", "conflict_lower_cell"]


def test_what_has_a_plan_has_no_conflict() -> None:
    assert conflicts(posed(bank(Case(set())), policy())) == ()
    assert [fault.code for fault in told(())] == ["conflict_unexplained"]


@pytest.mark.parametrize("setting", settings(posed(bank(CASES["least sessions, partner"]), policy(
    phasing={"q1": [0.1, 0.4]}, floors={"tier": {"gold": 0.1234}, "branch_cny_per_client": 33.0}, caps={"tier": {"private": 0.7}, "branch_share": 0.55},
    calendar={"club_every_month": True, "must_hold": [{"event": "e0", "month": 6}]},
))), ids=lambda one: f"{one.rule} {one.end}")  # fmt: skip
def test_every_step_of_a_setting_is_easier_and_reaches_what_it_says(setting: Setting) -> None:
    values = [setting.after(steps) for steps in (0, 1, 2, setting.steps)]
    away = [abs(value - setting.asked) for value in values]
    assert away == sorted(away)
    assert values[-1] == setting.loosest
    for value in values[1:]:
        assert setting.reaching(value) == next(steps for steps in range(setting.steps + 1) if setting.after(steps) == value)
        between = (value + setting.asked) / 2
        reached = setting.after(setting.reaching(between))
        assert abs(reached - setting.asked) >= abs(between - setting.asked) - 1e-9


@pytest.mark.parametrize("period", ["year", "first_half", "second_half"])
def test_a_setting_of_the_policy_stands_for_the_same_limit_in_the_year_and_in_a_half(period: str) -> None:
    """Eased in the problem, it limits what the policy with that value limits; left as it is asked, nothing changes."""
    book = bank(Case(set()))
    bands_asked = {f"q{quarter}": [0.1, 0.3 + quarter / 20] for quarter in range(1, 5)}
    rules = policy(period=period, phasing=bands_asked, budget={"event_ratio": 0.01, "concession_ratio": 0.02, "concession_cny": 90_000.0})
    offered = offer(book, rules)
    asked = problem(offered, rules)
    found = [one for one in settings(asked, in_policy=True) if one.rule in ("within_event_budget", "within_concession_budget", "spend_phased")]
    assert len(found) == (10 if period == "year" else 6)
    for one in found:
        assert limits_of(eased(asked, one, one.asked)) == limits_of(asked)
        for steps in (1, one.steps):
            there = eased(asked, one, one.after(steps))
            assert limits_of(problem(offered, there.policy)) == pytest.approx(limits_of(there)), one
            assert limits_of(there) != limits_of(asked), one


def limits_of(p: Problem) -> list[float]:
    return [p.event_limit_cny, p.concession_limit_cny, *(end for quarter in sorted(bands(p.policy)) for end in bands(p.policy)[quarter])]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_say_rule_place_now_then_and_where_to_set_it(lang: str) -> None:
    case = CASES["branch floor, event budget"]
    book, rules = bank(case), policy(**case.sections)
    found = conflicts(posed(book, rules))
    text = "\n".join(sentences(Infeasible(told(found)), lang))
    assert "{" not in text
    for way in found[0].ways:
        ((name, value),) = way.parameters
        assert f"{name} = {value}" in text
        assert f"{way.value:,.0f}" in text
        assert f"{way.setting.asked:,.0f}" in text


def test_a_conflict_that_was_not_narrowed_or_has_no_single_way_says_so() -> None:
    case = CASES["branch floor, event budget"]
    (found,) = conflicts(posed(bank(case), policy(**case.sections)))
    unsure = Conflict((found.ways[0], replace(found.ways[1], value=None)), narrowed=False)
    assert [fault.code for fault in told((unsure,))] == ["conflict_wide", "conflict_lower", "conflict_not_alone"]
