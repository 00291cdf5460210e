"""A run ends with a whole notebook or with one sentence, whatever happens in the kernel."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning.errors import DataFaults, Fault, RunFailed
from planning.run import runner
from planning.run.publish import held

VOUCH = """
import json, os, pathlib
folder = pathlib.Path(os.environ["PLANNING_RUN"])
(folder / "plan.json").write_text(json.dumps({"id": plan_id, "lang": lang}))
_ = (folder / "checked.json").write_text("{}")
"""
RAISING = """
from planning.desk import case
from planning.errors import DataFaults, Fault
with case.worded("en"):
    raise DataFaults(Fault("duplicate_key", "clients", "client", (3, 7), 2))
"""
KEPT: dict[str, Any] = {}


def told(stage: str, details: Mapping[str, Any]) -> None:
    KEPT[stage] = details


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., runner.Executed]:
    def running(*sources: str, seconds: int = 120) -> runner.Executed:
        given = new_code_cell('plan_id = "annual-2027"\nlang = "zh"', id="given", metadata={"tags": ["parameters"]})
        cells = [given, *(new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources))]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        with held(tmp_path / "out {braces}", "annual-2027") as folder:
            return runner.run(new_notebook(cells=cells, metadata=kernel, nbformat_minor=5), {"lang": "en"}, folder, seconds, told)

    return running


def fault(error: pytest.ExceptionInfo[Any]) -> Fault:
    return error.value.faults[0]


def test_a_whole_run_gives_notebook_plan_and_stages(run: Callable[..., runner.Executed]) -> None:
    progress = "from planning.run import channel\nimport os, pathlib\nchannel.tell(pathlib.Path(os.environ['PLANNING_RUN']), 'solving', {'gap': 0.02})"
    executed = run(progress, "import sys; print('a', file=sys.stderr); 1 + 1", VOUCH)
    assert json.loads(executed.files["plan.json"]) == {"id": "annual-2027", "lang": "en"}
    assert KEPT == {"solving": {"gap": 0.02}}
    assert list(executed.stages) == ["starting", "solving"]
    assert [output.data["text/plain"] for cell in executed.notebook.cells for output in cell.get("outputs", [])] == ["2"]
    text = nbformat.v4.writes(executed.notebook)
    assert str(Path.cwd()) not in text
    assert "papermill" not in text


def test_a_verbs_error_comes_out_as_it_went_in(run: Callable[..., runner.Executed]) -> None:
    with pytest.raises(DataFaults) as refused:
        run(RAISING, VOUCH)
    assert fault(refused) == Fault("duplicate_key", "clients", "client", (3, 7), 2)


def test_a_broken_cell_is_named_by_its_number(run: Callable[..., runner.Executed], tmp_path: Path) -> None:
    with pytest.raises(RunFailed) as failed:
        run("1 + 1", "1 / 0", VOUCH)
    assert fault(failed).values == {"cell": 3, "problem": "ZeroDivisionError", "log": ".runs/annual-2027/run.log"}
    assert "ZeroDivisionError" in (tmp_path / "out {braces}" / ".runs/annual-2027/run.log").read_text(encoding="utf-8")


def test_leaving_early_is_not_success(run: Callable[..., runner.Executed]) -> None:
    with pytest.raises(RunFailed) as failed:
        run("import sys; sys.exit(0)", VOUCH)
    assert fault(failed).code == "run_cells_left_out"


def test_a_plan_nobody_checked_is_refused(run: Callable[..., runner.Executed]) -> None:
    with pytest.raises(RunFailed) as failed:
        run("1 + 1")
    assert fault(failed).code == "run_not_checked"


def test_a_dead_kernel_is_a_failed_run(run: Callable[..., runner.Executed]) -> None:
    with pytest.raises(RunFailed) as failed:
        run("import os; os._exit(9)", VOUCH)
    assert fault(failed).code == "run_kernel_died"


def alive(marker: Path) -> bool:
    """Whether the process that keeps writing its pulse, if it came to that, still does."""
    if not marker.exists():
        return False
    before = marker.stat().st_mtime_ns
    time.sleep(1.0)
    return marker.stat().st_mtime_ns != before


PULSE = "import pathlib, time\nwhile True:\n    pathlib.Path({marker!r}).write_text('beat')\n    time.sleep(0.1)"


def test_a_run_over_its_limit_ends_and_takes_its_kernel_with_it(run: Callable[..., runner.Executed], tmp_path: Path) -> None:
    marker = tmp_path / "pulse"
    with pytest.raises(RunFailed) as failed:
        run(PULSE.format(marker=str(marker)), seconds=8)
    assert fault(failed).code == "run_too_long"
    time.sleep(3)
    assert not alive(marker)


def test_killing_the_runner_leaves_no_kernel_and_no_folder(tmp_path: Path) -> None:
    marker, folder = tmp_path / "pulse", tmp_path / "run"
    folder.mkdir()
    script = f"""
import nbformat, pathlib
from nbformat.v4 import new_code_cell, new_notebook
from planning.run import runner
cell = new_code_cell({PULSE.format(marker=str(marker))!r})
notebook = new_notebook(cells=[cell], metadata={{"kernelspec": {{"name": "python3", "display_name": "", "language": "python"}}}})
runner.run(notebook, {{"lang": "en"}}, pathlib.Path({str(folder)!r}), 100, lambda *_: None)
"""
    process = subprocess.Popen([sys.executable, "-c", script])
    ends = time.monotonic() + 60
    while not marker.exists() and time.monotonic() < ends:
        time.sleep(0.2)
    process.kill()
    process.wait()
    time.sleep(4)
    assert marker.exists()
    assert not alive(marker)
    assert not folder.exists()
