"""Numbers as a reader of each language writes them."""

from math import fsum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planning.report.formats import day, money, money_parts, month, number, percent, percents, scale, split
from tests.report.printed import figure


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


def step_of(whole: float, lang: str) -> float:
    """The last digit that `money` shows of an amount, yuan."""
    steps = {"zh": ((1e9, 1e7), (1e6, 1e4), (1e4, 1e3)), "en": ((1e9, 1e7), (1e8, 1e6), (1e7, 1e5), (1e6, 1e4), (1e5, 1e3), (1e4, 100.0))}
    return next((step for least, step in steps[lang] if whole >= least), 1.0)


@given(st.lists(st.floats(0, 2e9), min_size=2, max_size=4), st.sampled_from(["zh", "en"]))
@example([5_124_000.0, 5_584_000.0], "zh")
@example([1_000_400.0, 1_000_400.0, 1_000_400.0], "zh")
def test_amounts_that_stand_beside_their_sum_add_up_to_it_as_printed(parts: list[float], lang: str) -> None:
    whole, step = figure(money(fsum(parts), lang))[0], step_of(fsum(parts), lang)
    assert abs(fsum(figure(one)[0] for one in split(parts, lang)) - whole) <= step / 2 * (1 + 1e-6)


def test_a_digit_more_is_shown_only_where_it_is_needed() -> None:
    assert [one.replace("\xa0", " ") for one in split([5_120_000, 5_580_000], "zh")] == ["512 万元", "558 万元"]
    assert [one.replace("\xa0", " ") for one in split([5_124_000, 5_584_000], "zh")] == ["512.4 万元", "558.4 万元"]


@given(st.lists(st.floats(0, 5e7), min_size=1, max_size=12), st.sampled_from(["zh", "en"]))
def test_a_column_adds_up_to_what_its_unit_shows_of_the_sum(amounts: list[float], lang: str) -> None:
    unit = scale(amounts, lang)
    told = [figure(unit.number(amount, lang))[0] for amount in unit.adding_up(amounts)]
    step = 10.0**-unit.decimals
    assert round(fsum(told) / step) == round(
        figure(unit.number(fsum(round(amount / unit.yuan / step, 6) for amount in amounts) * step * unit.yuan, lang))[0] / step
    )


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=9), st.integers(0, 2))
def test_shares_of_one_whole_add_up_to_all_of_it(sizes: list[float], decimals: int) -> None:
    told = percents([size / fsum(sizes) for size in sizes], "en", decimals)
    assert round(fsum(figure(one)[0] for one in told) * 10 ** (decimals + 2)) == 10 ** (decimals + 2)
