"""Managers' hours of every branch."""

from planning.plan.summary import Summary
from planning.report.cards import privacy
from planning.report.cards.wording import ratio
from planning.report.i18n import pick
from planning.report.plan_sheets.amounts import total
from planning.report.sheet import Cell, Kind, Sheet, typed

COLUMNS: dict[str, Kind] = {"branches": "text", "visits": "count", "event_hours": "count", "hours": "count", "load": "percent"}


def hours(summary: Summary, lang: str) -> Sheet:
    """Hours for visits and events against those there are, a row a branch."""
    lines = privacy.hours(summary.hours, summary.branches, summary.plan.policy["privacy"]["min_cell"], privacy.within_regions(summary), len(summary.branches))
    rows: list[list[Cell]] = [
        [
            pick(line.names, lang),
            *(round(hours_, 1) for hours_ in (line.visits, line.events, line.hours)),
            round(ratio(line.visits + line.events, line.hours), 4),
        ]
        for line in lines
    ]
    visits, events, there = (sum(getattr(line, name) for line in lines) for name in ("visits", "events", "hours"))
    sums = {"visits": round(visits, 1), "event_hours": round(events, 1), "hours": round(there, 1), "load": round(ratio(visits + events, there), 4)}
    return typed("hours", COLUMNS, [*rows, total(COLUMNS, sums, lang)] if rows else [], lang, total=True)
