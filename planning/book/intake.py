"""Reads a bank's folder of tables and either hands over a complete, checked book or says everything that is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from planning.book import cells, files, headings, schema
from planning.book.book import Book, book_of
from planning.book.codes import numbered_codes
from planning.book.contracts import CONTRACTS, Contract
from planning.book.findings import found
from planning.book.foreign.pointing import FILE as SOURCE
from planning.book.foreign.pointing import Pointers, read_pointed, read_pointers
from planning.book.origin import read_origin
from planning.book.references import ceilings_without_concession, unknown_in_policy, unknown_references
from planning.book.soundness import buffer_without_dates, unsound
from planning.book.units import looks_like_share, looks_like_wan
from planning.errors import DataFaults, Fault
from planning.policy import Policy

RATES = ("deposit_rate_pct", "loan_rate_pct")
NOT_A_TABLE = {"policy", "origin", "source"}
NO_POWERS: Mapping[str, int] = MappingProxyType({})
NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass
class Reading:
    """What was found in a folder: the tables as read, every fault, and notes that need no action."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)
    unread_rates: set[int] = field(default_factory=set)

    def judged(self) -> dict[str, pd.DataFrame]:
        """The tables to be judged for sense: without tiers that are incomplete and clients whose rates could not be read."""
        judged = {table: frame for table, frame in self.frames.items() if table != "tiers" or table not in self.incomplete}
        if self.unread_rates:
            judged["clients"] = judged["clients"][~judged["clients"].index.isin(list(self.unread_rates))]
        return judged


def read_book(folder: Path, policy: Policy, environment: Mapping[str, str] = NO_NAMES) -> Book:
    """The book in a folder, and in the databases its source.toml points to; `environment` holds the values of their ${NAME}.

    DataFaults carries all faults of all tables: what is wrong, in which table and column, in which rows.
    """
    reading = examine(folder, policy, environment)
    if reading.faults:
        raise DataFaults(reading.faults)
    origin = read_origin(folder)
    return book_of(reading.frames, origin.borrowed, origin.sample, origin.names)


def examine(folder: Path, policy: Policy, environment: Mapping[str, str] = NO_NAMES, tables: Iterable[str] = tuple(CONTRACTS)) -> Reading:
    """Reads and checks the tables of the folder, all of them unless said, without stopping at a fault."""
    reading = Reading()
    if not folder.is_dir():
        reading.faults.append(Fault("folder_missing", values={"folder": folder.name}))
        return reading
    pointers = read_pointers(folder)
    reading.faults += pointers.faults
    for table in tables:
        _read_table(folder, table, reading, (pointers, environment))
    reading.faults += unknown_references(reading.frames, reading.incomplete)
    reading.faults += unknown_in_policy(reading.frames, policy)
    reading.faults += unsound(reading.judged(), policy)
    reading.faults += [*looks_like_wan(reading.judged()), *looks_like_share(reading.judged())]
    _read_origin(folder, reading)
    reading.faults.sort(key=lambda fault: _place(fault.table))
    reading.notes += ceilings_without_concession(reading.frames)
    reading.notes += buffer_without_dates(reading.frames, policy)
    reading.notes += [Fault("file_ignored", values={"file": path.name}) for path in sorted(folder.iterdir()) if _is_stray(path, pointers)]
    return reading


def _read_table(folder: Path, table: str, reading: Reading, pointed: tuple[Pointers, Mapping[str, str]]) -> None:
    """Adds the table as far as it can be read, and what is wrong with it."""
    pointers, environment = pointed
    there = files.table_files(folder, table)
    pointer = pointers.tables.get(table)
    places = [*(path.name for path in there if pointer is None or path.name != pointer.file), *([SOURCE] if pointer else [])]
    if len(places) > 1:
        reading.faults.append(Fault("table_twice", table, values={"files": ", ".join(places)}))
    elif pointer is not None:
        _take(lambda: read_pointed(folder, table, pointer, environment), SOURCE, table, reading)
        reading.notes += [Fault("table_from_database", table)] if pointer.url else []
    elif there:
        _take(lambda: files.read_raw(there[0], table), there[0].name, table, reading)
    elif CONTRACTS[table].required and not any(fault.table == table for fault in pointers.faults):
        reading.faults.append(Fault("table_missing", table, values={"file": f"{table}.csv"}))


