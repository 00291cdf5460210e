"""The planners' desk: the verbs of a notebook, from the parameters cell to the check.

A notebook opens a case, works on it, shows its cards and ends with the check. Every refusal is one sentence in the
case's language, in JupyterLab and on schedule alike.
"""

from planning.desk.branch import (
    Branch,
    branch_calendar,
    branch_headline,
    branch_ladder,
    branch_rules,
    branch_sources,
    branch_spending,
    confirm,
    open_branch,
)
from planning.desk.case import Case, open_case
from planning.desk.clients import Clients, Recounted, alerts, client_book, contribution, glance, groups, moves, products, recount, sources, standards
from planning.desk.plan import (
    Checked,
    Compared,
    Result,
    alternatives,
    budgets,
    calendar,
    check,
    compare,
    comparison,
    footer,
    frontier,
    headline,
    ladder,
    plan_year,
    risks,
    rules,
    scenarios,
    spending,
    why,
)  # fmt: skip
from planning.desk.sliders import what_if
from planning.desk.versions import changed

__all__ = [
    "Branch",
    "Case",
    "Checked",
    "Clients",
    "Compared",
    "Recounted",
    "Result",
    "alerts",
    "alternatives",
    "branch_calendar",
    "branch_headline",
    "branch_ladder",
    "branch_rules",
    "branch_sources",
    "branch_spending",
    "budgets",
    "calendar",
    "changed",
    "check",
    "client_book",
    "compare",
    "comparison",
    "confirm",
    "contribution",
    "footer",
    "frontier",
    "glance",
    "groups",
    "headline",
    "ladder",
    "moves",
    "open_branch",
    "open_case",
    "plan_year",
    "products",
    "recount",
    "risks",
    "rules",
    "scenarios",
    "sources",
    "spending",
    "standards",
    "what_if",
    "why",
]  # fmt: skip
