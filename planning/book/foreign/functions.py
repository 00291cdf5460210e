"""The functions a column map may call, and how its cells count as numbers or as text."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from planning.book.amounts import amounts
from planning.book.findings import ROWS_SHOWN
from planning.book.raw import number_text
from planning.errors import Value


class ExpressionError(ValueError):
    """An expression that cannot be understood or does not fit the cells; `code` names the sentence, `rows` the rows of the source."""

    def __init__(self, code: str, rows: Sequence[int] = (), **values: Value) -> None:
        super().__init__(code)
        self.code, self.values = code, values
        self.rows, self.count = tuple(rows[:ROWS_SHOWN]), len(rows)


def numbers(cells: pd.Series) -> pd.Series:
    """Cells as numbers, missing where empty. ExpressionError where a cell is not plainly a number."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.astype("float64")
    stripped = cells.str.strip()
    stripped = stripped.where(stripped != "", None)
    read, readable, _ = amounts(stripped)
    wrong = stripped.index[stripped.notna() & ~readable]
    if len(wrong):
        raise ExpressionError("expression_not_a_number", list(wrong), value=str(stripped[wrong[0]]))
    return read


def texts(cells: pd.Series) -> pd.Series:
    """Cells as text: 5 for the number 5.0, true or false for yes/no, `inf` for what was divided by 0."""
    if cells.dtype == bool:
        return cells.map({True: "true", False: "false"}).astype("str")
    if pd.api.types.is_numeric_dtype(cells.dtype):
        shown = [None if number != number else number_text(number) for number in cells.to_numpy("float64", na_value=np.nan).tolist()]
        return pd.Series(shown, index=cells.index, dtype="str")
    return cells


def _coalesce(cells: Sequence[pd.Series]) -> pd.Series:
    as_numbers = any(pd.api.types.is_numeric_dtype(one.dtype) for one in cells)
    kept, *others = [numbers(one) for one in cells] if as_numbers else cells
    for other in others:
        kept = kept.where(kept.notna(), other)
    return kept


def _extreme(choose: Callable[[pd.Series, pd.Series], pd.Series]) -> Callable[[Sequence[pd.Series]], pd.Series]:
    def of(cells: Sequence[pd.Series]) -> pd.Series:
        kept, *others = (numbers(one) for one in cells)
        for other in others:
            kept = choose(kept, other)
        return kept

    return of


def _choose(cells: Sequence[pd.Series]) -> pd.Series:
    condition, yes, no = cells
    if condition.dtype != bool:
        raise ExpressionError("expression_unreadable", part="choose")
    alike = (yes, no) if yes.dtype == no.dtype else (texts(yes), texts(no))
    return alike[0].where(condition, alike[1])


def _part(cells: Sequence[pd.Series]) -> pd.Series:
    """A piece of a text: where it starts (1 = first character) and how long it is."""
    start, length = (_whole("part", one) for one in cells[1:])
    return texts(cells[0]).str.slice(start - 1, start - 1 + length)


def _join(cells: Sequence[pd.Series]) -> pd.Series:
    joined, *others = (texts(one) for one in cells)
    for other in others:
        joined = joined + other
    return joined


def _held(cells: Sequence[pd.Series]) -> pd.Series:
    """The names whose number is above 0, parted by |: held('deposit', balance, 'card', cards)."""
    if len(cells) % 2:
        raise ExpressionError("expression_unreadable", part="held")
    listed = pd.Series("", index=cells[0].index, dtype="str")
    for name, amount in zip(cells[::2], cells[1::2], strict=True):
        listed = listed.where(~(numbers(amount) > 0), listed + "|" + texts(name))
    return listed.str.removeprefix("|")


def _given(cells: Sequence[pd.Series]) -> pd.Series:
    return cells[0].notna()


def _floor(cells: Sequence[pd.Series]) -> pd.Series:
    return pd.Series(np.floor(numbers(cells[0])), index=cells[0].index)


def _round(cells: Sequence[pd.Series]) -> pd.Series:
    return numbers(cells[0]).round(2)


def _digits(cells: Sequence[pd.Series]) -> pd.Series:
    """A code of digits filled with zeros on the left to a length: digits(7, 3) is 007."""
    return texts(cells[0]).str.zfill(_whole("digits", cells[1]))


def _whole(function: str, cells: pd.Series) -> int:
    """A place or a length: the number a function is given, the same in every row."""
    number = float(numbers(cells).iloc[0]) if len(cells) else 1.0
    if not number.is_integer():
        raise ExpressionError("expression_unreadable", part=function)
    return int(number)


MANY = 40
FUNCTIONS: Mapping[str, tuple[Callable[[Sequence[pd.Series]], pd.Series], int, int]] = {
    "coalesce": (_coalesce, 1, MANY),
    "max": (_extreme(lambda one, other: one.where((one >= other) | one.isna(), other)), 2, MANY),
    "min": (_extreme(lambda one, other: one.where((one <= other) | one.isna(), other)), 2, MANY),
    "floor": (_floor, 1, 1),
    "round": (_round, 1, 1),
    "number": (lambda cells: numbers(cells[0]), 1, 1),
    "text": (lambda cells: texts(cells[0]), 1, 1),
    "choose": (_choose, 3, 3),
    "given": (_given, 1, 1),
    "part": (_part, 3, 3),
    "join": (_join, 1, MANY),
    "held": (_held, 2, MANY),
    "digits": (_digits, 2, 2),
}
