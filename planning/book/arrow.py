"""Columns in Arrow's form turned into cells of text, whole columns at a time: no client becomes a Python object on the way."""

from collections.abc import Callable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute

Otherwise = Callable[[object], str | None]
AT_ONCE = 1_000_000  # cells joined in one go


def cells(column: pa.Array, numbers: pd.Index, otherwise: Otherwise) -> pd.Series:
    """A column under its row numbers: finite floats as numbers, whatever else as text. `otherwise` words cells of rarer types."""
    column = decoded(column)
    if all_finite(column):
        return pd.Series(column.cast(pa.float64()).to_numpy(), index=numbers, dtype="float64")
    written = texts(column, otherwise)
    return pd.Series(pd.array(compute.if_else(compute.equal(written, ""), None, written), dtype="str"), index=numbers)


def all_finite(column: pa.Array) -> bool:
    """Whether these are floats that can stay numbers."""
    return pa.types.is_floating(column.type) and compute.all(compute.is_finite(column)).as_py() is not False


def decoded(column: pa.Array) -> pa.Array:
    """The column without a dictionary."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def texts(column: pa.Array, otherwise: Otherwise) -> pa.Array:
    """Every cell as text, missing cells missing."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        days = column.cast(pa.date32(), safe=False)
        column, kind = (days, days.type) if compute.all(compute.equal(days.cast(kind), column)).as_py() is not False else (column, kind)
    plain = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_date32, pa.types.is_boolean, pa.types.is_null)
    if any(of_kind(kind) for of_kind in plain):
        return column.cast(pa.large_string())
    return pa.array(map(otherwise, column.to_pylist()), pa.large_string())


def strings(column: pd.Series) -> pa.ChunkedArray:
    """A column of text as Arrow holds it."""
    return pa.chunked_array(pa.array(column, from_pandas=True)).cast(pa.large_string())


def days(column: pd.Series) -> pa.Array:
    """A column of dates as days, missing where a cell is no date."""
    if column.dtype != "object":
        return pa.nulls(len(column), pa.date32())
    return pa.array(column.to_numpy(), pa.date32(), from_pandas=True)


def among(column: pd.Series, known: pd.Series) -> pd.Series:
    """Which cells of a column of text are among the known ones."""
    found = compute.is_in(pa.array(column, pa.large_string(), from_pandas=True), value_set=pa.array(known, pa.large_string(), from_pandas=True))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=column.index, dtype=bool)


def joined(column: pa.Array, between: str, missing: str) -> Sequence[bytes]:
    """The cells as UTF-8 with `between` between them, in pieces to be put one after the other."""
    filled = compute.fill_null(column.cast(pa.large_string()), missing)
    pieces: list[bytes] = []
    for start in range(0, len(filled), AT_ONCE):
        part = pa.chunked_array(filled.slice(start, AT_ONCE)).cast(pa.string()).combine_chunks()
        whole = compute.binary_join(pa.ListArray.from_arrays([0, len(part)], part), between)
        pieces.append((between.encode() if start else b"") + whole[0].as_buffer().to_pybytes())
    return pieces
