"""Turns cells of text into numbers, dates, flags and lists, and refuses what cannot be understood for certain."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute

from planning.book.amounts import amounts
from planning.book.codes import Flags, damaged
from planning.book.contracts import Column
from planning.book.findings import found
from planning.book.measures import narrow, units_shown
from planning.book.raw import number_text
from planning.errors import Fault

NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞"}
DAY = re.compile(r"([0-9]{4})(?:(?P<sep>[-/.])([0-9]{1,2})(?P=sep)([0-9]{1,2})|年 ?([0-9]{1,2})月 ?([0-9]{1,2})日)(?:[T ]0?0:00(?::00(?:\.0+)?)?)?", re.ASCII)
COMPACT_DAY = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)
UNCLEAR_DAY = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{2}|[0-9]{4})", re.ASCII)
SERIAL_DAY = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = {str(month) for month in range(1, 13)}
YES = {"true", "yes", "y", "t", "1", "是"}
NO = {"false", "no", "n", "f", "0", "否"}
TEXT_FORMULA = r'^="([^"]*)"$'  # how an export keeps a spreadsheet from turning a code into a number
OTHER_SEPARATORS = re.compile(r"[,;，；、｜]")


class MisreadError(ValueError):
    """A cell that does not mean what its column needs; `code` names the fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Understood:
    """A column after reading: its values (missing where a cell could not be read), which rows those are, and the faults."""

    values: pd.Series
    bad: pd.Index
    faults: tuple[Fault, ...]


def understand(column: Column, table: str, cells: pd.Series, power: int = 0) -> Understood:
    """The cells as the column's type. Row labels are kept; each kind of misread cell is one fault.

    `power` is the power of ten by which the heading's unit differs from the column's: 4 for 万元 where the column is in yuan.
    """
    if column.type in ("number", "integer"):
        return _numbers(column, table, cells, power)
    texts = _texts(cells)
    if column.choices is not None or column.type not in ("text", "list"):
        return _by_distinct_value(column, table, texts, reader(column))
    plain = _plain_texts(column, table, texts, _fractions(column, cells))
    if column.type == "text":
        return plain
    read = _by_distinct_value(column, table, plain.values, reader(column))
    return Understood(read.values, plain.bad.append(read.bad), (*plain.faults, *read.faults))


