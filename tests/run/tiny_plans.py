"""A desk with tiny notebooks and a plans' file of its own: a run takes seconds, and leaves a mark each time."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
PARAMETERS = 'plan_id = "tiny"\ndata = "ours"\nlang = "zh"\nsave_to = ""\nevent_cny = None'
MARK = "import pathlib\nwith pathlib.Path('marks.txt').open('a') as marks:\n    _ = marks.write(f'{plan_id}\\n')"
VOUCH = """
import json, os
folder = pathlib.Path(os.environ["PLANNING_RUN"])
_ = (folder / "client_book.json").write_text(json.dumps({"id": plan_id, "data_hash": "0", "policy": {}}))
_ = (folder / "checked.json").write_text(json.dumps({"tables": {}, "verdict": {"passed": True, "places": 1}}))
"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(place: Path, *sources: str) -> Path:
    """A notebook with the parameters cell, a cell that leaves its mark, and these cells; without any, one that vouches."""
    cells = [new_code_cell(PARAMETERS, id="given", metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate((MARK, *(sources or (VOUCH,))))]
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL, nbformat_minor=5), place)
    return place


def desk(place: Path) -> Path:
    """A working folder with notebooks/tiny.ipynb and a data folder that holds a policy."""
    (place / "data" / "ours").mkdir(parents=True)
    shutil.copyfile(ROOT / "data" / "sample" / "policy.toml", place / "data" / "ours" / "policy.toml")
    notebook(place / "notebooks" / "tiny.ipynb")
    return place


def marks(place: Path) -> list[str]:
    """The plans that were run, in their order."""
    file = place / "marks.txt"
    return file.read_text(encoding="utf-8").split() if file.is_file() else []
