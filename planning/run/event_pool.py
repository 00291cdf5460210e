"""The event pool on disk: `event_pool/alerts.csv` in the output folder, replaced as a whole; and what each client manager is handed.

These files name clients. They are for their owners, never for leadership, and are never put beside a published plan.
"""

import csv
import io
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from planning import policy
from planning.book.alerts import RULES, Added, Alert, Pool, added, make_alerts, read_alert_settings
from planning.book.alerts.pool import closed
from planning.book.book import Book
from planning.book.former import Former, former_folder, read_former
from planning.book.intake import read_book
from planning.errors import Busy, DataFaults, Fault, RunFailed
from planning.run.trouble import not_writable, trouble

PLACE, FILE, BANK, LOCK = "event_pool", "alerts.csv", "bank.json", "lock"
COLUMNS = tuple(field.name for field in fields(Alert))
DATES, NUMBERS, COUNTS = ("made_on", "due", "last_seen", "closed_on"), ("value", "threshold"), ("times_seen",)
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\t")
PATIENCE = 10.0  # seconds to wait for another command to let go of the pool


def refresh(out: Path, data: Path, before: Path | None, as_of: date | None = None) -> tuple[Added, Former | None]:
    """Make the alerts of the data folder's day and add them to the pool in `out`.

    `before` = the folder of the former book; without it the data folder's own `before/`, where there is one. DataFaults and
    PolicyError say what is wrong with tables or rules; the pool is then as it was.
    """
    rules = policy.read(data / "policy.toml")
    book, settings = read_book(data, rules, os.environ), read_alert_settings(data)
    place = before or former_folder(data)
    former = None if place is None else read_former(place, rules, as_of, os.environ)
    made = make_alerts(book, former, settings, rules)
    with _held(out) as folder:
        _same_bank(folder, book)
        result = added(_read(folder / FILE), made)
        replaced(folder / FILE, _text(result.pool))
    return result, former


def close(out: Path, key: str, on: date, by: str, note: str) -> Pool:
    """Close one alert of the pool in `out`. DataFaults when it is not there, or closed already."""
    with _held(out) as folder:
        pool = closed(_read(folder / FILE), key, on, _one_line(by), _one_line(note))
        replaced(folder / FILE, _text(pool))
    return pool


def read_pool(out: Path) -> Pool:
    """The pool kept in the output folder `out`; empty where none was made yet. DataFaults when its file is not one of ours."""
    return _read(out / PLACE / FILE)


@contextmanager
def _held(out: Path) -> Iterator[Path]:
    folder = out / PLACE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=PATIENCE)
    except Timeout as error:
        raise Busy(Fault("pool_busy")) from error
    except OSError as error:
        raise not_writable(out, error) from error
    try:
        yield folder
    finally:
        lock.release()


def _same_bank(folder: Path, book: Book) -> None:
    """A pool belongs to one bank: DataFaults when it holds another's alerts."""
    own, file = {"names": list(book.names), "sample": book.sample}, folder / BANK
    if not (folder / FILE).exists():
        replaced(file, json.dumps(own, ensure_ascii=False))
        return
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = None
    if kept != own:
        names = kept.get("names") if isinstance(kept, dict) else None
        raise DataFaults(Fault("pool_of_other_bank", values={"bank": " / ".join(map(str, names)) if isinstance(names, list) else "?"}))


def _read(path: Path) -> Pool:
    if not path.exists():
        return Pool()
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        if not lines or tuple(lines[0]) != COLUMNS:
            raise DataFaults(Fault("pool_unreadable", values={"file": path.name, "row": 1}))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFaults(Fault("pool_unreadable", values={"file": path.name, "row": 1})) from error
    alerts: dict[str, Alert] = {}
    for row, cells in enumerate(lines[1:], 2):
        try:
            alert = _alert(dict(zip(COLUMNS, cells, strict=True)))
        except ValueError as error:
            raise DataFaults(Fault("pool_unreadable", values={"file": path.name, "row": row})) from error
        if alert.rule not in RULES or alert.state not in ("open", "closed") or alert.id in alerts:
            raise DataFaults(Fault("pool_unreadable", values={"file": path.name, "row": row}))
        alerts[alert.id] = alert
    return Pool(tuple(alerts[key] for key in sorted(alerts)))


def _alert(cells: Mapping[str, str]) -> Alert:
    values: dict[str, Any] = {name: cell.removeprefix("'") for name, cell in cells.items()}
    values |= {name: float(cells[name]) for name in NUMBERS} | {name: int(cells[name]) for name in COUNTS}
    values |= {name: date.fromisoformat(cells[name]) if cells[name] or name != "closed_on" else None for name in DATES}
    return Alert(**values)


def _text(pool: Pool) -> str:
    """The pool as CSV. Text that a spreadsheet would take for a formula carries an apostrophe, which reading takes off again."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for alert in pool.alerts:
        writer.writerow([_cell(getattr(alert, name)) for name in COLUMNS])
    return written.getvalue()


def _one_line(text: str) -> str:
    """Typed text without control characters and line ends, which neither CSV nor Excel keep well."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else repr(value)


def replaced(path: Path, text: str | bytes) -> None:
    """The file with this content, in one step: a reader sees the former file or the new one."""
    fresh = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        with fresh.open("xb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise RunFailed(Fault("pool_not_written", values={"file": path.name, **trouble(error)})) from error
