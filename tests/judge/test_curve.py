"""The most an answer can bring at prices: never told below what some number of touches brings, and hardly above the best of them."""

from fractions import Fraction
from math import exp, expm1

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.judge.curve import FARTHEST, Curve, most_at_prices
from planning.judge.exact import exact
from planning.judge.priced import First

AMOUNTS = st.floats(0.01, 1e7).map(exact)
RATES = st.floats(1e-4, 3.0).map(exact)
PRICES = st.one_of(st.just(Fraction(0)), st.floats(1e-6, 1e6).map(exact))
WIDTHS = st.floats(0.01, 1e4).map(exact)


def brings(curve: Curve, price: Fraction, first: First, touches: Fraction) -> float:
    uplift = -float(curve.ceiling) * expm1(-float(curve.rate * touches))
    return uplift - float(price * touches + first.price * min(first.width, touches))


@given(AMOUNTS, RATES, WIDTHS, PRICES, st.tuples(PRICES, WIDTHS), st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_no_number_of_touches_brings_more(
    ceiling: Fraction, rate: Fraction, most: Fraction, price: Fraction, first: tuple[Fraction, Fraction], part: float
) -> None:
    curve, told = Curve(ceiling, rate, most), First(*first)
    tried = [most * exact(part), min(told.width, most), most, Fraction(0)]
    assert max(brings(curve, price, told, touches) for touches in tried) <= float(most_at_prices(curve, price, told)) + 1e-9 * float(ceiling)


@given(AMOUNTS, RATES, st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_where_the_price_is_what_a_touch_brings_the_most_is_there(ceiling: Fraction, rate: Fraction, part: float) -> None:
    curve = Curve(ceiling, rate, 5 / rate)
    best = curve.most * exact(part)
    price = exact(float(ceiling * rate) * exp(-float(rate * best)))
    told = float(most_at_prices(curve, price, First(Fraction(0), Fraction(1))))
    assert told == pytest.approx(brings(curve, price, First(Fraction(0), Fraction(1)), best), rel=1e-9, abs=1e-9 * float(ceiling))


def test_a_price_on_the_first_touches_turns_the_curve_where_they_end() -> None:
    curve = Curve(Fraction(1000), Fraction(1, 10), Fraction(20))
    free, dear = First(Fraction(0), Fraction(4)), First(Fraction(10**6), Fraction(4))
    assert most_at_prices(curve, Fraction(0), free) == pytest.approx(1000 * (1 - exp(-2)))
    assert most_at_prices(curve, Fraction(0), dear) == pytest.approx(0, abs=1e-6)
    least = most_at_prices(curve, Fraction(30), First(Fraction(20), Fraction(4)))
    assert least == pytest.approx(max(brings(curve, Fraction(30), First(Fraction(20), Fraction(4)), Fraction(a, 100)) for a in range(2001)), rel=1e-4)


def test_beyond_the_farthest_tangent_the_ceiling_is_reached() -> None:
    curve = Curve(Fraction(1000), Fraction(1), Fraction(10 * int(FARTHEST)))
    assert most_at_prices(curve, Fraction(0), First(Fraction(0), Fraction(1))) == pytest.approx(1000)
