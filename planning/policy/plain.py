"""Whether a value that a planner typed can be what it seems: plain text, numbers, yes or no, dates, lists and tables of these.

What would be taken for something else without a word is refused: yes or no for a number, a number for a date, a set for a list in order.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel

LONGEST = 1_000  # characters of one text
MOST = 400_000  # values in one parameter
DEEPEST = 8
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")  # the direction of what stands beside them
BARRED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def plain_text(text: str) -> bool:
    """Whether a text is short, on one line, and shows what it holds."""
    if len(text) > LONGEST:
        return False
    if text.isascii():
        return text.isprintable()
    return not any(one in TURNS or unicodedata.category(one) in BARRED or _no_letter(one) for one in text)


def _no_letter(one: str) -> bool:
    return ord(one) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(one) <= 0xFDEF


def shown(value: Any) -> str:
    """A value as a sentence may quote it: short, and what cannot be seen as a question mark."""
    try:
        text = str(value)[: LONGEST + 1]
    except ValueError:  # a whole number of thousands of digits
        text = "…"
    seen = "".join(one if plain_text(one) else "?" for one in text[:80])
    return f"{seen}…" if len(text) > 80 else seen


def visible(text: str) -> str:
    """A text of some lines with what would move a terminal, or cannot be seen, as a sign for it."""
    return "".join(one if one in "\n\t" or plain_text(one) else "\ufffd" for one in text)


def read(text: str) -> Any:
    """The list or table that a text stands for, or the text itself. ValueError where a name stands twice in a table."""
    if not (text[:1] in "[{" and text[-1:] in "]}"):
        return text
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (json.JSONDecodeError, RecursionError):
        return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise DoubledError
    return table


class DoubledError(ValueError):
    """A name that stands twice in a table: one of its values would be lost."""


def _no_number(word: str) -> float:
    raise DoubledError(word)


def is_plain(value: Any, annotation: Any) -> bool:
    """Whether a value is what it seems for a field of this type."""
    return _counted(value, 0) <= MOST and _fits(value, _kinds(annotation))


def _counted(value: Any, depth: int) -> int:
    """How many values stand in one; more than MOST where any is of a strange kind, nested too deep or an unclear text."""
    if depth > DEEPEST:
        return MOST + 1
    if isinstance(value, Mapping):
        return sum(_counted(part, depth + 1) for pair in value.items() for part in pair) + 1
    if isinstance(value, list | tuple):
        return sum(_counted(part, depth + 1) for part in value) + 1
    good = plain_text(value) if isinstance(value, str) else value is None or isinstance(value, int | float | date | BaseModel)
    return 1 if good else MOST + 1


def _kinds(annotation: Any) -> set[Any]:
    inner = get_args(annotation)
    return {annotation} if not inner else set().union(*(_kinds(one) for one in inner))


def _fits(value: Any, kinds: set[Any]) -> bool:
    if isinstance(value, Mapping):
        return all(_fits(part, kinds - {str}) for part in value.values())
    if isinstance(value, list | tuple):
        return all(_fits(part, kinds) for part in value)
    if date in kinds:
        return value is None or isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value) is not None)
    if isinstance(value, str) and kinds & {int, float} and str not in kinds:
        return "_" not in value
    return not isinstance(value, bool) or bool in kinds or Any in kinds
