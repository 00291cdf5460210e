"""From notebook to published page, with the real kernel, model and judge on a small bank."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from planning.cli import main
from planning.errors import Infeasible, Refused, RunFailed
from planning.run import page, render
from planning.run.publish import held
from planning.run.verify import verify

ROOT = Path(__file__).parents[2]
FILES = ["annual_plan.ipynb", "certificate.json", "plan.en.html", "plan.json", "plan.zh.html", "run.json"]
STAGES = ["reading", "solving", "judging", "scoring", "explaining", "frontier", "varying", "doubting", "rendering"]
SENTENCE = "分行补充：<b>五月</b>的品鉴会由财富中心主办。"
TABLE = "import pandas as pd\npd.DataFrame({'venue': ['museum', 'tea house'], 'seats': [40, 24]})"


@dataclass(frozen=True)
class Done:
    """A finished render and what it told on the way."""

    order: render.Order
    published: render.Published
    told: list[tuple[str, Mapping[str, Any]]]


def edited(to: Path, *, broken: bool = False) -> Path:
    """The shipped notebook as a planner edits it: a sentence and a small table before the check, or a cell that breaks before the plan."""
    notebook = nbformat.read(ROOT / "notebooks" / "annual_plan.ipynb", as_version=4)
    if broken:
        notebook.cells[2:2] = [new_code_cell("1 / 0", id="table")]
    else:
        notebook.cells[-1:-1] = [new_markdown_cell(SENTENCE, id="words"), new_code_cell(TABLE, id="table")]
    nbformat.write(notebook, to / "annual_plan.ipynb")
    return to / "annual_plan.ipynb"


@pytest.fixture(scope="module")
def done(small_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("desk")
    told: list[tuple[str, Mapping[str, Any]]] = []
    order = render.Order(edited(folder), folder / "outputs", data=str(small_bank), given=(("gap", "0.01"),))
    return Done(order, render.render(order, lambda stage, details: told.append((stage, details))), told)


def quiet(*_: object) -> None:
    """Nobody watches."""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_everything_is_published_at_once(done: Done) -> None:
    assert sorted(path.name for path in done.published.folder.iterdir()) == FILES
    assert done.published.folder.resolve().parent.name == "annual-2027"
    assert done.published.how == "link"


def test_the_record_says_what_was_asked_and_what_came_of_it(done: Done) -> None:
    record = json.loads((done.published.folder / "run.json").read_text(encoding="utf-8"))
    plan = json.loads((done.published.folder / "plan.json").read_text(encoding="utf-8"))
    assert record["parameters"]["gap"] == 0.01
    assert record["policy"]["solver"]["gap"] == 0.01
    assert (record["id"], record["exit"], record["verdict"]["passed"], record["languages"]) == ("annual-2027", 0, True, ["zh", "en"])
    assert (record["data_hash"], record["solve"]) == (plan["data_hash"], plan["solve"])
    assert {"reading", "solving", "judging", "in_all"} <= set(record["seconds"])


def test_the_stages_are_told_in_order_and_only_once_for_both_languages(done: Done) -> None:
    stages = list(dict.fromkeys(stage for stage, _ in done.told))
    assert [stage for stage in stages if stage != "placing"] == STAGES
    assert [stage for stage, _ in done.told].count("judging") == 1


def test_what_a_planner_added_is_on_the_page_and_harmless(done: Done) -> None:
    for lang in ("zh", "en"):
        text = (done.published.folder / f"plan.{lang}.html").read_text(encoding="utf-8")
        assert "的品鉴会由财富中心主办" in text
        assert "tea house" in text
        assert "<script" not in text


def test_the_pages_are_in_their_language_and_carry_no_guidance_code_or_path(done: Done) -> None:
    for lang, words in (("zh", '<html lang="zh'), ("en", '<html lang="en')):
        text = (done.published.folder / f"plan.{lang}.html").read_text(encoding="utf-8")
        assert words in text
        for hidden in ("planning.headline", "open_case", "policy.toml", "HiGHS 1.16.0 (git", str(ROOT), str(done.published.folder)):
            assert hidden not in text, hidden


def test_the_kept_notebook_names_no_folder_of_the_machine_but_the_data_asked_for(done: Done) -> None:
    text = (done.published.folder / "annual_plan.ipynb").read_text(encoding="utf-8").replace(str(done.order.data), "")
    assert str(done.order.out) not in text
    assert str(ROOT) not in text


@pytest.fixture(scope="module")
def stock(done: Done, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with executed.ipynb, as Papermill alone leaves it, and the plan.json it saved."""
    folder = tmp_path_factory.mktemp("stock")
    run = [str(Path(sys.executable).parent / "papermill"), str(done.order.notebook), str(folder / "executed.ipynb")]
    for name, value in (("gap", "0.01"), ("data", str(done.order.data)), ("save_to", str(folder))):
        run += ["-p", name, value]
    subprocess.run(run, check=True, capture_output=True, cwd=done.order.notebook.parent)
    return folder


@pytest.mark.slow
def test_nothing_is_written_between_the_cards_while_a_plan_is_made(stock: Path) -> None:
    executed = nbformat.read(stock / "executed.ipynb", as_version=4)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert len(outputs) > 10
    assert [output for output in outputs if output.output_type == "stream"] == []


