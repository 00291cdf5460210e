"""Every fault that tables, maps and policy can raise has its sentence in both languages, and no sentence is left over."""

import re
import tomllib
from pathlib import Path

import pytest

PLANNING = Path(__file__).parents[2] / "planning"
WORDS = tomllib.loads((PLANNING / "report" / "words" / "faults.toml").read_text(encoding="utf-8"))["faults"]
NEAR = {"unknown_reference", "policy_reference", "expression_unknown_name", "map_unknown_name"}


def raised() -> set[str]:
    """Every quoted word of the code that could be a fault's code."""
    files = [*(PLANNING / "policy").rglob("*.py"), *(PLANNING / "book").rglob("*.py")]
    return {word for path in files for word in re.findall(r'"([a-z0-9_]+)"', path.read_text(encoding="utf-8"))}


def codes() -> set[str]:
    """The codes given to a fault outright."""
    files = [*(PLANNING / "policy").rglob("*.py"), *(PLANNING / "book").rglob("*.py")]
    calls = r'(?:Fault|found|_some|MisreadError|ExpressionError)\(\s*"([a-z0-9_]+)"'
    return {code for path in files for code in re.findall(calls, path.read_text(encoding="utf-8"))}


def test_every_code_that_is_raised_is_worded() -> None:
    assert codes() - set(WORDS) == set()


def test_every_wording_belongs_to_a_code() -> None:
    known = raised() | {f"{code}_near" for code in NEAR}
    assert set(WORDS) - known == set()


@pytest.mark.parametrize("code", WORDS)
def test_both_languages_use_the_same_placeholders(code: str) -> None:
    zh, en = (set(re.findall(r"{([a-z_]+)}", WORDS[code][lang])) for lang in ("zh", "en"))
    assert zh == en


@pytest.mark.parametrize("code", WORDS)
def test_a_fault_is_one_sentence(code: str) -> None:
    assert WORDS[code]["zh"].count("。") <= 1
    assert WORDS[code]["zh"].endswith(("。", "？"))
    assert WORDS[code]["en"].endswith((".", "?"))
    assert not re.search(r"[.] [A-Z]", WORDS[code]["en"])
