"""The way from last year's plan to this one, in steps that add up as printed."""

from collections.abc import Sequence
from math import floor

from planning.plan.pictured import Fall, Waterfall
from planning.plan.summary import Summary
from planning.report.cards import privacy
from planning.report.cards.compare import ALIKE
from planning.report.cards.section import Block, pictures
from planning.report.cards.wording import named
from planning.report.figures.steps import Step, steps
from planning.report.formats import money, number, scale
from planning.report.html import Picture, Table
from planning.report.i18n import say

COSTS = ("event_cost", "concession_cost")


def waterfall_blocks(summary: Summary, lang: str) -> list[Block]:
    """The figure and its table; nothing where the plan is only a comparison, or neither plan spends."""
    found = summary.waterfall
    if found is None or not any(fall.change_cny for fall in found.falls):
        return []
    return [pictures(_picture(summary, found, _told(summary, found), lang))]


def adding_up(start: float, changes: Sequence[float], end: float) -> tuple[int, list[int], int]:
    """Start, changes and end in whole units, so that start + Σ changes = end as they stand: the largest remainders are rounded up."""
    first, last = floor(start + 0.5), floor(end + 0.5)
    whole = [floor(change) for change in changes]
    by_remainder = sorted(range(len(changes)), key=lambda place: (whole[place] - changes[place], place))
    for place in by_remainder[: last - first - sum(whole)]:
        whole[place] += 1
    return first, whole, last


def _told(summary: Summary, found: Waterfall) -> list[Fall]:
    """The steps that may be shown: concessions together where the ladder's table hides one of its sums."""
    falls = [fall for fall in found.falls if fall.change_cny or fall.kind in COSTS]
    if not privacy.sums_hidden(summary.ladder, summary.plan.policy["privacy"]["min_cell"]):
        return falls
    together = Fall("concession", "", sum(fall.change_cny for fall in falls if fall.kind == "concession"))
    families, costs = ([fall for fall in falls if (fall.kind in COSTS) == cost and fall.kind != "concession"] for cost in (False, True))
    return [*families, together, *costs]


def _picture(summary: Summary, found: Waterfall, falls: list[Fall], lang: str) -> Picture:
    unit = scale([found.start_cny, found.end_cny], lang)
    grain = unit.yuan / 10**unit.decimals
    start, changes, end = adding_up(found.start_cny / grain, [fall.change_cny / grain for fall in falls], found.end_cny / grain)
    rows, at = [Step(_start(found, lang), 0.0, start, _figure(start, unit.decimals, lang), whole=True)], float(start)
    for fall, change in zip(falls, changes, strict=True):
        rows.append(Step(_name(fall, lang), at, at + change, _signed(change, unit.decimals, lang)))
        at += change
    rows.append(Step(say("terms.baseline_head.this_plan", lang), 0.0, end, _figure(end, unit.decimals, lang), whole=True))
    heads = [say("page.waterfall.step", lang), say("page.waterfall.change", lang)]
    data = Table(say("page.waterfall.table", lang), unit.name(lang), heads, [[row.name, row.figure] for row in rows], total=True)
    return Picture(_finding(found, falls, lang), _note(summary, found, unit.name(lang), lang), steps(rows), data, full=True)


def _finding(found: Waterfall, falls: list[Fall], lang: str) -> str:
    difference = found.end_cny - found.start_cny
    rises = difference >= 0 or found.start == "nothing"
    most = (max if rises else min)(falls, key=lambda fall: fall.change_cny)
    name = _name(most, lang)
    if found.start == "nothing":
        return say("page.waterfall.nothing", lang, end=money(found.end_cny, lang), name=name)
    if abs(difference) <= ALIKE * abs(found.end_cny):
        return say("page.waterfall.alike", lang)
    return say(f"page.waterfall.{'more' if rises else 'less'}", lang, difference=money(abs(difference), lang), name=name)


def _note(summary: Summary, found: Waterfall, unit: str, lang: str) -> str:
    note = say(f"page.waterfall.note_{found.start}", lang, unit=unit)
    unplaced = sum(line.unplaced for line in summary.baselines)
    return say("page.two_findings", lang, first=note, second=say("page.waterfall.unplaced", lang, n=unplaced)) if unplaced else note


def _start(found: Waterfall, lang: str) -> str:
    return say(f"terms.baseline_head.{found.start}", lang)


def _name(fall: Fall, lang: str) -> str:
    if fall.kind in COSTS:
        return say(f"page.waterfall.{fall.kind}", lang)
    if not fall.code:
        return say(f"page.waterfall.other_{fall.kind}", lang)
    return say("page.risks.events_of", lang, family=named(fall.code, lang)) if fall.kind == "family" else named(fall.code, lang)


def _figure(amount: int, decimals: int, lang: str) -> str:
    return number(amount / 10**decimals, lang, decimals)


def _signed(change: int, decimals: int, lang: str) -> str:
    figure = _figure(change, decimals, lang)
    return f"+{figure}" if change > 0 else figure
