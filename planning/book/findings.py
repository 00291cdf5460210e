"""How a check says what it found: one fault a kind and column, with the first rows and how many there are."""

from collections.abc import Iterable
from difflib import get_close_matches

from planning.errors import Fault, Value

ROWS_SHOWN = 5
LONGEST = 100  # characters of a cell that a sentence repeats


def found(code: str, table: str, column: str, rows: Iterable[int], **values: Value) -> Fault:
    """A fault in some rows of a column; `rows` are as the file shows them. A very long value is cut."""
    numbers = sorted({int(row) for row in rows})
    told = {name: f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value for name, value in values.items()}
    return Fault(code, table, column, tuple(numbers[:ROWS_SHOWN]), len(numbers), told)


def nearest(value: str, known: Iterable[str]) -> str:
    """The known word nearest to a value, or "" when none is near."""
    near = get_close_matches(value, sorted(set(known)), n=1, cutoff=0.6)
    return near[0] if near else ""
