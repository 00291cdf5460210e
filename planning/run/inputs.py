"""What a run is made from besides its tables and its policy: check sums of the notebook, of files it names, and of the program itself."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat

from planning.book.alerts.settings import FILE as ALERTS
from planning.book.former import former_folder
from planning.book.origin import FILE as ORIGIN
from planning.run import channel, params
from planning.run import notebook as notebooks

PACKAGES = (
    "planning", "pulp", "highspy", "numpy", "pandas", "pyarrow", "duckdb", "pydantic", "papermill", "nbclient", "nbconvert", "nbformat",
    "ipykernel", "jinja2", "matplotlib", "fonttools", "babel",
)  # fmt: skip
ABSENT = ""
"""The check sum of a file that is not there."""

TEXTS = frozenset({".py", ".toml", ".j2", ".css", ".json"})


def of_plan(notebook: nbformat.NotebookNode, asked: params.Asked, data: Path, made: Iterable[str]) -> dict[str, str]:
    """The check sums of a plan's or a client book's inputs; `made` = the files the notebook made, which tell what it reads."""
    start = Path.cwd()
    found = {"notebook": notebook_hash(notebook), "origin": file_hash(data / ORIGIN)}
    if asked.scenarios:
        found["scenarios"] = file_hash(params.scenarios_file(asked.scenarios, start, data))
    if asked.former:
        place = params.former_plan(asked.former, start)
        found["former"] = file_hash(place / channel.PLAN if place and place.is_dir() else place)
    if channel.CLIENTS in made:
        before = params.former_folder(asked.before, start, data) if asked.before else former_folder(data)
        found |= {"alerts": file_hash(data / ALERTS), "before": folder_hash(before)}
    return found


def of_branches(notebook: nbformat.NotebookNode, plan: Path, data: Path) -> dict[str, str]:
    """The check sums of what branches' pages are taken from: the notebook, the solved plan, and whose book it is."""
    return {"notebook": notebook_hash(notebook), "origin": file_hash(data / ORIGIN), "plan": file_hash(plan / channel.PLAN)}


def notebook_hash(notebook: nbformat.NotebookNode) -> str:
    """SHA-256 of a notebook's cells as a planner wrote them: kinds, texts and tags, whether it has been run or not."""
    cells = [
        (cell.cell_type, cell.source, sorted(cell.metadata.get("tags", [])), cell.get("attachments", {}))
        for cell in notebook.cells
        if notebooks.INJECTED not in cell.metadata.get("tags", [])
    ]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def file_hash(path: Path | None) -> str:
    """SHA-256 of a file; ABSENT where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path is not None and path.is_file() else ABSENT
    except OSError:
        return ABSENT


def folder_hash(folder: Path | None) -> str:
    """SHA-256 of the files that stand in a folder; ABSENT where there is none."""
    if folder is None or not folder.is_dir():
        return ABSENT
    lines = [f"{path.name} {file_hash(path)}" for path in sorted(folder.iterdir()) if path.is_file()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def versions() -> Mapping[str, str]:
    """Python and the packages a page is made with."""
    return {"python": platform.python_version(), **{name: package_version(name) for name in PACKAGES}}


def package_version(name: str) -> str:
    """A package's version; ABSENT where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ABSENT


@cache
def program_hash() -> str:
    """SHA-256 of this program's own files: two machines with the same one do the same work, whatever version they say."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in TEXTS and path.is_file()}
    for name in sorted(files):
        digest.update(f"{name}\n".encode())
        digest.update(files[name].read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def machine() -> str:
    """The kind of machine, not its name: last digits of sums may differ between kinds."""
    return f"{platform.system()} {platform.machine()}"
