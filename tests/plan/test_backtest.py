"""Plan value against realised value: by hand, in years whose truth is known, before the second judge, and without telling of anybody."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import exp, sqrt
from pathlib import Path

import pandas as pd
import pytest

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.book.windows import span
from planning.judge import differing_figures, gather, happened, judge
from planning.judge.groups import days_of
from planning.plan.judged import columns, plain
from planning.plan.plan import Plan
from planning.plan.record import Backtest
from planning.plan.record.backtest import backtest
from planning.plan.record.happened import in_period
from planning.plan.record.realised import booked, trials
from planning.plan.summary import SessionLine
from tests.plan.actual_year import Year, lived, plan_with, with_tables

LINES = (("wealth_salon", 3, 0.4), ("medical_day", 4, 0.3), ("wealth_salon", 9, 0.2))
Bank = tuple[Book, policy.Policy, Plan]


@pytest.fixture(scope="module")
def bank(small_bank: Path) -> Bank:
    rules = policy.read(small_bank / "policy.toml").with_parameters({"survey_interests": False})
    book = read_book(small_bank, rules, os.environ)
    return book, rules, plan_with(book, rules, LINES)


def found_in(bank: Bank, told: Book, sessions: tuple[SessionLine, ...] = ()) -> Backtest:
    book, rules, plan = bank
    found = backtest(book, told, plan, sessions, booked(told, plan.year, rules.months))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        ("2027", "2027-01-01", "2027-12-31"),
        ("2027-H1", "2027-01-01", "2027-06-30"),
        ("2027 h2", "2027-07-01", "2027-12-31"),
        ("2027Q3", "2027-07-01", "2027-09-30"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("2028/2", "2028-02-01", "2028-02-29"),
        ("2027年", "2027-01-01", "2027-12-31"),
        ("2027年上半年", "2027-01-01", "2027-06-30"),
        ("2027下半年", "2027-07-01", "2027-12-31"),
        ("2027年三季度", "2027-07-01", "2027-09-30"),
        ("2027年第4季度", "2027-10-01", "2027-12-31"),
        ("２０２７年１２月", "2027-12-01", "2027-12-31"),
    ],
)
def test_both_judges_read_a_window_as_the_days_it_means(window: str, first: str, last: str) -> None:
    days = (date.fromisoformat(first), date.fromisoformat(last))
    assert (span(window), days_of(window)) == (days, days)


@pytest.mark.parametrize("window", ["w", "", "spring 2027", "2027-13", "2027-00", "2027-H3", "2027Q0", "20271", "202703", "2027-03-04", "0000", "27"])
def test_what_names_no_days_is_no_window_of_days(window: str) -> None:
    assert (span(window), days_of(window)) == (None, None)


def test_attendance_goes_through_the_plans_own_curves_of_each_segment(bank: Bank) -> None:
    book, rules, plan = bank
    segment = max((one for one in plan.segments if one.clients >= 6), key=lambda one: one.contribution_cny)
    own = in_segment(bank, segment.key)[:6]
    rows = [("wealth_salon", client, date(2027, 3, 3)) for client in own[:6]] + [("wealth_salon", client, date(2027, 9, 3)) for client in own[:2]]
    found = found_in(bank, with_tables(book, invitations=came(rows)))
    event = book.tables["events"].set_index("event").loc["wealth_salon"]
    answers = book.tables["responses"]
    row = answers[(answers["tier"] == segment.tier) & (answers["kind"] == segment.kind) & (answers["family"] == event["family"])].iloc[0]
    kept = rules.value.effect_kept / (1 + rules.value.discount)
    mu = sum(kept**year for year in range(rules.value.horizon_years))
    weight = 1.0 if pd.isna(event["touch_weight"]) else event["touch_weight"]
    uplift = mu * segment.contribution_cny * row["uplift_share"] * (1 - exp(-row["rate"] * weight * 8 / segment.clients))
    assert found.realised.uplift_cny == pytest.approx(uplift)
    assert (found.attended, found.through, found.over, found.tested_share, found.error_cny) == (8, 9, False, 0.0, 0.0)
    assert found.assumed == ("events", "concessions")


def in_segment(bank: Bank, key: tuple[str, ...]) -> list[str]:
    from planning.book.segments import KEY, approachable, classify, segment_key

    people = approachable(classify(bank[0], bank[1]))
    return [client for client, *own in people[["client", *KEY]].itertuples(index=False) if segment_key(own) == key]


def came(rows: list[tuple[str, str, date]], arm: str = "treat", attended: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"client": client, "event": event, "branch": "B0001", "date": day, "arm": arm, "invited": True, "accepted": True, "attended": attended}
            for event, client, day in rows
        ]
    )


def test_costs_are_what_was_booked_and_concessions_bring_what_the_plan_expects_a_yuan(bank: Bank) -> None:
    book, rules, plan = bank
    told = lived(
        book,
        rules,
        plan,
        Year(),
        [("events", "2027-03-31", 9_000.0), ("events", "2027-10-31", 2_000.0), ("concessions", "2027-06-30", 12_000.0), ("rent", "2027-12-31", 5.0)],
    )
    found = found_in(bank, told)
    assert (found.realised.event_cny, found.realised.concession_cny) == (11_000.0, 12_000.0)
    assert found.realised.gain_cny == pytest.approx(60_000.0 * 12_000.0 / 30_000.0)
    assert found.through == 10
    assert found.to_date.concession_cny == pytest.approx(30_000.0 * 10 / 12)
    assert found.realised.value_cny(True) == pytest.approx(found.realised.uplift_cny + 24_000.0 - 23_000.0)


def test_the_plan_to_date_counts_the_months_up_to_the_last_that_is_told(bank: Bank) -> None:
    book, rules, plan = bank
    sessions = tuple(line(event, month, 1_000.0) for event, month, _ in LINES)
    early = lived(book, rules, replace(plan, attendances=tuple(one for one in plan.attendances if one.month == 3)), Year())
    found = found_in(bank, early, sessions)
    assert (found.through, found.to_date.event_cny) == (3, 1_000.0)
    assert found.to_date.uplift_cny == pytest.approx(sum(one.planned_cny for one in found.families))
    assert sum(one.planned for one in found.families) == sum(one.attendances for one in plan.attendances if one.month == 3)
    later = found_in(bank, lived(book, rules, plan, Year()), sessions)
    assert later.to_date.uplift_cny > found.to_date.uplift_cny
    assert later.to_date.event_cny == 3_000.0


def line(event: str, month: int, cash: float) -> SessionLine:
    return SessionLine(event, (event, event), "knowledge", "branch", ("b", "b"), month, 1, 10.0, cash, "2027-01-01")


@pytest.mark.parametrize("times", [0.0, 1.0, 2.5])
def test_in_years_whose_truth_is_known_what_is_measured_lies_within_its_error(bank: Bank, times: float) -> None:
    book, rules, plan = bank
    found = found_in(bank, lived(book, rules, plan, Year(times=times, seed=3)))
    expected, measured = (sum(getattr(one, name) for one in found.families) for name in ("expected_cny", "measured_cny"))
    assert found.tested_share == 1.0
    assert found.error_cny > 0
    assert abs(measured - times * expected) < 3 * found.measured_error_cny + 0.05 * expected
    assert found.realised.uplift_cny == pytest.approx(sum(one.happened_cny * one.measured_cny / one.expected_cny for one in found.families))
    assert abs(found.realised.uplift_cny - times * sum(one.happened_cny for one in found.families)) < 3 * found.error_cny + 0.1 * expected


def test_without_any_effect_the_coefficients_are_found_too_high(bank: Bank) -> None:
    book, rules, plan = bank
    quiet = found_in(bank, lived(book, rules, plan, Year(times=0.0, spread=0.0005, seed=4)))
    expected, measured = (sum(getattr(one, name) for one in quiet.families) for name in ("expected_cny", "measured_cny"))
    assert expected - measured > 2 * quiet.measured_error_cny


def test_the_error_counts_a_client_of_two_experiments_once(bank: Bank) -> None:
    """Two events with the same clients and the same outcomes: errors add up fully, where independent ones would add by their squares."""
    book, rules, plan = bank
    told = lived(book, rules, plan, Year(seed=5))
    invited = told.tables["invitations"]
    salon = invited[(invited["event"] == "wealth_salon") & invited["date"].map(lambda day: day.month == 3)]
    one = found_in(bank, with_tables(told, invitations=salon))
    both = found_in(bank, with_tables(told, invitations=pd.concat([salon, salon.assign(event="medical_day")])))
    assert both.measured_error_cny == pytest.approx(2 * one.measured_error_cny)
    assert both.measured_error_cny > sqrt(2) * one.measured_error_cny


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", [lambda told: told, lambda told: odd(told)], ids=["plain", "odd"])
def test_the_second_judge_counts_the_same_figures_from_the_tables(bank: Bank, seed: int, change: Callable[[Book], Book]) -> None:
    book, rules, plan = bank
    told = change(lived(book, rules, plan, Year(times=0.5 + seed, held_back=0.2 + 0.1 * seed, seed=seed), [("concessions", "2027-05-31", 7_000.0)]))
    facts = gather(columns(book), plan.policy)
    again = happened(columns(book), columns(told), plain(plan), facts)
    found = found_in(bank, told)
    assert again["realised_through_month"] == found.through
    assert again["realised_planned_uplift_cny"] == pytest.approx(found.to_date.uplift_cny)
    assert again["realised_uplift_cny"] == pytest.approx(found.realised.uplift_cny)
    assert again["realised_expected_cny"] == pytest.approx(sum(one.expected_cny for one in found.families))
    assert again["realised_measured_cny"] == pytest.approx(sum(one.measured_cny for one in found.families))
    assert again["realised_error_cny"] == pytest.approx(found.error_cny)


def odd(told: Book) -> Book:
    """The same year with two windows, one that tells no days, strangers among the guests, a client who was both held back and invited, and last year's rows."""
    invited, outcomes = told.tables["invitations"], told.tables["outcomes"]
    half = outcomes.index % 3 == 0
    windows = [outcomes.assign(window="2027-H1"), outcomes[half].assign(window="2027年下半年"), outcomes[~half].assign(window="later")]
    again = invited.iloc[:40].assign(date=[date(2027, 5, 20)] * 40, arm=["treat" if arm == "control" else "control" for arm in invited["arm"].iloc[:40]])
    former = invited.iloc[:90].assign(date=[date(2026, 5, 20)] * 90)
    strangers = invited.iloc[50:60].assign(client=[f"X{number}" for number in range(10)])
    return with_tables(told, outcomes=pd.concat(windows), invitations=pd.concat([invited, again, former, strangers]))


