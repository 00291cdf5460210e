"""A table as its file holds it, before anything is understood."""

import datetime
import decimal
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planning.errors import Fault

EXACT_DIGITS = 1e15


@dataclass(frozen=True)
class RawTable:
    """What a file holds before it is understood: headings as written, cells as text (numbers where Parquet has numbers).

    `numbered` are, for each column of a workbook, the rows whose cell was stored as a number; empty for every other kind of file.
    """

    headings: tuple[str, ...]
    cells: Sequence[pd.Series]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    numbered: tuple[pd.Index, ...] = ()


def text_series(texts: Sequence[str] | pd.Series, numbers: pd.Index) -> pd.Series:
    """Texts as cells under their row numbers; an empty text is a missing cell."""
    cells = pd.Series(list(texts), index=numbers, dtype="str")
    return cells.where(cells != "", math.nan)


def as_text(cell: object) -> str:
    """A cell as a planner would type it in a CSV file: 123 for the number 123.0, 2026-01-31 for a date, a|b for a list."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time(0) else cell.isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, list):
        return "|".join(as_text(part) for part in cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")  # some engines write text without saying so; what is none is told as garbled
    return decimal_text(cell) if isinstance(cell, decimal.Decimal) else str(cell)


def decimal_text(number: decimal.Decimal) -> str:
    """Every digit, without a power of ten and without zeros at the end of a fraction."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def number_text(number: float) -> str:
    """Whole numbers without a point; those beyond 15 digits in powers of ten, as Excel shows them, since their last digits are lost."""
    if not math.isfinite(number):
        return str(number)
    if abs(number) >= EXACT_DIGITS:
        return f"{number:.15e}"
    return str(int(number)) if number == int(number) else repr(number)
