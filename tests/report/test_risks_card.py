"""The card of risks: the range in plain words, nothing that few clients stand behind, figures on both screens."""

from dataclasses import replace

import pytest

from planning.plan.study import Frontier, ScenarioLine, Study
from planning.plan.uncertainty import End, Lean, Risks
from planning.report import cards
from planning.report.cards.scenarios import scenarios
from planning.report.page import visible
from tests.report.example import summary

JARGON = ("CVaR", "P10", "P50", "P90", "分位", "quantile", "percentile", "标准差", "方差", "variance", "sigma", "tornado", "Monte Carlo", "蒙特卡洛")


def said(html: str) -> str:
    return " ".join(visible(html).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["净收益在 690 万元 与 2,380 万元 之间", "每 100 种情形有 99 种收回投入", "最差的一成情形，净收益平均为 430 万元", "钻石 · 个人 · 健康活动：在 9 万元 与 12 万元 之间", "私行 · 公司 · 存款利率上浮：至多 2.6 万元", "经验判断占 77%", "每 100 种情形有 47 种超过批准的让利预算", "4 家支行中有 2 家"]),
        ("en", ["between CNY 6.9 million and CNY 23.8 million is left", "pays back in 99 of 100 cases", "In the worst tenth of cases CNY 4.3 million", "Diamond · Personal · Health events: between CNY 90 thousand and CNY 120 thousand", "Deposit-rate premium: at most CNY 26 thousand", "history 23%, judgement 77%", "in 47 of 100 cases", "In 2 of 4 branches"]),
    ],
)  # fmt: skip
def test_the_card_says_its_numbers_in_plain_words(lang: str, words: list[str]) -> None:
    text = said(cards.risks(summary()).html(lang)).replace(" ", "")
    assert [word for word in words if word.replace(" ", "") not in text] == []
    assert [word for word in JARGON if word in text] == []


def test_the_headline_shows_the_range_beside_what_is_added() -> None:
    assert "In eight of ten cases between CNY 17.3 million and CNY 34.8 million" in said(cards.headline(summary()).en)
    assert "十种情形中有八种" not in said(cards.headline(replace(summary(), risks=None)).zh)


def of(**changed: object) -> Risks:
    found = summary().risks
    assert found is not None
    return replace(found, **changed)  # type: ignore[arg-type]


def test_a_concession_granted_to_few_is_not_seen_through_the_leans() -> None:
    plan = summary()
    step = next(one for one in plan.ladder if one.level > 0)
    lean = Lean("elasticities", step.tier, step.tier_names, step.kind, step.concession, "judgement", 0.5, 1e6, End(0.4, -6e5), End(1.6, 6e5))
    open_to_many = replace(plan, risks=of(leans=(lean,)))
    assert "+600" in said(cards.risks(open_to_many).en)
    few = tuple(replace(one, qualifying=2) if (one.tier, one.kind, one.concession) == (step.tier, step.kind, step.concession) else one for one in plan.ladder)
    assert "+600" not in said(cards.risks(replace(open_to_many, ladder=few)).en)


def test_a_world_that_was_not_solved_promises_no_most() -> None:
    found = of()
    open_end = replace(found.leans[1], weak=replace(found.leans[1].weak, won_most_cny=float("inf")), most_cny=float("inf"))
    text = said(cards.risks(replace(summary(), risks=replace(found, leans=(found.leans[0], open_end)))).en)
    assert "Health events: at least CNY 90 thousand" in text
    assert "inf" not in text.replace("information", "")


def test_without_doubt_and_with_risk_aversion_the_card_says_so() -> None:
    sure = cards.risks(replace(summary(), risks=of(bars=(), leans=(), draws=1)))
    assert "No cases were drawn" in said(sure.en)
    careful = replace(summary().plan, policy={**summary().plan.policy, "value": {**summary().plan.policy["value"], "risk_aversion": 0.3}})
    told = replace(summary(), plan=careful)
    assert "风险厌恶 30%" in said(cards.risks(told).zh)
    assert "more, on the careful measure, than an equal split" in said(cards.headline(told).en)
    assert "on the careful measure" in said(cards.why(told).en)
    assert "net of spending" not in said(cards.why(told).en).split("More money")[0].split(".")[0]


@pytest.mark.parametrize(("lang", "head"), [("zh", "至多少得 200 万元"), ("en", "at most CNY 2 million forgone")])
def test_regret_is_told_worst_first(lang: str, head: str) -> None:
    worlds = [
        ScenarioLine(name, (name, name), ("x",), value, bound, status="optimal", kept_value_cny=kept)
        for name, value, bound, kept in (("near", 9e6, 9.1e6, 8.9e6), ("far", 7e6, 7.1e6, 5.1e6), ("other", 8e6, 8.1e6, None))
    ]
    html = said(scenarios(summary(), Study(tuple(worlds), Frontier("both", (), 0, None), (), (), ()), lambda *_: [], lang).html(lang))
    told = html[html.index(head[-6:]) :]
    assert told.index("far") < told.index("near")
    assert "CNY 1.9 million less" in told or "少 190 万元" in told
    assert "5.1" in told or "510" in told
