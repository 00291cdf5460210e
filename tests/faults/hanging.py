"""A small notebook's render through the command line, in processes of its own, that stops at a stage and waits to be killed."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
MARK, STAGE, REACHED, FORKED = "FAULTS_TEST", "FAULTS_STAGE", "FAULTS_REACHED", "FAULTS_FORKED"
NURSERY = "planning.run.nursery"
SETUP = """
import json, os, pathlib, time
from planning.run import channel
folder = pathlib.Path(os.environ["PLANNING_RUN"])
def stage(name):
    channel.tell(folder, "reading" if name == "reading" else "solving", {})
    if os.environ.get("FAULTS_STAGE") == name:
        part = folder / "reached"
        part.write_text(str(os.getpid()))
        part.replace(os.environ["FAULTS_REACHED"])
        return True
    return False
if stage("reading"):
    time.sleep(600)
"""
SOLVING = """
from random import Random
import pulp
from planning.optimise.solve import Effort, solve
from planning.policy.sections import Solver
for name in ("cbc", "highs"):
    hard = stage(name)
    rows, columns = (7, 60) if hard else (1, 3)
    chance = Random(5)
    lp = pulp.LpProblem("split", pulp.LpMinimize)
    x = [pulp.LpVariable(f"x{j}", 0, 1, pulp.LpInteger) for j in range(columns)]
    apart = []
    for i in range(rows):
        weights = [chance.randrange(100) for _ in x]
        over, under = pulp.LpVariable(f"o{i}", 0), pulp.LpVariable(f"u{i}", 0)
        lp += pulp.lpSum(w * v for w, v in zip(weights, x)) + over - under == sum(weights) // 2
        apart += [over, under]
    lp.setObjective(pulp.lpSum(apart))
    solve(lp, Solver(name=name, seconds=300, threads=1), Effort(0.0))
"""
VOUCH = """
(folder / "plan.json").write_text(json.dumps({"id": plan_id, "data_hash": "", "policy": {}}))
_ = (folder / "checked.json").write_text(json.dumps({"tables": {}, "verdict": {"passed": True, "places": 1}}))
"""
RUNNER = f"""
import contextlib, os, pathlib, time
from planning.cli import main
from planning.run import nursed, page, publish
def waits(stage, real):
    def called(*given):
        if os.environ.get("{STAGE}") == stage and not pathlib.Path(os.environ["{REACHED}"]).exists():
            done = real(*given) if stage == "publishing" else None
            pathlib.Path(os.environ["{REACHED}"]).write_text("0")
            time.sleep(600)
        return real(*given)
    return called
page.export = waits("rendering", page.export)
publish.write = waits("publishing", publish.write)
with nursed.shared() if os.environ.get("{FORKED}") else contextlib.nullcontext():
    main()
"""


@dataclass
class Desk:
    """A folder to work in: a data folder with a policy, a notebook, and what is published."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "data" / "sample" / "policy.toml", self.folder / "data" / "policy.toml")
        given = new_code_cell('plan_id = "annual-2027"\nlang = "zh"\ndata = "data"', id="given", metadata={"tags": ["parameters"]})
        cells = [given, *(new_code_cell(source, id=f"cell-{number}") for number, source in enumerate((SETUP, SOLVING, VOUCH)))]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), self.folder / "small.ipynb")

    @property
    def out(self) -> Path:
        return self.folder / "outputs"

    def begin(self, stage: str = "", **surroundings: str) -> "subprocess.Popen[str]":
        """Start a render that stops at a stage, or goes through."""
        (self.folder / "reached").unlink(missing_ok=True)
        command = [sys.executable, "-c", RUNNER, "render", "small.ipynb", "--data", str(self.folder / "data"), "--out", "outputs", "--lang", "zh"]
        own = {
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            MARK: self.mark,
            STAGE: stage,
            REACHED: str(self.folder / "reached"),
            **surroundings,
        }
        return subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **own}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def reached(self, process: "subprocess.Popen[str]", seconds: float = 600) -> None:
        """Wait until the render has come to its stage."""
        ends = time.monotonic() + seconds
        while not (self.folder / "reached").exists():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < ends
            time.sleep(0.05)

    def alive(self) -> list[psutil.Process]:
        """Every process that descends from a render here, wherever it hangs."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def one(self, who: str) -> psutil.Process:
        """The runner, the worker, the kernel, CBC, or the nursery."""
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            for process in self.alive():
                with suppress(psutil.NoSuchProcess):
                    if self._kind(process) == who:
                        return process
            time.sleep(0.05)
        raise AssertionError(f"{who} is not there")

    def _kind(self, process: psutil.Process) -> str:
        command = process.cmdline()
        if NURSERY in command:  # what it forks goes by its name
            parent = process.parent()
            if parent is None or NURSERY not in parent.cmdline():
                return "nursery"
            return "kernel" if process.pid == int((self.folder / "reached").read_text()) else "worker"
        kinds = {
            "worker": "planning.run.worker" in command,
            "kernel": "planning.run.kernel" in command,
            "cbc": bool(command) and Path(command[0]).name.startswith("cbc"),
            "runner": "render" in command,
        }
        return next((kind for kind, holds in kinds.items() if holds), "")

    def all_gone(self, seconds: float, but: int = 0) -> list[str]:
        """What is still alive after some seconds, at most, one process left out."""
        ends = time.monotonic() + seconds
        while (left := [process for process in self.alive() if process.pid != but]) and time.monotonic() < ends:
            time.sleep(0.1)
        return [" ".join(process.cmdline()) for process in left]

    def published(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.out / "annual-2027").iterdir())}

    def record(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.published()["run.json"])
        return told


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A desk, every process of which is ended afterwards."""
    made = Desk(folder)
    try:
        yield made
    finally:
        for process in made.alive():
            process.kill()
