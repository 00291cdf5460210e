"""A bank's own export becomes a folder that can be planned with: through the shipped maps, on made-up sources of the same shape."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from planning.book.book import Book
from planning.book.importing import Imported, import_book
from planning.book.intake import examine, read_book
from planning.book.sample import sample_tables
from planning.book.segments import approachable, classify, segments
from planning.errors import DataFaults, PolicyError
from planning.policy import Policy, read
from planning.report.i18n import sentence

MAPS = Path(__file__).parents[2] / "data" / "maps"
BORROWED = ("tiers", "events", "responses", "concessions", "elasticities", "caps", "managers", "cadence", "partners", "policy")
AREAS = ("Prague", "central Bohemia", "east Bohemia", "north Bohemia", "south Bohemia", "west Bohemia", "north Moravia", "south Moravia")
ACCOUNTS = 240


@dataclass(frozen=True)
class Made:
    """An imported folder and what is in it."""

    result: Imported
    policy: Policy
    book: Book

    def client(self, code: str) -> Mapping[str, object]:
        clients = self.book.tables["clients"].set_index("client")
        return dict(clients.loc[code])


def made(source: Path, map_name: str, to: Path) -> Made:
    result = import_book([source], MAPS / map_name, to)
    policy = read(to / "policy.toml")
    return Made(result, policy, read_book(to, policy))


def lines(path: Path, heading: str, rows: Sequence[str]) -> None:
    path.write_text("\r\n".join([heading, *rows, ""]), encoding="utf-8")


@pytest.fixture(scope="session")
def account_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files shaped like the Czech bank's: account n belongs to client n + 1000; account 3 is without features."""
    folder, chance = tmp_path_factory.mktemp("accounts"), random.Random(7)
    accounts = range(1, ACCOUNTS + 1)
    lines(folder / "account.asc", '"account_id";"district_id";"frequency";"date"', [f'{n};{n % 8 + 1};"POPLATEK MESICNE";930101' for n in accounts])
    owners = [f'{n};{n + 1000};{n};"OWNER"' for n in accounts]
    lines(folder / "disp.asc", '"disp_id";"client_id";"account_id";"type"', [*owners, '9001;9001;1;"DISPONENT"'])
    people = [f'{n + 1000};"{"706213" if n % 2 else "450204"}";1' for n in accounts]
    lines(folder / "client.asc", '"client_id";"birth_number";"district_id"', people)
    lines(folder / "district.asc", "A1;A2;A3", [f'{place};"District {place}";"{area}"' for place, area in enumerate(AREAS, start=1)])
    features = [f"{n},{n % 8 + 1},{chance.uniform(8000, 79000)},{chance.uniform(20, 90)},{n % 5 == 0:d},{n % 3}.0" for n in accounts if n != 3]
    lines(folder / "features.csv", "account_id,district_id,balance_mean,tx_count_per_year,has_card,n_orders", features)
    lines(
        folder / "loan.asc",
        '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
        ['1;1;930705;96396;12;8033.00;"C"', '2;2;930705;5000;12;400.00;"A"'],
    )
    lines(folder / "card.asc", '"card_id";"disp_id";"type";"issued"', ['1;5;"gold";931107 00:00:00'])
    return folder


