"""The register of runs: every run's record in the order it ended, chained so that none can be changed or taken out unseen.

    hash_n = SHA-256(hash_{n−1} · newline · record_n),   hash_0 = 64 zeros

One SQLite file beside the published plans, or, where several machines publish, the database that PLANNING_REGISTRY names.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Column, Connection, Integer, MetaData, NullPool, String, Table, Text, create_engine, delete, insert, make_url, select
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError, SQLAlchemyError

from planning.errors import Fault, RunFailed
from planning.run import channel, publish

ADDRESS = "PLANNING_REGISTRY"
FILE = "runs.sqlite"
ADDING, UNREADABLE, PART = ".adding", ".unreadable", ".part"
PART_SECONDS = 3600
"""A part of a record that is older belongs to no process any more."""
FIRST = "0" * 64
TRIES, PAUSE_SECONDS, PATIENCE_SECONDS = 60, 0.05, 30
CONNECT_SECONDS = 10
"""How long a database server may take to answer; a machine that is gone would otherwise be waited for over and over, minutes each time."""
LATEST = 50

TABLES = MetaData()
RUNS = Table(
    "planning_runs",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("plan", String(64), nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)


@dataclass(frozen=True)
class Entry:
    """One run as the register holds it: its number, its plan, its record, the hash before it and its own."""

    number: int
    plan: str
    record: str
    previous: str
    hash: str

    @property
    def told(self) -> Mapping[str, Any]:
        """The record as values. RunFailed where it was changed into something that is no record."""
        try:
            content = json.loads(self.record)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise RunFailed(Fault("register_changed", values={"number": self.number, "plan": self.plan}))
        return content


def chained(previous: str, record: str) -> str:
    """The hash of a record that follows `previous`."""
    return _sha256(f"{previous}\n{record}".encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def register(out: Path, plan: str, record: str) -> bool:
    """Add a run's record; False where the register cannot be reached: the record then waits beside the plans and is added with the next run."""
    try:
        _put_aside(out, plan, record)
    except OSError:
        return False
    return register_waiting(out)


def register_waiting(out: Path) -> bool:
    """Add every record that waits, a published plan's among them; False where the register cannot be reached, and they go on waiting."""
    try:
        _add_waiting(out)
    except (SQLAlchemyError, ArgumentError, ModuleNotFoundError, RunFailed, OSError):
        return False
    return True


def entries(out: Path, plan: str | None = None, latest: int = LATEST) -> tuple[Entry, ...]:
    """The latest runs, of one plan or of all, newest first; none where there is no register. RunFailed when it cannot be reached."""
    if not is_kept(out):
        return ()
    wanted = select(RUNS).order_by(RUNS.c.number.desc()).limit(latest)
    with _told_plainly(), _connected(out) as connection:
        rows = connection.execute(wanted if plan is None else wanted.where(RUNS.c.plan == plan)).all()
    return tuple(Entry(*row) for row in rows)


def entry(out: Path, number: int) -> Entry | None:
    """The run of that number, None where there is none. RunFailed where it was changed, or when the register cannot be reached."""
    with _told_plainly(), _connected(out) as connection:
        row = connection.execute(select(RUNS).where(RUNS.c.number == number)).one_or_none()
    if row is None:
        return None
    found = Entry(*row)
    if found.hash != chained(found.previous, found.record):
        raise RunFailed(Fault("register_changed", values={"number": found.number, "plan": found.plan}))
    return found


def number_of(out: Path, plan: str, record: str) -> int | None:
    """The latest number under which this very record stands in the register; None where it does not."""
    wanted = select(RUNS.c.number).where(RUNS.c.plan == plan, RUNS.c.record == record).order_by(RUNS.c.number.desc()).limit(1)
    with _told_plainly(), _connected(out) as connection:
        found: int | None = connection.execute(wanted).scalar_one_or_none()
    return found


def copy_before(out: Path, number: int | None, to: Path) -> None:
    """Copy the register beside the plans under `out` to those under `to`, as it was before run `number`: whole where that is None.

    A register that is no file beside them is left where it is.
    """
    file = out / publish.RUNS / FILE
    if os.environ.get(ADDRESS) or not file.is_file():
        return
    (to / publish.RUNS).mkdir(exist_ok=True)
    shutil.copyfile(file, to / publish.RUNS / FILE)
    if number is not None:
        with _told_plainly(), _connected(to) as connection:
            connection.execute(delete(RUNS).where(RUNS.c.number >= number))
            connection.commit()


def well_formed(address: str) -> bool:
    """Whether an address names a database in a way that can be understood."""
    try:
        return bool(make_url(address).drivername)
    except (ArgumentError, ValueError):
        return False


def is_kept(out: Path) -> bool:
    """Whether there is a register for the plans under `out`."""
    return bool(os.environ.get(ADDRESS)) or (out / publish.RUNS / FILE).is_file()


