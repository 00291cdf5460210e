"""A plan that spends nothing says so plainly: no tier that adds most, none on its limit, no return, no nought to approve."""

from dataclasses import replace

import pytest

from planning.plan.summary import GroupLine, Summary
from planning.report import cards
from tests.report.example import summary


@pytest.fixture
def nothing() -> Summary:
    of = summary()

    def idle(lines: tuple[GroupLine, ...]) -> tuple[GroupLine, ...]:
        return tuple(replace(line, event_cny=0.0, concession_cny=0.0, uplift_cny=0.0, gain_cny=0.0, reached=0.0, share=line.share and 0.0) for line in lines)

    totals = replace(of.plan.totals, event_cny=0.0, concession_cny=0.0, uplift_cny=0.0, gain_cny=0.0, value_cny=0.0)
    tables = {"tiers": idle(of.tiers), "regions": idle(of.regions), "branches": idle(of.branches)}
    return replace(of, plan=replace(of.plan, totals=totals), sessions=(), ladder=(), quarters=(), curves=(), reached_clients=0.0, **tables)


def test_the_head_asks_for_no_money_and_shows_no_return(nothing: Summary) -> None:
    head = cards.headline(nothing)
    assert "Agree that nothing is spent." in head.en
    assert "同意本期不投入营销费用。" in head.zh
    assert "Approve CNY" not in head.en.replace("\xa0", " ")
    assert "0.00" not in head.en


def test_no_tier_adds_most_and_none_is_on_its_limit(nothing: Summary) -> None:
    page = cards.money(nothing).en
    assert "Nothing is spent" in page
    assert not any(words in page for words in ("Most is added", "On the limit", "<figure>"))
    assert page.count("<table>") == 3
    assert "A yuan spent" not in cards.why(nothing).en
