"""What a ladder level brings and costs, against numbers worked out by hand."""

from math import isclose

import pandas as pd
import pytest

from planning.book.book import Book
from planning.book.segments import approachable, classify
from planning.catalogue.concessions import Cell, Step, ceilings, cells, terms
from tests.optimise.books import DAY, book, policy, table

MU = 1 + 0.5 / 1.0  # two years, half kept, no discount
VALUE = {"horizon_years": 2, "discount": 0.0, "effect_kept": 0.5}
BANK = {"ftp_deposit_pct": 2.3, "ftp_loan_pct": 2.9}


def bank(clients: list[dict[str, object]], levels: list[dict[str, object]], elasticity: dict[str, object], **more: object) -> Book:
    plain = {"branch": "b", "kind": "personal", "consent": True, "invest_avg_cny": 1e6, "contribution_cny": 1_000.0}
    return book(
        branches=[{"branch": "b", "region": "r", "name_zh": "支行", "name_en": "Branch"}],
        tiers=[{"region": "*", "tier": "gold", "rank": 1, "name_zh": "金卡", "name_en": "Gold", "min_assets_cny": 5e5, "as_of": DAY}],
        clients=[{"client": f"c{i}", **plain, **client} for i, client in enumerate(clients)],
        concessions=levels,
        elasticities=[{"tier": "gold", "kind": "personal", "source": "judgement", **elasticity}],
        managers=[{"manager": "m", "branch": "b", "grade": 3, "hours_year": 500.0}],
        **more,  # type: ignore[arg-type]
    )


def only_cell(of: Book) -> Cell:
    rules = policy(value=VALUE, bank=BANK)
    found = cells(approachable(classify(of, rules)), terms(of.tables, rules))
    assert len(found) == 1
    return found[0]


def step(cell: Cell, concession: str, level: int) -> Step:
    return next(step for step in cell.steps[concession] if step.level == level)


def test_deposit_premium() -> None:
    clients = [
        {"deposit_avg_cny": 2e6, "deposit_rate_pct": 1.8},
        {"deposit_avg_cny": 1e5, "deposit_rate_pct": 1.8},
        {"deposit_avg_cny": 1e6, "deposit_rate_pct": None},
    ]
    levels = [{"concession": "deposit_premium", "level": 1, "depth": 10.0, "min_grade": 3, "min_balance_cny": 5e5}]
    found = step(
        only_cell(bank(clients, levels, {"concession": "deposit_premium", "growth_per_unit": 0.005, "old_money_share": 0.5, "retention_gain_per_unit": 0.001})),
        "deposit_premium",
        1,
    )
    new = 0.005 * 10 * 2e6  # 100,000: only the first client is large enough and has a known rate
    assert found.qualifying == 1
    assert isclose(found.new_money_cny, new)
    assert isclose(found.cost_cny, 0.001 * (new + new))  # as much old money repriced as new
    assert isclose(found.gain_cny, MU * ((0.023 - 0.018) * new + 0.001 * 10 * 1_000))
    assert found.marginal_cost_pct is not None
    assert isclose(found.marginal_cost_pct, 1.8 + 0.1 + 0.1)


def test_old_money_cannot_be_more_than_there_is() -> None:
    levels = [{"concession": "deposit_premium", "level": 1, "depth": 10.0, "min_grade": 1}]
    found = step(
        only_cell(
            bank(
                [{"deposit_avg_cny": 1e6, "deposit_rate_pct": 1.8}], levels, {"concession": "deposit_premium", "growth_per_unit": 0.05, "old_money_share": 0.9}
            )
        ),
        "deposit_premium",
        1,
    )
    assert isclose(found.cost_cny, 0.001 * (5e5 + 1e6))


def test_loan_discount_only_for_good_credit_and_net_of_expected_loss() -> None:
    clients = [
        {"loan_avg_cny": 1e6, "loan_rate_pct": 4.4, "pd": 0.01, "lgd": 0.5},
        {"loan_avg_cny": 1e6, "loan_rate_pct": 4.4, "pd": 0.05},
        {"loan_avg_cny": 1e6, "loan_rate_pct": 4.4},
    ]
    levels = [{"concession": "loan_discount", "level": 1, "depth": 20.0, "min_grade": 1, "max_pd": 0.02}]
    found = step(only_cell(bank(clients, levels, {"concession": "loan_discount", "growth_per_unit": 0.004, "old_money_share": 0.0})), "loan_discount", 1)
    new = 0.004 * 20 * 1e6
    assert found.qualifying == 1
    assert isclose(found.cost_cny, 0.002 * new)
    assert isclose(found.gain_cny, MU * (0.044 - 0.029 - 0.005) * new)


def test_fee_waiver() -> None:
    levels = [{"concession": "fee_waiver", "level": 1, "depth": 0.2, "min_grade": 1}]
    elasticity = {"concession": "fee_waiver", "growth_per_unit": 0.8, "old_money_share": 0.5, "retention_gain_per_unit": 0.1}
    found = step(only_cell(bank([{"fee_income_cny": 10_000.0}], levels, elasticity)), "fee_waiver", 1)
    assert isclose(found.cost_cny, 2_000)
    assert isclose(found.gain_cny, MU * (0.8 * 0.2 * 10_000 + 0.1 * 0.2 * 1_000))


@pytest.mark.parametrize(
    ("levels", "offered"), [({"depth": 10.0, "min_grade": 4}, [0]), ({"depth": 80.0, "min_grade": 1}, [0]), ({"depth": 10.0, "min_grade": 3}, [0, 1])]
)
def test_a_level_above_authority_or_ceiling_is_not_offered(levels: dict[str, object], offered: list[int]) -> None:
    caps = [{"product": "deposit_premium", "bank_type": "*", "cap_bp": 75.0, "as_of": DAY, "source": "made up"}]
    held = bank(
        [{"deposit_avg_cny": 1e6, "deposit_rate_pct": 1.8}],
        [{"concession": "deposit_premium", "level": 1, **levels}],
        {"concession": "deposit_premium", "growth_per_unit": 0.005, "old_money_share": 0.5},
        caps=caps,
    )
    assert [step.level for step in only_cell(held).steps["deposit_premium"]] == offered


def test_the_banks_own_ceiling_goes_before_the_general_and_the_latest_counts() -> None:
    rows = [
        {"product": "deposit_premium", "bank_type": "*", "cap_bp": 20.0, "as_of": pd.Timestamp("2026-10-01").date(), "source": "a"},
        {"product": "deposit_premium", "bank_type": "joint_stock", "cap_bp": 75.0, "as_of": pd.Timestamp("2025-01-01").date(), "source": "b"},
        {"product": "deposit_premium", "bank_type": "joint_stock", "cap_bp": 60.0, "as_of": pd.Timestamp("2026-01-01").date(), "source": "c"},
        {"product": "deposit_premium", "bank_type": "joint_stock", "cap_bp": 50.0, "as_of": pd.Timestamp("2027-01-01").date(), "source": "not yet"},
    ]
    assert ceilings(table("caps", rows), "joint_stock", DAY) == {"deposit_premium": 60.0}
