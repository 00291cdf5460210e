"""What a column map can do beyond the shipped ones: encodings, rows kept, distinct tables, own tables, tiers by amount or by region."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from planning.book.foreign.borrowing import policy_text
from planning.book.importing import import_book
from planning.book.intake import read_book
from planning.errors import DataFaults
from planning.policy import read

EXPORT = "户号;网点;片区;类别;活期;定期;状态\n" + "".join(
    f'{place:05d};{"城东" if place % 2 else "海口"};{"北区" if place % 2 else "南区"};{"对私" if place % 5 else "对公"};{place * 1000};"{place * 1000:,}";{"销户" if place == 40 else "正常"}\n'
    for place in range(1, 81)
)

MAP = """
[bank]
name_zh = "甲行"
name_en = "Bank A"

[sources]
export = { file = "客户.csv", separator = ";", encoding = "gb18030" }

[tables.branches]
source = "export"
distinct = true

[tables.branches.columns]
branch = "网点"
region = "片区"
name_zh = "join(网点, '支行')"
name_en = "lookup(网点, 'english')"

[tables.clients]
source = "export"
keep = "状态 != '销户'"

[tables.clients.columns]
client = "户号"
branch = "网点"
kind = "choose(类别 == '对公', 'corporate', 'personal')"
deposit_avg_cny = "活期 + 定期"
deposit_rate_pct = "1.2"
consent = "given(户号)"

[values.english]
"城东" = "East"
"海口" = "Haikou"

