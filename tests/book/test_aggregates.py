"""Clients added up by DuckDB from the file alone: the same groups, to the fen, as the book client by client."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from databases import load_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_bank import POLICY, TABLES, changed, write

from planning.book.aggregates import aggregate
from planning.book.book import Book, book_of
from planning.book.client_blocks import opened
from planning.book.contracts import CONTRACTS
from planning.book.contribution import PARTS, reconciliation
from planning.book.control_totals import FIGURES, Group, book_totals, differences, together
from planning.book.intake import examine, read_book
from planning.book.segments import classify
from planning.errors import DataFaults
from planning.policy import Policy, checked, read
from planning.report.i18n import LANGS, sentence

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SHARES = {"gold": 0.3, "platinum": 0.105, "diamond": 0.02}
CLIENTS = """client,branch,kind,deposit_avg_cny,deposit_rate_pct,loan_avg_cny,loan_rate_pct,pd,lgd,invest_avg_cny,fee_income_cny,cost_to_serve_cny,\
capital_charge_cny,contribution_cny,contribution_last_cny,consent,opt_out,tier_last,tier_since,below_since
000123,B1,personal,600000.11,1.53,,,,,,1200,31.07,,,,true,false,diamond,2026-01-31,2026-08-31
123,B1,personal,499999.99,1.6,100000,4.1,0.0123,0.45,0.01,300,0,12.5,,8800.005,true,,gold,2026-03-01,
NA,B2,personal,5200000,1.9,,,,,-0,9000,,,12345.675,,true,,gold,,2026-05-01
null,B2,personal,700000,1.4,,,,,3,0,,,-0.005,,false,,diamond,2025-01-01,2026-04-30
A1,B3,personal,800000,1.5,70000.07,3.91,0.5,1,,500,,,,,true,true,diamond,,
A2,B3,corporate,,1.5,,,,,810000,,,99.99,,,true,,,,
C7,B1,corporate,8000000,1.2,20000000,3.9,,,,50000,,100000,,1,true,,gold,2020-01-01,2020-01-01
""".replace("A2,B3,corporate,,", "A2,B3,corporate,0,").replace(",-0,", ",0,")
SMALL = {**TABLES, "clients": CLIENTS}


def with_policy(policy: Policy, **change: dict[str, Any]) -> Policy:
    raw = policy.model_dump()
    return checked(raw | {section: {**raw[section], **fields} for section, fields in change.items()})


def straight(folder: Path, book: Book, policy: Policy) -> tuple[Group, ...]:
    with opened(folder, {}) as source:
        return aggregate(source, book.tables["branches"], book.tables["tiers"], policy)


def assert_alike(folder: Path, policy: Policy) -> tuple[Group, ...]:
    """Straight from the file as through the book, to the fen."""
    book = read_book(folder, policy)
    groups = straight(folder, book, policy)
    assert differences(groups, book_totals(book, policy)) == ()
    return groups


@pytest.fixture(scope="module")
def sample() -> tuple[Book, Policy]:
    policy = read(SAMPLE / "policy.toml")
    return read_book(SAMPLE, policy), policy


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book]:
    folder = write(tmp_path_factory.mktemp("small"), SMALL)
    return folder, read_book(folder, POLICY)


STANDARDS: list[dict[str, Any]] = [
    {}, {"assign": "national"}, {"region_shares": SHARES}, {"assign": "contribution_top20"}, {"assign": "contribution_top20", "region_shares": SHARES},
    {"downgrade_after_months": 3},
]  # fmt: skip


@pytest.mark.parametrize("asked", STANDARDS, ids=str)
def test_the_sample_bank_adds_up_alike_by_every_standard(sample: tuple[Book, Policy], asked: dict[str, Any]) -> None:
    book, policy = sample[0], with_policy(sample[1], segments=asked)
    assert differences(straight(SAMPLE, book, policy), book_totals(book, policy)) == ()


@pytest.mark.parametrize("asked", STANDARDS, ids=str)
@pytest.mark.parametrize("bank", [{}, {"expected_loss": False, "ftp_deposit_pct": 2.05}], ids=str)
def test_awkward_clients_add_up_alike(asked: dict[str, Any], bank: dict[str, Any], small: tuple[Path, Book]) -> None:
    folder, book = small
    shares = {"region_shares": {"gold": 0.5, "diamond": 0.3}} if "region_shares" in asked else {}
    policy = with_policy(POLICY, segments={**asked, **shares}, bank=bank)
    assert differences(straight(folder, book, policy), book_totals(book, policy)) == ()


def test_groups_are_what_the_pages_reconcile(sample: tuple[Book, Policy]) -> None:
    book, policy = sample
    clients = classify(book, policy)
    told = reconciliation(book.tables["clients"], clients.set_index("branch")["region"].to_dict(), policy.bank)
    groups = straight(SAMPLE, book, policy)
    for line, branch in zip((*told.branches, told.bank), (*together(groups, "branch"), *together(groups)), strict=True):
        assert branch.branch == line.branch
        assert (branch.figure("clients"), branch.figure("given"), branch.figure("contribution")) == (line.clients, line.given, line.total_fen)
        assert tuple(branch.figure(part) for part in PARTS) == line.parts_fen
    for group in groups:
        part = clients[(clients["branch"] == group.branch) & (clients["tier"] == group.tier) & (clients["kind"] == group.kind)]
        assert group.figure("clients") == len(part)
        assert group.figure("approachable") == part["approachable"].sum()
        assert group.figure("deposit") == round(part["deposit_avg_cny"].sum() * 100)
        assert group.figure("approachable_contribution") == pytest.approx(part.loc[part["approachable"], "contribution_cny"].sum() * 100, abs=len(part))


def as_parquet(folder: Path) -> None:
    typed = pd.read_csv(folder / "clients.csv", dtype={"client": str}, keep_default_na=False, na_values=[""], low_memory=False)
    typed.to_parquet(folder / "clients.parquet")
    (folder / "clients.csv").unlink()


def as_text_parquet(folder: Path) -> None:
    pd.read_csv(folder / "clients.csv", dtype=str, keep_default_na=False, na_values=[""]).to_parquet(folder / "clients.parquet")
    (folder / "clients.csv").unlink()


def as_parquet_of_bytes(folder: Path) -> None:
    cells = pd.read_csv(folder / "clients.csv", dtype=str, keep_default_na=False, na_values=[""])
    cells = cells.assign(kind=cells["kind"].map({"personal": "个人", "corporate": "公司"}))
    pa.parquet.write_table(
        pa.table({name: pa.array(cells[name], pa.string(), from_pandas=True).cast(pa.binary()) for name in cells}), folder / "clients.parquet"
    )
    (folder / "clients.csv").unlink()


def in_database(folder: Path) -> None:
    load_sqlite(folder, folder / "bank.db")
    (folder / "clients.csv").unlink()
    (folder / "source.toml").write_text('[clients]\nurl = "sqlite:///bank.db"\nquery = "SELECT * FROM clients"\n', encoding="utf-8")


def under_another_name(folder: Path) -> None:
    (folder / "clients.csv").rename(folder / "crm.csv")
    (folder / "source.toml").write_text('[clients]\nfile = "crm.csv"\n', encoding="utf-8")


def as_workbook(folder: Path) -> None:
    pd.read_csv(folder / "clients.csv", dtype=str, keep_default_na=False, na_values=[""]).to_excel(folder / "clients.xlsx", index=False)
    (folder / "clients.csv").unlink()


def in_chinese(encoding: str, separator: str = ",") -> Callable[[Path], None]:
    """Chinese headings, deposits in 万元, rates in bp, default probability in percent, thousands separators, Chinese words."""

    def rewrite(folder: Path) -> None:
        table = pd.read_csv(folder / "clients.csv", dtype=str, keep_default_na=False)
        wan = table["deposit_avg_cny"].map(lambda cell: f"{float(cell) / 10_000:.8f}".rstrip("0").rstrip(".") if cell else "")
        table = table.assign(
            kind=table["kind"].map({"personal": " 个人", "corporate": "公司　"}),
            deposit_avg_cny=wan,
            deposit_rate_pct=table["deposit_rate_pct"].map(lambda cell: f"{float(cell) * 100:g}" if cell else ""),
            pd=table["pd"].map(lambda cell: f"{float(cell) * 100:g}" if cell else ""),
            loan_avg_cny=table["loan_avg_cny"].map(lambda cell: f"{float(cell):,.2f}" if cell else ""),
            consent=table["consent"].map({"true": "是", "false": "ＮＯ"}),
            fee_income_cny=table["fee_income_cny"].map(lambda cell: f"¥{cell}元" if cell else ""),
        )
        units = {"deposit_avg_cny": "（万元）", "deposit_rate_pct": "(bp)", "pd": "（%）"}
        table.columns = pd.Index([CONTRACTS["clients"].column(name).zh + units.get(name, "") for name in table.columns])
        (folder / "clients.csv").write_text(table.to_csv(index=False, sep=separator, lineterminator="\r\n"), encoding=encoding, newline="")

    return rewrite


FORMS: dict[str, Callable[[Path], None]] = {
    "parquet": as_parquet, "parquet of text": as_text_parquet, "parquet of bytes": as_parquet_of_bytes, "sqlite": in_database, "another name": under_another_name, "workbook": as_workbook,
    "utf-8 with mark": in_chinese("utf-8-sig", ";"), "gb18030": in_chinese("gb18030"), "utf-16": in_chinese("utf-16", "\t"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_table_adds_up_alike(form: str, tmp_path: Path, small: tuple[Path, Book]) -> None:
    policy = with_policy(POLICY, segments={"downgrade_after_months": 6})
    FORMS[form](write(tmp_path, SMALL))
    assert differences(assert_alike(tmp_path, policy), book_totals(small[1], policy)) == ()


def test_the_sample_bank_adds_up_alike_from_parquet(sample: tuple[Book, Policy], tmp_path: Path) -> None:
    book, policy = sample
    shutil.copy(SAMPLE / "clients.csv", tmp_path)
    as_parquet(tmp_path)
    assert straight(tmp_path, book, policy) == book_totals(book, policy)


held = st.integers(0, 9_999_999_999).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
amounts = st.one_of(st.none(), held)
rates = st.integers(0, 9_99).map(lambda bp: f"{bp / 100:.2f}")
shares = st.one_of(st.none(), st.integers(0, 10_000).map(lambda part: f"{part / 10_000:.4f}"))
flags = st.sampled_from(["true", "false"])
tiers = st.sampled_from(["", "gold", "diamond"])
days = st.one_of(st.none(), st.dates(date(2025, 1, 1), POLICY.data_date).map(str))
owed = st.one_of(st.none(), st.integers(-99_999_999, 99_999_999).map(lambda mills: f"{mills / 1000:.3f}"))
client = st.fixed_dictionaries({
    "branch": st.sampled_from(["B1", "B2", "B3"]), "kind": st.sampled_from(["personal", "corporate"]), "deposit_avg_cny": held,
    "deposit_rate_pct": rates, "loan_avg_cny": amounts, "loan_rate_pct": rates, "pd": shares, "lgd": shares, "invest_avg_cny": amounts,
    "fee_income_cny": amounts, "cost_to_serve_cny": amounts, "capital_charge_cny": amounts, "contribution_cny": owed, "contribution_last_cny": owed,
    "consent": flags, "opt_out": flags, "tier_last": tiers, "tier_since": days, "below_since": days,
})  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    drawn=st.lists(client, min_size=1, max_size=12),
    asked=st.sampled_from(["region", "contribution_top20"]),
    calibrated=st.booleans(),
    months=st.integers(0, 12),
)
def test_any_book_adds_up_alike(
    small: tuple[Path, Book], tmp_path: Path, drawn: list[dict[str, str | None]], asked: str, calibrated: bool, months: int
) -> None:
    table = pd.DataFrame(drawn).fillna("")
    table.insert(0, "client", [f"c{place}" for place in range(len(table))])
    (tmp_path / "clients.csv").write_text(table.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    wanted = {"assign": asked, "downgrade_after_months": months, "region_shares": {"gold": 0.5, "diamond": 0.25} if calibrated else {}}
    policy = with_policy(POLICY, segments=wanted)
    reading = examine(tmp_path, policy, tables=("clients",))
    assert reading.faults == []
    book = book_of({**small[1].tables, "clients": reading.frames["clients"]})
    assert differences(straight(tmp_path, book, policy), book_totals(book, policy)) == ()


def test_sums_are_exact_where_floats_are_not(tmp_path: Path) -> None:
    tenths = "".join(f"T{place},B1,personal,0,,,,0.1,true,false,,,M1,\n" for place in range(1000))
    heading, first, _ = TABLES["clients"].split("\n", 2)
    book = read_book(write(tmp_path, {**TABLES, "clients": f"{heading}\n{tenths}{first}\n"}), POLICY)
    group = next(one for one in straight(tmp_path, book, POLICY) if not one.tier)
    assert (group.branch, group.figure("clients"), group.figure("fees")) == ("B1", 1000, 100_00)


def test_empty_rows_and_a_last_row_without_end_are_read_as_for_planning(tmp_path: Path) -> None:
    empty = "," * CLIENTS.split("\n", 1)[0].count(",")
    assert_alike(write(tmp_path, {**SMALL, "clients": f"{CLIENTS}{empty}\n{empty}\n".rstrip("\n")}), POLICY)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("600000,1.5", "600000.123456789,1.5", "totals_cell"),
        ("600000,1.5", "sixty,1.5", "totals_cell"),
        ("600000,1.5", "60_000,1.5", "totals_cell"),
        ("600000,1.5", "nan,1.5", "totals_cell"),
        ("600000,1.5", ",1.5", "totals_cell_missing"),
        ("000123,B1", "000123,B9", "totals_cell"),
        ("B1,personal", "B1,person", "totals_cell"),
        ("true,false,female", "perhaps,false,female", "totals_cell"),
        ("600000,1.5", "600000,1.5,1.5", "totals_unreadable"),
        ("art|golf,M1", 'art|golf,"M1', "totals_unreadable"),
        ("consent", "agreed", "column_missing"),
        ("deposit_rate_pct", "deposit_avg_cny", "heading_twice"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_cannot_be_added_up_exactly_is_refused(small: tuple[Path, Book], tmp_path: Path, old: str, new: str, code: str, encoding: str) -> None:
    (tmp_path / "clients.csv").write_text(changed("clients", old, new)["clients"], encoding=encoding)
    with pytest.raises(DataFaults) as refused:
        straight(tmp_path, small[1], POLICY)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert all(sentence(fault, lang) for fault in refused.value.faults for lang in LANGS)


def test_two_additions_side_by_side_name_what_differs(tmp_path: Path) -> None:
    book = read_book(write(tmp_path, SMALL), POLICY)
    ours = book_totals(book, POLICY)
    grown = read_book(write(tmp_path, changed("clients", "600000.11,1.53", "600000.12,1.53", SMALL)), POLICY)
    found = differences(straight(tmp_path, grown, POLICY), ours)
    assert [(one.branch, one.tier, one.kind, one.figure, one.difference) for one in found if one.figure == "deposit"] == [
        ("B1", "gold", "personal", "deposit", 1)
    ]
    lacking = differences(ours, ours[1:])
    assert {(one.branch, one.tier, one.kind) for one in lacking} == {(ours[0].branch, ours[0].tier, ours[0].kind)}
    assert [one.theirs for one in lacking] == [0] * len(lacking)
    assert together(())[0].figures == (0,) * len(FIGURES)


def test_no_clients_or_two_tables_of_clients_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    shutil.copy(tmp_path / "clients.csv", tmp_path / "clients.txt")
    (tmp_path / "clients.csv").rename(tmp_path / "aside.csv")
    for prepare, code in ((lambda: None, "table_missing"), (lambda: as_two(tmp_path), "table_twice"), (lambda: as_wrong(tmp_path), "source_not_toml")):
        prepare()
        with pytest.raises(DataFaults) as refused, opened(tmp_path, {}) as source:
            nullcontext(source)
        assert refused.value.faults[0].code == code


def as_two(folder: Path) -> None:
    for suffix in ("csv", "parquet"):
        shutil.copy(folder / "aside.csv", folder / f"clients.{suffix}")


def as_wrong(folder: Path) -> None:
    (folder / "source.toml").write_text("[clients", encoding="utf-8")
