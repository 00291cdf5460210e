"""The product album as sheets of a workbook, in one language: the lists, what was blocked, and how to read them."""

from planning.catalogue.album import Album, Entry
from planning.report.formats import day
from planning.report.i18n import pick, say
from planning.report.sheet import Cell, Sheet

LISTED = ("branch_code", "branch", "tier", "kind", "place", "product_code", "product", "fits", "taken_up", "interested")
BLOCKED = ("branch_code", "branch", "product_code", "product", "rule", "clients")
READING = ("order", "filter", "small", "unnamed")


def album_sheets(album: Album, lang: str) -> tuple[Sheet, ...]:
    """The lists, the blocked and the reading guide. Figures of fewer than `min_cell` clients are not shown."""
    return (
        _sheet("listed", LISTED, [_listed(album, entry, lang) for entry in album.entries], lang),
        _sheet("blocked", BLOCKED, _blocked(album, lang), lang),
        Sheet(
            say("cli.album.sheet_reading", lang),
            (say("cli.album.title", lang, date=day(album.data_date, lang)),),
            tuple((say(f"cli.album.{name}", lang, least=str(album.min_cell)),) for name in READING),
        ),
    )


def group_name(album: Album, entry: Entry, lang: str) -> str:
    """An entry's segment in words: tier and kind."""
    return f"{pick(album.names.tiers[entry.tier], lang)} · {say(f'terms.named_code.{entry.kind}', lang)}"


def _sheet(name: str, heads: tuple[str, ...], rows: list[tuple[Cell, ...]], lang: str) -> Sheet:
    texts = tuple(place for place, head in enumerate(heads) if head not in ("place", "fits", "taken_up", "interested", "clients"))
    return Sheet(say(f"cli.album.sheet_{name}", lang), tuple(say(f"cli.album.{head}", lang) for head in heads), tuple(rows), texts)


def _listed(album: Album, entry: Entry, lang: str) -> tuple[Cell, ...]:
    return (
        entry.branch,
        pick(album.names.branches[entry.branch], lang),
        pick(album.names.tiers[entry.tier], lang),
        say(f"terms.named_code.{entry.kind}", lang),
        entry.place,
        entry.product,
        pick(album.names.products[entry.product], lang),
        entry.fits,
        _percent(entry.taken_up, entry.peers, album.min_cell, lang),
        _percent(entry.interested, entry.fits, album.min_cell, lang),
    )


def _percent(share: float, of: int, least: int, lang: str) -> Cell:
    """A share in percent, unless it tells of fewer than `least` clients, or all but so few."""
    count = round(share * of)
    small = 0 < count < least or 0 < of - count < least
    return say("terms.hidden", lang) if small else round(100 * share, 1)


def _blocked(album: Album, lang: str) -> list[tuple[Cell, ...]]:
    names = album.names
    return [
        (
            line.branch,
            pick(names.branches[line.branch], lang),
            line.product,
            pick(names.products[line.product], lang),
            say(f"terms.blocked.{line.rule}", lang),
            line.clients if line.clients >= album.min_cell else say("terms.fewer", lang, n=album.min_cell),
        )
        for line in album.blocked
    ]
