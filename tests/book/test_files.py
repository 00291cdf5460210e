"""What Excel and Parquet do to cells is understood or refused, never guessed."""

import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from small_bank import POLICY, TABLES, write

from planning.book.files import as_text
from planning.book.intake import Reading, examine, read_book

Cell = str | int | float | bool | datetime.date | None


def with_workbook(folder: Path, table: str, changes: dict[str, Cell], sheet: str = "Sheet1", more: tuple[str, ...] = ()) -> Reading:
    """The small bank with one table as a workbook in which some cells (by their Excel name) are replaced."""
    write(folder, {name: content for name, content in TABLES.items() if name != table})
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = sheet
    for row in pd.read_csv(StringIO(TABLES[table]), dtype=str, keep_default_na=False, header=None).itertuples(index=False):
        page.append([cell or None for cell in row])
    for place, value in changes.items():
        page[place] = value
    for name in more:
        workbook.create_sheet(name)
    workbook.save(folder / f"{table}.xlsx")
    return examine(folder, POLICY)


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("A6", 330102199001011234, ("digits_lost", "client", 6)),  # a number cell keeps 15 digits
        ("D2", "600000美元", ("not_a_number", "deposit_avg_cny", 2)),
        ("D2", datetime.date(2026, 1, 1), ("not_a_number", "deposit_avg_cny", 2)),
        ("N2", 43525, ("date_serial", "since", 2)),  # a date's serial number is not a date
        ("N2", datetime.datetime(2019, 3, 1, 12, 30), ("not_a_date", "since", 2)),
        ("A3", 123, ("zeros_lost", "client", 3)),  # another code of the column is 000123
        ("A3", 123.5, ("code_fraction", "client", 3)),
        ("I2", 2, ("not_yes_no", "consent", 2)),
    ],
)
def test_cells_excel_has_changed_are_refused(tmp_path: Path, place: str, value: Cell, expected: tuple[str, str, int]) -> None:
    faults = [fault for fault in with_workbook(tmp_path, "clients", {place: value}).faults if fault.table == "clients"]
    assert [(fault.code, fault.column, fault.rows[0]) for fault in faults] == [expected]


def test_numbers_dates_and_flags_as_excel_keeps_them_are_understood(tmp_path: Path) -> None:
    same: dict[str, Cell] = {"D2": 600000, "E2": 1.5, "I2": True, "J2": 0, "N2": datetime.date(2019, 3, 1)}
    assert with_workbook(tmp_path / "excel", "clients", same).faults == []
    assert read_book(tmp_path / "excel", POLICY).data_hash == read_book(write(tmp_path / "csv"), POLICY).data_hash


def test_the_sheet_named_like_the_table_is_read(tmp_path: Path) -> None:
    assert with_workbook(tmp_path, "caps", {}, sheet="caps", more=("notes",)).faults == []


def test_several_sheets_of_other_names_are_refused(tmp_path: Path) -> None:
    faults = with_workbook(tmp_path, "caps", {}, sheet="2026", more=("notes",)).faults
    assert [(fault.code, fault.table, fault.values["sheets"]) for fault in faults] == [("sheet_unclear", "caps", "2026, notes")]


def test_whole_number_codes_in_parquet_keep_every_digit(tmp_path: Path) -> None:
    write(tmp_path, {name: content for name, content in TABLES.items() if name not in ("clients", "invitations")})
    clients = pd.read_csv(StringIO(TABLES["clients"]), dtype=str, keep_default_na=False).replace("", None)
    codes = pa.array([330102199001011230 + place for place in range(len(clients))])
    table = pa.Table.from_pandas(clients, preserve_index=False)
    pa.parquet.write_table(table.set_column(0, "client", codes), tmp_path / "clients.parquet")
    assert read_book(tmp_path, POLICY).tables["clients"]["client"].tolist() == [str(330102199001011230 + place) for place in range(len(clients))]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (pa.array([Decimal(100), Decimal(101), Decimal(1200)], pa.decimal128(18, 0)), ["100", "101", "1200"]),
        (pa.array([b"M1", b"M2", b"M3"]), ["M1", "M2", "M3"]),
    ],
)
def test_codes_in_parquet_are_the_same_text_however_an_engine_stored_them(tmp_path: Path, codes: pa.Array, told: list[str]) -> None:
    columns = {"manager": codes, "branch": ["B1", "B2", "B3"], "grade": [4, 3, 2], "hours_year": [540, 540, 540]}
    pa.parquet.write_table(pa.table(columns), tmp_path / "managers.parquet")
    assert examine(tmp_path, POLICY, tables=("managers",)).frames["managers"]["manager"].tolist() == told


