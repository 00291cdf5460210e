"""A plan from book to JSON: judged, whole, and with parts that sum to their totals."""

import json
from math import fsum, isclose

import pandas as pd
import pytest

from planning.book.book import Book, book_of
from planning.judge import gather, judge
from planning.plan import judged
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.plan.summary import Summary
from tests.optimise.books import drawn, policy

FULL = {
    "budget": {"event_cny": 12_000.0, "concession_cny": 9_000.0, "transfer_share": 0.2},
    "phasing": {"q1": [0.0, 0.5], "q2": [0.0, 0.6], "q3": [0.0, 0.6], "q4": [0.1, 0.6]},
    "caps": {"tier": {"gold": 0.7}, "branch_share": 0.8},
    "floors": {"tier": {"gold": 0.1}, "branch_cny_per_client": 20.0},
    "calendar": {"approved_on": "2027-01-15", "blackout": [8]},
}


@pytest.fixture(scope="module")
def book() -> Book:
    return drawn(4, branches=3, clients=60, events=5)


@pytest.fixture(scope="module")
def summary(book: Book) -> Summary:
    return make_plan(book, policy(**FULL), "annual-2027", lambda *_: None)


def test_plan_json_has_just_the_fields_of_the_interface(summary: Summary) -> None:
    raw = json.loads(summary.plan.to_json())
    assert list(raw) == ["id", "year", "state", "data_hash", "policy", "solve", "segments", "sessions", "attendances", "ladder", "totals"]
    assert set(raw["solve"]) == {"status", "solver", "objective", "bound", "gap", "seconds"}
    assert set(raw["segments"][0]) == {"branch", "region", "tier", "kind", "clients", "contribution_cny"}
    assert set(raw["sessions"][0]) == {"host", "host_level", "event", "month", "sessions"}
    assert set(raw["attendances"][0]) == {"branch", "tier", "kind", "host", "event", "month", "attendances"}
    assert set(raw["ladder"][0]) == {"region", "tier", "kind", "concession", "level", "depth", "gain_cny", "cost_cny"}
    assert set(raw["totals"]) == {"event_cny", "concession_cny", "uplift_cny", "gain_cny", "value_cny"}
    assert {
        "year",
        "period",
        "data_date",
        "budget",
        "phasing",
        "floors",
        "caps",
        "calendar",
        "frozen",
        "contact",
        "value",
        "evaluation",
        "privacy",
        "segments",
        "products",
        "library",
        "bank",
        "solver",
    } == set(raw["policy"])


def test_a_plan_reads_back_as_it_was_written(summary: Summary) -> None:
    assert Plan.from_json(summary.plan.to_json()) == Plan.from_json(Plan.from_json(summary.plan.to_json()).to_json())
    assert Plan.from_json(summary.plan.to_json()).to_json() == summary.plan.to_json()


def test_the_cash_of_a_session_without_guests_falls_on_those_who_could_come() -> None:
    bank = drawn(3)
    bank.tables["events"][["min_guests", "guest_cost_cny"]] = [0, 1e5]
    told = make_plan(bank, policy(calendar={"must_hold": [{"event": "e1", "month": 2}]}), "annual-2027", lambda *_: None)
    assert told.plan.sessions
    assert (told.plan.totals.event_cny > 0, told.plan.attendances) == (True, ())
    for lines in (told.tiers, told.regions, told.branches):
        assert fsum(line.event_cny for line in lines) == pytest.approx(told.plan.totals.event_cny, abs=0.01)


def test_guests_and_sessions_are_whole(summary: Summary) -> None:
    assert summary.plan.attendances
    assert all(row.attendances == int(row.attendances) > 0 for row in summary.plan.attendances)
    assert all(row.sessions > 0 for row in summary.plan.sessions)


def test_the_second_judge_passes_it_and_refuses_5000_guests_more(summary: Summary, book: Book) -> None:
    facts = gather(columns(book), summary.plan.policy)
    assert judge(plain(summary.plan), facts).passed
    raw = json.loads(summary.plan.to_json())
    raw["attendances"][0]["attendances"] += 5_000
    assert {"E1", "E3", "B1"} <= {check.number for check in judge(raw, facts).checks if check.broken}


