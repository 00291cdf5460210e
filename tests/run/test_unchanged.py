"""A published plan is left alone as long as everything it was made from, and every page of it, is as its record says; else it is made again."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from planning.run import all_plans, inputs
from planning.run.all_plans import Asked, render_all
from planning.run.job import Ended
from planning.run.plan_jobs import prepared
from planning.run.plans_file import Entry
from tests.run.tiny_plans import desk

NOW = datetime(2027, 3, 1, tzinfo=UTC)
PLAN = {"id": "tiny", "notebook": "tiny", "parameters": {"event_cny": 5_000_000}}


def made(**said: object) -> str:
    """What becomes of the plan."""
    (line,) = render_all([Entry.model_validate({**PLAN, **said})], Asked(Path("outputs"), Path("notebooks")), NOW, lambda _: None)
    return line.happened


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk on which the plan was rendered once, by a real kernel."""
    place = desk(tmp_path_factory.mktemp("desk"))
    (place / "data" / "ours" / "clients.csv").write_text("client\n1\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert made() == "published"
    return place


@pytest.fixture
def here(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = shutil.copytree(published, tmp_path / "here", symlinks=True)
    monkeypatch.chdir(place)
    monkeypatch.setattr(all_plans, "work", lambda _: Ended(0, 0.0))
    return place


def edited(path: Path, change: Callable[[dict], object]) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")


def in_notebook(place: Path, change: Callable[[nbformat.NotebookNode], object]) -> None:
    notebook = nbformat.read(place, as_version=4)
    change(notebook)
    nbformat.write(notebook, place)


RECORD, PAGE, NOTEBOOK, DATA = Path("outputs/tiny/run.json"), Path("outputs/tiny/plan.zh.html"), Path("notebooks/tiny.ipynb"), Path("data/ours")
NOTHING: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "times of files alone": lambda: os.utime(DATA / "clients.csv", (0, 0)),
    "a hidden file": lambda: (DATA / ".DS_Store").write_text("x", encoding="utf-8"),
    "a spreadsheet that is open": lambda: (DATA / "~$clients.xlsx").write_text("x", encoding="utf-8"),
    "what the notebook's last run left in it": lambda: in_notebook(NOTEBOOK, lambda one: one.cells[1].update(execution_count=7)),
}
SOMETHING: dict[str, Callable[[], object]] = {
    "a table": lambda: (DATA / "clients.csv").write_text("client\n2\n", encoding="utf-8"),
    "one table more": lambda: (DATA / "facts.csv").write_text("", encoding="utf-8"),
    "a table of the former book": lambda: ((DATA / "before").mkdir(), (DATA / "before" / "clients.csv").write_text("", encoding="utf-8")),
    "the policy": lambda: (DATA / "policy.toml").write_text((DATA / "policy.toml").read_text(encoding="utf-8") + "\n", encoding="utf-8"),
    "a cell of the notebook": lambda: in_notebook(NOTEBOOK, lambda one: one.cells[1].update(source=one.cells[1].source + "\n")),
    "a cell's tag": lambda: in_notebook(NOTEBOOK, lambda one: one.cells[1].metadata.update(tags=["desk"])),
    "a page": lambda: PAGE.write_text(PAGE.read_text(encoding="utf-8") + " ", encoding="utf-8"),
    "a page taken away": lambda: PAGE.unlink(),
    "the record taken away": lambda: RECORD.unlink(),
    "a record that cannot be read": lambda: RECORD.write_text("{", encoding="utf-8"),
    "a record of a failed run": lambda: edited(RECORD, lambda told: told.update(exit=1)),
    "the program's version": lambda: edited(RECORD, lambda told: told["versions"].update(planning="0.0.1")),
    "the solver's version": lambda: edited(RECORD, lambda told: told["versions"].update(highspy="1.0.0")),
    "a record from before inputs were kept": lambda: edited(RECORD, lambda told: told.pop("inputs")),
    "a record without files": lambda: edited(RECORD, lambda told: told.update(files={})),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("change", NOTHING)
def test_where_nothing_changed_nothing_is_made(change: str) -> None:
    NOTHING[change]()
    assert made() == "unchanged"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("change", SOMETHING)
def test_where_anything_changed_the_plan_is_made_again(change: str) -> None:
    SOMETHING[change]()
    assert made() == "published"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "asked",
    [{"parameters": {"event_cny": 5_000_001}}, {"parameters": {}}, {"languages": ["zh"]}, {"languages": ["en", "zh"]}, {"relax": True}, {"data": "data/ours"}],
)
def test_where_something_else_is_asked_the_plan_is_made_again(asked: dict[str, object]) -> None:
    assert made(**asked) == "published"


@pytest.mark.parametrize(
    ("named", "place"), [("scenarios", "scenarios.toml"), ("before", "older/clients.csv"), ("former", "last/plan.json"), ("former", "last.json")]
)
def test_what_a_notebooks_parameter_names_is_an_input_too(here: Path, named: str, place: str) -> None:
    named_at = here / (place if named == "scenarios" or place.count("/") == 0 else place.split("/")[0])
    (here / place).parent.mkdir(exist_ok=True)
    (here / place).write_text("one", encoding="utf-8")
    laid = {"parameters": {named: str(named_at)}}
    first = prepared(Entry.model_validate({**PLAN, **laid}), Path("outputs"), Path("notebooks")).asking.inputs
    (here / place).write_text("two", encoding="utf-8")
    second = prepared(Entry.model_validate({**PLAN, **laid}), Path("outputs"), Path("notebooks")).asking.inputs
    assert {name for name in second if first[name] != second[name]} == {named}


@pytest.mark.usefixtures("here")
def test_a_folder_below_the_data_that_nobody_may_read_is_no_input_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    (DATA / "lost+found").mkdir()
    listed = Path.iterdir

    def barred(folder: Path) -> Iterator[Path]:
        if folder.name == "lost+found":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", barred)
    assert made() == "unchanged"


@pytest.mark.usefixtures("here")
def test_published_plans_below_the_data_are_no_input() -> None:
    before = prepared(Entry.model_validate(PLAN), DATA / "out", Path("notebooks")).asking.inputs
    (DATA / "out" / "tiny").mkdir(parents=True)
    (DATA / "out" / "tiny" / "plan.zh.html").write_text("page", encoding="utf-8")
    assert prepared(Entry.model_validate(PLAN), DATA / "out", Path("notebooks")).asking.inputs == before


@pytest.mark.usefixtures("here")
def test_another_program_makes_the_plan_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "program", lambda: "other")
    assert made() == "published"


