"""Tiers that are shown as one, and ladder cells without figures, are told apart nowhere else on the page."""

import re
from dataclasses import replace

import pytest

from planning.plan.study import Alternative, Change
from planning.plan.summary import RuleLine, Summary
from planning.report import cards
from planning.report.cards.alternatives import alternatives_blocks
from planning.report.cards.changed_words import moved
from tests.report.example import TIERS, changes, summary
from tests.report.study import study


def of_few() -> Summary:
    """The example with a fourth tier, and so few private clients that they stand with the diamond tier; that one is given most."""
    of = summary()
    gold, diamond, private = of.tiers
    lowest = replace(gold, code="silver", names=("银卡", "Silver"))
    return replace(of, tiers=(lowest, gold, replace(diamond, clients=300, event_cny=40e6), replace(private, clients=3, hidden=True)))


def test_the_headline_names_no_tier_that_the_table_shows_with_another() -> None:
    many = replace(of_few(), tiers=(*of_few().tiers[:3], summary().tiers[2]))
    assert [bool(re.search('class="head">[^\n]*Diamond', cards.headline(one).en)) for one in (many, of_few())] == [True, False]


@pytest.mark.parametrize(("where", "told"), [(("gold",), True), (("diamond",), False), (("East", "diamond", "personal"), False)])
def test_rules_tell_no_money_of_a_tier_that_is_shown_with_another(where: tuple[str, ...], told: bool) -> None:
    rule = RuleLine("B4", "tier_cap", "pass", 3, 0, where, ("", ""), 0.50, 0.4321, "share", "most", 0.8642)
    assert ("43.2%" in cards.rules(replace(of_few(), rules=(rule,))).en) == told


def test_rules_tell_no_cost_of_a_ladder_cell_of_which_few_qualify() -> None:
    of = summary()
    rule = RuleLine("K3", "concession_bearable", "pass", 12, 0, ("East", "diamond", "personal"), ("", ""), 400_000.0, 123_400.0, "CNY", "most", 0.31)
    few = tuple(replace(step, qualifying=3) if (step.region, step.tier, step.kind) == rule.where else step for step in of.ladder)
    for ladder, told in ((of.ladder, True), (few, False)):
        assert ("CNY\xa0123\xa0thousand" in cards.rules(replace(of, rules=(rule,), ladder=ladder)).en) == told


def test_near_equal_plans_and_the_former_one_tell_no_money_of_what_is_shown_together() -> None:
    of, private = of_few(), Change("tier", "private", TIERS[2][1], 3_100_000.0, 3_700_000.0)
    other = Alternative(15_200_000.0, 5_000_000.0, 5_600_000.0, 25_800_000.0, 29, 1_010.0, 0.21, 0.21, (private,))
    for one, told in ((summary(), True), (of, False)):
        assert ("more to Private banking clients" in str(alternatives_blocks(one, [other], "en")[0])) == told
    waived = Change("concession", "fee_waiver", ("fee_waiver", "fee_waiver"), 900_000.0, 1_200_000.0)
    measured = changes().measured
    assert measured is not None
    few = tuple(replace(step, qualifying=3) if (step.concession, step.kind) == ("fee_waiver", "corporate") else step for step in of.ladder)
    assert moved(of, replace(measured, money=(waived,))) == (waived,)
    assert moved(replace(of, ladder=few), replace(measured, money=(waived,))) == ()


def test_scenarios_tell_no_attendances_of_a_tier_that_is_shown_with_another() -> None:
    for of, told in ((summary(), True), (of_few(), False)):
        page = cards.scenarios(of, study(), lambda *_: [], "en").en
        assert ("1,520" in page) == told
        assert (": 3 lines differ" in page) == told
