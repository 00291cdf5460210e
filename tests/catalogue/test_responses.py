"""The response curve and its tangents: concave, never below the curve, and never further above than stated."""

from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.catalogue.responses import FIRST_ERROR, Curve, first_points, horizon_factor, tangents
from planning.policy.sections import Value

curves = st.builds(Curve, st.floats(10, 1e7), st.floats(0.01, 3), st.integers(1, 5_000))


@given(curves, st.floats(0.01, 40), st.lists(st.floats(0, 40), max_size=6))
def test_tangents_are_never_below_the_curve_nor_further_above_than_stated(curve: Curve, touches_a_client: float, further: list[float]) -> None:
    most = touches_a_client * curve.clients
    points = (*first_points(curve, most), *(touches * curve.clients for touches in further))
    touches = worth = worst = 0.0
    for piece in tangents(curve, points, most):
        for step in range(21):
            part = piece.width * step / 20
            above = worth + piece.slope * part - curve.at(touches + part)
            assert above >= -1e-9 * curve.ceiling_cny
            worst = max(worst, above)
        touches += piece.width
        worth += piece.slope * piece.width
    assert isclose(touches, most, rel_tol=1e-9)
    assert worst <= FIRST_ERROR * curve.ceiling_cny * 1.06  # a tangent left out for one just before it widens a step of 0.2 by at most 0.005


@given(curves, st.floats(0.01, 40))
def test_each_piece_is_flatter_than_the_one_before(curve: Curve, touches_a_client: float) -> None:
    most = touches_a_client * curve.clients
    slopes = [piece.slope for piece in tangents(curve, first_points(curve, most), most)]
    assert slopes == sorted(slopes, reverse=True)


@given(curves, st.floats(0.001, 5))
def test_a_tangent_meets_the_curve_where_the_plan_lies(curve: Curve, touches_a_client: float) -> None:
    at = touches_a_client * curve.clients
    pieces = tangents(curve, (at,), 2 * at)
    worth = sum(piece.slope * min(piece.width, max(at - sum(p.width for p in pieces[:i]), 0.0)) for i, piece in enumerate(pieces))
    assert worth - curve.at(at) <= 2e-5 * curve.at(at)


def test_uplift_is_the_formula_of_the_model() -> None:
    assert isclose(Curve(1_000.0, 0.3, 10).at(20.0), 1_000 * (1 - exp(-0.3 * 20 / 10)))


def test_a_segment_that_brings_nothing_has_no_pieces() -> None:
    assert first_points(Curve(0.0, 0.3, 10), 20.0) == ()


@pytest.mark.parametrize(("years", "factor"), [(1, 1.0), (2, 1 + 0.6 / 1.08), (3, 1 + 0.6 / 1.08 + (0.6 / 1.08) ** 2)])
def test_a_yuan_of_yearly_effect_counts_for_what_is_kept_and_discounted(years: int, factor: float) -> None:
    assert isclose(horizon_factor(Value(horizon_years=years, discount=0.08, effect_kept=0.6)), factor)
