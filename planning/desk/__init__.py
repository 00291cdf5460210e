"""The planners' desk: the verbs of a notebook, from the parameters cell to the check.

A notebook opens a case, works on it, shows its cards and ends with the check. Every refusal is one sentence in the
case's language, in JupyterLab and on schedule alike.
"""

from planning.desk.case import Case, open_case
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

__all__ = [
    "Case", "Checked", "Compared", "Result", "alternatives", "budgets", "calendar", "check", "compare", "comparison", "footer", "frontier", "headline",
    "ladder", "open_case", "plan_year", "risks", "rules", "scenarios", "spending", "why",
]  # fmt: skip
