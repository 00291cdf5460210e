"""Each mistake in the tables is one fault that names the mistake, the table, the column and the rows; all come at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from small_bank import POLICY, TABLES, changed, write

from planning.book.contracts import CONTRACTS
from planning.book.intake import examine, read_book
from planning.errors import DataFaults, Fault
from planning.policy import Policy
from planning.report.i18n import sentence

Place = tuple[str, str, str, tuple[int, ...]]

CHANGES: list[tuple[str, str, str, Place]] = [
    # headings
    ("clients", "deposit_avg_cny", "deposits_avg_cny", ("column_missing_near", "clients", "deposit_avg_cny", ())),
    ("clients", ",consent,", ",agreed,", ("column_missing", "clients", "consent", ())),
    ("concessions", ",max_pd", ",min_grade", ("heading_twice", "concessions", "min_grade", ())),
    # cells
    ("clients", "600000,1.5", "60w,1.5", ("not_a_number", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "6⁵00000,1.5", ("not_a_number", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", '"60,00",1.5', ("not_a_number", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "600000%,1.5", ("unit_in_cell", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "$600000,1.5", ("not_a_number", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "nan,1.5", ("not_finite", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "1e999,1.5", ("not_finite", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", ",1.5", ("value_missing", "clients", "deposit_avg_cny", (2,))),
    ("clients", "600000,1.5", "-600000,1.5", ("negative", "clients", "deposit_avg_cny", (2,))),
    ("clients", "true,false,female", "perhaps,false,female", ("not_yes_no", "clients", "consent", (2,))),
    ("clients", "true,false,female", ",false,female", ("value_missing", "clients", "consent", (2,))),
    ("clients", "true,false,female", "true,false,woman", ("not_a_choice", "clients", "sex", (2,))),
    ("clients", "art|golf", "art；golf", ("not_a_list", "clients", "interests", (2,))),
    ("clients", "2019-03-01", "01.03.2019", ("date_order", "clients", "since", (2,))),
    ("clients", "2019-03-01", "2019-02-30", ("not_a_date", "clients", "since", (2,))),
    ("clients", "330102199001011234", "3.30102E+17", ("digits_lost", "clients", "client", (6,))),
    ("clients", "\nC8,", '\n"C\n8",', ("line_break", "clients", "client", (9,))),
    ("managers", "M1,B1,4", "M1,B1,4.5", ("not_whole", "managers", "grade", (2,))),
    ("managers", "M1,B1,4", "M1,B1,7", ("out_of_bounds", "managers", "grade", (2,))),
    ("events", "3|4|9", "3|4|13", ("not_a_month", "events", "months", (2,))),
    ("events", "3|4|9", "spring", ("not_a_month", "events", "months", (2,))),
    ("events", ",8000,", ",-8000,", ("negative", "events", "fixed_cost_cny", (2,))),
    ("events", "Art evening,branch", "Art evening,town", ("not_a_choice", "events", "host", (2,))),
    ("responses", "0.05", "5", ("not_a_share", "responses", "uplift_share", (2,))),
    ("responses", "0.05", "-0.05", ("not_a_share", "responses", "uplift_share", (2,))),
    # rows
    ("clients", "600000,1.5", "600,000,1.5", ("row_width", "clients", "", (2,))),
    ("clients", "C8,B3,corporate,650000", "C8,B3,corporate", ("row_width", "clients", "", (9,))),
    ("clients", "\n123,", "\n000123,", ("duplicate_key", "clients", "client", (2, 3))),
    ("cadence", "diamond,manager", "gold,manager", ("duplicate_key", "cadence", "tier", (2, 3))),
    # references
    ("clients", "\n123,B1", "\n123,B9", ("unknown_reference", "clients", "branch", (3,))),
    ("clients", "M1,2019", "Zhang,2019", ("unknown_reference", "clients", "manager", (2,))),
    ("managers", "M2,B2", "M2,west", ("unknown_reference", "managers", "branch", (3,))),
    ("tiers", "south,gold", "east,gold", ("unknown_reference", "tiers", "region", (4,))),
    ("events", "gold|diamond,personal", "gold|dimond,personal", ("unknown_reference_near", "events", "tiers", (2,))),
    ("events", "art_evening,knowledge", "art_evening,knowlege", ("unknown_reference_near", "events", "family", (2,))),
    ("events", "diamond,personal|corporate", "diamond,personal|firms", ("not_a_choice", "events", "kinds", (3,))),
    ("responses", "gold,personal", "golden,personal", ("unknown_reference_near", "responses", "tier", (2,))),
    ("elasticities", "gold,personal", "silver,personal", ("unknown_reference", "elasticities", "tier", (2,))),
    ("cadence", "gold,manager", "silver,manager", ("unknown_reference", "cadence", "tier", (2,))),
    ("partners", "knowledge", "health", ("unknown_reference", "partners", "families", (2,))),
    ("invitations", "000123", "999", ("unknown_reference", "invitations", "client", (2,))),
    ("invitations", "art_evening", "opera", ("unknown_reference", "invitations", "event", (2,))),
    # sense
    ("events", "300,2,20", "300,30,20", ("least_above_most", "events", "min_guests", (2,))),
    ("responses", "2026-06-30\ndiamond,personal", "2026-11-02\ndiamond,personal", ("after_data_date", "responses", "as_of", (2,))),
    ("tiers", "*,diamond,2", "*,diamond,1", ("rank_repeated", "tiers", "rank", (2, 3))),
    ("tiers", "south,diamond,2", "south,diamond,3", ("rank_differs", "tiers", "rank", (3, 5))),
    ("tiers", "5000000", "500000", ("thresholds_not_rising", "tiers", "min_assets_cny", (3,))),
    ("tiers", "5000000", "400000", ("thresholds_not_rising", "tiers", "min_assets_cny", (3,))),
    ("branches", "B1,north", "B1,*", ("region_reserved", "branches", "region", (2,))),
    ("clients", "600000,1.5", "600000,", ("rate_missing", "clients", "deposit_rate_pct", (2,))),
    ("clients", "100000,4.1", "100000,", ("rate_missing", "clients", "loan_rate_pct", (3,))),
    ("concessions", "fee_waiver,0,0,", "fee_waiver,0,0.1,", ("level_zero_gives", "concessions", "depth", (4,))),
    ("concessions", "deposit_premium,1,10", "deposit_premium,1,0", ("depth_not_rising", "concessions", "depth", (3,))),
    ("concessions", "fee_waiver,1,0.2", "fee_waiver,1,20", ("not_a_share", "concessions", "depth", (5,))),
]  # fmt: skip


def place(fault: Fault) -> Place:
    return fault.code, fault.table, fault.column, fault.rows


def faults_of(folder: Path, tables: Mapping[str, str], policy: Policy = POLICY) -> list[Fault]:
    return examine(write(folder, tables), policy).faults


@pytest.mark.parametrize(("table", "old", "new", "expected"), CHANGES, ids=[f"{expected[0]}-{table}-{new}" for table, _, new, expected in CHANGES])
def test_one_mistake_is_one_fault_with_its_place(tmp_path: Path, table: str, old: str, new: str, expected: Place) -> None:
    faults = faults_of(tmp_path, changed(table, old, new))
    assert [place(fault) for fault in faults] == [expected]
    for lang in ("zh", "en"):
        assert "{" not in sentence(faults[0], lang)


@pytest.mark.parametrize("table", [name for name, contract in CONTRACTS.items() if contract.required])
def test_a_missing_table_is_one_fault(tmp_path: Path, table: str) -> None:
    faults = faults_of(tmp_path, {name: content for name, content in TABLES.items() if name != table})
    assert [place(fault) for fault in faults] == [("table_missing", table, "", ())]


def test_a_table_without_rows_is_one_fault(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {**TABLES, "caps": TABLES["caps"].splitlines()[0] + "\n"})
    assert [place(fault) for fault in faults] == [("table_empty", "caps", "", ())]


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    write(tmp_path, TABLES)
    (tmp_path / "caps.xlsx").write_bytes(b"")
    assert [place(fault) for fault in examine(tmp_path, POLICY).faults] == [("table_twice", "caps", "", ())]


@pytest.mark.parametrize(
    ("content", "code", "rows"),
    [
        (b"product,\xff\xff\n", "encoding_unreadable", (1,)),
        (b'product,bank_type,cap_bp,as_of,source\n"deposit_premium,*,20,2026-01-01,x\n', "quote_open", (2,)),
        (b"", "table_without_heading", ()),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(tmp_path: Path, content: bytes, code: str, rows: tuple[int, ...]) -> None:
    write(tmp_path, TABLES)
    (tmp_path / "caps.csv").write_bytes(content)
    assert [place(fault) for fault in examine(tmp_path, POLICY).faults] == [(code, "caps", "", rows)]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_damaged_workbook_or_parquet_file_is_one_fault(tmp_path: Path, suffix: str) -> None:
    write(tmp_path, {name: content for name, content in TABLES.items() if name != "caps"})
    (tmp_path / f"caps{suffix}").write_bytes(b"PK damaged")
    assert [place(fault) for fault in examine(tmp_path, POLICY).faults] == [("table_unreadable", "caps", "", ())]


def test_rows_are_told_as_the_file_shows_them_blank_lines_and_all(tmp_path: Path) -> None:
    spaced = TABLES["managers"].replace("M2,B2,3", "\n,,,\nM2,B2,9")
    assert [place(fault) for fault in faults_of(tmp_path, {**TABLES, "managers": spaced})] == [("out_of_bounds", "managers", "grade", (5,))]


def test_a_very_long_cell_is_not_repeated_whole(tmp_path: Path) -> None:
    write(tmp_path, changed("clients", "600000,1.5", "6" * 30_000 + "x,1.5"))
    (fault,) = examine(tmp_path, POLICY).faults
    assert (fault.code, fault.values["value"]) == ("not_a_number", "6" * 100 + "…")


def test_the_first_five_rows_and_the_count_are_told(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {**TABLES, "clients": TABLES["clients"].replace("personal", "private")})
    assert [(fault.code, fault.rows, fault.count) for fault in faults] == [("not_a_choice", (2, 3, 4, 5, 6), 6)]


def test_a_region_without_own_tiers_needs_the_national_standard(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        {
            **TABLES,
            "tiers": TABLES["tiers"]
            .replace("*,", "south,")
            .replace("south,gold,1,金卡,Gold,500000,,2026-01-01\nsouth,diamond,2,钻石,Diamond,5000000,,2026-01-01\n", ""),
        },
    )
    assert [place(fault) for fault in faults] == [("no_standard", "branches", "region", (2, 3))]


def test_what_the_policy_names_must_exist(tmp_path: Path) -> None:
    policy = POLICY.with_parameters({"floors_tier": {"dimond": 0.2}, "must_hold": [{"event": "ball", "month": 12}]})
    faults = faults_of(tmp_path, TABLES, policy)
    assert [place(fault) for fault in faults] == [
        ("policy_reference_near", "policy", "floors.tier", ()),
        ("policy_reference", "policy", "calendar.must_hold", ()),
    ]
    assert faults[0].values["nearest"] == "diamond"


def test_shares_of_tiers_name_known_tiers_and_fall_with_rank(tmp_path: Path) -> None:
    shares = {"gold": 0.1, "diamond": 0.2, "dimond": 0.05}
    faults = faults_of(tmp_path, TABLES, POLICY.with_parameters({"region_shares": shares}))
    assert [place(fault) for fault in faults] == [
        ("policy_reference_near", "policy", "segments.region_shares", ()),
        ("shares_not_falling", "policy", "segments.region_shares", ()),
    ]
    assert faults[1].values == {"lower": "gold", "higher": "diamond"}


def test_a_buffer_that_nobody_keeps_the_dates_for_is_noted(tmp_path: Path) -> None:
    policy = POLICY.with_parameters({"downgrade_after_months": 6})
    write(tmp_path / "without")
    assert [note.code for note in examine(tmp_path / "without", policy).notes] == ["buffer_without_dates"]
    assert examine(tmp_path / "without", POLICY).notes == []
    tables = changed("clients", "manager,since\n", "manager,below_since\n")
    write(tmp_path / "with", tables)
    assert examine(tmp_path / "with", policy).notes == []


def test_history_needs_a_branch_or_a_region_and_an_event_or_a_concession(tmp_path: Path) -> None:
    history = "year,branch,region,event,concession,cost_cny\n2026,B1,,gala,,100\n2026,,,gala,,100\n2026,,south,,,5\n"
    faults = faults_of(tmp_path, {**TABLES, "history": history})
    assert [place(fault) for fault in faults] == [("either_missing", "history", "branch", (3,)), ("either_missing", "history", "event", (4,))]


def test_a_rate_ceiling_on_no_concession_is_noted(tmp_path: Path) -> None:
    reading = examine(write(tmp_path, changed("caps", "deposit_premium", "deposit_premum")), POLICY)
    assert (reading.faults, [place(note) for note in reading.notes]) == ([], [("cap_not_used", "caps", "product", (2,))])


def test_all_faults_of_all_tables_come_at_once_in_the_order_of_the_tables(tmp_path: Path) -> None:
    tables = {**TABLES, "clients": TABLES["clients"].replace("600000,1.5", "-1,x"), "events": TABLES["events"].replace(",20,", ",1,").replace("branch", "town")}
    del tables["caps"]
    with pytest.raises(DataFaults) as refused:
        read_book(write(tmp_path, tables), POLICY)
    assert [place(fault) for fault in refused.value.faults] == [
        ("not_a_number", "clients", "deposit_rate_pct", (2,)),
        ("negative", "clients", "deposit_avg_cny", (2,)),
        ("not_a_choice", "events", "host", (2,)),
        ("least_above_most", "events", "min_guests", (2,)),
        ("table_missing", "caps", "", ()),
    ]
    assert refused.value.exit_code == 2


def test_a_missing_folder_is_one_fault(tmp_path: Path) -> None:
    assert [place(fault) for fault in examine(tmp_path / "nowhere", POLICY).faults] == [("folder_missing", "", "", ())]


@pytest.mark.parametrize(
    ("text", "code"),
    [("borrowed = [", "origin_not_toml"), ("borrowed = 3", "origin_not_toml"), ('borrowed = ["party"]', "origin_unknown_table")],
)
def test_a_wrong_origin_is_one_fault(tmp_path: Path, text: str, code: str) -> None:
    write(tmp_path, TABLES)
    (tmp_path / "origin.toml").write_text(text, encoding="utf-8")
    assert [fault.code for fault in examine(tmp_path, POLICY).faults] == [code]