def test_numbers_in_a_column_of_text_are_the_same_from_csv_and_parquet(tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "facts.csv").write_text("fact,as_of,source,value\nftp_loan_pct,2026-01-01,memo,3.45\n", encoding="utf-8")
    (tmp_path / "parquet").mkdir()
    columns = {"fact": ["ftp_loan_pct"], "as_of": ["2026-01-01"], "source": ["memo"], "value": [3.45]}
    pa.parquet.write_table(pa.table(columns), tmp_path / "parquet" / "facts.parquet")
    read = [examine(tmp_path / kind, POLICY, tables=("facts",)).frames["facts"]["value"].tolist() for kind in ("csv", "parquet")]
    assert read == [["3.45"], ["3.45"]]


def test_a_code_stored_as_a_fraction_in_parquet_is_refused(tmp_path: Path) -> None:
    columns = {"manager": [1.0, 2.5], "branch": ["B1", "B2"], "grade": [4, 3], "hours_year": [540, 540]}
    pa.parquet.write_table(pa.table(columns), tmp_path / "managers.parquet")
    faults = examine(tmp_path, POLICY, tables=("managers",)).faults
    assert [(fault.code, fault.column, fault.rows) for fault in faults] == [("code_fraction", "manager", (3,))]


def test_a_parquet_file_without_columns_is_refused(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({}), tmp_path / "managers.parquet")
    faults = examine(tmp_path, POLICY, tables=("managers",)).faults
    assert [fault.code for fault in faults] == ["table_without_heading"]


def test_bytes_in_parquet_that_are_no_text_are_refused(tmp_path: Path) -> None:
    columns = {"branch": ["B1"], "region": ["north"], "name_zh": ["城东支行".encode("gb18030")], "name_en": ["East"]}
    pa.parquet.write_table(pa.table(columns), tmp_path / "branches.parquet")
    faults = examine(tmp_path, POLICY, tables=("branches",)).faults
    assert [(fault.code, fault.column, fault.rows) for fault in faults] == [("garbled", "name_zh", (2,))]


def test_not_a_number_in_parquet_is_refused_and_null_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {name: content for name, content in TABLES.items() if name != "managers"})
    columns = {"manager": ["M1", "M2", "M3"], "branch": ["B1", "B2", "B3"], "grade": [4, 3, 2], "hours_year": pa.array([540.0, float("nan"), None])}
    pa.parquet.write_table(pa.table(columns), tmp_path / "managers.parquet")
    faults = examine(tmp_path, POLICY).faults
    assert [(fault.code, fault.column, fault.rows) for fault in faults] == [("not_finite", "hours_year", (3,)), ("value_missing", "hours_year", (4,))]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (123.0, "123"),
        (-0.5, "-0.5"),
        (0.1, "0.1"),
        (1e15, "1.000000000000000e+15"),
        (True, "true"),
        (datetime.datetime(2026, 1, 2), "2026-01-02"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (["a", "b"], "a|b"),
        (Decimal("1200"), "1200"),
        (Decimal("1200.50"), "1200.5"),
        ("银行".encode(), "银行"),
    ],
)
def test_a_cell_as_a_planner_would_type_it(cell: object, text: str) -> None:
    assert as_text(cell) == text
