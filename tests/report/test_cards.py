"""Cards: what they claim follows from the numbers, in both languages, and nothing in them is markup that came from data."""

import re
from dataclasses import replace

import pytest

from planning.plan.summary import BaselineLine, Certified, Summary
from planning.report import cards
from planning.report.cards.wording import place
from planning.report.i18n import say
from planning.report.page import visible
from tests.report.assembled import PARTS, changed
from tests.report.example import summary


def said(html: str) -> str:
    return re.sub(r"\s+", " ", visible(html).replace("\u00a0", " "))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_both_languages_have_the_same_shape(part: object) -> None:
    card = part(summary())  # type: ignore[operator]
    shapes = [re.findall(r"<(/?\w+)", html) for html in (card.zh, card.en)]
    spans = [[tag for tag in shape if tag not in ("span", "/span")] for shape in shapes]
    assert spans[0] == spans[1]
    assert not re.search(r"[\u4e00-\u9fff]", visible(card.en).replace("区域营销中心", ""))


def test_the_headline_says_what_is_proposed_what_it_brings_and_against_what() -> None:
    card = cards.headline(summary())
    assert "建议投入1,070万元，预期3年新增贡献2,600万元，扣除投入后比平均分配多620万元；" in said(card.zh).replace(" ", "")
    assert "Spend CNY 10.7 million to add CNY 26 million of contribution over 3 years" in said(card.en)
    assert "CNY 6.2 million more, net of spending, than an equal split" in said(card.en)


def against(plan: Summary, value: float, broken: tuple[tuple[str, int], ...] = ()) -> Summary:
    return replace(plan, baselines=(plan.baselines[0], BaselineLine("by_assets", value, 5e6, 5e6, value + 10e6, broken)))


def test_a_plan_that_is_not_better_says_so() -> None:
    own = summary().plan.totals.value_cny
    assert "about the same as a split by assets" in said(cards.headline(against(summary(), own * 1.001)).en)
    assert "less, net of spending, than a split by assets, which breaks a rule" in said(cards.headline(against(summary(), own + 1e6, (("tier_cap", 1),))).en)
    assert "CNY 1 million less, net of spending, than a split by assets;" in said(cards.headline(against(summary(), own + 1e6)).en)


def test_a_plan_without_spending_has_its_own_sentence() -> None:
    plan = summary()
    nothing = replace(plan.plan.totals, event_cny=0.0, concession_cny=0.0, uplift_cny=0.0, gain_cny=0.0, value_cny=0.0)
    ladder = tuple(replace(step, level=0, depth=0.0) for step in plan.ladder)
    groups = tuple(replace(tier, event_cny=0.0, concession_cny=0.0, uplift_cny=0.0, gain_cny=0.0) for tier in plan.tiers)
    idle = replace(plan, plan=replace(plan.plan, totals=nothing), sessions=(), ladder=ladder, tiers=groups)
    for lang, headline, money, year, steps in (
        ("zh", "建议不投入", "没有投入", "不办活动", "不安排让利"),
        ("en", "Spend nothing", "Nothing is spent", "No events", "No concessions"),
    ):
        assert headline in said(cards.headline(idle).html(lang))
        assert money in said(cards.money(idle).html(lang))
        assert year in said(cards.year(idle).html(lang))
        assert steps in said(cards.ladder(idle).html(lang))
        assert cards.why(idle).html(lang)


def test_the_head_of_money_names_the_tiers_by_their_numbers() -> None:
    assert (
        '<h2><span class="clause">钻石投入最多，</span><span class="clause">收获也最多；</span><span class="clause">金卡每元回报最高，</span>'
        in cards.money(summary()).zh
    )
    tiers = tuple(replace(tier, uplift_cny=tier.uplift_cny * 9) if tier.code == "gold" else tier for tier in summary().tiers)
    assert "Most of the money goes to Diamond; most is added by Gold" in said(cards.money(replace(summary(), tiers=tiers)).en)


def test_a_month_without_sessions_is_not_called_busy() -> None:
    without = replace(summary(), sessions=tuple(line for line in summary().sessions if line.month not in (1, 11)))
    assert "none in January and November" in said(cards.year(without).en)
    assert "some in every month" in said(cards.year(summary()).en)


def test_optimal_is_said_only_where_it_was_proven() -> None:
    plan = summary()
    assert "Proven within 0.070% of the optimum" in said(cards.footer(plan).en)
    stopped = replace(plan, plan=replace(plan.plan, solve=replace(plan.plan.solve, status="feasible", gap=0.031)))
    assert "at most 3.100% from the optimum" in said(cards.footer(stopped).en)
    assert "已证明" not in said(cards.footer(stopped).zh)