[tiers]
"""


def imported(folder: Path, tiers: str, more: str = "") -> Path:
    (folder / "客户.csv").write_text(EXPORT, encoding="gb18030")
    (folder / "map.toml").write_text(MAP + tiers + more, encoding="utf-8")
    return import_book([folder / "客户.csv"], folder / "map.toml", folder / "to").folder


def tiers_of(folder: Path) -> dict[tuple[str, str], float]:
    tiers = read_book(folder, read(folder / "policy.toml")).tables["tiers"]
    return dict(zip(zip(tiers["region"], tiers["tier"], strict=True), tiers["min_assets_cny"], strict=True))


def test_a_chinese_export_in_gb18030_is_read_with_its_own_headings(tmp_path: Path) -> None:
    folder = imported(tmp_path, "amounts = { gold = 40_000, private = 120_000 }")
    book = read_book(folder, read(folder / "policy.toml"))
    assert book.tables["branches"][["branch", "region", "name_zh", "name_en"]].to_numpy().tolist() == [
        ["城东", "北区", "城东支行", "East"],
        ["海口", "南区", "海口支行", "Haikou"],
    ]
    clients = book.tables["clients"].set_index("client")
    assert len(clients) == 79
    assert "00040" not in clients.index
    assert (clients.loc["00080", "deposit_avg_cny"], clients.loc["00080", "kind"]) == (160_000, "corporate")
    assert clients["consent"].all()


def test_given_amounts_are_the_banks_own_tiers(tmp_path: Path) -> None:
    folder = imported(tmp_path, "amounts = { gold = 40_000, private = 120_000 }")
    assert tiers_of(folder) == {("*", "gold"): 40_000, ("*", "private"): 120_000}
    book = read_book(folder, read(folder / "policy.toml"))
    assert "tiers" not in book.borrowed
    assert {tier for tiers in book.tables["events"]["tiers"] for tier in tiers} == {"gold", "private"}


def test_top_shares_can_be_taken_in_each_region(tmp_path: Path) -> None:
    own = tiers_of(imported(tmp_path, 'top_shares = { gold = 0.5 }\nper = "region"'))
    assert set(own) == {("*", "gold"), ("北区", "gold"), ("南区", "gold")}
    assert own["北区", "gold"] < own["南区", "gold"]


def test_tables_the_map_writes_out_are_not_borrowed(tmp_path: Path) -> None:
    managers = '\n[[rows.managers]]\nmanager = "007"\nbranch = "城东"\ngrade = 6\nhours_year = 1200\n\n[[rows.managers]]\nmanager = "008"\nbranch = "海口"\ngrade = 2\nhours_year = 900.5\n'
    folder = imported(tmp_path, "top_shares = { gold = 0.5 }", managers)
    book = read_book(folder, read(folder / "policy.toml"))
    assert book.tables["managers"].to_numpy().tolist() == [["007", "城东", 6, 1200.0], ["008", "海口", 2, 900.5]]
    assert "managers" not in book.borrowed


def test_the_policy_of_the_map_stands_over_what_is_fitted(tmp_path: Path) -> None:
    folder = imported(tmp_path, "top_shares = { gold = 0.5 }", "\n[policy.budget]\nevent_cny = 12345\n[policy.caps]\ntier = {}\n")
    policy = read(folder / "policy.toml")
    assert (policy.budget.event_cny, policy.caps.tier) == (12_345, {})
    assert policy.budget.concession_cny > 0


def test_a_policy_with_chinese_codes_is_written_so_that_it_can_be_read() -> None:
    policy = {"year": 2027, "caps": {"tier": {"金卡": 0.5, "gold 2": 0.4}}, "calendar": {"must_hold": [{"event": "答谢", "month": 12}]}}
    assert tomllib.loads(policy_text(policy)) == policy


@pytest.mark.parametrize(
    ("tiers", "more"),
    [
        ("", ""),
        ("amounts = { gold = 1 }\ntop_shares = { gold = 0.5 }", ""),
        ("top_shares = { gold = 0.5 }", "\n[sources.x]\nfile = 'x.csv'\nencoding = 'utf-9'\n"),
        ("top_shares = { gold = 0.5 }", "\n[sources.x]\nfile = 'x.csv'\nencoding = 'hex'\n"),
        ("top_shares = { gold = 0.5 }", "\n[sources.x]\nfile = 'x.csv'\nseparator = '，'\n"),
    ],
)
def test_what_no_map_may_say_is_refused(tmp_path: Path, tiers: str, more: str) -> None:
    with pytest.raises(DataFaults) as refused:
        imported(tmp_path, tiers, more)
    assert [fault.code for fault in refused.value.faults] == ["map_field_wrong"]


def test_a_map_that_is_not_there_or_makes_no_clients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFaults) as refused:
        import_book([tmp_path], tmp_path / "none.toml", tmp_path / "to")
    assert [fault.code for fault in refused.value.faults] == ["map_missing"]
    (tmp_path / "map.toml").write_text('[bank]\nname_zh = "甲"\nname_en = "A"\n[sources]\n[tables]\n', encoding="utf-8")
    with pytest.raises(DataFaults) as refused:
        import_book([tmp_path], tmp_path / "map.toml", tmp_path / "to")
    assert [(fault.code, fault.table) for fault in refused.value.faults] == [("map_without_table", "branches"), ("map_without_table", "clients")]


def test_parquet_is_a_source_too(tmp_path: Path) -> None:
    pd.DataFrame({"id": ["a", "b"], "amount": [700_000.0, 6_000_000.0]}).to_parquet(tmp_path / "export.parquet", index=False)
    text = MAP[: MAP.index("[sources]")] + (
        '[sources]\nexport = { file = "export.parquet" }\n[tables.clients]\nsource = "export"\n[tables.clients.columns]\nclient = "id"\nbranch = "\'b\'"\n'
        'kind = "\'personal\'"\ndeposit_avg_cny = "amount"\ndeposit_rate_pct = "1"\nconsent = "\'yes\'"\n'
        '[[rows.branches]]\nbranch = "b"\nregion = "r"\nname_zh = "乙"\nname_en = "B"\n'
    )
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    made = import_book([tmp_path], tmp_path / "map.toml", tmp_path / "to")
    assert read_book(made.folder, read(made.folder / "policy.toml")).tables["clients"]["deposit_avg_cny"].tolist() == [700_000, 6_000_000]
    assert "tiers" in made.borrowed