def _texts(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return pd.Series([None if number != number else number_text(number) for number in cells.astype("float64")], index=cells.index, dtype="str")
    trimmed = compute.utf8_trim_whitespace(pa.array(cells, from_pandas=True).cast(pa.large_string()))
    if compute.any(compute.starts_with(trimmed, '="')).as_py():
        trimmed = compute.replace_substring_regex(trimmed, TEXT_FORMULA, r"\1")
    filled = compute.if_else(compute.equal(trimmed, ""), None, trimmed)
    return pd.Series(pd.array(filled, dtype="str"), index=cells.index)


def _numbers(column: Column, table: str, cells: pd.Series, power: int) -> Understood:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        if not power:
            return _whole_if_needed(column, table, cells.astype("float64"), [], cells)
        cells = pd.Series([None if cell != cell else repr(float(cell)) for cell in cells], index=cells.index, dtype="str")
    texts = _texts(cells)
    numbers, readable, misfit = amounts(texts, column.unit, power)
    if readable.equals(texts.notna()) and not np.isinf(numbers).any():
        return _whole_if_needed(column, table, numbers, [], texts)
    endless = np.isinf(numbers) | texts.str.lower().isin(NOT_FINITE)
    garbled = texts.notna() & ~readable & ~endless & ~misfit
    faults = [
        found(code, table, column.name, texts.index[rows], value=texts[rows].iloc[0], **more)
        for code, rows, more in (("not_finite", endless, {}), ("not_a_number", garbled, {}), ("unit_in_cell", misfit, {"unit": units_shown(column)}))
        if rows.any()
    ]
    return _whole_if_needed(column, table, numbers.where(~endless), faults, texts)


def _whole_if_needed(column: Column, table: str, numbers: pd.Series, faults: list[Fault], texts: pd.Series) -> Understood:
    if column.type == "integer":
        broken = numbers.notna() & (numbers != np.floor(numbers))
        if broken.any():
            faults = [*faults, found("not_whole", table, column.name, numbers.index[broken], value=str(texts[broken].iloc[0]))]
            numbers = numbers.where(~broken)
    bad = numbers.index[numbers.isna() & texts.notna()] if faults else numbers.index[:0]
    return Understood(numbers, bad, tuple(faults))


def _plain_texts(column: Column, table: str, texts: pd.Series, fractions: Flags) -> Understood:
    """Text as it is, as long as no reading or spreadsheet has damaged it."""
    faults, bad = damaged(column, table, texts)
    if fractions.any():
        faults.append(found("code_fraction", table, column.name, texts.index[fractions], value=str(texts[fractions].iloc[0])))
        bad |= fractions
    return Understood(texts.where(~bad, np.nan) if faults else texts, texts.index[bad], tuple(faults))


def _fractions(column: Column, cells: pd.Series) -> Flags:
    """Which cells of a column of codes are fractions, where a file or a database has them as numbers."""
    if not (column.required or column.refers) or not pd.api.types.is_numeric_dtype(cells.dtype):
        return np.zeros(len(cells), dtype=bool)
    numbers = cells.fillna(0).to_numpy("float64")
    return np.asarray(numbers != np.floor(numbers))


def _by_distinct_value(column: Column, table: str, texts: pd.Series, read: Callable[[str], Any]) -> Understood:
    """Reads each different text once: columns of flags, dates and lists repeat themselves. A list without entries is a missing cell."""
    codes, distinct = pd.factorize(texts, use_na_sentinel=True)
    meanings = np.empty(len(distinct) + 1, dtype=object)
    misread: dict[str, list[int]] = {}
    for place, cell in enumerate(distinct):
        try:
            meaning = read(str(cell))
            meanings[place] = None if meaning == () else meaning
        except MisreadError as error:
            misread.setdefault(error.code, []).append(place)
    values = pd.Series(meanings[codes], index=texts.index, dtype="object")
    faults: list[Fault] = []
    for code, places in misread.items():
        rows = np.isin(codes, places)
        faults.append(found(code, table, column.name, texts.index[rows], value=str(texts[rows].iloc[0]), choices=", ".join(column.choices or ())))
    bad = texts.index[np.isin(codes, [place for places in misread.values() for place in places])]
    return Understood(values.astype("str") if column.type == "text" else values, bad, tuple(faults))


def reader(column: Column) -> Callable[[str], Any]:
    """How one cell of a column of flags, dates, lists or chosen words is read; MisreadError for what is not plainly one."""
    words = {word.casefold(): code for code, more in (column.choices or {}).items() for word in (code, *more)}
    if column.type == "yes_no":
        return _yes_no
    if column.type == "date":
        return _day
    if column.type == "months":
        return _months
    if column.type == "list":
        return lambda text: _list(text, words)
    return lambda text: _choice(text, words)


def _yes_no(text: str) -> bool:
    word = narrow(text).casefold()
    if word not in YES | NO:
        raise MisreadError("not_yes_no")
    return word in YES


def _day(text: str) -> date:
    """Year, month, day, in this order: 2026-10-31, 2026/10/31, 2026.10.31, 2026年10月31日, 20261031."""
    plain = narrow(text)
    match = DAY.fullmatch(plain) or COMPACT_DAY.fullmatch(plain)
    if not match:
        raise MisreadError("date_order" if UNCLEAR_DAY.fullmatch(plain) else "date_serial" if SERIAL_DAY.fullmatch(plain) else "not_a_date")
    year, month, day = (int(part) for part in match.groups() if part is not None and part.isdigit())
    try:
        read = date(year, month, day)
    except ValueError as error:
        raise MisreadError("not_a_date") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MisreadError("not_a_date")
    return read


def _months(text: str) -> tuple[int, ...]:
    parts = {part.strip().lstrip("0") for part in narrow(text).split("|") if part.strip()}
    if not parts <= MONTHS:
        raise MisreadError("not_a_month")
    return tuple(sorted(int(part) for part in parts))


def _list(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))
    if OTHER_SEPARATORS.search(text):
        raise MisreadError("not_a_list")
    return tuple(_choice(part, words) for part in parts) if words else parts


def _choice(text: str, words: Mapping[str, str]) -> str:
    code = words.get(text.casefold(), words.get(narrow(text).casefold()))
    if code is None:
        raise MisreadError("not_a_choice")
    return code
