"""The contracts are sound in themselves, and the data guide says exactly what they say."""

from pathlib import Path

import pytest

from planning.book.book import book_of, dtype
from planning.book.contracts import CONTRACTS, EVERY_TABLE
from planning.book.contracts.guide import TYPES, UNITS, tables
from planning.book.headings import match

ROOT = Path(__file__).parents[2]
REQUIRED = {"branches", "clients", "tiers", "events", "responses", "concessions", "elasticities", "caps", "managers", "cadence"}


def test_the_tables_a_plan_needs_are_required() -> None:
    assert {name for name, contract in CONTRACTS.items() if contract.required} == REQUIRED


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_no_two_columns_answer_to_one_heading(table: str) -> None:
    contract = EVERY_TABLE[table]
    told = {heading: column.name for column in contract.columns for heading in column.headings}
    assert {heading: next(iter(match(contract, [heading]).places)) for heading in told} == told


@pytest.mark.parametrize("table", CONTRACTS)
def test_keys_and_references_exist(table: str) -> None:
    contract = CONTRACTS[table]
    assert all(contract.column(name).required for name in contract.key)
    for column in contract.columns:
        if column.refers:
            other, _, key = column.refers.partition(".")
            assert CONTRACTS[other].column(key).required


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_column_has_both_headings_a_known_type_and_a_worded_unit(table: str) -> None:
    for column in CONTRACTS[table].columns:
        assert column.zh
        assert column.en
        assert column.type in TYPES
        assert column.unit in UNITS


def test_the_data_guide_holds_every_table_and_column_as_the_contracts_do() -> None:
    guide = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    _, _, written = guide.partition("## 各表各列 Every table and column\n\n")
    assert written == tables()


def test_a_book_without_rows_has_every_table_and_column_in_its_type() -> None:
    book = book_of({})
    assert set(book.tables) == set(CONTRACTS)
    for name, contract in CONTRACTS.items():
        assert {column: str(kind) for column, kind in book.tables[name].dtypes.items()} == {column.name: dtype(column) for column in contract.columns}
