"""Words, kept once in words/*.toml with Chinese and English side by side, and the sentences made of them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from babel.lists import format_list
from babel.numbers import format_decimal

from planning.book.contracts import EVERY_TABLE
from planning.errors import Fault

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
LOCALES: Mapping[str, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
FOLDER = Path(__file__).with_name("words")


class MissingWordsError(KeyError):
    """A key has no words, or not in that language."""


def say(key: str, lang: str, /, **values: object) -> str:
    """The words of a key in one language, with its placeholders filled.

    A whole number named `n` is grouped, and where English has a form for one (`en_one`) it chooses it.
    MissingWordsError when the key or the language is unknown; KeyError when a placeholder has no value.
    """
    entry = words().get(key)
    if entry is None or lang not in entry:
        raise MissingWordsError(f"{key} ({lang})")
    n = values.get("n")
    form = f"{lang}_one" if n == 1 and f"{lang}_one" in entry else lang
    if isinstance(n, int):
        values["n"] = format_decimal(n, locale=LOCALES[lang])
    return entry[form].format_map(values) if values else entry[form]


def sentence(fault: Fault, lang: str) -> str:
    """One sentence for a fault: table and column by their headings, rows as the file numbers them."""
    values = {name: value if isinstance(value, str) else _figure(name, value, lang) for name, value in fault.values.items()}
    place = {"table": table_heading(fault.table, lang), "column": column_heading(fault.table, fault.column, lang), "rows": rows(fault, lang)}
    return say(f"faults.{fault.code}", lang, **{**place, "count": _figure("count", fault.count, lang), **values})


def rows(fault: Fault, lang: str) -> str:
    """The first rows of a fault and, where there are more, how many in all."""
    count = max(fault.count, len(fault.rows))
    if not fault.rows:
        return say("terms.rows_changed", lang, n=count) if count else ""
    listed = say("terms.comma", lang).join(str(row) for row in fault.rows)
    if count > len(fault.rows):
        return say("terms.rows_more", lang, rows=listed, n=count)
    return say("terms.rows" if count > 1 else "terms.row", lang, rows=listed)


def listing(items: Sequence[str], lang: str) -> str:
    """Items as a list in a sentence: 甲、乙和丙; A, B and C."""
    return format_list(list(items), locale=LOCALES[lang])


def pick(names: tuple[str, str], lang: str) -> str:
    """The name in that language, of a (Chinese, English) pair; the other one where it is empty."""
    zh, en = names
    return (zh or en) if lang == "zh" else (en or zh)


def table_heading(table: str, lang: str) -> str:
    """A table's heading with its code name; an unknown table keeps its name."""
    if table == "policy":
        return say("terms.named", lang, heading=say("terms.policy", lang), name="policy.toml")
    contract = EVERY_TABLE.get(table)
    return say("terms.named", lang, heading=pick((contract.zh, contract.en), lang), name=table) if contract else table


def column_heading(table: str, column: str, lang: str) -> str:
    """A column's heading with its code name; an unknown column keeps its name."""
    contract = EVERY_TABLE.get(table)
    found = {one.name: one for one in contract.columns}.get(column) if contract else None
    return say("terms.named", lang, heading=pick((found.zh, found.en), lang), name=column) if found else column


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every key with its words: {"page.title": {"zh": …, "en": …}}. ValueError when two files claim one key."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, entry in _leaves(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            if key in found:
                raise ValueError(f"{path.name}: {key} is already worded")
            found[key] = entry
    return found


def _leaves(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    if any(isinstance(value, str) for value in table.values()):
        yield prefix, table
        return
    for name, value in table.items():
        yield from _leaves(value, f"{prefix}.{name}" if prefix else name)


def _figure(name: str, value: float, lang: str) -> str:
    return str(value) if name.endswith("year") else format_decimal(value, format="#,##0.######", locale=LOCALES[lang])
