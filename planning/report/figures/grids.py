"""Cells with figures in them, darker where there is more: the calendar and the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.report.figures.bars import PHONE, Drawing
from planning.report.figures.canvas import INK, MUTED, ON_DARK, TINTS, WASH, Sheet, fitting, measure, wrapped

HEADS = (13, 12, 11)  # sizes of a column's head, the largest that fits
FULL = 992  # pixels: the page's width on a desk


@dataclass(frozen=True)
class Cell:
    """Words and weight 0..1 of the most; an empty cell has no words."""

    words: str = ""
    weight: float = 0.0


@dataclass(frozen=True)
class Grid:
    """A block of cells with its heads; `title` stands above it."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    title: str = ""


def turned(grid: Grid) -> Grid:
    """The same with rows as columns, for a narrow sheet."""
    return Grid(grid.columns, grid.rows, tuple(zip(*grid.cells, strict=True)), grid.title)


def grids(wide: Sequence[Grid], narrow: Sequence[Grid]) -> Drawing:
    """Blocks side by side on a desk, one under the other on a phone."""
    return Drawing(_across(wide), _down(narrow))


def _across(blocks: Sequence[Grid]) -> str:
    left = min(max(measure(row, 14) for block in blocks for row in block.rows), 150) + 14
    gap = 28
    each = (FULL - left - gap * (len(blocks) - 1)) / len(blocks)
    sheet = Sheet(FULL, max(_height(block, each, 30) for block in blocks))
    head = max(_head(block, each) for block in blocks)
    for place, block in enumerate(blocks):
        _block(sheet, block, (left + place * (each + gap), 0, each, head), 30)
    _rows(sheet, blocks[0], left, head, 30)
    return sheet.svg()


def _down(blocks: Sequence[Grid]) -> str:
    left = min(max(measure(row, 14) for block in blocks for row in block.rows), 96) + 10
    each, gap = PHONE - left, 18
    heights = [_height(block, each, 32) for block in blocks]
    sheet = Sheet(PHONE, sum(heights) + gap * (len(blocks) - 1))
    y = 0.0
    for block, height in zip(blocks, heights, strict=True):
        head = _head(block, each)
        _block(sheet, block, (left, y, each, head), 32)
        _rows(sheet, block, left, y + head, 32)
        y += height + gap
    return sheet.svg()


def _height(block: Grid, width: float, step: float) -> float:
    return _head(block, width) + step * len(block.rows)


def _head(block: Grid, width: float) -> float:
    cell = width / len(block.columns)
    size = fitting(block.columns, cell - 3, HEADS)
    lines = max(len(wrapped(words, cell - 3, size)) for words in block.columns)
    return (22 if block.title else 0) + 16 * lines + 8


def _block(sheet: Sheet, block: Grid, place: tuple[float, float, float, float], step: float) -> None:
    x, y, width, head = place
    cell = width / len(block.columns)
    if block.title:
        sheet.text(x + 2, y + 14, block.title, 13, MUTED)
    size = fitting(block.columns, cell - 3, HEADS)
    for column, words in enumerate(block.columns):
        lines = wrapped(words, cell - 3, size)
        for line, part in enumerate(lines):
            sheet.text(x + cell * (column + 0.5), y + head - 8 - 16 * (len(lines) - 1 - line), part, size, MUTED, "center")
    for row, cells in enumerate(block.cells):
        for column, one in enumerate(cells):
            left, top = x + cell * column, y + head + step * row
            shade = min(int(one.weight * len(TINTS)), len(TINTS) - 1)
            filled = bool(one.words) and one.weight > 0
            sheet.bar(left + 2, top, cell - 4, step - 4, TINTS[shade] if filled else WASH, 3)
            colour = MUTED if not filled else ON_DARK if shade >= 3 else INK
            if one.words:
                sheet.text(left + cell / 2, top + (step - 4) / 2 + 5, one.words, 14, colour, "center")


def _rows(sheet: Sheet, block: Grid, left: float, top: float, step: float) -> None:
    for row, words in enumerate(block.rows):
        lines = wrapped(words, left - 10, 14 if len(wrapped(words, left - 10, 14)) == 1 else 12)
        size = 14 if len(lines) == 1 else 12
        for line, part in enumerate(lines):
            sheet.text(left - 10, top + step * row + (step - 4) / 2 + 5 - 7 * (len(lines) - 1) + 14 * line, part, size, INK, "right")
