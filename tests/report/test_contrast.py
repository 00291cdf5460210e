"""Every colour that letters are set in can be read on what lies under them: on the page and in figures, light, dark and printed."""

import re

import pytest

from planning.report.cards.desk_style import STYLE
from planning.report.figures import canvas
from planning.report.figures.canvas import ACCENT, DARK, INK, MUTED, ON_DARK, PAIR, PAPER, RULE, TINTS, WARN, WASH

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
CSS = STYLE.read_text(encoding="utf-8")
PAGE = STYLE.with_name("page.css").read_text(encoding="utf-8")
LETTERS, GROUNDS = ("ink", "mut", "acc", "warn"), ("paper", "wash", "accwash")


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette(scheme: str) -> dict[str, str]:
    """The style sheet's colours by name in light, dark or print."""
    rules = re.findall(r"(@media [^{]*\{)?\s*\.plan\{(--[^}]*)\}", CSS)
    sets = {("dark" if "dark" in media else "print" if "print" in media else "light"): dict(re.findall(r"--(\w+):(#\w+)", body)) for media, body in rules}
    return {**sets["light"], **sets[scheme]}


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("letters", LETTERS)
def test_letters_of_the_page_can_be_read(scheme: str, letters: str) -> None:
    colours = palette(scheme)
    grounds = [ground for ground in GROUNDS if (letters, ground) != ("warn", "accwash")]  # what is to be decided warns of nothing
    assert {ground: contrast(colours[letters], colours[ground]) for ground in grounds if contrast(colours[letters], colours[ground]) < TEXT} == {}


def test_only_the_palette_and_readable_greys_colour_letters() -> None:
    named = re.findall(r"(?<![-\w])color:\s*([^;}!]+)", CSS + PAGE)
    other = {one for one in named if not one.startswith("var(--")} - {"light dark", "light"}
    assert all(contrast(one, "#fff") >= TEXT for one in other), other


LIGHT = {colour: colour for colour in (INK, MUTED, RULE, WASH, PAPER, ACCENT, WARN, *TINTS, *PAIR, ON_DARK)}
SCHEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}
# Letters of a figure and what may lie under them: figures.bars, figures.grids, figures.ranges, figures.curves.
PAIRS = [
    *((letters, ground) for letters in (INK, MUTED) for ground in (PAPER, WASH)),
    (WARN, PAPER),
    *((INK, tint) for tint in TINTS[:3]),
    *((ON_DARK, tint) for tint in TINTS[3:]),
]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("letters", "ground"), PAIRS)
def test_letters_of_a_figure_can_be_read(scheme: str, letters: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[letters], colours[ground]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shapes_that_carry_a_finding_stand_out(scheme: str) -> None:
    colours = SCHEMES[scheme]
    assert {
        shape: contrast(colours[shape], colours[PAPER]) for shape in (INK, MUTED, ACCENT, WARN, PAIR[0]) if contrast(colours[shape], colours[PAPER]) < SHAPE
    } == {}


def test_figures_use_no_colour_of_their_own() -> None:
    folder = STYLE.parents[2] / "figures"
    own = {path.name: re.findall(r"\"#[0-9a-fA-F]{3,8}\"", path.read_text(encoding="utf-8")) for path in folder.glob("*.py") if path.name != "canvas.py"}
    assert {name: found for name, found in own.items() if found} == {}
    assert set(DARK) <= set(LIGHT)
    assert canvas.PAPER == "#ffffff"
