"""Databases for the tests: a folder's CSV tables loaded into SQLite, and into a PostgreSQL server of the tests' own that is thrown away."""

import csv
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from planning.book.contracts import CONTRACTS, Column

PASSWORD = "p@ss/w:rd 密"
INSTALL = "PostgreSQL's server is not there: apt-get install -y postgresql"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
IN_POSTGRES = {"number": "numeric", "integer": "integer", "yes_no": "boolean", "date": "date"}
IN_SQLITE = {"number": "NUMERIC", "integer": "INTEGER", "yes_no": "BOOLEAN", "date": "DATE"}


def tables_of(folder: Path) -> list[str]:
    return [table for table in CONTRACTS if (folder / f"{table}.csv").is_file()]


def load_sqlite(folder: Path, database: Path) -> None:
    """Every CSV table of a folder, empty cells as NULL, yes and no as 1 and 0."""
    with sqlite3.connect(database) as connection:
        for table in tables_of(folder):
            with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                headings, *rows = csv.reader(file)
            columns = [CONTRACTS[table].column(name) for name in headings]
            declared = ", ".join(f'"{column.name}" {IN_SQLITE.get(column.type, "TEXT")}' for column in columns)
            connection.execute(f'CREATE TABLE "{table}" ({declared})')
            cells = [[_sqlite_cell(column, cell) for column, cell in zip(columns, row, strict=True)] for row in rows]
            connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', cells)
    connection.close()


def _sqlite_cell(column: Column, cell: str) -> str | int | None:
    if column.type == "yes_no" and cell:
        return int(cell == "true")
    return cell or None


def load_postgres(folder: Path, connection: psycopg.Connection) -> None:
    """Every CSV table of a folder: NUMERIC and double precision, DATE, BOOLEAN, keys as CHAR with padding, the rest as text."""
    for table in tables_of(folder):
        content = (folder / f"{table}.csv").read_bytes()
        headings = content.splitlines()[0].decode().split(",")
        types = [_postgres_type(CONTRACTS[table].column(name)) for name in headings]
        columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in zip(headings, types, strict=True)]
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table), sql.SQL(", ").join(columns)))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER, NULL '')").format(sql.Identifier(table))) as copy:
            copy.write(content)
    connection.commit()


def _postgres_type(column: Column) -> str:
    if column.name == "deposit_rate_pct":
        return "double precision"
    return "char(40)" if column.name in ("client", "branch") else IN_POSTGRES.get(column.type, "text")


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def postgres() -> Iterator[int]:
    """A new server on this machine only, for as long as the context lasts: its port. User and database are `postgres`."""
    binaries = programs()
    assert binaries is not None, INSTALL
    home = Path(tempfile.mkdtemp(prefix="planning-postgres-"))
    (home / "password").write_text(PASSWORD, encoding="utf-8")
    if AS_ROOT:  # the server refuses to run as root
        for place in (home, home / "password"):
            shutil.chown(place, "postgres", "postgres")
    data, port = home / "data", _free_port()
    try:
        _run([str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={home / 'password'}", "-E", "UTF8", "--locale=C"])
        options = f"-p {port} -h 127.0.0.1 -k {home} -F"
        _run([str(binaries / "pg_ctl"), "-D", str(data), "-l", str(home / "log"), "-w", "-o", options, "start"])
        try:
            yield port
        finally:
            _run([str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if AS_ROOT else []
    subprocess.run([*as_postgres, *command], cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
