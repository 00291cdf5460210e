"""Words and tables that the client book's cards share."""

from collections.abc import Mapping, Sequence

from planning.book.three_ways import Reach
from planning.plan.client_book import ClientBook
from planning.plan.summary import GroupLine
from planning.report.cards import privacy
from planning.report.cards.cells import unseen, unseen_in_sum
from planning.report.formats import NONE, number
from planning.report.i18n import pick, say


def tier(code: str, book: ClientBook, lang: str) -> str:
    """A tier by its name; clients of none in words."""
    if not code:
        return say("book.no_tier", lang)
    return name(code, book.tier_names, lang)


def name(code: str, names: Mapping[str, tuple[str, str]], lang: str) -> str:
    """A place by its name, by its code where it has none."""
    return pick(names[code], lang) if code in names else code


def counted(counts: Sequence[Sequence[int]], min_cell: int, lang: str) -> list[list[str]]:
    """The cells of a table of clients that has its totals beside it; what would show few people is left out."""
    hidden, word = unseen(counts, min_cell), say("terms.hidden", lang)
    return [[word if (r, c) in hidden else number(count, lang) if count else NONE for c, count in enumerate(row)] for r, row in enumerate(counts)]


def few(sizes: Sequence[int], min_cell: int) -> frozenset[int]:
    """The rows of a table with a total that describe too few clients, and as many more as keep them from following from it, one by one or together."""
    return frozenset(int(line.code) for line in privacy.few([_line(str(place), size) for place, size in enumerate(sizes)], min_cell))


def groups_unseen(book: ClientBook) -> frozenset[tuple[str, str]]:
    """The (tier, kind) without figures: of few clients, or what these would follow from; the totals of kinds and of tiers not few are on the page."""
    tiers, kinds = (sorted({getattr(group, what) for group in book.groups}) for what in ("tier", "kind"))
    small = few([sum(group.clients for group in book.groups if group.tier == tier) for tier in tiers], book.min_cell)
    row_of = {tier: -1 if place in small else place for place, tier in enumerate(tiers)}  # tiers without totals are one row
    counts: dict[tuple[int, int], float] = {}
    for group in (group for group in book.groups if group.clients):
        cell = row_of[group.tier], kinds.index(group.kind)
        counts[cell] = counts.get(cell, 0.0) + group.clients
    hidden = unseen_in_sum(counts, book.min_cell)
    told = {(tier, kind): (row, place) for tier, row in row_of.items() for place, kind in enumerate(kinds)}
    return frozenset(key for key, cell in told.items() if cell[0] < 0 or cell in hidden)


def regions_unseen(book: ClientBook) -> frozenset[str]:
    """Regions without figures."""
    clients: dict[str, int] = {}
    for one in book.reconciliation.branches:
        clients[one.region] = clients.get(one.region, 0) + one.clients
    return _codes([_line(region, number) for region, number in clients.items()], book.min_cell)


def branches_unseen(book: ClientBook) -> frozenset[str]:
    """Branches without figures: of few clients, or what these would follow from; the totals of regions are on the page."""
    return _codes([_line(one.branch, one.clients) for one in book.reconciliation.branches], book.min_cell, _within(book))


def shares_unseen(book: ClientBook, reaches: Sequence[Reach]) -> frozenset[str]:
    """Regions or branches whose share of clients in a tier is not shown: of few clients or all but few, or what these would follow from."""
    within = _within(book)
    by_branch = any(one.place in within for one in reaches)
    apart = branches_unseen(book) if by_branch else regions_unseen(book)
    lines = [_line(one.place, one.reached[0], one.place in apart or 0 < one.clients - one.reached[0] < book.min_cell) for one in reaches]
    return _codes(lines, book.min_cell, within if by_branch else privacy.NOWHERE)


def _within(book: ClientBook) -> Mapping[str, str]:
    """Branch → the region whose total is on the page; regions without figures are one."""
    apart = regions_unseen(book)
    return {one.branch: "" if one.region in apart else one.region for one in book.reconciliation.branches}


def _line(code: str, clients: int, hidden: bool = False) -> GroupLine:
    return GroupLine(code, (code, code), clients, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, hidden=hidden)


def _codes(lines: Sequence[GroupLine], min_cell: int, within: Mapping[str, str] = privacy.NOWHERE) -> frozenset[str]:
    return frozenset(line.code for line in privacy.few(lines, min_cell, within))


def hidden_note(book: ClientBook, lang: str) -> str:
    """That small numbers are not shown."""
    return say("book.hidden_note", lang, n=book.min_cell)


def noted(note: str, book: ClientBook, lang: str) -> str:
    """A table's note, and why some of its cells are hidden."""
    return say("terms.two_sentences", lang, first=note, second=hidden_note(book, lang))
