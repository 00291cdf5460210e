"""Makes NotoSansSC-Subset.otf from Debian's fonts-noto-cjk; the same input gives the same bytes.

Run as `python -m planning.report.fonts.make_subset NotoSansCJK-Regular.ttc`.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

FAMILY = "Noto Sans CJK SC"
TARGET = Path(__file__).with_name("NotoSansSC-Subset.otf")
BEYOND_GB2312 = "–—―‘’“”†‡•…‰′″‹›※€™−≈≠≤≥×÷±∑√∞·¥←↑→↓↗↘⇒■□▪▲△▶▷▼▽◀◆◇○●★☆✓\u00a0\u2002\u2003\u2011"


def characters() -> str:
    """Every character the page may need: ASCII, Latin-1, all of GB2312, arrows and marks."""
    rows = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    gb2312 = "".join(row.decode("gb2312", errors="ignore") for row in rows)
    latin = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    return "".join(sorted(set(gb2312 + latin + BEYOND_GB2312)))


def make(source: Path, target: Path) -> None:
    """Writes the subset of the simplified Chinese face of a Noto Sans CJK collection, without hints, layout tables or dates."""
    collection = TTCollection(source)
    font = next(face for face in collection.fonts if face["name"].getDebugName(1) == FAMILY)
    options = Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += ["VORG", "vhea", "vmtx", "DSIG", "BASE", "GPOS", "GSUB", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters())
    subsetter.subset(font)
    font.save(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]), TARGET)
