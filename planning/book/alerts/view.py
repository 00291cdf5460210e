"""Two dated books side by side, as the rules of the event pool look at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from planning.book import tiers
from planning.book.book import Book
from planning.book.former import Former
from planning.book.segments import classify, classify_former
from planning.policy import Policy

THEN = "_then"
COMPARED_COLUMNS = ("contribution_cny", "assets_cny", "loan_avg_cny", "loan_rate_pct", "pd", "products")
DAYS_A_YEAR = 365.0
NEAR = 1e-9  # of a bound: what binary fractions may miss it by


@dataclass(frozen=True)
class View:
    """What rules read. `clients`: today's, classified, a row a client. `both`: those of them who were there before, with the
    columns of then named `…_then`. `gone`: the former clients who are not there today. Without a former book `as_of` is None and the last two are empty.
    """

    day: date
    as_of: date | None
    clients: pd.DataFrame
    both: pd.DataFrame
    gone: pd.DataFrame
    standards: pd.DataFrame
    national: bool
    interval_days: Mapping[str, float]
    product_risk: Mapping[str, float]


def view(book: Book, former: Former | None, policy: Policy) -> View:
    """Both books classified by today's tier standards, and what the rules compare them with."""
    clients = classify(book, policy)
    then = clients.iloc[:0] if former is None else classify_former(book, former.clients, policy)
    earlier = then[["client", *COMPARED_COLUMNS]].rename(columns={name: f"{name}{THEN}" for name in COMPARED_COLUMNS})
    products = book.tables["products"]
    return View(
        day=policy.data_date,
        as_of=None if former is None else former.as_of,
        clients=clients,
        both=clients.merge(earlier, on="client", how="inner"),
        gone=then[~then["client"].isin(clients["client"])],
        standards=tiers.in_force(book.tables["tiers"], policy.data_date),
        national=policy.segments.assign == "national",
        interval_days=_intervals(book.tables["cadence"]),
        product_risk=dict(products.loc[products["risk_level"].notna(), ["product", "risk_level"]].itertuples(index=False)),
    )


def _intervals(cadence: pd.DataFrame) -> dict[str, float]:
    """Days between two visits to a client of each tier, by the role that visits most often."""
    visits = cadence.groupby("tier")["visits_year"].max()
    return {str(tier): DAYS_A_YEAR / often for tier, often in visits[visits > 0].items()}


def hits(clients: pd.DataFrame, fires: pd.Series, period: Any, on: pd.Series | None = None, **measured: Any) -> pd.DataFrame:
    """The clients for whom a rule fires: client, branch, manager, rank, `value`, `threshold`, `period` and `on` (the day it is about, if any).

    `period` tells one occasion from the next: the same client, rule and period are one alert, however often it is made.
    """
    found = clients.assign(period=period, on=on, **measured)
    return found.loc[fires.astype(bool), ["client", "branch", "manager", "rank", "value", "threshold", "period", "on"]]


def reaches(amount: pd.Series, bound: pd.Series | float) -> pd.Series:
    """amount ≥ bound, with nothing lost to binary fractions; false where either is missing."""
    size = bound.abs() if isinstance(bound, pd.Series) else abs(bound)
    return amount >= bound - NEAR * size


def days_until(cells: pd.Series, day: date) -> pd.Series:
    """Days from `day` to each date, negative for days past, missing where there is none."""
    return cells.map(date.toordinal, na_action="ignore").astype("float64") - day.toordinal()
