"""Bars with their figures beside them: money in and out, shares within limits, hours against what is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.report.figures.canvas import ACCENT, INK, MUTED, PAIR, TINTS, WARN, WASH, Sheet, measure, wrapped

HALF, PHONE = 476, 350  # pixels: one of two columns on a desk, a phone
FIRST, SECOND, THIRD = *PAIR, ACCENT


@dataclass(frozen=True)
class Drawing:
    """One figure, for a desk and for a phone."""

    wide: str
    narrow: str


@dataclass(frozen=True)
class Pair:
    """Two bars: what is spent, in two parts, and what it adds. `figures` are their labels, `note` a warning in words."""

    name: str
    parts: tuple[float, float]
    added: float
    figures: tuple[str, str]
    note: str = ""


@dataclass(frozen=True)
class Within:
    """One share and the limits it must keep, with the words beside each."""

    name: str
    share: float
    figure: str
    low: float | None = None
    high: float | None = None
    limits: str = ""
    tight: bool = False


@dataclass(frozen=True)
class Load:
    """Two parts of a need against what there is."""

    name: str
    parts: tuple[float, float]
    there: float
    figure: str


def pairs(rows: Sequence[Pair], legend: tuple[str, str, str]) -> Drawing:
    """Spend (two parts) and what it adds, a pair of bars a row; a part without words in the legend is not used."""
    return Drawing(_pairs(rows, legend, HALF), _pairs(rows, legend, PHONE))


def within(rows: Sequence[Within]) -> Drawing:
    """Shares as bars over the band they must keep to."""
    return Drawing(_within(rows, HALF), _within(rows, PHONE))


def loads(rows: Sequence[Load], legend: tuple[str, str, str]) -> Drawing:
    """Needs as stacked bars, with a mark at what is there."""
    return Drawing(_loads(rows, legend, HALF), _loads(rows, legend, PHONE))


def _pairs(rows: Sequence[Pair], legend: tuple[str, str, str], width: float) -> str:
    left = _gutter([row.name for row in rows], width)
    step, top = 66 if any(row.note for row in rows) else 48, 30
    sheet = Sheet(width, top + step * len(rows) - 8)
    _legend(sheet, (FIRST, SECOND, THIRD), legend, left)
    room = width - left - max([measure(words, 13) for row in rows for words in row.figures] or [0]) - 10
    most = max([*(sum(row.parts) for row in rows), *(row.added for row in rows), 1e-9])
    for place, row in enumerate(rows):
        y = top + step * place
        _name(sheet, row.name, left, y + 18)
        scale = room / most
        first, second = (max(part, 0) * scale for part in row.parts)
        sheet.bar(left, y, first, 16, FIRST)
        sheet.bar(left + first, y, second, 16, SECOND)
        sheet.text(left + first + second + 6, y + 13, row.figures[0], 13, MUTED)
        sheet.bar(left, y + 18, max(row.added, 0) * scale, 16, THIRD)
        sheet.text(left + max(row.added, 0) * scale + 6, y + 31, row.figures[1], 13, INK)
        if row.note:
            sheet.text(left, y + 48, row.note, 12, WARN)
    return sheet.svg()


def _within(rows: Sequence[Within], width: float) -> str:
    left = _gutter([row.name for row in rows], width)
    step, top = 48, 8
    sheet = Sheet(width, top + step * len(rows))
    room = width - left - max([measure(row.figure, 13) for row in rows] or [0]) - 8
    most = max([*(row.share for row in rows), *(row.high for row in rows if row.high is not None and row.high < 1), 1e-9])
    for place, row in enumerate(rows):
        y, scale = top + step * place, room / most
        _name(sheet, row.name, left, y + 15)
        low, high = (row.low or 0) * scale, min(row.high if row.high is not None else most, most) * scale
        if row.limits:
            sheet.bar(left + low, y - 2, high - low, 24, TINTS[0])
        sheet.bar(left, y + 3, row.share * scale, 14, ACCENT)
        for limit in (row.low, row.high):
            if limit and limit <= most:
                sheet.line((left + limit * scale,) * 2, (y - 4, y + 24), WARN if row.tight else MUTED, 2)
        after = max(row.share * scale, high if row.limits else 0)
        sheet.text(left + after + 6, y + 15, row.figure, 13, INK)
        if row.limits:
            sheet.text(left, y + 37, row.limits, 12, WARN if row.tight else MUTED)
    return sheet.svg()


def _loads(rows: Sequence[Load], legend: tuple[str, str, str], width: float) -> str:
    left = _gutter([row.name for row in rows], width)
    step, top = 28, 30
    sheet = Sheet(width, top + step * len(rows))
    _legend(sheet, (FIRST, SECOND, INK), legend, left)
    room = width - left - max([measure(row.figure, 13) for row in rows] or [0]) - 10
    most = max([*(sum(row.parts) for row in rows), *(row.there for row in rows), 1e-9])
    for place, row in enumerate(rows):
        y, scale = top + step * place, room / most
        _name(sheet, row.name, left, y + 14)
        over = sum(row.parts) > row.there + 0.5
        sheet.bar(left, y, row.there * scale, 18, WASH)
        sheet.bar(left, y + 2, row.parts[0] * scale, 14, FIRST)
        sheet.bar(left + row.parts[0] * scale, y + 2, row.parts[1] * scale, 14, SECOND)
        sheet.line((left + row.there * scale,) * 2, (y - 2, y + 20), WARN if over else INK, 2)
        sheet.text(left + max(sum(row.parts), row.there) * scale + 7, y + 14, row.figure, 13, WARN if over else INK)
    return sheet.svg()


def _gutter(names: Sequence[str], width: float) -> float:
    widest = max([measure(name, 14) for name in names] or [0])
    return min(widest, width * 0.26) + 12


def _name(sheet: Sheet, name: str, left: float, y: float) -> None:
    size = 14 if len(wrapped(name, left - 12, 14)) == 1 else 12
    lines = wrapped(name, left - 12, size)
    for place, line in enumerate(lines):
        sheet.text(left - 12, y + 13 * place - 7 * (len(lines) - 1), line, size, INK, "right")


def _legend(sheet: Sheet, colours: Sequence[str], legend: Sequence[str], left: float) -> None:
    named = [(colour, words) for colour, words in zip(colours, legend, strict=True) if words]
    x = max(min(left, sheet.width - sum(measure(words, 13) + 30 for _, words in named)), 0)
    for colour, words in named:
        if colour == INK:
            sheet.line((x + 5, x + 5), (4, 18), INK, 2)
        else:
            sheet.bar(x, 5, 11, 11, colour)
        sheet.text(x + 16, 15, words, 13, MUTED)
        x += measure(words, 13) + 30
