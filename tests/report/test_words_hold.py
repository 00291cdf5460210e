"""Words of findings and notes hold in the dark as in the light, for several tiers as for one, and where no limit is set."""

import re
from dataclasses import replace
from importlib import import_module

import pytest

from planning.plan.study import Frontier, FrontierPoint
from planning.plan.summary import BaselineLine
from planning.report import cards
from planning.report.cards.frontier import frontier_finding
from planning.report.figures.bars import Pair
from planning.report.i18n import words
from tests.report.example import summary
from tests.report.study import study


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_note_tells_light_colours_from_dark_ones_which_change_places_in_dark_mode(lang: str) -> None:
    told = {key: entry[lang] for key, entry in words().items() if key.startswith(("page.", "book.", "branches."))}
    named = ("浅色", "浅线", "深色", "颜色越深") if lang == "zh" else (" pale ", " dark", "darker ")
    assert [key for key, said in told.items() if any(one in f" {said}" for one in named)] == []


def test_quarters_without_limits_are_not_said_to_keep_them() -> None:
    free = replace(summary(), quarters=tuple(replace(line, low=0.0, high=1.0) for line in summary().quarters))
    assert "Event spending by quarter (no limits set)" in cards.year(free).en
    assert "within its limits" not in cards.year(free).en


def test_tiers_shown_together_read_as_words_of_a_sentence() -> None:
    gold, diamond, private = summary().tiers
    few = replace(summary(), tiers=(gold, replace(diamond, clients=300), replace(private, clients=3, hidden=True)))
    assert "Most of the money goes to Diamond and Private banking together" in cards.money(few).en
    assert "钻石和私行（合并）投入最多" in cards.money(few).zh


def points(*feasible: bool) -> Frontier:
    """A frontier of which today's budget is the last point; a budget without a plan is worth nothing."""
    amounts = (5e6, 5e6, 26e6, 15.3e6, 15.4e6)
    found = [
        FrontierPoint(share, 6e6 * share, 6e6 * share, *(amounts if one else (0.0,) * 5), feasible=one) for share, one in zip((0.8, 1.0), feasible, strict=True)
    ]
    return Frontier("both", tuple(found), 1, None)


def test_a_budget_without_a_plan_is_not_said_to_cost_the_whole_plan() -> None:
    said = {lang: frontier_finding(points(False, True), "net", lang).replace("\xa0", " ") for lang in ("zh", "en")}
    assert said == {"zh": "减去 240 万元就没有找到能守住全部规则的方案", "en": "With CNY 2.4 million less no plan was found that keeps all rules"}
    assert "costs CNY 0" in frontier_finding(points(True, True), "net", "en").replace("\xa0", " ")


def test_a_heading_opens_with_a_capital_whichever_half_of_it_is_left() -> None:
    worse = replace(study(), scenarios=tuple(replace(line, proven_cny=-1.0) for line in study().scenarios))
    assert "<h2>Proven worse: More for events</h2>" in cards.scenarios(summary(), worse, lambda *_: [], "en").en


def test_figures_beside_the_bars_of_simple_rules_are_those_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Pair] = []
    card = import_module("planning.report.cards.why")
    draw = card.pairs
    monkeypatch.setattr(card, "pairs", lambda rows, legend: drawn.extend(rows) or draw(rows, legend))
    lines = tuple(
        BaselineLine(code, 1e6 * place + 1_000.0, 3e6 + 300.0, 2e6 + 300.0, 5e6 + 1e6 * place + 1_600.0, ())
        for place, code in enumerate(("this_plan", "nothing"), 1)
    )
    page = cards.why(replace(summary(), baselines=lines)).en
    for row in drawn[-len(lines) :]:
        spend, added = (float(one.replace(",", "")) for one in row.figures)
        value, gain, event, concession = (
            float(one.replace(",", "")) for one in re.findall(rf">{row.name}</th>((?:<td>[\d,.]+</td>){{4}})", page)[0].replace("</td>", "").split("<td>")[1:]
        )
        assert (added, spend, value) == (gain, event + concession, gain - event - concession)


def test_two_busiest_months_are_told_with_the_sessions_of_each() -> None:
    lines = [line for line in summary().sessions if line.month in (3, 4)]
    both = replace(summary(), sessions=tuple(replace(line, sessions=1) for line in (lines[0], next(line for line in lines if line.month == 4))))
    assert "most in March and April (1 each)" in cards.year(both).en
    assert "3月和4月最多（各 1 场）" in cards.year(both).zh
    assert "most in March (1)" in cards.year(replace(both, sessions=both.sessions[:1])).en
