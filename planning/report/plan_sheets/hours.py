"""Managers' hours of every branch."""

from planning.plan.summary import HoursLine, Summary
from planning.report.cards.standing import hours_of
from planning.report.cards.wording import ratio
from planning.report.i18n import pick, say
from planning.report.plan_sheets.amounts import total
from planning.report.sheet import Cell, Kind, Sheet, typed

COLUMNS: dict[str, Kind] = {"branches": "text", "visits": "count", "event_hours": "count", "hours": "count", "load": "percent"}


def hours(summary: Summary, lang: str) -> Sheet:
    """Hours for visits and events against those there are, a row a branch."""
    lines = hours_of(summary, len(summary.branches))
    rows = [_row(line, lang) for line in lines]
    visits, events, there = (sum(getattr(line, name) for line in lines) for name in ("visits", "events", "hours"))
    sums: dict[str, Cell] = {"hours": round(there, 1)}
    if not any(line.hidden for line in lines):
        sums |= {"visits": round(visits, 1), "event_hours": round(events, 1), "load": round(ratio(visits + events, there), 4)}
    return typed("hours", COLUMNS, [*rows, total(COLUMNS, sums, lang)] if rows else [], lang, total=True)


def _row(line: HoursLine, lang: str) -> list[Cell]:
    if line.hidden:
        hidden = say("terms.hidden", lang)
        return [pick(line.names, lang), hidden, hidden, round(line.hours, 1), hidden]
    load = round(ratio(line.visits + line.events, line.hours), 4)
    return [pick(line.names, lang), round(line.visits, 1), round(line.events, 1), round(line.hours, 1), load]