def test_both_gaps_are_told_each_by_its_own_proof() -> None:
    plan = summary()
    english, chinese = said(cards.footer(plan).en), said(cards.footer(plan).zh)
    assert "no plan can be worth more than CNY 15,345,000; this plan lies at most 0.290% below that." in english
    assert "The solver's own proof is 0.070%" in english
    assert "仅凭 certificate.json 所列各项限制的价格精确复算，任何方案的价值都不超过 15,345,000 元，本方案至多比它低 0.290%。" in chinese
    assert "求解器自己证明的差距为 0.070%" in chinese


@pytest.mark.parametrize("reason", ["risk_aversion", "not_solved", "not_made"])
def test_without_a_certificate_the_reason_is_told(reason: str) -> None:
    without = replace(summary(), certified=Certified(absent=reason))
    for lang in ("zh", "en"):
        assert say(f"page.footer.unproven.{reason}", lang) in said(cards.footer(without).html(lang))
        assert "0.290%" not in said(cards.footer(without).html(lang))
    assert "上界凭据" not in said(cards.footer(replace(summary(), certified=None)).zh)


def test_borrowed_tables_and_the_made_up_bank_are_named() -> None:
    plan = summary()
    assert "虚构的样例银行" in cards.headline(plan).zh
    assert "借自样例银行：活动（events）" in said(cards.footer(plan).zh)
    own = replace(plan, sample=False, origins=tuple(replace(origin, borrowed=False) for origin in plan.origins))
    for card in (cards.headline(own), cards.footer(own)):
        assert "样例" not in card.zh
        assert "borrowed" not in card.en


def test_branches_short_of_hours_are_put_to_leadership() -> None:
    plan = summary()
    assert "工时" not in said(cards.headline(plan).zh)
    short = tuple(replace(line, hours=7_900.0) if line.branch == "b01" else line for line in plan.hours)
    assert "仁和支行的客户经理工时缺 400 小时" in said(cards.headline(replace(plan, hours=short)).zh)


def test_text_from_tables_is_never_markup() -> None:
    plan = summary()
    hostile = '"><script>alert(1)</script><img src=x onerror=y>{{7*7}}{0}%s'
    names = (hostile, hostile)
    attacked = replace(
        plan,
        bank_names=names,
        tiers=tuple(replace(tier, names=names) for tier in plan.tiers),
        branches=tuple(replace(branch, names=names) for branch in plan.branches),
        sessions=tuple(replace(line, names=names, host_names=names, family=hostile) for line in plan.sessions),
        ladder=tuple(replace(step, region_names=names, tier_names=names) for step in plan.ladder),
        left_out=tuple(replace(line, names=names) for line in plan.left_out),
        hours=tuple(replace(line, names=names) for line in plan.hours),
        versions=((hostile, hostile),),
        risks=plan.risks and replace(plan.risks, leans=tuple(replace(lean, tier_names=names) for lean in plan.risks.leans)),
    )
    for part in PARTS:
        for html in (part(attacked).zh, part(attacked).en):
            assert "<script" not in html
            assert "<img src=x" not in html
            assert "{{7*7}}{0}%s" in html or part in (cards.rules, cards.why, changed)


def test_a_card_shows_itself_in_a_notebook_and_keeps_both_languages() -> None:
    card = cards.headline(summary(), "en")
    bundle = card._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/html", cards.MIME}
    assert bundle[cards.MIME] == {
        "part": "headline",
        "lang": "en",
        "title": {"zh": "2027 年高端客户营销计划", "en": "Marketing plan for high-end clients, 2027"},
        "zh": card.zh,
        "en": card.en,
    }
    assert card.en in bundle["text/html"]
    assert 'lang="en"' in bundle["text/html"]


def test_figures_have_alt_text_a_phone_version_and_their_numbers() -> None:
    for part in (cards.money, cards.year, cards.ladder, cards.why):
        html = part(summary()).zh
        figures = re.findall(r"<figure>.*?</figure>", html, flags=re.DOTALL)
        assert figures
        for figure in figures:
            assert re.search(r'alt="[^"]{6,}"', figure)
            assert '<source media="screen and (max-width:720px)" srcset="data:image/svg+xml,' in figure
            assert "<figcaption>" in figure


def test_tables_have_captions_and_scoped_heads() -> None:
    for part in PARTS:
        for table in re.findall(r"<table>.*?</table>", part(summary()).en, flags=re.DOTALL):
            assert table.startswith("<table><caption>")
            assert '<th scope="col"' in table
            assert '<th scope="row"' in table
            widths = {len(re.findall(r"<t[hd]", row)) for row in re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)}
            assert len(widths) == 1


def test_a_name_that_looks_like_a_part_of_a_group_is_shown_as_it_is() -> None:
    known: dict[str, tuple[str, str]] = {}
    assert place(("甲=乙公司", "A;B=C"), known, "zh") == "甲=乙公司 · A;B=C"
    assert place(("age_band=40-54;sex=female",), known, "en") == "aged 40-54, female"
