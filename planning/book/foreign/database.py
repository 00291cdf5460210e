"""Reads a table from a database: one SELECT, read-only, every cell as the text a planner would type."""

import datetime
import decimal
import re
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import URL, Connection, CursorResult, Engine, NullPool, create_engine, exc, make_url, select, table, text

from planning.book import arrow
from planning.book.files import RawTable
from planning.book.raw import decimal_text
from planning.errors import DataFaults, Fault

AT_ONCE = 50_000  # rows fetched in one go
NAME = r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"
PASSWORDS = {"password", "passwd", "pwd"}
ODBC_PASSWORD = re.compile(r"(?:^|;)\s*(?:pwd|password)\s*=\s*([^;]+)", re.IGNORECASE)
ASIDE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`", re.DOTALL)
READS = {"select", "with", "values"}
WRITES = {"insert", "update", "delete", "merge", "into"}
DRIVERS = {"postgresql": "postgresql+psycopg"}
HIDDEN = "***"


class UnreadableCellError(TypeError):
    """A cell of a type that is no number, text, date, flag or list."""


@dataclass(frozen=True)
class Wanted:
    """Where a table is: an address with ${NAME} for what the environment holds, and a query or the name of a table there."""

    url: str
    query: str = ""
    sql_table: str = ""


def read_database(folder: Path, name: str, wanted: Wanted, environment: Mapping[str, str]) -> RawTable:
    """The rows of the query, numbered from 1 in their order; SQLite files are looked for from `folder`.

    DataFaults when the address is incomplete, the database cannot be reached, or the query fails or would write.
    """
    with _connected(folder, name, wanted, environment) as connection:
        result = _result(connection, wanted)
        headings = tuple(result.keys())
        columns: list[list[pa.Array]] = [[] for _ in headings]
        for blocks in _blocks(name, result):
            for column, block in zip(columns, blocks, strict=True):
                column.append(block)
    numbers = pd.RangeIndex(1, sum(len(block) for block in columns[0]) + 1)
    return RawTable(headings, tuple(_cells(column, numbers) for column in columns))


@contextmanager
def streamed(folder: Path, name: str, wanted: Wanted, environment: Mapping[str, str]) -> Iterator[pa.RecordBatchReader]:
    """The same rows as text, a block at a time, for as long as the context lasts: for tables too long to be held."""
    with _connected(folder, name, wanted, environment) as connection:
        result = _result(connection, wanted)
        shape = pa.schema([(heading, pa.large_string()) for heading in tuple(result.keys())])
        texts = ([arrow.texts(block, as_text) for block in blocks] for blocks in _blocks(name, result))
        yield pa.RecordBatchReader.from_batches(shape, (pa.record_batch(columns, schema=shape) for columns in texts))


@contextmanager
def _connected(folder: Path, name: str, wanted: Wanted, environment: Mapping[str, str]) -> Iterator[Connection]:
    """A connection that only reads. DataFaults tell what the database said, without its password."""
    _refuse_writing(name, wanted.query)
    url = _resolved(name, wanted.url, environment)
    engine = _engine(folder, name, url)
    secrets = passwords(url)
    read_only = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
    code = "source_unreachable"
    try:
        with engine.connect() as connection:
            code = "source_query_failed"
            yield connection.execution_options(stream_results=True, max_row_buffer=AT_ONCE, **read_only)
    except exc.SQLAlchemyError as error:
        raise DataFaults(Fault(code, name, values={"problem": _told(error, secrets)})) from None
    finally:
        engine.dispose()


def passwords(url: URL) -> list[str]:
    """Every password in an address, whatever its place is called; also inside a connection string of ODBC."""
    told = [(key.casefold(), value) for key, values in url.normalized_query.items() for value in values]
    inside = [part for key, value in told if key == "odbc_connect" for part in ODBC_PASSWORD.findall(value)]
    return [part for part in (url.password, *(value for key, value in told if key in PASSWORDS), *inside) if part]


def _refuse_writing(name: str, query: str) -> None:
    """DataFaults unless the query is one SELECT; the databases that can are told to read only besides."""
    bare = ASIDE.sub(" ", query).strip().rstrip(";").strip()
    words = re.findall(r"[a-z_]+", bare.casefold())
    if query and (";" in bare or not words or words[0] not in READS or WRITES & set(words)):
        raise DataFaults(Fault("source_query_writes", name))


def _resolved(name: str, written: str, environment: Mapping[str, str]) -> URL:
    """The address with every ${NAME} filled in from the environment. A password that stands in the file is refused."""
    whole = re.fullmatch(NAME, written.strip())
    absent = [needed for needed in re.findall(NAME, written) if needed not in environment]
    if absent:
        raise DataFaults(Fault("source_name_not_set", name, values={"name": absent[0]}))
    try:
        url = make_url(environment[whole[1]] if whole else written)
    except (exc.ArgumentError, ValueError):
        raise DataFaults(Fault("source_address_wrong", name)) from None
    if not whole and not all(re.search(NAME, part) for part in passwords(url)):
        raise DataFaults(Fault("source_password_written", name))
    if whole:
        return url

    def filled(part: str | None) -> str | None:
        return None if part is None else re.sub(NAME, lambda found: environment[found[1]], part)

    query = {key: filled(value) if isinstance(value, str) else value for key, value in url.query.items()}
    return URL.create(url.drivername, filled(url.username), filled(url.password), filled(url.host), url.port, filled(url.database), query)  # type: ignore[arg-type]


def _engine(folder: Path, name: str, url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise DataFaults(Fault("source_address_wrong", name))
        path = (folder / str(url.database)).resolve()
        if not path.is_file():
            raise DataFaults(Fault("source_file_missing", name, values={"file": path.name}))
        return create_engine("sqlite://", creator=lambda: sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False), poolclass=NullPool)
    try:
        return create_engine(url.set(drivername=DRIVERS.get(url.drivername, url.drivername)), poolclass=NullPool)
    except (ModuleNotFoundError, exc.NoSuchModuleError):
        raise DataFaults(Fault("source_driver_missing", name, values={"driver": url.drivername})) from None


def _result(connection: Connection, wanted: Wanted) -> CursorResult[Any]:
    if wanted.query:
        return connection.execution_options(no_parameters=True).exec_driver_sql(wanted.query)  # a : or % of the query is its own
    schema, _, own = wanted.sql_table.rpartition(".")
    return connection.execute(select(text("*")).select_from(table(own, schema=schema or None)))


def _blocks(name: str, result: CursorResult[Any]) -> Iterator[list[pa.Array]]:
    """The result's columns, so many rows at a time."""
    headings = tuple(result.keys())
    for rows in result.partitions(AT_ONCE):
        blocks: list[pa.Array] = []
        for heading, cells in zip(headings, zip(*rows, strict=True), strict=True):
            try:
                blocks.append(_block(cells))
            except UnreadableCellError as error:
                raise DataFaults(Fault("source_type_unreadable", name, values={"heading": heading, "type": str(error)})) from None
        yield blocks


def _block(cells: Sequence[Any]) -> pa.Array:
    """Some cells of a column: floats as they are, whatever else as text."""
    try:
        read = pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array(map(as_text, cells), pa.large_string())
    return read if arrow.all_finite(read) else arrow.texts(read, as_text)


def _cells(blocks: Sequence[pa.Array], numbers: pd.RangeIndex) -> pd.Series:
    """The whole column: numbers where every block that holds anything has numbers."""
    kinds = {pa.float64() if pa.types.is_floating(block.type) else block.type for block in blocks if block.null_count < len(block)}
    if kinds == {pa.float64()}:
        return arrow.cells(pa.chunked_array([block.cast(pa.float64()) for block in blocks], pa.float64()), numbers, as_text)
    return arrow.cells(pa.chunked_array([arrow.texts(block, as_text) for block in blocks], pa.large_string()), numbers, as_text)


def as_text(cell: object) -> str | None:
    """A database's cell as a planner would type it, every digit kept; UnreadableCellError for what has no such text."""
    match cell:
        case None:
            return None
        case bool():
            return "true" if cell else "false"
        case str() | int() | uuid.UUID():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
        case decimal.Decimal():
            return decimal_text(cell)
        case datetime.datetime():
            return cell.date().isoformat() if cell.time() == datetime.time(0) and cell.tzinfo is None else cell.isoformat()
        case datetime.date():
            return cell.isoformat()
        case list() | tuple():
            return "|".join(as_text(part) or "" for part in cell)
    raise UnreadableCellError(type(cell).__name__)


def _told(error: exc.SQLAlchemyError, secrets: Sequence[str]) -> str:
    """The first line of what the database itself says, without any password."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
    line = said[0] if said else type(error).__name__
    for secret in secrets:
        line = line.replace(secret, HIDDEN)
    return line
