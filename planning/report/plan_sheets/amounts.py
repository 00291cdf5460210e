"""Columns of money in yuan to the fen, and rows of totals."""

from collections.abc import Iterable, Mapping, Sequence

from planning.plan.compose import in_fen
from planning.report.i18n import say
from planning.report.sheet import Cell, Kind


def columns_in_fen(lines: Sequence[object], names: Iterable[str]) -> Mapping[str, list[float]]:
    """Amounts of the lines by name, dealt to the fen so that each column sums to its total to the fen."""
    return {name: in_fen([float(getattr(line, name)) for line in lines]) for name in names}


def total(columns: Mapping[str, Kind], sums: Mapping[str, Cell], lang: str) -> list[Cell]:
    """The row of totals: the word, then the sums of the columns that have one."""
    return [say("terms.total", lang), *(sums.get(name) for name in list(columns)[1:])]


def summed(amounts: Sequence[float]) -> float:
    """The sum of amounts in fen, yuan."""
    return round(sum(amounts), 2)
