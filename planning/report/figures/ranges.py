"""What may come of a plan: how often each outcome, and how far single answers move it."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.report.figures.bars import HALF, PHONE, Drawing
from planning.report.figures.canvas import ACCENT, INK, MUTED, PAIR, RULE, TINTS, WARN, Sheet, measure, wrapped

HEIGHT, TOP, FOOT = 250, 64, 42
STEP = 46  # between the rows of a swing


@dataclass(frozen=True)
class Column:
    """One column: between which amounts, how often, whether it lies in the middle eight of ten cases."""

    start: float
    end: float
    often: float
    inside: bool


@dataclass(frozen=True)
class Named:
    """An amount on the axis with its words; `kind`: middle, edge or nought."""

    at: float
    words: str
    kind: str


@dataclass(frozen=True)
class Swing:
    """What one answer moves when weak and when strong, with the figures in words."""

    name: str
    weak: float
    strong: float
    figures: tuple[str, str]


def often(columns: Sequence[Column], named: Sequence[Named]) -> Drawing:
    """How often each outcome comes, with a few amounts named."""
    return Drawing(_often(columns, named, HALF), _often(columns, named, PHONE))


def swings(rows: Sequence[Swing], legend: tuple[str, str]) -> Drawing:
    """Weak and strong on either side of what is expected, a row an answer."""
    return Drawing(_swings(rows, legend, HALF), _swings(rows, legend, PHONE))


def _often(columns: Sequence[Column], named: Sequence[Named], width: float) -> str:
    sheet = Sheet(width, HEIGHT)
    places = [*(edge for column in columns for edge in (column.start, column.end)), *(one.at for one in named)]
    low, span = min(places), (max(places) - min(places)) or 1.0
    most = max(column.often for column in columns) or 1.0

    def x(at: float) -> float:
        return 6 + (width - 12) * (at - low) / span

    for column in columns:
        tall = (HEIGHT - TOP - FOOT) * column.often / most
        fill = ACCENT if column.inside else TINTS[1]
        sheet.bar(x(column.start) + 1, HEIGHT - FOOT - tall, x(column.end) - x(column.start) - 2, tall, fill)
    sheet.line((6, width - 6), (HEIGHT - FOOT,) * 2, RULE)
    heights = {"middle": 16, "edge": HEIGHT - FOOT + 18, "nought": HEIGHT - FOOT + 36}
    for one in named:
        colour = WARN if one.kind == "nought" else INK if one.kind == "middle" else MUTED
        up = 24 if one.kind == "middle" else TOP - 10
        sheet.line((x(one.at),) * 2, (up, HEIGHT - FOOT + 4), colour, 2 if one.kind == "nought" else 1)
        half = measure(one.words, 13) / 2
        sheet.text(min(max(x(one.at), half), width - half), heights[one.kind], one.words, 13, colour, "center")
    return sheet.svg()


def _swings(rows: Sequence[Swing], legend: tuple[str, str], width: float) -> str:
    sheet = Sheet(width, 34 + STEP * len(rows))
    side = max([measure(words, 13) for row in rows for words in row.figures] or [0]) + 10
    ends = [0.0, *(amount for row in rows for amount in (row.weak, row.strong))]
    span = (max(ends) - min(ends)) or 1.0

    def x(at: float) -> float:
        return side + (width - 2 * side) * (at - min(ends)) / span

    place = 0.0
    for colour, words in zip((PAIR[1], ACCENT), legend, strict=True):
        sheet.bar(place, 5, 11, 11, colour)
        sheet.text(place + 16, 15, words, 13, MUTED)
        place += measure(words, 13) + 34
    for number, row in enumerate(rows):
        y = 34 + STEP * number
        sheet.text(0, y + 12, wrapped(row.name, width, 13, 1)[0], 13, INK)
        for amount, words, colour in ((row.weak, row.figures[0], PAIR[1]), (row.strong, row.figures[1], ACCENT)):
            left, right = sorted((x(0.0), x(amount)))
            sheet.bar(left, y + 19, right - left, 16, colour)
            if amount < 0:
                sheet.text(left - 5, y + 32, words, 13, INK, "right")
            else:
                sheet.text(right + 5, y + 32, words, 13, INK)
        sheet.line((x(0.0),) * 2, (y + 16, y + 38), INK, 1)
    return sheet.svg()
