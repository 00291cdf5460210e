"""From a file of scenarios to published pages, with the real kernel on a tiny bank, and mistakes told before anything is written."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planning.book.sample import write_sample
from planning.cli import main
from planning.run import render
from planning.run.registered import Done
from planning.run.verify import verify

ROOT = Path(__file__).parents[2]
FILE = """
[[scenario]]
name = "more"
title_zh = "增加活动预算"
title_en = "More for events"
policy = { event_cny = 120_000 }

[[scenario]]
name = "impossible"
title_zh = "每客五千元"
title_en = "Five thousand a client"
policy = { branch_cny_per_client = 5_000 }

[[goal]]
kind = "coverage"
amount = 0.2

[frontier]
least = 0.5
most = 1.4
points = 10
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write_sample(folder, branches=1, clients=120)
    (folder / "ours.toml").write_text(FILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def published(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> render.Published:
    given = (("gap", "0.05"), ("scenarios", "ours.toml"))
    order = render.Order(ROOT / "notebooks" / "scenarios.ipynb", tmp_path_factory.mktemp("outputs"), data=str(bank), given=given)
    return render.render(order, lambda *_: None)


def test_the_base_plan_and_both_pages_are_published(published: render.Published, bank: Path) -> None:
    files = {"plan.json", "certificate.json", "plan.zh.html", "plan.en.html", "run.json", "scenarios.ipynb"}
    assert {path.name for path in published.folder.iterdir()} == files
    assert published.folder.name == "scenarios-2027"
    assert json.loads((published.folder / "plan.json").read_text(encoding="utf-8"))["id"] == "scenarios-2027"
    assert verify(published.folder, bank).places > 50


WORDS = {
    "zh": ("增加活动预算", "每客五千元：没有找到方案", "量力而行", "位客户：最少"),
    "en": ("More for events", "Five thousand a client: no plan was found", "What is affordable", "clients reached by events: at least"),
}


@pytest.mark.parametrize("lang", WORDS)
def test_the_page_shows_scenarios_conflicts_frontier_methods_and_goals(published: render.Published, lang: str) -> None:
    text = (published.folder / f"plan.{lang}.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert str(ROOT) not in text
    for part in ("scenarios", "frontier", "budgets", "alternatives"):
        assert f'id="{part}"' in text
    for one in WORDS[lang]:
        assert one in text, one
    assert "data:image/svg+xml," in text


def test_a_mistake_in_the_file_is_exit_2_with_file_and_scenario_and_nothing_is_written(
    bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.toml").write_text('scenario = [{ name = "a", policy = { event_cny = -5 } }]', encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "scenarios.ipynb").write_bytes((ROOT / "notebooks" / "scenarios.ipynb").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name, words in (("wrong.toml", ("wrong.toml", "a", "event_cny")), ("none.toml", ("none.toml",))):
        monkeypatch.setattr(sys, "argv", ["planning", "scenarios", name, "--data", str(bank), "--lang", "en"])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr().err
        assert left.value.code == 2
        assert all(word in told for word in words)
        assert not (tmp_path / "outputs" / "scenarios-2027").exists()


def test_the_command_tells_how_the_comparison_took_its_place_and_that_its_record_waits(
    planning: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = render.Published(Path("outputs/scenarios-2027"), (), "rename", {})
    monkeypatch.setattr("planning.run.registered.registered", lambda *_: Done(made, False))
    assert planning("scenarios", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "it was renamed in two" in told
    assert "is added with the next run" in told