def test_clients_and_windows_that_do_not_count_are_told(bank: Bank) -> None:
    book, rules, plan = bank
    found = found_in(bank, odd(lived(book, rules, plan, Year())))
    assert (found.outside, found.unread) == (
        sum(odd(lived(book, rules, plan, Year())).tables["invitations"].query("client.str.startswith('X')")["attended"]),
        1,
    )


def test_an_outcome_belongs_to_the_invitations_within_its_window_alone(bank: Bank) -> None:
    book, rules, plan = bank
    told = lived(book, rules, plan, Year(seed=6))
    later = with_tables(told, outcomes=told.tables["outcomes"].assign(window="2027-H2"))
    assert {one.first_on[5:7] for one in trials(book, rules, later)} == {"09"}
    assert trials(book, rules, with_tables(told, outcomes=told.tables["outcomes"].assign(window="2028"))) == ()
    assert found_in(bank, later).tested_share == pytest.approx(
        sum(one.attendances for one in plan.attendances if one.month == 9) / sum(one.attendances for one in plan.attendances)
    )


def test_half_years_tell_their_own_months(bank: Bank) -> None:
    book, rules, plan = bank
    told = lived(book, rules, plan, Year())
    own, other = (in_period(told, 2027, range(1, 7), inside=inside).tables["invitations"] for inside in (True, False))
    assert {day.month for day in own["date"]} == {3, 4}
    assert {day.month for day in other["date"]} == {9}


