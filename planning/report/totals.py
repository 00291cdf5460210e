"""Control totals as a sheet for whoever checks the book against the ledger: a row a branch, tier and kind, in yuan to the fen."""

from collections.abc import Mapping, Sequence

from planning.book.contribution import PARTS
from planning.book.control_totals import COUNTS, FIGURES, Difference, Group, together
from planning.report.i18n import say
from planning.report.sheet import Cell, Kind, Sheet

FEN = 100


def figure_name(name: str, lang: str) -> str:
    """What one of the figures is called."""
    return say(f"book.part.{name}" if name in PARTS else f"totals.figure.{name}", lang)


def totals_sheet(groups: Sequence[Group], tiers: Mapping[str, str], lang: str) -> Sheet:
    """Every group and the bank's total; `tiers` = code → name in the language."""
    heads = (*(say(f"totals.{name}", lang) for name in ("branch", "tier", "kind")), *(figure_name(name, lang) for name in FIGURES))
    kinds: tuple[Kind, ...] = ("text", "text", "text", *(_kind(name) for name in FIGURES))
    rows = [(*_place(group, tiers, lang), *_cells(group)) for group in groups]
    rows.append((say("totals.bank", lang), "", "", *_cells(together(groups)[0])))
    return Sheet(say("totals.sheet", lang), heads, tuple(rows), (0, 1, 2), kinds, total=True)


def difference_words(one: Difference, tiers: Mapping[str, str], lang: str) -> str:
    """One figure that the table and the book have differently."""
    branch, tier, kind = _place(Group(one.branch, one.tier, one.kind, ()), tiers, lang)
    counted = one.figure in COUNTS
    ours, theirs = (f"{value:,}" if counted else f"{value / FEN:,.2f}" for value in (one.ours, one.theirs))
    return say("totals.differs", lang, branch=branch, tier=tier, kind=kind, figure=figure_name(one.figure, lang), ours=ours, theirs=theirs)


def _place(group: Group, tiers: Mapping[str, str], lang: str) -> tuple[str, str, str]:
    tier = tiers.get(group.tier, group.tier) if group.tier else say("totals.no_tier", lang)
    return group.branch, tier, say(f"terms.named_code.{group.kind}", lang)


def _kind(name: str) -> Kind:
    return "count" if name in COUNTS else "cny"


def _cells(group: Group) -> tuple[Cell, ...]:
    return tuple(value if name in COUNTS else value / FEN for name, value in zip(FIGURES, group.figures, strict=True))
