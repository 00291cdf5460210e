"""What a bank's book lacks, taken from the sample bank and fitted to the book's size and means."""

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from planning.book.book import Book
from planning.book.contracts import CONTRACTS
from planning.book.foreign.functions import numbers, texts
from planning.book.foreign.mapping import TierMap
from planning.book.intake import read_book
from planning.book.sample import sample_policy, sample_tables, write_sample
from planning.book.segments import approachable, classify
from planning.book.tiers import NATIONAL
from planning.policy import Policy, read

BORROWED = ("events", "responses", "concessions", "elasticities", "caps", "managers", "cadence", "partners")
EVENT_MONEY = ("fixed_cost_cny", "guest_cost_cny", "gift_cny")
HOURS_YEAR = 540
SPARE_HOURS = 1.12
TOP_GRADE = 6
FEWEST_MANAGERS = 2
Table = dict[str, Any]


@dataclass(frozen=True)
class Yardstick:
    """What a book's clients with a tier bring and hold on average (yuan), and each tier's share of their contribution."""

    contribution_cny: float
    assets_cny: float
    tier_shares: Mapping[str, float]


@dataclass(frozen=True)
class Fit:
    """How the sample bank's money is fitted: costs and budgets by contribution, balances by assets, tier limits by the tier's share."""

    money: float
    balances: float
    tiers: Mapping[str, float]


def yardstick(book: Book, policy: Policy) -> Yardstick:
    """The averages over clients who have a tier and may be approached."""
    clients = approachable(classify(book, policy))
    by_tier = clients.groupby("tier")["contribution_cny"].sum().clip(lower=0)
    total = float(by_tier.sum())
    shares = {str(tier): float(part) / total for tier, part in by_tier.items()} if total > 0 else {}
    return Yardstick(float(clients["contribution_cny"].mean()), float(clients["assets_cny"].mean()), shares)


@cache
def sample_yardstick() -> Yardstick:
    """The same averages of the sample bank."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_sample(folder)
        policy = read(folder / "policy.toml")
        return yardstick(read_book(folder, policy), policy)


def fit(ours: Yardstick, theirs: Yardstick) -> Fit:
    """From the sample's averages to ours. A book that brings nothing keeps the sample's money."""
    money = ours.contribution_cny / theirs.contribution_cny if ours.contribution_cny > 0 else 1.0
    balances = ours.assets_cny / theirs.assets_cny if ours.assets_cny > 0 else 1.0
    tiers = {tier: share / theirs.tier_shares[tier] for tier, share in ours.tier_shares.items() if theirs.tier_shares.get(tier)}
    return Fit(money, balances, tiers)


def borrowed_tables(own: Mapping[str, pd.DataFrame], tiers: set[str], data_date: date) -> dict[str, pd.DataFrame]:
    """The sample's tables the book does not have, for its tiers only, none dated after the book's data. Money is the sample's."""
    sample = sample_tables(len(own["branches"]), max(len(own["clients"]), len(own["branches"])), with_clients=False)
    tables = {name: _for_tiers(sample[name], tiers) for name in BORROWED if name not in own}
    if "managers" in tables:
        tables["managers"] = managers(dict.fromkeys(own["branches"]["branch"], 1))
    return {name: _dated(name, table, data_date) for name, table in tables.items()}


def fitted_tables(tables: Mapping[str, pd.DataFrame], to: Fit, gift_cap: float) -> dict[str, pd.DataFrame]:
    """The borrowed tables with their money fitted to the book."""
    fitted = dict(tables)
    if "events" in fitted:
        events = fitted["events"].assign(**{name: _scaled(fitted["events"][name], to.money) for name in EVENT_MONEY})
        fitted["events"] = events.assign(gift_cny=numbers(events["gift_cny"]).clip(upper=gift_cap))
    if "partners" in fitted:
        fitted["partners"] = fitted["partners"].assign(cap_cny=_scaled(fitted["partners"]["cap_cny"], to.money))
    if "concessions" in fitted:
        fitted["concessions"] = fitted["concessions"].assign(min_balance_cny=_scaled(fitted["concessions"]["min_balance_cny"], to.balances))
    return fitted


