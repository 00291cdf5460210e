"""The marketing planning workbench: the verbs a notebook uses."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.desk import (
        alerts,
        alternatives,
        branch_calendar,
        branch_headline,
        branch_ladder,
        branch_rules,
        branch_sources,
        branch_spending,
        budgets,
        calendar,
        changed,
        check,
        client_book,
        compare,
        comparison,
        confirm,
        contribution,
        footer,
        frontier,
        glance,
        groups,
        headline,
        ladder,
        moves,
        open_branch,
        open_case,
        plan_year,
        products,
        recount,
        risks,
        rules,
        scenarios,
        sources,
        spending,
        standards,
        what_if,
        why,
    )

__all__ = [
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
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from planning import desk  # the desk brings in the charts; `import planning` alone stays light

        return getattr(desk, name)
    raise AttributeError(f"module 'planning' has no attribute {name!r}")
