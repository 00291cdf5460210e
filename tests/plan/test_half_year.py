"""A plan for half a year: its own months, half of what is meant a year, and a page that says so."""

import json
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.book.book import Book
from planning.catalogue.events import sessions_of_period
from planning.catalogue.offer import offer
from planning.errors import Infeasible, NotSolved
from planning.judge import gather, judge, period
from planning.optimise.placement import plan_months
from planning.optimise.problem import problem
from planning.optimise.rules import bands
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.plan.summary import Summary
from tests.optimise.books import drawn, policy
from tests.optimise.month_model import solve_months
from tests.report.assembled import assembled

HALVES = {"first_half": range(1, 7), "second_half": range(7, 13)}
FULL: dict[str, Any] = {
    "budget": {"event_cny": 9_000.0, "event_ratio": 0.5, "concession_cny": 6_000.0, "concession_ratio": 0.5},
    "phasing": {"q1": [0.1, 0.3], "q2": [0.2, 0.4], "q3": [0.1, 0.4], "q4": [0.1, 0.5]},
    "caps": {"gift_cny_client_year": 160.0},
    "calendar": {"must_hold": [{"event": "e1", "month": 5}, {"event": "e1", "month": 10}]},
}


@pytest.fixture(scope="module")
def book() -> Book:
    base = drawn(4, branches=2, clients=40, events=4)
    base.tables["events"]["months"] = [tuple(range(1, 13))] * 4
    return base


@pytest.fixture(scope="module", params=HALVES)
def half(request: pytest.FixtureRequest, book: Book) -> Summary:
    return make_plan(book, policy(period=request.param, **FULL), "half-2027", lambda *_: None)


