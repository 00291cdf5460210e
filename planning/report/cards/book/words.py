"""Words and tables that the client book's cards share."""

from collections.abc import Mapping, Sequence

from planning.plan.client_book import ClientBook
from planning.report.cards.cells import unseen
from planning.report.cards.privacy import unseen_rows
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
    """The rows of a table with a total that describe too few clients, and as many more as keep them from following from it."""
    return unseen_rows([0 < size < min_cell for size in sizes], sizes)


def hidden_note(book: ClientBook, lang: str) -> str:
    """That small numbers are not shown."""
    return say("book.hidden_note", lang, n=book.min_cell)


def noted(note: str, book: ClientBook, lang: str) -> str:
    """A table's note, and why some of its cells are hidden."""
    return say("terms.two_sentences", lang, first=note, second=hidden_note(book, lang))
