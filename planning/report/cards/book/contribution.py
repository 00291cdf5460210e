"""Where contribution comes from: its parts by region and branch, added up to the fen."""

from collections.abc import Iterable, Sequence
from math import fsum

from planning.book.contribution import PARTS, PartsLine
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import branches_unseen, name, noted, regions_unseen
from planning.report.cards.card import Card
from planning.report.cards.section import Block, folded, pictures, section, table
from planning.report.cards.wording import ratio
from planning.report.figures.bars import Pair, pairs
from planning.report.formats import Scale, money, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import say

DRAWN = 12  # regions drawn, those that bring most


def contribution(book: ClientBook, lang: str = "zh") -> Card:
    """Contribution in its parts."""
    return Card("contribution", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    bank = book.reconciliation.bank
    unit = scale([abs(fen) / 100 for line in book.reconciliation.branches for fen in line.parts_fen], lang)
    regions = _regions(book.reconciliation.branches)
    shown = {line.region: name(line.region, book.region_names, lang) for line in regions}
    by_region = _table(book, regions, shown, unit, lang)
    listed = table(by_region) if len(regions) <= DRAWN else folded(say("book.contribution.regions", lang, n=len(regions)), by_region)
    seen = [line for line in regions if line.region not in regions_unseen(book)]
    blocks = [*([pictures(_picture(seen, shown, unit, lang))] if seen else []), listed]
    branches = {line.branch: name(line.branch, book.branch_names, lang) for line in book.reconciliation.branches}
    blocks.append(folded(say("book.contribution.branches", lang, n=len(branches)), _table(book, book.reconciliation.branches, branches, unit, lang)))
    blocks.append(Block("words", words=_given(bank, lang)))
    return section("contribution", lang, _finding(bank, lang), say("book.contribution.lead", lang), blocks)


def _regions(lines: Sequence[PartsLine]) -> tuple[PartsLine, ...]:
    """Branches added up by region, those that bring most first."""
    added = []
    for region in sorted({line.region for line in lines}):
        own = [line for line in lines if line.region == region]
        parts = tuple(sum(column) for column in zip(*(line.parts_fen for line in own), strict=True))
        added.append(PartsLine("", region, sum(line.clients for line in own), sum(line.given for line in own), parts, sum(line.total_fen for line in own)))
    return tuple(sorted(added, key=lambda line: -line.total_fen))


def _finding(bank: PartsLine, lang: str) -> str:
    first = max(range(len(PARTS)), key=lambda place: bank.parts_fen[place])
    less = -sum(fen for fen in bank.parts_fen if fen < 0) / 100
    part = say(f"book.part.{PARTS[first]}", lang)
    return say("book.contribution.finding", lang, part=part, money=money(bank.parts_fen[first] / 100, lang), less=money(less, lang))


def _given(bank: PartsLine, lang: str) -> str:
    if not bank.given:
        return say("book.contribution.computed", lang, clients=number(bank.clients, lang))
    return say("book.contribution.given", lang, clients=number(bank.given, lang), share=percent(ratio(bank.given, bank.clients), lang))


def _picture(regions: Sequence[PartsLine], shown: dict[str, str], unit: Scale, lang: str) -> Picture:
    rows = []
    for line, (*_, total) in zip(regions[:DRAWN], _amounts(regions, range(len(PARTS)), unit), strict=False):
        income = sum(max(fen, 0) for fen in line.parts_fen) / 100
        figures = (unit.number(income, lang), unit.number(total, lang))
        rows.append(Pair(shown[line.region], (line.total_fen / 100, income - line.total_fen / 100), line.total_fen / 100, figures))
    legend = tuple(say(f"book.contribution.legend_{what}", lang) for what in ("in", "out", "net"))
    finding = say("book.contribution.figure", lang, region=shown[regions[0].region], money=money(regions[0].total_fen / 100, lang))
    note = say("book.contribution.figure_note", lang, unit=unit.name(lang))
    if len(regions) > DRAWN:
        note = say("book.contribution.figure_some", lang, unit=unit.name(lang), n=DRAWN)
    return Picture(finding, note, pairs(rows, (legend[0], legend[1], legend[2])))


def _amounts(lines: Sequence[PartsLine], used: Iterable[int], unit: Scale) -> list[list[float]]:
    """The parts of each line and their sum, yuan, as they add up in this unit along rows and columns."""
    places = tuple(used)
    return [[*cells, fsum(cells)] for cells in unit.grid([[line.parts_fen[place] for place in places] for line in lines])]


def _table(book: ClientBook, lines: Sequence[PartsLine], shown: dict[str, str], unit: Scale, lang: str) -> Table:
    """A row a place, a column a part; parts that are nowhere are left out."""
    bank = book.reconciliation.bank
    used = [place for place, fen in enumerate(bank.parts_fen) if fen or any(line.parts_fen[place] for line in lines)]
    by_branch = bool(lines[0].branch)
    unseen = branches_unseen(book) if by_branch else regions_unseen(book)
    hidden = {place for place, line in enumerate(lines) if (line.branch or line.region) in unseen}
    heads = [say("page.column.branches" if by_branch else "page.column.regions", lang), say("book.kpi.clients", lang)]
    heads += [*(say(f"book.part.{PARTS[place]}", lang) for place in used), say("book.part.total", lang)]
    amounts = _amounts(lines, used, unit)
    rows = []
    for at, (line, figures) in enumerate(zip(lines, amounts, strict=True)):
        told = [number(line.clients, lang), *(unit.number(one, lang) for one in figures)]
        rows.append([shown[line.branch or line.region], *([say("terms.hidden", lang)] * len(told) if at in hidden else told)])
    sums = [fsum(column) for column in zip(*amounts, strict=True)]
    rows.append([say("book.total", lang), number(bank.clients, lang), *(unit.number(one, lang) for one in sums)])
    apart = sum(abs(fen) for fen in book.reconciliation.differences_fen)
    note = say("book.contribution.table_note", lang, unit=unit.name(lang), difference=number(apart, lang))
    return Table(
        say(f"book.contribution.table_{'branches' if by_branch else 'regions'}", lang),
        noted(note, book, lang) if hidden else note,
        heads,
        rows,
        total=True,
    )
