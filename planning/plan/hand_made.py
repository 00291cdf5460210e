"""A plan made by hand, read from a planner's file: every code understood or refused with its row and the nearest that is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planning.book import headings, schema
from planning.book.book import Book, settled
from planning.book.contracts import PLAN_TABLES
from planning.book.files import RawTable
from planning.book.findings import found, nearest
from planning.book.intake import understood
from planning.book.rows import rows
from planning.errors import DataFaults, Fault
from planning.optimise.problem import CENTRE
from planning.plan.hand_files import tables_in
from planning.plan.lines import CENTRE_NAMES
from planning.plan.plan import Attendances, Sessions

Names = Mapping[str, str]  # every word that means a code → the code


@dataclass(frozen=True)
class Level:
    """The level of one concession for a region, tier and kind."""

    region: str
    tier: str
    kind: str
    concession: str
    level: int


@dataclass(frozen=True)
class HandMade:
    """What a planner's file asks for. Without attendances the guests are still to be seated; `notes` name headings that were not used."""

    sessions: tuple[Sessions, ...]
    attendances: tuple[Attendances, ...]
    ladder: tuple[Level, ...]
    locked_sessions: tuple[Sessions, ...]
    locked_levels: tuple[Level, ...]
    notes: tuple[Fault, ...]


def read_hand_made(path: Path, book: Book) -> HandMade:
    """The plan in a file or folder. DataFaults lists everything that is wrong: table, column, rows, value and the nearest known code."""
    known = _known(book)
    faults: list[Fault] = []
    notes: list[Fault] = []
    frames: dict[str, pd.DataFrame] = {}
    for table, raw in tables_in(path).items():
        frame, wrong, ignored = _read(table, raw, known)
        faults += wrong
        notes += ignored
        frames[table] = frame
    faults = faults or [*_of_other_hosts(book, frames), *_levels_of_none(book, frames)]
    if faults:
        raise DataFaults(faults)
    return _hand_made(book, {table: settled(PLAN_TABLES[table], frame) for table, frame in frames.items()}, tuple(notes))


def _read(table: str, raw: RawTable, known: Mapping[str, Names]) -> tuple[pd.DataFrame, list[Fault], tuple[Fault, ...]]:
    contract = PLAN_TABLES[table]
    placed = headings.match(contract, raw.headings)
    faults = [*raw.faults, *placed.faults]
    frame, unread, misread = understood(contract, raw, placed.places)
    faults += misread
    for column in contract.columns:
        if column.name in known and column.name in frame:
            frame[column.name], strange = _as_codes(table, column.name, frame[column.name], known[column.name])
            faults += strange
    if "part" in contract.names:
        frame["part"] = frame["part"].fillna("") if "part" in frame else ""
    faults += schema.breaches(table, frame, unread)
    if "locked" not in frame and "locked" in contract.names:
        frame["locked"] = None
    return frame, faults, placed.notes


def _as_codes(table: str, column: str, cells: pd.Series, names: Names) -> tuple[pd.Series, list[Fault]]:
    """Codes for whatever names them, and a fault for each word that names none."""
    codes = [cell if cell != cell or cell is None else names.get(cell, names.get(cell.casefold(), cell)) for cell in cells]
    read = pd.Series(codes, index=cells.index, dtype="str")
    strange = read[read.notna() & ~read.isin(set(names.values()))]
    faults = []
    for word in dict.fromkeys(strange):
        near = nearest(word, names)
        code = "plan_code_unknown_near" if near else "plan_code_unknown"
        values = {"value": word, "nearest": near, "known": _few(set(names.values()))}
        faults.append(found(code, table, column, strange.index[strange == word], **values))
    return read, faults


def _few(codes: Iterable[str], shown: int = 8) -> str:
    listed = sorted(codes)
    return ", ".join(listed[:shown]) + (" …" if len(listed) > shown else "")


