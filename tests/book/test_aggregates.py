"""Clients added up by DuckDB from the file alone: the same groups, to the fen, as the book client by client."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from databases import load_sqlite
from small_bank import POLICY, TABLES, changed, write

from planning.book.aggregates import Group, aggregate
from planning.book.book import Book
from planning.book.foreign.database import Wanted, streamed
from planning.book.intake import read_book
from planning.book.segments import classify
from planning.errors import DataFaults
from planning.policy import Policy, checked, read

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CLIENTS = TABLES["clients"]


def found(file: Path | pa.RecordBatchReader, book: Book, policy: Policy) -> dict[tuple[str, str, str], Group]:
    return {(group.branch, group.tier, group.kind): group for group in aggregate(file, book.tables["branches"], book.tables["tiers"], policy)}


def assert_same(groups: dict[tuple[str, str, str], Group], book: Book, policy: Policy) -> None:
    """Counts are equal; sums are equal to the fen."""
    clients = classify(book, policy)
    clients = clients.assign(last=clients["contribution_last_cny"].fillna(clients["contribution_cny"]))
    expected = dict(iter(clients.groupby(["branch", "tier", "kind"])))
    assert set(groups) == set(expected)
    for key, part in expected.items():
        group, kept = groups[key], part[part["approachable"]]
        assert (group.clients, group.approachable) == (len(part), len(kept))
        for name, column in (("deposit_cny", "deposit_avg_cny"), ("loan_cny", "loan_avg_cny"), ("invest_cny", "invest_avg_cny"), ("fees_cny", "fee_income_cny"),
                             ("cost_to_serve_cny", "cost_to_serve_cny"), ("contribution_cny", "contribution_cny"), ("contribution_last_cny", "last")):  # fmt: skip
            assert float(getattr(group, name)) == pytest.approx(part[column].sum(), abs=0.005), (key, name)
        assert float(group.approachable_contribution_cny) == pytest.approx(kept["contribution_cny"].sum(), abs=0.005)


@pytest.fixture(scope="module")
def sample() -> tuple[Book, Policy]:
    policy = read(SAMPLE / "policy.toml")
    return read_book(SAMPLE, policy), policy


def test_the_sample_bank_adds_up_alike_from_csv_and_parquet(sample: tuple[Book, Policy], tmp_path: Path) -> None:
    book, policy = sample
    from_csv = found(SAMPLE / "clients.csv", book, policy)
    assert_same(from_csv, book, policy)
    typed = pd.read_csv(SAMPLE / "clients.csv", dtype={"client": str}, low_memory=False)
    typed.to_parquet(tmp_path / "clients.parquet")
    assert found(tmp_path / "clients.parquet", book, policy) == from_csv


def test_a_database_adds_up_alike(sample: tuple[Book, Policy], tmp_path: Path) -> None:
    book, policy = sample
    load_sqlite(SAMPLE, tmp_path / "bank.db")
    with streamed(tmp_path, "clients", Wanted("sqlite:///bank.db", "SELECT * FROM clients"), {}) as rows:
        assert found(rows, book, policy) == found(SAMPLE / "clients.csv", book, policy)


@pytest.mark.parametrize("change", [{"segments": {"assign": "national"}}, {"bank": {"expected_loss": False, "ftp_deposit_pct": 2.05}}])
def test_it_follows_the_policy(sample: tuple[Book, Policy], change: dict[str, dict[str, object]]) -> None:
    book, policy = sample
    raw = policy.model_dump()
    for section, fields in change.items():
        raw[section] = {**raw[section], **fields}
    other = checked(raw)
    assert_same(found(SAMPLE / "clients.csv", book, other), book, other)


def test_parts_add_up_to_contribution_where_none_is_given(tmp_path: Path) -> None:
    book = read_book(write(tmp_path), POLICY)
    for group in found(tmp_path / "clients.csv", book, POLICY).values():
        parts = group.deposit_margin_cny + group.loan_margin_cny + group.fees_cny - group.cost_to_serve_cny - group.expected_loss_cny
        assert parts == group.contribution_cny
    assert_same(found(tmp_path / "clients.csv", book, POLICY), book, POLICY)


def test_sums_are_exact_where_floats_are_not(tmp_path: Path) -> None:
    tenths = "".join(f"T{place},B1,personal,0,,,,0.1,true,false,,,M1,\n" for place in range(1000))
    book = read_book(write(tmp_path, {**TABLES, "clients": CLIENTS.splitlines(keepends=True)[0] + tenths + CLIENTS.splitlines(keepends=True)[1]}), POLICY)
    group = found(tmp_path / "clients.csv", book, POLICY)["B1", "", "personal"]
    assert (group.clients, group.fees_cny) == (1000, Decimal(100))


def test_headings_and_words_in_chinese_are_understood(tmp_path: Path) -> None:
    book = read_book(write(tmp_path / "bank"), POLICY)
    expected = found(tmp_path / "bank" / "clients.csv", book, POLICY)
    heading, rest = CLIENTS.split("\n", 1)
    chinese = heading.replace("branch", "所属支行").replace("kind", "客户类别").replace("consent", "同意营销") + "\n" + rest.replace(",personal,", ",个人,")
    (tmp_path / "clients.csv").write_text(chinese, encoding="utf-8")
    assert found(tmp_path / "clients.csv", book, POLICY) == expected


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("600000,1.5", "600000.12345,1.5", "too_many_digits"), ("600000,1.5", "sixty,1.5", "table_unreadable"), ("consent", "agreed", "column_missing")],
)
def test_what_cannot_be_added_up_exactly_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    book = read_book(write(tmp_path), POLICY)
    write(tmp_path, changed("clients", old, new))
    with pytest.raises(DataFaults) as refused:
        found(tmp_path / "clients.csv", book, POLICY)
    assert refused.value.faults[0].code.startswith(code)
