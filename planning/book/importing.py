"""Reads a bank's own export through a column map and writes a folder that can be planned with, saying what was borrowed."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from planning.book.contracts import CONTRACTS
from planning.book.foreign import borrowing
from planning.book.foreign.mapping import ColumnMap, read_map
from planning.book.foreign.sources import Mapped, mapped_table, read_sources, written_table
from planning.book.intake import examine, read_book
from planning.book.origin import Origin, write_origin
from planning.errors import DataFaults, Fault
from planning.policy import Policy, checked

Tables = Mapping[str, pd.DataFrame]
NEEDED = ("branches", "clients")


@dataclass(frozen=True)
class Imported:
    """What an import made: the folder, its size, the borrowed tables, the factor on borrowed money, and notes on rows left out."""

    folder: Path
    clients: int
    branches: int
    borrowed: tuple[str, ...]
    money_factor: float
    notes: tuple[Fault, ...]


@dataclass(frozen=True)
class Filled:
    """A book with every table it needs: the bank's own, those lent by the sample, and the policy as plain values."""

    ours: Tables
    lent: Tables
    policy: Mapping[str, Any]


def import_book(sources: Sequence[Path], map_file: Path, to: Path) -> Imported:
    """Writes the export found in `sources` (files or folders) into the folder `to`, complete and checked.

    What the export lacks comes from the sample bank, its money multiplied by the ratio of contribution a client.
    DataFaults and PolicyError say what is wrong; then nothing is written.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise DataFaults(Fault("target_not_empty", values={"folder": to.name}))
    column_map = read_map(map_file)
    mapped = _mapped(sources, column_map)
    own = {name: table.frame for name, table in mapped.items()} | {name: written_table(rows) for name, rows in column_map.rows.items()}
    _refuse_lacking(own, map_file)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "book"
        made = _complete(own, mapped, column_map, folder)
        shutil.copytree(folder, to, dirs_exist_ok=True)
    return replace(made, folder=to)


def _refuse_lacking(own: Tables, map_file: Path) -> None:
    """DataFaults when the map does not make a table that only the bank can give, or leaves out a required column."""
    faults = [Fault("map_without_table", table, values={"file": map_file.name}) for table in NEEDED if table not in own]
    for table, frame in own.items():
        absent = [column.name for column in CONTRACTS[table].columns if column.required and column.name not in frame]
        faults += [Fault("column_missing", table, name, values={"name": name}) for name in absent]
    if faults:
        raise DataFaults(faults)


def _mapped(sources: Sequence[Path], column_map: ColumnMap) -> dict[str, Mapped]:
    frames = read_sources(sources, column_map)
    mapped: dict[str, Mapped] = {}
    faults: list[Fault] = []
    for table in column_map.tables:
        try:
            mapped[table] = mapped_table(table, column_map, frames)
        except DataFaults as error:
            faults += error.faults
    if faults:
        raise DataFaults(faults)
    return mapped


def _complete(own: Tables, mapped: Mapping[str, Mapped], column_map: ColumnMap, folder: Path) -> Imported:
    """Fills what is lacking: first as the sample has it, to measure the book; then fitted to what was measured."""
    filled = _filled(own, column_map)
    policy = checked(filled.policy)
    _write(folder, {**filled.ours, **filled.lent}, borrowing.policy_text(filled.policy))
    _refuse_unfit(folder, mapped, policy)
    book = read_book(folder, policy)
    fit = borrowing.fit(borrowing.yardstick(book, policy), borrowing.sample_yardstick())
    fitted = borrowing.fitted_tables(filled.lent, fit, policy.caps.gift_cny_guest)
    if "managers" in filled.lent:
        fitted["managers"] = borrowing.managers(borrowing.staff_needed(book, policy))
    fitted_policy = borrowing.fitted_policy(filled.policy, fit, column_map.policy)
    _write(folder, {**filled.ours, **fitted}, borrowing.policy_text(fitted_policy))
    own_tiers = "tiers" in own or (column_map.tiers is not None and bool(column_map.tiers.amounts))
    borrowed = (*(() if own_tiers else ("tiers",)), *fitted, "policy")
    write_origin(folder, Origin((column_map.bank.name_zh, column_map.bank.name_en), borrowed=borrowed))
    read_book(folder, checked(fitted_policy))
    notes = tuple(note for table in mapped.values() for note in table.notes)
    return Imported(folder, len(own["clients"]), len(own["branches"]), borrowed, fit.money, notes)


def _filled(own: Tables, column_map: ColumnMap) -> Filled:
    """The bank's tables, what the sample lends as it stands, and a policy that names only tiers and events which are there."""
    policy = borrowing.policy_table(len(own["branches"]), len(own["clients"]), column_map.policy)
    data_date = checked(policy).data_date
    tiers = own["tiers"] if "tiers" in own else borrowing.tier_table(own, column_map.tiers, data_date)
    codes = set(tiers["tier"].dropna())
    lent = borrowing.borrowed_tables(own, codes, data_date)
    events = own["events"] if "events" in own else lent["events"]
    return Filled({**own, "tiers": tiers}, lent, borrowing.applicable(policy, codes, set(events["event"]), column_map.policy))


def _write(folder: Path, tables: Tables, policy: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        borrowing.written_columns(name, frame).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    (folder / "policy.toml").write_text(policy, encoding="utf-8", newline="\n")


def _refuse_unfit(folder: Path, mapped: Mapping[str, Mapped], policy: Policy) -> None:
    """DataFaults when the tables do not hold; rows are told as the export's file shows them."""
    faults = examine(folder, policy).faults
    faults = [fault for fault in faults if fault.table in mapped] or faults  # what is borrowed or derived only follows
    if faults:
        files = ", ".join(dict.fromkeys(table.file for table in mapped.values()))
        raise DataFaults([Fault("import_unfit", values={"file": files}), *(_in_source(fault, mapped) for fault in faults)])


def _in_source(fault: Fault, mapped: Mapping[str, Mapped]) -> Fault:
    if fault.table not in mapped:
        return fault
    rows = mapped[fault.table].frame.index
    return replace(fault, rows=tuple(int(rows[row - 2]) for row in fault.rows))
