"""Reads amounts as banks write them: 1,234.50, １２３．４, ¥1,200, 3.5%, 12.3万元, (500), 500-. Exactly, or not at all."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute

from planning.book.measures import CELL_UNITS, narrow

PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
NUMBER = rf"{PLAIN}(?:[eE][+-]?[0-9]+)?"
THOUSANDS = r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?"
WRITTEN = re.compile(
    r"(?P<open>\()?(?P<lead>[+-]?) ?(?P<currency>¥|人民币|CNY|RMB)? ?(?P<sign>[+-]?)"
    r"(?P<digits>[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<power>[eE][+-]?[0-9]{1,3})?"
    r" ?(?P<unit>%|个?基点|[bB][pP]|[千百]?万元?|[千万亿]?元|亿|CNY|RMB)?(?P<trail>-?)(?P<close>\))?",
    re.ASCII,
)


class UnitError(ValueError):
    """A number is there, but the unit beside it does not fit its column."""


def amount_text(cell: str, unit: str, power: int = 0) -> str | None:
    """A cell as digits and a power of ten, in the unit of its column; None when it is not plainly a number.

    `power` is what the heading's unit asks for. UnitError when the cell's own unit fits neither column nor heading.
    """
    match = WRITTEN.fullmatch(narrow(cell).strip())
    if not match:
        return None
    signs = [sign for sign in (match["lead"], match["sign"], match["trail"]) if sign]
    bracketed = bool(match["open"])
    if bracketed != bool(match["close"]) or len(signs) + bracketed > 1:
        return None
    minus = "-" if bracketed or "-" in signs else ""
    exponent = int((match["power"] or "e0")[1:]) + _power(match["currency"], match["unit"], unit, power)
    return f"{minus}{match['digits'].replace(',', '')}e{exponent}"


def _power(currency: str | None, stated: str | None, unit: str, power: int) -> int:
    """A unit in the cell counts alone; beside a heading that scales it must be the heading's own, written out."""
    known = CELL_UNITS.get(unit, {})
    if currency and unit != "CNY":
        raise UnitError
    if not stated:
        return power
    own = known.get(stated.casefold())
    if own is None or (power and (own != power or stated in ("万", "亿"))):
        raise UnitError
    return own


def amounts(texts: pd.Series, unit: str = "", power: int = 0) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Texts as numbers in the column's unit; which are plainly numbers; and which are numbers in a unit that does not fit.

    A power of ten is set behind the digits before they are turned into binary, so that 1.23 万元 is 12300 exactly.
    """
    cells = pa.array(texts, from_pandas=True).cast(pa.large_string())
    no = pd.Series(False, index=texts.index)
    if not power:
        try:
            floats = cells.cast(pa.float64())
            if compute.all(compute.is_finite(floats)).as_py() is not False:
                return _floats(floats, texts.index), texts.notna(), no
        except pa.ArrowInvalid:
            pass  # some cell is no plain number: sort them out one by one
    grouped = compute.match_substring_regex(cells, f"^{THOUSANDS}$")
    plainly = compute.match_substring_regex(cells, f"^{PLAIN if power else NUMBER}$")
    readable = compute.fill_null(compute.or_(grouped, plainly), False)
    digits = compute.if_else(grouped, compute.replace_substring(cells, ",", ""), cells)
    scaled = compute.binary_join_element_wise(digits, pa.scalar(f"e{power}", pa.large_string()), pa.scalar("", pa.large_string())) if power else digits
    floats = compute.if_else(readable, scaled, None).cast(pa.float64())
    numbers, read = _floats(floats, texts.index), pd.Series(readable.to_numpy(zero_copy_only=False), index=texts.index)
    return _one_by_one(texts, numbers, read, no, (unit, power))


def _one_by_one(texts: pd.Series, numbers: pd.Series, read: pd.Series, misfit: pd.Series, measure: tuple[str, int]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """What the quick way left over: each cell as a planner would read it."""
    values, readable, wrong = numbers.to_numpy(copy=True), read.to_numpy(copy=True), misfit.to_numpy(copy=True)
    cells = texts.to_numpy(dtype=object)
    for place in np.flatnonzero(~readable & texts.notna().to_numpy()):
        try:
            written = amount_text(str(cells[place]), *measure)
        except UnitError:
            wrong[place] = True
            continue
        if written is not None:
            values[place], readable[place] = float(written), True
    index = texts.index
    return pd.Series(values, index=index), pd.Series(readable, index=index), pd.Series(wrong, index=index)


def _floats(floats: pa.Array, index: pd.Index) -> pd.Series:
    return pd.Series(floats.to_numpy(zero_copy_only=False), index=index, dtype="float64")