def test_a_half_has_its_own_months_and_quarters(half: Summary) -> None:
    own = HALVES[half.period]
    assert half.plan.sessions
    assert {row.month for row in half.plan.sessions} <= set(own)
    assert [line.quarter for line in half.quarters] == sorted({(month + 2) // 3 for month in own})
    assert sum(line.share for line in half.quarters) == pytest.approx(1.0)
    assert {row.month for row in half.plan.sessions if row.event == "e1"} & {5, 10} == {5, 10} & set(own)


def test_a_careful_half_is_worth_the_same_to_the_judge(book: Book) -> None:
    rules = policy(period="second_half", value={"risk_aversion": 0.5}, **FULL)
    plan = make_plan(book, rules, "half-2027", lambda *_: None).plan
    verdict = judge(plain(plan), gather(columns(book), plan.policy))
    assert verdict.passed
    assert any(row.cost_cny for row in plan.ladder)
    assert float(verdict.totals["value_cny"]) == pytest.approx(plan.totals.value_cny, abs=1.0)


def test_what_is_meant_a_year_counts_half(half: Summary, book: Book) -> None:
    year = make_plan(book, policy(**{**FULL, "calendar": {}}), "annual-2027", lambda *_: None)
    assert half.event_budget.ratio_cny == pytest.approx(year.event_budget.ratio_cny / 2)
    assert half.event_budget.amount_cny == year.event_budget.amount_cny
    assert [line.hours for line in half.hours] == [line.hours / 2 for line in year.hours]
    assert [line.visits for line in half.hours] == [line.visits / 2 for line in year.hours]
    granted = {(line.region, line.tier, line.kind, line.concession, line.level): (line.cost_cny, line.gain_cny) for line in year.ladder if line.level}
    alike = [(line, granted[key]) for line in half.ladder if (key := (line.region, line.tier, line.kind, line.concession, line.level)) in granted]
    assert alike
    assert all((line.cost_cny, line.gain_cny) == (pytest.approx(cost / 2), pytest.approx(gain / 2)) for line, (cost, gain) in alike)


def test_a_session_in_the_other_half_is_caught(half: Summary, book: Book) -> None:
    raw = json.loads(half.plan.to_json())
    facts = gather(columns(book), half.plan.policy)
    assert judge(raw, facts).passed
    for table in ("sessions", "attendances"):
        for row in raw[table]:
            row["month"] = (row["month"] + 5) % 12 + 1
    assert "only_open_months" in {check.rule for check in judge(raw, facts).broken}


def test_a_session_locked_in_the_other_half_belongs_to_its_plan(half: Summary, book: Book) -> None:
    row = half.plan.sessions[0]
    other = (row.month + 5) % 12 + 1
    line = {"host": row.host, "event": row.event, "month": other, "sessions": 1}
    rules = policy(period=half.period, **FULL).with_parameters({"frozen_sessions": [line]})
    assert problem(offer(book, rules), rules).locked == {}
    raw = {name: part for name, part in plain(half.plan).items() if name in ("sessions", "attendances", "ladder")}
    facts = gather(columns(book), rules.model_dump(mode="json"))
    assert judge(raw, facts).passed
    raw["sessions"] = [*raw["sessions"], {**raw["sessions"][0], "month": other}]
    assert "only_open_months" in {check.rule for check in judge(raw, facts).broken}


def test_a_years_plan_is_too_much_for_a_half(book: Book) -> None:
    year = make_plan(book, policy(budget={"event_cny": 40_000.0}), "annual-2027", lambda *_: None)
    rows = {name: part for name, part in plain(year.plan).items() if name in ("sessions", "attendances", "ladder")}
    broken = {check.rule for check in judge(rows, gather(columns(book), {**year.plan.policy, "period": "first_half"})).broken}
    assert {"only_open_months", "once_is_enough", "sessions_within_the_year"} <= broken


def test_a_policy_that_does_not_say_plans_the_year(book: Book) -> None:
    year = make_plan(book, policy(), "annual-2027", lambda *_: None)
    raw = json.loads(year.plan.to_json())
    del raw["policy"]["period"]
    assert judge(raw, gather(columns(book), raw["policy"])).passed


@pytest.mark.parametrize(("lang", "said", "unsaid"), [("zh", "2027 年上半年", "全年"), ("en", "the first half of 2027", "The year")])
def test_the_page_says_the_half_it_is_for(half: Summary, lang: str, said: str, unsaid: str) -> None:
    page = re.sub(r"<table.*?</table>", "", assembled(half, lang), flags=re.DOTALL)  # the table of settings words every choice
    assert (said if half.period == "first_half" else said.replace("上", "下").replace("first", "second")) in page
    assert unsaid not in page


def test_the_calendar_shows_the_months_of_the_half(half: Summary) -> None:
    heads = re.findall(r"<caption>Sessions by month.*?</thead>", assembled(half, "en"), re.DOTALL)[0]
    shown = re.findall(r">(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", heads)
    assert len(shown) == 6
    assert ("Jan" in shown) == (half.period == "first_half")


@given(st.integers(0, 9), st.sets(st.integers(1, 12), min_size=1))
def test_the_halves_sessions_make_the_year(most: int, months: set[int]) -> None:
    found = {name: sessions_of_period(most, tuple(months), policy(period=name)) for name in HALVES}
    assert sum(found.values()) == most
    assert all(period.most_sessions({"period": name}, months, most) == count for name, count in found.items())


TENTHS = st.integers(0, 10)
BANDS = st.lists(st.tuples(TENTHS, TENTHS).map(sorted), min_size=4, max_size=4)


@given(BANDS, st.sampled_from(sorted(HALVES)), st.data())
def test_a_half_keeps_what_the_years_quarters_imply(year: list[list[int]], name: str, data: st.DataObject) -> None:
    """Spending of two quarters within their shares of a year lies within the half's limits; model and judge have the same limits."""
    limits = bands(policy(period=name, phasing={f"q{quarter}": [low / 10, high / 10] for quarter, (low, high) in enumerate(year, 1)}))
    exact = {quarter: (Fraction(low, 10), Fraction(high, 10)) for quarter, (low, high) in enumerate(year, 1)}
    judged = period.quarter_limits({"period": name}, exact)
    assert judged.keys() == limits.keys()
    assert all([float(end) for end in judged[quarter]] == pytest.approx(limits[quarter]) for quarter in limits)
    spent = {quarter: data.draw(st.integers(*year[quarter - 1])) for quarter in limits}
    total = sum(spent.values())
    assert all(low * total <= spent[quarter] <= high * total for quarter, (low, high) in judged.items())


SEEDS = [pytest.param(range(6)), *(pytest.param(range(at, at + 20), marks=pytest.mark.slow) for at in range(6, 106, 20))]


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_a_half_is_worth_what_its_months_are(seeds: range) -> None:
    """Year first, months second, against the full model with its months, for half a year."""
    for seed in seeds:
        rules = policy(
            period=sorted(HALVES)[seed % 2],
            budget={"event_cny": 3_000.0 + 500 * seed, "concession_cny": 1_000.0},
            phasing=FULL["phasing"] if seed % 3 else {},
            contact={"rule": "target"},
            calendar={"must_hold": [{"event": "e0", "month": 3 + seed % 8}]} if seed % 4 == 1 else {},
            caps={"concession_share_of_contribution": 0.05, "gift_cny_client_year": 160.0},
        )
        asked = problem(offer(drawn(seed, clients=14, events=2), rules), rules)
        full = solve_months(asked, 60.0)
        try:
            year, _ = plan_months(asked)
        except (Infeasible, NotSolved):
            assert not full.possible, seed
            continue
        assert full.possible, seed
        assert year.outcome.objective == pytest.approx(full.value, rel=3e-4, abs=0.02), seed
