"""Punctuation as a bank sets it: full-width between Chinese, nothing doubled, nothing straight, in words, headings and help."""

import re
from collections.abc import Iterator

import pytest

from planning.book.contracts import EVERY_TABLE
from planning.policy import parameters
from planning.report.i18n import words

SETTING = r' = "[^"]*"|\S*://\S+'  # what is typed into a file, letter by letter
HAN = "\u4e00-\u9fff"
FULL = "，。；：！？、（）「」《》"
CHINESE = {
    "a half-width comma, semicolon, colon or mark between Chinese": rf"[{HAN}」）][,;:!?](?=[{HAN}「（{{])|[{HAN}][,;:!?]$",
    "a full stop of the other language": rf"[{HAN}）」]\.(?:\s|$)",
    "half-width brackets around Chinese": rf"\([^)]*[{HAN}][^)]*\)",
    "a blank before or after full-width punctuation": rf" [{FULL}]|[{FULL}] (?![A-Za-z0-9{{])",
    "doubled punctuation": r"[，；：、]{2}|。[。，；：、]|[，；：、]。|！！|？？",
    "straight quotation marks": r'"',
    "two blanks": r"  ",
    "a blank between Chinese characters": rf"[{HAN}] [{HAN}]",
    "an ellipsis of points": r"\.\.\.",
}
ENGLISH = {
    "two blanks": r"  ",
    "a blank before punctuation": r" [,;:!?](?:\s|$)| \.(?:\s|$)",
    "full-width punctuation": rf"[{FULL.replace('「', '').replace('」', '')}]",
    "Chinese": rf"[{HAN}]",
    "straight quotation marks": r'"',
    "an ellipsis of points": r"\.\.\.",
    "doubled punctuation": r",,|;;|\.\.|::",
    "a quotation mark left open": r"^[^”]*“[^”]*$",
}


def said(lang: str) -> Iterator[tuple[str, str]]:
    """(where, words) of everything that is shown in a language: sentences, headings and their meaning, the policy's help."""
    for key, entry in words().items():
        yield from ((f"{key}.{form}", re.sub(SETTING, "x", told.lstrip())) for form, told in entry.items() if form.startswith(lang))
    for contract in EVERY_TABLE.values():
        yield contract.name, getattr(contract, lang)
        yield from ((f"{contract.name}.{column.name}", getattr(column, lang)) for column in contract.columns)
    yield from ((one.name, getattr(one, lang)) for one in parameters())


@pytest.mark.parametrize("fault", CHINESE)
def test_chinese(fault: str) -> None:
    assert [(where, told) for where, told in said("zh") if re.search(CHINESE[fault], told)] == []


@pytest.mark.parametrize("fault", ENGLISH)
def test_english(fault: str) -> None:
    assert [(where, told) for where, told in said("en") if re.search(ENGLISH[fault], told)] == []
