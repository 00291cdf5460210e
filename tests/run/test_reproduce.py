"""A published run made once more: the same to the byte, or told which input or which value is another; the published plan never touched."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning import policy
from planning.run import compared, inputs, record, registry
from planning.run.channel import RECORD
from tests.run.published import plan_of, publish_plan

ROOT = Path(__file__).parents[2]
GIVEN = 'plan_id = "tiny"\ndata = "bank"\nlang = "zh"\nsave_to = ""\nevent_cny = None\nmust_hold = None\nblackout = None'
MAKE = """
import json, time
from pathlib import Path
import planning
from planning.desk.case import run_folder
case = planning.open_case(globals())
outside = Path("outside.txt").read_text()
made = {
 "id": case.plan_id,
 "data_hash": case.book.data_hash,
 "policy": case.policy.model_dump(mode="json"),
 "solve": {"status": "optimal", "solver": "none", "objective": 1.0, "bound": 1.0, "gap": 0.0, "seconds": time.time()},
 "totals": {"event_cny": case.policy.budget.event_cny, "value_cny": len(outside)},
}
(run_folder() / "plan.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\\n")
vouched = {"verdict": {"passed": True, "places": 1}, "tables": dict(case.book.hashes)}
(run_folder() / "checked.json").write_text(json.dumps(vouched)) and None
"""
Planning = Callable[..., int]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> Path:
    """A bank's folder, a notebook that makes a plan of few lines, and that plan published and registered, once for all tests."""
    from tests.run.conftest import planning

    place = tmp_path_factory.mktemp("tiny")
    shutil.copytree(small_bank, place / "data" / "bank")
    cells = [
        new_code_cell(GIVEN, id="given", metadata={"tags": ["parameters"]}),
        new_code_cell(MAKE, id="make"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel, nbformat_minor=5), place / "tiny.ipynb")
    (place / "outside.txt").write_text("four", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        called = planning.__wrapped__(patch)
        assert called("render", "tiny.ipynb", "-p", "blackout", "[2, 8]", "-p", "must_hold", '[{"event": "year_end_reception", "month": 12}]') == 0
    (place / "tiny.ipynb").unlink()
    return place


@pytest.fixture
def place(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that, to change."""
    copied = shutil.copytree(rendered, tmp_path / "copied", symlinks=True)
    monkeypatch.chdir(copied)
    return copied


def contents(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_same_inputs_give_the_same_files_and_the_published_plan_is_not_touched(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place / "outputs")
    assert planning("reproduce", "tiny", "--lang", "en", "--keep", "again") == 0
    told = capsys.readouterr().out
    for words in ("Entry 1 of the register", "18 tables", "plan.zh.html: byte-identical", "tiny.ipynb: byte-identical", "all 4 files"):
        assert words in told
    assert "plan.json: byte-identical but for the seconds that solving took" in told
    assert contents(place / "outputs") == before
    assert (place / "again" / "plan.zh.html").read_bytes() == before[next(name for name in before if name.endswith("plan.zh.html"))]
    assert planning("reproduce", "tiny", "--keep", "again") == 2
    assert "again" in capsys.readouterr().err


def test_a_published_folder_is_found_and_its_inputs_with_it_from_any_other_folder(planning: Planning, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.parent / "elsewhere").mkdir()
    monkeypatch.chdir(place.parent / "elsewhere")
    assert planning("reproduce", str(published(place))) == 0
    assert list((place.parent / "elsewhere").iterdir()) == []


def test_inputs_that_changed_are_named_first_and_then_the_values_that_follow(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    managers = place / "data" / "bank" / "managers.csv"
    managers.write_text(managers.read_text(encoding="utf-8").rstrip("\n") + "0\n", encoding="utf-8")
    policy = place / "data" / "bank" / "policy.toml"
    was = re.search(r"event_cny = ([\d_]+)", policy.read_text(encoding="utf-8"))
    assert was
    edit(policy, was[0], "event_cny = 123456")
    assert planning("reproduce", "outputs/tiny", "--lang", "en") == 2
    told = capsys.readouterr().out
    assert told.index("not those recorded") < told.index("(managers)") < told.index("parameter event_cny") < told.index("plan.json: differs")
    assert re.search(r"policy\.budget\.event_cny: was [\d.]+, is 123456\.0", told)
    assert "clients" not in told.split("plan.json: differs")[0].replace("18 tables", "")
    assert "Not reproduced" in told


def test_another_outcome_of_the_same_inputs_is_told_by_its_values(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "outside.txt").write_text("seven..", encoding="utf-8")
    assert planning("reproduce", "tiny") == 1
    told = capsys.readouterr().out
    assert "输入与记录一致" in told
    assert "totals.value_cny：原为 4，现为 7" in told
    assert "solve.seconds" not in told
    assert "4 个文件中有 1 个不同" in told


def test_a_run_that_fails_the_second_time_is_told_as_one_that_differs(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "outside.txt").unlink()
    assert planning("reproduce", "tiny", "--lang", "en") == 1
    assert "FileNotFoundError" in capsys.readouterr().out


@pytest.mark.usefixtures("place")
def test_packages_of_other_versions_are_told_though_the_files_agree(
    planning: Planning, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = record.versions()
    monkeypatch.setattr(record, "versions", lambda: {**own, "highspy": "9.9"})
    monkeypatch.setattr(inputs, "program", lambda: "f" * 64)
    assert planning("reproduce", "tiny", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert f"package highspy: was {own['highspy']}, is 9.9" in told
    assert re.search("this program: check sum was [0-9a-f]{12}, is ffffffffffff", told)


def published(place: Path) -> Path:
    return place / "outputs" / "tiny"


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a page changed": (lambda place: edit(published(place) / "plan.zh.html", "<title>", "<title>x"), "plan.zh.html was changed after it was published"),
    "a file gone": (lambda place: (published(place) / "plan.en.html").unlink(), "lacks its file plan.en.html"),
    "the record changed": (lambda place: edit(published(place) / RECORD, '"event_cny"', '"event_cny_"'), "not in the register"),
    "the record cut off": (lambda place: (published(place) / RECORD).write_bytes((published(place) / RECORD).read_bytes()[:400]), "incomplete or was changed"),
    "the record gone": (lambda place: (published(place) / RECORD).unlink(), "no run.json"),
    "the register changed": (lambda place: changed(place, "UPDATE planning_runs SET hash = 'x'"), "does not match its check sum"),
    "the register emptied": (lambda place: changed(place, "DELETE FROM planning_runs"), "not in the register"),
}


def changed(place: Path, sql: str) -> None:
    with sqlite3.connect(place / "outputs" / ".runs" / registry.FILE) as connection:
        connection.execute(sql)
    connection.close()


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_record_or_file_that_was_tampered_with_is_refused_by_its_name(
    planning: Planning, place: Path, spoilt: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change, words = SPOILT[spoilt]
    change(place)
    assert planning("reproduce", "tiny", "--lang", "en") == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "byte-identical" not in told.out


def test_what_stands_beside_the_runs_files_and_a_missing_register_are_told(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mailed = shutil.copytree(published(place), place / "mailed")
    (mailed / "notes.txt").write_text("x", encoding="utf-8")
    assert planning("reproduce", "mailed", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "also holds notes.txt" in told
    assert "no register of runs beside it" in told


@pytest.mark.slow
def test_a_run_is_found_by_its_number_also_when_another_was_published_since(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copyfile(published(place) / "tiny.ipynb", place / "tiny.ipynb")
    notebook = nbformat.read(place / "tiny.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    nbformat.write(notebook, place / "tiny.ipynb")
    assert planning("render", "tiny.ipynb", "-p", "event_cny", "1000") == 0
    (place / "outside.txt").rename(place / "aside.txt")
    assert planning("render", "tiny.ipynb") == 1
    (place / "aside.txt").rename(place / "outside.txt")
    assert planning("reproduce", "1", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "Entry 1 of the register" in told
    for number, words in (("3", "failed with exit code 1"), ("9", "There is no run"), ("tinny", "There is no run")):
        assert planning("reproduce", number, "--lang", "en") == 2
        assert words in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_whose_files_are_no_longer_kept_is_compared_by_check_sums(planning: Planning, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = nbformat.read(published(place) / "tiny.ipynb", as_version=4)
    kept.cells = [cell for cell in kept.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    nbformat.write(kept, place / "named.ipynb")
    nbformat.write(kept, place / "tiny.ipynb")
    shutil.rmtree(published(place).resolve())
    published(place).unlink()
    assert planning("reproduce", "1", "--lang", "en") == 2
    assert "tiny.ipynb" in capsys.readouterr().err
    assert planning("reproduce", "1", "--lang", "en", "--notebook", "tiny.ipynb") == 0
    assert "plan.json: byte-identical but for the seconds" in capsys.readouterr().out
    edited = kept.copy()
    edited.cells[-1].source = edited.cells[-1].source.replace("len(outside)", "len(outside) + 1")
    nbformat.write(edited, place / "tiny.ipynb")
    assert planning("reproduce", "1", "--lang", "en", "--notebook", "tiny.ipynb") == 2
    told = capsys.readouterr().out
    assert "the notebook: check sum was" in told
    assert "plan.json: differs" in told


def test_values_of_a_plan_are_told_by_their_place_and_only_the_first_few() -> None:
    before = {"id": "a", "rows": [{"n": 1}, {"n": 2}], "many": list(range(30)), "solve": {"seconds": 1.0}}
    after = {"id": "a", "rows": [{"n": 1}, {"n": 3}, {"n": 4}], "many": list(range(1, 31)), "solve": {"seconds": 9.0}}
    texts = [(json.dumps(one, indent=1) + "\n").encode() for one in (before, after)]
    told = {"files": {"plan.json": hashlib.sha256(texts[0]).hexdigest()}, "solve": {"seconds": 1.0}}
    (one,) = compared.files(told, {"plan.json": texts[0]}, {"plan.json": texts[1]})
    assert (one.state, one.count, len(one.values)) == ("differs", 32, compared.FEW)
    assert [(value.path, value.before, value.after) for value in one.values[:2]] == [("rows[2].n", "2", "3"), ("rows[3]", "", '{"n": 4}')]
    (one,) = compared.files(told, {}, {"plan.json": texts[1]})
    assert (one.state, one.values) == ("differs", ())
    after = {**before, "solve": {"seconds": 9.0}}
    (one,) = compared.files(told, {}, {"plan.json": (json.dumps(after, indent=1) + "\n").encode()})
    assert one.state == "timed"
    assert [file.state for file in compared.files(told, {}, {"plan.json": texts[0], "more.html": b""})] == ["identical", "new"]
    assert [file.state for file in compared.files(told, {}, {})] == ["gone"]


def test_where_rules_gave_way_the_policy_asked_for_is_what_counts() -> None:
    now = policy.read(ROOT / "data" / "sample" / "policy.toml")
    kept = now.with_parameters({"branch_cny_per_client": 7.5}).model_dump(mode="json")
    asked = now.model_dump(mode="json")
    assert [one.name for one in compared.policies({"policy": kept}, now)] == ["branch_cny_per_client"]
    assert compared.policies({"policy": kept, "relaxed": ["x"]}, now) == []
    assert compared.policies({"policy": kept, "relaxed": ["x"], "asked_policy": asked}, now) == []
    assert [one.name for one in compared.policies({"policy": asked, "relaxed": ["x"], "asked_policy": kept}, now)] == ["branch_cny_per_client"]


@pytest.mark.slow
def test_branches_pages_come_out_the_same_from_the_plan_they_were_taken_from(
    planning: Planning, small_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(small_bank, tmp_path / "data" / "ours")
    folder = publish_plan(plan_of(small_bank), tmp_path / "outputs")
    (folder / RECORD).write_text(json.dumps({"data": "ours"}), encoding="utf-8")
    notebook = str(ROOT / "notebooks" / "branch_plan.ipynb")
    assert planning("render", notebook, "--each", "branch") == 0
    assert planning("render", notebook, "--only", "B0002", "--lang", "en") == 0
    for run in ("annual-2027-branches", "annual-2027-branch-b0002"):
        assert planning("reproduce", run, "--lang", "en") == 0
        told = capsys.readouterr().out
        assert "branch-B0002.en.html: byte-identical" in told
        assert "branch_plan.ipynb: byte-identical" in told
    edit(folder / "plan.json", '"seconds": 1.0', '"seconds": 2.0')
    assert planning("reproduce", "annual-2027-branch-b0002", "--lang", "en") == 2
    assert "the bank's plan behind the pages" in capsys.readouterr().out


@pytest.mark.slow
def test_the_client_book_and_a_plan_compared_with_a_former_one_come_out_the_same(
    planning: Planning, small_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(small_bank, tmp_path / "data" / "ours")
    shared = ("--data", "ours", "--lang", "en")
    annual = str(ROOT / "notebooks" / "annual_plan.ipynb")
    assert planning("render", str(ROOT / "notebooks" / "client_book.ipynb"), *shared) == 0
    assert planning("render", annual, *shared, "-p", "gap", "0.02") == 0
    assert planning("render", annual, *shared, "-p", "gap", "0.02", "-p", "event_cny", "90000") == 0
    capsys.readouterr()
    assert planning("reproduce", "client-book-2027", "--lang", "en") == 0
    assert planning("reproduce", "annual-2027", "--lang", "en") == 0
    assert "former.json: byte-identical" in capsys.readouterr().out
