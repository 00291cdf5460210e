"""What if: what other budgets, floors or caution would change, as an estimate beside the saved plan."""

from collections.abc import Sequence

from planning.plan.what_if import Answer, Moved, MovedStep
from planning.report.cards.card import Card
from planning.report.cards.section import folded, section, table
from planning.report.cards.wording import named
from planning.report.formats import NONE, Scale, money, number, percent, plus, scale
from planning.report.html import Table
from planning.report.i18n import pick, say


def what_if(answer: Answer, lang: str) -> Card:
    """The saved plan's figures, what they would be, and how sure that is."""
    return Card("what_if", _html(answer, "zh"), _html(answer, "en"), lang)


def _html(answer: Answer, lang: str) -> str:
    limits = {"event": money(answer.limits_cny[0], lang), "concession": money(answer.limits_cny[1], lang)}
    if not answer.possible:
        return section("what_if", lang, say("desk.what_if.impossible", lang), say("desk.what_if.limits", lang, **limits), [])
    value = answer.figures[0]
    kind = "more" if value.change >= 1 else "less" if value.change <= -1 else "alike"
    finding = say(f"desk.what_if.{kind}_{answer.objective}", lang, change=money(abs(value.change), lang), value=money(value.estimate, lang))
    lead = say("desk.what_if.lead", lang, ceiling=money(answer.ceiling_cny, lang), above=percent(answer.above, lang), **limits)
    blocks = [table(_figures(answer.figures, lang)), table(_families(answer.families, lang))]
    if answer.ladder:
        blocks.append(folded(say("desk.what_if.ladder", lang, n=len(answer.ladder)), _ladder(answer.ladder, lang)))
    return section("what_if", lang, finding, lead, blocks)


def _heads(first: str, lang: str) -> list[str]:
    return [say(first, lang), *(say(f"desk.what_if.column_{name}", lang) for name in ("saved", "estimate", "change"))]


def _figures(figures: Sequence[Moved], lang: str) -> Table:
    unit = scale([amount for one in figures for amount in (one.saved, one.estimate)], lang)
    rows = [[say(f"desk.what_if.figure_{one.code}", lang), *_amounts(one, unit, lang)] for one in figures]
    return Table(say("desk.what_if.figures", lang), unit.name(lang), _heads("desk.what_if.column_figure", lang), rows)


def _amounts(one: Moved, unit: Scale, lang: str) -> list[str]:
    saved, estimate, change = unit.difference(one.saved, one.estimate)
    return [unit.number(saved, lang), unit.number(estimate, lang), plus(unit.number(change, lang))]


def _families(families: Sequence[Moved], lang: str) -> Table:
    rows = [[named(one.code, lang), number(one.saved, lang), number(one.estimate, lang, 1), _signed(one.change, lang, 1)] for one in families]
    return Table(say("desk.what_if.families", lang), say("page.year.sessions_unit", lang), _heads("page.column.family", lang), rows)


def _ladder(lines: Sequence[MovedStep], lang: str) -> Table:
    heads = [say("page.column.regions", lang), say("page.column.tier", lang), say("page.column.kind", lang), *_heads("page.column.concession", lang)]
    rows = []
    for line in lines:
        share = line.concession == "fee_waiver"
        moved = [percent(one, lang, 0) if share else number(one, lang, 1) for one in (line.moved.saved, line.moved.estimate)]
        change = percent(line.moved.change, lang, 0) if share else _signed(line.moved.change, lang, 1)
        rows.append([pick(line.region_names, lang), pick(line.tier_names, lang), named(line.kind, lang), named(line.concession, lang), *moved, change])
    return Table(say("desk.what_if.ladder_title", lang), say("desk.what_if.ladder_note", lang), heads, rows, left=frozenset({0, 1, 2, 3}))


def _signed(change: float, lang: str, decimals: int) -> str:
    figure = number(change, lang, decimals)
    return NONE if not round(change, decimals) else plus(figure)