def _known(book: Book) -> dict[str, Names]:
    """For each column the words that mean one code: the code itself, and a name that only one code has."""
    tables = book.tables
    branches = [(row.branch, (row.name_zh, row.name_en)) for row in rows(tables["branches"])]
    regions = [(row.region, (row.region_zh, row.region_en)) for row in rows(tables["branches"].drop_duplicates("region"))]
    events = [(row.event, (row.name_zh, row.name_en)) for row in rows(tables["events"])]
    tiers = [(row.tier, (row.name_zh, row.name_en)) for row in rows(tables["tiers"].drop_duplicates("tier"))]
    hosts = [*branches, *regions, (CENTRE, CENTRE_NAMES)]
    named = {"branch": branches, "region": regions, "event": events, "tier": tiers, "host": hosts}
    return {column: _words(pairs) for column, pairs in named.items()}


def _words(pairs: Iterable[tuple[str, tuple[Any, ...]]]) -> Names:
    pairs = list(pairs)
    codes = {str(code): str(code) for code, _ in pairs}
    meant: dict[str, set[str]] = {}
    for code, names in pairs:
        for name in (code, *names):
            for word in {name, name.casefold()} if isinstance(name, str) else ():
                meant.setdefault(word, set()).add(str(code))
    return {**{word: next(iter(of)) for word, of in meant.items() if len(of) == 1}, **codes}


def _of_other_hosts(book: Book, frames: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Hosts of another level than the event they are to hold."""
    levels, faults = _levels_of_events(book), []
    for table in ("sessions", "attendances"):
        wrong: dict[tuple[str, str], list[int]] = {}
        for number, row in _numbered(frames, table):
            if not _holds(book, row.host, levels[row.event]):
                wrong.setdefault((row.host, row.event), []).append(number)
        for (host, event), numbers in wrong.items():
            faults.append(found(f"plan_host_not_{levels[event]}", table, "host", numbers, host=host, event=event))
    return faults


def _levels_of_none(book: Book, frames: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Levels that their concession does not have."""
    offered: dict[str, set[int]] = {}
    for row in rows(book.tables["concessions"]):
        offered.setdefault(row.concession, {0}).add(int(row.level))
    wrong: dict[tuple[str, int], list[int]] = {}
    for number, row in _numbered(frames, "ladder"):
        if row.level not in offered.get(row.concession, {0}):
            wrong.setdefault((row.concession, int(row.level)), []).append(number)
    return [
        found(
            "plan_level_unknown",
            "ladder",
            "level",
            numbers,
            concession=concession,
            value=level,
            known=", ".join(map(str, sorted(offered.get(concession, {0})))),
        )
        for (concession, level), numbers in wrong.items()
    ]


def _numbered(frames: Mapping[str, pd.DataFrame], table: str) -> list[tuple[int, Any]]:
    """(row number in the file, row) of a table that may be absent."""
    return list(zip(frames[table].index, rows(frames[table]), strict=True)) if table in frames else []


def _holds(book: Book, host: str, level: str) -> bool:
    return host == CENTRE if level == CENTRE else host in set(book.tables["branches"][level])


def _levels_of_events(book: Book) -> dict[str, str]:
    return {row.event: row.host for row in rows(book.tables["events"])}


def _hand_made(book: Book, frames: Mapping[str, pd.DataFrame], notes: tuple[Fault, ...]) -> HandMade:
    levels = _levels_of_events(book)
    sessions = {
        Sessions(row.host, levels[row.event], row.event, int(row.month), int(row.sessions)): bool(row.locked) for _, row in _numbered(frames, "sessions")
    }
    ladder = {Level(row.region, row.tier, row.kind, row.concession, int(row.level)): bool(row.locked) for _, row in _numbered(frames, "ladder")}
    attendances = (
        Attendances(row.branch, row.tier, row.kind, row.host, row.event, int(row.month), float(row.attendances), row.part)
        for _, row in _numbered(frames, "attendances")
    )
    return HandMade(
        tuple(line for line in sessions if line.sessions),
        tuple(line for line in attendances if line.attendances),
        tuple(ladder),
        tuple(line for line, locked in sessions.items() if locked),
        tuple(line for line, locked in ladder.items() if locked),
        notes,
    )
