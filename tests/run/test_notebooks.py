"""The house rules of the planners' notebooks."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning import policy
from planning.errors import PolicyError
from planning.run import notebook, params

FOLDER = Path(__file__).parents[2] / "notebooks"
CELLS = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": %s}'
START = FOLDER / "start.ipynb"  # words only
NOTEBOOKS = sorted(set(FOLDER.glob("*.ipynb")) - {START})


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def raw(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text(encoding="utf-8"))


def tags(cell: dict[str, Any]) -> list[str]:
    return cell["metadata"].get("tags", [])


def code_cells(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in raw["cells"] if cell["cell_type"] == "code"]


def verbs(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in code_cells(raw) if "parameters" not in tags(cell)]


def test_it_is_a_valid_notebook_with_fixed_cell_ids(raw: dict[str, Any]) -> None:
    nbformat.validate(raw)
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert raw["metadata"]["kernelspec"]["name"] == "python3"
    assert all(cell["id"].isidentifier() for cell in raw["cells"])


def test_no_outputs_are_kept(raw: dict[str, Any]) -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(raw))


def test_it_opens_with_its_title_and_guidance_for_the_desk(raw: dict[str, Any]) -> None:
    first = raw["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")
    assert "desk" in tags(first)


def test_one_parameters_cell_of_literals_comes_first(raw: dict[str, Any]) -> None:
    assert [number for number, cell in enumerate(code_cells(raw)) if "parameters" in tags(cell)] == [0]
    values = params.literals("".join(code_cells(raw)[0]["source"]))
    assert set(values) <= set(params.known_names())
    assert set(params.OWN) <= set(values)
    params.asked(values)


def test_every_parameter_carries_the_policys_own_help_with_unit_and_bounds(raw: dict[str, Any]) -> None:
    help_of = {parameter.name: policy.comment(parameter) for parameter in policy.parameters()}
    for line in "".join(code_cells(raw)[0]["source"]).splitlines():
        name, comment = line.split(" = ", 1)[0], line.split("  # ", 1)[1]
        assert comment == help_of.get(name, comment), name
        assert " · " in comment, name


def test_at_most_ten_short_cells_on_the_page_without_logic(raw: dict[str, Any]) -> None:
    assert len([cell for cell in verbs(raw) if "desk" not in tags(cell)]) <= 10
    banned = (ast.FunctionDef, ast.For, ast.While, ast.If, ast.With, ast.Try, ast.ClassDef, ast.Lambda, ast.comprehension)
    for cell in verbs(raw):
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 5, cell["id"]
        tree = ast.parse(source)
        assert not [node for node in ast.walk(tree) if isinstance(node, banned)], cell["id"]
        assert isinstance(tree.body[-1], ast.Expr), f"{cell['id']} shows nothing"


def test_it_imports_planning_and_nothing_else(raw: dict[str, Any]) -> None:
    nodes = [node for cell in verbs(raw) for node in ast.walk(ast.parse("".join(cell["source"])))]
    assert [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))] == ["import planning"]


def test_the_last_cell_checks(raw: dict[str, Any]) -> None:
    last = raw["cells"][-1]
    if "".join(last["source"]) == "planning.what_if(case)":
        assert all("desk" in tags(cell) or "parameters" in tags(cell) for cell in raw["cells"])
        return
    assert "check" in tags(last)
    assert "".join(last["source"]) in ("planning.check(result)", "planning.recount(clients)", "planning.confirm(result)", "planning.attest(record)")
    assert sum("check" in tags(cell) for cell in raw["cells"]) == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", "[" * 9999, CELLS % "3", CELLS % "[3]", CELLS % "[{}]", CELLS % '[{"cell_type": "code"}]'], ids=range(9)
)
def test_a_file_that_is_no_notebook_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^notebook_unreadable notebook=mine\.ipynb$"):
        notebook.read(tmp_path / "mine.ipynb")


@pytest.mark.parametrize(("version", "cells"), [((4, 4), 2), ((4, 2), 2), ((3, 0), 1)])
def test_an_older_notebook_reads_the_same_every_time_and_as_one_with_ids(tmp_path: Path, version: tuple[int, int], cells: int) -> None:
    raw = json.loads((FOLDER / "annual_plan.ipynb").read_text(encoding="utf-8"))
    raw["cells"] = [{name: value for name, value in cell.items() if name != "id"} for cell in raw["cells"][:2]]
    if version[0] == 3:
        raw["worksheets"] = [{"cells": [{"cell_type": "code", "language": "python", "input": "1", "outputs": []}]}]
        del raw["cells"]
    raw["nbformat"], raw["nbformat_minor"] = version
    (tmp_path / "older.ipynb").write_text(json.dumps(raw), encoding="utf-8")
    read = notebook.read(tmp_path / "older.ipynb")
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor, [cell.id for cell in read.cells]) == (4, 5, [f"cell-{number}" for number in range(1, cells + 1)])


@pytest.mark.parametrize(
    ("injected", "parameters", "lang"),
    [("lang = 'en'", "lang = 'zh'", "en"), ("limit = float('nan')", "lang = 'en'", "en"), ("", "import os\nlang = os.name", "zh"), ("lang = 7", "", "zh")],
)
def test_the_language_of_a_run_is_what_its_cells_say_and_chinese_where_they_are_not_plain(injected: str, parameters: str, lang: str) -> None:
    told = {"injected-parameters": injected, "parameters": parameters}
    cells = [new_code_cell(source, metadata={"tags": [tag]}) for tag, source in told.items()]
    assert notebook.language(new_notebook(cells=cells)) == lang


def test_the_start_page_is_words_alone_and_leads_to_every_notebook_in_both_languages() -> None:
    raw = json.loads(START.read_text(encoding="utf-8"))
    nbformat.validate(raw)
    assert [cell["cell_type"] for cell in raw["cells"]] == ["markdown", "markdown"]
    for cell in raw["cells"]:
        words = "".join(cell["source"])
        links = re.findall(r"\]\(([^)]+)\)", words)
        assert {path.name for path in NOTEBOOKS} <= set(links)
        assert all((FOLDER / link).resolve().exists() for link in links)
