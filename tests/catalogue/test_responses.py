"""The response curve and its chords: concave, below the curve, and never further below than stated."""

from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.catalogue.responses import CHORD_ERROR, Curve, chords, horizon_factor
from planning.policy import Value

curves = st.builds(Curve, st.floats(10, 1e7), st.floats(0.01, 3), st.integers(1, 5_000))


@given(curves, st.floats(0.01, 40))
def test_chords_lie_below_the_curve_and_within_the_stated_error(curve: Curve, touches_a_client: float) -> None:
    most = touches_a_client * curve.clients
    touches = worth = worst = 0.0
    for piece in chords(curve, most):
        for step in range(21):
            part = piece.width * step / 20
            below = curve.at(touches + part) - (worth + piece.slope * part)
            assert below >= -1e-9 * curve.ceiling_cny
            worst = max(worst, below)
        touches += piece.width
        worth += piece.slope * piece.width
    assert isclose(touches, most, rel_tol=1e-9)
    assert worst <= CHORD_ERROR * curve.ceiling_cny * (1 + 1e-6)


@given(curves, st.floats(0.01, 40))
def test_each_piece_is_flatter_than_the_one_before(curve: Curve, touches_a_client: float) -> None:
    slopes = [piece.slope for piece in chords(curve, touches_a_client * curve.clients)]
    assert slopes == sorted(slopes, reverse=True)


def test_uplift_is_the_formula_of_the_model() -> None:
    assert isclose(Curve(1_000.0, 0.3, 10).at(20.0), 1_000 * (1 - exp(-0.3 * 20 / 10)))


def test_a_segment_that_brings_nothing_has_no_pieces() -> None:
    assert chords(Curve(0.0, 0.3, 10), 20.0) == ()


@pytest.mark.parametrize(("years", "factor"), [(1, 1.0), (2, 1 + 0.6 / 1.08), (3, 1 + 0.6 / 1.08 + (0.6 / 1.08) ** 2)])
def test_a_yuan_of_yearly_effect_counts_for_what_is_kept_and_discounted(years: int, factor: float) -> None:
    assert isclose(horizon_factor(Value(horizon_years=years, discount=0.08, effect_kept=0.6)), factor)
