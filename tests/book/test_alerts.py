"""The event pool: each rule fires at its bound and not below it, the same fact is one alert, and a closed alert stays closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planning.book.alerts import RULES, Alert, AlertSettings, Pool, added, closed, counts, make_alerts, read_alert_settings
from planning.book.alerts.settings import checked
from planning.book.book import Book, settled
from planning.book.contracts import CONTRACTS
from planning.book.former import Former
from planning.errors import DataFaults, PolicyError
from tests.optimise.books import book, policy, table

TODAY, THEN = date(2026, 11, 1), date(2026, 1, 1)
POLICY = policy()
PLAIN: Mapping[str, Any] = {
    "client": "c1",
    "branch": "b1",
    "kind": "personal",
    "deposit_avg_cny": 1_000_000.0,
    "contribution_cny": 10_000.0,
    "consent": True,
    "products": ("deposit",),
}
BORROWS: Mapping[str, Any] = {**PLAIN, "loan_avg_cny": 1_000_000.0, "loan_rate_pct": 4.0, "pd": 0.01}
TIERS = [
    {"region": "*", "tier": "gold", "rank": 1, "name_zh": "金卡", "name_en": "Gold", "min_assets_cny": 500_000.0, "as_of": THEN},
    {"region": "*", "tier": "diamond", "rank": 2, "name_zh": "钻石", "name_en": "Diamond", "min_assets_cny": 5_000_000.0, "as_of": THEN},
    {"region": "south", "tier": "gold", "rank": 1, "name_zh": "金卡", "name_en": "Gold", "min_assets_cny": 200_000.0, "as_of": THEN},
]


BASE = book(
    branches=[{"branch": f"b{i}", "region": region, "name_zh": f"支行{i}", "name_en": f"Branch {i}"} for i, region in ((1, "north"), (2, "south"))],
    tiers=TIERS,
    cadence=[{"tier": "diamond", "role": role, "visits_year": often, "hours_visit": 1.0} for role, often in (("manager", 12.0), ("leader", 1.0))],
    products=[
        {"product": product, "name_zh": product, "name_en": product, "family": "wealth", "risk_level": risk}
        for product, risk in (("deposit", 1), ("fund", 4), ("card", None))
    ],
)
OFF = {rule: {"on": False} for rule in RULES}


def table_of(*clients: Mapping[str, Any]) -> pd.DataFrame:
    return settled(CONTRACTS["clients"], table("clients", clients))


def bank(*clients: Mapping[str, Any]) -> Book:
    return replace(BASE, tables={**BASE.tables, "clients": table_of(*clients)})


def fired(rule: str, now: Mapping[str, Any] | None, then: Mapping[str, Any] | None = None, **setting: Any) -> list[Alert]:
    """The alerts of one rule, for one client as it is now and as it was then."""
    former = Former(THEN, table_of(*([] if then is None else [then])))
    other = {**PLAIN, "client": "other"}
    settings = checked({**OFF, rule: {"least_rank": 0, **setting}})
    return [
        alert for alert in make_alerts(bank(other, *([] if now is None else [now])), former, settings, POLICY) if alert.rule == rule and alert.client == "c1"
    ]


def changed(**cells: Any) -> dict[str, Any]:
    return {**BORROWS, **cells}


def in_days(days: int) -> date:
    return TODAY + timedelta(days)


# rule, its setting, what the client was, what just reaches the bound, what just misses it
BOUNDS: list[tuple[str, dict[str, Any], dict[str, Any] | None, dict[str, Any] | None, dict[str, Any] | None]] = [
    ("contribution_fell", {"share": 0.3, "least_cny": 0}, changed(contribution_cny=10_000.0), changed(contribution_cny=7_000.0), changed(contribution_cny=7_000.01)),
    ("contribution_fell", {"share": 0.1, "least_cny": 5_000}, changed(contribution_cny=10_000.0), changed(contribution_cny=5_000.0), changed(contribution_cny=5_000.01)),
    ("contribution_fell", {"share": 0.07, "least_cny": 0}, changed(contribution_cny=100.0), changed(contribution_cny=93.0), changed(contribution_cny=93.01)),
    ("outflow", {"cny": 400_000, "share": 0.1}, changed(), changed(deposit_avg_cny=600_000.0), changed(deposit_avg_cny=600_001.0)),
    ("outflow", {"cny": 1, "share": 0.4}, changed(invest_avg_cny=1_000_000.0), changed(deposit_avg_cny=0.0, invest_avg_cny=1_200_000.0), changed(invest_avg_cny=200_001.0)),
    ("client_left", {"cny": 1_000_000}, changed(), None, changed()),
    ("deposit_matures", {"days": 30}, None, changed(deposit_matures=in_days(30)), changed(deposit_matures=in_days(31))),
    ("deposit_matures", {"days": 30}, None, changed(deposit_matures=TODAY), changed(deposit_matures=in_days(-1))),
    ("deposit_matures", {"least_cny": 1_000_000}, None, changed(deposit_matures=TODAY), changed(deposit_matures=TODAY, deposit_avg_cny=999_999.0)),
    ("loan_balance", {"share": 0.3, "least_cny": 0}, changed(), changed(loan_avg_cny=1_300_000.0), changed(loan_avg_cny=1_299_999.0)),
    ("loan_balance", {"share": 0.3, "least_cny": 0}, changed(), changed(loan_avg_cny=700_000.0), changed(loan_avg_cny=700_001.0)),
    ("loan_balance", {"least_cny": 200_000}, PLAIN, changed(loan_avg_cny=200_000.0), changed(loan_avg_cny=199_999.0)),
    ("loan_rate", {"bp": 30}, changed(), changed(loan_rate_pct=4.3), changed(loan_rate_pct=4.29)),
    ("loan_rate", {"bp": 30}, changed(), changed(loan_rate_pct=3.7), changed(loan_rate_pct=3.71)),
    ("loan_pd", {"points": 0.005}, changed(), changed(pd=0.015), changed(pd=0.0149)),
    ("product_closed", {}, changed(products=("card", "deposit")), changed(products=("deposit",)), changed(products=("card", "deposit", "fund"))),
    ("product_closed", {"products": ["card"]}, changed(products=("card", "fund")), changed(products=("fund",)), changed(products=("card",))),
    ("birthday", {"days": 14}, None, changed(birthday=date(1970, 11, 15)), changed(birthday=date(1970, 11, 16))),
    ("birthday", {"days": 14}, None, changed(birthday=date(1904, 11, 1)), changed(birthday=date(1970, 10, 31))),
    ("birthday", {"days": 365}, None, changed(birthday=date(2000, 2, 29)), changed(birthday=None)),
    ("birthday", {"days": 14}, None, changed(birthday=date(1970, 11, 1)), changed(birthday=date(1970, 11, 1), opt_out=True)),
    ("anniversary", {"every_years": 5}, None, changed(since=date(2016, 11, 15)), changed(since=date(2016, 11, 16))),
    ("anniversary", {"every_years": 5}, None, changed(since=date(2021, 11, 2)), changed(since=date(2022, 11, 2))),
    ("no_contact", {"weeks": 10}, None, changed(last_contact=in_days(-70)), changed(last_contact=in_days(-69))),
    ("no_contact", {"weeks": 10}, None, changed(last_contact=in_days(-31), deposit_avg_cny=5_000_000.0), changed(last_contact=in_days(-30), deposit_avg_cny=5_000_000.0)),
    ("risk_above", {}, None, changed(products=("deposit", "fund"), risk_level=3), changed(products=("deposit", "fund"), risk_level=4)),
    ("risk_above", {}, None, changed(products=("fund",), risk_level=1), changed(products=("fund", "card"), risk_level=None)),
    ("near_tier", {"share": 0.05}, None, changed(deposit_avg_cny=4_750_000.0), changed(deposit_avg_cny=4_749_999.0)),
    ("near_tier", {"share": 0.05}, None, changed(branch="b2", deposit_avg_cny=190_000.0), changed(branch="b2", deposit_avg_cny=480_000.0)),
    ("near_tier", {"share": 0.05}, None, changed(deposit_avg_cny=499_999.0), changed(deposit_avg_cny=500_000.0)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "setting", "then", "reaches", "misses"), BOUNDS)
def test_a_rule_fires_at_its_bound_and_not_below(rule: str, setting: dict[str, Any], then: Any, reaches: Any, misses: Any) -> None:
    assert len(fired(rule, reaches, then, **setting)) == 1
    assert fired(rule, misses, then, **setting) == []
    assert fired(rule, reaches, then, **{**setting, "on": False}) == []


def test_every_rule_has_a_case_at_its_bound() -> None:
    assert {case[0] for case in BOUNDS} == set(RULES) == set(AlertSettings.model_fields)


def test_value_threshold_owner_and_due_date() -> None:
    then = changed(manager="M1")
    gone = fired("outflow", changed(deposit_avg_cny=200_000.0, manager="M2"), then, cny=100_000, share=0.5, due_days=3)[0]
    assert (gone.value, gone.threshold, gone.owner, gone.due) == (800_000.0, 500_000.0, "M2", in_days(3))
    assert fired("outflow", changed(deposit_avg_cny=0.0), then)[0].owner == "b1"
    assert fired("client_left", None, then)[0].owner == "M1"
    assert fired("loan_rate", changed(loan_rate_pct=3.5), changed())[0].value == -50.0
    assert fired("loan_balance", PLAIN, changed())[0].value == -1_000_000.0
    matures = fired("deposit_matures", changed(deposit_matures=in_days(2)), due_days=7)[0]
    assert (matures.value, matures.due, matures.period) == (2.0, in_days(2), "2026-11-03")
    assert fired("near_tier", changed(deposit_avg_cny=4_900_000.0))[0].value == 100_000.0
    assert fired("risk_above", changed(products=("fund",), risk_level=2))[0].threshold == 2.0
    assert fired("birthday", changed(birthday=date(2000, 2, 29)), days=365)[0].due <= date(2027, 2, 28)


def test_rules_can_be_kept_to_higher_tiers() -> None:
    contact = {"last_contact": date(2020, 1, 1)}
    assert fired("no_contact", changed(**contact, deposit_avg_cny=100_000.0), least_rank=1) == []
    assert len(fired("no_contact", changed(**contact), least_rank=1)) == 1
    assert fired("no_contact", changed(**contact), least_rank=2) == []


def test_far_dates_are_dates() -> None:
    assert fired("deposit_matures", changed(deposit_matures=date(9999, 12, 31))) == []
    assert len(fired("no_contact", changed(last_contact=date(1, 1, 1)))) == 1


def test_without_a_former_book_only_rules_of_one_date_are_checked() -> None:
    today = bank(changed(deposit_matures=TODAY, products=("fund",), risk_level=1))
    assert {alert.rule for alert in make_alerts(today, None, AlertSettings(), POLICY)} == {"deposit_matures", "risk_above"}


def test_the_same_facts_are_one_alert_on_every_day() -> None:
    now, then = bank(changed(deposit_avg_cny=100_000.0, manager="M1")), Former(THEN, table_of(changed()))
    first = added(Pool(), make_alerts(now, then, AlertSettings(), POLICY))
    same_day = added(first.pool, make_alerts(now, then, AlertSettings(), POLICY))
    assert same_day.pool == first.pool
    later = policy(data_date="2026-11-20")
    moved = bank(changed(deposit_avg_cny=50_000.0, manager="M2"))
    again = added(first.pool, make_alerts(moved, then, AlertSettings(), later))
    (before,), (after,) = first.pool.alerts, again.pool.alerts
    assert (after.id, after.made_on, after.due) == (before.id, before.made_on, before.due)
    assert (after.value, after.manager, after.last_seen, after.times_seen) == (950_000.0, "M2", date(2026, 11, 20), 2)
    assert [(made.rule, made.opened, made.repeated) for made in again.rules if made.opened or made.repeated] == [("outflow", 0, 1)]
    back_in_time = added(again.pool, make_alerts(now, then, AlertSettings(), POLICY))
    assert back_in_time.pool == again.pool


def test_a_closed_alert_is_not_opened_by_the_same_facts_but_by_new_ones() -> None:
    now, then = bank(changed(deposit_avg_cny=100_000.0)), Former(THEN, table_of(changed()))
    made = make_alerts(now, then, AlertSettings(), POLICY)
    pool = closed(added(Pool(), made).pool, made[0].id, TODAY, "M1", "已谈")
    again = added(pool, make_alerts(now, then, AlertSettings(), policy(data_date="2026-12-01")))
    kept = again.pool.alerts[0]
    assert (kept.state, kept.closed_on, kept.closed_by, kept.note) == ("closed", TODAY, "M1", "已谈")
    assert (kept.last_seen, kept.times_seen) == (date(2026, 12, 1), 2)
    assert sum(rule.stay_closed for rule in again.rules) == 1
    newer = Former(date(2026, 6, 30), then.clients)
    assert [alert.state for alert in added(again.pool, make_alerts(now, newer, AlertSettings(), POLICY)).pool.alerts].count("open") == 1


def test_closing_what_is_not_there_or_closed_is_refused() -> None:
    alert = fired("outflow", changed(deposit_avg_cny=0.0), changed())[0]
    pool = added(Pool(), [alert]).pool
    with pytest.raises(DataFaults, match="alert_unknown"):
        closed(pool, "none", TODAY, "M1", "")
    with pytest.raises(DataFaults, match="alert_closed_already"):
        closed(closed(pool, alert.id, TODAY, "M1", ""), alert.id, TODAY, "M1", "")


def test_counts_add_up_and_name_nobody() -> None:
    one = fired("outflow", changed(deposit_avg_cny=0.0), changed())[0]
    alerts = [
        replace(one, id=f"{number}", client=f"secret{number % 3}", branch=f"b{number % 2}", rule=RULES[number % 4], due=in_days(number - 5))
        for number in range(12)
    ]
    pool = closed(added(Pool(), alerts).pool, "3", TODAY, "M1", "")
    told = counts(pool, TODAY)
    for lines in (told.rules, told.branches, told.cells):
        for name in ("open", "overdue", "closed"):
            assert sum(getattr(line, name) for line in lines) == getattr(told.total, name)
    assert (told.total.open, told.total.closed, told.total.overdue, told.total.clients) == (11, 1, 4, 3)
    assert [line.rule for line in told.rules] == list(RULES)
    assert "secret" not in repr(told)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[alerts.birthday]\ndays = -1\n", ("parameter_out_of_bounds", "alerts.birthday.days", "≥ 0")),
        ("[alerts.birthday]\ndays = 'soon'\n", ("parameter_wrong_type", "alerts.birthday.days")),
        ("[alerts.birthday]\nday = 3\n", ("parameter_unknown_near", "nearest=days")),
        ("[alerts.birthdays]\ndays = 3\n", ("parameter_unknown_near", "nearest=birthday")),
        ("[alert]\n", ("parameter_unknown_near", "nearest=alerts")),
        ("[alerts.outflow]\nshare = nan\n", ("alerts.outflow.share",)),
        ('[alerts.outflow]\naction = "a\\nb"\n', ("parameter_wrong_type", "alerts.outflow.action")),
        ("[alerts\n", ("alerts_not_toml",)),
        ("alerts = 3\n", ("parameter_wrong_type",)),
    ],
)
def test_a_wrong_rule_is_named_with_what_would_be_right(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "alerts.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        read_alert_settings(tmp_path)
    assert all(word in str(refused.value) for word in words)


def test_a_bank_changes_what_it_wants_and_keeps_the_rest(tmp_path: Path) -> None:
    assert read_alert_settings(tmp_path) == AlertSettings()
    (tmp_path / "alerts.toml").write_text('[alerts.outflow]\ncny = 1_000_000\naction = "请行长出面"\n[alerts.birthday]\non = false\n', encoding="utf-8")
    settings = read_alert_settings(tmp_path)
    assert (settings.outflow.cny, settings.outflow.share, settings.birthday.on) == (1_000_000, 0.3, False)
    assert fired("outflow", changed(deposit_avg_cny=0.0), changed(), action="请行长出面")[0].action == "请行长出面"
