"""The client book from notebook to published page, with the real kernel, on a small bank."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = ["client_book.ipynb", "client_book.json", "plan.en.html", "plan.zh.html", "run.json"]


def test_the_page_is_published_with_its_record(planning: Callable[..., int], small_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planning("render", "client_book", "--data", str(small_bank), "--out", str(tmp_path), "--lang", "en,zh") == 0
    folder = tmp_path / "client-book-2027"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    made = json.loads((folder / "client_book.json").read_text(encoding="utf-8"))
    assert told["verdict"]["passed"]
    assert told["verdict"]["places"] > 0
    assert told["data_hash"] == made["data_hash"]
    assert told["solve"] is None
    assert "agree with an independent recount" in capsys.readouterr().out
    page = (folder / "plan.zh.html").read_text(encoding="utf-8")
    assert "<title>客户分析</title>" in page
    for part in ("contribution", "standards", "moves", "groups", "products", "alerts", "footer"):
        assert f'id="{part}"' in page


def test_a_former_book_that_is_wrong_stops_the_page(planning: Callable[..., int], small_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    former = tmp_path / "former"
    former.mkdir()
    (former / "clients.csv").write_bytes((small_bank / "clients.csv").read_bytes())
    notebook = tmp_path / "client_book.ipynb"
    shipped = Path(__file__).parents[2] / "notebooks" / "client_book.ipynb"
    notebook.write_text(shipped.read_text(encoding="utf-8").replace('before = \\"\\"', f'before = \\"{former.as_posix()}\\"'), encoding="utf-8")
    assert planning("render", str(notebook), "--data", str(small_bank), "--out", str(tmp_path / "out"), "--lang", "en") == 2
    assert "data_date" in capsys.readouterr().err
    assert not (tmp_path / "out" / "client-book-2027").exists()
