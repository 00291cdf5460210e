"""Every branch's page from one solved plan, with the real kernel: all or nothing, safe names, links that hold, the page stock tools give."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planning.cli import main
from planning.run import notebook as notebooks
from planning.run import page
from tests.run.published import PAGE, plan_of, publish_plan

ROOT = Path(__file__).parents[2]
CODES = {"B0001": "../x", "B0002": "<script>alert(1)</script>", "B0003": "CON"}
NAMES = {"B0003": ("<b>崂山</b>支行", "<img src=x onerror=alert(1)> Branch")}
FILES = ["branch-CON", "branch_1", "branch_2", "index", "plan"]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> Path:
    """The small bank with codes and a name nobody should choose, and its plan in outputs/annual-2027."""
    place = tmp_path_factory.mktemp("hostile")
    data = place / "data" / "ours"
    shutil.copytree(small_bank, data)
    table = (data / "branches.csv").read_text(encoding="utf-8")
    for code, (zh, en) in NAMES.items():
        table = re.sub(rf"{code},(\w+),[^,]+,[^,]+", rf"{code},\1,{zh},{en}", table)
    (data / "branches.csv").write_text(table, encoding="utf-8")
    for path in data.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for code, other in CODES.items():
            text = text.replace(code, other)
        path.write_text(text, encoding="utf-8")
    folder = publish_plan(plan_of(data), place / "outputs")
    (folder / "run.json").write_text(json.dumps({"data": str(data)}), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def folder(bank: Path) -> Path:
    """The folder of all branches' pages, rendered once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(bank)
        patch.setattr(sys, "argv", ["planning", "render", str(ROOT / "notebooks" / "branch_plan.ipynb"), "--each", "branch"])
        patch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as left:
            main()
    assert not left.value.code
    return bank / "outputs" / "annual-2027-branches"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_all_pages_stand_in_one_folder_under_safe_names_and_without_the_plans_rows(folder: Path) -> None:
    assert sorted(contents(folder)) == sorted([*(f"{name}.{lang}.html" for name in FILES for lang in ("zh", "en")), "branch_plan.ipynb", "run.json"])
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (told["id"], told["exit"], told["verdict"]["passed"], told["solve"]) == ("annual-2027-branches", 0, True, None)
    assert told["verdict"]["places"] > 100
    assert "segments" not in told