def _take(read: Callable[[], files.RawTable], file: str, table: str, reading: Reading) -> None:
    try:
        _add(read(), file, table, reading)
    except DataFaults as error:
        reading.faults += error.faults


def _add(raw: files.RawTable, file: str, table: str, reading: Reading) -> None:
    placed = headings.match(CONTRACTS[table], raw.headings)
    lost, doubtful = numbered_codes(CONTRACTS[table], raw, placed.places)
    reading.faults += [*raw.faults, *placed.faults, *_unheaded(table, raw), *lost]
    reading.notes += [*raw.notes, *placed.notes, *doubtful]
    frame, unread, faults = understood(CONTRACTS[table], raw, placed.places, placed.powers)
    reading.faults += faults
    if table == "clients":
        reading.unread_rates = {int(row) for name in (*RATES, "contribution_cny") for row in unread.get(name, ())}
    if raw.faults or any(len(unread.get(name, ())) for name in CONTRACTS[table].key):
        reading.incomplete.add(table)
    if CONTRACTS[table].required and frame.empty and not raw.faults:
        reading.faults.append(Fault("table_empty", table, values={"file": file}))
    reading.faults += schema.breaches(table, frame, unread)
    whole = not placed.faults
    reading.frames[table] = frame.reindex(columns=list(CONTRACTS[table].names)) if whole else frame


def _unheaded(table: str, raw: files.RawTable) -> list[Fault]:
    """Columns that hold something but have no heading."""
    bare = [place for place, heading in enumerate(raw.headings) if not heading and raw.cells[place].notna().any()]
    return [found("column_without_heading", table, "", raw.cells[place].dropna().index, place=place + 1) for place in bare]


def understood(
    contract: Contract, raw: files.RawTable, places: dict[str, int], powers: Mapping[str, int] = NO_POWERS
) -> tuple[pd.DataFrame, dict[str, pd.Index], list[Fault]]:
    """The file's columns as their types say, without the rows that are empty throughout. `powers` as in `Headings`."""
    filled = pd.concat([column.notna() for column in raw.cells], axis=1).any(axis=1)
    columns: dict[str, pd.Series] = {}
    unread: dict[str, pd.Index] = {}
    faults: list[Fault] = []
    for column in contract.columns:
        if column.name in places:
            read = cells.understand(column, contract.name, raw.cells[places[column.name]][filled], powers.get(column.name, 0))
            columns[column.name], unread[column.name] = read.values, read.bad
            faults += read.faults
    return pd.DataFrame(columns), unread, faults


def _read_origin(folder: Path, reading: Reading) -> None:
    try:
        strangers = [table for table in read_origin(folder).borrowed if table not in {*CONTRACTS, "policy"}]
    except DataFaults as error:
        reading.faults += error.faults
        return
    reading.faults += [Fault("origin_unknown_table", values={"file": "origin.toml", "value": table}) for table in strangers]


def _place(table: str) -> int:
    names = list(CONTRACTS)
    return names.index(table) if table in names else len(names)


def _is_stray(path: Path, pointers: Pointers) -> bool:
    """Whether a file looks like a table and is none that is read: another name, or a table's name with another ending (history.txt)."""
    if not path.is_file() or path.name in pointers.files:
        return False
    if path.suffix.lower() in files.SUFFIXES:
        return path.stem not in {*CONTRACTS, *NOT_A_TABLE}
    return path.name.partition(".")[0].casefold() in CONTRACTS
