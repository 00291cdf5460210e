"""What a plan is worth, against numbers worked out by hand."""

from math import exp

import pytest
from tiny_bank import bank

from planning.judge import gather, judge

MU = 1.4
UPLIFT = MU * sum((
    31_300 * 0.02 * (1 - exp(-0.5 * 5 / 4)),  # knowledge: n1 gold personal, 5 guests of 4 clients
    85_000 * 0.03 * (1 - exp(-0.4 * 1 / 2)),
    92_000 * 0.01 * (1 - exp(-0.5 * 2 / 2)),
    12_000 * 0.02 * (1 - exp(-0.5 * 2 / 2)),
    13_000 * 0.02 * (1 - exp(-0.5 * 5 / 2)),
    20_000 * 0.03 * (1 - exp(-0.4 * 1 / 1)),
    31_300 * 0.04 * (1 - exp(-1.0 * 3 / 4)),  # health: 2 guests at weight 1.5
    85_000 * 0.05 * (1 - exp(-0.8 * 1.5 / 2)),
    80_000 * 0.05 * (1 - exp(-0.8 * 1.5 / 1)),
    13_000 * 0.04 * (1 - exp(-1.0 * 1.5 / 2)),
    20_000 * 0.05 * (1 - exp(-0.8 * 1.5 / 1)),
    31_300 * 0.01 * (1 - exp(-2.0 * 2 / 4)),  # appreciation: the private tier has no row, so no uplift
    12_000 * 0.01 * (1 - exp(-2.0 * 1 / 2)),
    13_000 * 0.01 * (1 - exp(-2.0 * 1 / 2)),
))  # fmt: skip
GAIN = 1499.82 + 3920 + 280 + 3780
# knowledge 7 salons with 16 guests; health at three quarters; the gala
EVENTS = 7 * 1000 + 16 * 100.5 + 0.75 * (2 * 3000 + 6 * 200) + 5000 + 5 * 300
CONCESSIONS = 210 + 1120 + 40 + 937.5


def test_totals() -> None:
    tables, policy, plan = bank()
    found = judge(plan, gather(tables, policy)).totals
    value = UPLIFT + GAIN - EVENTS - CONCESSIONS
    assert found == pytest.approx({"event_cny": EVENTS, "concession_cny": CONCESSIONS, "uplift_cny": UPLIFT, "gain_cny": GAIN, "value_cny": value}, abs=1e-6)
    assert found == pytest.approx(plan["totals"], abs=0.01)


def test_gross_value_leaves_costs_out() -> None:
    tables, policy, plan = bank()
    policy["value"]["objective"] = "gross"
    assert judge(plan, gather(tables, policy)).totals["value_cny"] == pytest.approx(UPLIFT + GAIN, abs=1e-6)


def test_short_hours_are_priced_where_visits_are_a_target() -> None:
    tables, policy, plan = bank()
    policy["contact"]["rule"] = "target"
    tables["managers"]["hours_year"][3] = 50.0  # s1 needs 52
    del plan["totals"]
    verdict = judge(plan, gather(tables, policy))
    assert verdict.passed
    assert verdict.totals["value_cny"] == pytest.approx(UPLIFT + GAIN - EVENTS - CONCESSIONS - 2 * 300, abs=1e-6)


def test_a_segment_that_costs_more_than_it_brings_has_no_uplift() -> None:
    tables, policy, plan = bank()
    tables["clients"]["contribution_cny"][11] = -5.0  # c12, alone in its segment
    tables["tiers"]["min_contribution_cny"][-1] = -10.0
    tables["clients"]["invest_avg_cny"][10] = None  # c11 stays gold
    lost = MU * (20_000 * 0.03 * (1 - exp(-0.4)) + 20_000 * 0.05 * (1 - exp(-1.2)))
    assert judge(plan, gather(tables, policy)).totals["uplift_cny"] == pytest.approx(UPLIFT - lost, abs=1e-6)


def test_nothing_is_worth_nothing() -> None:
    tables, policy, plan = bank()
    nothing = {"sessions": [], "attendances": [], "ladder": []}
    assert set(judge(nothing, gather(tables, policy)).totals.values()) == {0.0}
    assert judge({**plan, **nothing}, gather(tables, policy)).passed is False
