"""Makes a published run once more from its recorded inputs, in a folder of its own, and sets the two beside each other."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from planning import policy
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, PlanningError
from planning.policy import Policy
from planning.run import branches, channel, compared, exporting, inputs, params, recorded, registry, render
from planning.run import notebook as notebooks
from planning.run.monitoring import outputs_of
from planning.run.recorded import Recorded
from planning.run.runner import Progress
from planning.run.verify import data_of

OUTPUTS, NOTEBOOKS = "outputs", "notebooks"
OPTIONS = ("lang", "data", "relax", "in_folder")  # parameters that an order carries otherwise than as pairs


@dataclass(frozen=True)
class Reproduced:
    """A run beside the same run made again: inputs that are not as recorded, then file by file; `failed` = what stopped the second run."""

    run: Recorded
    inputs: tuple[compared.Input, ...]
    files: tuple[compared.File, ...]
    failed: PlanningError | None = None

    @property
    def identical(self) -> bool:
        """Whether every file came out the same, the seconds of solving apart."""
        return self.failed is None and all(one.state in ("identical", "timed") for one in self.files)

    @property
    def exit_code(self) -> int:
        """0 the same, 1 other files from the same inputs, 2 inputs that are not those recorded."""
        return 0 if self.identical else DataFaults.exit_code if self.inputs else 1


@dataclass(frozen=True)
class Given:
    """Where the published plans are, a new folder in which to keep what is made (else it is removed), the notebook where the run kept none."""

    out: Path
    keep: Path | None = None
    notebook: Path | None = None
    seconds: int = render.LIMIT_SECONDS

    def absolute(self) -> "Given":
        """The same, whatever folder one is in."""
        keep, notebook = (place and place.absolute() for place in (self.keep, self.notebook))
        return Given(self.out.absolute(), keep, notebook, self.seconds)


@dataclass(frozen=True)
class _Again:
    """How a run is made once more: its order, the branch alone where it was one's, and the folders of its plan and its tables."""

    order: render.Order
    notebook: nbformat.NotebookNode
    only: str | None
    data: Path
    plan: Path | None


def reproduce(named: str, given: Given, progress: Progress) -> Reproduced:
    """Make the run that `named` (a published plan's folder, its id, or a number of the register) names once more and compare.

    Nothing is written to the published plan, its register or its lock. DataFaults and PolicyError where the run, its record or its
    inputs cannot be found or read.
    """
    given = given.absolute()
    keep = given.keep
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise DataFaults(Fault("export_over", values={"files": keep.name}))
    run = recorded.find(named, given.out)
    with tempfile.TemporaryDirectory(prefix="planning-again-", ignore_cleanup_errors=True) as scratch, _where_it_ran(run, given.out):
        again = _prepared(run, Path(scratch).resolve(), given)
        differing = (*_inputs(run.record, again, given.out), *compared.packages(run.record))
        try:
            made = _made(again, progress)
        except PlanningError as error:
            return Reproduced(run, differing, (), error)
        if keep is not None:
            exporting.write_new({keep / name: content for name, content in made.items()})
    kept = {name: content for name in run.record["files"] if (content := run.file(name)) is not None}
    return Reproduced(run, differing, compared.files(run.record, kept, made))


@contextmanager
def _where_it_ran(run: Recorded, out: Path) -> Iterator[None]:
    """Folders are named as the run was told them: seen from here, or from where its published folder stands."""
    named = run.record["data"] or data_of(params.plan_folder(str(run.record["parameters"].get("plan", "")), Path.cwd(), out))
    above = run.folder.parents if run.folder is not None and not _sees(named, Path.cwd()) else ()
    places = (place for place in above if _sees(named, place) and not _sees(named, place.parent))
    with chdir(next(places, Path.cwd())):
        yield


def _sees(named: str, place: Path) -> bool:
    try:
        params.data_folder(named, place)
    except DataFaults:
        return False
    return True


def _prepared(run: Recorded, scratch: Path, given: Given) -> _Again:
    """The order that repeats a run, with all it needs beside it in a folder of its own."""
    record, outputs = run.record, scratch / OUTPUTS
    outputs.mkdir()
    notebook = _notebook(run, scratch, given.notebook)
    own = notebooks.parameters(notebooks.read(notebook))
    of_branches = "branch" in own
    laid = record["parameters"]
    left_out = {*OPTIONS, *(("branch",) if of_branches else ())}
    pairs = tuple((name, _text(value)) for name, value in laid.items() if name not in left_out)
    order = render.Order(notebook, outputs, tuple(record["languages"]), laid.get("data"), pairs, given.seconds, bool(laid.get("relax")))
    if any(laid.get(name) != value for name, value in render.laid(order).items()):
        raise DataFaults(Fault("reproduce_record_unreadable", values={"run": record["id"]}))
    if about := {**own, **laid}.get("plan"):
        plan = _plan_again(str(about), run, outputs, given.out)
        data = params.data_folder(record["data"] or data_of(plan), Path.cwd())
        return _Again(order, notebooks.read(notebook), str(laid.get("branch", "")) if of_branches else None, data, plan)
    _stage_former(run, outputs)
    return _Again(order, notebooks.read(notebook), None, params.data_folder(record["data"], Path.cwd()), None)


