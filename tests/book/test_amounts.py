"""Amounts are read exactly as written, in whatever unit; the power of ten is set before anything becomes binary."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.book.amounts import UnitError, amount_text, amounts
from planning.book.cells import understand
from planning.book.contracts import CONTRACTS
from planning.book.measures import HEADING_UNITS, heading_power, split_unit

POWERS = {"": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}
DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)


def one(text: str, unit: str = "CNY", power: int = 0) -> float:
    numbers, readable, misfit = amounts(pd.Series([text], dtype="str"), unit, power)
    assert readable.tolist() == [True]
    assert misfit.tolist() == [False]
    return float(numbers.iloc[0])


@given(number=DECIMALS, unit=st.sampled_from(sorted(POWERS)))
def test_a_unit_in_the_heading_scales_in_tens_not_in_twos(number: Decimal, unit: str) -> None:
    assert one(f"{number:f}", power=POWERS[unit]) == float(number.scaleb(POWERS[unit]))


@given(number=DECIMALS, unit=st.sampled_from(sorted(POWERS)))
def test_a_unit_in_the_cell_is_as_good_as_one_in_the_heading(number: Decimal, unit: str) -> None:
    assert one(f"{number:,f} {unit}") == one(f"{number:f}", power=POWERS[unit])


@given(number=DECIMALS)
def test_every_way_to_write_a_number_means_the_same(number: Decimal) -> None:
    digits = f"{abs(number):,f}"
    wide = digits.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789,."})
    minus = "-" if number < 0 else ""
    for text in (f"{minus}{digits}", f"{minus}¥{digits}", f"{minus}{wide}元", f"({digits})" if minus else digits, f"{digits}{minus}"):
        assert one(text) == float(number)


@given(number=DECIMALS)
def test_percent_is_a_hundredth_of_a_share(number: Decimal) -> None:
    assert one(f"{number:f}%", "share") == float(number.scaleb(-2))
    assert one(f"{number:f}％", "percent") == float(number)


@given(text=st.text(alphabet="0123456789.,-+()%元万¥ eE１，．－", max_size=8))
def test_a_cell_is_one_number_or_none(text: str) -> None:
    try:
        written = amount_text(text, "CNY")
    except UnitError:
        return
    if written is not None:
        assert Decimal(written).is_finite()


@pytest.mark.parametrize(
    "text", ["1,23", "12,34,567", "1.234,56", "0,123", "1,2345", "--5", "(-5)", "-5-", "(5", "5)", "1 234", "1e", "e5", "％", "元", "5元元", "５⁵"]
)
def test_what_is_no_plain_number_is_none(text: str) -> None:
    assert amount_text(text, "CNY") is None


def test_numbers_of_a_database_are_scaled_as_they_are_shown() -> None:
    column = CONTRACTS["clients"].column("deposit_avg_cny")
    assert understand(column, "clients", pd.Series([1.23, 0.00001, float("nan")]), 4).values.dropna().tolist() == [12300.0, 0.1]


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("存款年日均（万元）", ("存款年日均", "万元")),
        ("存款年日均 (单位：万元)", ("存款年日均", "万元")),
        ("Average deposits [CNY 10k]", ("Average deposits", "CNY 10k")),
        ("存款年日均", ("存款年日均", "")),
        ("（万元）", ("（万元）", "")),
    ],
)
def test_the_unit_of_a_heading(heading: str, parts: tuple[str, str]) -> None:
    assert split_unit(heading) == parts


def test_every_unit_of_a_column_is_one_the_contracts_know() -> None:
    units = {column.unit for contract in CONTRACTS.values() for column in contract.columns}
    assert {unit for unit in HEADING_UNITS if not any(known.startswith(unit) for known in units)} == set()
    assert heading_power(CONTRACTS["elasticities"].column("growth_per_unit"), "%") is None
