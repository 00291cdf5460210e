"""Why this plan: beside simple rules on the same yardstick, what binds, what was left out."""

from planning.plan.summary import BaselineLine, Summary
from planning.report.cards.alternatives import alternatives_blocks
from planning.report.cards.card import Card
from planning.report.cards.compare import best, difference, yardstick
from planning.report.cards.explained import reasons
from planning.report.cards.frontier import frontier_blocks
from planning.report.cards.section import Block, section, table
from planning.report.cards.waterfall import waterfall_blocks
from planning.report.cards.wording import SHAPE, named, place, places, ratio
from planning.report.figures.bars import Pair, pairs
from planning.report.formats import NONE, Scale, money, number, scale
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

REASONS = ("not_worth_it", "no_open_month", "no_eligible_clients", "forbidden")


def why(summary: Summary, lang: str = "zh") -> Card:
    """This plan against simple rules, what binds, and what was left out."""
    return Card("why", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    unit = scale([amount for line in summary.baselines for amount in (line.added_cny, line.event_cny + line.concession_cny)], lang)
    blocks = [
        Block("beside", (_picture(summary, unit, lang), _binding(summary, lang))),
        table(_table(summary, unit, lang)),
        *waterfall_blocks(summary, lang),
        *_left_out(summary, lang),
        *reasons(summary, lang),
        *_choices(summary, lang),
    ]
    value = say(f"page.why.value_{yardstick(summary)}", lang, value=money(summary.plan.totals.value_cny, lang))
    finding = say("page.why.finding", lang, value=value, versus=difference(summary, lang, bare=True))
    return section("why", lang, finding, say("page.why.lead", lang), blocks)


def _choices(summary: Summary, lang: str) -> list[Block]:
    """Other budgets and other plans leadership may choose."""
    if summary.frontier is None:
        return [Block("words", words=say("page.why.not_sought", lang))] if summary.explained else []
    return [*frontier_blocks(summary.frontier, yardstick(summary), lang, summary.baselines), *alternatives_blocks(summary, summary.alternatives, lang)]


def _binding(summary: Summary, lang: str) -> Block:
    binding = [line for line in summary.rules if line.state == "binding" and line.code not in SHAPE]
    if not binding:
        return Block("words", words=say("page.why.nothing_binds", lang))
    known = places(summary)
    decided = [line for line in binding if not line.number.startswith("E")]
    items = [
        say("page.why.binding_item", lang, rule=say(f"rules.{line.code}", lang), place=place(line.where, known, lang), n=line.tight_places) for line in decided
    ]
    details = [say(f"rules.{line.code}", lang) for line in binding if line not in decided]
    if details:
        items.append(say("page.why.details", lang, n=len(details), rules=say("terms.semicolon", lang).join(details)))
    return Block("list", tuple(items), say("page.why.binding", lang, n=len(binding)))


def _name(line: BaselineLine, lang: str) -> str:
    return say(f"terms.baseline_head.{line.code}", lang)


def _picture(summary: Summary, unit: Scale, lang: str) -> Picture:
    rows = []
    for line in summary.baselines:
        _, added, event, concession = unit.balanced(line.value_cny, line.added_cny, line.event_cny, line.concession_cny)
        figures = (unit.number(event + concession, lang), unit.number(added, lang))
        warning = say("page.why.breaks", lang, n=len(line.broken)) if line.broken else ""
        rows.append(Pair(_name(line, lang), (line.event_cny, line.concession_cny), line.added_cny, figures, warning))
    finding = _finding(summary, lang)
    legend = (say("terms.events", lang), say("terms.concessions", lang), say("terms.added", lang))
    return Picture(finding, say("page.note.money", lang, unit=unit.name(lang)), pairs(rows, legend))


def _finding(summary: Summary, lang: str) -> str:
    other, own = best(summary), ratio(summary.added_cny, summary.spend_cny)
    spend = other.event_cny + other.concession_cny if other else 0.0
    if summary.spend_cny <= 0:
        return say("page.money.nothing", lang)
    if other is None or spend <= 0:
        return say("page.why.figure_alone", lang, own=number(own, lang, 2))
    name, theirs = say(f"terms.baseline.{other.code}", lang), ratio(other.added_cny, spend)
    if own < theirs and summary.spend_cny > spend and summary.added_cny > other.added_cny:
        return say(
            "page.why.figure_more", lang, name=name, spend=money(summary.spend_cny - spend, lang), added=money(summary.added_cny - other.added_cny, lang)
        )
    return say("page.why.figure", lang, own=number(own, lang, 2), theirs=number(theirs, lang, 2), name=name)


def _table(summary: Summary, unit: Scale, lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("plan", "net_value", "added", "events", "concessions", "return", "broken")]
    rows = []
    for line in summary.baselines:
        spend = line.event_cny + line.concession_cny
        broken = [say("page.why.broken_item", lang, rule=say(f"rules.{code}", lang), n=count) for code, count in line.broken]
        if line.unplaced:
            broken.append(say("page.why.unplaced", lang, n=line.unplaced))
        figures = [unit.number(one, lang) for one in unit.balanced(line.value_cny, line.added_cny, line.event_cny, line.concession_cny)]
        words = say("terms.semicolon", lang).join(broken) or say("terms.none", lang)
        rows.append([_name(line, lang), *figures, number(line.added_cny / spend, lang, 2) if spend > 0 else NONE, words])
    return Table(say("page.why.table", lang), say("page.why.table_note", lang, unit=unit.name(lang)), heads, rows, left=frozenset({0, 6}), wide=True)


def _left_out(summary: Summary, lang: str) -> list[Block]:
    if not summary.left_out:
        return [Block("words", words=say("page.why.all_used", lang))]
    items = []
    for reason in REASONS:
        some = [
            say("page.why.left_event", lang, event=pick(line.names, lang), family=named(line.family, lang))
            for line in summary.left_out
            if line.reason == reason
        ]
        if some:
            items.append(say(f"page.why.left_{reason}", lang, events=say("terms.comma", lang).join(some)))
    return [Block("list", tuple(items), say("page.why.left_out", lang, n=len(summary.left_out)))]
