"""Concession ladders: what each level would bring and cost in each region, tier and kind, computed from the clients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planning.book.rows import Row, rows
from planning.book.tiers import known_on
from planning.catalogue.responses import horizon_factor
from planning.policy import Policy

CellKey = tuple[str, str, str]  # region, tier, kind
BASIS_POINT = 1e-4


@dataclass(frozen=True)
class Step:
    """A level of a concession in one cell: cost of the period and gain over the horizon (yuan), and what they rest on."""

    concession: str
    level: int
    depth: float
    gain_cny: float = 0.0
    cost_cny: float = 0.0
    min_grade: int = 0
    base_cny: float = 0.0
    qualifying: int = 0
    new_money_cny: float = 0.0
    marginal_cost_pct: float | None = None
    branch_shares: Mapping[str, float] = field(default_factory=dict)
    branch_clients: Mapping[str, int] = field(default_factory=dict)  # who qualify
    kept_cny: float = 0.0  # the part of the gain that comes from clients who stay
    old_share: float = 0.0  # of new money, that which the bank holds already
    part: float = 1.0  # of the year that it is granted for

    def cost_if(self, answer: float) -> float:
        """Cost of the period where clients answer `answer` times as strongly as expected: new and repriced money move, waived fees do not."""
        if answer == 1 or self.new_money_cny == 0 or not self.depth:
            return self.cost_cny
        return self.part * self.depth * BASIS_POINT * (answer * self.new_money_cny + repriced_cny(self.base_cny, answer * self.new_money_cny, self.old_share))


@dataclass(frozen=True)
class Cell:
    """(r,t,k): the clients of a region, tier and kind, with the steps that may be offered to them, by concession."""

    region: str
    tier: str
    kind: str
    contribution_cny: float
    steps: Mapping[str, tuple[Step, ...]]
    barred: tuple[tuple[str, int, str], ...] = ()  # (concession, level, ceiling | authority): not granted here

    @property
    def key(self) -> CellKey:
        return self.region, self.tier, self.kind


@dataclass(frozen=True)
class Terms:
    """What the ladder is computed with: the tables of levels, elasticities, ceilings and grades."""

    levels: pd.DataFrame
    elasticities: Mapping[tuple[str, str, str], tuple[float, float, float]]
    ceilings: Mapping[str, float]
    grades: Mapping[str, int]
    branch_grades: Mapping[str, int]
    policy: Policy


def terms(tables: Mapping[str, pd.DataFrame], policy: Policy) -> Terms:
    """The finished terms of the ladder from the tables concessions, elasticities, caps and managers."""
    rates = {
        (row.tier, row.kind, row.concession): (float(row.growth_per_unit), float(row.old_money_share), float(row.retention_gain_per_unit))
        for row in rows(tables["elasticities"])
    }
    managers = tables["managers"]
    grades = dict(zip(managers["manager"], (int(grade) for grade in managers["grade"]), strict=True))
    branch_grades = {str(branch): int(grade) for branch, grade in managers.groupby("branch")["grade"].max().items()}
    levels = tables["concessions"].sort_values(["concession", "level"])
    return Terms(levels, rates, ceilings(tables["caps"], policy.bank.bank_type, policy.data_date), grades, branch_grades, policy)


def ceilings(caps: pd.DataFrame, bank_type: str, data_date: date) -> Mapping[str, float]:
    """Rate ceiling a concession, basis points."""
    return {product: float(row.cap_bp) for product, row in ceilings_in_force(caps, bank_type, data_date).items()}


def ceilings_in_force(caps: pd.DataFrame, bank_type: str, data_date: date) -> Mapping[str, Row]:
    """The row of `caps` that holds for each concession: the bank's own type before `*`, the latest not after the data date."""
    dated = known_on(caps, data_date)
    known = dated[dated["bank_type"].isin([bank_type, "*"])]
    ordered = known.assign(own=known["bank_type"] == bank_type).sort_values(["own", "as_of"], kind="stable")
    return {row.product: row for row in rows(ordered)}


def cells(kept: pd.DataFrame, terms: Terms) -> tuple[Cell, ...]:
    """Every cell with a client who may be approached, by region, tier rank and kind, with its steps."""
    grouped = kept.groupby(["region", "rank", "tier", "kind"], sort=True)
    return tuple(_cell(key, clients, terms) for key, clients in grouped)


def _cell(key: Any, clients: pd.DataFrame, terms: Terms) -> Cell:
    region, _, tier, kind = key
    best_grade = serving_grade(clients, terms)
    steps = {
        str(concession): tuple(_steps((region, tier, kind), str(concession), levels, clients, (best_grade, terms)))
        for concession, levels in terms.levels.groupby("concession", sort=True)
    }
    barred = tuple((row.concession, int(row.level), bar) for row in rows(terms.levels) if (bar := _bar(row, (tier, kind), best_grade, terms)))
    return Cell(region, tier, kind, max(float(clients["contribution_cny"].sum()), 0.0), steps, barred)


def _bar(row: Row, group: tuple[str, str], best_grade: int, terms: Terms) -> str:
    """What keeps a level from being granted: ceiling (L3), authority (no manager of high enough grade, K4), or ""."""
    if row.level == 0 or (*group, row.concession) not in terms.elasticities:
        return ""
    if _basis_points(row.depth, row.concession) > terms.ceilings.get(row.concession, float("inf")):
        return "ceiling"
    return "authority" if row.min_grade > best_grade else ""


