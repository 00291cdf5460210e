"""Drawings in fewer bytes: outlines of glyphs on a coarse grid, from point to point, and marks without wrappings."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain, pairwise

EM = 500  # units of our grid to an em: a hundredth of a millimetre in print
GRID = 6400 / EM  # of matplotlib's units to one of ours
GLYPH = re.compile(r"<path id='(g\w+)' d='([^']*)' transform='scale\(0\.0156\d*\)'/>")
BLANK = re.compile(r"<path id='g\w+' transform='scale\(0\.0156\d*\)'/>")
USED = re.compile(r"<use href='#(g\w+)'(?: transform='translate\(([\d.]+) 0\)')?/>")
SIZED = re.compile(r"scale\((0\.\d+) -\1\)")
SHAPE = re.compile(r"([MLCQ])([^MLCQz]+)|z")
FRAME = re.compile(r"<g><path d='[^']*' style='fill: none'/></g>")
BOX = re.compile(r"M([\d.-]+),([\d.-]+)L([\d.-]+),\2L\3,([\d.-]+)L\1,\4L?(?:\1,\2)?z")
LONE = re.compile(r"<g>(<path[^>]*/>)</g>")

Spot = tuple[int, int]


def shortened(body: str) -> str:
    """The same drawing, shorter. `body` = the marks of an SVG, attributes in single quotes, coordinates parted by commas."""
    names = {name: f"g{place:x}" for place, (name, _) in enumerate(GLYPH.findall(body))}
    body = GLYPH.sub(lambda glyph: f"<path id='{names[glyph[1]]}' d='{outline(glyph[2])}'/>", FRAME.sub("", body))
    body = USED.sub(lambda used: _use(names.get(used[1], ""), used[2]), BLANK.sub("", body))
    body = SIZED.sub(lambda size: "scale({0:.4g} -{0:.4g})".format(float(size[1]) * 100 / EM), body)
    body = re.sub(r"style='([^']*)'", lambda style: _attributes(style[1]), body)
    return LONE.sub(r"\1", BOX.sub(r"M\1,\2H\3V\4H\1z", body))


def _use(name: str, place: str | None) -> str:
    """One glyph at its place; a blank is nothing to draw."""
    at = f" x='{float(place) * EM / 100:.0f}'" if place else ""
    return f"<use href='#{name}'{at}/>" if name else ""


def _attributes(style: str) -> str:
    return " ".join("{}='{}'".format(*one.split(": ")) for one in style.split("; "))


@cache
def outline(path: str) -> str:
    """A glyph's outline on our grid, each point told from the one before it."""
    shapes = [(shape[1] or "z", _spots(shape[2] or "")) for shape in SHAPE.finditer(path)]
    at = start = (0, 0)
    written = []
    for (kind, spots), (following, _) in pairwise([*shapes, ("", [])]):
        if kind == "z":
            written.append("z")
            at = start
        elif not (kind == "L" and following == "z" and spots[-1] == start):
            written.append(_step(kind, at, spots))
            at = spots[-1]
            start = at if kind == "M" else start
    return "".join(written)


def _spots(figures: str) -> list[Spot]:
    grid = [round(float(figure) / GRID) for figure in figures.split(",") if figure]
    return list(zip(grid[::2], grid[1::2], strict=True))


def _step(kind: str, at: Spot, spots: list[Spot]) -> str:
    moves = [(x - at[0], y - at[1]) for x, y in spots]
    if kind == "L" and 0 in moves[0]:
        across, up = moves[0]
        return f"h{across}" if across else f"v{up}" if up else ""
    return kind.lower() + _joined(chain.from_iterable(moves))


def _joined(figures: Iterable[int]) -> str:
    return re.sub(",-", "-", ",".join(str(figure) for figure in figures))
