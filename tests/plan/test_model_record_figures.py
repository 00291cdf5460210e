"""The model record's figures: read from the code that states the model, from bookings and trials that fit the screen, and from the register."""

import inspect
import os
from dataclasses import replace
from datetime import date
from math import exp, sqrt
from pathlib import Path

import pandas as pd
import pytest

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.judge import RULES as JUDGED
from planning.optimise.model import Model
from planning.optimise.rules import RULES
from planning.plan.record import Register
from planning.plan.record.evidence import evidence
from planning.plan.record.formulas import formulas, letters, worth
from planning.plan.record.realised import booked, trials
from planning.plan.record.runs import second_solver, versions
from tests.report.example import POLICY
from tests.report.record_example import BEFORE, HASH, record, run


@pytest.fixture(scope="module")
def bank(small_bank: Path) -> tuple[Book, policy.Policy]:
    rules = policy.read(small_bank / "policy.toml")
    return read_book(small_bank, rules, os.environ), rules


def with_tables(book: Book, **tables: pd.DataFrame) -> Book:
    return replace(book, tables={**book.tables, **tables})


def test_every_rule_of_optimiser_and_judge_is_listed_once_with_its_statement() -> None:
    found = formulas()
    assert [one.code for one in found if one.judged] == [rule.__name__ for _, rule in JUDGED]
    assert {one.code for one in found if one.year} == {rule.__name__ for rule in RULES}
    assert len({one.code for one in found}) == len(found)
    assert {(one.number, one.code) for one in found if one.judged} == {(number, rule.__name__) for number, rule in JUDGED}
    assert not any(one.judged.startswith("(") or one.year.startswith(("(E1)", "(B1)")) for one in found)
    fits = found[0]
    assert fits.year == "Σ_g X[g,e,h] ≤ min(max_guests[e], seats its clients can fill) · Z[e,h]\nfor every slot (e,h)"
    assert fits.judged == "Σ_g x[g,e,h,m] ≤ max_guests[e]·z[e,h,m]\nfor every slot (e,h,m) with sessions or guests"


def test_the_letters_are_the_models_own_variables() -> None:
    found = letters()
    assert {"Z[e,h]", "X[g,e,h]", "y[c,κ,l]"} <= {one.symbol for one in found}
    own = inspect.getsource(Model)
    assert [one.code for one in found if f"self.{one.code} = " not in own and f"def {one.code}(" not in own] == []
    assert all(formula for _, formula in worth())


def ledger(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"date": date.fromisoformat(day), "line": line, "branch": None, "committed_cny": given, "actual_cny": spent, "note": None}
            for day, line, given, spent in rows
        ]
    )


def test_bookings_count_in_the_plans_year_and_months_alone(bank: tuple[Book, policy.Policy]) -> None:
    book = with_tables(
        bank[0],
        ledger=ledger(
            ("2026-12-31", "events", 9.0, 9.0),
            ("2027-02-01", "events", 100.0, 90.0),
            ("2027-03-05", "events", 50.0, None),
            ("2027-07-01", "events", 7.0, 7.0),
            ("2027-04-01", "dinner for Mr Zhang", 1.0, 2.0),
            ("2027-04-02", "flowers", 3.0, 4.0),
        ),
    )
    assert [(one.line, one.bookings, one.committed_cny, one.actual_cny, one.last_on) for one in booked(book, 2027, (1, 2, 3, 4, 5, 6))] == [
        ("events", 2, 150.0, 90.0, "2027-03-05"),
        ("other", 2, 4.0, 6.0, "2027-04-02"),
    ]
    assert booked(book, 2025, tuple(range(1, 13))) == ()


def tried(book: Book, treated: list[tuple[float, float, bool]], control: list[tuple[float, float]]) -> Book:
    """A trial of the wealth salon with clients' contribution before and after, and whether they came."""
    clients = list(book.tables["clients"]["client"].iloc[: len(treated) + len(control)])
    rows = [(before, after, "treat", came) for before, after, came in treated] + [(before, after, "control", False) for before, after in control]
    invited = [
        {
            "client": client,
            "event": "wealth_salon",
            "branch": "B0001",
            "date": date(2027, 3, 11),
            "arm": arm,
            "invited": arm == "treat",
            "accepted": came,
            "attended": came,
        }
        for client, (_, _, arm, came) in zip(clients, rows, strict=True)
    ]
    outcomes = [
        {"client": client, "window": "w", "contribution_before_cny": before, "contribution_after_cny": after}
        for client, (before, after, _, _) in zip(clients, rows, strict=True)
    ]
    return with_tables(book, invitations=pd.DataFrame(invited), outcomes=pd.DataFrame(outcomes))