def test_families_to_which_few_came_stand_together_until_nobody_can_be_told_apart(bank: Bank) -> None:
    book, rules, plan = bank
    told = lived(book, rules, plan, Year(seed=7))
    invited = told.tables["invitations"]
    health = invited[(invited["event"] == "medical_day") & invited["attended"]].iloc[:3]
    few = with_tables(told, invitations=pd.concat([invited[invited["event"] == "wealth_salon"], health]))
    found = found_in(bank, few)
    assert [one.families for one in found.families] == [("health", "knowledge")]
    assert found.few_came  # three untested guests beside all the tested ones can be told apart all the same
    lone = with_tables(told, invitations=health)
    assert found_in(bank, lone).few_came
    assert not found_in(bank, told).few_came
    assert len(found_in(bank, told).families) == 2


def test_nobody_came_is_no_back_test(bank: Bank) -> None:
    book, _, plan = bank
    assert backtest(book, book, plan, (), ()) is None
    absent = came([("wealth_salon", str(book.tables["clients"]["client"].iloc[0]), date(2027, 3, 3))], attended=False)
    assert backtest(book, with_tables(book, invitations=absent), plan, (), ()) is None


def test_a_realised_value_that_is_not_what_the_tables_say_is_named(bank: Bank) -> None:
    book, rules, plan = bank
    told, facts = lived(book, rules, plan, Year()), gather(columns(book), plan.policy)
    again = happened(columns(book), columns(told), plain(plan), facts)
    verdict = judge(plain(plan), facts)
    for name, value in again.items():
        assert name in differing_figures({**again, name: value + 2}, plain(plan), facts, verdict, again)
        assert name not in differing_figures(again, plain(plan), facts, verdict, again)
        assert name in differing_figures({key: one for key, one in again.items() if key != name}, plain(plan), facts, verdict, again)
