"""The marketing planning workbench: the verbs a notebook uses."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.desk.branch import branch_calendar, branch_headline, branch_ladder, branch_rules, branch_sources, branch_spending, confirm, open_branch
    from planning.desk.case import open_case
    from planning.desk.clients import alerts, client_book, contribution, glance, groups, moves, products, recount, sources, standards
    from planning.desk.plan import (
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
    )
    from planning.desk.record import (
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

__all__ = [
    "alerts",
    "alternatives",
    "attest",
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
    "open_record",
    "plan_year",
    "products",
    "record_assumptions",
    "record_checklist",
    "record_data",
    "record_headline",
    "record_model",
    "record_monitoring",
    "record_outcomes",
    "record_purpose",
    "record_risks",
    "record_validation",
    "recount",
    "risks",
    "rules",
    "scenarios",
    "sources",
    "spending",
    "standards",
    "what_if",
    "why",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from planning import desk  # the desk brings in the charts; `import planning` alone stays light

        return getattr(desk, name)
    raise AttributeError(f"module 'planning' has no attribute {name!r}")
