"""source.toml: which tables of a folder are not files of their own name, but a database's or a foreign export's."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError, model_validator

from planning.book import files
from planning.book.contracts import CONTRACTS
from planning.book.files import RawTable
from planning.book.findings import nearest
from planning.book.foreign.mapping import ColumnMap, Part, Source, read_map
from planning.book.foreign.sources import mapped_table, read_sources
from planning.errors import DataFaults, Fault

FILE = "source.toml"


class Pointer(Part):
    """Where one table is: `url` with `query` or `sql_table`, or a `file`, read through the column `map` if there is one."""

    url: str = ""
    query: str = ""
    sql_table: str = ""
    file: str = ""
    map: str = ""

    @model_validator(mode="after")
    def one_place(self) -> Self:
        in_database = bool(self.url) and bool(self.query) != bool(self.sql_table) and not (self.file or self.map)
        in_file = bool(self.file or self.map) and not (self.url or self.query or self.sql_table)
        if not in_database and not in_file:
            raise ValueError("url and query, url and sql_table, or file and map")
        return self


@dataclass(frozen=True)
class Pointers:
    """The tables that source.toml points elsewhere, and what is wrong with the file."""

    tables: Mapping[str, Pointer]
    faults: tuple[Fault, ...] = ()

    @property
    def files(self) -> set[str]:
        """The names of the files it uses."""
        return {name for pointer in self.tables.values() for name in (pointer.file, pointer.map) if name}


def read_pointers(folder: Path) -> Pointers:
    """What source.toml says. A `url` above the tables is that of every table with a query or sql_table and none of its own."""
    path = folder / FILE
    if not path.is_file():
        return Pointers({})
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Pointers({}, (Fault("source_not_toml", values={"file": FILE, "problem": str(error)}),))
    shared = raw.pop("url", "")
    tables: dict[str, Pointer] = {}
    faults: list[Fault] = []
    for table, said in raw.items():
        if table not in CONTRACTS:
            near = nearest(table, CONTRACTS)
            faults.append(Fault("source_table_unknown_near" if near else "source_table_unknown", values={"file": FILE, "name": table, "nearest": near}))
            continue
        own = said if isinstance(said, dict) else {"": said}
        common = {"url": shared} if shared and ("query" in own or "sql_table" in own) else {}
        try:
            tables[table] = Pointer.model_validate({**common, **own})
        except ValidationError as error:
            fields = [".".join(str(part) for part in one["loc"]) for one in error.errors() if one["loc"]]
            faults.append(Fault("source_entry_wrong", table, values={"file": FILE, "field": ", ".join(fields) or f"[{table}]"}))
    return Pointers(tables, tuple(faults))


def read_pointed(folder: Path, table: str, pointer: Pointer, environment: Mapping[str, str]) -> RawTable:
    """The table as its place holds it. DataFaults says what cannot be found, reached or understood."""
    if pointer.url:
        from planning.book.foreign.database import Wanted, read_database  # a folder of files never loads a database's library

        return read_database(folder, table, Wanted(pointer.url, pointer.query, pointer.sql_table), environment)
    if not pointer.map:
        return files.read_raw(_there(folder, table, pointer.file), table)
    column_map = read_map(folder / pointer.map)
    if table not in column_map.tables:
        raise DataFaults(Fault("map_without_table", table, values={"file": pointer.map}))
    return _through(folder, table, column_map, pointer)


def _through(folder: Path, table: str, column_map: ColumnMap, pointer: Pointer) -> RawTable:
    """The table worked out by its map; `file` stands in for the file of the table's own source. Rows keep the numbers of that file."""
    wanted = column_map.tables[table]
    named = {name: column_map.sources[name] for name in (wanted.source, *(join.source for join in wanted.join))}
    if pointer.file:
        path = _there(folder, table, pointer.file)
        named[wanted.source] = Source(**{**named[wanted.source].model_dump(), "file": path.name})
        places = [path, folder, path.parent]
    else:
        places = [folder]
    narrowed = column_map.model_copy(update={"sources": named})
    mapped = mapped_table(table, narrowed, read_sources(places, narrowed))
    return RawTable(tuple(str(name) for name in mapped.frame.columns), tuple(mapped.frame[name] for name in mapped.frame.columns))


def _there(folder: Path, table: str, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise DataFaults(Fault("source_file_missing", table, values={"file": name}))
    return path