def verify_chain(out: Path) -> int:
    """How many runs the chain holds. RunFailed names the first run that was changed, taken out or put in, and every published plan it does not know.

    A plan whose record still waits to be registered, as after a run that was killed, is known.
    """
    # In the order in which a record goes, so that none is missed that is on its way: published, waiting, registered.
    published = {path.parent.name: _sha256(path.read_bytes()) for path in out.glob(f"*/{channel.RECORD}")}
    known = {_sha256(record.encode()) for record in publish.unregistered(out)}
    previous, number = FIRST, 0
    with closing(_all(out)) as runs:
        for entry in runs:
            if entry.number != number + 1:
                raise RunFailed(Fault("register_gap", values={"number": number + 1}))
            if entry.previous != previous or entry.hash != chained(previous, entry.record) or entry.told.get("id") != entry.plan:
                raise RunFailed(Fault("register_changed", values={"number": entry.number, "plan": entry.plan}))
            previous, number = entry.hash, entry.number
            known.add(_sha256(entry.record.encode()))
    if strangers := sorted(plan for plan, record in published.items() if record not in known):
        raise RunFailed([Fault("register_unknown_plan", values={"plan": plan}) for plan in strangers])
    return number


def _all(out: Path) -> Generator[Entry, None, None]:
    """Every run, oldest first; none where there is no register."""
    if is_kept(out):
        with _told_plainly(), _connected(out) as connection:
            yield from (Entry(*row) for row in connection.execute(select(RUNS).order_by(RUNS.c.number)).yield_per(1000))


def _put_aside(out: Path, plan: str, record: str) -> None:
    made = publish.waiting(out)
    part = made.with_suffix(PART)
    try:
        publish.write(part, json.dumps({"plan": plan, "record": record}, ensure_ascii=False).encode())
        part.replace(made)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _add_waiting(out: Path) -> None:
    """Every record that waits, oldest first; whoever is at it already takes ours along."""
    place = publish.waiting(out).parent
    try:
        with FileLock(place / "lock", timeout=30):
            for path in sorted(path for path in place.iterdir() if path.suffix in (".json", ADDING)):
                _add(out, path)
            for part in place.glob(f"*{PART}"):
                if time.time() - part.stat().st_mtime > PART_SECONDS:
                    part.unlink()
    except Timeout as error:
        raise RunFailed(Fault("register_unreachable")) from error


def _add(out: Path, path: Path) -> None:
    """Add one record, once: a name of its own tells that a run which was killed may have added it already."""
    try:
        waiting = json.loads(path.read_text(encoding="utf-8"))
        plan, record = str(waiting["plan"]), str(waiting["record"])
    except (ValueError, KeyError, TypeError):
        path.rename(path.with_suffix(UNREADABLE))
        return
    begun = path.suffix == ADDING
    path = path.rename(path.with_suffix(ADDING))
    if not (begun and _has(out, plan, record)):
        _append(out, plan, record)
    path.unlink()


def _has(out: Path, plan: str, record: str) -> bool:
    same = select(RUNS.c.number).where(RUNS.c.plan == plan, RUNS.c.record == record).limit(1)
    with _connected(out) as connection:
        return connection.execute(same).first() is not None


def _append(out: Path, plan: str, record: str) -> None:
    """One row after the last; who comes second on a number takes the next."""
    last = select(RUNS.c.number, RUNS.c.hash).order_by(RUNS.c.number.desc()).limit(1)
    gives_up = time.monotonic() + PATIENCE_SECONDS
    for tried in range(TRIES):
        try:
            with _connected(out) as connection:
                number, previous = connection.execute(last).one_or_none() or (0, FIRST)
                row = {"number": number + 1, "plan": plan, "record": record, "previous": previous, "hash": chained(previous, record)}
                connection.execute(insert(RUNS).values(row))
                connection.commit()
            return
        except (IntegrityError, OperationalError):
            if tried == TRIES - 1 or time.monotonic() > gives_up:
                raise
            time.sleep(PAUSE_SECONDS)


def address(named: str | None, out: Path) -> URL:
    """The database that PLANNING_REGISTRY names, which must answer in time where it is PostgreSQL; else the file beside the plans."""
    if not named:
        return URL.create("sqlite", database=str(out / publish.RUNS / FILE))
    url = make_url(named)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername != "postgresql+psycopg" or "connect_timeout" in url.query:
        return url
    return url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})


@contextmanager
def _connected(out: Path) -> Iterator[Connection]:
    """The register, with its table made where it is new."""
    named = os.environ.get(ADDRESS)
    if not named:
        (out / publish.RUNS).mkdir(parents=True, exist_ok=True)
    engine = create_engine(address(named, out), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            TABLES.create_all(connection)
            connection.commit()
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What a database says may carry its address and password: only that it cannot be reached is told."""
    try:
        yield
    except (SQLAlchemyError, ArgumentError, ModuleNotFoundError, OSError) as error:
        raise RunFailed(Fault("register_unreachable")) from error
