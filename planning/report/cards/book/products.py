"""Products held and gaps, what is blocked, and what clients say when asked."""

from planning.book.products import Depth
from planning.book.surveys import Opinion
from planning.catalogue.suitability import ProductLine
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import groups_unseen, name, noted, tier
from planning.report.cards.card import Card
from planning.report.cards.privacy import count, unseen_rows
from planning.report.cards.section import Block, pictures, section, table
from planning.report.cards.wording import named
from planning.report.figures.grids import Cell, Grid, grids, turned
from planning.report.formats import NONE, day, number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import say


def products(book: ClientBook, lang: str = "zh") -> Card:
    """Product depth, gaps, blocks, opinions."""
    return Card("products", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    blocks: list[Block] = [pictures(_grid(book, lang))] if book.fit.by_tier else []
    blocks.append(table(_depth(book, lang)))
    if book.fit.bank:
        blocks.append(table(_lines(book, lang)))
    if book.opinions.bank.answered >= book.min_cell:
        blocks.append(table(_opinions(book, lang)))
        if book.opinions.population == "approachable":
            blocks.append(Block("words", words=say("book.products.population", lang)))
    else:
        blocks.append(Block("words", words=say("book.products.no_opinions", lang)))
    return section("products", lang, _finding(book, lang), say("book.products.lead", lang), blocks)


def _finding(book: ClientBook, lang: str) -> str:
    bank, said = book.depths.bank, book.opinions.bank
    first = say("book.products.finding", lang, mean=number(bank.mean, lang, 1), share=percent(bank.share_with(2), lang, 0))
    if said.satisfaction is None or said.satisfaction_range is None or said.rated < book.min_cell:
        return first
    low, high = (number(end, lang, 1) for end in said.satisfaction_range)
    second = say("book.products.finding_opinion", lang, score=number(said.satisfaction, lang, 1), low=low, high=high)
    return say("page.two_findings", lang, first=first, second=second)


def _grid(book: ClientBook, lang: str) -> Picture:
    tiers = list(dict.fromkeys(line.tier for line in book.fit.by_tier))[::-1]
    codes = [line.product for line in book.fit.bank]
    lines = {(line.tier, line.product): line for line in book.fit.by_tier}
    cells = tuple(tuple(_held(lines.get((code, product)), book.min_cell, lang) for product in codes) for code in tiers)
    names = tuple(tier(code, book, lang) for code in tiers)
    grid = Grid(names, tuple(name(code, book.fit.names, lang) for code in codes), cells)
    return Picture(say("book.products.grid", lang), say("book.products.grid_note", lang), grids([grid], [turned(grid)]), full=True)


def _held(line: ProductLine | None, min_cell: int, lang: str) -> Cell:
    if line is None or line.clients < min_cell or 0 < line.held < min_cell or 0 < line.clients - line.held < min_cell:
        return Cell(NONE, 0.0)
    return Cell(percent(line.penetration, lang, 0), line.penetration)


def _depth(book: ClientBook, lang: str) -> Table:
    heads = [say("page.column.tier", lang), say("page.column.kind", lang), say("book.kpi.clients", lang)]
    heads += [say(f"book.products.{what}", lang) for what in ("mean", "two", "three")]
    hidden = groups_unseen(book)
    rows = [
        [tier(one.tier, book, lang), named(one.kind, lang), *_depths(one, (one.tier, one.kind) in hidden, book.min_cell, lang)]
        for one in book.depths.by_tier_kind
    ]
    bank = book.depths.bank
    rows.append([say("book.total", lang), "", *_depths(bank, bank.clients < book.min_cell, book.min_cell, lang)])
    note = noted(say("book.products.depth_note", lang), book, lang)
    return Table(say("book.products.depth", lang), note, heads, rows, total=True, left=frozenset({0, 1}))


def _depths(one: Depth, hidden: bool, min_cell: int, lang: str) -> list[str]:
    """The group's size and depth; shares that would show few clients are left out."""
    if hidden:
        return [say("terms.hidden", lang)] * 4
    shares = []
    for least in (2, 3):
        with_ = sum(one.spread[least:])
        shares.append(say("terms.hidden", lang) if 0 < with_ < min_cell or 0 < one.clients - with_ < min_cell else percent(one.share_with(least), lang, 0))
    return [number(one.clients, lang), number(one.mean, lang, 1), *shares]


def _lines(book: ClientBook, lang: str) -> Table:
    heads = [say("book.products.product", lang)]
    heads += [say(f"book.products.{what}", lang) for what in ("held", "gaps", "reachable", "too_high", "unknown", "above")]
    rows = []
    for line in book.fit.bank:
        counts = (line.held, line.gaps, line.reachable, line.risk_too_high, line.risk_unknown, line.above_risk)
        rows.append([name(line.product, book.fit.names, lang), *(count(one, book.min_cell, lang) if one else NONE for one in counts)])
    return Table(say("book.products.table", lang), say("book.clients_unit", lang), heads, rows)


def _opinions(book: ClientBook, lang: str) -> Table:
    heads = [say("page.column.tier", lang)]
    heads += [say(f"book.products.{what}", lang) for what in ("asked", "answered", "response", "satisfaction")]
    small = [
        min(size for size in (one.asked, one.answered, one.asked - one.answered) if size) < book.min_cell if one.asked else False
        for one in book.opinions.by_tier
    ]
    hidden = unseen_rows(small, [one.answered for one in book.opinions.by_tier])
    rows = []
    for place, one in enumerate(book.opinions.by_tier):
        rows.append([tier(one.tier, book, lang), *([say("terms.hidden", lang)] * 4 if place in hidden else _opinion(one, book.min_cell, lang))])
    rows.append([say("book.total", lang), *_opinion(book.opinions.bank, book.min_cell, lang)])
    note = say("book.products.opinions_note", lang, after=day(book.opinions.after, lang), until=day(book.opinions.until, lang))
    return Table(say("book.products.opinions", lang), noted(note, book, lang), heads, rows, total=True)


def _opinion(one: Opinion, min_cell: int, lang: str) -> list[str]:
    response = NONE
    if one.response is not None and one.response_range is not None:
        low, high = (percent(end, lang, 0) for end in one.response_range)
        response = say("book.products.range", lang, figure=percent(one.response, lang, 0), low=low, high=high)
    score = NONE
    if one.satisfaction is not None and one.satisfaction_range is not None and one.rated >= min_cell:
        low, high = (number(end, lang, 1) for end in one.satisfaction_range)
        score = say("book.products.range", lang, figure=number(one.satisfaction, lang, 1), low=low, high=high)
    return [number(one.asked, lang), number(one.answered, lang), response, score]