def serving_grade(clients: pd.DataFrame, terms: Terms) -> int:
    """The highest grade among the managers serving these clients: those named, else all of their branches."""
    named = clients["manager"].dropna()
    if len(named):
        return max(terms.grades.get(manager, 0) for manager in named.unique())
    return max((terms.branch_grades.get(branch, 0) for branch in clients["branch"].unique()), default=0)


def _steps(key: CellKey, concession: str, levels: pd.DataFrame, clients: pd.DataFrame, held: tuple[int, Terms]) -> Iterator[Step]:
    best_grade, terms = held
    group = key[1:]
    yield Step(concession, 0, 0.0)
    rates = terms.elasticities.get((*group, concession))
    for row in rows(levels):
        if row.level == 0 or rates is None or _bar(row, group, best_grade, terms):
            continue
        counting = clients[BASES[concession].counts(clients, row)]
        yield _priced(concession, row, counting, rates, terms.policy)


def _priced(concession: str, row: Row, counting: pd.DataFrame, rates: tuple[float, float, float], policy: Policy) -> Step:
    growth, old_share, retention = rates
    depth = float(row.depth)
    base = BASES[concession]
    amounts = counting[base.column]
    total, new = float(amounts.sum()), growth * depth * float(amounts.sum())
    kept = retention * depth * max(float(counting["contribution_cny"].sum()), 0.0)
    margin = growth * depth * float((base.margin(counting, policy) * amounts).sum())
    cost = depth * total if concession == "fee_waiver" else depth * BASIS_POINT * (new + repriced_cny(total, new, old_share))
    shares = {str(branch): float(amount) / total for branch, amount in amounts.groupby(counting["branch"]).sum().items()} if total > 0 else {}
    who = {str(branch): int(number) for branch, number in counting.groupby("branch").size().items()}
    part = policy.part_of_year
    mu = horizon_factor(policy.value) * part
    return Step(
        concession, int(row.level), depth, mu * (margin + kept), cost * part, int(row.min_grade),
        total, len(counting), 0.0 if concession == "fee_waiver" else new,
        _marginal_cost_pct(counting, total, depth, old_share) if concession == "deposit_premium" else None, shares, who, mu * kept, old_share, part,
    )  # fmt: skip


def repriced_cny(held_cny: float, new_cny: float, old_share: float) -> float:
    """O = min(D, s/(1 − s)·ΔD): money already held that gets the new rate too."""
    return held_cny if old_share >= 1 else min(held_cny, old_share / (1 - old_share) * new_cny)


def _marginal_cost_pct(counting: pd.DataFrame, total: float, depth: float, old_share: float) -> float | None:
    """Price of new deposits, percent: (rate + δ) + s/(1 − s)·δ, the second part being old money repriced."""
    if total <= 0 or old_share >= 1:
        return None
    rate = float((counting["deposit_rate_pct"] * counting["deposit_avg_cny"]).sum()) / total
    return rate + depth / 100 * (1 + old_share / (1 - old_share))


@dataclass(frozen=True)
class DepositPremium:
    column: str = "deposit_avg_cny"

    def counts(self, clients: pd.DataFrame, row: Row) -> pd.Series:
        fit = (clients[self.column] > 0) & clients["deposit_rate_pct"].notna()
        return fit & _at_least(clients[self.column], row.min_balance_cny) & _at_least(clients["deposit_tenure_months"], row.min_tenure_months)

    def margin(self, clients: pd.DataFrame, policy: Policy) -> pd.Series:
        return (policy.bank.ftp_deposit_pct - clients["deposit_rate_pct"]) / 100


@dataclass(frozen=True)
class LoanDiscount:
    column: str = "loan_avg_cny"

    def counts(self, clients: pd.DataFrame, row: Row) -> pd.Series:
        fit = (clients[self.column] > 0) & clients["loan_rate_pct"].notna() & _at_least(clients[self.column], row.min_balance_cny)
        return fit if np.isnan(row.max_pd) else fit & (clients["pd"] <= row.max_pd)

    def margin(self, clients: pd.DataFrame, policy: Policy) -> pd.Series:
        loss = clients["pd"].fillna(0) * clients["lgd"].fillna(0) if policy.bank.expected_loss else 0.0
        return (clients["loan_rate_pct"] - policy.bank.ftp_loan_pct) / 100 - loss


@dataclass(frozen=True)
class FeeWaiver:
    column: str = "fee_income_cny"

    def counts(self, clients: pd.DataFrame, row: Row) -> pd.Series:
        return (clients[self.column] > 0) & _at_least(clients["assets_cny"], row.min_balance_cny)

    def margin(self, clients: pd.DataFrame, policy: Policy) -> pd.Series:  # noqa: ARG002  a yuan of new fees is a yuan
        return pd.Series(1.0, index=clients.index)


BASES: Mapping[str, DepositPremium | LoanDiscount | FeeWaiver] = {
    "deposit_premium": DepositPremium(),
    "loan_discount": LoanDiscount(),
    "fee_waiver": FeeWaiver(),
}


def _basis_points(depth: float, concession: str) -> float:
    return depth / BASIS_POINT if concession == "fee_waiver" else depth


def _at_least(amounts: pd.Series, least: float) -> pd.Series:
    return pd.Series(True, index=amounts.index) if np.isnan(least) else amounts >= least
