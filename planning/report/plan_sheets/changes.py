"""What changed since the last version of the plan, line by line with the reason of each; or that there is none to compare with."""

from collections.abc import Iterator

from planning.plan.changed import Changes
from planning.plan.plan import Totals
from planning.plan.summary import Summary
from planning.report.cards.changed_words import cell, drawn, field, heading, months, moved, name_of, reason
from planning.report.cards.wording import depth, named, places
from planning.report.i18n import pick, say
from planning.report.sheet import Cell, Figure, Kind, Sheet, typed

CHANGES: dict[str, Kind] = {
    "group": "text", "changed_item": "text", "change": "text", "before": "text", "measured": "text", "after": "text", "more": "text", "changed_reason": "text",
}  # fmt: skip
Row = list[Cell]


def changed(summary: Summary, changes: Changes, lang: str) -> Sheet:
    """A row for every total, setting, table, program, broken rule, session line and ladder cell that changed, and for where money moved."""
    if changes.state != "compared" or changes.before is None:
        row: Row = [say("export.changes.version", lang), say(f"page.changed.{changes.state}", lang), *[None] * 6]
        return typed("changed", CHANGES, [row], lang)
    parts = (_totals(changes.before, changes, lang), _around(summary, changes, lang), _lines(changes, lang), _money(summary, changes, lang))
    return typed("changed", CHANGES, [row for part in parts for row in part], lang)


def _totals(before: Totals, changes: Changes, lang: str) -> Iterator[Row]:
    was, now = _figures(before), _figures(changes.after)
    measured = _figures(changes.measured.totals) if changes.measured else {}
    for name, amount in now.items():
        figures = [_cny(one) for one in (was[name], measured.get(name), amount, round(amount, 2) - round(was[name], 2))]
        yield [say("export.changes.totals", lang), say(f"export.column.{name}", lang), None, *figures, None]


def _figures(totals: Totals) -> dict[str, float]:
    return {"events": totals.event_cny, "concessions": totals.concession_cny, "added": totals.uplift_cny + totals.gain_cny, "net_value": totals.value_cny}


def _cny(amount: float | None) -> Cell:
    return None if amount is None else Figure(round(amount, 2), "cny")


def _around(summary: Summary, changes: Changes, lang: str) -> Iterator[Row]:
    """Settings, tables and programs that changed, and the rules that the former plan breaks by now."""
    found = changes.causes
    for one in found.fields:
        name, before, after = field(one, places(summary), lang)
        yield [say("page.changed.fields", lang), name, None, before, None, after, None, None]
    for table in found.tables:
        yield [say("page.changed.tables", lang), heading(table, lang), *[None] * 6]
    for program, was, now in found.versions:
        yield [say("page.changed.versions", lang), program, None, drawn(was), None, now, None, None]
    for rule, count in changes.measured.broken if changes.measured else ():
        yield [say("page.changed.rules", lang), say(f"rules.{rule}", lang), None, None, say("export.changes.places", lang, n=count), None, None, None]


def _lines(changes: Changes, lang: str) -> Iterator[Row]:
    for line in changes.sessions:
        item = " · ".join((name_of(line.event, line.names, lang), name_of(line.host, line.host_names, lang)))
        told = say(f"page.changed.kind_{line.kind}", lang, n=abs(line.more))
        more = Figure(line.more, "count") if line.more else None
        group = say("page.changed.sessions", lang)
        yield [group, item, told, months(line.before, lang), None, months(line.after, lang), more, reason(line.reason, lang)]
    for step in changes.ladder:
        was, now = (depth(one[1], step.concession, lang) for one in (step.before, step.after))
        yield [say("page.changed.ladder", lang), cell(step, lang), None, was, None, now, None, reason(step.reason, lang)]


def _money(summary: Summary, changes: Changes, lang: str) -> Iterator[Row]:
    """Where money moved; not of few clients."""
    for one in moved(summary, changes.measured):
        name = pick(one.names, lang) if one.names[0] != one.code else named(one.code, lang)
        figures = [_cny(amount) for amount in (one.before_cny, one.after_cny, one.more_cny)]
        yield [say("page.changed.money", lang), say(f"page.changed.of_{one.what}", lang, name=name), None, None, *figures, None]
