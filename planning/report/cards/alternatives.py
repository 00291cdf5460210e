"""Plans nearly as good as this one: what each does differently, in a sentence and in a table."""

from collections.abc import Sequence
from dataclasses import replace

from planning.plan.study import Alternative, Change
from planning.plan.summary import Summary
from planning.report.cards.card import Card
from planning.report.cards.privacy import told_apart
from planning.report.cards.section import Block, section, table
from planning.report.cards.wording import named
from planning.report.formats import NONE, money, number, percent, scale
from planning.report.html import Table
from planning.report.i18n import pick, say

TOLD = 3  # changes a sentence names


def alternatives(summary: Summary, found: Sequence[Alternative], lang: str = "zh") -> Card:
    """The alternatives with their sentences and figures."""
    return Card("alternatives", _html(summary, found, "zh"), _html(summary, found, "en"), lang)


def alternatives_blocks(summary: Summary, found: Sequence[Alternative], lang: str) -> list[Block]:
    """A sentence for each and the table, for any card."""
    if not found:
        return [Block("words", words=say("page.alternatives.none_lead", lang))]
    value = summary.plan.totals.value_cny
    told = [replace(one, changes=told_apart(summary, one.changes)) for one in found]
    items = tuple(alternative_sentence(place, one, value, lang) for place, one in enumerate(told, 1))
    return [Block("list", items, say("page.alternatives.list", lang, n=len(found))), table(_table(summary, found, lang))]


def alternative_sentence(place: int, one: Alternative, value_cny: float, lang: str) -> str:
    """What an alternative does differently, and what that costs in value."""
    changes = say("terms.clause_comma", lang).join(_change(change, lang) for change in one.changes[:TOLD])
    if not changes:
        changes = say("page.alternatives.elsewhere", lang)
    loss = value_cny - one.value_cny
    values = {"changes": changes, "difference": money(abs(loss), lang), "share": percent(abs(loss) / (abs(value_cny) or 1.0), lang, 2)}
    key = "less" if loss >= 0 else "more"
    return say(f"page.alternatives.sentence_{key}", lang, place=str(place), apart=percent(one.apart, lang, 0), **values)


def _change(change: Change, lang: str) -> str:
    name = pick(change.names, lang) if change.what in ("tier", "region") else named(change.code, lang)
    way = "more" if change.more_cny > 0 else "less"
    return say(f"page.alternatives.{change.what}_{way}", lang, name=name, money=money(abs(change.more_cny), lang))


def _html(summary: Summary, found: Sequence[Alternative], lang: str) -> str:
    finding = say("page.alternatives.finding", lang, n=len(found)) if found else say("page.alternatives.none", lang)
    return section("alternatives", lang, finding, say("page.alternatives.lead", lang) if found else "", alternatives_blocks(summary, found, lang))


def _table(summary: Summary, found: Sequence[Alternative], lang: str) -> Table:
    totals = summary.plan.totals
    unit = scale([amount for one in found for amount in (one.added_cny, one.event_cny, one.concession_cny)], lang)
    heads = [say(f"page.column.{name}", lang) for name in ("plan", "net_value", "added", "events", "concessions", "sessions", "guests")]
    heads += [say(f"page.alternatives.column_{name}", lang) for name in ("apart", "nearest")]
    sessions, guests = sum(line.sessions for line in summary.sessions), sum(line.guests for line in summary.sessions)
    own = unit.balanced(totals.value_cny, summary.added_cny, totals.event_cny, totals.concession_cny)
    rows = [
        [
            say("terms.baseline_head.this_plan", lang),
            *(unit.number(amount, lang) for amount in own),
            number(sessions, lang),
            number(guests, lang),
            NONE,
            NONE,
        ]
    ]
    for place, one in enumerate(found, 1):
        amounts = unit.balanced(one.value_cny, one.added_cny, one.event_cny, one.concession_cny)
        figures = [number(one.sessions, lang), number(one.guests, lang), percent(one.apart, lang, 0), percent(one.nearest, lang, 0)]
        rows.append([say("page.alternatives.name", lang, place=str(place)), *(unit.number(amount, lang) for amount in amounts), *figures])
    return Table(say("page.alternatives.table", lang), say("page.alternatives.table_note", lang, unit=unit.name(lang)), heads, rows)
