"""Where the numbers come from: tables, and every parameter as the plan was made with it."""

from datetime import date
from typing import Any

from planning import policy
from planning.plan.summary import Summary
from planning.policy import Parameter
from planning.report.cards.footer import setting_words
from planning.report.i18n import say, table_heading, words
from planning.report.sheet import Cell, Figure, Kind, Sheet, typed

TABLES: dict[str, Kind] = {"table": "text", "rows": "count", "as_of": "date", "sha256": "text", "origin": "text"}
PARAMETERS: dict[str, Kind] = {"parameter": "text", "setting": "number", "unit": "text", "name": "text"}


def sources(summary: Summary, lang: str) -> Sheet:
    """A row a table: rows, date, check sum, the bank's own or borrowed."""
    rows: list[list[Cell]] = [
        [
            table_heading(origin.table, lang),
            origin.rows,
            date.fromisoformat(origin.as_of) if origin.as_of else None,
            origin.sha256,
            say("page.footer.borrowed_tag" if origin.borrowed else "page.footer.own_tag", lang),
        ]
        for origin in summary.origins
        if origin.rows
    ]
    return typed("sources", TABLES, rows, lang)


def parameters(summary: Summary, lang: str) -> Sheet:
    """A row a parameter, numbers as numbers."""
    rows: list[list[Cell]] = []
    for one in policy.parameters():
        section: Any = summary.plan.policy if not one.section else summary.plan.policy.get(one.section, {})
        if one.field in section:
            value = section[one.field]
            rows.append([one.zh if lang == "zh" else one.en, _setting(one, value, lang), _unit(one, lang), one.name])
    return typed("parameters", PARAMETERS, rows, lang)


def _setting(one: Parameter, value: Any, lang: str) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return Figure(date.fromisoformat(value), "date") if one.unit == "date" and value else setting_words(one, value, lang)


def _unit(one: Parameter, lang: str) -> str:
    key = f"export.parameter_unit.{one.unit}"
    return say(key, lang) if key in words() else ""