@pytest.mark.slow
def test_stock_papermill_and_stock_nbconvert_give_the_same_page_to_the_byte_and_the_same_plan(done: Done, stock: Path) -> None:
    binaries, executed = Path(sys.executable).parent, stock / "executed.ipynb"
    template = str(page.TEMPLATE)
    for lang in ("zh", "en"):
        convert = [
            str(binaries / "jupyter-nbconvert"),
            "--to",
            "html",
            "--template",
            template,
            f"--PlanPage.lang={lang}",
            "--output",
            f"stock.{lang}.html",
            str(executed),
        ]
        subprocess.run(convert, check=True, capture_output=True)
        assert (stock / f"stock.{lang}.html").read_bytes() == (done.published.folder / f"plan.{lang}.html").read_bytes()
    ours, theirs = (json.loads((folder / "plan.json").read_text(encoding="utf-8")) for folder in (done.published.folder, stock))
    ours["solve"].pop("seconds"), theirs["solve"].pop("seconds")
    assert ours == theirs


def test_without_a_language_the_page_is_in_the_runs_own(done: Done) -> None:
    executed = nbformat.read(done.published.folder / "annual_plan.ipynb", as_version=4)
    assert page.export(executed, "").encode() == (done.published.folder / "plan.zh.html").read_bytes()


def test_verify_passes_the_plan_and_refuses_it_with_more_guests(done: Done, tmp_path: Path) -> None:
    folder = shutil.copytree(done.published.folder, tmp_path / "annual-2027")
    data = Path(str(done.order.data))
    assert verify(folder, data).places > 100
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["attendances"][0]["attendances"] += 5000
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        verify(folder, data)
    assert "E1" in {fault.values["number"] for fault in refused.value.faults}


def verified(folder: Path, done: Done, lang: str) -> int:
    """How `planning verify` ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["planning", "verify", str(folder), "--data", str(done.order.data), "--lang", lang])
        patch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as left:
            main()
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("全部成立", "任何方案的价值都不超过", "求解器自己证明的差距为", "目录中没有 certificate.json", "只能证明")),
        ("en", ("checked hold", "no plan can be worth more than", "The solver's own proof is", "no certificate.json in the folder", "its prices prove only")),
    ],
)
def test_verify_tells_both_gaps_and_refuses_a_bound_that_its_prices_do_not_prove(
    done: Done, tmp_path: Path, lang: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(done.published.folder, tmp_path / "annual-2027")
    assert verified(folder, done, lang) == 0
    told = capsys.readouterr().out
    assert [word for word in words[:3] if word not in told] == []
    raw = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["verdict"]["certified_bound_cny"] == raw["bound_cny"]
    assert "certificate.json" in record["files"]
    (folder / "certificate.json").write_text(json.dumps({**raw, "bound_cny": raw["bound_cny"] - 1.0}), encoding="utf-8")
    assert verified(folder, done, lang) == 4
    assert words[4] in capsys.readouterr().err
    (folder / "certificate.json").unlink()
    assert verified(folder, done, lang) == 0
    assert words[3] in capsys.readouterr().out


def test_the_page_tells_the_certified_gap(done: Done) -> None:
    for lang, words in (("zh", "仅凭 certificate.json"), ("en", "prices of limits in certificate.json alone")):
        assert words in (done.published.folder / f"plan.{lang}.html").read_text(encoding="utf-8")


def test_verify_refuses_a_plan_of_other_tables(done: Done, small_bank: Path, tmp_path: Path) -> None:
    other = shutil.copytree(small_bank, tmp_path / "other")
    managers = (other / "managers.csv").read_text(encoding="utf-8")
    (other / "managers.csv").write_text(managers.rstrip("\n") + "0\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        verify(done.published.folder, other)
    assert refused.value.faults[0].code == "plan_of_other_data"


FAILURES: dict[str, tuple[Callable[[render.Order], render.Order], type[Exception]]] = {
    "a cell that breaks": (lambda order: replace(order, notebook=edited(order.out.parent.parent / "broken", broken=True)), RunFailed),
    "rules that conflict": (lambda order: replace(order, given=(("event_cny", "1000"), ("branch_cny_per_client", "5000"))), Infeasible),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_run_that_fails_leaves_the_former_plan_to_the_byte(done: Done, tmp_path: Path, failure: str) -> None:
    out = tmp_path / "desk" / "outputs"
    (tmp_path / "broken").mkdir()
    shutil.copytree(done.order.out, out, symlinks=True)
    before = contents(out / "annual-2027")
    change, kind = FAILURES[failure]
    with pytest.raises(kind):
        render.render(change(replace(done.order, out=out)), quiet)
    assert contents(out / "annual-2027") == before
    assert not list((out / ".runs" / "annual-2027").glob("work-*"))


def test_a_second_run_of_the_plan_is_busy(done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(done.published.folder)
    arguments = ["planning", "render", str(done.order.notebook), "--out", str(done.order.out), "--data", str(done.order.data), "--lang", "en"]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    with held(done.order.out, "annual-2027"), pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 75
    assert "is being rendered by process" in capsys.readouterr().err
    assert contents(done.published.folder) == before
