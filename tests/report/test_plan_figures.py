"""The annual plan's figures: steps that add up as printed, curves, limits and load, and nothing through which few clients are seen."""

import re
from dataclasses import replace
from fractions import Fraction
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.plan.pictured import Fall, Waterfall
from planning.plan.study import Frontier, FrontierPoint
from planning.plan.summary import BaselineLine, Summary
from planning.report import cards
from planning.report.cards.frontier import frontier_blocks
from planning.report.cards.limits import limits_blocks
from planning.report.cards.waterfall import adding_up, waterfall_blocks
from planning.report.figures.canvas import Sheet
from planning.report.figures.outlines import EM, GRID, outline
from planning.report.figures.panels import TICKS, ticks
from planning.report.figures.steps import Limit, Step, limits, steps
from planning.report.html import Picture
from planning.report.i18n import LANGS, say
from planning.report.page import visible
from tests.report.example import summary


def picture(blocks: list[object]) -> Picture:
    found = blocks[0].items[0]  # type: ignore[attr-defined]
    assert isinstance(found, Picture)
    return found


def figure(words: str) -> Fraction:
    return Fraction(words.replace(",", "").replace("−", "-").replace("+", ""))


def with_falls(*changes: float, start: str = "last_year") -> Summary:
    falls = (*(Fall("family", f"f{place}", change) for place, change in enumerate(changes)), Fall("event_cost", "", 0.0), Fall("concession_cost", "", 0.0))
    return replace(summary(), waterfall=Waterfall(start, 7_654_321.0, 7_654_321.0 + sum(changes), falls))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("changes", [(333_333.3, 333_333.3, 333_333.4), (4_900.0,) * 7, (-15_000.0, 14_999.0, 5_000.0), (1e7, -2e7)])
def test_start_and_steps_make_the_end_as_printed(lang: str, changes: tuple[float, ...]) -> None:
    table = picture(waterfall_blocks(with_falls(*changes), lang)).table
    assert table is not None
    start, *between, end = (figure(row[1]) for row in table.rows)
    assert start + sum(between) == end


@given(st.floats(-1e6, 1e6), st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=12))
def test_rounding_keeps_the_sum_and_moves_no_step_by_one(start: float, changes: list[float]) -> None:
    end = start + sum(changes)
    first, whole, last = adding_up(start, changes, end)
    assert first + sum(whole) == last
    assert all(abs(one - change) <= 1 for one, change in zip((first, *whole, last), (start, *changes, end), strict=True))


def test_the_waterfall_says_what_it_starts_from_and_what_last_year_had_no_place_for() -> None:
    worse = picture(waterfall_blocks(with_falls(-3e6, 1e5), "en"))
    assert "CNY 2.9 million less, net of spending, than last year's plan done again" in worse.finding.replace("\u00a0", " ")
    afresh = picture(waterfall_blocks(with_falls(3e6, start="nothing"), "zh"))
    assert "没有可对照的去年安排" in afresh.note
    unplaced = replace(summary(), baselines=(*summary().baselines, BaselineLine("last_year", 1.0, 0.0, 0.0, 1.0, (), 3)))
    assert "3 lines of last year" in picture(waterfall_blocks(unplaced, "en")).note
    assert waterfall_blocks(replace(summary(), waterfall=None), "zh") == []
    assert waterfall_blocks(with_falls(0.0), "zh") == []


def test_a_concession_whose_sum_is_hidden_is_not_seen_through_the_waterfall() -> None:
    def names(plan: Summary) -> list[str]:
        table = picture(waterfall_blocks(plan, "en")).table
        assert table is not None
        return [row[0] for row in table.rows]

    assert "Fee waiver" in names(summary())
    few = tuple(replace(one, qualifying=2) if (one.concession, one.kind) == ("fee_waiver", "corporate") else one for one in summary().ladder)
    hidden = names(replace(summary(), ladder=few))
    assert "Fee waiver" not in hidden
    assert hidden.count(say("page.waterfall.other_concession", "en")) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_limits_are_used_up_only_where_they_bind(lang: str) -> None:
    found = picture(limits_blocks(summary(), lang))
    assert found.table is not None
    rows = {row[0]: row for row in found.table.rows}
    names = {code: say(f"rules.{code}", lang) for code in ("guests_fit_the_room", "spend_phased", "visits_kept", "within_event_budget")}
    assert names["guests_fit_the_room"] not in rows
    assert rows[names["spend_phased"]][-1] == "100%"
    assert rows[names["visits_kept"]][-1] == "99.7%"
    assert rows[names["within_event_budget"]][-1] == "85.3%"
    assert names["visits_kept"] in found.finding


