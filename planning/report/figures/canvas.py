"""A sheet to draw on, in pixels from the top left; the only place that knows matplotlib. Same marks, same bytes."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from io import StringIO
from typing import Any, Literal
from urllib.parse import quote

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import BoxStyle, FancyBboxPatch, Polygon, Rectangle
from matplotlib.transforms import IdentityTransform

from planning.report.figures.outlines import shortened
from planning.report.fonts import FONT, require_glyphs

INK, MUTED, RULE, WASH, PAPER = "#1c2126", "#5d6670", "#d8dde2", "#f1f3f5", "#ffffff"
ACCENT, WARN = "#0b6b5d", "#b4540a"
TINTS = ("#d3e6e2", "#a9d0c8", "#76b3a8", "#2f7d70", ACCENT)  # light to dark; letters read on each of them
PAIR = ("#3f9083", "#a9d0c8")  # the two parts of a stacked bar
ON_DARK = "#fffffe"  # letters on the two darkest tints

DARK = {
    INK: "#e8ecef",
    MUTED: "#a3adb6",
    RULE: "#39424a",
    WASH: "#20272d",
    PAPER: "#15191d",
    ACCENT: "#5fc2b1",
    WARN: "#f0a35e",
    "#d3e6e2": "#1b3a35",
    "#a9d0c8": "#25544c",
    "#76b3a8": "#2f6e64",
    "#2f7d70": "#479a8c",
    "#3f9083": "#479a8c",
    ON_DARK: "#0c1513",
}
Anchor = Literal["left", "center", "right"]
SETTINGS: Any = {"svg.hashsalt": "planning", "svg.fonttype": "path", "text.parse_math": False, "path.simplify": False, "figure.facecolor": "none"}


class Sheet:
    """A drawing of a given size; `svg()` gives its text, without ids of the moment, dates, comments or metadata."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._marks: list[Callable[[Figure], Artist]] = []

    def bar(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:
        """A filled box; nothing when it has no width or height."""
        if width <= 0 or height <= 0:
            return
        place = (x, self.height - y - height)

        def mark(figure: Figure) -> Artist:
            rounded = BoxStyle.Round(pad=0, rounding_size=min(radius, width / 2, height / 2))
            box = FancyBboxPatch(place, width, height, boxstyle=rounded) if radius else Rectangle(place, width, height)
            box.set(facecolor=fill, linewidth=0)
            figure.add_artist(box)
            box.set_transform(IdentityTransform())
            return box

        self._marks.append(mark)

    def line(self, x: tuple[float, float], y: tuple[float, float], colour: str, width: float = 1) -> None:
        """A straight line from (x[0], y[0]) to (x[1], y[1])."""

        def mark(figure: Figure) -> Artist:
            line = Line2D(x, [self.height - one for one in y], color=colour, linewidth=width, solid_capstyle="butt")
            figure.add_artist(line)
            line.set_transform(IdentityTransform())
            return line

        self._marks.append(mark)

    def path(self, spots: Sequence[tuple[float, float]], colour: str, width: float = 1) -> None:
        """A line through the spots."""

        def mark(figure: Figure) -> Artist:
            line = Line2D([x for x, _ in spots], [self.height - y for _, y in spots], color=colour, linewidth=width)
            figure.add_artist(line)
            line.set_transform(IdentityTransform())
            return line

        self._marks.append(mark)

    def area(self, spots: Sequence[tuple[float, float]], fill: str) -> None:
        """A filled shape with its corners at the spots."""

        def mark(figure: Figure) -> Artist:
            shape = Polygon([(x, self.height - y) for x, y in spots], facecolor=fill, linewidth=0)
            figure.add_artist(shape)
            shape.set_transform(IdentityTransform())
            return shape

        self._marks.append(mark)

    def text(self, x: float, y: float, words: str, size: float = 14, colour: str = INK, anchor: Anchor = "left") -> None:
        """Words on the baseline y. RunFailed when the font lacks a character."""
        require_glyphs(words)

        def mark(figure: Figure) -> Artist:
            font = FontProperties(fname=str(FONT), size=size)
            return figure.text(
                x, self.height - y, words, color=colour, ha=anchor, va="baseline", transform=IdentityTransform(), parse_math=False, fontproperties=font
            )

        self._marks.append(mark)

    def svg(self) -> str:
        """The drawing as SVG text with glyphs as paths, and its colours for dark surroundings; any warning is an error."""
        out = StringIO()
        with mpl.rc_context(), warnings.catch_warnings():
            warnings.simplefilter("error")
            mpl.rcdefaults()
            mpl.rcParams.update(SETTINGS)
            figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            for place, mark in enumerate(self._marks):
                mark(figure).set_zorder(place)
            FigureCanvasSVG(figure).print_figure(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        return _cleaned(out.getvalue(), self.width, self.height)


@cache
def measure(words: str, size: float) -> float:
    """How wide the words are, in pixels. RunFailed when the font lacks a character."""
    require_glyphs(words)
    font = _face()
    font.set_size(size, 72)
    font.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def wrapped(words: str, width: float, size: float, lines: int = 2) -> list[str]:
    """The words broken to a width: at blanks, between Chinese characters, or with a hyphen; what does not fit ends in …"""
    rows: list[str] = [""]
    for part in _parts(words, width, size):
        if rows[-1] and (rows[-1].endswith("-\u200b") or measure((rows[-1] + part).rstrip(), size) > width):
            rows.append("")
        rows[-1] += part
    kept = [row.replace("\u200b", "").strip() for row in rows]
    if len(kept) > lines:
        kept = [*kept[: lines - 1], kept[lines - 1].rstrip("-") + "…"]
    return [_shortened(row, width, size) for row in kept]


def fitting(words: Sequence[str], width: float, sizes: Sequence[float]) -> float:
    """The first of the sizes at which every word of them fits the width; the last where none does."""
    parts = [part.strip() for one in words for part in _split(one)]
    return next((size for size in sizes if all(measure(part, size) <= width for part in parts)), sizes[-1])


def _split(words: str) -> list[str]:
    return re.findall(r"[\u2e80-\uffef]|[^\u2e80-\uffef\s]+\s*|\s+", words)


def _parts(words: str, width: float, size: float) -> Iterator[str]:
    for part in _split(words):
        rest = part
        while len(rest.strip()) > 4 and measure(rest.strip(), size) > width:
            fits = max((n for n in range(2, len(rest.strip()) - 1) if measure(rest[:n] + "-", size) <= width), default=2)
            yield rest[:fits] + "-\u200b"
            rest = rest[fits:]
        yield rest


def _shortened(words: str, width: float, size: float) -> str:
    if measure(words, size) <= width:
        return words
    cut = words.rstrip("…")
    while len(cut) > 1 and measure(cut + "…", size) > width:
        cut = cut[:-1]
    return cut + "…"


@cache
def _face() -> FT2Font:
    return FT2Font(str(FONT))


def data_uri(svg: str) -> str:
    """The drawing as an address that needs no network; without blanks, so that it may stand in a srcset."""
    return "data:image/svg+xml," + quote(svg, safe="/:;=,'()[]*{}!+-._@&")


def _cleaned(svg: str, width: float, height: float) -> str:
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", svg[svg.index("<g") : svg.rindex("</svg>")], flags=re.DOTALL)
    body = re.sub(r"<(g|path) id=\"(figure|patch|line2d|text)_\d+\"", r"<\1", body)
    body = re.sub(r"\s+", " ", body).replace("NotoSansCJKsc-Regular-", "g").replace("xlink:href", "href")
    body = body.replace("> <", "><")
    body = re.sub(r"(?<= d=\")[^\"]*", lambda path: re.sub(r" ?([A-Za-z]) ?", r"\1", path[0]).strip().replace(" ", ","), body)
    body = re.sub(r"\d+\.\d{3,}", lambda figure: f"{float(figure[0]):.4g}", body)
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' width='{width:g}' height='{height:g}'>"
    short = shortened(body.replace('"', "'"))
    return head + f"<style>{_dark(short)}</style>{short}</svg>"


def _dark(body: str) -> str:
    rules = [f"[{part}='{light}']{{{part}:{dark}}}" for light, dark in DARK.items() for part in ("fill", "stroke") if f"{part}='{light}'" in body]
    return "*{stroke-linejoin:round}" + (f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}" if rules else "")
