"""Small curves side by side on the same scales, each with one point on it and how far that may be off."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from planning.report.figures.bars import PHONE, Drawing
from planning.report.figures.canvas import ACCENT, INK, MUTED, PAPER, RULE, TINTS, Sheet, measure, wrapped
from planning.report.figures.grids import FULL

HEAD, TALL, FOOT, GAP = 56, 92, 28, 22  # of a panel, pixels
SIZES = (13, 12, 11)  # of a head, the largest that fits
TICKS = 3  # beside nought, at most
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)  # times a power of ten: values named on an axis


@dataclass(frozen=True)
class Panel:
    """One curve: three lines of words, its points, the point marked and its label; `error`: the curve's part by which it may be off."""

    heads: tuple[str, str, str]
    points: Sequence[tuple[float, float]]
    at: tuple[float, float]
    error: float
    label: str


@dataclass(frozen=True)
class Panels:
    """What is drawn. `across` and `up` = values named on the two axes, `ends` where these end."""

    panels: Sequence[Panel]
    across: Sequence[tuple[float, str]]
    up: Sequence[tuple[float, str]]
    ends: tuple[float, float]


def panels(drawn: Panels) -> Drawing:
    """Four beside each other on a desk, two on a phone."""
    return Drawing(_drawn(drawn, FULL, 4), _drawn(drawn, PHONE, 2))


def ticks(end: float) -> list[float]:
    """Nought and at most TICKS round values up to `end`."""
    size = 10.0 ** floor(log10(end / TICKS))
    step = next(nice * size for nice in NICE if nice * size * TICKS >= end * (1 - 1e-9))
    return [round(step * place, 12) for place in range(int(end / step + 1e-9) + 1)]


def _drawn(drawn: Panels, width: float, columns: int) -> str:
    columns = min(columns, len(drawn.panels))
    rows = -(-len(drawn.panels) // columns)
    left = max(measure(words, 12) for _, words in drawn.up) + 6
    each = (width - left - GAP * (columns - 1)) / columns
    sheet = Sheet(min(width, left + columns * (each + GAP)), rows * (HEAD + TALL + FOOT))
    for place, panel in enumerate(drawn.panels):
        row, column = divmod(place, columns)
        corner = (left + column * (each + GAP), row * (HEAD + TALL + FOOT))
        if column == 0:
            for height, words in drawn.up:
                sheet.text(left - 6, corner[1] + HEAD + TALL * (1 - height / drawn.ends[1]) + 4, words, 12, MUTED, "right")
        _panel(sheet, panel, drawn, (*corner, each))
    return sheet.svg()


def _panel(sheet: Sheet, panel: Panel, drawn: Panels, place: tuple[float, float, float]) -> None:
    x0, y0, width = place
    foot, (right, high) = y0 + HEAD + TALL, drawn.ends

    def spot(at: float, share: float) -> tuple[float, float]:
        return x0 + width * at / right, foot - TALL * min(share / high, 1.0)

    for line, (words, colour) in enumerate(zip(panel.heads, (INK, INK, MUTED), strict=True)):
        size = next((size for size in SIZES if measure(words, size) <= width), SIZES[-1])
        sheet.text(x0, y0 + 14 + 16 * line, wrapped(words, width, size, 1)[0], size, colour)
    if panel.error > 0:
        upper = [spot(at, share * (1 + panel.error)) for at, share in panel.points]
        sheet.area([*upper, *(spot(at, share * max(1 - panel.error, 0)) for at, share in reversed(panel.points))], TINTS[0])
    for height, _ in drawn.up:
        sheet.line((x0, x0 + width), (spot(0, height)[1],) * 2, RULE)
    sheet.path([spot(at, share) for at, share in panel.points], ACCENT, 2)
    x, y = spot(*panel.at)
    sheet.line((x, x), (y, foot), INK)
    sheet.bar(x - 5, y - 5, 10, 10, PAPER, 5)
    sheet.bar(x - 4, y - 4, 8, 8, INK, 4)
    half = measure(panel.label, 13) / 2
    above = y - 10 if y - 10 > y0 + HEAD + 4 else y + 20
    sheet.text(min(max(x, x0 + half), x0 + width - half), above, panel.label, 13, INK, "center")
    for at, words in drawn.across:
        sheet.text(min(spot(at, 0)[0], x0 + width - measure(words, 12) / 2), foot + 15, words, 12, MUTED, "left" if at == 0 else "center")
