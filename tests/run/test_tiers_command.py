"""The command tiers: what it shows, what it writes, and what it refuses."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from planning.book.intake import read_book
from planning.book.segments import classify
from planning.cli.app import app
from planning.errors import DataFaults, PolicyError, RunFailed
from planning.policy import read


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["tiers", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize(("lang", "words"), [("zh", ("全国标准", "无层级", "贡献前", "升级")), ("en", ("national standard", "No tier", "Gini", "rose"))])
def test_three_standards_and_migration_in_both_languages(small_bank: Path, lang: str, words: tuple[str, ...]) -> None:
    shown = told("--data", str(small_bank), "--lang", lang)
    assert all(word in shown for word in words)


def test_a_proposal_written_out_takes_the_place_of_the_table_of_tiers(small_bank: Path, tmp_path: Path) -> None:
    shown = told("--data", str(small_bank), "--propose", "--share", "gold=0.5,supreme=0.004", "--out", str(tmp_path / "proposal.csv"))
    assert "50.0%" in shown
    bank = shutil.copytree(small_bank, tmp_path / "bank")
    (bank / "tiers.csv").unlink()
    shutil.copy(tmp_path / "proposal.csv", bank / "tiers.csv")
    rules = read(bank / "policy.toml")
    clients = classify(read_book(bank, rules), rules)
    for _, region in clients.groupby("region"):
        assert (region["tier"] != "").mean() == pytest.approx(0.5, abs=0.06)


def test_the_record_of_tiers_fits_the_next_book(small_bank: Path, tmp_path: Path) -> None:
    told("--data", str(small_bank), "--record", str(tmp_path / "record.csv"))
    bank = shutil.copytree(small_bank, tmp_path / "bank")
    clients = pd.read_csv(bank / "clients.csv", dtype=str, keep_default_na=False)
    record = pd.read_csv(tmp_path / "record.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    renewed = clients.drop(columns=["tier_last", "tier_since", "below_since"]).merge(record, on="client", validate="1:1")
    renewed.to_csv(bank / "clients.csv", index=False)
    rules = read(bank / "policy.toml")
    again = classify(read_book(bank, rules), rules)
    assert (again["tier"] == again["tier_last"].fillna("")).all()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--propose", "--share", "gold"), "tier_share_malformed"),
        (("--propose", "--share", "gold=1.5"), "tier_share_malformed"),
        (("--propose", "--share", "golden=0.1"), "tier_share_unknown"),
        (("--propose", "--share", "gold=0.1,private=0.2"), "shares_not_falling"),
        (("--share", "gold=0.1"), "option_needs_propose"),
        (("--out", "x.csv"), "option_needs_propose"),
    ],
)
def test_what_is_refused(small_bank: Path, arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        told("--data", str(small_bank), *arguments)
    assert refused.value.faults[0].code == code


def test_a_file_that_is_there_is_not_written_over(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("mine", encoding="utf-8")
    for option in (("--propose", "--out"), ("--record",)):
        with pytest.raises(DataFaults):
            told("--data", str(small_bank), *option, str(tmp_path / "kept.csv"))
    assert (tmp_path / "kept.csv").read_text(encoding="utf-8") == "mine"


def test_the_record_of_tiers_names_clients_and_is_never_put_beside_a_published_plan(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataFaults, match="export_into_plan"):
        told("--data", str(small_bank), "--record", str(tmp_path / "record.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_where_the_record_of_tiers_cannot_be_written_is_told(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(RunFailed, match="out_not_writable folder=file"):
        told("--data", str(small_bank), "--record", str(tmp_path / "file" / "record.csv"))
