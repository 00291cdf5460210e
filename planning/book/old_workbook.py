"""What an .xls workbook says about its cells beyond their values: the records of the BIFF8 format that name errors and number formats."""

import struct
from collections.abc import Iterator
from pathlib import Path

from planning.book.workbook_marks import BUILT_IN, Marks, Place, shown_as

FREE, HEADER_SECTORS, IN_HEADER = 0xFFFFFFFA, 512, 109
SMALL_STREAM = 4096
BOUNDSHEET, FORMAT, STYLE, EOF, BOF = 0x85, 0x41E, 0xE0, 0x0A, 0x809
NUMBER, COMPRESSED, COMPRESSED_ROW, FORMULA, ERROR = 0x203, 0x27E, 0xBD, 0x06, 0x205
DIMENSIONS, MOST_ROWS, MOST_COLUMNS = 0x200, 65_536, 256
CELLS = {NUMBER, COMPRESSED, COMPRESSED_ROW, FORMULA, ERROR, 0x204, 0xFD, 0xD6}  # also labels: plain, shared and rich
Record = tuple[int, bytes]


def marks(path: Path, sheet: str) -> Marks:
    """The marks of a sheet of an .xls file. ValueError, KeyError or struct.error when the file is not sound."""
    stream = _workbook_stream(path.read_bytes())
    formats, styles, start = dict(BUILT_IN), [], -1
    for kind, body in _records(stream, 0):
        if kind == FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = shown_as(_text(body[2:], 2))
        elif kind == STYLE:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOUNDSHEET and _text(body[6:], 1) == sheet:
            start = struct.unpack_from("<I", body)[0]
    if start < 0:
        raise KeyError(sheet)
    added = {place: formats[style] for place, style in enumerate(styles) if formats.get(style)}
    errors: list[Place] = []
    shown: dict[Place, str] = {}
    for kind, body in _records(stream, start):
        if _is_error(kind, body):
            errors.append(_place(body))
        shown |= {place: added[style] for place, style in _numbers(kind, body) if style in added}
    return Marks(tuple(errors), (), shown)


def refuse_wrong_sizes(content: bytes) -> None:
    """ValueError or struct.error when a size in the file is beyond the file itself, or a sheet's beyond what the format allows."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    counts = (*struct.unpack_from("<II", content, 40), *struct.unpack_from("<I", content, 64), *struct.unpack_from("<I", content, 72))
    if sector not in (512, 4096) or max(counts) > len(content) // sector:
        raise ValueError("a count of sectors is wrong")
    stream = _workbook_stream(content)
    start = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        if kind == DIMENSIONS:
            top, bottom, left, right = struct.unpack_from("<IIHH", body)
            if not (top <= bottom <= MOST_ROWS and left <= right <= MOST_COLUMNS):
                raise ValueError("a sheet is too large")
        if kind in CELLS and _place(body)[1] >= MOST_COLUMNS:
            raise ValueError("a cell lies beyond the last column")
        start += 4 + length


def _is_error(kind: int, body: bytes) -> bool:
    return (kind == ERROR and body[7] == 1) or (kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2)


def _numbers(kind: int, body: bytes) -> Iterator[tuple[Place, int]]:
    """The cells of a record that hold numbers, with their styles."""
    if kind in (NUMBER, COMPRESSED, FORMULA):
        yield _place(body), struct.unpack_from("<H", body, 4)[0]
    elif kind == COMPRESSED_ROW:
        row, first = _place(body)
        for column, offset in enumerate(range(4, len(body) - 2, 6), first):
            yield (row, column), struct.unpack_from("<H", body, offset)[0]


def _place(body: bytes) -> Place:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """The records from a place on, to the end of that part of the workbook; parts inside it (charts) are passed over."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        start += 4 + length
        depth += {BOF: 1, EOF: -1}.get(kind, 0)
        if depth == 1:
            yield kind, body
        if depth <= 0:
            return


def _text(body: bytes, size: int) -> str:
    """A text that starts with its length (in `size` bytes) and a flag for two bytes a letter."""
    letters = int.from_bytes(body[:size], "little")
    wide = bool(body[size] & 1)
    return body[size + 1 : size + 1 + letters * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")


def _workbook_stream(content: bytes) -> bytes:
    """The workbook inside the compound file. KeyError when there is none."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    directory_start, small_table = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 60)[0]
    table = _sector_table(content, sector)
    directory = _chain(content, table, directory_start, sector)
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    names = {entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le"): entry for entry in entries}
    entry = names.get("Workbook") or names["Book"]
    start, size = struct.unpack_from("<II", entry, 116)
    if size >= SMALL_STREAM:
        return _chain(content, table, start, sector)[:size]
    small = _chain(content, table, struct.unpack_from("<I", entries[0], 116)[0], sector)
    links = _chain(content, table, small_table, sector)
    return _chain(b"\0" * 64 + small, list(struct.unpack(f"<{len(links) // 4}I", links)), start, 64)[:size]


def _sector_table(content: bytes, sector: int) -> list[int]:
    """Which sector follows which."""
    numbers = list(struct.unpack_from(f"<{IN_HEADER}I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // sector):
        if more >= FREE:
            break
        part = struct.unpack_from(f"<{sector // 4}I", content, (more + 1) * sector)
        numbers += part[:-1]
        more = part[-1]
    table: list[int] = []
    for number in numbers:
        if number < FREE:
            table += struct.unpack_from(f"<{sector // 4}I", content, (number + 1) * sector)
    return table


def _chain(content: bytes, table: list[int], start: int, sector: int) -> bytes:
    """The sectors from `start` on, put together. ValueError when they run in a circle."""
    parts = []
    while start < FREE:
        parts.append(content[(start + 1) * sector : (start + 2) * sector])
        if len(parts) > len(table):
            raise ValueError("the file's sectors run in a circle")
        start = table[start]
    return b"".join(parts)
