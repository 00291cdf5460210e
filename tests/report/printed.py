"""Reads back what a page prints: amounts, counts and shares, with the size of the last digit's step."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

LARGE = (("billion", 1e9), ("million", 1e6), ("thousand", 1e3), ("亿", 1e8), ("万", 1e4))
NOTE = "\x00"  # stands where small print begins
FIGURE = re.compile(r"−?\d[\d,]*(?:\.\d+)?")


def figure(words: str) -> tuple[float, float]:
    """(the first figure in the words, its step) in the unit the words name: yuan for 万元, CNY million …, a share for percent."""
    found = FIGURE.search(words.replace("\xa0", " "))
    assert found, words
    size = next((size for name, size in LARGE if name in words), 1.0) * (0.01 if "%" in words else 1.0)
    text = found[0].replace("−", "-").replace(",", "")
    return float(text) * size, 10.0 ** -len(text.partition(".")[2]) * size


@dataclass(frozen=True)
class Printed:
    """A table of the page: caption, the note under it, heads, rows of cells."""

    caption: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def unit(self) -> float:
        """Yuan a unit, as the note names it."""
        return next((size for name, size in LARGE if name in self.note), 1.0)

    def column(self, head: str, unit: float = 1.0) -> list[tuple[float, float]]:
        """(figure, step) of each cell of a column, in yuan where its unit is given."""
        place = self.heads.index(head)
        return [(value * unit, step * unit) for value, step in (figure(row[place]) for row in self.rows)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Printed] = []
        self.words: list[str] = []
        self._cell: list[str] | None = None
        self._caption, self._rows = "", list[list[str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser hands them over
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td", "caption"):
            self._cell = []
        elif tag == "small" and self._cell is not None:
            self._cell.append(NOTE)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "caption"):
            words, self._cell = "".join(self._cell or ()).strip(), None
            if tag == "caption":
                self._caption = words
            else:
                self._rows[-1].append(words)
        elif tag == "table":
            heads, *rows = self._rows
            self.tables.append(Printed(*_two(self._caption), tuple(heads), tuple(map(tuple, rows))))


def _two(caption: str) -> tuple[str, str]:
    title, _, note = caption.partition(NOTE)
    return title.strip(), note


def tables(html: str) -> list[Printed]:
    """Every table of a page or card, in reading order."""
    reader = _Reader()
    reader.feed(html)
    return reader.tables


def text(html: str) -> str:
    """The words of a page or card."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split())
