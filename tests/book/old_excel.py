"""Writes a small .xls workbook by hand: BIFF8 records in a compound file. No library that writes this format is needed."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = str | float | bool | None
GENERAL, PERCENT, DATE = 0, 10, 14  # Excel's numbers for these formats
STYLES = (GENERAL, PERCENT, DATE)
SECTOR, FREE, END, TABLE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Shown:
    """A number with a format; `error` makes it an error cell instead."""

    value: float = 0.0
    format: int = GENERAL
    error: bool = False


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def cell(row: int, column: int, value: Cell | Shown) -> bytes:
    shown = value if isinstance(value, Shown) else Shown(float(value)) if isinstance(value, float | int) and not isinstance(value, bool) else None
    if shown is not None:
        place = struct.pack("<HHH", row, column, STYLES.index(shown.format))
        return record(0x205, place + b"\x2a\x01") if shown.error else record(0x203, place + struct.pack("<d", shown.value))
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, bool):
        return record(0x205, place + bytes([value, 0]))
    text = str(value)
    return record(0x204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def workbook(rows: Sequence[Sequence[Cell | Shown]], sheet: str = "Sheet1", from_1904: bool = False) -> bytes:
    """An .xls file with one sheet."""
    start = record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + record(0x42, struct.pack("<H", 1200))
    start += record(0x22, struct.pack("<H", from_1904))
    start += b"".join(record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in STYLES)
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    at = len(start) + 4 + 6 + len(name) + 4
    start += record(0x85, struct.pack("<IH", at, 0) + name) + record(0x0A)
    page = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    page += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    page += b"".join(cell(row, column, value) for row, line in enumerate(rows) for column, value in enumerate(line) if value not in (None, ""))
    return compound(start + page + record(0x0A))


def compound(stream: bytes) -> bytes:
    """A compound file with the stream `Workbook`, which is padded so that it is kept in whole sectors."""
    stream += bytes(max(4096, -(-len(stream) // SECTOR) * SECTOR) - len(stream))
    sectors = len(stream) // SECTOR
    links = [TABLE, END, *range(3, sectors + 2), END]
    links += [FREE] * (SECTOR // 4 - len(links))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    entries: Mapping[str, tuple[int, int, int]] = {"Root Entry": (5, END, 0), "Workbook": (2, 2, len(stream))}
    directory = b"".join(entry(name, kind, first, size) for name, (kind, first, size) in entries.items())
    return head + struct.pack("<128I", *links) + directory + bytes(SECTOR - len(directory)) + stream


def entry(name: str, kind: int, first: int, size: int) -> bytes:
    """One line of the compound file's directory; the root has the workbook as its child."""
    written = name.encode("utf-16-le")
    child = 1 if kind == 5 else FREE
    links = struct.pack("<III", FREE, FREE, child)
    return (
        written + bytes(64 - len(written)) + struct.pack("<HBB", len(written) + 2, kind, 1) + links + bytes(36) + struct.pack("<IIII", first, size, 0, 0)[:12]
    )
