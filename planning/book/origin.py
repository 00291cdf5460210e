"""origin.toml: whose book a folder holds, whether it is made up, and which tables were borrowed from the sample bank."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from planning.book.book import UNNAMED
from planning.errors import DataFaults, Fault

FILE = "origin.toml"
BEFORE = "before"  # the folder of a data folder that holds the client table of an earlier date


@dataclass(frozen=True)
class Origin:
    """The bank's names (Chinese, English), whether the bank is made up, and its borrowed tables."""

    names: tuple[str, str] = UNNAMED
    sample: bool = False
    borrowed: tuple[str, ...] = ()


def read_origin(folder: Path) -> Origin:
    """What origin.toml says; without the file an unnamed real bank. DataFaults when the file cannot be understood."""
    path = folder / FILE
    if not path.exists():
        return Origin()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFaults(Fault("origin_not_toml", values={"file": FILE})) from error
    bank, borrowed = raw.get("bank", {}), raw.get("borrowed")
    if borrowed is None and isinstance(bank, dict):
        borrowed = bank.get("borrowed", [])
    if not isinstance(bank, dict) or not isinstance(borrowed, list) or not isinstance(bank.get("sample", False), bool):
        raise DataFaults(Fault("origin_not_toml", values={"file": FILE}))
    names = (str(bank.get("name_zh", UNNAMED[0])), str(bank.get("name_en", UNNAMED[1])))
    return Origin(names, bank.get("sample", False), tuple(str(table) for table in borrowed))


def write_origin(folder: Path, origin: Origin) -> None:
    """Writes origin.toml, so that every later reader knows what is the bank's own and what is borrowed."""
    zh, en = (json.dumps(name, ensure_ascii=False) for name in origin.names)
    borrowed = ", ".join(json.dumps(table) for table in origin.borrowed)
    text = f"borrowed = [{borrowed}]\n\n[bank]\nname_zh = {zh}\nname_en = {en}\nsample = {str(origin.sample).lower()}\n"
    (folder / FILE).write_text(text, encoding="utf-8", newline="\n")
