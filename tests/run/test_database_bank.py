"""A bank whose clients stand in a database: its address comes from the environment, and no word of it is told or written."""

import csv
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from planning.cli import main

HIDDEN = "vault-of-the-bank"


@pytest.fixture
def bank(small_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """data/ours below the working directory; its clients in a database whose path only the environment knows."""
    folder = tmp_path / "data" / "ours"
    shutil.copytree(small_bank, folder)
    with (folder / "clients.csv").open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    (folder / "clients.csv").unlink()
    (tmp_path / HIDDEN).mkdir()
    with sqlite3.connect(tmp_path / HIDDEN / "bank.db") as connection:
        connection.execute(f"CREATE TABLE kunden ({', '.join(headings)})")
        connection.executemany(f"INSERT INTO kunden VALUES ({', '.join('?' * len(headings))})", [[cell or None for cell in row] for row in rows])
    connection.close()
    (folder / "source.toml").write_text('[clients]\nurl = "${BANK_ADDRESS}"\nquery = "SELECT * FROM kunden"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return folder


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["planning", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_environment_names_the_database(bank: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BANK_ADDRESS", f"sqlite:///{(bank.parents[1] / HIDDEN / 'bank.db').as_posix()}")
    assert called(monkeypatch, "check", "--data", "ours", "--lang", "en") == 0
    said = capsys.readouterr()
    assert "from a database" in said.out
    assert HIDDEN not in said.out + said.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_it_the_variable_is_asked_for(bank: Path, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BANK_ADDRESS", raising=False)
    assert called(monkeypatch, "export", "--template", "--data", "ours", "--lang", lang, "--to", str(bank / "t.xlsx")) == 2
    assert "BANK_ADDRESS" in capsys.readouterr().err
