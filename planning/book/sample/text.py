"""Small tables written as text, read as frames: the first line names the columns, `;` parts the cells, `-` or nothing is a missing one."""

import pandas as pd


def frame(rows: str) -> pd.DataFrame:
    """The table in `rows`. A column whose every filled cell is a number becomes numbers, the rest stays text; empty is missing."""
    heading, *lines = [[cell.strip() for cell in line.split(";")] for line in rows.strip().splitlines()]
    filled = [[None if cell in {"", "-"} else cell for cell in line] for line in lines]
    table = pd.DataFrame(filled, columns=heading, dtype="str")
    return pd.DataFrame({name: _as_numbers(table[name]) for name in heading})


def _as_numbers(column: pd.Series) -> pd.Series:
    filled = column.dropna()
    if filled.empty or not filled.str.fullmatch(r"-?\d+(\.\d+)?").all():
        return column
    if filled.str.contains(".", regex=False).any():
        return column.astype("Float64")
    return column.astype("Int64")
