"""The planners' desk: the verbs of a notebook, from the parameters cell to the check.

A notebook opens a case, works on it, shows its cards and ends with the check. Every refusal is one sentence in the
case's language, in JupyterLab and on schedule alike.
"""

# ruff: noqa: F401  planning hands these on, see its own list

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
from planning.desk.record import (
    Attested,
    Recorded,
    attest,
    open_record,
    record_assumptions,
    record_checklist,
    record_data,
    record_headline,
    record_model,
    record_monitoring,
    record_outcomes,
    record_purpose,
    record_risks,
    record_validation,
)
from planning.desk.sliders import what_if
from planning.desk.versions import changed
