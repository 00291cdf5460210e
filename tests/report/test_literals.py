"""Words stand in words/*.toml alone: the code itself speaks neither Chinese nor English, but where a pair of both belongs to a declaration."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import planning

SOURCE = Path(planning.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SENTENCE = re.compile(r"[A-Za-z][a-z]+(?: [A-Za-z][a-z,']*){3,}")

# Where words may stand in the code, and why.
ALLOWED = {
    "policy/__init__.py": "a field's help, in both languages, is part of its declaration",
    "policy/sections.py": "a field's help, in both languages, is part of its declaration",
    "book/alerts/settings.py": "a field's help, in both languages, is part of its declaration",
    "book/contracts/": "a column's headings and meaning, in both languages, are its declaration",
    "book/sample/": "the made-up bank's own words",
    "book/amounts.py": "what is read in a bank's tables: 万, 亿, 人民币",
    "book/client_cells.py": "blanks that are read in a bank's tables",
    "book/cells.py": "what is read in a bank's tables: 是, 否, 年月日",
    "book/windows.py": "what is read in a bank's tables: years, halves, quarters and months",
    "book/measures.py": "what is read in the headings of a bank's tables: units",
    "book/encodings.py": "what tells encodings apart",
    "book/book.py": "the name of a bank that gives none, in both languages",
    "plan/lines.py": "the name of the head office, in both languages",
    "plan/hand_files.py": "signs that open a formula, also full-width",
    "run/event_pool.py": "signs that open a formula, also full-width",
    "run/workbook.py": "signs that open a formula, also full-width",
    "run/event_handover.py": "signs of file names, and a comment in a file that speaks both languages",
    "report/html.py": "punctuation at which a Chinese headline may break",
    "report/page.py": "a list of tags",
    "optimise/relaxation.py": "the names of the solver's states",
    "plan/causes.py": "a list of names of fields and tables",
    "cli/": "help is read before a language is known, so each speaks both: 中文 · English",
    "run/page.py": "help of a setting of nbconvert's",
    "book/foreign/pointing.py": "names of settings, put into a worded fault",
    "book/old_workbook.py": "told to who reads the log of a broken file",
    "judge/": "told to who reads why a certificate cannot be read",
}


def literals(path: Path) -> Iterator[ast.Constant]:
    """The strings of a file, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node


def allowed(name: str) -> str:
    return next((place for place in ALLOWED if name == place or (place.endswith("/") and name.startswith(place))), "")


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[str]]:
    """Words in the code, by file."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        said = [str(one.value)[:60] for one in literals(path) if CHINESE.search(str(one.value)) or SENTENCE.search(str(one.value))]
        if said:
            found[path.relative_to(SOURCE).as_posix()] = said
    return found


def test_the_code_speaks_only_where_it_may(spoken: dict[str, list[str]]) -> None:
    assert {name: said for name, said in spoken.items() if not allowed(name)} == {}


def test_no_allowance_is_idle(spoken: dict[str, list[str]]) -> None:
    assert set(ALLOWED) - {allowed(name) for name in spoken} == set()


def test_help_of_the_command_line_speaks_both_languages() -> None:
    for path in (SOURCE / "cli").glob("*.py"):
        for one in literals(path):
            words = str(one.value)
            if CHINESE.search(words):
                chinese, dot, english = words.partition(" · ")
                assert dot, words
                assert CHINESE.search(chinese), words
                assert not CHINESE.search(english), words


def test_templates_hold_no_words() -> None:
    for path in SOURCE.rglob("*.j2"):
        shown = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", shown), (path.name, shown)