@pytest.fixture(scope="session")
def case_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook shaped like the direct marketing case: 240 clients, flows and revenues for some only, a card in credit."""
    folder, chance = tmp_path_factory.mktemp("case"), random.Random(7)
    workbook = openpyxl.Workbook()
    sheets = {name: workbook.create_sheet(name) for name in ("Soc_Dem", "Products_ActBalance", "Inflow_Outflow", "Sales_Revenues")}
    del workbook["Sheet"]
    sheets["Soc_Dem"].append(["Client", "Sex", "Age", "Tenure"])
    products = ("CA", "SA", "MF", "OVD", "CC", "CL")
    sheets["Products_ActBalance"].append(["Client", *(f"Count_{one}" for one in products), *(f"ActBal_{one}" for one in products)])
    sheets["Inflow_Outflow"].append(["Client", "TransactionsCred", "TransactionsDeb"])
    sheets["Sales_Revenues"].append(["Client", "Revenue_MF", "Revenue_CC"])
    for n in range(1, 241):
        sheets["Soc_Dem"].append([n, "F" if n % 2 else None if n == 2 else "M", 20 + n % 60, n % 200])
        saving, fund, card = chance.uniform(100, 90_000), chance.uniform(0, 50_000) if n % 3 == 0 else None, -15.5 if n == 1 else None
        counts = [1, 1, 1 if fund else None, None, 1 if card else None, None]
        sheets["Products_ActBalance"].append([n, *counts, 1000.0, saving, fund, None, card, 500.0 if n == 4 else None])
        if n % 10:
            sheets["Inflow_Outflow"].append([n, 4, 6])
        if n % 5:
            sheets["Sales_Revenues"].append([n, 2.5, 1.0])
    workbook.save(folder / "case_book.xlsx")
    return folder


@pytest.fixture(scope="session")
def accounts(account_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(account_bank, "berka.toml", tmp_path_factory.mktemp("imported") / "accounts")


@pytest.fixture(scope="session")
def case(case_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(case_book / "case_book.xlsx", "direct_marketing.toml", tmp_path_factory.mktemp("imported") / "case")


def test_accounts_become_clients_with_joined_and_computed_columns(accounts: Made) -> None:
    client = accounts.client("1001")
    assert (client["branch"], client["kind"], client["sex"], client["age"]) == ("central_bohemia", "personal", "female", 28)
    assert (client["loan_avg_cny"], client["pd"], client["products"]) == (48_198, 0.01, ("deposit", "loan", "standing_order"))
    assert (accounts.client("1002")["sex"], accounts.client("1002")["loan_avg_cny"]) == ("male", 0)
    assert accounts.client("1005")["fee_income_cny"] == 6 * (5 % 3) + 300
    assert str(client["since"]) == "1993-01-01"


def test_rows_without_a_match_are_left_out_and_counted(accounts: Made) -> None:
    assert accounts.result.clients == ACCOUNTS - 1
    assert [(note.code, note.count, note.values["source"]) for note in accounts.result.notes] == [("rows_without_match", 1, "features")]
    assert sentence(accounts.result.notes[0], "en") == "Table Clients (clients): 1 rows left out for lack of a row in source features."


def test_what_is_borrowed_is_said_in_the_result_and_in_the_folder(accounts: Made) -> None:
    assert accounts.result.borrowed == BORROWED
    assert accounts.book.borrowed == BORROWED
    assert accounts.book.names == ("捷克账户行（导入样书）", "The Czech account bank (imported book)")
    assert not accounts.book.sample


def test_borrowed_tables_are_dated_no_later_than_the_data(accounts: Made) -> None:
    assert (accounts.policy.year, str(accounts.policy.data_date), str(accounts.policy.calendar.approved_on)) == (1999, "1998-12-31", "1999-01-15")
    for table in ("tiers", "responses", "elasticities", "caps"):
        assert accounts.book.tables[table]["as_of"].max() <= accounts.policy.data_date


def test_borrowed_money_stands_to_contribution_as_in_the_sample_bank(accounts: Made) -> None:
    factor = accounts.result.money_factor
    assert 0 < factor < 1
    theirs = sample_tables(8, ACCOUNTS, with_clients=False)["events"].set_index("event")["fixed_cost_cny"].astype(float)
    ours = accounts.book.tables["events"].set_index("event")["fixed_cost_cny"]
    assert ours.to_dict() == pytest.approx({event: theirs[event] * factor for event in ours.index}, abs=0.006)


def test_every_branch_has_managers_enough_for_the_visits(accounts: Made, case: Made) -> None:
    for one in (accounts, case):
        tables = one.book.tables
        visits = (tables["cadence"]["visits_year"] * tables["cadence"]["hours_visit"]).groupby(tables["cadence"]["tier"]).sum()
        clients = approachable(classify(one.book, one.policy))
        needed = clients["tier"].map(visits).groupby(clients["branch"]).sum()
        there = tables["managers"].groupby("branch")["hours_year"].sum()
        assert (there.reindex(needed.index) >= needed).all()
        assert set(there.index) == set(tables["branches"]["branch"])


def test_tiers_hold_the_shares_the_map_asks_for(accounts: Made) -> None:
    clients = classify(accounts.book, accounts.policy)
    shares = {"gold": 0.60, "platinum": 0.25, "diamond": 0.08, "private": 0.025}
    for rank, share in enumerate(shares.values(), start=1):
        assert (clients["rank"] >= rank).mean() == pytest.approx(share, abs=0.01)


def test_a_case_book_of_several_sheets_becomes_clients(case: Made) -> None:
    first = case.client("0001")
    assert (first["sex"], first["branch"], first["loan_avg_cny"], first["fee_income_cny"]) == ("female", "new", 0, 3.5)
    assert first["products"] == ("current_account", "saving_account", "credit_card")
    assert 0.3 < float(str(first["deposit_rate_pct"])) < 1.5
    assert str(case.client("0002")["sex"]) == "nan"
    assert (case.client("0004")["loan_avg_cny"], case.client("0004")["loan_rate_pct"]) == (500, 8)
    assert case.client("0010")["cost_to_serve_cny"] == 0
    assert case.client("0150")["branch"] == "long_standing"


def test_imported_folders_have_no_faults_and_segments_to_plan_for(accounts: Made, case: Made) -> None:
    for one in (accounts, case):
        assert examine(one.result.folder, one.policy).faults == []
        assert len(segments(approachable(classify(one.book, one.policy)))) >= 10


def test_the_same_export_gives_the_same_bytes(account_bank: Path, accounts: Made, tmp_path: Path) -> None:
    again = import_book([account_bank], MAPS / "berka.toml", tmp_path / "again").folder
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {path.name: path.read_bytes() for path in accounts.result.folder.iterdir()}


def refusal(source: Path, map_text: str, folder: Path) -> list[str]:
    """The codes of the faults an import is refused with; nothing may be written."""
    (folder / "map.toml").write_text(map_text, encoding="utf-8")
    to = folder / "to"
    with pytest.raises((DataFaults, PolicyError)) as refused:
        import_book([source], folder / "map.toml", to)
    assert not to.exists()
    for fault in refused.value.faults:
        assert sentence(fault, "zh")
        assert sentence(fault, "en")
    return [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("[bank]", "[bnk]", ["map_field_wrong", "map_field_wrong"]),
        ("[bank]", "[bank", ["map_not_toml"]),
        ("kind = \"'personal'\"", "knd = \"'personal'\"", ["map_unknown_name_near"]),
        ('source = "accounts"', 'source = "acounts"', ["map_unknown_name_near"]),
        ("gold = 0.60", "golden = 0.60", ["map_unknown_name_near"]),
        ("gold = 0.60", "gold = 60", ["map_field_wrong"]),
        ('"loan.asc"', '"loans.asc"', ["source_missing"]),
        ('{ source = "owners", on = "account_id" }', '{ source = "owners", on = "account" }', ["join_key_missing"]),
        (", keep = \"type == 'OWNER'\"", "", ["join_repeats"]),
        ("max(balance_mean, 0)", "max(balance_men, 0)", ["expression_unknown_name_near"]),
        ("max(balance_mean, 0)", "max(accounts.frequency, 0)", ["expression_not_a_number"]),
        ("max(balance_mean, 0)", "balance_mean ** 2", ["expression_unreadable"]),
        ("type == 'OWNER'", "type", ["expression_unreadable"]),
        ('"Prague" = "prague"', '"Praha" = "prague"', ["value_not_mapped"]),
        ("kind = \"'personal'\"", "", ["column_missing"]),
        ("max(balance_mean, 0)", "0 - balance_mean", ["import_unfit", "negative"]),
        ("year = 1999", "year = 1889", ["parameter_out_of_bounds"]),
        ("year = 1999", "yer = 1999", ["parameter_unknown_near"]),
    ],
)
def test_a_mistake_in_the_map_is_refused(account_bank: Path, tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    text = (MAPS / "berka.toml").read_text(encoding="utf-8")
    assert old in text
    assert refusal(account_bank, text.replace(old, new, 1), tmp_path) == codes


def test_rows_of_a_refusal_are_those_of_the_source(account_bank: Path, tmp_path: Path) -> None:
    text = (MAPS / "berka.toml").read_text(encoding="utf-8").replace("round(max(balance_mean, 0))", "choose(account_id == 7, -1, balance_mean)", 1)
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFaults) as refused:
        import_book([account_bank], tmp_path / "map.toml", tmp_path / "to")
    assert [(fault.code, fault.column, fault.rows) for fault in refused.value.faults][1:] == [("negative", "deposit_avg_cny", (8,))]


def test_a_folder_with_files_is_never_written_into(account_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataFaults) as refused:
        import_book([account_bank], MAPS / "berka.toml", tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["target_not_empty"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
