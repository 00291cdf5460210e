"""A planner's notebook as a file: reading it, its parameters cell, and the executed copy that may be kept."""

import builtins
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat

from planning.errors import Fault, PolicyError
from planning.policy.plain import shown
from planning.run import params

PARAMETERS, INJECTED = "parameters", "injected-parameters"
WITH_IDS = (4, 5)
ADDED = frozenset({INJECTED, "papermill-error-cell-tag"})


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook in a file, brought to format 4.5. PolicyError when there is none or it cannot be read."""
    try:
        notebook = loaded(path)
        if not all(isinstance(cell, dict) and {"cell_type", "source", "metadata"} <= cell.keys() for cell in notebook.cells):
            raise ValueError
    except FileNotFoundError as error:
        raise PolicyError(Fault("notebook_missing", values={"notebook": shown(path.name)})) from error
    except (nbformat.ValidationError, ValueError, OSError, AttributeError, TypeError, RecursionError) as error:  # whatever else may stand in a file
        raise PolicyError(Fault("notebook_unreadable", values={"notebook": shown(path.name)})) from error
    return notebook


def loaded(path: Path) -> nbformat.NotebookNode:
    """The notebook in a file that a run wrote, or an older one as a run would write it: its cells, which have no ids, are numbered.

    Left to Papermill they would be given other ids by chance in every run.
    """
    found = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    older = nbformat.reader.get_version(found) < WITH_IDS  # type: ignore[no-untyped-call]
    notebook: nbformat.NotebookNode = nbformat.convert(found, 4)  # type: ignore[no-untyped-call]
    if older:
        notebook.nbformat_minor = WITH_IDS[1]
        for number, cell in enumerate(notebook.cells, start=1):
            cell.id = f"cell-{number}"
    return notebook


def text(notebook: nbformat.NotebookNode) -> str:
    """The text of a notebook's file."""
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return written.rstrip("\n") + "\n"


def parameters(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """The values of the cell tagged `parameters`. PolicyError unless there is exactly one and it holds literals only."""
    cells = tagged(notebook, PARAMETERS)
    if len(cells) != 1:
        raise PolicyError(Fault("parameters_cell_count", values={"count": len(cells)}))
    return params.literals(cells[0].source)


def language(notebook: nbformat.NotebookNode) -> str:
    """The language a notebook was run in: what was injected, else what its parameters cell says, else Chinese.

    A notebook that stock Papermill runs may have any code in these cells: such a one says nothing of a language.
    """
    for cell in (*tagged(notebook, INJECTED), *tagged(notebook, PARAMETERS)):
        with suppress(PolicyError):
            lang = params.literals(cell.source).get("lang")
            if lang in params.LANGS:
                return str(lang)
    return "zh"


def tagged(notebook: nbformat.NotebookNode, tag: str) -> list[nbformat.NotebookNode]:
    """The cells that carry a tag."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def failed_cell(executed: nbformat.NotebookNode) -> tuple[int, str] | None:
    """The number, as the planner's own notebook counts, of the cell that broke, and the kind of its error."""
    for number, cell in _own(executed):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return number, _kind(str(output.ename))
    return None


def _kind(name: str) -> str:
    """The kind of an error where it is the language's own; the name of any other may be made of data."""
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else Exception.__name__


def cell_left_out(executed: nbformat.NotebookNode) -> int | None:
    """The number of the first cell of code that was not run."""
    return next((number for number, cell in _own(executed) if cell.cell_type == "code" and cell.source.strip() and not cell.execution_count), None)


def number_of(notebook: nbformat.NotebookNode, cell: nbformat.NotebookNode | None) -> int:
    """The number of a cell as the planner's own notebook counts, 0 for one that is not in it."""
    return next((number for number, own in _own(notebook) if own is cell), 0)


def _own(executed: nbformat.NotebookNode) -> Iterator[tuple[int, nbformat.NotebookNode]]:
    return enumerate((cell for cell in executed.cells if not ADDED & set(cell.metadata.get("tags", []))), start=1)


def unrun(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook as it was before it was run: without what a run added to it and left in it."""
    made = deepcopy(notebook)
    made.cells = [cell for cell in made.cells if not ADDED & set(cell.metadata.get("tags", []))]
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return cleaned(made)


def cleaned(executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The executed notebook without what differs from run to run or from machine to machine: times, paths, kernel chatter."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        for passing in ("papermill", "execution"):
            cell.metadata.pop(passing, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = f"injected-{number}"
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type not in ("stream", "error")]
    return executed
