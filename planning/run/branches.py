"""Renders every branch's page of one solved plan, with an index, into one folder that can be mailed: all pages or none."""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from planning.errors import DataFaults, Fault, PlanningError
from planning.run import channel, each, inputs, page, params, publish, runner
from planning.run import notebook as notebooks
from planning.run.record import Asking, record
from planning.run.render import Order, Published, laid
from planning.run.runner import Progress
from planning.run.shared_pages import PageFailedError, Sharing, make_pages
from planning.run.verify import data_of

INDEX_CELLS = ("from planning.desk.branch import index_cards", "display(*index_cards(globals()))")
ALONE = Sharing()
SHORT, DIGITS = 16, 6  # letters of a branch's code in the name of its folder


@dataclass(frozen=True)
class AskedPages:
    """The folder the pages will stand in, the plan and the tables they are made from, and what their record will say of it."""

    place: str
    plan: Path
    data: Path
    asking: Asking


@dataclass(frozen=True)
class _Wanted:
    """What the kernels are given: parameters, one branch alone, the order's folder and limit, and how the pages are shared out."""

    parameters: Mapping[str, Any]
    only: str
    order: Order
    sharing: Sharing


def is_of_a_branch(path: Path) -> bool:
    """Whether a notebook makes the page of one branch: it has a parameter `branch`."""
    return "branch" in notebooks.parameters(notebooks.read(path))


def render(order: Order, only: str, progress: Progress, sharing: Sharing = ALONE) -> Published:
    """Render the order's notebook for every branch of the plan it names, or for the branch `only` (code or name).

    `<plan>-branches` under `order.out` then holds a page a branch and language, the index, the bank's own page, and the notebook; for one
    branch `<plan>-branch-<code>` holds its page, the bank's and the notebook. With `sharing` several kernels make them side by side, the same to the byte.
    Raises what `render.render` raises, with the branch whose page failed named.
    """
    notebook = notebooks.read(order.notebook)
    found = asked_of(order, only, notebook)
    place, folder, asking = found.place, found.plan, found.asking
    with publish.held(order.out, place) as work:
        began = time.monotonic()
        given = {name: value for name, value in asking.parameters.items() if name != "branch"}
        stages = _run(notebook, _Wanted({**given, "plan": str(folder)}, only, order, sharing), work, progress)
        progress("rendering", {})
        told = json.loads((work / channel.BRANCHES).read_text(encoding="utf-8"))
        pages = dict(_pages(work, told["pages"], order.languages, bool(only)))
        files = {**pages, **_copied(folder, order.languages), order.notebook.name: notebooks.text(notebooks.unrun(notebook)).encode()}
        checked = json.loads((work / channel.CHECKED).read_text(encoding="utf-8"))
        made = {**told, "id": place}
        text = record(asking, made, checked, {**stages, "in_all": round(time.monotonic() - began, 3)}, files)
        how = publish.publish(order.out, place, {**files, channel.RECORD: text.encode()})
    return Published(order.out / place, tuple(order.out / place / name for name in pages), how, json.loads(text))


def asked_of(order: Order, only: str, notebook: nbformat.NotebookNode) -> AskedPages:
    """What an order asks of a branch's notebook. Raises as `render` does before it begins."""
    params.refuse_beside_a_plan(laid(order))
    asked = {**notebooks.parameters(notebook), **laid(order)}
    folder = params.plan_folder(str(asked["plan"]), Path.cwd(), order.out)
    given = {**laid(order), "plan": asked["plan"], "in_folder": not only, **({"branch": only} if only else {})}
    place = params.plan_id(f"{_id(folder)}-{f'branch-{_slug(only)}' if only else 'branches'}")
    data = params.data_folder(str(asked["data"]) or data_of(folder), Path.cwd())
    made_from = inputs.of_pages(notebook, [folder / name for name in (channel.PLAN, *own_pages(folder, order.languages))], data, order.out)
    return AskedPages(place, folder, data, Asking(order.notebook.name, given, str(asked["data"]), order.languages, made_from))


def _slug(branch: str) -> str:
    """A branch in the name of a folder; where that says less than its code or name does, with a few digits that tell it from others."""
    plain = re.sub(r"[^a-z0-9]+", "-", branch.lower()).strip("-")
    if plain == branch.lower() and len(plain) <= SHORT:
        return plain
    digits = hashlib.sha256(branch.encode()).hexdigest()[:DIGITS]
    return f"{plain[: SHORT - DIGITS - 1]}-{digits}".strip("-").replace("--", "-")


def _id(folder: Path) -> str:
    try:
        return str(json.loads((folder / channel.PLAN).read_text(encoding="utf-8"))["id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": folder.name})) from error


def _run(notebook: nbformat.NotebookNode, wanted: _Wanted, work: Path, progress: Progress) -> Mapping[str, float]:
    (work / each.ASKED).write_text(notebooks.text(notebook), encoding="utf-8")
    (work / each.INDEX).write_text(notebooks.text(_index(notebook)), encoding="utf-8")
    job = {"parameters": dict(wanted.parameters), "only": wanted.only, "start": str(Path.cwd()), "seconds": wanted.order.seconds}
    try:
        if wanted.sharing.out:
            return make_pages(job, work, wanted.order.out, wanted.sharing, progress)
        return runner.supervised("planning.run.each", job, work, progress)
    except PageFailedError as failed:
        raise _of(failed.branch, failed.error) from failed
    except PlanningError as error:
        if (work / channel.AT).is_file():
            raise _of(json.loads((work / channel.AT).read_text(encoding="utf-8"))["name"], error) from error
        raise


def _index(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook of the index: the same parameters, and one cell."""
    parameters = [cell for cell in notebook.cells if notebooks.PARAMETERS in cell.metadata.get("tags", [])]
    shown = new_code_cell("\n".join(INDEX_CELLS), id="index")  # type: ignore[no-untyped-call]
    made: nbformat.NotebookNode = new_notebook(cells=[*parameters, shown], metadata=notebook.metadata)  # type: ignore[no-untyped-call]
    return made


def _pages(work: Path, listed: list[dict[str, str]], languages: tuple[str, ...], alone: bool) -> Iterator[tuple[str, bytes]]:
    """The branches' pages, and then the index, so that a page that fails is told by its branch."""
    for one in listed:
        with _named(one["name"]):
            executed = runner.whole(work / each.executed(one["file"]))
            yield from [(f"{one['file']}.{lang}.html", page.export(executed, lang).encode()) for lang in languages]
    if not alone:
        index = runner.whole(work / each.executed(each.INDEX))
        yield from ((f"index.{lang}.html", page.export(index, lang).encode()) for lang in languages)


@contextmanager
def _named(branch: str) -> Iterator[None]:
    try:
        yield
    except PlanningError as error:
        raise _of(branch, error) from error


def _of(branch: str, error: PlanningError) -> PlanningError:
    """The same error, led by the branch whose page it stopped."""
    return type(error)((Fault("branch_page_failed", values={"branch": branch}), *error.faults))


def _copied(folder: Path, languages: tuple[str, ...]) -> Mapping[str, bytes]:
    """The bank's own page, in the languages in which it is published."""
    return {name: (folder / name).read_bytes() for name in own_pages(folder, languages)}


def own_pages(folder: Path, languages: tuple[str, ...]) -> list[str]:
    """The files of the bank's own page that are published."""
    return [name for name in (f"plan.{lang}.html" for lang in languages) if (folder / name).is_file()]
