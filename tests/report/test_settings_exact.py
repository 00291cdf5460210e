"""What the policy sets is printed as it is set: 12.5 % is not 13 %, 4.35 % is not 4 %."""

from dataclasses import replace

import pytest

from planning.report import cards
from planning.report.cards.wording import setting
from tests.report.example import summary


@pytest.mark.parametrize(("share", "words"), [(0.3, "30%"), (0.125, "12.5%"), (0.0435, "4.35%"), (1 / 3, "33.3%"), (0.0, "0%")])
def test_a_share_that_is_set_keeps_its_decimals(share: float, words: str) -> None:
    assert setting(share, "share", "en") == words


def test_discount_control_group_and_quarters_limits_are_printed_as_set() -> None:
    of = summary()
    rules = {**of.plan.policy, "value": {**of.plan.policy["value"], "discount": 0.045, "effect_kept": 0.875}, "evaluation": {"holdout_share": 0.075}}
    plan = replace(of, plan=replace(of.plan, policy=rules), quarters=tuple(replace(line, low=0.125) for line in of.quarters))
    foot = cards.footer(plan).en.partition("<details>")[0]
    assert all(words in foot for words in ("87.5% kept", "discounted at 4.5%"))
    assert "7.5% held out" in cards.headline(plan).en
    assert cards.year(plan).en.count("<td>12.5%</td>") == 4
