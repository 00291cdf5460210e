"""Words: both languages complete, placeholders equal, every key used and every used key there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import planning
from planning.errors import Fault
from planning.report.i18n import LANGS, MissingWordsError, rows, say, sentence, words

SOURCE = Path(planning.__file__).parent
AREAS = ("branches.", "book.", "compliance.", "page.", "terms.", "rules.", "faults.", "cli.", "desk.", "export.", "totals.", "record.")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(words()))
def test_both_languages_say_the_same(key: str) -> None:
    entry = words()[key]
    assert set(entry) >= set(LANGS)
    assert set(entry) <= {"zh", "en", "zh_one", "en_one"}
    assert all(entry[lang].strip() for lang in LANGS)
    assert placeholders(entry["zh"]) - {"n"} == placeholders(entry["en"]) - {"n"}
    for form in entry.values():
        assert placeholders(form) <= placeholders(entry["zh"]) | {"n"}


def spoken() -> Iterator[re.Pattern[str]]:
    """Every string of the code that may name a key; what an f-string fills in matches anything."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield re.compile("".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.compile(re.escape(node.value))
    for path in SOURCE.rglob("*.j2"):
        for literal in re.findall(r't\("([^"]+)"', path.read_text(encoding="utf-8")):
            yield re.compile(re.escape(literal) + (".+" if literal.endswith(".") else ""))


def test_every_key_is_used() -> None:
    patterns = {pattern.pattern: pattern for pattern in spoken() if pattern.pattern.replace("\\", "").startswith(AREAS)}
    unused = [key for key in words() if not key.startswith("faults.") and not any(pattern.fullmatch(key) for pattern in patterns.values())]
    assert unused == []


def test_every_plain_key_in_the_code_is_worded() -> None:
    for path in (SOURCE / "report").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "rich") and isinstance(node.args[0], ast.Constant):
                assert node.args[0].value in words(), f"{path.name}: {node.args[0].value}"


def test_an_unknown_key_or_language_raises() -> None:
    with pytest.raises(MissingWordsError, match=r"page\.no_such_words"):
        say("page.no_such_words", "zh")
    with pytest.raises(MissingWordsError, match="fr"):
        say("page.title", "fr", period="2027")
    with pytest.raises(KeyError, match="period"):
        say("page.title", "zh", other="2027")


def test_one_and_many() -> None:
    assert say("terms.basis_points", "en", n=1) == "1 basis point"
    assert say("terms.basis_points", "en", n=1200) == "1,200 basis points"


def test_a_fault_names_table_column_and_rows_by_their_headings() -> None:
    fault = Fault(
        "negative", table="clients", column="loan_avg_cny", rows=(3, 7, 9, 12, 14), count=40, values={"value": -1250.5, "bound": "≥ 0", "least": 0, "most": 9}
    )
    for lang, heading in (("zh", "贷款年日均（loan_avg_cny）"), ("en", "Average loans (loan_avg_cny)")):
        assert heading in sentence(fault, lang)
    assert rows(fault, "zh") == "第 3、7、9、12、14 … 行（共 40 行）"
    assert rows(fault, "en") == "rows 3, 7, 9, 12, 14 … (40 in all)"
    assert rows(Fault("negative", rows=(3,), count=1), "en") == "row 3"


def test_values_that_look_like_placeholders_stay_as_they_are() -> None:
    assert "{table.__class__}" in sentence(Fault("glyph_missing", values={"characters": "{table.__class__}"}), "en")
