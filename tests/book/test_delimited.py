"""Whatever the cells hold, a CSV file that is written properly is read back cell by cell, under every separator, encoding and line end."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.book.files import read_csv
from planning.errors import DataFaults, Fault

HEADINGS = ["product", "bank_type", "cap_bp", "as_of", "source"]
CELLS = st.lists(st.lists(st.text(alphabet="a1,;\t|\"'\n 中文，=", max_size=6), min_size=5, max_size=5), min_size=1, max_size=4)


@given(
    rows=CELLS,
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_cell_comes_back(tmp_path: Path, rows: list[list[str]], separator: str, quoting: int, encoding: str, end: str) -> None:
    out = StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows([HEADINGS, *rows])  # type: ignore[arg-type]
    path = tmp_path / "caps.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    read = read_csv(path, "caps")
    assert list(read.headings) == HEADINGS
    assert read.faults == ()
    assert [["" if cell != cell else cell for cell in column] for column in read.cells] == [list(column) for column in zip(*rows, strict=True)]


def test_a_byte_order_mark_is_no_part_of_the_first_heading_where_the_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "caps.csv").write_text("product,cap_bp\ndeposit_premium,20\n", encoding="utf-8-sig")
    assert read_csv(tmp_path / "caps.csv", "caps", ",", "utf-8").headings == ("product", "cap_bp")


def test_rows_longer_than_what_is_read_at_once_come_back_and_keep_the_numbers_behind_them(tmp_path: Path) -> None:
    long = "x" * 3_000_000
    (tmp_path / "caps.csv").write_text(f"product,cap_bp\na,1,2\nb,{long}\nc,3,4\n", encoding="utf-8")
    read = read_csv(tmp_path / "caps.csv", "caps")
    assert [cell.tolist() for cell in read.cells] == [["b"], [long]]
    assert [(fault.code, fault.rows) for fault in read.faults] == [("row_width", (2, 4))]


def told(path: Path) -> list[Fault]:
    """Everything that is said about a file."""
    try:
        read = read_csv(path, "caps")
    except DataFaults as error:
        return list(error.faults)
    return [*read.faults, *read.notes]


@given(place=st.integers(min_value=60, max_value=130))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_cut_off_anywhere_is_refused_or_pointed_out(tmp_path: Path, place: int) -> None:
    whole = "product,bank_type,cap_bp,as_of,source\n" + '"deposit_premium","*",200,2026-01-01,"a ""b"" 中"\n' * 2
    path = tmp_path / "caps.csv"
    path.write_bytes(whole.encode()[:place])
    at_a_row_end = whole.encode()[:place].endswith(b"\n")
    assert at_a_row_end or any(fault.rows for fault in told(path))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_encoding_that_is_named_is_held_to(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "caps.csv"
    path.write_bytes("产品;来源\na;中文\n".encode("gb18030"))
    if encoding == "gb18030":
        assert read_csv(path, "caps", ";", encoding).headings == ("产品", "来源")
    else:
        with pytest.raises(DataFaults):
            read_csv(path, "caps", ";", encoding)
