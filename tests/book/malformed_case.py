"""What a malformed file is, what must come of it, and how such files are made of the small bank's tables."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from small_bank import TABLES

from planning.book.contracts import CONTRACTS

Kind = str


@dataclass(frozen=True)
class Refused:
    """The one fault that must come: its code, column and rows, and the codes of faults that follow from it."""

    code: str
    column: str = ""
    rows: tuple[int, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Right:
    """The file reads as this text of the table does; what is said about it in notes; some of its cells, written out."""

    text: str
    notes: tuple[str, ...] = ()
    cells: Mapping[tuple[str, str], object] = field(default_factory=dict)  # (key, column) → value


@dataclass(frozen=True)
class Malformed:
    """A file, what is odd about it, and what must come of it."""

    kind: Kind
    name: str
    table: str
    content: bytes
    outcome: Refused | Right
    suffix: str = ".csv"

    @property
    def title(self) -> str:
        return f"{self.kind}-{self.name}"


def swapped(table: str, *changes: tuple[str, str]) -> str:
    """The small bank's table with pieces of text replaced; each piece must be there."""
    text = TABLES[table]
    for old, new in changes:
        assert old in text, f"{old!r} is not in {table}"
        text = text.replace(old, new, 1)
    return text


def grid(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


def written(rows: list[list[str]], separator: str = ",", line_end: str = "\n") -> str:
    out = StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def in_chinese(table: str, *changes: tuple[str, str], units: Mapping[str, str] | None = None) -> str:
    """The table with Chinese headings, some with a unit behind them."""
    rows = grid(swapped(table, *changes))
    rows[0] = [CONTRACTS[table].column(name).zh + (units or {}).get(name, "") for name in rows[0]]
    return written(rows)


def read_right(kind: Kind, name: str, table: str, content: bytes | str, *notes: str) -> Malformed:
    return Malformed(kind, name, table, content.encode() if isinstance(content, str) else content, Right(TABLES[table], notes))


def refused(kind: Kind, name: str, table: str, content: bytes | str, outcome: Refused) -> Malformed:
    return Malformed(kind, name, table, content.encode() if isinstance(content, str) else content, outcome)


def workbook(table: str, change: Callable[[Worksheet], None] | None = None, from_1904: bool = False) -> bytes:
    """The table as an .xlsx file, cells as text, with a change made to its sheet."""
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in grid(TABLES[table]):
        sheet.append([cell or None for cell in row])
    if change:
        change(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
