"""Rows that run along one axis: the steps from one amount to another, and how far limits are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planning.report.figures.bars import PHONE, Drawing
from planning.report.figures.canvas import ACCENT, INK, MUTED, PAIR, RULE, TINTS, WASH, Sheet, measure, wrapped
from planning.report.figures.grids import FULL

STEP = 27  # between rows
MIDDLE = 860  # pixels: as wide as limits are drawn on a desk
ROOM = 150  # the least of it for the bars


@dataclass(frozen=True)
class Step:
    """One row of a waterfall: where its bar starts and ends, and its figure in words. `whole`: an amount, not a change."""

    name: str
    start: float
    end: float
    figure: str
    whole: bool = False


@dataclass(frozen=True)
class Limit:
    """One limit: how far it is used (1 is fully), and what is used of what in words. `bound`: nothing is left."""

    name: str
    used: float
    figure: str
    words: str
    bound: bool = False


def steps(rows: Sequence[Step]) -> Drawing:
    """The way from the first row's amount to the last row's."""
    return Drawing(_steps(rows, FULL), _steps(rows, PHONE))


def limits(rows: Sequence[Limit]) -> Drawing:
    """How far each limit is used; the line at the right is the limit."""
    return Drawing(_limits(rows), _limits_narrow(rows))


def _steps(rows: Sequence[Step], width: float) -> str:
    left = min(max(measure(row.name, 14) for row in rows), width * 0.3) + 12
    sheet = Sheet(width, STEP * len(rows) + 4)
    ends = [0.0, *(edge for row in rows for edge in (row.start, row.end))]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0
    before, after = (max([measure(row.figure, 13) for row in rows if (row.end < row.start) == falls] or [0]) + 8 for falls in (True, False))
    spare = before if low < 0 else 0.0

    def x(at: float) -> float:
        return left + spare + (width - left - spare - after) * (at - low) / span

    for place, (row, following) in enumerate(pairwise(rows)):
        start = following.end if following.whole else following.start
        sheet.line((x(row.end), x(start)), (STEP * place + 20, STEP * (place + 1) + 4), MUTED, 1)
    for place, row in enumerate(rows):
        y = STEP * place + 4
        _named(sheet, row.name, (left - 12, y + 13), "right")
        near, far = sorted((x(row.start), x(row.end)))
        sheet.bar(near, y, far - near, 18, MUTED if row.whole else ACCENT if row.end >= row.start else TINTS[1])
        _figure(sheet, row, (near, far), y + 14, left)
    sheet.line((x(0.0),) * 2, (0, STEP * len(rows)), RULE, 1)
    return sheet.svg()


def _figure(sheet: Sheet, row: Step, sides: tuple[float, float], y: float, left: float) -> None:
    near, far = sides
    if row.end < row.start and near - measure(row.figure, 13) - 6 > left:
        sheet.text(near - 6, y, row.figure, 13, INK, "right")
    else:
        sheet.text(far + 6, y, row.figure, 13, INK)


def _limits(rows: Sequence[Limit]) -> str:
    left = max(measure(row.name, 14) for row in rows) + 12
    figures = max(measure(row.figure, 13) for row in rows) + 20
    room = max(MIDDLE - left - figures - max(measure(row.words, 13) for row in rows), ROOM)
    sheet = Sheet(FULL, STEP * len(rows) + 4)
    for place, row in enumerate(rows):
        y = STEP * place + 4
        _named(sheet, row.name, (left - 12, y + 13), "right")
        _used(sheet, row, (left, y), room)
        sheet.text(left + room + 8, y + 13, row.figure, 13, INK)
        sheet.text(left + room + figures, y + 13, wrapped(row.words, FULL - left - room - figures, 13, 1)[0], 13, MUTED)
    return sheet.svg()


def _limits_narrow(rows: Sequence[Limit]) -> str:
    step = 60
    sheet = Sheet(PHONE, step * len(rows))
    room = PHONE - max(measure(row.figure, 13) for row in rows) - 8
    for place, row in enumerate(rows):
        y = step * place
        _named(sheet, row.name, (0, y + 14), "left")
        _used(sheet, row, (0, y + 20), room)
        sheet.text(room + 8, y + 33, row.figure, 13, INK)
        sheet.text(0, y + 50, wrapped(row.words, PHONE, 12, 1)[0], 12, MUTED)
    return sheet.svg()


def _used(sheet: Sheet, row: Limit, place: tuple[float, float], room: float) -> None:
    x, y = place
    sheet.bar(x, y, room, 16, WASH)
    sheet.bar(x, y, room * min(row.used, 1.0), 16, ACCENT if row.bound else PAIR[1])
    sheet.line((x + room,) * 2, (y - 2, y + 18), INK, 2)


def _named(sheet: Sheet, name: str, place: tuple[float, float], anchor: str) -> None:
    room = place[0] if anchor == "right" else sheet.width
    size = 14 if measure(name, 14) <= room else 12
    lines = wrapped(name, room, size)
    for number, line in enumerate(lines):
        sheet.text(place[0], place[1] - 6 * (len(lines) - 1) + 12 * number, line, size, INK, anchor)  # type: ignore[arg-type]
