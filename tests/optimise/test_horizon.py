"""Effects over several years: μ scales what events and concessions bring, and a longer horizon is never worth less."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.catalogue.offer import offer
from planning.catalogue.responses import horizon_factor
from planning.judge.facts import worth_of_a_yearly_yuan
from planning.optimise.problem import Problem, problem
from planning.optimise.year import solve_year
from planning.policy.sections import Value
from tests.optimise.books import drawn, policy

HORIZONS = range(1, 11)
RATES = st.integers(0, 100).map(lambda percent: percent / 100)


def over(years: int, seed: int = 4, **value: float) -> Problem:
    rules = policy(value={"horizon_years": years, **value})
    return problem(offer(drawn(seed), rules), rules)


@given(st.sampled_from(HORIZONS), RATES, RATES)
def test_mu_is_the_sum_of_what_is_kept_each_year(years: int, discount: float, kept: float) -> None:
    value = Value(horizon_years=years, discount=discount, effect_kept=kept)
    mu, by_year, worth = horizon_factor(value), 0.0, 1.0
    for _ in range(years):
        by_year += worth
        worth *= kept / (1 + discount)
    assert mu == pytest.approx(by_year)
    assert mu == pytest.approx(float(worth_of_a_yearly_yuan(value.model_dump())))
    assert 1 <= mu <= years
    assert kept > 0 or mu == 1


@pytest.mark.parametrize("years", [2, 5, 10])
@pytest.mark.parametrize(("discount", "kept"), [(0.08, 0.6), (0.0, 1.0), (0.3, 0.2)])
def test_mu_scales_what_events_and_concessions_bring_and_no_cost(years: int, discount: float, kept: float) -> None:
    one, more = over(1, discount=discount, effect_kept=kept), over(years, discount=discount, effect_kept=kept)
    mu = horizon_factor(more.policy.value)
    assert mu > 1
    for short, long in zip(one.responses, more.responses, strict=True):
        assert long.curve.at(3.0) == pytest.approx(mu * short.curve.at(3.0))
    steps = [list(zip(a.steps[kind], b.steps[kind], strict=True)) for a, b in zip(one.cells, more.cells, strict=True) for kind in a.steps]
    for short, long in (pair for ladder in steps for pair in ladder):
        assert (long.gain_cny, long.kept_cny) == (pytest.approx(mu * short.gain_cny), pytest.approx(mu * short.kept_cny))
        assert long.cost_cny == short.cost_cny
    assert any(long.kept_cny > 0 for ladder in steps for _, long in ladder)


@pytest.mark.parametrize("seed", range(3))
def test_a_longer_horizon_is_never_worth_less(seed: int) -> None:
    found = [solve_year(over(years, seed)).outcome for years in HORIZONS]
    assert all(longer.bound >= shorter.objective - 0.01 for shorter, longer in pairwise(found))
    assert found[-1].objective > found[0].objective


def test_what_is_kept_is_worth_more() -> None:
    assert solve_year(over(5, effect_kept=0.9)).outcome.objective > solve_year(over(5, effect_kept=0.3)).outcome.objective
    assert solve_year(over(5, discount=0.0)).outcome.objective > solve_year(over(5, discount=0.5)).outcome.objective
