"""Branches' pages made by several kernels side by side: the same folder to the byte, and a page that fails named all the same."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.run.channel import RECORD
from planning.run.shared_pages import split
from tests.run.published import plan_of, publish_plan

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "branch_plan.ipynb"


@given(st.integers(0, 40), st.integers(1, 60))
def test_every_page_is_in_one_part_in_its_order_and_parts_are_even(pages: int, parts: int) -> None:
    listed = [{"branch": str(number)} for number in range(pages)]
    shares = split(listed, parts)
    assert [one for share in shares for one in share] == listed
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= 1
    assert len(shares) == max(min(parts, pages), 1)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> Path:
    place = tmp_path_factory.mktemp("shared")
    shutil.copytree(small_bank, place / "data" / "ours")
    folder = publish_plan(plan_of(small_bank), place / "outputs")
    (folder / RECORD).write_text(json.dumps({"data": "ours"}), encoding="utf-8")
    return place


def pages(bank: Path) -> dict[str, bytes]:
    folder = bank / "outputs" / "annual-2027-branches"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != RECORD}


@pytest.mark.slow
def test_two_kernels_make_the_pages_of_one_and_a_page_that_fails_is_named(
    planning: Callable[..., int], bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bank)
    assert planning("render", str(NOTEBOOK), "--each", "branch", "--lang", "en") == 0
    alone = pages(bank)
    assert planning("render", str(NOTEBOOK), "--each", "branch", "--lang", "en", "--jobs", "2") == 0
    assert pages(bank) == alone
    assert len(alone) == 6
    broken = tmp_path / "branch_plan.ipynb"
    shipped = NOTEBOOK.read_text(encoding="utf-8")
    broken.write_text(shipped.replace('"planning.branch_ladder(result)"', "\"1 / (result.plan.branch != 'B0003')\""), encoding="utf-8")
    capsys.readouterr()
    assert planning("render", str(broken), "--each", "branch", "--lang", "en", "--jobs", "3") == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    table = (bank / "data" / "ours" / "branches.csv").read_text(encoding="utf-8").splitlines()
    assert next(line for line in table if line.startswith("B0003")).split(",")[3] in told
    assert pages(bank) == alone
    assert not list((bank / "outputs" / ".runs" / "annual-2027-branches").glob("work-*"))


def test_several_at_a_time_is_for_several_pages_only(planning: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert planning("render", "annual_plan", "--jobs", "2", "--lang", "en") == 2
    assert "--jobs goes with --all or --each branch only" in capsys.readouterr().err
