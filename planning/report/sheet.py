"""One sheet of a workbook: headings, and rows whose text is text, whose numbers are numbers and whose dates are dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planning.report.i18n import say

Kind = Literal["text", "count", "number", "month", "cny", "ratio", "percent", "gap", "date"]
"""How a column or figure is shown: whole numbers, any number, a month 1..12, yuan to the fen, times, a share to one digit, a share to three, a date."""


@dataclass(frozen=True)
class Figure:
    """A figure that is shown otherwise than its column."""

    value: float | date
    kind: Kind


Cell = str | int | float | date | Figure | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, headings, and rows. `kinds` = of each column; with `total` the last row sums those above it."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: tuple[int, ...] = ()  # columns of text, counted from 0
    kinds: tuple[Kind, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Paper:
    """What is printed above and below every sheet of a workbook: left and right of the head, left of the foot; pages as `page` words them."""

    title: str
    head: str
    foot: str
    page: str  # with {number} and {of}


def typed(name: str, columns: Mapping[str, Kind], rows: Sequence[Sequence[Cell]], lang: str, total: bool = False) -> Sheet:
    """The sheet of an exported plan that `name` words, its columns worded by their own names."""
    heads = tuple(say(f"export.column.{column}", lang) for column in columns)
    texts = tuple(place for place, kind in enumerate(columns.values()) if kind == "text")
    return Sheet(say(f"export.sheet.{name}", lang), heads, tuple(tuple(row) for row in rows), texts, tuple(columns.values()), total)
