"""Contribution in its parts: what each part is, and that parts, clients, branches and the bank agree to the fen."""

import random
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planning.book.book import Book
from planning.book.contribution import PARTS, contribution, in_fen, parts, parts_in_fen, reconciliation
from planning.book.intake import read_book
from planning.policy import read
from planning.policy.sections import Bank
from tests.optimise.books import book

BANK = Bank()


def clients(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of clients of branch b0, complete in its columns."""
    full = [{"client": f"c{place}", "branch": "b0", "kind": "personal", "deposit_avg_cny": 0.0, "consent": True, **row} for place, row in enumerate(rows)]
    return book(clients=full).tables["clients"]


def test_each_part_by_hand() -> None:
    one = {
        "deposit_avg_cny": 1_000_000.0, "deposit_rate_pct": 1.5, "loan_avg_cny": 200_000.0, "loan_rate_pct": 4.4, "pd": 0.02, "lgd": 0.5,
        "fee_income_cny": 300.0, "cost_to_serve_cny": 120.0, "capital_charge_cny": 450.0,
    }  # fmt: skip
    table = clients(one, {**one, "contribution_cny": 10_000.0})
    found = parts(table, BANK)
    assert list(found.loc[0, list(PARTS)]) == pytest.approx([8_000, 3_000, 300, -2_000, -120, -450, 0])
    assert contribution(table, BANK).tolist() == pytest.approx([8_730, 10_000])
    assert found.loc[1, "reconciling_item"] == pytest.approx(1_270)
    assert found["given"].tolist() == [False, True]


def test_expected_loss_may_be_left_out_and_missing_cells_count_as_nothing() -> None:
    table = clients({"loan_avg_cny": 100_000.0, "loan_rate_pct": 3.9, "pd": 0.1, "lgd": 0.4}, {})
    assert contribution(table, BANK).tolist() == pytest.approx([-3_000, 0])
    assert contribution(table, Bank(expected_loss=False)).tolist() == pytest.approx([1_000, 0])


@pytest.mark.parametrize(("yuan", "fen"), [(0.005, 1), (0.0049, 0), (-0.005, 0), (-0.0051, -1), (1.115, 112), (12_345_678.905, 1_234_567_891)])
def test_half_a_fen_goes_up(yuan: float, fen: int) -> None:
    assert in_fen(pd.Series([yuan])).tolist() == [fen]


def test_the_largest_remainders_take_the_fen_that_are_left() -> None:
    exact = pd.DataFrame([[0.014, 0.006, 0.0, 0.0, 0.0, 0.0, 0.0], [0.005, 0.005, 0.0, -0.004, 0.0, 0.0, 0.0]], columns=list(PARTS))
    assert parts_in_fen(exact, np.array([2, 1])).tolist() == [[1, 1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]]


@pytest.mark.parametrize("seed", range(5))
def test_parts_stay_within_a_fen_of_what_they_are_and_add_up(seed: int) -> None:
    draw = random.Random(seed)
    exact = pd.DataFrame([[draw.uniform(-1e5, 1e6) if draw.random() < 0.8 else 0.0 for _ in PARTS] for _ in range(200)], columns=list(PARTS))
    total = in_fen(exact.sum(axis=1))
    fen = parts_in_fen(exact, total)
    assert (fen.sum(axis=1) == total).all()
    assert np.abs(fen - exact.to_numpy() * 100).max() < 1.001
    assert (fen[exact.to_numpy() == 0.0] == 0).all()


@pytest.fixture(scope="module")
def bank(small_bank: Path) -> Book:
    return read_book(small_bank, read(small_bank / "policy.toml"))


def regions(of: Book) -> dict[str, str]:
    return dict(zip(of.tables["branches"]["branch"], of.tables["branches"]["region"], strict=True))


def test_the_sample_bank_reconciles_to_the_fen(bank: Book) -> None:
    """Totals once more, client by client, in decimals."""
    table = bank.tables["clients"]
    found = reconciliation(table, regions(bank), BANK)
    assert found.reconciles
    assert set(found.differences_fen) == {0}
    expected: dict[str, int] = {}
    for row in table.itertuples():
        deposit, rate, loan, loan_rate, risk, lgd, fees, cost = (
            Decimal(0) if cell != cell else Decimal(str(cell))
            for cell in (
                row.deposit_avg_cny,
                row.deposit_rate_pct,
                row.loan_avg_cny,
                row.loan_rate_pct,
                row.pd,
                row.lgd,
                row.fee_income_cny,
                row.cost_to_serve_cny,
            )
        )
        lending = loan * (loan_rate - Decimal("2.9")) / 100 if row.loan_rate_pct == row.loan_rate_pct else Decimal(0)
        yuan = deposit * (Decimal("2.3") - rate) / 100 + lending + fees - cost - loan * risk * lgd
        expected[row.branch] = expected.get(row.branch, 0) + int((yuan * 100 + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    assert {line.branch: line.total_fen for line in found.branches} == expected
    assert (found.bank.clients, found.bank.given, found.bank.computed) == (len(table), 0, len(table))
    assert found.bank.total_fen == pytest.approx(float(contribution(table, BANK).sum()) * 100, abs=len(table))


def test_given_totals_are_counted_and_told_apart(bank: Book) -> None:
    table = bank.tables["clients"].copy()
    table.loc[table.index[:40], "contribution_cny"] = 1_234.567
    found = reconciliation(table, regions(bank), BANK)
    assert found.reconciles
    assert (found.bank.given, found.bank.computed) == (40, len(table) - 40)
    assert found.bank.parts_fen[PARTS.index("reconciling_item")] != 0
    assert sum(line.given for line in found.branches) == 40


def test_the_order_of_clients_changes_nothing(bank: Book) -> None:
    table = bank.tables["clients"]
    assert reconciliation(table.iloc[::-1], regions(bank), BANK) == reconciliation(table, regions(bank), BANK)
