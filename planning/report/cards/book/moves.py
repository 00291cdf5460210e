"""How clients moved between tiers from the former book to this one."""

from planning.book.migration import ABSENT, Flow, Migration
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import counted, few, noted, tier
from planning.report.cards.card import Card
from planning.report.cards.section import Block, section, table
from planning.report.formats import Scale, day, number, scale
from planning.report.html import Table
from planning.report.i18n import say

FLOWS = ("upgraded", "downgraded", "stayed", "new", "lost")


def moves(book: ClientBook, lang: str = "zh") -> Card:
    """The migration between tiers."""
    return Card("moves", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    found = book.migration
    if found is None:
        return section("moves", lang, say("book.moves.none", lang), "", [])
    since = book.migrated_from
    lead = say("book.moves.lead_last", lang) if since is None else say("book.moves.lead", lang, date=day(since, lang))
    unit = scale([amount for flow in _flows(found).values() for amount in (flow.contribution_before_cny, flow.contribution_now_cny)], lang)
    blocks: list[Block] = [table(_matrix(book, found, lang)), table(_by_flow(book, found, unit, lang))]
    return section("moves", lang, _finding(book, found, lang), lead, blocks)


def _flows(found: Migration) -> dict[str, Flow]:
    return {code: getattr(found, code) for code in FLOWS}


def _finding(book: ClientBook, found: Migration, lang: str) -> str:
    figures = {
        short: _few(flow.clients, book.min_cell, lang) for short, flow in zip(("up", "down", "", "new", "lost"), _flows(found).values(), strict=True) if short
    }
    return say("book.moves.finding_last" if book.migrated_from is None else "book.moves.finding", lang, **figures)


def _few(clients: int, min_cell: int, lang: str) -> str:
    return say("terms.fewer", lang, n=min_cell) if 0 < clients < min_cell else number(clients, lang)


def _matrix(book: ClientBook, found: Migration, lang: str) -> Table:
    order = [code for code in found.order if code != ABSENT or book.migrated_from is not None]
    counts = [[found.cell(before, now).clients for now in order] for before in order]
    cells = counted(counts, book.min_cell, lang)
    before, now = ([say(f"book.{side}", lang) if code == ABSENT else tier(code, book, lang) for code in order] for side in ("arrived", "left"))
    rows = [[name, *row, number(sum(own), lang)] for name, row, own in zip(before, cells, counts, strict=True)]
    rows.append([say("book.total", lang), *(number(sum(column), lang) for column in zip(*counts, strict=True)), number(sum(map(sum, counts)), lang)])
    note = noted(say("book.clients_unit", lang), book, lang)
    return Table(say("book.moves.matrix", lang), note, [say("book.moves.before", lang), *now, say("book.total", lang)], rows, total=True)


def _by_flow(book: ClientBook, found: Migration, unit: Scale, lang: str) -> Table:
    flows = {code: flow for code, flow in _flows(found).items() if flow.clients or book.migrated_from is not None}
    hidden = few([flow.clients for flow in flows.values()], book.min_cell)
    heads = [say(f"book.moves.{name}", lang) for name in ("flow",)] + [say("book.kpi.clients", lang)]
    heads += [say(f"book.moves.{name}", lang) for name in ("before_cny", "now_cny")]
    rows = []
    for place, (code, flow) in enumerate(flows.items()):
        amounts = (number(flow.clients, lang), unit.number(flow.contribution_before_cny, lang), unit.number(flow.contribution_now_cny, lang))
        rows.append([say(f"book.moves.{code}", lang), *([say("terms.hidden", lang)] * 3 if place in hidden else amounts)])
    return Table(say("book.moves.flows", lang), say("book.standards.table_note", lang, unit=unit.name(lang)), heads, rows)
