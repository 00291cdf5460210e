"""The kernel of a run is the Python that runs the plan, and it ends what it started when its worker is gone."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning.run import runner
from planning.run.kernel import PARENT, end_with_the_worker
from planning.run.publish import held

WHICH = """
import json, os, pathlib, sys, tempfile
folder = pathlib.Path(os.environ["PLANNING_RUN"])
(folder / "plan.json").write_text(json.dumps({"python": sys.executable, "temporary": tempfile.gettempdir()}))
_ = (folder / "checked.json").write_text("{}")
"""


def test_another_kernel_of_the_same_name_on_the_machine_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(json.dumps({"argv": ["nothing"], "display_name": "", "language": "python"}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    given = new_code_cell("lang = 'zh'", id="given", metadata={"tags": ["parameters"]})
    with held(tmp_path / "outputs", "annual-2027") as folder:
        done = runner.run(new_notebook(cells=[given, new_code_cell(WHICH, id="which")], metadata=kernel), {}, folder, 600, lambda *_: None)
        told = json.loads(done.files["plan.json"])
        assert Path(told["python"]) == Path(sys.executable)
        assert Path(told["temporary"]).parent == folder


def test_a_kernel_whose_worker_dies_ends_its_solver_with_itself(tmp_path: Path) -> None:
    solver = tmp_path / "solver"

    def kernel(worker: int) -> None:
        os.setsid()
        os.environ[PARENT] = str(worker)
        end_with_the_worker()
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        solver.with_suffix(".part").write_text(str(child.pid), encoding="utf-8")
        solver.with_suffix(".part").rename(solver)
        child.wait()

    worker = os.fork()
    if not worker:
        try:
            parent = os.getpid()
            if not os.fork():
                kernel(parent)
            time.sleep(600)
        finally:
            os._exit(1)
    ends = time.monotonic() + 120
    while not solver.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    child = psutil.Process(int(solver.read_text(encoding="utf-8")))
    os.kill(worker, 9)
    os.waitpid(worker, 0)
    assert gone(child)


def gone(process: psutil.Process, seconds: float = 60) -> bool:
    """Whether a process ends within some seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False
