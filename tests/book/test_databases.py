"""source.toml: the same rows give the same book from SQLite, PostgreSQL, a renamed file or a column map; nothing is ever written or told."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from databases import INSTALL, PASSWORD, load_postgres, load_sqlite, postgres, programs, tables_of
from small_bank import POLICY, TABLES, changed, write
from sqlalchemy import make_url

from planning.book.foreign.database import passwords
from planning.book.intake import Reading, examine, read_book
from planning.errors import Fault
from planning.policy import read
from planning.report.i18n import LANGS, sentence

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ADDRESS = "postgresql://postgres:${BANK_PASSWORD}@127.0.0.1"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    if programs() is None:
        pytest.skip(INSTALL)
    with postgres() as port:
        yield port


@pytest.fixture
def server(port: int) -> Iterator[psycopg.Connection]:
    """A connection to an empty database."""
    with psycopg.connect(host="127.0.0.1", port=port, user="postgres", password=PASSWORD, dbname="postgres") as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.commit()
        yield connection


def emptied(folder: Path, source: str, away: tuple[str, ...] = ("clients",)) -> Path:
    """A folder without some of its files, with a source.toml."""
    for table in away:
        (folder / f"{table}.csv").unlink()
    (folder / "source.toml").write_text(source, encoding="utf-8")
    return folder


def in_sqlite(folder: Path, source: str, tables: dict[str, str] | None = None) -> Path:
    """The small bank with its clients in bank.db beside the other tables."""
    write(folder, tables or TABLES)
    load_sqlite(folder, folder / "bank.db")
    return emptied(folder, source)


def examined(folder: Path, **environment: str) -> Reading:
    return examine(folder, POLICY, environment)


def told(faults: list[Fault]) -> str:
    return "\n".join(sentence(fault, lang) for fault in faults for lang in LANGS)


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.code, fault.table) for fault in reading.faults]


def test_the_sample_bank_is_the_same_from_sqlite(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    shutil.copytree(SAMPLE, folder)
    tables = tables_of(folder)
    load_sqlite(folder, folder / "bank.db")
    emptied(folder, 'url = "sqlite:///bank.db"\n' + "".join(f'[{table}]\nsql_table = "{table}"\n' for table in tables), tuple(tables))
    policy = read(SAMPLE / "policy.toml")
    assert read_book(folder, policy).data_hash == read_book(SAMPLE, policy).data_hash


def test_the_sample_bank_is_the_same_from_postgresql(tmp_path: Path, port: int, server: psycopg.Connection) -> None:
    load_postgres(SAMPLE, server)
    tables = tables_of(SAMPLE)
    folder = tmp_path / "bank"
    folder.mkdir()
    queries = "".join(f'[{table}]\nquery = "select * from public.{table} -- all of it: 100 %"\n' for table in tables)
    (folder / "source.toml").write_text(f'url = "{ADDRESS}:{port}/postgres"\n{queries}', encoding="utf-8")
    policy = read(SAMPLE / "policy.toml")
    assert read_book(folder, policy, {"BANK_PASSWORD": PASSWORD}).data_hash == read_book(SAMPLE, policy).data_hash


def test_postgresql_is_only_read(tmp_path: Path, port: int, server: psycopg.Connection) -> None:
    write(tmp_path)
    server.execute("CREATE TABLE kept (n integer); CREATE FUNCTION wipe() RETURNS text LANGUAGE sql AS 'DELETE FROM kept; SELECT ''x''::text'")
    server.execute("INSERT INTO kept VALUES (1)")
    server.commit()
    emptied(tmp_path, f'[clients]\nurl = "{ADDRESS}:{port}/postgres"\nquery = "select wipe() as client, \':x\' as branch"\n')
    assert codes(examined(tmp_path, BANK_PASSWORD=PASSWORD))[0] == ("source_query_failed", "clients")
    assert server.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_postgresql_types_are_read_as_they_are_meant(tmp_path: Path, port: int, server: psycopg.Connection) -> None:
    write(tmp_path)
    expected = read_book(tmp_path, POLICY)
    load_as_text(server)
    server.execute("""CREATE VIEW export AS SELECT '  ' || client AS client, branch::char(9), kind, deposit_avg_cny::numeric(18,4), deposit_rate_pct::real,
        loan_avg_cny::bigint, loan_rate_pct::double precision, fee_income_cny::integer, consent::boolean, opt_out::boolean, sex,
        string_to_array(interests, '|') AS interests, manager, since::timestamp FROM raw""")
    server.commit()
    emptied(tmp_path, '[clients]\nurl = "${BANK}"\nquery = "select * from export order by client"\n')
    book = read_book(tmp_path, POLICY, {"BANK": f"postgresql+psycopg://postgres:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"})
    assert book.tables["clients"].drop(columns="deposit_rate_pct").equals(expected.tables["clients"].drop(columns="deposit_rate_pct"))
    assert book.tables["clients"]["deposit_rate_pct"].tolist() == pytest.approx(expected.tables["clients"]["deposit_rate_pct"].tolist(), rel=1e-6)


def load_as_text(server: psycopg.Connection) -> None:
    """The small bank's clients as text, under the name raw."""
    headings, *rows = (line.split(",") for line in TABLES["clients"].splitlines())
    server.execute(f"CREATE TABLE raw ({', '.join(f'{name} text' for name in headings)})")
    with server.cursor() as cursor:
        cursor.executemany(f"INSERT INTO raw VALUES ({', '.join(['%s'] * len(headings))})", [[cell or None for cell in row] for row in rows])


