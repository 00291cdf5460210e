"""How clients moved between tiers from the former book to this one."""

from collections.abc import Sequence

from numpy.linalg import matrix_rank

from planning.book.migration import ABSENT, Flow, Migration
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import few, noted, tier
from planning.report.cards.card import Card
from planning.report.cards.cells import Place, filled, unseen
from planning.report.cards.section import Block, section, table
from planning.report.formats import NONE, Scale, day, number, scale
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
    if _unseen(book, found)[0] & {*told}:
        return say("book.moves.finding_few", lang)
    up, down, _, new, lost = (number(flow.clients, lang) for flow in _flows(found).values())
    return say("book.moves.finding_last" if book.migrated_from is None else "book.moves.finding", lang, up=up, down=down, new=new, lost=lost)


def _counts(book: ClientBook, found: Migration) -> tuple[list[str], list[list[int]]]:
    order = [code for code in found.order if code != ABSENT or book.migrated_from is not None]
    return order, [[found.cell(before, now).clients for now in order] for before in order]


def _unseen(book: ClientBook, found: Migration) -> tuple[frozenset[str], frozenset[Place]]:
    """The moves without figures, of few clients and what these would follow from; and the cells of the matrix that stay unseen beside the other moves."""
    flows = [code for code, flow in _flows(found).items() if flow.clients or book.migrated_from is not None]
    few_of = few([getattr(found, code).clients for code in flows], book.min_cell)
    order, counts = _counts(book, found)
    hidden, small = set(unseen(counts, book.min_cell)), [cell for cell, count in filled(counts).items() if count < book.min_cell]
    told = [code for place, code in enumerate(flows) if place not in few_of]
    spare = sorted((count, cell) for cell, count in filled(counts).items() if cell not in hidden)
    while _follow(small, sorted(hidden), told, order, counts):
        if not spare:
            return frozenset(flows), frozenset(hidden)
        hidden.add(spare.pop(0)[1])
    return frozenset(flows) - {*told}, frozenset(hidden)


def _flow(order: Sequence[str], cell: Place) -> str:
    """Which move a cell of the matrix belongs to."""
    before, now = cell
    if ABSENT in (order[before], order[now]):
        return "new" if order[before] == ABSENT else "lost"
    return "stayed" if before == now else "upgraded" if now > before else "downgraded"


def _follow(small: Sequence[Place], hidden: Sequence[Place], told: Sequence[str], order: Sequence[str], counts: Sequence[Sequence[int]]) -> bool:
    """Whether one of the small cells follows from the sums of rows, columns and moves, all other cells being seen; where a sum is 0, so are its cells."""
    if not small:
        return False
    sums = [[cell for cell in hidden if cell[side] == at] for side in (0, 1) for at in range(len(order))]
    sums += [[cell for cell in hidden if _flow(order, cell) == code] for code in told]
    nought = [[cell] for cells in sums if not any(counts[r][c] for r, c in cells) for cell in cells]
    known = [[float(cell in cells) for cell in hidden] for cells in (*sums, *nought)]
    rank = matrix_rank(known)
    return any(matrix_rank([*known, [float(cell == one) for cell in hidden]]) == rank for one in small)


def _matrix(book: ClientBook, found: Migration, lang: str) -> Table:
    order, counts = _counts(book, found)
    hidden, word = _unseen(book, found)[1], say("terms.hidden", lang)
    cells = [[word if (r, c) in hidden else number(count, lang) if count else NONE for c, count in enumerate(row)] for r, row in enumerate(counts)]
    ends = [sum(own) for own in counts], [sum(column) for column in zip(*counts, strict=True)]
    sums = [[word if place in _few_in(order, side, book.min_cell) else number(one, lang) for place, one in enumerate(side)] for side in ends]
    before, now = ([say(f"book.{side}", lang) if code == ABSENT else tier(code, book, lang) for code in order] for side in ("arrived", "left"))
    rows = [[name, *row, own] for name, row, own in zip(before, cells, sums[0], strict=True)]
    rows.append([say("book.total", lang), *sums[1], number(sum(map(sum, counts)), lang)])
    note = noted(say("book.clients_unit", lang), book, lang)
    return Table(say("book.moves.matrix", lang), note, [say("book.moves.before", lang), *now, say("book.total", lang)], rows, total=True)


def _few_in(order: Sequence[str], sums: Sequence[int], min_cell: int) -> frozenset[int]:
    """The tiers whose sums stay unseen; who came and who left is told by itself beside them."""
    tiers = [place for place, code in enumerate(order) if code != ABSENT]
    return frozenset(tiers[place] for place in few([sums[place] for place in tiers], min_cell))


def _by_flow(book: ClientBook, found: Migration, unit: Scale, lang: str) -> Table:
    flows = {code: flow for code, flow in _flows(found).items() if flow.clients or book.migrated_from is not None}
    hidden = _unseen(book, found)[0]
    heads = [say(f"book.moves.{name}", lang) for name in ("flow",)] + [say("book.kpi.clients", lang)]
    heads += [say(f"book.moves.{name}", lang) for name in ("before_cny", "now_cny")]
    rows = []
    for code, flow in flows.items():
        amounts = (number(flow.clients, lang), unit.number(flow.contribution_before_cny, lang), unit.number(flow.contribution_now_cny, lang))
        rows.append([say(f"book.moves.{code}", lang), *([say("terms.hidden", lang)] * 3 if code in hidden else amounts)])
    return Table(say("book.moves.flows", lang), say("book.standards.table_note", lang, unit=unit.name(lang)), heads, rows)
