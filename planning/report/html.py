"""Markup of the cards: templates that escape everything, tables and figures a screen reader can follow."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from planning.report.figures.bars import Drawing
from planning.report.figures.canvas import data_uri
from planning.report.i18n import say

LONG = 36  # letters in one line of a table's cell
CHINESE = "\u2e80"  # the first of the wide signs
TEMPLATES = Path(__file__).with_name("templates") / "cards"


@dataclass(frozen=True)
class Table:
    """A table in one language: every cell is finished text; the first of a row is its head. `total` marks the last row as the sum.

    `left` are the columns (by place) that hold words rather than figures.
    """

    caption: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: bool = False
    left: frozenset[int] = frozenset({0})
    wide: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure in one language: its finding, unit and source, the drawing, and the table of its numbers."""

    finding: str
    note: str
    drawing: Drawing
    table: Table | None = None
    full: bool = False


def render(template: str, lang: str, **values: object) -> Markup:
    """The template's markup in one language; `t` words a key, `rich` words it with markup kept in its values."""
    return Markup(_environment().get_template(template).render(lang=lang, t=_worder(lang), rich=_rich(lang), clauses=clauses, **values))


def strong(words: str) -> Markup:
    """Words set in the accent colour, inside a sentence."""
    return Markup("<em>{}</em>").format(words)


def clauses(words: str) -> Markup:
    """Words that break between Chinese clauses rather than inside one; English ones stay as they are."""
    if "，" not in words:
        return escape(words)
    return Markup(re.sub(r"[^，；。]+[，；。]?", r'<span class="clause">\g<0></span>', str(escape(words))))


def tag(kind: str, words: str) -> Markup:
    """A small label: ok, bind or block."""
    return Markup('<span class="tag {}">{}</span>').format(kind, words)


def described(name: str, meaning: str) -> Markup:
    """A name with a sentence that says what it means under it."""
    return Markup("{} <small>{}</small>").format(name, meaning)


def _worder(lang: str) -> Callable[..., str]:
    return lambda key, /, **values: say(key, lang, **values)


def _rich(lang: str) -> Callable[..., Markup]:
    return lambda key, /, **values: rich(key, lang, **values)


def rich(key: str, lang: str, /, **values: object) -> Markup:
    """Words with markup in their values: the values that are not markup are escaped."""
    parts: dict[str, object] = {name: f"\x00{name}\x00" for name in values if name != "n"}
    if "n" in values:
        parts["n"] = values["n"]
    words = escape(say(key, lang, **parts))
    for name, value in values.items():
        words = words.replace(f"\x00{name}\x00", escape(value))
    return words


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["data_uri"] = data_uri
    environment.filters["with_unit"] = _with_unit
    environment.tests["long"] = _long
    return environment


def _long(words: str) -> bool:
    """Whether words are too long for one line of a narrow sheet; a Chinese sign takes twice the room of a letter."""
    return sum(2 if sign >= CHINESE else 1 for sign in words) > LONG


def _with_unit(words: str) -> Markup:
    """Words in which no line ends between a figure and the Chinese unit after it."""
    return Markup(re.sub(r"(?<=\d) (?=[\u4e00-\u9fff])", "\u00a0", str(escape(words))))