def test_a_wrong_password_is_told_without_it(tmp_path: Path, port: int) -> None:
    write(tmp_path)
    emptied(tmp_path, f'[clients]\nurl = "{ADDRESS}:{port}/postgres"\nsql_table = "clients"\n')
    reading = examined(tmp_path, BANK_PASSWORD="not-the-one")
    assert codes(reading)[0] == ("source_unreachable", "clients")
    assert "not-the-one" not in told(reading.faults)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:hidden@host/bank",
        "mysql+pymysql://u@host/bank?passwd=hidden",
        "mysql+pymysql://u@host/bank?PWD=hidden",
        "postgresql://u@host/bank?password=hidden&password=hidden",
        "mssql+pyodbc:///?odbc_connect=UID%3Du%3BPwd%3Dhidden%3BServer%3Ds",
    ],
)
def test_a_password_is_known_wherever_it_stands_in_an_address(address: str) -> None:
    assert set(passwords(make_url(address))) == {"hidden"}


def test_a_query_may_use_code_names_or_headings(tmp_path: Path) -> None:
    folder = in_sqlite(tmp_path / "bank", '[clients]\nurl = "sqlite:///bank.db"\nquery = "SELECT branch AS 所属支行, * FROM clients"\n')
    assert codes(examined(folder)) == [("heading_twice", "clients")]
    expected = read_book(write(tmp_path / "files"), POLICY).data_hash
    emptied(folder, '[clients]\nurl = "sqlite:///bank.db"\nquery = "SELECT * FROM clients ORDER BY client DESC;"\n', ())
    assert read_book(folder, POLICY).data_hash == expected
    assert [note.code for note in examined(folder).notes] == ["table_from_database"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('url = "sqlite:///bank.db"\nquery = "DELETE FROM clients"', "source_query_writes"),
        ('url = "sqlite:///bank.db"\nquery = "SELECT 1; DROP TABLE clients"', "source_query_writes"),
        ('url = "sqlite:///bank.db"\nquery = "WITH a AS (SELECT 1) DELETE FROM clients"', "source_query_writes"),
        ('url = "sqlite:///bank.db"\nquery = "PRAGMA user_version = 3"', "source_query_writes"),
        ('url = "sqlite:///bank.db"\nquery = "SELECT * FROM cleints"', "source_query_failed"),
        ('url = "sqlite:///bank.db"\nsql_table = "cleints"', "source_query_failed"),
        ('url = "sqlite:///bank.db"\nquery = "SELECT client, branch, kind, consent FROM clients"', "column_missing"),
        ('url = "sqlite:///bank.db"\nquery = "SELECT * FROM clients WHERE 1 = 0"', "table_empty"),
        ('url = "sqlite:///bank.db"\nquery = "SELECT *, x\'00ff\' AS 姓名 FROM clients"', "source_type_unreadable"),
        ('url = "sqlite:///none.db"\nsql_table = "clients"', "source_file_missing"),
        ('url = "sqlite://"\nsql_table = "clients"', "source_address_wrong"),
        ('url = "bank.db"\nsql_table = "clients"', "source_address_wrong"),
        ('url = "nodb://host/bank"\nsql_table = "clients"', "source_driver_missing"),
        ('url = "postgresql://u:secret@127.0.0.1:1/bank"\nsql_table = "clients"', "source_password_written"),
        ('url = "postgresql://u@127.0.0.1:1/bank?password=secret"\nsql_table = "clients"', "source_password_written"),
        ('url = "mssql+pyodbc:///?odbc_connect=UID%3Du%3BPWD%3Dsecret"\nsql_table = "clients"', "source_password_written"),
        ('url = "postgresql://u:${NOT_SET}@127.0.0.1:1/bank"\nsql_table = "clients"', "source_name_not_set"),
        ('url = "postgresql://u:${SET}@127.0.0.1:1/bank"\nsql_table = "clients"', "source_unreachable"),
        ('url = "sqlite:///bank.db"', "source_entry_wrong"),
        ('url = "sqlite:///bank.db"\nsql_table = "clients"\nquery = "SELECT 1"', "source_entry_wrong"),
        ('url = "sqlite:///bank.db"\nsql_table = "clients"\nfile = "a.csv"', "source_entry_wrong"),
        ('uri = "sqlite:///bank.db"\nsql_table = "clients"', "source_entry_wrong"),
        ('file = "none.csv"', "source_file_missing"),
        ('map = "none.toml"', "map_missing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, entry: str, code: str) -> None:
    reading = examined(in_sqlite(tmp_path, f"[clients]\n{entry}\n"), SET="hidden-word")
    assert codes(reading)[0][0] == code
    assert not {word for word in ("secret", "hidden-word") if word in told(reading.faults)}
    with sqlite3.connect(tmp_path / "bank.db") as untouched:
        assert untouched.execute("SELECT count(*) FROM clients").fetchone() == (8,)


@pytest.mark.parametrize(
    ("content", "code"),
    [("[clients", "source_not_toml"), ('[cliens]\nfile = "a.csv"\n', "source_table_unknown_near"), ('[xyz]\nfile = "a.csv"\n', "source_table_unknown")],
)
def test_a_source_file_that_is_wrong_is_refused(tmp_path: Path, content: str, code: str) -> None:
    (write(tmp_path) / "source.toml").write_text(content, encoding="utf-8")
    assert codes(examined(tmp_path)) == [(code, "")]


def test_a_table_stands_in_one_place_only(tmp_path: Path) -> None:
    folder = in_sqlite(tmp_path, '[clients]\nurl = "sqlite:///bank.db"\nsql_table = "clients"\n')
    write(folder)
    assert codes(examined(folder)) == [("table_twice", "clients")]


def test_rows_are_numbered_in_the_order_of_the_query(tmp_path: Path) -> None:
    folder = in_sqlite(
        tmp_path, '[clients]\nurl = "sqlite:///bank.db"\nquery = "SELECT * FROM clients ORDER BY rowid"\n', changed("clients", "NA,B2,", "NA,B9,")
    )
    fault = next(fault for fault in examined(folder).faults if fault.column == "branch")
    assert fault.rows == (3,)


def test_long_codes_and_exact_numbers_keep_every_digit(tmp_path: Path) -> None:
    folder = in_sqlite(tmp_path, '[clients]\nurl = "sqlite:///bank.db"\nquery = "SELECT * FROM clients"\n')
    with sqlite3.connect(folder / "bank.db") as connection:
        connection.execute("UPDATE clients SET client = CAST(client AS INTEGER), fee_income_cny = 1234567.89 WHERE length(client) = 18")
    connection.close()
    table = read_book(folder, POLICY).tables["clients"].set_index("client")
    assert {"330102199001011234", "000123", "NA", "null"} <= set(table.index)
    assert table.loc["330102199001011234", "fee_income_cny"] == 1234567.89


def test_a_file_of_another_name_is_the_same_table(tmp_path: Path) -> None:
    folder = write(tmp_path / "bank")
    expected = read_book(folder, POLICY).data_hash
    (folder / "clients.csv").rename(folder / "export_2026.csv")
    (folder / "source.toml").write_text('[clients]\nfile = "export_2026.csv"\n', encoding="utf-8")
    assert examined(folder).notes == []
    assert read_book(folder, POLICY).data_hash == expected


def test_a_foreign_export_is_read_through_its_map(tmp_path: Path) -> None:
    folder = write(tmp_path / "bank")
    expected = read_book(folder, POLICY).data_hash
    rows = [line.split(",") for line in TABLES["managers"].splitlines()[1:]]
    (folder / "工号_2026.csv").write_text("工号;网点;职级;工时\n" + "".join(";".join(row) + "\n" for row in rows), encoding="gb18030")
    (folder / "map.toml").write_text(
        '[bank]\nname_zh = "甲行"\nname_en = "Bank A"\n'
        '[sources]\nstaff = { file = "工号.csv", separator = ";", encoding = "gb18030" }\nelse = { file = "not_there.csv" }\n'
        '[tables.managers]\nsource = "staff"\n'
        '[tables.managers.columns]\nmanager = "工号"\nbranch = "网点"\ngrade = "职级"\nhours_year = "工时"\n',
        encoding="utf-8",
    )
    emptied(folder, '[managers]\nfile = "工号_2026.csv"\nmap = "map.toml"\n', ("managers",))
    assert read_book(folder, POLICY).data_hash == expected
    (folder / "工号_2026.csv").rename(folder / "工号.csv")
    emptied(folder, '[managers]\nmap = "map.toml"\n', ())
    assert read_book(folder, POLICY).data_hash == expected
