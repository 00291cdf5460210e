"""Units a heading or a cell may state, and the power of ten that brings each to the unit of its column."""

import re
from collections.abc import Mapping

from planning.book.contracts import Column

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x202F: " ", 0x2007: " ", 0x2009: " ", 0xFFE5: "¥", 0x2212: "-"}
YUAN = {"元": 0, "人民币元": 0, "人民币": 0, "cny": 0, "rmb": 0, "yuan": 0, "千元": 3, "万元": 4, "百万元": 6, "千万元": 7, "亿元": 8}
YUAN |= {f"人民币{unit}": power for unit, power in (("千元", 3), ("万元", 4), ("百万元", 6), ("亿元", 8))}
SIZES = {"k": 3, "'000": 3, "thousand": 3, "1k": 3, "10k": 4, "m": 6, "mn": 6, "million": 6, "1m": 6, "100m": 8, "bn": 9, "billion": 9}
YUAN |= {f"{currency} {size}": power for currency in ("cny", "rmb") for size, power in SIZES.items()}
PERCENT = ("%", "percent", "pct", "百分比", "百分数")
BASIS_POINTS = ("bp", "bps", "基点", "个基点", "basis points")
SHARE = ("share", "比例", "小数")
HEADING_UNITS: Mapping[str, Mapping[str, int]] = {
    "CNY": YUAN,
    "percent": dict.fromkeys(PERCENT, 0) | dict.fromkeys(BASIS_POINTS, -2),
    "share": dict.fromkeys(SHARE, 0) | dict.fromkeys(PERCENT, -2) | dict.fromkeys(BASIS_POINTS, -4),
    "bp": dict.fromkeys(BASIS_POINTS, 0) | dict.fromkeys(PERCENT, 2),
    "months": dict.fromkeys(("月", "个月", "months", "month"), 0),
    "years": dict.fromkeys(("岁", "周岁", "years"), 0),
    "hours": dict.fromkeys(("小时", "工时", "hours", "h"), 0),
    "weeks": dict.fromkeys(("周", "weeks"), 0),
    "guests": dict.fromkeys(("人", "位", "guests"), 0),
    "visits": dict.fromkeys(("次", "visits"), 0),
    "sessions": dict.fromkeys(("场", "场次", "sessions"), 0),
    "attendances": dict.fromkeys(("人次", "attendances"), 0),
}
CELL_UNITS: Mapping[str, Mapping[str, int]] = {
    "CNY": {"元": 0, "cny": 0, "rmb": 0, "千元": 3, "万": 4, "万元": 4, "百万元": 6, "亿": 8, "亿元": 8},
    "percent": {"%": 0},
    "share": {"%": -2},
    "bp": dict.fromkeys(("bp", "基点", "个基点"), 0),
}
UNITS_BEHIND = {unit for measure in ("CNY", "bp") for unit, power in CELL_UNITS[measure].items() if power or measure == "bp"}  # that change a number
YUAN_SIGNS = {"", "¥", "￥", "元", "CNY", "RMB", "人民币"}
SHOWN: Mapping[str, str] = {"CNY": "元、千元、万元、百万元、亿元、CNY、CNY 10k", "percent": "%、bp", "share": "%、share", "bp": "bp、%"}
BRACKETED = re.compile(r"(?P<base>.*?\S)\s*(?:[(（\[【]\s*(?P<unit>[^()（）\[\]【】]*?)\s*[)）\]】])\s*")
BEFORE_UNIT = re.compile(r"(?:单位|unit)\s*[:：]\s*", re.IGNORECASE)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs, and odd spaces, as the plain ones."""
    return text.translate(FULL_WIDTH)


def split_unit(heading: str) -> tuple[str, str]:
    """A heading and the unit in the brackets at its end: ("存款年日均", "万元"); the unit is "" where there is none."""
    match = BRACKETED.fullmatch(heading)
    if not match:
        return heading, ""
    return match["base"], BEFORE_UNIT.sub("", match["unit"]).strip()


def heading_power(column: Column, unit: str) -> int | None:
    """The power of ten from a heading's unit to the column's, 0 where none is stated; None when the unit does not fit."""
    if not unit:
        return 0
    plain = " ".join(narrow(unit).casefold().split())
    known = HEADING_UNITS.get(_measure(column), {})
    turned = " ".join(reversed(plain.split(" ", 1)))
    return known.get(plain, known.get(turned))


def units_shown(column: Column) -> str:
    """The units a planner may state for a column."""
    return SHOWN.get(column.unit) or "、".join(HEADING_UNITS.get(_measure(column), {})) or "–"


def _measure(column: Column) -> str:
    return column.unit.removesuffix(" a host and year").removesuffix(" a client and year")
