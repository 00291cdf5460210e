"""The examples of README for cron, systemd, Windows and Airflow, tried as they stand there: on a tiny desk in place of /srv/planning."""

import ast
import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning.run import notebook as notebooks
from planning.run import params
from planning.run.plans_file import Entry
from planning.run.schedule import Schedule, following, latest
from tests.run.tiny_plans import KERNEL, desk, marks

ROOT = Path(__file__).parents[2]
PLACE, PROGRAM = "/srv/planning", ".venv/bin/planning"
OPERATOR = {"task_id", "input_nb", "output_nb", "parameters", "kernel_name"}


def blocks(kind: str) -> list[str]:
    """The examples of that kind in README's section."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## 定时运行 · On a schedule\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A tiny desk with one plan, and the program where README expects it."""
    place = desk(tmp_path / "here")
    (place / "data" / "plans.toml").write_text('[[plan]]\nid = "tiny"\nnotebook = "tiny"\n', encoding="utf-8")
    program = place / PROGRAM
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "from planning.cli import main; main()" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (place / "outputs").mkdir()
    return place


def published(place: Path) -> bool:
    return marks(place) == ["tiny"] and (place / "outputs" / "tiny" / "plan.zh.html").is_file()


def test_the_cron_line_comes_every_half_hour_and_its_command_makes_the_plans(here: Path) -> None:
    (line,) = blocks("cron")[0].splitlines()
    *fields, command = line.split(maxsplit=5)
    assert "%" not in command, "cron takes a percent sign for a line's end"
    every = Schedule(" ".join(fields), "Asia/Shanghai")
    now = datetime(2027, 3, 1, 6, 10, tzinfo=UTC)
    assert [latest(every, now), following(every, now)] == [now.replace(minute=0), now.replace(minute=30)]
    run = subprocess.run(["sh", "-c", command.replace(PLACE, str(here))], check=False, env={**os.environ, "PATH": "/usr/bin:/bin"}, cwd="/")
    assert run.returncode == 0
    assert published(here)
    assert (here / "outputs" / "schedule.log").read_text(encoding="utf-8").startswith("tiny：已发布（")


def units() -> dict[str, str]:
    """The systemd units by the file names their first lines give."""
    return {block.splitlines()[0].removeprefix("# "): block for block in blocks("ini")}


def read(unit: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit)
    return parser


@pytest.mark.slow
def test_the_systemd_service_runs_the_plans_and_its_timer_catches_up(here: Path) -> None:
    service, timer = read(units()["planning.service"]), read(units()["planning.timer"])
    assert (service["Service"]["Type"], service["Service"]["SuccessExitStatus"]) == ("oneshot", "75")
    assert (timer["Timer"]["Persistent"], timer["Install"]["WantedBy"]) == ("true", "timers.target")
    command = shlex.split(service["Service"]["ExecStart"].replace(PLACE, str(here)))
    run = subprocess.run(command, check=False, cwd=service["Service"]["WorkingDirectory"].replace(PLACE, str(here)))
    assert run.returncode == 0
    assert published(here)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd: apt-get install systemd")
def test_systemd_itself_finds_nothing_wrong_with_the_units(here: Path, tmp_path: Path) -> None:
    for name, text in units().items():
        (tmp_path / name).write_text(text.replace(PLACE, str(here)), encoding="utf-8")
    for name in units():
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], check=False, capture_output=True, encoding="utf-8")
        about = [line for line in run.stderr.splitlines() if "planning" in line]
        assert (run.returncode, about) == (0, []), run.stderr
    times = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", read(units()["planning.timer"])["Timer"]["OnCalendar"]],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert {"*-*-* *:00/30:00"} <= set(re.findall(r"Normalized form: (.*)", times.stdout))


def test_the_windows_task_says_what_the_cron_line_says() -> None:
    (line,) = blocks("bat")[0].splitlines()
    assert line.startswith("schtasks /Create /TN planning /SC MINUTE /MO 30 /TR ")
    inner = re.search(r'/TR "cmd /c (.*)"$', line)
    assert inner is not None
    assert len(inner[1]) < 261, "Task Scheduler takes no longer command"
    told = inner[1].replace("cd /d C:\\planning", f"cd {PLACE}").replace("\\Scripts\\", "/bin/").replace("\\", "/")
    assert told == blocks("cron")[0].strip().split(maxsplit=5)[5]


def calls() -> dict[str, dict[str, Any]]:
    """The calls of the DAG's file with their arguments, those that are plain values."""
    found: dict[str, dict[str, Any]] = {}
    for node in ast.walk(ast.parse(blocks("python")[0])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            plain = {word.arg: word.value for word in node.keywords if word.arg}
            found[node.func.id] = {name: value if isinstance(value, ast.Call) else ast.literal_eval(value) for name, value in plain.items()}
    return found


def test_the_airflow_file_compiles_and_names_a_notebook_and_parameters_there_are() -> None:
    compile(blocks("python")[0], "marketing_plans.py", "exec")
    operator = calls()["PapermillOperator"]
    assert set(operator) == OPERATOR
    notebook = ROOT / Path(operator["input_nb"]).relative_to(PLACE)
    own = notebooks.parameters(notebooks.read(notebook))
    assert set(operator["parameters"]) <= set(own)
    asked = params.asked({**own, **operator["parameters"]})
    assert asked.policy == {"event_cny": 2_000_000}
    assert (ROOT / Path(asked.data).relative_to(PLACE) / "policy.toml").is_file()
    cron = calls()["DAG"]["schedule"]
    assert Entry(id="p", notebook="n", schedule={"cron": cron, "time_zone": "Asia/Shanghai"}).when == Schedule(cron, "Asia/Shanghai")  # type: ignore[arg-type]


def test_what_airflow_hands_papermill_runs_a_notebook_with_the_kernel_registered_as_readme_says(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = calls()["PapermillOperator"]
    install = re.search(r"`\.venv/bin/python (-m ipykernel install) --user (--name planning)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert install is not None
    subprocess.run([sys.executable, *install[1].split(), "--prefix", str(here / "kernels"), *install[2].split()], check=True, capture_output=True)
    monkeypatch.setenv("JUPYTER_PATH", str(here / "kernels" / "share" / "jupyter"))
    given = new_code_cell('data = "sample"\nevent_cny = None\nsave_to = ""', id="given", metadata={"tags": ["parameters"]})
    shown = new_code_cell("[data, event_cny, save_to]", id="shown")
    nbformat.write(new_notebook(cells=[given, shown], metadata=KERNEL, nbformat_minor=5), here / "notebooks" / "annual_plan.ipynb")
    paths = {name: operator[name].replace(PLACE, str(here)).replace("{{ ds }}", "2027-03-01") for name in ("input_nb", "output_nb")}
    made = papermill.execute_notebook(
        paths["input_nb"], paths["output_nb"], parameters=operator["parameters"], kernel_name=operator["kernel_name"], report_mode=True, progress_bar=False
    )
    assert made.cells[-1].outputs[0].data["text/plain"] == str(list(operator["parameters"].values()))
    assert Path(paths["output_nb"]).is_file()


@pytest.mark.slow
def test_airflows_second_task_makes_the_plans(here: Path) -> None:
    command = calls()["BashOperator"]["bash_command"].replace(PLACE, str(here))
    assert subprocess.run(["bash", "-c", command], check=False, cwd="/").returncode == 0
    assert published(here)
