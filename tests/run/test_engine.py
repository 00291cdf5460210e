"""Notebooks forked from a nursery give what stock Papermill gives, share nothing, keep to their limits and leave no process behind."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.engines import papermill_engines

from planning.errors import DataFaults, Fault, RunFailed
from planning.report.i18n import LANGS, say
from planning.run import engine, nursed, page, runner
from planning.run import notebook as notebooks
from planning.run.channel import RUN_FOLDER

ROOT = Path(__file__).parents[2]
VOUCH = """
import json, os, pathlib
folder = pathlib.Path(os.environ["PLANNING_RUN"])
(folder / "plan.json").write_text(json.dumps({"id": plan_id, "lang": lang}))
_ = (folder / "checked.json").write_text("{}")
"""
TABLE = "import pandas as pd\npd.DataFrame({'venue': ['museum', 'tea house'], 'seats': [40, 24]})"
CHART = "import matplotlib.pyplot as plt\n_ = plt.plot([3, 1, 2])"
SURROUNDINGS = "import os, sys\n[sys.argv[0], len(sys.argv), sys.path[:2], sys.flags.utf8_mode, os.getcwd(), __name__, sys.stdin.read()]"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

Run = Callable[..., runner.Executed]


def written(*sources: str) -> nbformat.NotebookNode:
    given = new_code_cell('plan_id = "annual-2027"\nlang = "zh"', id="given", metadata={"tags": ["parameters"]})
    cells = [given, new_markdown_cell("五月的**品鉴会**", id="words"), *(new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources))]
    return new_notebook(cells=cells, metadata=KERNEL, nbformat_minor=5)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def running(*sources: str, lang: str = "en", seconds: int = 120) -> runner.Executed:
        folder = tmp_path / f"run {len(list(tmp_path.iterdir()))} {threading.get_ident()}" / "work"
        folder.mkdir(parents=True)
        return runner.run(written(*sources), {"lang": lang}, folder, seconds, lambda *_: None)

    return running


@pytest.fixture(scope="module")
def nurse() -> Iterator[nursed.Nursery]:
    """One nursery for the tests, which is at work only where a test asks for it."""
    with nursed.shared() as on:
        standing = nursed.standing()
        assert on
        assert standing
        nursed._standing.clear()
        yield standing
        nursed._standing.append(standing)


@pytest.fixture
def forked(nurse: nursed.Nursery, monkeypatch: pytest.MonkeyPatch) -> nursed.Nursery:
    """Every notebook of the test is forked."""
    monkeypatch.setattr(nursed, "_standing", [nurse])
    return nurse


def shown(executed: runner.Executed) -> list[str]:
    """The plain text of every output."""
    return [output.data["text/plain"] for cell in executed.notebook.cells for output in cell.get("outputs", [])]


def line_of(run: Run) -> list[int]:
    """The parent of a kernel's process, and the parent of that."""
    told: list[int] = json.loads(shown(run("import psutil\n[one.pid for one in psutil.Process().parents()[:2]]", VOUCH))[0])
    return told


