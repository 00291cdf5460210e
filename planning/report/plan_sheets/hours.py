"""Managers' hours of every branch."""

from planning.plan.summary import Summary
from planning.report.cards.visits import hours_of
from planning.report.cards.wording import ratio
from planning.report.i18n import pick, say
from planning.report.plan_sheets.amounts import total
from planning.report.sheet import Cell, Kind, Sheet, typed

COLUMNS: dict[str, Kind] = {"branches": "text", "visits": "count", "event_hours": "count", "hours": "count", "load": "percent", "reckoned": "text"}


def hours(summary: Summary, lang: str) -> Sheet:
    """Hours for visits and events against those there are, a row a branch; where visits are reckoned from tiers shown together, it is said."""
    lines = hours_of(summary, len(summary.branches))
    rows: list[list[Cell]] = [
        [
            pick(line.names, lang),
            *(round(hours_, 1) for hours_ in (line.visits, line.events, line.hours)),
            round(line.load, 4),
            say("terms.yes", lang) if line.about else "",
        ]
        for line in lines
    ]
    visits, events, there = (sum(getattr(line, name) for line in lines) for name in ("visits", "events", "hours"))
    sums = {"visits": round(visits, 1), "event_hours": round(events, 1), "hours": round(there, 1), "load": round(ratio(visits + events, there), 4)}
    return typed("hours", COLUMNS, [*rows, total(COLUMNS, sums, lang)] if rows else [], lang, total=True)
