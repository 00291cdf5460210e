"""Notebook jobs of JupyterLab: a job definition of the real extension runs our notebook, which is published, or fails with its sentence."""

import time
from pathlib import Path
from typing import Any

import pytest

from planning.errors import PolicyError
from planning.run import params, registry
from tests.run.tiny_plans import desk, marks, notebook

pytest.importorskip("jupyter_scheduler", reason="needs the extra scheduler: pip install -c constraints.txt -e '.[scheduler]'")

from jupyter_scheduler.environments import CondaEnvironmentManager
from jupyter_scheduler.models import CreateJobDefinition, CreateJobFromDefinition, DescribeJob
from jupyter_scheduler.orm import create_tables
from jupyter_scheduler.scheduler import Scheduler
from traitlets.config import Config

from planning.run.jupyter_jobs import ordered

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    place = desk(tmp_path / "here")
    (place / "outputs").mkdir()
    return place


def run(place: Path, named: str, given: dict[str, str]) -> tuple[DescribeJob, Path]:
    """Make a definition of a job as the form does, run it once, and wait; the job, and the folder of what it offers to download."""
    (setting,) = [word for word in (ROOT / "README.md").read_text(encoding="utf-8").split() if word.startswith("--Scheduler.execution_manager_class=")]
    config = Config({"Scheduler": {"execution_manager_class": setting.split("=")[1]}})
    database, staging = f"sqlite:///{place / 'jobs.sqlite'}", place / "staging"
    create_tables(database)
    scheduler = Scheduler(
        root_dir=str(place / "notebooks"), environments_manager=CondaEnvironmentManager(), db_url=database, config=config, staging_path=str(staging)
    )
    asked: dict[str, Any] = {"input_uri": named, "name": "plan", "runtime_environment_name": "python", "output_formats": ["ipynb", "html"]}
    defined = scheduler.create_job_definition(CreateJobDefinition(**asked, parameters=given, schedule="0 6 1 * *", timezone="Asia/Shanghai"))
    assert scheduler.task_runner.cache.get(defined).next_run_time > 0
    job = scheduler.create_job_from_definition(defined, CreateJobFromDefinition())
    ends = time.monotonic() + 300
    while (told := scheduler.get_job(job)).status not in ("COMPLETED", "FAILED") and time.monotonic() < ends:
        time.sleep(0.2)
    return told, staging / job


@pytest.mark.slow
def test_a_job_definition_publishes_its_plan_and_offers_the_page(here: Path) -> None:
    told, files = run(here, "tiny.ipynb", {"lang": '"en"', "event_cny": "5000000"})
    assert (told.status, told.status_message) == ("COMPLETED", None)
    assert marks(here) == ["tiny"]
    pages = {path.suffix: path.read_bytes() for path in files.iterdir() if path.name != "tiny.ipynb"}
    assert pages == {".html": (here / "outputs" / "tiny" / "plan.en.html").read_bytes(), ".ipynb": (here / "outputs" / "tiny" / "tiny.ipynb").read_bytes()}
    (entry,) = registry.entries(here / "outputs", "tiny")
    assert entry.told["parameters"] == {"event_cny": 5_000_000, "lang": "en"}


@pytest.mark.slow
def test_a_job_that_fails_says_so_in_a_sentence_and_leaves_the_published_plan(here: Path) -> None:
    notebook(here / "notebooks" / "broken.ipynb", "1 / 0")
    told, _ = run(here, "broken.ipynb", {"lang": "en"})
    assert told.status == "FAILED"
    assert "Cell 3 of the notebook failed (ZeroDivisionError)" in told.status_message
    assert not (here / "outputs" / "tiny").exists()


def test_what_stands_in_the_form_is_taken_as_values(here: Path) -> None:
    order = ordered(here / "notebooks" / "tiny.ipynb", here / "outputs", {"data": "'ours'", "relax": "True", "event_cny": ' "5000000" '})
    assert (order.data, order.relax, order.languages, order.given) == ("ours", True, ("zh", "en"), (("event_cny", "5000000"),))


@pytest.mark.parametrize(
    ("text", "relax", "given"),
    [(None, False, ()), ("", False, ()), ("False", False, ()), ("true", True, ()), ("'True'", True, ()), ("yes", False, (("relax", "yes"),))],
)
def test_rules_give_way_where_the_form_says_so_and_what_is_neither_yes_nor_no_is_not_passed_over(
    here: Path, text: str | None, relax: bool, given: tuple[tuple[str, str], ...]
) -> None:
    order = ordered(here / "notebooks" / "tiny.ipynb", here / "outputs", {} if text is None else {"relax": text})
    assert (order.relax, order.given) == (relax, given)
    if given:
        with pytest.raises(PolicyError, match="parameter_has_option relax"):
            params.parsed(order.given)


@pytest.mark.slow
def test_code_in_the_form_is_refused_before_anything_runs(here: Path) -> None:
    told, _ = run(here, "tiny.ipynb", {"event_cny": "__import__('os').getpid()"})
    assert told.status == "FAILED"
    assert "event_cny" in told.status_message
    assert marks(here) == []
