"""What the house promises of every file: no clock, no folder and no printing below run; words in the tables; files that fit a head."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BELOW_RUN = ("errors.py", "money.py", "policy", "book", "catalogue", "optimise", "judge", "plan", "report")
ASKS_THE_MACHINE = {"now", "today", "utcnow", "cwd", "getcwd", "getenv", "environ", "home", "expanduser"}
MOST_LINES = 400


def files(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / "planning" / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("path", list(files(*BELOW_RUN)), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_below_run_asks_the_machine_or_prints(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ASKS_THE_MACHINE}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not asked
    assert not called & {"print", "eval", "exec", "open", "input"}


@pytest.mark.parametrize("path", list(files(".")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_fits_a_head_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "the first line says what the file is"


def test_pinned_versions_name_no_index_and_no_folder() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(pins) > 100
    assert all("==" in line for line in pins if line.strip() and not line.startswith("#"))
    assert not [line for line in pins if "://" in line or "@" in line or line.startswith("-")]
