"""The event pool: alerts made from two dated books by rules that a bank edits, each with an owner, a due date and what to do."""

from planning.book.alerts.make import COMPARED, make_alerts
from planning.book.alerts.pool import Added, Alert, AlertCount, AlertCounts, Pool, RuleMade, added, closed, counts
from planning.book.alerts.settings import RULES, UNITS, AlertSettings, read_alert_settings

__all__ = [
    "COMPARED",
    "RULES",
    "UNITS",
    "Added",
    "Alert",
    "AlertCount",
    "AlertCounts",
    "AlertSettings",
    "Pool",
    "RuleMade",
    "added",
    "closed",
    "counts",
    "make_alerts",
    "read_alert_settings",
]
