"""Three tier standards side by side, what each does to the regions, and how far contribution rests on few."""

from collections.abc import Container, Sequence

from planning.book.three_ways import Comparison, Reach, Standing
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import branches_unseen, counted, hidden_note, name, shares_unseen, tier
from planning.report.cards.card import Card
from planning.report.cards.section import Block, folded, pictures, section, table
from planning.report.figures.curves import Curves, Mark, Point, curves
from planning.report.figures.grids import Cell, Grid, grids, turned
from planning.report.formats import NONE, money, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import say

DRAWN = 20  # steps of the curve
ENDS = 7  # regions drawn at either end, where they are more than twice as many


def standards(book: ClientBook, lang: str = "zh") -> Card:
    """The three standards and the concentration of contribution."""
    return Card("standards", _html(book, "zh"), _html(book, "en"), lang)


def spread_of(standing: Standing) -> tuple[Reach, Reach]:
    """The regions with the least and the greatest share of clients in a tier."""
    return min(standing.regions, key=lambda one: one.share()), max(standing.regions, key=lambda one: one.share())


def _html(book: ClientBook, lang: str) -> str:
    ways = book.ways
    blocks = [pictures(_grid(book, lang))]
    if not ways.standing("national").available:
        blocks.append(Block("words", words=say("book.standards.no_national", lang)))
    if len(ways.regions) > 1:
        blocks.append(table(_spreads(book, lang)))
    blocks.append(table(_counts(book, lang)))
    blocks.append(Block("list", _moves(book, lang), say("book.standards.moves", lang)))
    if ways.concentration.lorenz:
        blocks.append(Block("beside", (_lorenz(book, lang), table(_heads(book, lang)))))
    blocks.append(folded(say("book.standards.branches", lang, n=len(book.branch_names)), _branches(book, lang)))
    lead = say("book.standards.lead", lang, standard=say(f"cli.tiers.standard.{ways.in_use}", lang))
    return section("standards", lang, _finding(book, lang), lead, blocks)


def _finding(book: ClientBook, lang: str) -> str:
    share = book.ways.concentration.pool.share_of_contribution
    national = book.ways.standing("national")
    if share is None:
        return say("book.standards.finding_none", lang)
    if not national.available or len(national.regions) < 2:
        return say("book.standards.finding_alone", lang, share=percent(share, lang, 0))
    low, high = spread_of(national)
    places = {"low": name(low.place, book.region_names, lang), "high": name(high.place, book.region_names, lang)}
    shares = {"least": percent(low.share(), lang), "most": percent(high.share(), lang), "share": percent(share, lang, 0)}
    return say("book.standards.finding", lang, **places, **shares)


def _standings(book: ClientBook) -> tuple[Standing, ...]:
    return tuple(one for one in book.ways.standings if one.available)


def _grid(book: ClientBook, lang: str) -> Picture:
    standings = _standings(book)
    regions = _drawn(book.ways.regions, standings[0])
    rows = tuple(name(region, book.region_names, lang) for region in regions)
    columns = tuple(say(f"book.standard.{one.standard}", lang) for one in standings)
    reach = {(one.standard, region.place): region for one in standings for region in one.regions}
    hidden = {one.standard: shares_unseen(book, one.regions) for one in standings}
    cells = tuple(tuple(_share(reach[one.standard, region], hidden[one.standard], lang) for one in standings) for region in regions)
    grid = Grid(rows, columns, cells)
    narrow = grid if len(columns) <= 3 else turned(grid)
    left_out = len(book.ways.regions) - len(regions)
    some = say("book.standards.grid_some", lang, n=len(book.ways.regions), ends=ENDS) if left_out else say("book.standards.grid_note", lang)
    return Picture(say("book.standards.grid", lang), some, grids([grid], [narrow]), full=True)


def _drawn(regions: Sequence[str], standing: Standing) -> Sequence[str]:
    """The regions that are drawn: all, or those with the least and the greatest shares."""
    if len(regions) <= 2 * ENDS:
        return regions
    by_share = [one.place for one in sorted(standing.regions, key=lambda one: (-one.share(), one.place))]
    return [*by_share[:ENDS], *by_share[-ENDS:]]


def _share(reach: Reach, hidden: Container[str], lang: str) -> Cell:
    return Cell(NONE, 0.0) if reach.place in hidden else Cell(percent(reach.share(), lang), reach.share())


def _spreads(book: ClientBook, lang: str) -> Table:
    """A row a tier: between which shares the regions lie that reach it or a higher one, under each standard."""
    standings = _standings(book)
    heads = [say("page.column.tier", lang), *(say(f"book.standard.{one.standard}", lang) for one in standings)]
    rows = [[tier(code, book, lang), *(_ends(one, place, book.min_cell, lang) for one in standings)] for place, code in enumerate(book.ways.order)]
    return Table(say("book.standards.spreads", lang), say("book.standards.spreads_note", lang), heads, rows)


def _ends(standing: Standing, place: int, min_cell: int, lang: str) -> str:
    """The least and the greatest share; one that would show few clients is told as few."""
    by_share = sorted(standing.regions, key=lambda one: (one.share(place), one.place))
    told = []
    for one in (by_share[0], by_share[-1]):
        reached = one.reached[place]
        small = 0 < reached < min_cell or 0 < one.clients - reached < min_cell
        told.append(say("book.standards.few_clients", lang, n=min_cell) if small else percent(one.share(place), lang))
    return say("book.standards.ends", lang, low=told[0], high=told[1])


