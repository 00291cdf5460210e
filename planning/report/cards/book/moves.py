"""How clients moved between tiers from the former book to this one."""

from collections.abc import Sequence

from numpy.linalg import matrix_rank

from planning.book.migration import ABSENT, Flow, Migration
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import counted, few, noted, tier
from planning.report.cards.card import Card
from planning.report.cards.cells import unseen
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
    told = ("upgraded", "downgraded") if book.migrated_from is None else ("upgraded", "downgraded", "new", "lost")
    if _unseen(book, found) & {*told}:
        return say("book.moves.finding_few", lang)
    up, down, _, new, lost = (number(flow.clients, lang) for flow in _flows(found).values())
    return say("book.moves.finding_last" if book.migrated_from is None else "book.moves.finding", lang, up=up, down=down, new=new, lost=lost)


def _counts(book: ClientBook, found: Migration) -> tuple[list[str], list[list[int]]]:
    order = [code for code in found.order if code != ABSENT or book.migrated_from is not None]
    return order, [[found.cell(before, now).clients for now in order] for before in order]


def _unseen(book: ClientBook, found: Migration) -> frozenset[str]:
    """The moves without figures: of few clients, and as many more as keep a cell of few in the matrix from following from their sums."""
    flows = [code for code, flow in _flows(found).items() if flow.clients or book.migrated_from is not None]
    sizes = [getattr(found, code).clients for code in flows]
    hidden = {flows[place] for place in few(sizes, book.min_cell)}
    order, counts = _counts(book, found)
    cells = sorted(unseen(counts, book.min_cell))
    sums = {code: [float(_flow(order, cell) == code) for cell in cells] for code in flows}
    lines = [[float(cell[side] == at) for cell in cells] for side in (0, 1) for at in range(len(order))]
    small = [at for at, (r, c) in enumerate(cells) if 0 < counts[r][c] < book.min_cell]
    for _, code in sorted(zip(sizes, flows, strict=True)):
        if not _follow(small, [*lines, *(sums[one] for one in flows if one not in hidden)]):
            break
        hidden |= {code} if any(sums[code]) else set()
    return frozenset(hidden)


def _flow(order: Sequence[str], cell: tuple[int, int]) -> str:
    """Which move a cell of the matrix belongs to."""
    before, now = cell
    if ABSENT in (order[before], order[now]):
        return "new" if order[before] == ABSENT else "lost"
    return "stayed" if before == now else "upgraded" if now > before else "downgraded"


def _follow(small: Sequence[int], known: Sequence[Sequence[float]]) -> bool:
    """Whether one of the small cells follows from the sums that are known of the hidden ones."""
    if not small:
        return False
    rank = matrix_rank(known)
    return any(matrix_rank([*known, [float(at == one) for at in range(len(known[0]))]]) == rank for one in small)


def _matrix(book: ClientBook, found: Migration, lang: str) -> Table:
    order, counts = _counts(book, found)
    cells = counted(counts, book.min_cell, lang)
    before, now = ([say(f"book.{side}", lang) if code == ABSENT else tier(code, book, lang) for code in order] for side in ("arrived", "left"))
    rows = [[name, *row, number(sum(own), lang)] for name, row, own in zip(before, cells, counts, strict=True)]
    rows.append([say("book.total", lang), *(number(sum(column), lang) for column in zip(*counts, strict=True)), number(sum(map(sum, counts)), lang)])
    note = noted(say("book.clients_unit", lang), book, lang)
    return Table(say("book.moves.matrix", lang), note, [say("book.moves.before", lang), *now, say("book.total", lang)], rows, total=True)


def _by_flow(book: ClientBook, found: Migration, unit: Scale, lang: str) -> Table:
    flows = {code: flow for code, flow in _flows(found).items() if flow.clients or book.migrated_from is not None}
    hidden = _unseen(book, found)
    heads = [say(f"book.moves.{name}", lang) for name in ("flow",)] + [say("book.kpi.clients", lang)]
    heads += [say(f"book.moves.{name}", lang) for name in ("before_cny", "now_cny")]
    rows = []
    for code, flow in flows.items():
        amounts = (number(flow.clients, lang), unit.number(flow.contribution_before_cny, lang), unit.number(flow.contribution_now_cny, lang))
        rows.append([say(f"book.moves.{code}", lang), *([say("terms.hidden", lang)] * 3 if code in hidden else amounts)])
    return Table(say("book.moves.flows", lang), say("book.standards.table_note", lang, unit=unit.name(lang)), heads, rows)
