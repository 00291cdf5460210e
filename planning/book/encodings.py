"""Finds the encoding of a text file, and tells text that was once read in the wrong one."""

import codecs
import re
from pathlib import Path

from planning.errors import DataFaults, Fault

WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
LOST = re.compile("\ufffd|锟斤拷|ï¿½")
HAN = re.compile("[\u4e00-\u9fff]")
MISREADINGS = (("gb18030", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030"))
FEWEST_WESTERN = 4
LONGEST_MARK = 4
AT_ONCE = 1 << 24  # bytes


def decoded(content: bytes, file: str, table: str, encoding: str = "") -> str:
    """The text of a file: in the encoding named, else by its byte order mark, else UTF-8, else GB18030.

    DataFaults when it is a workbook, has NUL bytes, mixes encodings or fits none; the row of the first bad byte is told.
    """
    if content.startswith(WORKBOOK_MARKS):
        raise DataFaults(Fault("file_disguised", table, values={"file": file}))
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    try:
        text = content.decode(encoding or marked or "utf-8")
    except UnicodeDecodeError as error:
        if encoding or marked:
            raise _unreadable(content, error.start, file, table) from error
        text = _gb18030(content, file, table)
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise DataFaults(Fault("nul_bytes", table, "", (row,), 1, {"file": file}))
    return text.removeprefix("\ufeff")


def encoding_of(path: Path, table: str) -> str:
    """The encoding of a long file, found without holding it: by its byte order mark, else UTF-8, else GB18030, whichever every byte fits.

    DataFaults when it is a workbook, or fits none.
    """
    with path.open("rb") as file:
        beginning = file.read(LONGEST_MARK)
    if beginning.startswith(WORKBOOK_MARKS):
        raise DataFaults(Fault("file_disguised", table, values={"file": path.name}))
    marked = next((name for mark, name in BYTE_ORDER_MARKS if beginning.startswith(mark)), "")
    fitting = marked or next((name for name in ("utf-8", "gb18030") if _fits(path, name)), "")
    if not fitting:
        decoded(path.read_bytes(), path.name, table)  # raises, and names the row
    return fitting


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for piece in iter(lambda: file.read(AT_ONCE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _gb18030(content: bytes, file: str, table: str) -> str:
    """GB18030, as long as what comes out is mostly common Chinese.

    Where some lines are plainly UTF-8 the file was put together from two encodings, or cut off inside a letter.
    """
    plainly, broken = [], []
    for row, line in enumerate(content.split(b"\n"), 1):
        if not line.isascii():
            try:
                if _mostly_common(line.decode("utf-8")) and not _mostly_common(line.decode("gb18030", "replace")):
                    plainly.append(row)
            except UnicodeDecodeError:
                broken.append(row)
    if plainly:
        raise DataFaults(Fault("encoding_mixed", table, "", tuple(broken[:5]), len(broken), {"file": file}))
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _unreadable(content, error.start, file, table) from error
    if not _mostly_common(text):
        raise _unreadable(content, next(place for place, byte in enumerate(content) if byte > 0x7F), file, table)
    return text


def _unreadable(content: bytes, place: int, file: str, table: str) -> DataFaults:
    return DataFaults(Fault("encoding_unreadable", table, "", (content.count(b"\n", 0, place) + 1,), 1, {"file": file}))


def garbled(text: str) -> bool:
    """Whether a text was read in the wrong encoding and saved so: 鍩庝笢鏀 for 城东支, é“¶è¡Œ for 银行, or � for what was lost."""
    if LOST.search(text):
        return True
    return any(_restored(run) for run in BEYOND_ASCII.findall(text))


def _restored(run: str) -> bool:
    """Whether the run reads as common Chinese once its wrong reading is undone; what is left of a cut character may be missing."""
    for wrong, right in MISREADINGS:
        if right == "gb18030" and len(run) < FEWEST_WESTERN:
            continue
        try:
            content = run.encode(wrong)
        except UnicodeError:
            continue
        for cut in (0, 1, 2):
            text = content[: len(content) - cut].decode(right, "replace")
            if "\ufffd" not in text and HAN.search(text) and _mostly_common(text) and not _mostly_common(run):
                return True
    return False


def _mostly_common(text: str) -> bool:
    """Whether at least half of the characters beyond ASCII are among the 3,755 common ones of GB 2312, or its punctuation."""
    beyond = [character for character in text if character > "\x7f"]
    common = sum(1 for character in beyond if _is_common(character))
    return common * 2 >= len(beyond)


def _is_common(character: str) -> bool:
    content = character.encode("gb18030", "replace")
    return len(content) == 2 and content[1] >= 0xA1 and (0xA1 <= content[0] <= 0xA3 or 0xB0 <= content[0] <= 0xD7)
