"""The former book: only the client table, checked as today's is, on its own earlier date."""

from datetime import date
from pathlib import Path

import pytest

from planning.book.former import former_folder, read_former
from planning.errors import DataFaults
from tests.book.small_bank import POLICY, TABLES, changed, write

DAY = date(2026, 1, 1)


def before(data: Path, clients: str = TABLES["clients"], dated: str = "data_date = 2026-01-01\n") -> Path:
    folder = write(data / "before", {"clients": clients})
    (folder / "policy.toml").write_text(dated, encoding="utf-8")
    return folder


def test_only_the_client_table_and_a_date_are_needed(tmp_path: Path) -> None:
    assert former_folder(tmp_path) is None
    folder = before(tmp_path)
    assert former_folder(tmp_path) == folder
    former = read_former(folder, POLICY)
    assert former.as_of == DAY
    assert {"000123", "123", "NA", "null"} <= set(former.clients["client"])
    assert former.clients["opt_out"].dtype == bool


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFaults, match="folder_missing"):
        read_former(tmp_path / "earlier", POLICY, DAY)


def test_a_given_date_goes_before_the_one_written_down(tmp_path: Path) -> None:
    assert read_former(before(tmp_path), POLICY, date(2025, 6, 30)).as_of == date(2025, 6, 30)


@pytest.mark.parametrize("dated", ["", "data_date = 2026", "data_date = 2026-01-01T10:00:00", "data_date = ", "year = 2027"])
def test_a_former_book_without_a_date_is_refused(tmp_path: Path, dated: str) -> None:
    with pytest.raises(DataFaults, match="former_without_date"):
        read_former(before(tmp_path, dated=dated), POLICY)


@pytest.mark.parametrize("dated", ["2026-11-01", "2026-12-01"])
def test_a_former_book_is_earlier_than_todays(tmp_path: Path, dated: str) -> None:
    with pytest.raises(DataFaults, match="former_not_earlier"):
        read_former(before(tmp_path, dated=f"data_date = {dated}"), POLICY)


def test_faults_say_that_they_are_in_the_former_book(tmp_path: Path) -> None:
    doubled = TABLES["clients"].replace("\n123,", "\n000123,", 1)
    with pytest.raises(DataFaults) as refused:
        read_former(before(tmp_path, doubled), POLICY)
    assert [fault.code for fault in refused.value.faults] == ["in_former", "duplicate_key"]
    later = changed("clients", "2019-03-01", "2026-03-01")["clients"]
    with pytest.raises(DataFaults, match="after_data_date"):
        read_former(before(tmp_path, later), POLICY)


def test_clients_of_branches_that_are_gone_are_read(tmp_path: Path) -> None:
    gone = TABLES["clients"].replace(",B2,", ",B99,")
    assert "B99" in set(read_former(before(tmp_path, gone), POLICY).clients["branch"])
