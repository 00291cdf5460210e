"""The vendored font: a subset of Noto Sans CJK SC, so that a page and its figures can be drawn on any machine."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from planning.errors import Fault, RunFailed

FONT = Path(__file__).with_name("NotoSansSC-Subset.otf")
UNSEEN = frozenset("\n\r\t\u200b\u2060\ufeff")


def require_glyphs(text: str) -> None:
    """RunFailed naming the characters that the font cannot draw."""
    missing = sorted(set(text) - drawable() - UNSEEN)
    if missing:
        named = " ".join(f"{character} (U+{ord(character):04X})" for character in missing[:10])
        raise RunFailed(Fault("glyph_missing", values={"characters": named}))


@cache
def drawable() -> frozenset[str]:
    """Every character that has a glyph."""
    with TTFont(FONT, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
