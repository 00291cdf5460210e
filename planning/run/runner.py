"""Runs a notebook unattended: checked parameters in, an executed notebook whose every cell ran out, or the planner's error."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import nbformat

from planning.errors import Fault, RunFailed
from planning.run import channel, kernel, nursed, tree
from planning.run import notebook as notebooks

LOG = "run.log"
NO_ROOM = 74  # as the worker ends
POLL_SECONDS = 0.1
TEMPORARY = ("TMPDIR", "TMP", "TEMP")

Progress = Callable[[str, Mapping[str, Any]], None]
Worker = subprocess.Popen[bytes] | nursed.Child


@dataclass(frozen=True)
class Executed:
    """What a run leaves in its folder: the executed notebook, what it made by file name, and what its last cell vouched for."""

    notebook: nbformat.NotebookNode
    files: Mapping[str, str]
    checked: Mapping[str, Any]
    stages: Mapping[str, float]


def run(asked: nbformat.NotebookNode, parameters: Mapping[str, Any], folder: Path, seconds: int, progress: Progress) -> Executed:
    """Execute the notebook in `folder` within `seconds` of wall clock.

    Raises the PlanningError a verb raised in the kernel, as it was; RunFailed when anything else broke, a cell was left
    out, or the last cell did not vouch for the plan.
    """
    (folder / "asked.ipynb").write_text(notebooks.text(asked), encoding="utf-8")
    job = {"parameters": dict(parameters), "start": str(Path.cwd()), "seconds": seconds}
    taken = supervised("planning.run.worker", job, folder, progress)
    return _complete(folder, taken)


def supervised(module: str, job: Mapping[str, Any], folder: Path, progress: Progress) -> Mapping[str, float]:
    """Have a worker do a job in `folder` within the job's seconds of wall clock; how long each stage took. Raises as `run` does."""
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    stages = _Stages(progress)
    with (folder / LOG).open("wb") as log, _worker(module, folder, log) as worker:
        code = _watched(worker, folder, job["seconds"], stages)
    channel.raise_error(folder)
    if code != 0:
        with suppress(OSError):  # a full disk has no room for the log either
            shutil.copyfile(folder / LOG, folder.parent / LOG)
        told = f"{folder.parent.parent.name}/{folder.parent.name}/{LOG}"
        raise RunFailed(Fault("run_no_room", values={"log": told}) if code == NO_ROOM else _broken(folder, told))
    return stages.seconds()


@contextmanager
def _worker(module: str, folder: Path, log: BinaryIO) -> Iterator["Worker"]:
    command = [sys.executable, "-P", "-m", module]
    surroundings = _surroundings(folder)
    worker = nursed.worker(module, str(folder), surroundings, log.fileno()) or subprocess.Popen(
        command, cwd=folder, env=surroundings, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=os.name == "posix"
    )
    try:
        yield worker
    finally:
        tree.end(folder, worker.pid if worker.poll() is None else None)
        if worker.stdin:
            worker.stdin.close()
        worker.wait()


def _surroundings(folder: Path) -> Mapping[str, str]:
    """The environment of a run: its temporary files, and Jupyter's, lie in its own folder and go with it."""
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    paths = [str(kernel.put(folder / "jupyter")), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    own = {"JUPYTER_PATH": os.pathsep.join(paths), "JUPYTER_RUNTIME_DIR": str(scratch / "jupyter"), **dict.fromkeys(TEMPORARY, str(scratch))}
    return {**os.environ, **own, channel.RUN_FOLDER: str(folder), "PYTHONUTF8": "1"}


def _watched(worker: "Worker", folder: Path, seconds: int, stages: "_Stages") -> int:
    ends = time.monotonic() + seconds
    while (code := worker.poll()) is None:
        if time.monotonic() > ends:
            raise RunFailed(Fault("run_too_long", values={"seconds": seconds}))
        stages.read(folder / channel.PROGRESS)
        time.sleep(POLL_SECONDS)
    stages.read(folder / channel.PROGRESS)
    return code


class _Stages:
    """Follows the progress file, passing each whole line on, and keeps how long each stage took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._offset = 0
        self._began: list[tuple[str, float]] = [("starting", time.monotonic())]

    def read(self, path: Path) -> None:
        if not path.is_file():
            return
        with path.open("rb") as lines:
            lines.seek(self._offset)
            fresh = lines.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            details = json.loads(line)
            stage = details.pop("stage")
            if stage != self._began[-1][0]:
                self._began.append((stage, time.monotonic()))
            self._progress(stage, details)

    def seconds(self) -> dict[str, float]:
        ends = [began for _, began in self._began[1:]] + [time.monotonic()]
        taken: dict[str, float] = {}
        for (stage, began), end in zip(self._began, ends, strict=True):
            taken[stage] = round(taken.get(stage, 0.0) + end - began, 3)
        return taken


def _broken(folder: Path, log: str) -> Fault:
    """The failure in a cell that no verb raised: the cell's number and the kind of error, never its text, which may carry data."""
    failures = (notebooks.failed_cell(notebooks.loaded(path)) for path in sorted(folder.glob("executed*.ipynb")))
    if failed := next(filter(None, failures), None):
        return Fault("run_cell_failed", values={"cell": failed[0], "problem": failed[1], "log": log})
    return Fault("run_kernel_died", values={"log": log})


def _complete(folder: Path, stages: Mapping[str, float]) -> Executed:
    executed = whole(folder / "executed.ipynb")
    files = {name: (folder / name).read_text(encoding="utf-8") for name in (*channel.MADE, channel.CERTIFICATE, channel.FORMER) if (folder / name).is_file()}
    if not ((folder / channel.CHECKED).is_file() and set(channel.MADE) & set(files)):
        raise RunFailed(Fault("run_not_checked"))
    checked = json.loads((folder / channel.CHECKED).read_text(encoding="utf-8"))
    return Executed(executed, files, checked, stages)


def whole(path: Path) -> nbformat.NotebookNode:
    """An executed notebook, cleaned. RunFailed where a cell was left out."""
    executed = notebooks.loaded(path)
    if left_out := notebooks.cell_left_out(executed):
        raise RunFailed(Fault("run_cells_left_out", values={"cell": left_out}))
    return notebooks.cleaned(executed)