@pytest.fixture
def bank(here: Path, small_bank: Path) -> Iterator[sqlite3.Connection]:
    """The small bank with its managers in a database."""
    shutil.rmtree(DATA)
    shutil.copytree(small_bank, DATA)
    with closing(sqlite3.connect(here / "bank.db")) as database:
        pd.read_csv(DATA / "managers.csv", dtype=str).to_sql("managers", database, index=False)
        (DATA / "managers.csv").unlink()
        (DATA / "source.toml").write_text(f'[managers]\nurl = "sqlite:///{(here / "bank.db").as_posix()}"\nsql_table = "managers"\n', encoding="utf-8")
        yield database


def record_what_is_there() -> None:
    """Make the published record say that it was made from the data as they are now."""
    plan = prepared(Entry.model_validate(PLAN), Path("outputs"), Path("notebooks"))
    edited(RECORD, lambda told: told.update(inputs=plan.asking.inputs, data_hash=inputs.in_databases(plan.data)))


def test_a_row_that_changes_in_a_database_makes_the_plan_again(bank: sqlite3.Connection) -> None:
    record_what_is_there()
    assert made() == "unchanged"
    bank.execute("UPDATE managers SET hours_year = hours_year + 1 WHERE rowid = 1")
    bank.commit()
    assert made() == "published"


@pytest.mark.usefixtures("bank")
def test_a_database_that_cannot_be_reached_is_something_new_and_so_is_its_return(here: Path) -> None:
    record_what_is_there()
    before = inputs.in_databases(DATA)
    (here / "bank.db").rename(here / "away.db")
    assert made() == "published"
    assert inputs.in_databases(DATA) != before
    (here / "away.db").rename(here / "bank.db")
    assert inputs.in_databases(DATA) == before


@pytest.mark.usefixtures("here")
def test_a_former_book_in_a_database_is_never_taken_for_unchanged() -> None:
    (DATA / "before").mkdir()
    (DATA / "before" / "source.toml").write_text('[clients]\nurl = "sqlite:///b.db"\nsql_table = "clients"\n', encoding="utf-8")
    record_what_is_there()
    assert made() == "published"


def test_the_record_says_what_the_plan_was_made_from_by_hashes_alone(published: Path) -> None:
    told = json.loads((published / RECORD).read_text(encoding="utf-8"))
    assert sorted(told["inputs"]) == ["data", "notebook", "program"]
    assert all(len(one) == 64 and int(one, 16) for one in told["inputs"].values())