def test_the_executed_notebook_and_both_pages_are_stock_papermills_to_the_byte(run: Run, nurse: nursed.Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    for lang in LANGS:
        stock = run(TABLE, CHART, SURROUNDINGS, VOUCH, lang=lang)
        with monkeypatch.context() as patch:
            patch.setattr(nursed, "_standing", [nurse])
            ours = run(TABLE, CHART, SURROUNDINGS, VOUCH, lang=lang)
        assert notebooks.text(ours.notebook) == notebooks.text(stock.notebook)
        assert [page.export(ours.notebook, one) for one in LANGS] == [page.export(stock.notebook, one) for one in LANGS]
        assert "tea house" in page.export(ours.notebook, lang)
        assert "image/png" in notebooks.text(ours.notebook)


def test_worker_and_kernel_come_from_the_nursery(run: Run, forked: nursed.Nursery) -> None:
    assert shown(run("import psutil\nlen(psutil.Process().parent().children())", VOUCH)) == ["2"]
    assert line_of(run) == [forked.pid, os.getpid()]


@pytest.mark.usefixtures("forked")
def test_nothing_of_one_notebook_reaches_the_next(run: Run) -> None:
    trace = "import json, os, pandas, random\nimport numpy as np\nfrom planning import money\n"
    change = "json.left = money.left = 1\nos.environ['LEFT'] = 'x'\nos.chdir('/')\nrandom.seed(7)\nnp.random.seed(7)\npandas.options.display.max_rows = 3\n"
    look = "[hasattr(json, 'left'), hasattr(money, 'left'), 'LEFT' in os.environ, os.getcwd() == '/', pandas.options.display.max_rows, 'left' in dir()]"
    run(trace + change + "left = 1", VOUCH)
    assert shown(run(trace + look, VOUCH)) == ["[False, False, False, False, 60, False]"]


@pytest.mark.usefixtures("forked")
def test_every_notebook_has_chance_of_its_own(run: Run) -> None:
    drawn = "import random, uuid\nimport numpy as np\n[random.random(), np.random.random(), uuid.uuid4().hex]"
    first, second = (shown(run(drawn, VOUCH))[0] for _ in range(2))
    assert not set(first.split(", ")) & set(second.split(", "))


@pytest.mark.usefixtures("forked")
def test_libraries_that_keep_threads_work_in_a_forked_kernel(run: Run) -> None:
    tables = "import duckdb, io\nimport pandas as pd\nf = io.BytesIO()\npd.DataFrame({'a': range(200_000)}).to_parquet(f)\nt = pd.read_parquet(f)\n"
    summed = tables + "_ = duckdb.execute('set threads=2')\nint(duckdb.sql('select sum(a) from t').fetchall()[0][0])"
    product = "import numpy as np\na = np.ones((400, 400))\nfloat((a @ a).sum())"
    solved = "import pulp\nm = pulp.LpProblem('m', -1)\nx = pulp.LpVariable('x', 0, 7, 'Integer')\nm += 2 * x\nm += 2 * x <= 9\n_ = m.solve(pulp.HiGHS(msg=False, threads=2))\nx.value()"
    assert shown(run(summed, product, solved, VOUCH)) == ["19999900000", "64000000.0", "4.0"]


@pytest.mark.usefixtures("forked")
def test_two_notebooks_run_at_once_from_one_nursery(run: Run, tmp_path: Path) -> None:
    meet = f"import pathlib, time\npathlib.Path({str(tmp_path)!r}, lang).touch()\nwhile not all(pathlib.Path({str(tmp_path)!r}, one).exists() for one in ('zh', 'en')):\n    time.sleep(0.05)\nlang"
    told: dict[str, list[str]] = {}
    both = [threading.Thread(target=lambda lang=lang: told.update({lang: shown(run(meet, VOUCH, lang=lang))})) for lang in LANGS]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert told == {"zh": ["'zh'"], "en": ["'en'"]}


FAILING = {
    "leaves at once": "import os; os._exit(9)",
    "is killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "breaks": "1 / 0",
    "leaves early": "import sys; sys.exit(0)",
}


@pytest.mark.parametrize("how", ["is killed", *(pytest.param(how, marks=pytest.mark.slow) for how in FAILING if how != "is killed")])
def test_a_kernel_that_fails_is_told_as_by_stock_papermill(run: Run, nurse: nursed.Nursery, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[tuple[str, dict[str, Any]]] = []
    for standing in ([], [nurse]):
        monkeypatch.setattr(nursed, "_standing", standing)
        with pytest.raises(RunFailed) as failed:
            run(FAILING[how], VOUCH)
        values = {name: value for name, value in failed.value.faults[0].values.items() if name != "log"}
        faults.append((failed.value.faults[0].code, values))
    assert faults[0] == faults[1]


@pytest.mark.usefixtures("forked")
def test_a_verbs_error_comes_out_of_a_forked_kernel_as_it_went_in(run: Run) -> None:
    fault = 'Fault("duplicate_key", "clients", "client", (3, 7), 2)'
    with pytest.raises(DataFaults) as refused:
        run(f"from planning.desk import case\nfrom planning.errors import DataFaults, Fault\nwith case.worded('en'):\n    raise DataFaults({fault})", VOUCH)
    assert refused.value.faults[0] == Fault("duplicate_key", "clients", "client", (3, 7), 2)


def executed(tmp_path: Path, *sources: str, **given: Any) -> nbformat.NotebookNode:
    """A notebook run straight by Papermill with our engine."""
    papermill_engines.register("planning", engine.PlanningEngine)
    (tmp_path / "asked.ipynb").write_text(notebooks.text(written(*sources)), encoding="utf-8")
    where = (str(tmp_path / "asked.ipynb"), str(tmp_path / "executed.ipynb"))
    return papermill.execute_notebook(*where, engine_name="planning", progress_bar=False, shutdown_kernel="immediate", **given)


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize(("lang", "words"), [("zh", "第 4 个单元格超过单格时限 1 秒"), ("en", "Cell 4 of the notebook passed its limit of 1 seconds")])
def test_a_cell_over_its_limit_is_ended_and_told_by_its_number(tmp_path: Path, lang: str, words: str) -> None:
    with pytest.raises(RunFailed) as failed:
        executed(tmp_path, "1", "import time; time.sleep(60)", parameters={"lang": lang}, execution_timeout=1, run_timeout=50)
    assert failed.value.faults == (Fault("cell_too_long", values={"cell": 4, "seconds": 1}),)
    assert words in failed.value.__notes__[0]


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize(("lang", "words"), [("zh", "超过总时限 2 秒"), ("en", "passed its limit of 2 seconds")])
def test_a_notebook_over_its_limit_is_ended_though_each_cell_keeps_its_own(tmp_path: Path, lang: str, words: str) -> None:
    with pytest.raises(RunFailed) as failed:
        executed(tmp_path, *["import time; time.sleep(0.7)"] * 9, parameters={"lang": lang}, execution_timeout=30, run_timeout=2)
    assert failed.value.faults == (Fault("run_too_long", values={"seconds": 2}),)
    assert words in failed.value.__notes__[0]
    done = [cell.execution_count for cell in nbformat.read(tmp_path / "executed.ipynb", as_version=4).cells if cell.cell_type == "code"]
    assert None in done


@pytest.mark.usefixtures("forked")
def test_a_run_over_its_limit_is_told_as_without_a_nursery(run: Run) -> None:
    with pytest.raises(RunFailed) as failed:
        run("import time; time.sleep(60)", VOUCH, seconds=3)
    assert failed.value.faults == (Fault("run_too_long", values={"seconds": 3}),)


def test_where_nothing_can_be_forked_papermill_runs_each_from_scratch_and_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(os, "fork")
    with nursed.shared() as on:
        assert not on
        assert line_of(run)[1] == os.getpid()
    with caplog.at_level(logging.WARNING, logger="papermill"):
        made = executed(tmp_path, "1 + 1", parameters={"lang": "en"})
    assert say("cli.engine_stock", "en") in caplog.text
    assert made.cells[-1].outputs[0].data["text/plain"] == "2"


def test_macos_and_windows_are_not_forked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nursed.possible()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not nursed.possible()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "waitid")
    assert not nursed.possible()


def test_other_surroundings_than_the_libraries_were_loaded_in_start_a_worker_afresh(run: Run, forked: nursed.Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert nursed.worker("planning.run.worker", str(ROOT), dict(os.environ), 1) is None
    assert line_of(run)[0] != forked.pid
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert shown(run("import time\ntime.tzname[0]", VOUCH)) == ["'CST'"]


def test_a_nursery_that_is_gone_is_done_without(run: Run) -> None:
    with nursed.shared():
        standing = nursed.standing()
        assert standing
        os.kill(standing.pid, 9)
        assert line_of(run)[0] != standing.pid
    assert nursed.standing() is None


@pytest.mark.parametrize("also", [False, True])
def test_when_a_worker_is_told_to_be_gone_its_kernel_is_gone_and_the_nursery_serves_on(run: Run, forked: nursed.Nursery, tmp_path: Path, also: bool) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    pulse = f"import os, pathlib, time\npathlib.Path({str(tmp_path)!r}, 'kernel').write_text(str(os.getpid()))\ntime.sleep(600)"
    (folder / "asked.ipynb").write_text(notebooks.text(written(pulse)), encoding="utf-8")
    (folder / "job.json").write_text(json.dumps({"parameters": {}, "start": str(tmp_path), "seconds": 300}), encoding="utf-8")
    with (tmp_path / "log").open("wb") as log:
        worker = nursed.worker("planning.run.worker", str(folder), {**os.environ, RUN_FOLDER: str(folder), "PYTHONUTF8": "1"}, log.fileno())
    assert worker
    while worker.poll() is None and not ((tmp_path / "kernel").exists() and (tmp_path / "kernel").read_text()):
        time.sleep(0.1)
    kernel = psutil.Process(int((tmp_path / "kernel").read_text()))
    assert kernel.ppid() == forked.pid
    nursery = psutil.Process(forked.pid)
    nursery.suspend()
    os.kill(worker.pid, 9)
    if also:  # both have ended when the nursery looks
        kernel.kill()
    nursery.resume()
    assert worker.wait() == -9
    assert not kernel.is_running()
    assert line_of(run)[0] == forked.pid


def test_one_nursery_serves_a_call_within_a_call(forked: nursed.Nursery) -> None:
    with nursed.shared() as on:
        assert on
        assert nursed.standing() is forked
    assert nursed.standing() is forked


@pytest.mark.usefixtures("forked")
def test_a_forked_process_is_handled_as_one_that_was_started(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    with (tmp_path / "log").open("wb") as log:
        child = nursed.worker("planning.run.worker", str(tmp_path), {**os.environ, RUN_FOLDER: str(tmp_path), "PYTHONUTF8": "1"}, log.fileno())
        assert child
        assert child.wait(30) == 1
    assert "job.json" in (tmp_path / "log").read_text(encoding="utf-8")
    assert child.poll() == 1
    child.kill()


def test_papermill_finds_the_engine_by_its_entry_point(tmp_path: Path) -> None:
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["papermill.engine"]
    info = tmp_path / "site" / "named-1.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text("[papermill.engine]\n" + "".join(f"{name} = {where}\n" for name, where in points.items()), encoding="utf-8")
    (tmp_path / "asked.ipynb").write_text(notebooks.text(written("import psutil\npsutil.Process().parent().cmdline()[3]")), encoding="utf-8")
    found = {**os.environ, "PYTHONPATH": os.pathsep.join([str(info.parent), str(ROOT)])}
    papermill_ = str(Path(sys.executable).with_name("papermill"))
    subprocess.run([papermill_, "--engine", "planning", "asked.ipynb", "executed.ipynb"], check=True, cwd=tmp_path, env=found, capture_output=True)
    cells = nbformat.read(tmp_path / "executed.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].data["text/plain"] == "'planning.run.nursery'"
    subprocess.run([sys.executable, "-c", "import planning.run.engine"], check=True, cwd=tmp_path, env=found)


def rendered(bank: Path, folder: Path) -> runner.Executed:
    """The shipped notebook of the annual plan, run for a small bank."""
    folder.mkdir()
    given = {"data": str(bank), "gap": 0.01, "lang": "zh"}
    return runner.run(notebooks.read(ROOT / "notebooks" / "annual_plan.ipynb"), given, folder, 900, lambda *_: None)


def undated(plan: str) -> dict[str, Any]:
    """A plan without the seconds its solver took."""
    read: dict[str, Any] = json.loads(plan)
    read["solve"].pop("seconds")
    return read


@pytest.mark.slow
def test_a_real_plan_its_pages_and_its_notebook_are_the_same_forked_or_not(
    small_bank: Path, tmp_path: Path, nurse: nursed.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = rendered(small_bank, tmp_path / "stock")
    monkeypatch.setattr(nursed, "_standing", [nurse])
    ours = rendered(small_bank, tmp_path / "ours")
    assert notebooks.text(ours.notebook) == notebooks.text(stock.notebook)
    assert undated(ours.files["plan.json"]) == undated(stock.files["plan.json"])
    assert ours.files["certificate.json"] == stock.files["certificate.json"]
    for lang in LANGS:
        assert page.export(ours.notebook, lang) == page.export(stock.notebook, lang)