def _lorenz(book: ClientBook, lang: str) -> Picture:
    spread = book.ways.concentration
    step = max(len(spread.lorenz) // DRAWN, 1)
    drawn = [*spread.lorenz[:-1:step], spread.lorenz[-1]]
    points = [Point(at, part, at, percent(at, lang, 0)) for at, part in drawn]
    low = min([0.0, *(part for _, part in drawn)])
    heights = [(height, percent(height, lang, 0)) for height in (low, 0.5, 1.0)]
    mark = Mark(1 - spread.pool.share_of_clients, say("book.standards.lorenz_mark", lang))
    picture = curves(Curves(points, [mark], heights, (say("book.standards.lorenz_own", lang), say("book.standards.lorenz_even", lang))))
    share = percent(spread.pool.share_of_contribution or 0.0, lang, 0)
    return Picture(say("book.standards.lorenz", lang, share=share), say("book.standards.lorenz_note", lang), picture)


def _counts(book: ClientBook, lang: str) -> Table:
    """A row a tier; for each standard its clients and their contribution."""
    standings = _standings(book)
    order = ("", *book.ways.order)
    sums = {
        (one.standard, code): [sum(getattr(cell, what) for cell in one.counts if cell.tier == code) for what in ("clients", "contribution_cny")]
        for one in standings
        for code in order
    }
    unit = scale([amount for _, amount in sums.values()], lang)
    clients = counted([[int(sums[one.standard, code][0]) for one in standings] for code in order], book.min_cell, lang)
    heads = [say("page.column.tier", lang)]
    for one in standings:
        standard = say(f"book.standard.{one.standard}", lang)
        heads += [say("cli.tiers.clients_by", lang, standard=standard), say("page.column.contribution", lang)]
    rows = []
    for place, code in enumerate(order):
        row = [tier(code, book, lang)]
        for column, one in enumerate(standings):
            shown = clients[place][column]
            row += [shown, shown if shown == say("terms.hidden", lang) else unit.number(sums[one.standard, code][1], lang)]
        rows.append(row)
    note = say("book.standards.table_note", lang, unit=unit.name(lang))
    return Table(say("book.standards.table", lang), note, heads, rows)


def _moves(book: ClientBook, lang: str) -> tuple[str, ...]:
    available = {one.standard for one in _standings(book)}
    told = [_moved(one, book.min_cell, lang) for one in book.ways.comparisons if {one.standard, one.other} <= available]
    kept, brought = book.ways.in_buffer
    if kept >= book.min_cell:
        told.append(say("book.standards.in_buffer", lang, n=kept, money=money(brought, lang)))
    return tuple(told)


def _moved(one: Comparison, min_cell: int, lang: str) -> str:
    """What a change of standard does; numbers of few people are told as few, their money not at all."""
    flows: dict[str, str] = {}
    any_few = any(0 < clients < min_cell for clients, _ in (one.higher, one.lower))
    for side, (clients, amount) in (("up", one.higher), ("down", one.lower)):
        small = 0 < clients < min_cell  # the money of both would be had from that of one and the change beside them
        flows |= {
            side: say("terms.fewer", lang, n=min_cell) if small else number(clients, lang),
            f"{side}_money": say("terms.hidden", lang) if any_few and clients else money(amount, lang),
        }
    standards_ = {"standard": say(f"cli.tiers.standard.{one.standard}", lang), "other": say(f"cli.tiers.standard.{one.other}", lang)}
    return say("book.standards.moved", lang, difference=money(one.difference_cny, lang), **standards_, **flows)


def _heads(book: ClientBook, lang: str) -> Table:
    heads = [say("book.standards.head", lang), say("book.kpi.clients", lang), say("book.part.total", lang), say("book.standards.head_share", lang)]
    unit = scale([head.contribution_cny for head in book.ways.concentration.heads], lang)
    rows = [
        [
            percent(head.share_of_clients, lang, 0),
            number(head.clients, lang),
            unit.number(head.contribution_cny, lang),
            percent(head.share_of_contribution or 0.0, lang),
        ]
        for head in book.ways.concentration.heads
    ]
    return Table(say("book.standards.heads", lang), say("book.standards.table_note", lang, unit=unit.name(lang)), heads, rows)


def _branches(book: ClientBook, lang: str) -> Table:
    standings = _standings(book)
    places = [reach.place for reach in standings[0].branches]
    reach = {(one.standard, branch.place): branch for one in standings for branch in one.branches}
    hidden, shared = branches_unseen(book), {one.standard: shares_unseen(book, one.branches) for one in standings}
    heads = [say("page.column.branches", lang), say("book.kpi.clients", lang), *(say(f"book.standard.{one.standard}", lang) for one in standings)]
    rows = []
    for place in places:
        first = reach[standings[0].standard, place]
        shares = [_share(reach[one.standard, place], shared[one.standard], lang).words for one in standings]
        rows.append(
            [
                name(place, book.branch_names, lang),
                *([say("terms.hidden", lang)] * (len(heads) - 1) if place in hidden else [number(first.clients, lang), *shares]),
            ]
        )
    return Table(say("book.standards.branches", lang, n=len(book.branch_names)), hidden_note(book, lang), heads, rows)
