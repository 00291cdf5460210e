"""A column that only makes sense in another unit is asked about; an ordinary one is not."""

import pandas as pd
import pytest

from planning.book.units import looks_like_share, looks_like_wan

TIERS = pd.DataFrame({"min_assets_cny": [500_000.0, 5_000_000.0]})
CLIENTS = pd.DataFrame({"deposit_avg_cny": [40_000.0 * i for i in range(1, 31)], "contribution_last_cny": [400.0 * i for i in range(1, 31)]})
EVENTS = pd.DataFrame({"fixed_cost_cny": [3000.0, 8000.0, 0.0, 20_000.0, 1500.0, 900.0]})
BANK = {"tiers": TIERS, "clients": CLIENTS, "events": EVENTS}


def test_yuan_are_not_asked_about() -> None:
    assert looks_like_wan(BANK) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("clients", "deposit_avg_cny"), ("clients", "contribution_last_cny"), ("tiers", "min_assets_cny"), ("events", "fixed_cost_cny")],
)
def test_a_column_in_wan_is_asked_about(table: str, column: str) -> None:
    frame = BANK[table]
    faults = looks_like_wan({**BANK, table: frame.assign(**{column: frame[column] / 10_000})})
    assert [(fault.code, fault.table, fault.column) for fault in faults] == [("looks_like_wan", table, column)]


@pytest.mark.parametrize(("rates", "asked"), [(0.041, ["loan_rate_pct"]), (4.1, []), (0.37, [])])
def test_loan_rates_written_as_shares_are_asked_about(rates: float, asked: list[str]) -> None:
    clients = CLIENTS.assign(loan_rate_pct=[rates] * len(CLIENTS))
    assert [fault.column for fault in looks_like_share({"clients": clients})] == asked
    assert looks_like_share({"clients": clients.head(5)}) == []


def test_one_very_large_client_does_not_hide_a_column_in_wan() -> None:
    deposits = [float(i) for i in range(1, 30)]
    clients = CLIENTS.assign(deposit_avg_cny=[*deposits, 80_000.0], contribution_last_cny=0.0)
    assert [fault.column for fault in looks_like_wan({**BANK, "clients": clients})] == ["deposit_avg_cny"]
    assert looks_like_wan({**BANK, "clients": clients.assign(deposit_avg_cny=[*deposits, 600_000.0])}) == []


def test_a_few_clients_are_no_proof() -> None:
    assert looks_like_wan({**BANK, "clients": CLIENTS.head(5) / 10_000}) == []
