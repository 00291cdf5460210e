"""The album from the command line: the workbook, one branch, and what is refused. Hostile names stay text, and no client is named."""

import shutil
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from planning.cli import main

HOSTILE = '=HYPERLINK("http://evil","x")'


@pytest.fixture
def planning(small_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The command line over a copy of the small bank, whose first product and first branch bear hostile names."""
    data = tmp_path / "data" / "ours"
    shutil.copytree(small_bank, data)
    for name, code, column in (("products", "deposit", "name_en"), ("products", "mortgage", "name_en"), ("branches", "B0001", "name_en")):
        table = pd.read_csv(data / f"{name}.csv", dtype=str)
        table.loc[table[table.columns[0]] == code, column] = HOSTILE if code != "B0001" else "＋[bold]1+1"
        table.to_csv(data / f"{name}.csv", index=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planning", "album", *arguments, "--data", "ours"])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return called


def test_the_workbook_is_typed_safe_and_names_no_client(planning, tmp_path: Path) -> None:
    code, out, err = planning("--out", "album.xlsx", "--lang", "en")
    assert (code, err) == (0, "")
    assert "＋[bold]1+1" in out
    book = openpyxl.load_workbook("album.xlsx")
    assert book.sheetnames == ["Album", "Blocked", "How to read it"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.data_type for cell in cells if cell.value == HOSTILE]
    fits = [row[7] for row in book["Album"].iter_rows(min_row=2, values_only=True)]
    assert fits
    assert all(isinstance(count, int) and count >= 5 for count in fits)
    clients = set(pd.read_csv("data/ours/clients.csv", dtype=str)["client"])
    assert not [cell.value for cell in cells if any(name in str(cell.value) for name in clients)]
    before = (tmp_path / "album.xlsx").read_bytes()
    assert planning("--out", "again.xlsx", "--lang", "en")[0] == 0
    assert (tmp_path / "again.xlsx").read_bytes() == before


def test_blocked_pairs_are_listed_and_small_counts_are_not_told(planning) -> None:
    assert planning("--out", "album.xlsx", "--lang", "en")[0] == 0
    told = [row[5] for row in openpyxl.load_workbook("album.xlsx")["Blocked"].iter_rows(min_row=2, values_only=True)]
    assert told
    assert all(count == "fewer than 5" or count >= 5 for count in told)


def test_one_branch_by_code_or_name_in_both_languages(planning) -> None:
    _, second, third = pd.read_csv("data/ours/branches.csv", dtype=str).to_dict("records")
    by_code, by_name = planning("--branch", second["branch"]), planning("--branch", second["name_zh"])
    assert by_code == by_name
    assert by_code[0] == 0
    assert second["name_zh"] in by_code[1]
    assert third["name_zh"] not in by_code[1]
    assert second["name_en"] in planning("--branch", "B0002", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--branch", "B00022"), "是否应为“B0002”"),
        (("--branch", "zzz"), "没有支行“zzz”"),
        (("--out", "album.csv"), "只写成 .xlsx"),
        (("--out", "data/ours/../there.xlsx"), "there.xlsx 已经存在"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(planning, arguments: tuple[str, ...], says: str) -> None:
    Path("data/there.xlsx").write_bytes(b"mine")
    code, _, err = planning(*arguments)
    assert code == 2
    assert says in err
    assert Path("data/there.xlsx").read_bytes() == b"mine"


def test_a_book_without_products_is_refused(planning) -> None:
    Path("data/ours/products.csv").unlink()
    code, _, err = planning("--lang", "en")
    assert code == 2
    assert "add products.csv" in err


def test_a_book_that_does_not_say_who_holds_what_is_refused(planning) -> None:
    pd.read_csv("data/ours/clients.csv", dtype=str).drop(columns="products").to_csv("data/ours/clients.csv", index=False)
    code, _, err = planning()
    assert code == 2
    assert "持有产品（products）" in err
