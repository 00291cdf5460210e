"""The data a plan rests on, weighed: how complete the clients' table is, what was computed and what given, and where each coefficient comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from planning.book.book import Book
from planning.book.contracts import CONTRACTS
from planning.book.contribution import reconciliation
from planning.book.rows import rows
from planning.policy import Policy

ANSWERS = ("responses", "elasticities")
RANGED = (*ANSWERS, "events", "cadence", "partners", "caps")  # tables that hold nothing of one person


@dataclass(frozen=True)
class Completeness:
    """For how many clients an optional column is filled."""

    column: str
    clients: int


@dataclass(frozen=True)
class Sourced:
    """Rows of a table of coefficients that come from one source (trial, history or judgement), the oldest and latest of their dates."""

    table: str
    source: str
    rows: int
    since: str
    until: str


@dataclass(frozen=True)
class Range:
    """Between which values a column lies, in the table's own unit."""

    table: str
    column: str
    low: float
    high: float


@dataclass(frozen=True)
class Evidence:
    """`given` of all `clients` bring their contribution from the bank's own system; for the others it is computed from the book."""

    clients: int
    given: int
    reconciles: bool
    completeness: tuple[Completeness, ...]
    sourced: tuple[Sourced, ...]
    ranges: tuple[Range, ...] = ()


def evidence(book: Book, policy: Policy) -> Evidence:
    """What the plan's data are worth as evidence."""
    clients = book.tables["clients"]
    regions = dict(zip(book.tables["branches"]["branch"], book.tables["branches"]["region"], strict=True))
    added = reconciliation(clients, regions, policy.bank)
    optional = [column for column in CONTRACTS["clients"].columns if not column.required and column.type != "yes_no"]
    known = tuple(Completeness(one.name, int(clients[one.name].map(bool).sum() if one.type == "list" else clients[one.name].notna().sum())) for one in optional)
    return Evidence(added.bank.clients, added.bank.given, added.reconciles, known, _sourced(book), tuple(_ranges(book)))


def _ranges(book: Book) -> Iterator[Range]:
    for table in RANGED:
        for column in CONTRACTS[table].columns:
            values = book.tables[table][column.name].dropna() if column.type in ("number", "integer") else ()
            if len(values):
                yield Range(table, column.name, float(min(values)), float(max(values)))


def _sourced(book: Book) -> tuple[Sourced, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for table in ANSWERS:
        for row in rows(book.tables[table]):
            found.setdefault((table, str(row.source)), []).append(row.as_of.isoformat())
    return tuple(Sourced(table, source, len(dates), min(dates), max(dates)) for (table, source), dates in sorted(found.items()))