def test_the_notebook_is_kept_as_it_was_asked_with_nothing_of_its_run(folder: Path, bank: Path) -> None:
    kept, shipped = (nbformat.read(place / "branch_plan.ipynb", as_version=4) for place in (folder, ROOT / "notebooks"))
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [(cell.cell_type, cell.source) for cell in shipped.cells]
    assert [cell for cell in kept.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []
    assert str(bank) not in (folder / "branch_plan.ipynb").read_text(encoding="utf-8")


def test_nothing_that_a_run_left_in_a_notebook_is_kept() -> None:
    cells = [new_code_cell("plan = 1", metadata={"tags": ["parameters"]}), new_code_cell("plan = 2", metadata={"tags": ["injected-parameters"]})]
    cells += [new_code_cell("plan", execution_count=3, outputs=[new_output("stream", text="client")], metadata={"execution": {"shell.execute_reply": "t"}})]
    run = new_notebook(cells=[*cells, new_markdown_cell("words")], metadata={"papermill": {"input_path": "/home"}})
    kept = notebooks.unrun(run)
    assert [cell.source for cell in kept.cells] == ["plan = 1", "plan", "words"]
    assert [word for word in ("client", "shell", "/home", '"execution_count": 3') if word in notebooks.text(kept)] == []
    assert (run.cells[2].execution_count, len(run.cells), len(run.metadata)) == (3, 4, 1)


def test_the_folder_can_be_moved_and_every_link_leads_to_a_page_in_it(folder: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(folder, tmp_path / "mailed")
    links = {path: re.findall(r'<a href="([^"#]*)(?:#([^"]*))?"', path.read_text(encoding="utf-8")) for path in moved.glob("*.html")}
    for path, targets in links.items():
        for file, place in targets:
            assert re.fullmatch(r"(?:[\w-]+\.(?:zh|en)\.html)?", file, re.ASCII)
            aimed = moved / file if file else path
            assert aimed.is_file()
            assert not place or f'id="{place}"' in aimed.read_text(encoding="utf-8")
    for lang in ("zh", "en"):
        listed = {file for file, _ in links[moved / f"index.{lang}.html"] if file}
        assert listed == {f"{name}.{lang}.html" for name in FILES if name != "index"}
    assert (moved / "plan.zh.html").read_text(encoding="utf-8") == PAGE


def test_pages_name_their_branch_as_words_and_no_path(folder: Path, bank: Path) -> None:
    for path in folder.glob("branch*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "onerror=alert" not in re.sub(r">[^<]*<", "><", text)
        assert str(bank) not in text
    assert "崂山" in (folder / "branch-CON.zh.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("code", "file"), [("CON", "branch-CON"), ("../x", "branch_1")])
def test_stock_papermill_and_nbconvert_give_the_same_page_to_the_byte(folder: Path, bank: Path, tmp_path: Path, code: str, file: str) -> None:
    binaries, executed = Path(sys.executable).parent, tmp_path / "executed.ipynb"
    given = {"plan": str(bank / "outputs" / "annual-2027"), "branch": code, "in_folder": "True"}
    words = [word for name, value in given.items() for word in ("-p", name, value)]
    subprocess.run([binaries / "papermill", ROOT / "notebooks" / "branch_plan.ipynb", executed, *words], check=True, capture_output=True, cwd=bank)
    for lang in ("zh", "en"):
        convert = ["--to", "html", "--template", str(page.TEMPLATE), f"--PlanPage.lang={lang}", "--output", f"stock.{lang}.html"]
        subprocess.run([binaries / "jupyter-nbconvert", *convert, executed], check=True, capture_output=True)
        assert (tmp_path / f"stock.{lang}.html").read_bytes() == (folder / f"{file}.{lang}.html").read_bytes()


@pytest.mark.slow
def test_one_branch_alone_has_a_folder_of_its_own(planning: Callable[..., int], bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bank)
    assert planning("render", str(ROOT / "notebooks" / "branch_plan.ipynb"), "--only", "CON", "--lang", "en", "--out", "outputs") == 0
    assert sorted(contents(bank / "outputs" / "annual-2027-branch-con")) == ["branch-CON.en.html", "branch_plan.ipynb", "plan.en.html", "run.json"]
    assert "index.en.html" not in (bank / "outputs" / "annual-2027-branch-con" / "branch-CON.en.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_branch_whose_page_fails_is_named_and_the_former_pages_stand(
    planning: Callable[..., int], folder: Path, bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)
    shipped = (ROOT / "notebooks" / "branch_plan.ipynb").read_text(encoding="utf-8")
    broken = tmp_path / "branch_plan.ipynb"
    broken.write_text(shipped.replace('"planning.branch_ladder(result)"', "\"1 / (result.plan.branch != 'CON')\""), encoding="utf-8")
    monkeypatch.chdir(bank)
    assert planning("render", str(broken), "--each", "branch", "--lang", "en") == 1
    told = capsys.readouterr().err
    assert "<img src=x onerror=alert(1)> Branch" in told
    assert "ZeroDivisionError" in told
    assert contents(folder) == before
    log = bank / "outputs" / ".runs" / "annual-2027-branches" / "run.log"
    assert "ZeroDivisionError in cell 7\n" in log.read_text(encoding="utf-8")  # of code, as a kernel counts


@pytest.mark.slow
def test_a_name_that_cannot_be_drawn_is_told_with_its_branch(
    planning: Callable[..., int], small_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(small_bank, tmp_path / "bank")
    table = (data / "branches.csv").read_text(encoding="utf-8")
    (data / "branches.csv").write_text(re.sub(r"(B0002,\w+),[^,]+", r"\1,笑脸😀支行", table), encoding="utf-8")
    folder = publish_plan(plan_of(data), tmp_path / "outputs")
    (folder / "run.json").write_text(json.dumps({"data": str(data)}), encoding="utf-8")
    assert planning("render", str(ROOT / "notebooks" / "branch_plan.ipynb"), "--each", "branch", "--out", str(tmp_path / "outputs")) == 1
    told = capsys.readouterr().err
    assert "支行“笑脸😀支行”的页面没有做成" in told
    assert "U+1F600" in told
    assert not (tmp_path / "outputs" / "annual-2027-branches").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("branch_plan", "--only", "C0N"), "C0N", marks=pytest.mark.slow),
        (("branch_plan",), "--only"),
        (("branch_plan", "--each", "region"), "--each branch"),
        (("annual_plan", "--each", "branch"), "branch_plan"),
        (("branch_plan", "--each", "branch", "-p", "plan", "no-such-plan"), "no-such-plan"),
        (("branch_plan", "--each", "branch", "-p", "in_folder", "True"), "--each"),
        (("branch_plan", "--each", "branch", "-p", "event_cny", "5000000"), "event_cny has no effect here"),
        (("branch_plan", "--only", "CON", "-p", "branch", "B0002"), "branch is given more than once"),
        (("branch_plan", "--only", "CON", "--relax"), "relax has no effect here"),
        (("branch_plan", "--each", "branch", "--locked", "hand.xlsx"), "--locked has no effect here"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(
    planning: Callable[..., int], bank: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(bank / "outputs")
    assert planning("render", str(ROOT / "notebooks" / f"{words[0]}.ipynb"), *words[1:], "--out", out, "--lang", "en") == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_plan_that_breaks_a_rule_has_no_branch_pages(planning: Callable[..., int], bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoilt = shutil.copytree(bank / "outputs" / "annual-2027", tmp_path / "outputs" / "annual-2027")
    plan = json.loads((spoilt / "plan.json").read_text(encoding="utf-8"))
    plan["attendances"][0]["attendances"] += 5000
    (spoilt / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    out = str(tmp_path / "outputs")
    assert planning("render", str(ROOT / "notebooks" / "branch_plan.ipynb"), "--each", "branch", "--out", out, "--lang", "en") == 4
    assert "E1" in capsys.readouterr().err
    assert not (tmp_path / "outputs" / "annual-2027-branches").exists()