def managers(staff: Mapping[str, int]) -> pd.DataFrame:
    """So many client managers for each branch, of grades from the lowest to the highest."""
    rows = [
        (f"M-{branch}-{place + 1:02d}", branch, 1 + (TOP_GRADE - 1) * (place + 1) // count, HOURS_YEAR)
        for branch, count in staff.items()
        for place in range(count)
    ]
    return pd.DataFrame(rows, columns=["manager", "branch", "grade", "hours_year"])


def staff_needed(book: Book, policy: Policy) -> dict[str, int]:
    """Managers a branch needs for the visits of its clients, with the sample bank's little spare."""
    cadence = book.tables["cadence"]
    hours = (cadence["visits_year"] * cadence["hours_visit"]).groupby(cadence["tier"]).sum()
    clients = approachable(classify(book, policy))
    needed = clients["tier"].map(hours).fillna(0).groupby(clients["branch"]).sum()
    branches = book.tables["branches"]["branch"]
    return {branch: max(FEWEST_MANAGERS, math.ceil(float(needed.get(branch, 0)) * SPARE_HOURS / HOURS_YEAR)) for branch in branches}


def tier_table(own: Mapping[str, pd.DataFrame], wanted: TierMap | None, data_date: date) -> pd.DataFrame:
    """Tier standards under the sample's names: the map's amounts, or the assets that its top shares of clients reach, else the sample's own."""
    sample = sample_tables(1, 1, with_clients=False)["tiers"]
    national = _dated("tiers", sample[sample["region"] == NATIONAL], data_date)
    if wanted is None:
        return national
    if wanted.amounts:
        return _with_thresholds(national, NATIONAL, wanted.amounts)
    clients = own["clients"]
    nothing = pd.Series(0.0, index=clients.index)
    assets = sum((numbers(clients[name]).fillna(0) for name in ("deposit_avg_cny", "invest_avg_cny") if name in clients), nothing)
    standards = [_with_thresholds(national, NATIONAL, _reached(assets, wanted.top_shares))]
    if wanted.per == "region":
        regions = clients["branch"].map(own["branches"].set_index("branch")["region"])
        standards += [_with_thresholds(national, str(region), _reached(part, wanted.top_shares)) for region, part in assets.groupby(regions)]
    return pd.concat(standards, ignore_index=True)


def policy_table(branches: int, clients: int, overrides: Mapping[str, Any]) -> Table:
    """The sample's policy for a bank of that size, with the map's own settings over it."""
    policy = _merged(tomllib.loads(sample_policy(branches, max(clients, branches))), overrides)
    approved = policy.get("calendar", {}).get("approved_on")
    if isinstance(approved, date) and "approved_on" not in overrides.get("calendar", {}):
        policy["calendar"]["approved_on"] = approved.replace(year=policy["year"])
    return policy


def applicable(policy: Mapping[str, Any], tiers: set[str], events: set[str], overrides: Mapping[str, Any]) -> Table:
    """The policy without limits for tiers, and without sessions of events, that the book does not have. Overrides stand."""
    kept = _merged(policy, {})
    for section in ("floors", "caps"):
        kept[section]["tier"] = {tier: share for tier, share in kept[section].get("tier", {}).items() if tier in tiers}
    kept["calendar"]["must_hold"] = [entry for entry in kept["calendar"].get("must_hold", []) if entry["event"] in events]
    return _merged(kept, overrides)


def fitted_policy(policy: Mapping[str, Any], to: Fit, overrides: Mapping[str, Any]) -> Table:
    """Budgets, floors and prices fitted to the book; tier floors and caps follow the tier's share of contribution. Overrides stand."""
    fitted = _merged(policy, {})
    for section, name in (("budget", "event_cny"), ("budget", "concession_cny"), ("floors", "branch_cny_per_client"), ("contact", "cost_per_hour_short")):
        fitted[section][name] = _two_digits(fitted[section][name] * to.money)
    for section in ("floors", "caps"):
        limits = fitted[section].get("tier", {})
        fitted[section]["tier"] = {tier: min(1.0, round(share * to.tiers[tier], 2)) for tier, share in limits.items() if tier in to.tiers}
    return _merged(fitted, overrides)


def policy_text(policy: Mapping[str, Any]) -> str:
    """policy.toml as text."""
    head = [_line(name, value) for name, value in policy.items() if not isinstance(value, dict)]
    sections = ["\n".join([f"\n[{name}]", *(_line(key, cell) for key, cell in value.items())]) for name, value in policy.items() if isinstance(value, dict)]
    return "\n".join([*head, *sections]) + "\n"


def _with_thresholds(standard: pd.DataFrame, region: str, amounts: Mapping[str, float]) -> pd.DataFrame:
    rows = standard[standard["tier"].isin(list(amounts))]
    return rows.assign(region=region, min_assets_cny=[amounts[tier] for tier in rows["tier"]], min_contribution_cny=None)


def _reached(assets: pd.Series, top_shares: Mapping[str, float]) -> dict[str, float]:
    return {tier: float(f"{assets.quantile(1 - share):.3g}") for tier, share in top_shares.items()}


def _for_tiers(table: pd.DataFrame, tiers: set[str]) -> pd.DataFrame:
    if "tier" in table:
        table = table[table["tier"].isin(tiers)]
    if "tiers" in table:
        kept = texts(table["tiers"]).map(lambda cell: "|".join(tier for tier in str(cell).split("|") if tier in tiers))
        table = table.assign(tiers=kept)[kept != ""]
    return table.reset_index(drop=True)


def _dated(name: str, table: pd.DataFrame, data_date: date) -> pd.DataFrame:
    """No row dated after the book's data; of rows that then coincide the latest stands."""
    if "as_of" not in table:
        return table
    newest_last = table.sort_values("as_of", kind="stable")
    dated = newest_last.assign(as_of=[min(str(day), data_date.isoformat()) for day in newest_last["as_of"]])
    return dated.drop_duplicates(list(CONTRACTS[name].key), keep="last").sort_index()


def _scaled(amounts: pd.Series, factor: float) -> pd.Series:
    return (amounts.astype("Float64").astype("float64") * factor).round(2)


def _two_digits(amount: float) -> float:
    """An amount a planner would set: two leading digits."""
    return float(f"{amount:.2g}")


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Table:
    merged: Table = {name: _merged(value, {}) if isinstance(value, dict) else value for name, value in base.items()}
    for name, value in over.items():
        merged[name] = _merged(merged[name], value) if isinstance(value, dict) and isinstance(merged.get(name), dict) and name != "tier" else value
    return merged


def _line(name: str, value: Any) -> str:
    """A name and its value; names such as a bank's own codes of tiers may be Chinese and then need quotes."""
    key = name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
    return f"{key} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(_line(name, cell) for name, cell in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(cell) for cell in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def written_columns(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in the contract's order of columns, every cell as text."""
    names = [name for name in CONTRACTS[table].names if name in frame]
    return pd.DataFrame({name: texts(frame[name]) if frame[name].dtype != object else frame[name] for name in names})
