"""The event pool as a bank uses it: kept over runs, closed with its history, handed to each manager alone, and silent about clients elsewhere."""

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planning.book.alerts import AlertSettings, read_alert_settings
from planning.book.sample import write_sample
from planning.cli import main
from planning.errors import Busy, DataFaults, RunFailed
from planning.run import event_handover, event_pool
from tests.book.small_bank import TABLES, write

TODAY = date(2026, 11, 1)
POLICY = "year = 2027\ndata_date = 2026-11-01\n[budget]\nevent_cny = 500_000\nconcession_cny = 300_000\n"
HOSTILE = ("=1+1", "+7", "-3", "@SUM(A1)", "＝1", "'quoted", '<b>"&', "[red]x", "a|b", "330102199001011234")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A bank whose clients have hostile numbers and have all lost most of their deposits."""
    folder = tmp_path / "data" / "ours"
    head = TABLES["clients"].splitlines()[0]
    now = [f'"{name.replace(chr(34), chr(34) * 2)}",B{at % 3 + 1},personal,100000,2.3,,,0,true,,male,,{_manager(at)},' for at, name in enumerate(HOSTILE)]
    write(folder, {**{name: text for name, text in TABLES.items() if name != "invitations"}, "clients": "\n".join([head, *now, ""])})
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    write(folder / "before", {"clients": "\n".join([head, *(line.replace(",100000,", ",900000,") for line in now), ""])})
    (folder / "before" / "policy.toml").write_text("data_date = 2026-01-01\n", encoding="utf-8")
    return folder


def _manager(at: int) -> str:
    return "" if at % 3 == 2 else f"M{at % 3 + 1}"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `planning alerts …` in an empty folder: exit code, what it told, what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("COLUMNS", "200")

    def alerts(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planning", "alerts", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return int(str(left.value.code)), told.out, told.err

    return alerts


def test_the_pool_keeps_every_cell_as_it_was(data: Path, tmp_path: Path) -> None:
    made, former = event_pool.refresh(tmp_path, data, None)
    assert former is not None
    assert len(made.pool.alerts) == len(HOSTILE)
    assert event_pool.read_pool(tmp_path) == made.pool
    assert {alert.client for alert in made.pool.alerts} == set(HOSTILE)
    with (tmp_path / "event_pool" / "alerts.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "＝")) or re.match(r"-[^0-9]", cell)]
    before = (tmp_path / "event_pool" / "alerts.csv").read_bytes()
    event_pool.refresh(tmp_path, data, None)
    assert (tmp_path / "event_pool" / "alerts.csv").read_bytes() == before
    assert {path.name for path in (tmp_path / "event_pool").iterdir()} == {"alerts.csv", "bank.json", "lock"}


def test_each_manager_gets_own_clients_as_text_and_numbers(data: Path, tmp_path: Path) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)
    for lang in ("zh", "en"):
        files = event_handover.deliver(made.pool, tmp_path / "hand", lang)
        assert [path.name for path in files] == ["alerts-branch-B3.xlsx", "alerts-manager-M1.xlsx", "alerts-manager-M2.xlsx"]
        seen: list[str] = []
        for path in files:
            page = load_workbook(path).active
            assert page is not None
            _, *rows = page.iter_rows()
            owner = path.stem.rpartition("-")[2]
            own = {alert.client for alert in made.pool.alerts if alert.owner == owner}
            assert {row[1].value for row in rows} == own
            assert all(row[1].data_type == "s" and row[3].data_type == "n" and row[7].is_date for row in rows)
            seen += [str(row[1].value) for row in rows]
        assert sorted(seen) == sorted(HOSTILE)


def test_a_later_delivery_leaves_nothing_of_an_earlier_one(data: Path, tmp_path: Path) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)
    hand = tmp_path / "hand"
    event_handover.deliver(made.pool, hand, "zh")
    for alert in made.pool.alerts:
        if alert.manager == "M1":
            event_pool.close(tmp_path, alert.id, TODAY, "M1", "")
    left = event_handover.deliver(event_pool.read_pool(tmp_path), hand, "zh")
    assert {path.name for path in hand.iterdir()} == {path.name for path in left} == {"alerts-branch-B3.xlsx", "alerts-manager-M2.xlsx"}


def test_a_delivery_that_fails_takes_nothing_of_the_earlier_one_away(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)
    files = event_handover.deliver(made.pool, tmp_path / "hand", "zh")
    before = [path.read_bytes() for path in files]
    open_in_excel = tmp_path / "hand" / f"~${files[0].name}"
    open_in_excel.touch()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(event_pool.os, "fsync", full)
    with pytest.raises(RunFailed, match="pool_not_written"):
        event_handover.deliver(made.pool, tmp_path / "hand", "en")
    assert [path.read_bytes() for path in files] == before
    assert sorted((tmp_path / "hand").iterdir()) == sorted([*files, open_in_excel])


def test_owners_codes_make_safe_and_different_file_names(data: Path, tmp_path: Path) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)
    alert = made.pool.alerts[0]
    codes = ("../up", "..\\up", "a/b", "m1", "M1", "张三", "x" * 300, "x" * 301)
    pool = event_pool.Pool(tuple(replace(alert, id=str(at), manager=code) for at, code in enumerate(codes)))
    files = event_handover.deliver(pool, tmp_path / "hand", "zh")
    assert len({path.name.casefold() for path in files}) == len(codes)
    assert {path.parent for path in files} == {tmp_path / "hand"}
    assert all(len(path.name) < 100 for path in files)
    assert (tmp_path / "hand" / "alerts-manager-张三.xlsx").is_file()


@pytest.mark.parametrize("name", ["plan.json", "run.json", "plan.zh.html"])
def test_nothing_is_delivered_beside_a_plan(data: Path, tmp_path: Path, name: str) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)
    plan = tmp_path / "annual-2027"
    plan.mkdir()
    (plan / name).write_text("{}", encoding="utf-8")
    with pytest.raises(DataFaults, match="deliver_"):
        event_handover.deliver(made.pool, plan, "zh")
    assert [path.name for path in plan.iterdir()] == [name]
    if name.endswith(".json"):
        with pytest.raises(DataFaults, match="deliver_beside_plan"):
            event_handover.deliver(made.pool, plan / "managers", "zh")


@pytest.mark.usefixtures("data")
def test_the_command_makes_lists_closes_and_names_clients_to_their_manager_alone(run: Run) -> None:
    code, told, _ = run("--data", "ours", "--lang", "en")
    assert code == 0
    assert "10 new alerts" in told
    _, listed, _ = run("--data", "ours", "--list", "--lang", "en")
    assert "10 open alerts" in listed
    assert not [name for name in HOSTILE for text in (told, listed) if f" {name} " in text]
    _, own, _ = run("--data", "ours", "--list", "--manager", "M1", "--lang", "en")
    shown = {name for name in HOSTILE if f" {name} " in own}
    assert shown == {name for at, name in enumerate(HOSTILE) if _manager(at) == "M1"}
    key = re.findall(r"[0-9a-f]{16}", own)[0]
    assert run("--data", "ours", "--close", key, "--lang", "en")[0] == 2
    code, told, _ = run("--data", "ours", "--close", key, "--by", "M1", "--note", "called\nback", "--lang", "en")
    assert code == 0
    closed = {alert.id: alert for alert in event_pool.read_pool(Path("outputs")).alerts}[key]
    assert (closed.state, closed.closed_by, closed.closed_on, closed.note) == ("closed", "M1", TODAY, "called back")
    assert "1 seen to before" in run("--data", "ours", "--lang", "en")[1]
    code, _, complaint = run("--data", "ours", "--close", key, "--by", "M1", "--lang", "en")
    assert code == 2
    assert "2026-11-01" in complaint


def test_rules_are_written_once_and_read_back_as_the_presets(run: Run, data: Path) -> None:
    assert run("--data", "ours", "--write-rules")[0] == 0
    assert read_alert_settings(data) == AlertSettings()
    assert run("--data", "ours", "--write-rules")[0] == 2
    (data / "alerts.toml").write_text("[alerts.outflow]\non = false\n[alerts.contribution_fell]\non = false\n", encoding="utf-8")
    assert "0 new alerts" in run("--data", "ours", "--lang", "en")[1]


def test_without_a_former_book_the_command_says_what_was_not_checked(run: Run, data: Path, tmp_path: Path) -> None:
    (data / "before").rename(tmp_path / "earlier")
    assert "Large outflow" in run("--data", "ours", "--lang", "en")[1].splitlines()[-1]
    assert "2026-01-01" in run("--data", "ours", "--before", str(tmp_path / "earlier"), "--lang", "en")[1]
    assert "2025-06-30" in run("--data", "ours", "--before", str(tmp_path / "earlier"), "--as-of", "2025-06-30", "--lang", "en")[1]


def test_a_pool_is_one_banks_and_is_not_guessed_at(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event_pool.refresh(tmp_path, data, None)
    file = tmp_path / "event_pool" / "alerts.csv"
    whole = file.read_text(encoding="utf-8")
    (data / "origin.toml").write_text('[bank]\nname_zh = "他行"\nname_en = "Other"\n', encoding="utf-8")
    with pytest.raises(DataFaults, match="pool_of_other_bank"):
        event_pool.refresh(tmp_path, data, None)
    (data / "origin.toml").unlink()
    bank = tmp_path / "event_pool" / "bank.json"
    own = bank.read_text(encoding="utf-8")
    for spoilt in ("[]", '{"names": 7}', "{"):
        bank.write_text(spoilt, encoding="utf-8")
        with pytest.raises(DataFaults, match=r"pool_of_other_bank bank=\?"):
            event_pool.refresh(tmp_path, data, None)
    bank.write_text(own, encoding="utf-8")
    for broken in (
        whole.replace("client,", "customer,", 1),
        whole[: len(whole) // 2],
        whole.replace(",open,", ",half,", 1),
        whole + whole.splitlines()[-1] + "\n",
    ):
        file.write_text(broken, encoding="utf-8")
        with pytest.raises(DataFaults, match="pool_unreadable"):
            event_pool.read_pool(tmp_path)
    with pytest.raises(DataFaults, match="pool_unreadable"):
        event_pool.close(tmp_path, "any", TODAY, "M1", "")
    assert file.read_text(encoding="utf-8") == broken
    monkeypatch.setattr(event_pool, "PATIENCE", 0.0)
    with event_pool._held(tmp_path), pytest.raises(Busy):
        event_pool.refresh(tmp_path, data, None)


def test_a_write_that_fails_leaves_the_former_pool(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = event_pool.refresh(tmp_path, data, None)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(event_pool.os, "fsync", full)
    with pytest.raises(RunFailed, match="pool_not_written"):
        event_pool.close(tmp_path, made.pool.alerts[0].id, TODAY, "M1", "")
    assert event_pool.read_pool(tmp_path) == made.pool
    assert {path.name for path in (tmp_path / "event_pool").iterdir()} == {"alerts.csv", "bank.json", "lock"}


def test_a_read_only_folder_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refused)
    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(RunFailed, match=r"^pool_not_written file=alerts\.toml trouble=read_only"):
        event_handover.write_rules(tmp_path)


def test_the_samples_counts_are_those_of_an_independent_count(tmp_path: Path) -> None:
    write_sample(tmp_path / "bank", 4, 1_600)
    made, _ = event_pool.refresh(tmp_path, tmp_path / "bank", None)
    assert Counter(alert.rule for alert in made.pool.alerts) == counted(tmp_path / "bank")


def counted(bank: Path) -> Counter[str]:
    """Alerts by rule under the presets, from the files alone, client by client, in exact fractions."""
    now, then = ({row["client"]: row for row in read(folder / "clients.csv")} for folder in (bank, bank / "before"))
    regions = {row["branch"]: row["region"] for row in read(bank / "branches.csv")}
    risks = {row["product"]: int(row["risk_level"] or 0) for row in read(bank / "products.csv")}
    tiers = [row for row in read(bank / "tiers.csv")]
    visits = {row["tier"]: Fraction(row["visits_year"]) for row in read(bank / "cadence.csv") if row["role"] == "manager"}
    count: Counter[str] = Counter()
    for client, row in now.items():
        count += Counter(rule for rule, fires in standing(row, regions[row["branch"]], tiers, visits, risks).items() if fires)
        if client in then:
            count += Counter(rule for rule, fires in compared(row, then[client]).items() if fires)
    count["client_left"] = sum(assets(row) >= 500_000 for client, row in then.items() if client not in now)
    return count


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def amount(row: dict[str, str], column: str) -> Fraction:
    return Fraction(row[column] or 0)


def assets(row: dict[str, str]) -> Fraction:
    return amount(row, "deposit_avg_cny") + amount(row, "invest_avg_cny")


def brings(row: dict[str, str]) -> Fraction:
    deposits = amount(row, "deposit_avg_cny") * (Fraction("2.3") - amount(row, "deposit_rate_pct")) / 100
    loan = amount(row, "loan_avg_cny")
    margin = loan * (amount(row, "loan_rate_pct") - Fraction("2.9")) / 100 if row["loan_rate_pct"] else Fraction(0)
    return deposits + margin + amount(row, "fee_income_cny") - amount(row, "cost_to_serve_cny") - loan * amount(row, "pd") * amount(row, "lgd")


def compared(row: dict[str, str], was: dict[str, str]) -> dict[str, bool]:
    fell, gone = brings(was) - brings(row), assets(was) - assets(row)
    loan, loan_was = amount(row, "loan_avg_cny"), amount(was, "loan_avg_cny")
    return {
        "contribution_fell": brings(was) > 0 and fell >= Fraction(3, 10) * brings(was) and fell >= 5_000,
        "outflow": gone >= 500_000 and gone >= Fraction(3, 10) * assets(was),
        "loan_balance": abs(loan - loan_was) >= max(200_000, Fraction(3, 10) * loan_was),
        "loan_rate": loan > 0 and loan_was > 0 and abs(amount(row, "loan_rate_pct") - amount(was, "loan_rate_pct")) >= Fraction(3, 10),
        "loan_pd": loan > 0 and loan_was > 0 and abs(amount(row, "pd") - amount(was, "pd")) >= Fraction(5, 1000),
        "product_closed": bool(set(filter(None, was["products"].split("|"))) - set(row["products"].split("|"))),
    }


def standing(row: dict[str, str], region: str, tiers: list[dict[str, str]], visits: dict[str, Fraction], risks: dict[str, int]) -> dict[str, bool]:
    own = [tier for tier in tiers if tier["region"] == region] or [tier for tier in tiers if tier["region"] == "*"]
    reached = [tier for tier in own if assets(row) >= int(tier["min_assets_cny"]) and brings(row) >= int(tier["min_contribution_cny"] or -(10**12))]
    rank, code = max(((int(tier["rank"]), tier["tier"]) for tier in reached), default=(0, ""))
    above = [int(tier["min_assets_cny"]) for tier in own if int(tier["rank"]) > rank and int(tier["min_assets_cny"]) > assets(row)]
    may = row["consent"] == "true" and row["opt_out"] != "true"
    silent = (TODAY - date.fromisoformat(row["last_contact"])).days if row["last_contact"] else None
    return {
        "deposit_matures": bool(row["deposit_matures"]) and 0 <= until(row["deposit_matures"]) <= 30 and amount(row, "deposit_avg_cny") >= 500_000,
        "birthday": may and rank >= 3 and comes_round(row["birthday"]),
        "anniversary": may and rank >= 1 and comes_round(row["since"]) and (TODAY.year - int(row["since"][:4])) % 5 == 0,
        "no_contact": may and rank >= 1 and silent is not None and silent >= (365 / visits[code] if code in visits else 26 * 7),
        "risk_above": any(risks.get(product, 0) > int(row["risk_level"]) for product in row["products"].split("|")),
        "near_tier": may and bool(above) and assets(row) >= Fraction(95, 100) * min(above),
    }


def until(day: str) -> int:
    return (date.fromisoformat(day) - TODAY).days


def comes_round(day: str) -> bool:
    return bool(day) and "11-01" <= day[5:] <= "11-15"
