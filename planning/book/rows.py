"""The rows of a table, one at a time: `row.column` by the contract's names."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

Row = Any  # a named tuple whose fields are the table's columns


def rows(table: pd.DataFrame) -> Iterator[Row]:
    """Every row of a table, in order."""
    return iter(table.itertuples(index=False))
