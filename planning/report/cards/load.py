"""Managers' hours: what visits and events need against what is there, fullest branch first."""

from collections.abc import Sequence

from planning.plan.summary import HoursLine, Summary
from planning.report.cards.standing import hours_of
from planning.report.cards.wording import ratio
from planning.report.figures.bars import Load, loads
from planning.report.formats import number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

DRAWN = 8  # branches


def load(summary: Summary, lang: str) -> list[Picture]:
    """The figure and its table; none where there are no managers' hours that may be shown."""
    hours = hours_of(summary)
    return [_hours(hours, lang)] if any(not line.hidden for line in hours) else []


def _hours(hours: Sequence[HoursLine], lang: str) -> Picture:
    ranked = sorted(hours, key=lambda line: (-ratio(line.visits + line.events, line.hours), line.branch))
    seen = [line for line in ranked if not line.hidden]
    rows = [
        Load(pick(line.names, lang), (line.visits, line.events), line.hours, percent(ratio(line.visits + line.events, line.hours), lang, 0))
        for line in seen[:DRAWN]
    ]
    short = [line for line in ranked if line.visits + line.events > line.hours + 0.5]
    full = [line for line in ranked if line not in short and line.visits + line.events >= 0.98 * line.hours]
    if short:
        finding = say("page.year.hours_short", lang, n=len(short), worst=pick(short[0].names, lang))
    elif full:
        finding = say("page.year.hours_full", lang, n=len(full), worst=pick(full[0].names, lang))
    elif ranked[0].hidden:
        finding = say("page.year.hours_enough_untold", lang)
    else:
        finding = say("page.year.hours_enough", lang, worst=pick(ranked[0].names, lang), share=rows[0].figure)
    heads = [say(f"page.column.{name}", lang) for name in ("branches", "visits", "event_hours", "hours", "load")]
    data = [_row(line, lang) for line in [*seen, *sorted((line for line in ranked if line.hidden), key=lambda line: line.branch)]]
    legend = (say("page.column.visits", lang), say("page.column.event_hours", lang), say("page.column.hours", lang))
    note = say("page.year.hours_note", lang) if len(seen) <= DRAWN else say("page.year.hours_note_some", lang, shown=number(DRAWN, lang))
    table = Table(say("page.year.hours", lang), say("page.year.hours_unit", lang), heads, data)
    return Picture(finding, note, loads(rows, legend), table)


def _row(line: HoursLine, lang: str) -> list[str]:
    there = number(line.hours, lang)
    if line.hidden:
        hidden = say("terms.hidden", lang)
        return [pick(line.names, lang), hidden, hidden, there, hidden]
    return [pick(line.names, lang), number(line.visits, lang), number(line.events, lang), there, percent(ratio(line.visits + line.events, line.hours), lang, 0)]
