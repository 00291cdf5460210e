"""What a published page was made from, as hashes, so that a run on a schedule can tell whether there is anything new.

Tables in a database have no file to hash: they are read, and their content is compared with that of the published run.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import nbformat

from planning import policy
from planning.book.foreign.pointing import read_pointers
from planning.book.intake import read_book
from planning.errors import PlanningError
from planning.run import channel, params
from planning.run.record import Asking, versions

BEFORE = "before"
CODE = ("*.py", "*.toml", "*.j2", "*.css", "*.json", "*.otf")


def of_plan(notebook: nbformat.NotebookNode, asked: params.Asked, data: Path, out: Path) -> dict[str, str]:
    """The hashes of all that a notebook with these parameters reads; `out` = the folder of published plans, which is none of it."""
    start = Path.cwd()
    found = {"notebook": _source(notebook), "program": program(), "data": _folder(data, out)}
    if asked.scenarios:
        found["scenarios"] = of_files([params.scenarios_file(asked.scenarios, start, data)])
    if asked.before:
        found[BEFORE] = _folder(params.former_folder(asked.before, start, data), out)
    if asked.former:
        former = params.former_plan(asked.former, start)
        found["former"] = of_files([] if former is None else [former / channel.PLAN, former / channel.RECORD] if former.is_dir() else [former])
    if asked.actuals:
        told = params.data_folder(asked.actuals, start)
        found[params.ACTUALS] = f"{_folder(told, out)} {in_databases(told) or ''}".strip()
    return found


def of_pages(notebook: nbformat.NotebookNode, plan: Iterable[Path], data: Path, out: Path) -> dict[str, str]:
    """The hashes of all that the branches' pages are made from: the plan and its pages, and the plan's own tables."""
    return {"notebook": _source(notebook), "program": program(), "data": _folder(data, out), "plan": of_files(plan)}


def in_databases(data: Path) -> str | None:
    """What a bank's databases hold, as the hash of its book, or what keeps it from being read; "" for files alone, None where it cannot be told."""
    if _pointed(data / BEFORE):
        return None
    if not _pointed(data):
        return ""
    try:
        return read_book(data, policy.read(data / "policy.toml"), os.environ).data_hash
    except PlanningError as error:
        return ", ".join(sorted({fault.code for fault in error.faults}))


def unchanged(place: Path, asking: Asking, databases: str | None) -> bool:
    """Whether what stands published in `place` is what the same run would make again: asked alike, from the same inputs, no page touched since."""
    try:
        told = json.loads((place / channel.RECORD).read_text(encoding="utf-8"))
        files = told["files"]
        whole = all(_hash(place / name) == files[name] for name in files) and bool(files)
        alike = databases is not None and databases in ("", told["data_hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    own = {
        "exit": 0,
        "notebook": asking.notebook,
        "parameters": asking.parameters,
        "data": asking.data,
        "languages": list(asking.languages),
        "inputs": asking.inputs,
        "versions": versions(),
    }
    return whole and alike and bool(asking.inputs) and all(told.get(name) == value for name, value in own.items())


def fingerprint(asking: Asking, databases: str | None) -> str:
    """One hash of what is asked and of all it is made from."""
    content = [asking.notebook, asking.parameters, asking.data, asking.languages, asking.inputs, databases, versions()]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def program() -> str:
    """The hash of this program's own code, words and style."""
    own = Path(__file__).parents[1]
    return _named((path.relative_to(own), path) for kind in CODE for path in own.rglob(kind))


def _pointed(folder: Path) -> bool:
    """Whether tables of a folder are in a database."""
    return any(pointer.url for pointer in read_pointers(folder).tables.values())


def _source(notebook: nbformat.NotebookNode) -> str:
    """The hash of what a notebook says, whatever its last run left in it."""
    cells = [[cell.cell_type, cell.source, cell.metadata.get("tags", [])] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _folder(folder: Path, out: Path) -> str:
    """The hash of a folder's files by name, hidden ones and the locks of spreadsheets left out."""
    skipped = out.resolve()
    return _named((path.relative_to(folder), path) for path in _walk(folder) if skipped not in path.resolve().parents)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        inside = list(folder.iterdir()) if folder.is_dir() else []
    except OSError:  # no table can be read from it either; a disk's lost+found is one
        inside = []
    for path in inside:
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def of_files(files: Iterable[Path]) -> str:
    """The hash of some files by name."""
    return _named((Path(path.name), path) for path in files)


def _named(files: Iterable[tuple[Path, Path]]) -> str:
    """The hash of files under their names; one that cannot be read counts as such."""
    lines = sorted(f"{name.as_posix()} {_hash(path)}" for name, path in files)
    return hashlib.sha256("\n".join(lines).encode("utf-8", errors="surrogateescape")).hexdigest()


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
