"""Managers' hours: what visits and events need against what is there, fullest branch first."""

from collections.abc import Sequence

from planning.plan.summary import Summary
from planning.report.cards.visits import Told, hours_of
from planning.report.figures.bars import Load, loads
from planning.report.formats import number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

DRAWN = 8  # branches


def load(summary: Summary, lang: str) -> list[Picture]:
    """The figure and its table; none where there are no managers' hours."""
    hours = hours_of(summary)
    return [_hours(hours, lang)] if hours else []


def about(words: str, line: Told, lang: str) -> str:
    """A figure of hours, said to be reckoned where it is."""
    return say("terms.about", lang, figure=words) if line.about else words


def _hours(hours: Sequence[Told], lang: str) -> Picture:
    ranked = sorted(hours, key=lambda line: (-line.load, line.branch))
    rows = [Load(pick(line.names, lang), (line.visits, line.events), line.hours, _load(line, lang)) for line in ranked[:DRAWN]]
    short, full = ([line for line in ranked if line.state == state] for state in ("short", "full"))
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
            about(number(line.visits, lang), line, lang),
            *(number(one, lang) for one in (line.events, line.hours)),
            _load(line, lang),
        ]
        for line in ranked
    ]
    legend = (say("page.column.visits", lang), say("page.column.event_hours", lang), say("page.column.hours", lang))
    note = say("page.year.hours_note", lang) if len(ranked) <= DRAWN else say("page.year.hours_note_some", lang, shown=number(DRAWN, lang))
    unit = say("page.year.hours_reckoned" if any(line.about for line in ranked) else "page.year.hours_unit", lang)
    return Picture(finding, note, loads(rows, legend), Table(say("page.year.hours", lang), unit, heads, data))


def _load(line: Told, lang: str) -> str:
    return about(percent(line.load, lang, 0), line, lang)
