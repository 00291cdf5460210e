"""Tables to CSV files: UTF-8, LF, the same bytes on every machine; clients are written as they are drawn."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

AT_ONCE = 50_000  # clients held in memory while writing


def write_table(path: Path, table: pd.DataFrame) -> None:
    """One small table; missing cells are empty, yes and no are `true` and `false`."""
    flags = {column: table[column].map({True: "true", False: "false"}) for column in table.columns if table[column].dtype == bool}
    with path.open("w", encoding="utf-8", newline="") as file:
        table.assign(**flags).to_csv(file, index=False, lineterminator="\n")


def write_blocks(path: Path, blocks: Iterator[pd.DataFrame], at_once: int = AT_ONCE) -> None:
    """A long table from its blocks, `at_once` rows at a time. No cell may hold a comma, a quote or a line end."""
    plain = pa_csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        for number, rows in enumerate(_gathered(blocks, at_once)):
            if number == 0:
                file.write((",".join(rows.columns) + "\n").encode())
            pa_csv.write_csv(_arrow(rows), file, plain)


def _gathered(blocks: Iterator[pd.DataFrame], at_once: int) -> Iterator[pd.DataFrame]:
    held: list[pd.DataFrame] = []
    for block in blocks:
        held.append(block)
        if sum(len(rows) for rows in held) >= at_once:
            yield pd.concat(held, ignore_index=True)
            held = []
    if held:
        yield pd.concat(held, ignore_index=True)


def _arrow(rows: pd.DataFrame) -> pa.Table:
    """Days as dates, whole amounts without a decimal point, missing as empty."""
    return pa.table({name: _array(rows[name]) for name in rows.columns})


def _array(column: pd.Series) -> pa.Array:
    if column.dtype.kind == "M":
        return pa.array(column, from_pandas=True).cast(pa.date32())
    if column.dtype.kind == "f" and column.isna().all():
        return pa.nulls(len(column), pa.string())
    if column.dtype.kind == "f" and np.array_equal(column.dropna(), np.rint(column.dropna())):
        return pa.array(column, from_pandas=True).cast(pa.int64())
    return pa.array(column, from_pandas=True)
