"""Managers' hours: what visits and events need against what is there, fullest branch first."""

from collections.abc import Sequence

from planning.plan.summary import HoursLine, Summary
from planning.report.cards import privacy
from planning.report.cards.wording import ratio
from planning.report.figures.bars import Load, loads
from planning.report.formats import number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

DRAWN = 8  # branches


def load(summary: Summary, lang: str) -> list[Picture]:
    """The figure and its table; none where there are no managers' hours."""
    hours = privacy.hours(summary.hours, summary.branches, summary.plan.policy["privacy"]["min_cell"], privacy.within_regions(summary))
    return [_hours(hours, lang)] if hours else []


def _hours(hours: Sequence[HoursLine], lang: str) -> Picture:
    ranked = sorted(hours, key=lambda line: (-ratio(line.visits + line.events, line.hours), line.branch))
    rows = [
        Load(pick(line.names, lang), (line.visits, line.events), line.hours, percent(ratio(line.visits + line.events, line.hours), lang, 0))
        for line in ranked[:DRAWN]
    ]
    short = [line for line in ranked if line.visits + line.events > line.hours + 0.5]
    full = [line for line in ranked if line not in short and line.visits + line.events >= 0.98 * line.hours]
    if short:
        finding = say("page.year.hours_short", lang, n=len(short), worst=pick(short[0].names, lang))
    elif full:
        finding = say("page.year.hours_full", lang, n=len(full), worst=pick(full[0].names, lang))
    else:
        finding = say("page.year.hours_enough", lang, worst=pick(ranked[0].names, lang), share=rows[0].figure)
    heads = [say(f"page.column.{name}", lang) for name in ("branches", "visits", "event_hours", "hours", "load")]
    data = [
        [
            pick(line.names, lang),
            *(number(one, lang) for one in (line.visits, line.events, line.hours)),
            percent(ratio(line.visits + line.events, line.hours), lang, 0),
        ]
        for line in ranked
    ]
    legend = (say("page.column.visits", lang), say("page.column.event_hours", lang), say("page.column.hours", lang))
    note = say("page.year.hours_note", lang) if len(ranked) <= DRAWN else say("page.year.hours_note_some", lang, shown=number(DRAWN, lang))
    table = Table(say("page.year.hours", lang), say("page.year.hours_unit", lang), heads, data)
    return Picture(finding, note, loads(rows, legend), table)
