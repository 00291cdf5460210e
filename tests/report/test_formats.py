"""Numbers as a reader of each language writes them."""

import pytest

from planning.report.formats import day, money, money_parts, month, number, percent, scale


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (10_700_000, "1,070 万元", "CNY 10.7 million"),
        (26_000_000, "2,600 万元", "CNY 26 million"),
        (90_000, "9 万元", "CNY 90 thousand"),
        (4_230_000_000, "42.3 亿元", "CNY 4.23 billion"),
        (576, "576 元", "CNY 576"),
        (-500_000, "−50 万元", "CNY −500 thousand"),
    ],
)
def test_money_in_words(yuan: float, zh: str, en: str) -> None:
    assert money(yuan, "zh").replace("\u00a0", " ") == zh
    assert money(yuan, "en").replace("\u00a0", " ") == en


def test_money_in_two_parts() -> None:
    assert money_parts(10_700_000, "zh") == ("1,070", "万元")
    assert money_parts(10_700_000, "en") == ("10.7", "CNY million")


def test_one_unit_for_a_column() -> None:
    unit = scale([1_020_000, 310_000, 61_200_000], "zh")
    assert [unit.number(value, "zh") for value in (1_020_000, 61_200_000)] == ["102", "6,120"]
    assert unit.name("zh") == "万元"
    assert scale([1_020_000, 310_000], "en").name("en") == "CNY thousand"
    assert scale([], "zh").number(0.0, "zh") == "0"


def test_shares_dates_and_months() -> None:
    assert percent(0.0297, "zh") == "3.0%"
    assert number(-0.0001, "en", 2) == "0.00"
    assert (day("2026-11-01", "zh"), day("2026-11-01", "en"), day("", "zh")) == ("2026年11月1日", "1 November 2026", "–")
    assert (month(3, "zh"), month(3, "en")) == ("3月", "Mar")
