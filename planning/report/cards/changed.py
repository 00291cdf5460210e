"""What changed since the last version of the plan: totals, lines with their reasons, and what was changed around them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from planning.plan.causes import Causes, FieldChange
from planning.plan.changed import KINDS, Changes, LevelChange, Measured, SessionChange
from planning.plan.plan import Totals
from planning.plan.study import Change
from planning.plan.summary import Names, Summary
from planning.report.cards.card import Card
from planning.report.cards.changed_words import cell, drawn, field, heading, months, moved, name_of, reason
from planning.report.cards.section import Block, folded, section, table
from planning.report.cards.wording import depth, named, places
from planning.report.formats import NONE, Scale, money, number, scale
from planning.report.html import Table
from planning.report.i18n import listing, pick, say

OPEN_LINES = 12  # a table of more lines opens on a click
MOST_LINES = 60  # lines a table shows


def changed(summary: Summary, changes: Changes, lang: str = "zh") -> Card:
    """What changed since the last version, with the reason of each line."""
    return Card("changed", _html(summary, changes, "zh"), _html(summary, changes, "en"), lang)


def _html(summary: Summary, changes: Changes, lang: str) -> str:
    if changes.state != "compared" or changes.before is None:
        return section("changed", lang, say(f"page.changed.{changes.state}", lang), "", [])
    blocks = [table(_totals(changes.before, changes, lang)), *_around(summary, changes, lang)]
    if changes.sessions:
        words = say("page.changed.sessions_summary", lang, n=len(changes.sessions), kinds=_kinds(changes.sessions, lang))
        blocks.append(_lines(words, _sessions(changes.sessions, lang)))
    if changes.ladder:
        words = say("page.changed.ladder_summary", lang, n=len(changes.ladder))
        blocks.append(_lines(words, _levels(changes.ladder, lang)))
    shifted = moved(summary, changes.measured)
    if shifted:
        blocks.append(folded(say("page.changed.money", lang), _money(shifted, lang)))
    return section("changed", lang, _finding(changes, lang), _lead(changes, lang), blocks)


def _finding(changes: Changes, lang: str) -> str:
    more = changes.after.value_cny - (changes.before.value_cny if changes.before else 0.0)
    key = "same" if abs(more) < 1 else "more" if more > 0 else "less"
    value = say(f"page.changed.value_{key}", lang, amount=money(abs(more), lang))
    some = [say(f"page.changed.some_{what}", lang, n=len(lines)) for what, lines in (("sessions", changes.sessions), ("ladder", changes.ladder)) if lines]
    lines = say("page.changed.lines", lang, lines=listing(some, lang)) if some else say("page.changed.no_lines", lang)
    return say("page.two_findings", lang, first=lines, second=value)


def _lead(changes: Changes, lang: str) -> str:
    found = changes.causes
    said = [_asked(found, changes.within_gap, lang)]
    if changes.measured is not None and changes.before is not None:
        said.append(_worth(changes.before, changes.measured, changes.after, lang))
    if (changes.sessions or changes.ladder) and not found.none:
        said.append(say("page.changed.reasons", lang))
    return ("" if lang == "zh" else " ").join(said)


def _worth(before: Totals, measured: Measured, after: Totals, lang: str) -> str:
    """What the former plan would be worth now, and whether it keeps the rules."""
    same = money(measured.totals.value_cny, lang) == money(before.value_cny, lang)
    figures = {"now": money(measured.totals.value_cny, lang), "then": money(before.value_cny, lang)}
    worth = say("page.changed.worth_same", lang, now=figures["now"]) if same else say("page.changed.worth_other", lang, **figures)
    key = "page.changed.measured_breaks" if measured.broken else "page.changed.measured_keeps"
    return say(key, lang, worth=worth, n=len(measured.broken), own=money(after.value_cny, lang))


def _asked(found: Causes, within_gap: bool, lang: str) -> str:
    if found.none:
        return say("page.changed.tie" if within_gap else "page.changed.alike", lang)
    parts = [say("page.changed.some_fields", lang, n=len(found.fields))] if found.fields else []
    if found.data:
        parts.append(say("page.changed.some_tables", lang, n=len(found.tables)) if found.tables else say("page.changed.some_data", lang))
    parts += [say("page.changed.some_versions", lang)] if found.versions else []
    return say("page.changed.asked", lang, changes=listing(parts, lang))


def _totals(before: Totals, changes: Changes, lang: str) -> Table:
    true = [_figures(before), _figures(changes.after)]
    unit = scale([one for some in true for one in some], lang).suited(own - then for then, own in zip(*true, strict=True))
    was, now = (_balanced(some, unit) for some in true)
    measured = [None] * len(was) if changes.measured is None else _balanced(_figures(changes.measured.totals), unit)
    names = [say(f"page.column.{name}", lang) for name in ("events", "concessions", "added", "net_value")]
    rows = [
        [name, *(NONE if one is None else unit.number(one, lang) for one in (then, today, own, own - then))]
        for name, then, today, own in zip(names, was, measured, now, strict=True)
    ]
    heads = [say(f"page.changed.column_{name}", lang) for name in ("figure", "before", "measured", "after", "more")]
    return Table(say("page.changed.totals", lang), say("page.changed.totals_note", lang, unit=unit.name(lang)), heads, rows)


def _figures(totals: Totals) -> list[float]:
    return [totals.event_cny, totals.concession_cny, totals.uplift_cny + totals.gain_cny, totals.value_cny]


def _balanced(figures: list[float], unit: Scale) -> list[float]:
    events, concessions, added, value = figures
    value, added, events, concessions = unit.balanced(value, added, events, concessions)
    return [events, concessions, added, value]


def _around(summary: Summary, changes: Changes, lang: str) -> list[Block]:
    """What was changed in policy, data and programs, and the rules that the former plan breaks by now."""
    found, blocks = changes.causes, []
    if found.fields:
        blocks.append(Block("list", tuple(_field(one, places(summary), lang) for one in found.fields), say("page.changed.fields", lang)))
    if found.tables:
        blocks.append(Block("list", tuple(heading(name, lang) for name in found.tables), say("page.changed.tables", lang)))
    if found.versions:
        items = tuple(say("page.changed.version", lang, name=name, before=drawn(before) or NONE, after=after) for name, before, after in found.versions)
        blocks.append(Block("list", items, say("page.changed.versions", lang)))
    if changes.measured and changes.measured.broken:
        items = tuple(say("page.changed.broken", lang, rule=say(f"rules.{rule}", lang), n=count) for rule, count in changes.measured.broken)
        blocks.append(Block("list", items, say("page.changed.rules", lang)))
    return blocks


def _field(one: FieldChange, known: Mapping[str, Names], lang: str) -> str:
    name, before, after = field(one, known, lang)
    return say("page.changed.field", lang, name=name, before=before, after=after)


def _lines(words: str, lines: Table) -> Block:
    return folded(words, lines) if len(lines.rows) > OPEN_LINES else table(lines)


def _kinds(lines: Sequence[SessionChange], lang: str) -> str:
    counts = Counter(line.kind for line in lines)
    return say("terms.comma", lang).join(say(f"page.changed.lines_{kind}", lang, n=counts[kind]) for kind in KINDS if counts[kind])


def _sessions(lines: Sequence[SessionChange], lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("event", "host")]
    heads += [say(f"page.changed.column_{name}", lang) for name in ("change", "before", "after", "reason")]
    rows = [
        [
            name_of(line.event, line.names, lang),
            name_of(line.host, line.host_names, lang),
            say(f"page.changed.kind_{line.kind}", lang, n=abs(line.more)),
            months(line.before, lang),
            months(line.after, lang),
            reason(line.reason, lang),
        ]
        for line in lines[:MOST_LINES]
    ]
    return Table(say("page.changed.sessions", lang), _note(len(lines), lang), heads, rows, left=frozenset(range(6)), wide=True)


def _levels(lines: Sequence[LevelChange], lang: str) -> Table:
    heads = [say(f"page.changed.column_{name}", lang) for name in ("cell", "before", "after", "reason")]
    rows = [
        [
            cell(line, lang),
            *(depth(one[1], line.concession, lang) for one in (line.before, line.after)),
            reason(line.reason, lang),
        ]
        for line in lines[:MOST_LINES]
    ]
    return Table(say("page.changed.ladder", lang), _note(len(lines), lang), heads, rows, left=frozenset({0, 3}), wide=True)


def _note(lines: int, lang: str) -> str:
    return say("page.changed.more_lines", lang, shown=number(MOST_LINES, lang), n=lines) if lines > MOST_LINES else ""


def _money(moved: Sequence[Change], lang: str) -> Table:
    unit = scale([amount for change in moved for amount in (change.before_cny, change.after_cny)], lang)
    heads = [say(f"page.changed.column_{name}", lang) for name in ("group", "measured", "after", "more")]
    rows = [
        [
            say(f"page.changed.of_{change.what}", lang, name=pick(change.names, lang) if change.names[0] != change.code else named(change.code, lang)),
            *(unit.number(amount, lang) for amount in unit.difference(change.before_cny, change.after_cny)),
        ]
        for change in moved
    ]
    return Table(say("page.changed.money", lang), say("page.changed.money_note", lang, unit=unit.name(lang)), heads, rows, wide=True)
