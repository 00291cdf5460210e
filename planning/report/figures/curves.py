"""Two lines over one axis: what was reached and what cannot be exceeded, with marks at budgets that mean something."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planning.report.figures.bars import HALF, PHONE, Drawing
from planning.report.figures.canvas import ACCENT, INK, MUTED, PAPER, RULE, TINTS, Sheet, measure

HEIGHT, TOP, FOOT = 300, 58, 46
TICKS = 4


@dataclass(frozen=True)
class Point:
    """One place on the axis: what was reached there, and what cannot be exceeded. The labels are the figures in words."""

    at: float
    reached: float
    bound: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A place on the axis with a name."""

    at: float
    words: str


@dataclass(frozen=True)
class Spot:
    """One plan beside the lines: where it stands, and its name."""

    at: float
    height: float
    words: str


@dataclass(frozen=True)
class Curves:
    """What is drawn. `heights` are the values named on the upright axis, with their labels; `spots` are plans to compare with."""

    points: Sequence[Point]
    marks: Sequence[Mark]
    heights: Sequence[tuple[float, str]]
    legend: tuple[str, str]
    spots: Sequence[Spot] = ()


def curves(drawn: Curves) -> Drawing:
    """The two lines on a desk and on a phone."""
    return Drawing(_drawn(drawn, HALF), _drawn(drawn, PHONE))


def _drawn(drawn: Curves, width: float) -> str:
    sheet = Sheet(width, HEIGHT)
    left = max(measure(words, 12) for _, words in drawn.heights) + 10
    place = _Place(drawn, (left, width - 14))
    _legend(sheet, drawn.legend, left)
    for height, words in drawn.heights:
        sheet.line((left, width - 14), (place.y(height),) * 2, RULE)
        sheet.text(left - 8, place.y(height) + 4, words, 12, MUTED, "right")
    for number, mark in enumerate(drawn.marks):
        sheet.line((place.x(mark.at),) * 2, (TOP - 14, HEIGHT - FOOT), INK if number == 0 else MUTED, 1)
        _marked(sheet, mark, (place.x(mark.at), TOP - 20 if number == 0 else HEIGHT - FOOT + 36), (left, width))
    for colour, thick, amounts in ((TINTS[1], 3, [point.bound for point in drawn.points]), (ACCENT, 2, [point.reached for point in drawn.points])):
        spots = [(place.x(point.at), place.y(amount)) for point, amount in zip(drawn.points, amounts, strict=True)]
        for (x0, y0), (x1, y1) in pairwise(spots):
            sheet.line((x0, x1), (y0, y1), colour, thick)
    for point in drawn.points:
        x, y = place.x(point.at), place.y(point.reached)
        sheet.bar(x - 4, y - 4, 8, 8, PAPER, 4)
        sheet.bar(x - 3, y - 3, 6, 6, ACCENT, 3)
    for spot in drawn.spots:
        _spot(sheet, spot, (place.x(spot.at), place.y(spot.height)), (left, [place.x(mark.at) for mark in drawn.marks]))
    _feet(sheet, drawn, place)
    return sheet.svg()


class _Place:
    """Where a budget and a value stand on the sheet."""

    def __init__(self, drawn: Curves, sides: tuple[float, float]) -> None:
        places = [*(point.at for point in drawn.points), *(mark.at for mark in drawn.marks), *(spot.at for spot in drawn.spots)]
        heights = [*(height for height, _ in drawn.heights), *(spot.height for spot in drawn.spots)]
        self._sides, self._ends, self._heights = sides, (min(places), max(places)), (min(heights), max(heights))

    def x(self, at: float) -> float:
        low, high = self._ends
        return self._sides[0] + (self._sides[1] - self._sides[0]) * (at - low) / ((high - low) or 1.0)

    def y(self, amount: float) -> float:
        low, high = self._heights
        return HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * (amount - low) / ((high - low) or 1.0)


def _feet(sheet: Sheet, drawn: Curves, place: _Place) -> None:
    step = max(len(drawn.points) // TICKS, 1)
    end = 0.0
    for point in drawn.points[::step]:
        half = measure(point.label, 12) / 2
        x = min(max(place.x(point.at), half), sheet.width - half)
        if x - half > end:
            sheet.text(x, HEIGHT - FOOT + 18, point.label, 12, MUTED, "center")
            end = x + half + 6


def _marked(sheet: Sheet, mark: Mark, at: tuple[float, float], sides: tuple[float, float]) -> None:
    half = measure(mark.words, 12) / 2
    sheet.text(min(max(at[0], half), sides[1] - half), at[1], mark.words, 12, INK, "center")


def _spot(sheet: Sheet, spot: Spot, place: tuple[float, float], beside: tuple[float, Sequence[float]]) -> None:
    """The spot with its name at the right, or at the left where a mark's line or the edge is in the way."""
    (x, y), (left, lines) = place, beside
    sheet.bar(x - 6, y - 6, 12, 12, INK, 6)
    sheet.bar(x - 4, y - 4, 8, 8, PAPER, 4)
    wide = measure(spot.words, 12) + 9
    blocked = x + wide > sheet.width or any(x + 1 < line < x + wide for line in lines)
    sheet.text(x - wide if blocked and x - wide > left else x + 9, y + 16 if y + 20 < HEIGHT - FOOT else y - 8, spot.words, 12, INK)


def _legend(sheet: Sheet, legend: tuple[str, str], left: float) -> None:
    x = left
    for colour, words in zip((ACCENT, TINTS[1]), legend, strict=True):
        sheet.bar(x, 7, 14, 4, colour)
        sheet.text(x + 19, 14, words, 13, MUTED)
        x += measure(words, 13) + 36