@pytest.mark.parametrize("lines", ["tiers", "regions", "branches"])
def test_groups_sum_to_the_plans_totals(summary: Summary, lines: str) -> None:
    groups, totals = getattr(summary, lines), summary.plan.totals
    assert isclose(fsum(line.event_cny for line in groups), totals.event_cny, abs_tol=0.01)
    assert isclose(fsum(line.concession_cny for line in groups), totals.concession_cny, abs_tol=0.01)
    assert isclose(fsum(line.uplift_cny for line in groups), totals.uplift_cny, abs_tol=0.01)
    assert isclose(fsum(line.gain_cny for line in groups), totals.gain_cny, abs_tol=0.01)
    assert sum(line.clients for line in groups) == summary.segmented


def test_quarters_and_sessions_sum_to_the_years_cash(summary: Summary) -> None:
    assert isclose(fsum(line.cash_cny for line in summary.quarters), summary.plan.totals.event_cny, abs_tol=0.01)
    assert isclose(fsum(line.cash_cny for line in summary.sessions), summary.plan.totals.event_cny, abs_tol=0.01)


def test_the_plan_is_the_best_of_those_compared_that_break_no_rule(summary: Summary) -> None:
    this, *others = summary.baselines
    assert this.code == "this_plan"
    assert not this.broken
    assert {other.code for other in others} == {"greedy_by_return", "equal_split", "by_assets", "nothing"}
    assert all(other.value_cny <= summary.plan.solve.bound + 0.01 for other in others if not other.broken)
    assert all(other.event_cny <= summary.event_budget.limit_cny + 0.01 for other in others)


def test_what_is_proven_is_proven_of_the_value_on_the_curve(summary: Summary) -> None:
    assert isclose(summary.plan.solve.objective, summary.plan.totals.value_cny, abs_tol=0.02)
    assert summary.plan.solve.bound >= summary.plan.totals.value_cny - 0.02


def test_the_order_of_rows_does_not_matter(book: Book, summary: Summary) -> None:
    shuffled = book_of({name: table.sample(frac=1, random_state=1) for name, table in book.tables.items()})
    again = make_plan(shuffled, policy(**FULL), "annual-2027", lambda *_: None)
    assert shuffled.data_hash == book.data_hash
    assert again.plan.totals == summary.plan.totals
    assert again.plan.sessions == summary.plan.sessions


def test_an_event_nobody_may_attend_changes_nothing(book: Book, summary: Summary) -> None:
    useless = book.tables["events"].iloc[[0]].assign(event="useless", risk_level=5.0, interests=[("none",)])
    wider = book_of({**book.tables, "events": pd.concat([book.tables["events"], useless])})
    again = make_plan(wider, policy(**FULL), "annual-2027", lambda *_: None)
    assert again.plan.totals == summary.plan.totals
    assert [line.event for line in again.left_out if line.reason == "no_eligible_clients"] == ["useless"]


def test_scaling_money_scales_the_plan(book: Book) -> None:
    """Ten times the contribution and ten times the prices: the same plan, ten times the value."""
    rules = policy(budget={"event_cny": 12_000.0, "concession_cny": 0.0})
    tenfold = policy(budget={"event_cny": 120_000.0, "concession_cny": 0.0})
    clients = book.tables["clients"].assign(contribution_cny=5_000.0)
    events = book.tables["events"].assign(gift_cny=0.0)
    base = book_of({**book.tables, "clients": clients, "events": events, "partners": book.tables["partners"].iloc[:0]})
    more = {
        "clients": clients.assign(contribution_cny=50_000.0),
        "events": events.assign(fixed_cost_cny=events["fixed_cost_cny"] * 10, guest_cost_cny=events["guest_cost_cny"] * 10),
    }
    once = make_plan(base, rules, "once", lambda *_: None)
    ten = make_plan(book_of({**base.tables, **more}), tenfold, "ten", lambda *_: None)
    assert ten.plan.totals.value_cny == pytest.approx(10 * once.plan.totals.value_cny, rel=1e-3)


def test_a_long_table_is_judged_by_stretches_as_if_it_were_held_whole(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = judged.columns(book)
    monkeypatch.setattr(judged, "STRETCH", 7)
    by_stretches = judged.columns(book)
    assert isinstance(by_stretches["clients"]["client"], judged.Stretched)
    for name, table in whole.items():
        assert {column: list(values) for column, values in by_stretches[name].items()} == table
