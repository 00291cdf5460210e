"""Every malformed file is read right or refused with table, column, row and remedy; none is accepted silently."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from malformed import CORPUS
from malformed_case import Malformed, Refused, Right
from small_bank import POLICY, TABLES, write
from typer.testing import CliRunner

from planning.book.book import content_hash, settled
from planning.book.contracts import CONTRACTS
from planning.book.intake import Reading, examine, read_book
from planning.cli.app import app
from planning.report.i18n import rows as row_words
from planning.report.i18n import sentence, table_heading

REFUSED = [case for case in CORPUS if isinstance(case.outcome, Refused)]
READ = [case for case in CORPUS if isinstance(case.outcome, Right)]
POLICY_TEXT = "year = 2027\ndata_date = 2026-11-01\n[budget]\nevent_cny = 500000\nconcession_cny = 300000\n"
WITHOUT_CLIENTS = ("invitations",)  # the invitation names a client whom some files call otherwise


def folder_with(folder: Path, case: Malformed) -> Path:
    """The small bank with the file in the place of its table."""
    write(folder, {name: text for name, text in TABLES.items() if name != case.table and name not in WITHOUT_CLIENTS})
    (folder / f"{case.table}{case.suffix}").write_bytes(case.content)
    return folder


def reading_of(folder: Path, case: Malformed) -> Reading:
    """What is found in a folder that holds the file and nothing else; the tables that are not there are not asked for."""
    folder.mkdir(parents=True)
    (folder / f"{case.table}{case.suffix}").write_bytes(case.content)
    reading = examine(folder, POLICY)
    reading.faults = [fault for fault in reading.faults if fault.code != "table_missing"]
    return reading


def settled_table(reading: Reading, table: str) -> pd.DataFrame:
    return settled(CONTRACTS[table], reading.frames[table])


def hash_of(reading: Reading, table: str) -> str:
    return content_hash(CONTRACTS[table], settled_table(reading, table))


@pytest.fixture(scope="module")
def plain_hash(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """The hash of a table's plain text, read once."""

    @cache
    def hashed(table: str, text: str) -> str:
        folder = write(tmp_path_factory.mktemp("plain"), {table: text})
        return hash_of(examine(folder, POLICY), table)

    return hashed


def test_the_corpus_is_large_and_of_many_kinds() -> None:
    assert len(CORPUS) >= 60
    assert len({case.kind for case in CORPUS}) >= 20
    assert len({case.title for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", REFUSED, ids=[case.title for case in REFUSED])
def test_what_is_unclear_is_refused_with_its_place_and_remedy(tmp_path: Path, case: Malformed) -> None:
    outcome = case.outcome
    assert isinstance(outcome, Refused)
    faults = reading_of(tmp_path / "bank", case).faults
    told = [(fault.code, fault.table, fault.column, fault.rows) for fault in faults if fault.code not in outcome.also]
    assert told == [(outcome.code, case.table, outcome.column, outcome.rows)]
    for lang in ("zh", "en"):
        words = sentence(faults[[fault.code for fault in faults].index(outcome.code)], lang)
        assert "{" not in words
        assert case.table in words or table_heading(case.table, lang) in words
        assert all(str(row) in words for row in outcome.rows)


@pytest.mark.parametrize("case", READ, ids=[case.title for case in READ])
def test_what_is_clear_is_read_to_the_last_digit(tmp_path: Path, case: Malformed, plain_hash: Callable[[str, str], str]) -> None:
    outcome = case.outcome
    assert isinstance(outcome, Right)
    reading = reading_of(tmp_path / "bank", case)
    assert reading.faults == []
    assert tuple(dict.fromkeys(note.code for note in reading.notes)) == outcome.notes
    assert hash_of(reading, case.table) == plain_hash(case.table, outcome.text)
    table = settled_table(reading, case.table)
    for (key, column), value in outcome.cells.items():
        assert table.loc[table["client"] == key, column].tolist() == [value]


@pytest.mark.slow
@pytest.mark.parametrize("case", READ, ids=[case.title for case in READ])
def test_the_whole_book_is_the_same_whatever_its_files_look_like(tmp_path: Path, case: Malformed) -> None:
    assert isinstance(case.outcome, Right)
    plain = {**{name: text for name, text in TABLES.items() if name not in WITHOUT_CLIENTS}, case.table: case.outcome.text}
    book = read_book(folder_with(tmp_path / "bank", case), POLICY)
    assert book.data_hash == read_book(write(tmp_path / "plain", plain), POLICY).data_hash


def test_notes_are_worded_in_both_languages(tmp_path: Path) -> None:
    for place, case in enumerate(case for case in READ if isinstance(case.outcome, Right) and case.outcome.notes):
        for note in reading_of(tmp_path / str(place), case).notes:
            for lang in ("zh", "en"):
                words = sentence(note, lang)
                assert "{" not in words
                assert not note.rows or row_words(note, lang) in words


@pytest.mark.parametrize("kind", ["encoding", "mojibake", "truncated", "unit in heading", "numbers", "error cells", "old workbook"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_check_ends_with_exit_code_2(tmp_path: Path, kind: str, lang: str) -> None:
    case = next(case for case in REFUSED if case.kind == kind)
    folder = folder_with(tmp_path / "bank", case)
    (folder / "policy.toml").write_text(POLICY_TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "--data", str(folder), "--lang", lang])
    assert result.exit_code == 2
    assert case.table in result.output


def test_the_whole_check_says_by_how_much_a_column_was_multiplied(tmp_path: Path) -> None:
    case = next(case for case in READ if isinstance(case.outcome, Right) and "heading_scaled" in case.outcome.notes)
    folder = folder_with(tmp_path / "bank", case)
    (folder / "policy.toml").write_text(POLICY_TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "--data", str(folder), "--lang", "zh"])
    assert result.exit_code == 0
    assert "万元" in result.output
    assert "10,000" in result.output
