"""A sound folder becomes a complete book, whatever its file format, headings and order of rows."""

from datetime import date
from io import StringIO
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from small_bank import POLICY, TABLES, changed, write

from planning.book.contracts import CONTRACTS
from planning.book.intake import examine, read_book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "bank")


def frame(table: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(TABLES[table]), dtype=str, keep_default_na=False)


def typed(table: str) -> pd.DataFrame:
    """The table as a database would hand it over: numbers, flags, dates and lists in their own types."""
    typed_columns = {}
    for name, cells in frame(table).items():
        column = CONTRACTS[table].column(str(name))
        filled = cells.where(cells != "", None)
        match column.type:
            case "number":
                typed_columns[name] = pd.to_numeric(filled)
            case "integer":
                typed_columns[name] = pd.to_numeric(filled).astype("Int64")
            case "yes_no":
                typed_columns[name] = filled.map({"true": True, "false": False})
            case "date":
                typed_columns[name] = filled.map(date.fromisoformat, na_action="ignore")
            case "list":
                typed_columns[name] = filled.map(lambda cell: cell.split("|"), na_action="ignore")
            case _:
                typed_columns[name] = filled
    return pd.DataFrame(typed_columns, dtype=object)


def test_a_sound_folder_has_no_faults(folder: Path) -> None:
    assert examine(folder, POLICY).faults == []


def test_codes_stay_text(folder: Path) -> None:
    clients = read_book(folder, POLICY).tables["clients"]["client"]
    assert set(clients) == {"000123", "123", "NA", "null", "330102199001011234", "330102199001011235", "C7", "C8"}


def test_missing_cells_take_the_documented_defaults(folder: Path) -> None:
    book = read_book(folder, POLICY)
    assert book.tables["clients"]["opt_out"].sum() == 1
    assert not book.tables["clients"]["public_official"].any()
    art = book.tables["events"].set_index("event").loc["art_evening"]
    assert (art["touch_weight"], art["partner_share"], art["notice_weeks"], art["min_sessions"]) == (1, 0, 0, 0)
    assert art["tiers"] == ("gold", "diamond")
    assert art["months"] == (3, 4, 9)
    assert art["interests"] == ()
    assert pd.isna(art["risk_level"])


def test_absent_optional_tables_are_empty_but_complete(folder: Path) -> None:
    history = read_book(folder, POLICY).tables["history"]
    assert history.empty
    assert tuple(history.columns) == CONTRACTS["history"].names


def test_excel_and_parquet_give_the_same_book_as_csv(folder: Path, tmp_path: Path) -> None:
    excel, parquet, texts = tmp_path / "excel", tmp_path / "parquet", tmp_path / "texts"
    for place in (excel, parquet, texts):
        place.mkdir()
    for table in TABLES:
        typed(table).to_excel(excel / f"{table}.xlsx", index=False) if table not in LISTED else frame(table).to_excel(excel / f"{table}.xlsx", index=False)
        pa.parquet.write_table(pa.Table.from_pandas(typed(table), preserve_index=False), parquet / f"{table}.parquet")
        frame(table).to_parquet(texts / f"{table}.parquet", index=False)
    expected = read_book(folder, POLICY)
    for place in (excel, parquet, texts):
        book = read_book(place, POLICY)
        assert dict(book.hashes) == dict(expected.hashes)
        assert book.data_hash == expected.data_hash


LISTED = {"events", "clients", "partners"}


def test_the_order_of_rows_and_columns_does_not_matter(folder: Path, tmp_path: Path) -> None:
    shuffled = {table: frame(table).iloc[::-1, ::-1].to_csv(index=False) for table in TABLES}
    assert read_book(write(tmp_path / "shuffled", shuffled), POLICY).data_hash == read_book(folder, POLICY).data_hash


def test_one_changed_cell_changes_the_hash_of_its_table_only(folder: Path, tmp_path: Path) -> None:
    before = read_book(folder, POLICY)
    after = read_book(write(tmp_path / "changed", changed("managers", "M2,B2,3,540", "M2,B2,3,541")), POLICY)
    assert {table for table in before.hashes if before.hashes[table] != after.hashes[table]} == {"managers"}
    assert before.data_hash != after.data_hash


@pytest.mark.parametrize("language", [1, 2], ids=["chinese", "english"])
def test_headings_are_understood_in_both_languages(folder: Path, tmp_path: Path, language: int) -> None:
    renamed = {}
    for table in TABLES:
        headings = {column.name: column.headings[language] for column in CONTRACTS[table].columns}
        renamed[table] = frame(table).rename(columns=headings).to_csv(index=False)
    assert read_book(write(tmp_path / "renamed", renamed), POLICY).data_hash == read_book(folder, POLICY).data_hash


@pytest.mark.parametrize(
    ("table", "plain", "variant"),
    [
        ("clients", "123,B1,personal,600000", '123,B1,personal,"600,000"'),
        ("clients", "123,B1,personal,600000", "123,B1,personal,6e5"),
        ("clients", "123,B1,personal,600000", "123,B1,个人, 600000.00 "),
        ("clients", "2019-03-01", "2019/3/1"),
        ("clients", "1200,true,false,female", "1200,是,否,女"),
        ("events", "3|4|9", "9 | 3|4"),
        ("caps", "self-discipline ceiling\n", "self-discipline ceiling\n,,,,\n\n"),
    ],
)
def test_other_ways_to_write_the_same_are_understood(folder: Path, tmp_path: Path, table: str, plain: str, variant: str) -> None:
    assert read_book(write(tmp_path / "variant", changed(table, plain, variant)), POLICY).data_hash == read_book(folder, POLICY).data_hash


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    before = read_book(folder, POLICY).data_hash
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_book(folder, POLICY).data_hash == before


def test_unknown_columns_and_files_are_noted_not_refused(folder: Path) -> None:
    write(folder, changed("branches", "name_en\nB1,north,城东支行,East", "name_en,phone\nB1,north,城东支行,East,1") | {"targets": "a\n1\n"})
    (folder / "branches.csv").write_text(frame("branches").assign(phone="1").to_csv(index=False), encoding="utf-8")
    reading = examine(folder, POLICY)
    assert reading.faults == []
    assert [(note.code, note.table, dict(note.values)) for note in reading.notes] == [
        ("heading_ignored", "branches", {"heading": "phone"}),
        ("file_ignored", "", {"file": "targets.csv"}),
    ]


@pytest.mark.parametrize("file", ["history.txt", "history.xlsb", "History.csv", "history.csv.gz"])
def test_a_tables_file_that_cannot_be_taken_is_noted(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"year,month\n")
    reading = examine(folder, POLICY, tables=("branches",))
    assert [(note.code, note.values["file"]) for note in reading.notes] == [("file_ignored", file)]


def test_origin_tells_the_bank_and_what_is_borrowed(folder: Path) -> None:
    assert read_book(folder, POLICY).borrowed == ()
    (folder / "origin.toml").write_text('borrowed = ["events"]\n[bank]\nname_zh = "甲行"\nname_en = "Bank A"\nsample = true\n', encoding="utf-8")
    book = read_book(folder, POLICY)
    assert (book.borrowed, book.sample, book.names) == (("events",), True, ("甲行", "Bank A"))
