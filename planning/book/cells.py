"""Turns cells of text into numbers, dates, flags and lists, and refuses what cannot be understood for certain."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from planning.book.contracts import Column
from planning.book.findings import found
from planning.errors import Fault

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
THOUSANDS = r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞"}
DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2}))(?:[T ]00:00:00)?", re.ASCII)
LOST_DIGITS = r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2,}"
CONTROL = r".*[\x00-\x08\x0a-\x1f\x7f].*"
YES = {"true", "yes", "y", "t", "1", "是"}
NO = {"false", "no", "n", "f", "0", "否"}
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


def understand(column: Column, table: str, cells: pd.Series) -> Understood:
    """The cells as the column's type. Row labels are kept; each kind of misread cell is one fault."""
    if column.type in ("number", "integer"):
        return _numbers(column, table, cells)
    texts = _texts(cells)
    if column.type == "text" and column.choices is None:
        return _plain_texts(column, table, texts)
    return _by_distinct_value(column, table, texts, _reader(column))


def _texts(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        shown = [None if number != number else str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15e}" for number in cells]
        return pd.Series(shown, index=cells.index, dtype="str")
    stripped = cells.str.strip()
    return stripped.where(stripped != "", np.nan)


def parsed_numbers(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Texts as numbers, and which of them are plainly numbers: digits, a point, thousands in threes; nothing else."""
    grouped = texts.str.fullmatch(THOUSANDS).fillna(False).astype(bool)
    readable = grouped | texts.str.fullmatch(NUMBER).fillna(False).astype(bool)
    plain = texts.where(~grouped, texts.str.replace(",", "")).where(readable, None)
    floats = pa.array(plain, type=pa.string(), from_pandas=True).cast(pa.float64())
    return pd.Series(floats.to_numpy(zero_copy_only=False), index=texts.index, dtype="float64"), readable


def _numbers(column: Column, table: str, cells: pd.Series) -> Understood:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _whole_if_needed(column, table, cells.astype("float64"), [], cells)
    texts = _texts(cells)
    numbers, readable = parsed_numbers(texts)
    endless = np.isinf(numbers) | texts.str.lower().isin(NOT_FINITE)
    garbled = texts.notna() & ~readable & ~endless
    faults = [
        found(code, table, column.name, texts.index[rows], value=texts[rows].iloc[0])
        for code, rows in (("not_finite", endless), ("not_a_number", garbled))
        if rows.any()
    ]
    return _whole_if_needed(column, table, numbers.where(~endless), faults, texts)


def _whole_if_needed(column: Column, table: str, numbers: pd.Series, faults: list[Fault], texts: pd.Series) -> Understood:
    broken = numbers.notna() & (numbers != np.floor(numbers)) if column.type == "integer" else pd.Series(False, index=numbers.index)
    if broken.any():
        faults = [*faults, found("not_whole", table, column.name, numbers.index[broken], value=str(texts[broken].iloc[0]))]
    values = numbers.where(~broken)
    return Understood(values, values.index[values.isna() & texts.notna()], tuple(faults))


def _plain_texts(column: Column, table: str, texts: pd.Series) -> Understood:
    faults: list[Fault] = []
    bad = pd.Series(False, index=texts.index)
    tied = column.required or bool(column.refers)
    for code, pattern in (("digits_lost", LOST_DIGITS), ("line_break", CONTROL)) if tied else ():
        rows = texts.str.fullmatch(pattern, flags=re.DOTALL).fillna(False).astype(bool)
        if rows.any():
            faults.append(found(code, table, column.name, texts.index[rows], value=" ".join(texts[rows].iloc[0].split())))
            bad |= rows
    return Understood(texts.where(~bad, np.nan), texts.index[bad], tuple(faults))


def _by_distinct_value(column: Column, table: str, texts: pd.Series, read: Callable[[str], Any]) -> Understood:
    """Reads each different text once: columns of flags, dates and lists repeat themselves."""
    codes, distinct = pd.factorize(texts, use_na_sentinel=True)
    meanings = np.empty(len(distinct) + 1, dtype=object)
    misread: dict[str, list[int]] = {}
    for place, cell in enumerate(distinct):
        try:
            meanings[place] = read(str(cell))
        except MisreadError as error:
            misread.setdefault(error.code, []).append(place)
    values = pd.Series(meanings[codes], index=texts.index, dtype="object")
    faults: list[Fault] = []
    for code, places in misread.items():
        rows = np.isin(codes, places)
        faults.append(found(code, table, column.name, texts.index[rows], value=str(texts[rows].iloc[0]), choices=", ".join(column.choices or ())))
    bad = texts.index[np.isin(codes, [place for places in misread.values() for place in places])]
    return Understood(values.astype("str") if column.type == "text" else values, bad, tuple(faults))


def _reader(column: Column) -> Callable[[str], Any]:
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
    word = text.casefold()
    if word not in YES | NO:
        raise MisreadError("not_yes_no")
    return word in YES


def _day(text: str) -> date:
    match = DAY.fullmatch(text)
    if not match:
        raise MisreadError("not_a_date")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise MisreadError("not_a_date") from error


def _months(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split("|") if part.strip()]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 12 for part in parts):
        raise MisreadError("not_a_month")
    return tuple(sorted({int(part) for part in parts}))


def _list(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))
    if OTHER_SEPARATORS.search(text):
        raise MisreadError("not_a_list")
    return tuple(_choice(part, words) for part in parts) if words else parts


def _choice(text: str, words: Mapping[str, str]) -> str:
    code = words.get(text.casefold())
    if code is None:
        raise MisreadError("not_a_choice")
    return code