def _notebook(run: Recorded, scratch: Path, named: Path | None) -> Path:
    """The notebook as it was run, without what running it added; where it is not kept, the one named or of that name among the notebooks."""
    name = Path(run.record["notebook"]).name
    kept = run.file(name)
    if kept is None and named is not None:
        return named
    if kept is None:
        bases = (Path.cwd(), *Path.cwd().parents)
        return next((base / NOTEBOOKS / name for base in bases if (base / NOTEBOOKS / name).is_file()), Path(NOTEBOOKS) / name)
    place = scratch / name
    place.write_bytes(kept)
    place.write_text(notebooks.text(notebooks.unrun(notebooks.read(place))), encoding="utf-8", newline="\n")
    return place


def _stage_former(run: Recorded, outputs: Path) -> None:
    """Put the version the plan was compared with where the run will find it as the published one."""
    if channel.FORMER not in run.record["files"]:
        return
    former = run.file(channel.FORMER)
    if former is None:
        raise DataFaults(Fault("reproduce_not_kept", values={"run": run.record["id"], "file": channel.FORMER}))
    place = outputs / run.record["id"]
    place.mkdir()
    (place / channel.PLAN).write_bytes(former)
    (place / channel.RECORD).write_text("{}", encoding="utf-8")


def _plan_again(named: str, run: Recorded, outputs: Path, out: Path) -> Path:
    """The published plan that pages were made from, as it was then where it is still kept, beside the pages to be made."""
    folder = params.plan_folder(named, Path.cwd(), out)
    if Path(named).name != named:
        return folder
    then = run.record.get("inputs", {}).get("plan", "")
    held = (one for one in recorded.kept(out, named) if inputs.of_files(_read_of(one, run.record)) == then)
    place = outputs / named
    place.mkdir()
    for file in sorted(next(held, folder).iterdir()):
        if file.is_file():
            (place / file.name).write_bytes(file.read_bytes())
    _register_then(run, outputs_of(folder), outputs)
    return place


def _register_then(run: Recorded, out: Path, outputs: Path) -> None:
    """Put the register that a page about a plan tells of beside that plan, without the page's own run and those after it."""
    own = out.resolve() == outputs_of(run.folder) if run.folder is not None else True
    registry.copy_before(out, run.number if own else None, outputs)


def _read_of(plan: Path, record: Mapping[str, Any]) -> list[Path]:
    """The files of a published plan that its pages are made from: branches', or those about the plan as a whole."""
    of_branches = "in_folder" in record["parameters"]
    names = (channel.PLAN, *branches.own_pages(plan, tuple(record["languages"]))) if of_branches else render.READ_OF_A_PLAN
    return [plan / name for name in names]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _inputs(record: Mapping[str, Any], again: _Again, out: Path) -> list[compared.Input]:
    """The tables, files and settings that are not what they were."""
    rules, then = _rules(record, again), record.get("inputs", {})
    try:
        tables = dict(read_book(again.data, rules, os.environ).hashes)
    except DataFaults as error:
        raise DataFaults((Fault("reproduce_tables_unfit", values={"run": record["id"]}), *error.faults)) from error
    found = compared.tables(record["tables"], tables)
    if again.plan is not None:
        own = inputs.of_pages(again.notebook, _read_of(again.plan, record), again.data, out)
        return [*found, *_files_read(then, own, bool(found))]
    asked = params.asked({**notebooks.parameters(again.notebook), **record["parameters"]})
    found += compared.policies(record, rules)
    return [*found, *_files_read(then, inputs.of_plan(again.notebook, asked, again.data, out), bool(found))]


def _files_read(then: Mapping[str, str], now: Mapping[str, str], known: bool) -> list[compared.Input]:
    """The files read that are not what they were; of the data folder as a whole only where no table or parameter tells it better."""
    return [one for one in compared.files_read(then, now) if one.kind != "data" or not known]


def _rules(record: Mapping[str, Any], again: _Again) -> Policy:
    if again.plan is not None:
        return policy.checked(record["policy"])
    asked = params.asked({**notebooks.parameters(again.notebook), **record["parameters"]})
    return policy.read(again.data / "policy.toml").with_parameters(asked.policy)


def _made(again: _Again, progress: Progress) -> dict[str, bytes]:
    """The files of the run made once more."""
    act = render.render if again.only is None else _branches(again.only)
    published = act(again.order, progress)
    return {path.name: path.read_bytes() for path in sorted(published.folder.iterdir())}


def _branches(only: str) -> Any:
    return lambda order, progress: branches.render(order, only, progress)
