"""Value against budget: what more or less money would change, and what no plan could exceed."""

from collections.abc import Sequence

from planning.plan.study import Frontier, FrontierPoint
from planning.plan.summary import BaselineLine, Summary
from planning.report.cards.card import Card
from planning.report.cards.compare import yardstick
from planning.report.cards.section import Block, pictures, section, table
from planning.report.cards.wording import opening
from planning.report.figures.curves import Curves, Mark, Point, Spot, curves
from planning.report.formats import NONE, Scale, money, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import say

HEIGHTS = 4  # values named on the upright axis


def frontier(summary: Summary, found: Frontier, lang: str = "zh") -> Card:
    """Value against budget, with today's budget and last year's spending."""
    return Card("frontier", _html(summary, found, "zh"), _html(summary, found, "en"), lang)


def frontier_blocks(found: Frontier, objective: str, lang: str, plans: Sequence[BaselineLine] = ()) -> list[Block]:
    """The picture and its table, for any card. `objective` = net, gross or careful; of `plans` this one and last year's are marked."""
    shown = [point for point in found.points if point.feasible]
    if len(shown) < 2:
        return [Block("words", words=say("page.frontier.none", lang))]
    unit = scale([point.value_cny for point in shown], lang)
    finding = frontier_finding(found, objective, lang)
    note = say("page.frontier.note", lang, unit=unit.name(lang), scaled=say(f"page.frontier.scaled_{found.scaled}", lang))
    picture = Picture(finding, note, curves(_curves(found, shown, unit, _spots(found, plans, lang), lang)))
    return [pictures(picture), table(_table(found, unit, objective, lang))]


def frontier_finding(found: Frontier, objective: str, lang: str) -> str:
    """What a step more and a step less than today's budget would change."""
    current = found.points[found.current]
    value = say(f"page.frontier.value_{objective}", lang)
    said = []
    if found.current + 1 < len(found.points):
        more = found.points[found.current + 1]
        gain = more.value_cny - current.value_cny
        kind = "more" if gain > current.bound_cny - current.value_cny else "flat"
        said.append(say(f"page.frontier.{kind}", lang, money=money(more.limit_cny - current.limit_cny, lang), difference=money(gain, lang), value=value))
    if found.current > 0:
        less = found.points[found.current - 1]
        loss, cut = current.value_cny - less.value_cny, money(current.limit_cny - less.limit_cny, lang)
        costs = say("page.frontier.less", lang, money=cut, difference=money(loss, lang), value=value)
        said.append(costs if less.feasible else say("page.frontier.too_little", lang, money=cut))
    return say("page.two_findings", lang, first=said[0], second=said[1]) if len(said) == 2 else opening("".join(said))


def _html(summary: Summary, found: Frontier, lang: str) -> str:
    objective = yardstick(summary)
    lead = say("page.frontier.lead", lang)
    return section("frontier", lang, frontier_finding(found, objective, lang), lead, frontier_blocks(found, objective, lang))


def _limit(found: Frontier, point: FrontierPoint) -> float:
    return {"both": point.limit_cny, "event": point.event_limit_cny, "concession": point.concession_limit_cny}[found.scaled]


def _curves(found: Frontier, shown: Sequence[FrontierPoint], unit: Scale, spots: Sequence[Spot], lang: str) -> Curves:
    money_unit = unit.suited([_limit(found, point) for point in shown])
    low = min([*(point.value_cny for point in shown), *(spot.height for spot in spots)])
    high = max(point.bound_cny for point in shown)
    low -= 0.05 * ((high - low) or 1.0)
    heights = [low + (high - low) * place / (HEIGHTS - 1) for place in range(HEIGHTS)]
    marks = [Mark(_limit(found, found.points[found.current]), say("page.frontier.today", lang))]
    ends = [_limit(found, point) for point in shown]
    if found.last_year_cny is not None and ends[0] <= found.last_year_cny <= ends[-1]:
        marks.append(Mark(found.last_year_cny, say("page.frontier.last_year", lang)))
    points = [Point(_limit(found, point), point.value_cny, point.bound_cny, money_unit.number(_limit(found, point), lang)) for point in shown]
    legend = (say("page.frontier.reached", lang), say("page.frontier.bound", lang))
    return Curves(points, marks, [(height, unit.number(height, lang)) for height in heights], legend, spots)


def _spots(found: Frontier, plans: Sequence[BaselineLine], lang: str) -> list[Spot]:
    """Where this plan and last year's stand, by what they spend and are worth."""
    if found.scaled != "both":
        return []
    codes = {"this_plan": "terms.baseline_head.this_plan", "last_year": "terms.baseline_head.last_year"}
    return [Spot(line.event_cny + line.concession_cny, line.value_cny, say(codes[line.code], lang)) for line in plans if line.code in codes]


def _table(found: Frontier, unit: Scale, objective: str, lang: str) -> Table:
    heads = [say(f"page.frontier.column_{name}", lang) for name in ("share", "limit")]
    heads += [say(f"page.frontier.value_{objective}", lang), say("page.frontier.column_bound", lang)]
    heads += [say(f"page.column.{name}", lang) for name in ("added", "events", "concessions", "return")]
    rows = [[percent(point.share, lang, 0), unit.number(_limit(found, point), lang), *_figures(point, unit, lang)] for point in found.points]
    last = [] if found.last_year_cny is None else [say("page.frontier.last_year_was", lang, money=money(found.last_year_cny, lang))]
    note = say("page.frontier.table_note", lang, unit=unit.name(lang))
    return Table(say("page.frontier.table", lang), " ".join([note, *last]), heads, rows)


def _figures(point: FrontierPoint, unit: Scale, lang: str) -> list[str]:
    if not point.feasible:
        return [NONE] * 6
    spend = point.event_cny + point.concession_cny
    value, *parts = unit.balanced(point.value_cny, point.added_cny, point.event_cny, point.concession_cny)
    return [*(unit.number(amount, lang) for amount in (value, point.bound_cny, *parts)), number(point.added_cny / spend, lang, 2) if spend > 0 else NONE]