def test_a_trial_measures_the_growth_of_the_invited_beyond_that_of_the_control_group(bank: tuple[Book, policy.Policy]) -> None:
    book, rules = bank
    book = tried(book, [(100.0, 110.0, True), (100.0, 120.0, False)], [(100.0, 100.0), (300.0, 308.0)])
    (one,) = trials(book, rules, book)
    assert (one.treated.clients, one.treated.attended, one.control.clients) == (2, 1, 2)
    assert one.measured == pytest.approx(0.15 - 0.02)
    apart = sqrt((-5) ** 2 + 5**2) / sqrt(2 * 1) / 100
    below = sqrt((100 - 102) ** 2 + (308 - 306) ** 2) / sqrt(2 * 1) / 200
    assert one.error == pytest.approx(sqrt(apart**2 + below**2))


def test_what_is_expected_of_a_trial_is_the_curve_at_its_attendance(bank: tuple[Book, policy.Policy]) -> None:
    book, rules = bank
    first = book.tables["clients"].index[:2]
    clients = book.tables["clients"].copy()
    clients.loc[first, ["kind", "deposit_avg_cny", "invest_avg_cny"]] = ["personal", 900_000_000.0, 0.0]
    book = tried(with_tables(book, clients=clients), [(100.0, 110.0, True), (300.0, 310.0, False)], [(100.0, 100.0), (300.0, 308.0)])
    (one,) = trials(book, rules, book)
    answers = book.tables["responses"]
    event = book.tables["events"].set_index("event").loc["wealth_salon"]
    tier = book.tables["tiers"].sort_values("rank")["tier"].iloc[-1]
    row = answers[(answers["tier"] == tier) & (answers["kind"] == "personal") & (answers["family"] == event["family"])].iloc[0]
    touches = (1.0 if pd.isna(event["touch_weight"]) else event["touch_weight"]) * 1 / 2
    assert one.expected == pytest.approx(row["uplift_share"] * (1 - exp(-row["rate"] * touches)))


def test_without_a_control_group_nothing_is_measured(bank: tuple[Book, policy.Policy]) -> None:
    book, rules = bank
    assert trials(book, rules, tried(book, [(100.0, 110.0, True), (100.0, 120.0, False)], [])) == ()
    assert trials(book, rules, tried(book, [(100.0, 110.0, True)], [(0.0, 10.0)])) == ()


def test_the_sample_banks_trial_lies_before_its_plan(bank: tuple[Book, policy.Policy]) -> None:
    (one,) = trials(*bank, bank[0])
    invited = bank[0].tables["invitations"]
    assert (one.treated.clients, one.control.clients) == ((invited["arm"] == "treat").sum(), (invited["arm"] == "control").sum())
    assert one.first_on.startswith("2026-03")


def test_given_and_computed_contribution_and_sources_are_counted_from_the_tables(bank: tuple[Book, policy.Policy]) -> None:
    book, rules = bank
    clients = book.tables["clients"].copy()
    clients.loc[clients.index[:7], "contribution_cny"] = 1000.0
    found = evidence(with_tables(book, clients=clients), rules)
    assert (found.clients, found.given, found.reconciles) == (len(clients), 7, True)
    assert sum(one.rows for one in found.sourced if one.table == "responses") == len(book.tables["responses"])
    assert {one.column: one.clients for one in found.completeness}["manager"] == clients["manager"].notna().sum()


def test_each_version_tells_what_differs_from_the_one_before() -> None:
    runs = (run(4, versions={"highspy": "2"}), run(3, exit_=3), run(2, data_hash="e" * 64), run(1, policy=BEFORE))
    told = [(one.run.number, one.first, one.parameters, one.data, one.programs) for one in versions(runs)]
    assert told == [(4, False, (), True, True), (2, False, ("event_cny",), True, False), (1, True, (), False, False)]


def test_another_solvers_run_counts_only_for_the_same_data_and_policy() -> None:
    plan = record().summary.plan
    cbc = "CBC (PuLP 3.3)"
    other = {**POLICY, "solver": {**POLICY["solver"], "name": "cbc"}}
    runs = (run(1), run(2, solver=cbc, policy=other), run(3, solver=cbc, policy=BEFORE), run(4, solver=cbc, data_hash="e" * 64), run(5, exit_=1, solver=cbc))
    assert [one.number for one in second_solver(Register(runs, (), 5), plan)] == [2]
    assert second_solver(Register(runs, (run(6, solver=cbc, policy=other),), 6), replace(plan, data_hash=HASH))[0].number == 6
