"""Makes the alerts of a day from today's book and the former one."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd

from planning.book.alerts import rules
from planning.book.alerts.pool import Alert, alert_id
from planning.book.alerts.settings import RULES, AlertSettings, Rule
from planning.book.alerts.view import View, view
from planning.book.book import Book
from planning.book.former import Former
from planning.book.rows import rows as rows_of
from planning.policy import Policy

Function = Callable[..., pd.DataFrame]
COMPARED: tuple[str, ...] = ("contribution_fell", "outflow", "client_left", "loan_balance", "loan_rate", "loan_pd", "product_closed")
FUNCTIONS: Mapping[str, Function] = {name: getattr(rules, name) for name in RULES}


def make_alerts(book: Book, former: Former | None, settings: AlertSettings, policy: Policy) -> tuple[Alert, ...]:
    """Every alert of the policy's data date, by rule, then client. Without a former book the rules in `COMPARED` make none.

    Deposits and investments in yuan; an alert about a day to come is due no later than that day.
    """
    seen = view(book, former, policy)
    made: list[Alert] = []
    for name, function in FUNCTIONS.items():
        rule: Rule = getattr(settings, name)
        if rule.on and not (former is None and name in COMPARED):
            made += _alerts(name, function(seen, rule), rule, seen)
    return tuple(made)


def _alerts(name: str, found: pd.DataFrame, rule: Rule, seen: View) -> list[Alert]:
    told = found[found["rank"] >= rule.least_rank].sort_values(["client", "period"], kind="stable")
    return [
        Alert(
            id=alert_id(row.client, name, row.period),
            client=row.client,
            branch=row.branch,
            manager=row.manager if isinstance(row.manager, str) else "",
            rule=name,
            value=float(row.value),
            threshold=float(row.threshold),
            period=row.period,
            made_on=seen.day,
            due=_due(seen.day, rule.due_days, row.on),
            last_seen=seen.day,
            action=rule.action,
        )
        for row in rows_of(told)
    ]


def _due(day: date, days: int, on: object) -> date:
    due = day + timedelta(days)
    return min(due, on) if isinstance(on, date) else due
