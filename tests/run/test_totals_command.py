"""The command totals: the clients' table added up straight from its file, and beside the book."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planning.book.sample import write_sample
from planning.cli import main
from planning.errors import DataFaults, PolicyError
from planning.report.i18n import LANGS, say
from planning.report.totals import difference_words
from planning.run import totals
from tests.report.printed import figure


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    write_sample(folder, branches=2, clients=120)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["planning", "totals", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_book_has_the_same_to_the_fen(bank: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--data", str(bank), "--against-book", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "120 clients" in told
    assert "not a fen apart" in told


@pytest.mark.parametrize("lang", LANGS)
def test_a_terminal_of_eighty_columns_shows_every_row_on_one_line_and_columns_add_up(
    bank: Path, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(monkeypatch, "--data", str(bank), "--lang", lang) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    rows = [line for line in lines if re.search(r"\d$", line)]
    bank_row = next(line for line in rows if line.startswith(say("totals.bank", lang)))
    groups = [line for line in rows if line != bank_row]
    assert len(groups) == len({(group.tier, group.kind) for group in totals.control_totals(bank, None, False, lang).groups})
    columns = [[figure(word)[0] for word in line.split()[-4:]] for line in (*groups, bank_row)]
    for *parts, total in zip(*columns, strict=True):
        assert sum(parts) == pytest.approx(total, abs=1e-6)


def test_what_differs_is_named_and_is_exit_1(bank: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = totals.book_totals

    def one_fen_more(*given: object) -> tuple[totals.Group, ...]:
        first, *rest = real(*given)  # type: ignore[arg-type]
        return (replace(first, figures=(*first.figures[:3], first.figures[3] + 1, *first.figures[4:])), *rest)

    monkeypatch.setattr(totals, "book_totals", one_fen_more)
    assert run(monkeypatch, "--data", str(bank), "--against-book") == 1
    told = capsys.readouterr().out
    assert "日均存款" in told
    assert "1 项不同" in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_and_the_csv_file_add_up_to_the_bank(bank: Path, tmp_path: Path, lang: str) -> None:
    made = totals.control_totals(bank, tmp_path / "totals.xlsx", False, lang)
    totals.control_totals(bank, tmp_path / "totals.csv", False, lang)
    page = load_workbook(tmp_path / "totals.xlsx").worksheets[0]
    heads, *rows, last = page.iter_rows(values_only=True)
    assert len(rows) == len(made.groups)
    assert [sum(row[at] for row in rows) for at in (3, 4)] == list(last[3:5]) == [120, sum(group.figure("approachable") for group in made.groups)]
    assert sum(round(row[6] * 100) for row in rows) == round(last[6] * 100) == sum(group.figure("deposit") for group in made.groups)
    with (tmp_path / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == list(heads)
    assert "client" not in json.dumps([str(cell) for row in rows for cell in row[:3]])


def test_a_file_that_is_there_or_of_another_kind_is_refused(bank: Path, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="totals_file_kind"):
        totals.control_totals(bank, tmp_path / "totals.pdf", False, "zh")
    (tmp_path / "totals.csv").write_text("mine")
    with pytest.raises(DataFaults):
        totals.control_totals(bank, tmp_path / "totals.csv", False, "zh")
    assert (tmp_path / "totals.csv").read_text() == "mine"


@pytest.mark.parametrize("lang", LANGS)
def test_a_difference_is_told_in_words_with_both_amounts(lang: str) -> None:
    told = difference_words(totals.Difference("B1", "", "personal", "expected_loss", -12345, 0), {}, lang)
    assert "-123.45" in told
    assert "B1" in told
