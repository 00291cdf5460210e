"""The pool: alerts kept with their history. The same fact makes the same alert; what was closed is not opened again by the same fact."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from planning.book.alerts.settings import RULES
from planning.errors import DataFaults, Fault

ID_LENGTH = 16
State = Literal["open", "closed"]


@dataclass(frozen=True)
class Alert:
    """One thing to see to. `value` and `threshold` are in the rule's unit (`UNITS`); `period` tells one occasion from the next.

    `action` is empty for the rule's own words. `last_seen` is the last day of data on which the fact was still there.
    """

    id: str
    client: str
    branch: str
    manager: str
    rule: str
    value: float
    threshold: float
    period: str
    made_on: date
    due: date
    last_seen: date
    action: str = ""
    state: State = "open"
    times_seen: int = 1
    closed_on: date | None = None
    closed_by: str = ""
    note: str = ""

    @property
    def owner(self) -> str:
        """Who has to see to it: the client's manager, else the branch."""
        return self.manager or self.branch

    def overdue(self, day: date) -> bool:
        """Whether it is open and was to be done before `day`."""
        return self.state == "open" and self.due < day


@dataclass(frozen=True)
class Pool:
    """Every alert there has been, in the order of their ids."""

    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True)
class RuleMade:
    """What came of one rule's alerts when they were added: new ones, ones already open, ones closed before and left closed."""

    rule: str
    opened: int
    repeated: int
    stay_closed: int


@dataclass(frozen=True)
class Added:
    """The pool after new alerts, and what came of them by rule."""

    pool: Pool
    rules: tuple[RuleMade, ...]


@dataclass(frozen=True)
class AlertCount:
    """Alerts of one cell. `open` includes `overdue`; `clients` = how many different clients they concern, which says whether to show it."""

    branch: str
    rule: str
    open: int
    overdue: int
    closed: int
    clients: int


@dataclass(frozen=True)
class AlertCounts:
    """The pool as leadership may see it: no client, no manager. Rules in their order, branches by code.

    `rules`: a line a rule over all branches (branch ""). `branches`: a line a branch over all rules (rule ""). `cells`: branch × rule, cells
    without alerts left out. `total`: all of them. Cells of few clients are hidden where they are shown.
    """

    day: date
    total: AlertCount
    rules: tuple[AlertCount, ...]
    branches: tuple[AlertCount, ...]
    cells: tuple[AlertCount, ...]


def alert_id(client: str, rule: str, period: str) -> str:
    """The id of an alert: the same for the same client, rule and period, whenever it is made."""
    return hashlib.sha256("\x1f".join((client, rule, period)).encode()).hexdigest()[:ID_LENGTH]


def added(pool: Pool, made: Iterable[Alert]) -> Added:
    """The pool with alerts just made. New ones open; those already open keep their due date and take the latest value, owner and day;
    closed ones stay closed and only note that the fact was seen again.
    """
    known = {alert.id: alert for alert in pool.alerts}
    seen: dict[str, Counter[str]] = {rule: Counter() for rule in RULES}
    for alert in made:
        former = known.get(alert.id)
        if former is None:
            known[alert.id] = alert
            seen[alert.rule]["opened"] += 1
            continue
        again = alert.made_on > former.last_seen
        late = replace(former, last_seen=max(alert.made_on, former.last_seen), times_seen=former.times_seen + again)
        if former.state == "open" and not alert.made_on < former.last_seen:
            late = replace(late, value=alert.value, threshold=alert.threshold, branch=alert.branch, manager=alert.manager)
        known[alert.id] = late
        seen[alert.rule]["repeated" if former.state == "open" else "stay_closed"] += 1
    rules = tuple(RuleMade(rule, count["opened"], count["repeated"], count["stay_closed"]) for rule, count in seen.items())
    return Added(Pool(tuple(known[key] for key in sorted(known))), rules)


def closed(pool: Pool, key: str, on: date, by: str, note: str) -> Pool:
    """The pool with the alert of that id closed. DataFaults when there is none, or it is closed already."""
    found = {alert.id: alert for alert in pool.alerts}
    alert = found.get(key)
    if alert is None:
        raise DataFaults(Fault("alert_unknown", values={"id": key}))
    if alert.state == "closed":
        values = {"id": key, "closed_on": alert.closed_on.isoformat() if alert.closed_on else "", "closed_by": alert.closed_by}
        raise DataFaults(Fault("alert_closed_already", values=values))
    found[key] = replace(alert, state="closed", closed_on=on, closed_by=by, note=note)
    return Pool(tuple(found[one] for one in sorted(found)))


def counts(pool: Pool, day: date) -> AlertCounts:
    """How many alerts there are by rule, branch and state on `day`, for leadership."""
    by_rule = {rule: _count("", rule, [alert for alert in pool.alerts if alert.rule == rule], day) for rule in RULES}
    cells: dict[tuple[str, str], list[Alert]] = {}
    branches: dict[str, list[Alert]] = {}
    for alert in pool.alerts:
        cells.setdefault((alert.branch, alert.rule), []).append(alert)
        branches.setdefault(alert.branch, []).append(alert)
    place = {rule: number for number, rule in enumerate(RULES)}
    return AlertCounts(
        day,
        _count("", "", pool.alerts, day),
        tuple(by_rule.values()),
        tuple(_count(branch, "", branches[branch], day) for branch in sorted(branches)),
        tuple(_count(*cell, cells[cell], day) for cell in sorted(cells, key=lambda cell: (cell[0], place[cell[1]]))),
    )


def _count(branch: str, rule: str, alerts: Sequence[Alert], day: date) -> AlertCount:
    still = [alert for alert in alerts if alert.state == "open"]
    overdue = sum(alert.overdue(day) for alert in still)
    return AlertCount(branch, rule, len(still), overdue, len(alerts) - len(still), len({alert.client for alert in alerts}))