def test_a_limit_at_a_place_of_few_clients_is_not_drawn() -> None:
    least = summary().plan.policy["privacy"]["min_cell"]
    few = tuple(replace(one, clients=1) if one.branch == "b02" else one for one in summary().plan.segments)
    assert sum(one.clients for one in few if one.branch == "b02") >= least
    lone = replace(summary(), plan=replace(summary().plan, segments=tuple(one for one in few if one.branch != "b02" or one.tier == "gold")))
    table = picture(limits_blocks(lone, "en")).table
    assert table is not None
    assert say("rules.visits_kept", "en") not in [row[0] for row in table.rows]


def test_managers_hours_stand_with_the_risks() -> None:
    hours = say("page.year.hours", "zh")
    for plan in (summary(), replace(summary(), risks=None)):
        assert hours in unescape(visible(cards.risks(plan).zh))
    assert hours not in unescape(visible(cards.year(summary()).zh))


@pytest.mark.parametrize("lang", LANGS)
def test_curves_tell_the_plans_point_and_how_far_it_may_be_off(lang: str) -> None:
    html = unescape(visible(cards.risks(summary()).html(lang)))
    first = summary().curves[0]
    assert "9.1%" in html
    assert first.share_low < first.at[1] < first.share_high
    assert say("page.curves.table", lang) in html
    assert say("page.curves.table", lang) not in cards.risks(replace(summary(), curves=())).html(lang)


@pytest.mark.parametrize("end", [1e-4, 0.03, 0.14, 0.99, 1.0, 3.0, 7.2, 5_000.0])
def test_few_round_values_are_named_on_an_axis(end: float) -> None:
    named = ticks(end)
    assert named[0] == 0
    assert 2 <= len(named) <= TICKS + 1
    assert named[-1] <= end * (1 + 1e-9)


def test_this_plan_and_last_years_stand_on_the_frontier() -> None:
    points = tuple(
        FrontierPoint(share, 6e6 * share, 6e6 * share, 5e6 * share, 5e6 * share, 2e7 * share, 9e6 * share, 9.1e6 * share) for share in (0.8, 1.0, 1.2)
    )
    found = Frontier("both", points, 1, 9.9e6)
    plans = (BaselineLine("this_plan", 9e6, 5e6, 5e6, 2e7, ()), BaselineLine("last_year", 4e6, 4e6, 4e6, 1e7, ()), BaselineLine("nothing", 0, 0, 0, 0, ()))
    alone, beside, wider = (picture(frontier_blocks(found, "net", "en", some)).drawing.narrow for some in ((), plans[:1], plans[:2]))
    assert alone.count("<use ") < beside.count("<use ") < wider.count("<use ")


def test_rows_stay_inside_a_phone() -> None:
    long = "Least spending per client of a branch and of every part of it"
    for drawing in (steps([Step(long, 0, 9, "9"), Step(long, 9, -4, "−13"), Step(long, 0, -4, "−4")]), limits([Limit(long, 1.0, "100%", long * 3, True)])):
        for svg, width in ((drawing.wide, 992), (drawing.narrow, 350)):
            spans = [float(x) for bar in re.findall(r"<path d='M([\d.-]+),[\d.-]+H([\d.-]+)V", svg) for x in bar]
            assert spans
            assert 0 <= min(spans) <= max(spans) <= width


def test_a_glyph_keeps_its_shape_to_half_a_unit() -> None:
    path = "M1229,-467C1331,-365,1510,-262,2701,365L2701,900L1229,900L1229,-467zM10,10L60,10L60,75L10,10z"
    walked = [spot for spot in _walked(outline(path))]
    meant = [(1229, -467), (1331, -365), (1510, -262), (2701, 365), (2701, 900), (1229, 900), (10, 10), (60, 10), (60, 75)]
    assert len(walked) == len(meant)
    assert all(abs(x - a / GRID) <= 0.5 and abs(y - b / GRID) <= 0.5 for (x, y), (a, b) in zip(walked, meant, strict=True))
    assert GRID * EM == 6400


def _walked(path: str) -> list[tuple[float, float]]:
    """The points of a relative outline, from its start."""
    spots, at, start = [], (0.0, 0.0), (0.0, 0.0)
    for command, rest in re.findall(r"([mlchvz])([^mlchvz]*)", path):
        numbers = [float(one) for one in re.findall(r"-?\d+", rest)]
        moves = {"h": [(numbers[0], 0.0)], "v": [(0.0, numbers[0])]}.get(command) if command in "hv" else list(zip(numbers[::2], numbers[1::2], strict=True))
        new = [(at[0] + x, at[1] + y) for x, y in moves or []]
        spots += new
        at = start if command == "z" else new[-1]
        start = at if command == "m" else start
    return spots


def test_later_marks_cover_earlier_ones() -> None:
    sheet = Sheet(40, 20)
    sheet.path([(0, 10), (40, 10)], "#0b6b5d", 2)
    sheet.bar(10, 5, 10, 10, "#1c2126")
    svg = sheet.svg()
    assert svg.index("stroke='#0b6b5d'") < svg.index("fill='#1c2126'/>")
