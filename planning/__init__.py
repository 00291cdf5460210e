"""The marketing planning workbench: the verbs a notebook uses."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.desk import (
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
        open_case,
        plan_year,
        risks,
        rules,
        scenarios,
        spending,
        why,
    )

__all__ = [
    "alternatives",
    "budgets",
    "calendar",
    "check",
    "compare",
    "comparison",
    "footer",
    "frontier",
    "headline",
    "ladder",
    "open_case",
    "plan_year",
    "risks",
    "rules",
    "scenarios",
    "spending",
    "why",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from planning import desk  # the desk brings in the charts; `import planning` alone stays light

        return getattr(desk, name)
    raise AttributeError(f"module 'planning' has no attribute {name!r}")
