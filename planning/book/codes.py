"""Codes and names as text: what spreadsheets and wrong encodings do to them is refused, never mended."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute

from planning.book.contracts import Column, Contract
from planning.book.encodings import garbled
from planning.book.findings import found
from planning.book.raw import RawTable
from planning.errors import Fault

Flags = npt.NDArray[np.bool_]
LOST_DIGITS = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2,}$"
LONG_CODE, ROUNDED_CODE = r"^[0-9]{17,}$", r"^[0-9]{15}00+$"
FEWEST_ROUNDED = 3
LINE_BREAK = r"[\x00-\x08\x0a-\x1f\x7f]"
INVISIBLE = r"[\x{0080}-\x{009f}\x{00ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}\x{2066}-\x{2069}\x{feff}]"
TEXT_MARK = r"^['‘’`][0-9]+$"
ONLY_QUESTION_MARKS = r"^\?{2,}$"
SHEET_ERROR = r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)$"
FLOAT_CODE = r"^[0-9]+\.0+$"  # a code that was a number on its way
SUSPECT = r"[^\x20-\x7e]|^['‘’`?#]|^[0-9]{15}00|[eE]\+[0-9]|\.0+$"
CODE_CHECKS = (("digits_lost", LOST_DIGITS), ("code_fraction", FLOAT_CODE), ("line_break", LINE_BREAK), ("invisible_sign", INVISIBLE), ("text_mark", TEXT_MARK))


def damaged(column: Column, table: str, texts: pd.Series) -> tuple[list[Fault], Flags]:
    """Faults for texts that lost digits or letters on their way, and which rows they are in.

    Codes and required texts must be whole; free remarks may break their line, but may not be garbled or a spreadsheet's error either.
    """
    cells = pa.array(texts, from_pandas=True).cast(pa.large_string())
    if not _matching(cells, SUSPECT).any():
        return [], np.zeros(len(texts), dtype=bool)
    kinds = {"garbled": _garbled(texts, cells), "error_cell": _matching(cells, SHEET_ERROR)}
    if column.required or column.refers:
        kinds |= {code: _matching(cells, pattern) for code, pattern in CODE_CHECKS}
        kinds["digits_lost"] |= _rounded(cells)
    faults: list[Fault] = []
    bad = np.zeros(len(texts), dtype=bool)
    for code, wrong in kinds.items():
        rows = wrong & ~bad
        if rows.any():
            faults.append(found(code, table, column.name, texts.index[rows], value=_shown(texts[rows].iloc[0]), heading=column.name))
            bad |= rows
    return faults, bad


def _shown(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() or sign.isspace() else "·" for sign in text).split())


def _matching(cells: pa.LargeStringArray, pattern: str) -> Flags:
    rows: Flags = compute.fill_null(compute.match_substring_regex(cells, pattern), False).to_numpy(zero_copy_only=False)
    return rows


def _rounded(cells: pa.LargeStringArray) -> Flags:
    """Long codes of which every one ends in zeros after its fifteenth digit: a spreadsheet has rounded them."""
    long, rounded = _matching(cells, LONG_CODE), _matching(cells, ROUNDED_CODE)
    return rounded if rounded.sum() >= FEWEST_ROUNDED and (long == rounded).all() else np.zeros_like(rounded)


def _garbled(texts: pd.Series, cells: pa.LargeStringArray) -> Flags:
    beyond_ascii = _matching(cells, r"[^\x00-\x7f]")
    wrong = {text for text in set(texts[beyond_ascii]) if garbled(str(text))}
    return np.asarray(_matching(cells, ONLY_QUESTION_MARKS) | texts.isin(wrong).to_numpy(), dtype=bool)


def numbered_codes(contract: Contract, raw: RawTable, places: Mapping[str, int]) -> tuple[list[Fault], list[Fault]]:
    """(faults, notes) on codes that a workbook stores as numbers.

    Where another code of the column shows zeros in front, such a number may have lost them: a fault; so is a fraction. Elsewhere
    it is taken as its digits and said in a note; two codes that became one are repeated keys, one that lost its zeros refers to nothing.
    """
    faults: list[Fault] = []
    notes: list[Fault] = []
    for column in contract.columns:
        is_code = column.type == "text" and not column.choices and (column.name in contract.key or bool(column.refers))
        if not raw.numbered or not is_code or column.name not in places:
            continue
        cells, rows = raw.cells[places[column.name]], raw.numbered[places[column.name]]
        whole = rows[cells[rows].str.fullmatch("-?[0-9]+").to_numpy(dtype=bool)]
        broken = rows[cells[rows].str.contains(".", regex=False).to_numpy(dtype=bool) & ~cells[rows].str.contains("e").to_numpy(dtype=bool)]
        padded = cells.drop(rows).str.fullmatch("0[0-9]+").eq(True).any()
        if len(broken):
            faults.append(found("code_fraction", contract.name, column.name, broken, value=str(cells[broken[0]])))
        if len(whole):
            told = found("zeros_lost" if padded else "code_as_number", contract.name, column.name, whole, value=str(cells[whole[0]]))
            (faults if padded else notes).append(told)
    return faults, notes
